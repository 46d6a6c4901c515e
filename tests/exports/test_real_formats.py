"""The 393 real documents through every accounting format: each in the file, to the cent, or named with its reason."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from exports import profiles
from exports.formats import accounting_formats, get_format
from exports.formats.base import Format, Problem
from exports.formats.fields import priced
from exports.formats.profile import Profile
from exports.models import ProfileEntry
from invoices.document import InvoiceData, load
from invoices.models import Invoice
from jobbook.common.audit import CommandLine
from jobbook.transfer.importing import run_import
from tests.exports.readers import expected, read_back
from tests.exports.writing import written
from tests.transfer.folders import real_files

ALL = Decimal("163845.93")

# format, settings -> documents named, by cause; all others are in the file
CASES: list[tuple[str, dict[str, str], dict[str, int]]] = [
    ("quickbooks-desktop", {}, {"total is zero": 66}),
    ("quickbooks-desktop", {"tax_style": "autostax", "tax_agency": "HMRC", "lists": "all"}, {"total is zero": 66}),
    ("quickbooks-online", {}, {"credit note": 40}),
    ("sage-50-us", {}, {"too many lines": 7}),
    ("sage-50-ca", {}, {"item not mapped": 393}),
    ("sage-50-ca", {"items": "code"}, {}),
    ("sage-300", {}, {"terms not mapped": 393}),
    ("sage-300", {"terms": "customer"}, {}),
    ("sage-300", {"terms": "customer", "file": "csv", "documents": "item"}, {}),
    ("csv", {}, {}),
    ("xero", {}, {"credit note": 40}),
    ("xero", {"credit_notes": "negative"}, {}),
]


@pytest.mark.formats
@pytest.mark.django_db(transaction=True)
def test_every_real_document_is_in_the_file_or_named(tmp_path: Path) -> None:
    run_import(real_files(), by=CommandLine())
    documents = list(load(Invoice.objects.in_document_order()))
    assert sum(each.total for each in documents) == ALL
    assert {slug for slug, *_ in CASES} == {each.slug for each in accounting_formats()}
    for case in CASES:
        check(documents, *case, tmp_path / "file")


def check(documents: list[InvoiceData], slug: str, chosen: dict[str, str], named: dict[str, int], path: Path) -> None:
    profile = profile_with(slug, chosen)
    format_ = get_format(slug)
    problems = {each.number: stopping(format_.problems(each, profile)) for each in documents}
    good = [each for each in documents if not problems[each.number]]
    out = [each for each in documents if problems[each.number]]
    counted: dict[str, int] = defaultdict(int)
    for number, found in problems.items():
        assert all(each.reason and each.field and each.number == number for each in found)
        for cause in {each.cause for each in found}:
            counted[cause] += 1
    assert (slug, counted) == (slug, named)
    assert total(good) + total(out) == ALL
    if not good:
        return
    data = written(format_, profile, *good)
    assert read_back(slug, data, profile) == {each.number: expected(slug, each) for each in good}
    path.write_bytes(data)
    check_totals(format_.read_totals(path, profile), good, format_, profile)


def check_totals(totals: object, good: list[InvoiceData], format_: Format, profile: Profile) -> None:
    """The product's own reader finds the same figures, as far as the file carries them."""
    accounts: dict[str, Decimal] = defaultdict(Decimal)
    taxes: dict[str, Decimal] = defaultdict(Decimal)
    for name, amount in (tax for each in good for tax in format_.taxes(each, profile)):
        taxes[name] += amount
    for line in (line for each in good for line in priced(each)):
        accounts[profile.account(line)] += line.amount
    expected = {
        "count": len(good),
        "total": total(good),
        "net": sum((each.subtotal for each in good), Decimal(0)),
        "tax": sum((each.tax for each in good), Decimal(0)),
        "taxes": {name: amount for name, amount in taxes.items() if amount},
        "accounts": {account: amount for account, amount in accounts.items() if amount},
        "first": good[0].number if good else "",
        "last": good[-1].number if good else "",
    }
    for name, value in expected.items():
        assert getattr(totals, name) in (value, None), name


def profile_with(slug: str, chosen: dict[str, str]) -> Profile:
    """The profile of the format with some settings as its rows keep them."""
    ProfileEntry.objects.all().delete()
    for name, value in chosen.items():
        ProfileEntry.objects.create(format=slug, kind="setting", ours=name, theirs=value)
    return profiles.current(slug)


def stopping(problems: list[Problem]) -> list[Problem]:
    return [each for each in problems if not each.is_warning]


def total(documents: list[InvoiceData]) -> Decimal:
    return sum((each.total for each in documents), Decimal("0.00"))
