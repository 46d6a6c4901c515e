"""Every option that the specifications name is a setting, with the default they name."""

import pytest

from exports.formats import accounting_formats, get_format
from exports.formats.profile import with_defaults

pytestmark = pytest.mark.formats
# format -> setting -> default; docs/formats.md says what each does
DEFAULTS = {
    "quickbooks-desktop": {
        "currency": "", "receivables": "Accounts Receivable", "income_account": "", "line_item": "",
        "tax_style": "lines", "tax_account": "Sales Tax Payable", "tax_agency": "", "zero_tax_item": "", "class": "",
        "dates": "mdy", "characters": "cp1252", "lists": "customers",
    },
    "quickbooks-online": {
        "currency": "", "region": "ca", "us_tax": "refuse", "currency_column": "on", "line_item": "",
        "no_tax": "Exempt", "dates": "region",
    },
    "sage-50-us": {
        "currency": "", "receivables": "11000", "income_account": "", "tax_account": "23100", "tax_type": "1",
        "exempt_type": "2", "headings": "on", "dates": "mdy2", "encoding": "cp1252", "jobs": "on",
        "transaction_number": "on", "credit_quantity": "positive", "apply_credits": "off", "open_from": "",
        "open_to": "",
    },
    "sage-50-ca": {
        "currency": "", "version": "12001", "encoding": "cp1252", "customers": "new", "order_number": "on",
        "items": "mapped", "line_item": "", "quotes": "replace", "credit_notes": "negative", "open_from": "",
        "open_to": "",
    },
    "sage-300": {
        "currency": "", "file": "xlsx", "documents": "summary", "tax": "ours", "tax_class": "1", "exempt_class": "2",
        "terms": "mapped", "income_account": "", "line_item": "", "accounts": "shown", "account_set": "",
        "schedule": "on", "optional_fields": "on", "jobs": "comment", "apply_credits": "off", "encoding": "cp1252",
        "open_from": "", "open_to": "",
    },
    "csv": {"guard": "on", "bom": "on"},
    "xero": {"dates": "dmy", "credit_notes": "list", "income_account": "", "no_tax": "Tax Exempt"},
}  # fmt: skip


def test_each_format_has_the_settings_and_defaults_of_its_specification() -> None:
    assert {each.slug: with_defaults(each.settings, {}) for each in accounting_formats()} == DEFAULTS


@pytest.mark.parametrize("slug", DEFAULTS)
def test_a_setting_takes_its_default_and_no_value_that_it_does_not_offer(slug: str) -> None:
    for setting in get_format(slug).settings:
        assert setting.refusal(setting.default) == "", setting.name
        assert setting.label
        if setting.choices:
            assert setting.default in {value for value, _ in setting.choices}
            assert setting.refusal("something else"), setting.name
