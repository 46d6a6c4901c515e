"""The accounting set-up as pages: overview and settings."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from exports import profiles
from exports.formats import accounting_formats
from exports.formats.profile import Kind
from jobbook.common.models import AuditEntry
from jobbook.jobs.models import Company
from tests.backlog.accounting import CLIENTS, ROOT, hidden, kestrel, other, text, upload
from tests.factories import make_client, make_company, make_invoice, make_item, make_job, make_tax, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking() -> Client:
    make_company()
    client = Client()
    client.force_login(make_user(name="Mai Tran"))
    return client


def test_the_overview_says_what_waits_and_leads_there(asking: Client) -> None:
    kestrel()
    make_invoice(job=make_job(taxes=[make_tax("GST"), make_tax("PST", "7")], client=make_client(terms="Net 30")))
    page = asking.get(ROOT)
    words = text(page)
    assert all(each.label in words for each in accounting_formats())
    assert "2 waiting invoices cannot be in its file before they have the names below" in words  # Sage 300
    assert "Clients in Sage 300 (Accpac) 1 needs a name , 0 mapped" in words
    assert "Taxes in Xero 1 needs a name , 0 mapped" in words
    assert f'href="{CLIENTS}?show=needed"' in page.content.decode()


def test_the_firms_format_is_chosen_and_the_choice_of_another_is_shown(asking: Client) -> None:
    seen = hidden(asking.get(ROOT))
    done = asking.post(ROOT, {"default_format": "xero", **seen}, follow=True)
    assert Company.current().default_format == "xero"
    assert "The firm's format is saved." in text(done)
    stale = asking.post(ROOT, {"default_format": "sage-300", **seen})
    assert stale.status_code == 409
    assert "The firm's format Xero Sage 300 (Accpac)" in text(stale)
    assert Company.current().default_format == "xero"
    assert asking.post(ROOT, {"default_format": "pdf-zip", **hidden(stale)}).status_code == 422
    asking.post(ROOT, {"default_format": "sage-300", **hidden(stale)})
    assert Company.current().default_format == "sage-300"


def test_settings_are_saved_with_their_history(asking: Client) -> None:
    url = f"{ROOT}csv/settings/"
    page = asking.get(url)
    assert "By default: With, so that Excel reads accents." in text(page)
    done = asking.post(url, {**hidden(page), "guard": "off", "bom": "on"}, follow=True)
    assert "The settings of Generic CSV are saved." in text(done)
    assert profiles.current("csv")["guard"] == "off"
    assert "Guard against formulas: on → off" in text(done)
    assert "Settings of Generic CSV 1 changed" in text(asking.get(ROOT))


def test_all_wrong_settings_are_named_at_once(asking: Client) -> None:
    url = f"{ROOT}quickbooks-desktop/settings/"
    values = {**hidden(asking.get(url)), "currency": "cad", "receivables": "A;R", "dates": "ymd", "tax_style": "lines"}
    values |= {"characters": "cp1252", "lists": "all", "income_account": "x" * 32, "tax_account": "a\x07"}
    page = asking.post(url, values)
    assert page.status_code == 422
    for words in (
        "Currency of the books: A currency is three capital letters.",
        "Accounts receivable account: A tab, a semicolon or a quote cannot stand in a name.",
        "Dates: Select a valid choice.",
        "has 32 characters, at most 31.",
        "Account of taxes that name none: It has a character that cannot be printed.",
    ):
        assert words in text(page)
    assert not AuditEntry.objects.exists()


def test_two_people_at_the_settings_see_yours_beside_theirs(asking: Client) -> None:
    url = f"{ROOT}sage-300/settings/"
    page = asking.get(url)
    other("sage-300", Kind.SETTING, "terms", "customer")
    before = {**profiles.kept("sage-300").settings, "terms": "mapped", "account_set": "AR"}
    assert asking.post(url, {**before, **hidden(page)}).status_code == 302  # what was not touched takes nothing back
    assert [profiles.current("sage-300")[name] for name in ("terms", "account_set")] == ["customer", "AR"]
    page = asking.get(url)
    other("sage-300", Kind.SETTING, "account_set", "TRADE")
    mine = {**before, "terms": "customer", "account_set": "EXPORT"}
    refused = asking.post(url, {**mine, **hidden(page)})
    assert refused.status_code == 409
    assert "it was changed by K. Osei at" in text(refused)
    assert "Account set TRADE EXPORT" in text(refused)
    assert profiles.current("sage-300")["account_set"] == "TRADE"
    assert asking.post(url, {**mine, **hidden(refused)}).status_code == 302
    assert profiles.current("sage-300")["account_set"] == "EXPORT"


@pytest.mark.parametrize(
    "path", ["nonsense/settings/", "pdf-zip/settings/", "csv/client/", "xero/terms/", "xero/setting/"]
)
def test_what_is_not_there_is_not_found(asking: Client, path: str) -> None:
    assert asking.get(f"{ROOT}{path}").status_code == 404


def test_queries_do_not_grow_with_what_is_mapped(asking: Client) -> None:
    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert asking.get(url).status_code == 200
        return len(found)

    def more(count: int) -> None:
        for number in range(count):
            make_invoice(job=make_job(client=make_client(client_number=f"{count}-{number}")))
            make_item(f"{count}-{number}")
            other("sage-300", Kind.CLIENT, f"{count}-{number}", f"T{number}")

    urls = (ROOT, CLIENTS, f"{ROOT}sage-300/item/", f"{ROOT}sage-300/settings/")
    upload(asking, b"Kestrel", name="a.txt")
    more(2)
    few = [queries(url) for url in urls]
    more(6)
    assert [queries(url) for url in urls] == few
