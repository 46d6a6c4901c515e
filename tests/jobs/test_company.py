"""The company: one form, next numbers, logo, the currency that stays."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from invoices.numbering import next_invoice_number
from jobbook.accounts.models import User
from jobbook.common.audit import next_number
from jobbook.common.models import AuditEntry, AuditItem, Counter
from jobbook.jobs.company import keep_company, next_numbers
from jobbook.jobs.models import Company
from tests.access.areas.setup import logo
from tests.commands import assert_sound
from tests.factories import make_company, make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PAGE, LOGO = "/setup/company/", "/setup/company/logo/"


@pytest.fixture
def asking() -> Client:
    client = Client()
    client.force_login(make_user(name="Mai Tran"))
    return client


def data(**fields: Any) -> dict[str, Any]:
    values = {"name": "Northfork", "currency": "CAD", "time_zone": "America/Edmonton", "paper": "a4", "version": 1}
    return {**values, "next_invoice_number": "10001", "next_credit_number": "10001", **fields}


def text(response: Any) -> str:
    return str(response.content.decode())


def post(asking: Client, **fields: Any) -> Any:
    return asking.post(PAGE, data(**fields))


def test_everything_is_kept_and_in_the_history(asking: Client) -> None:
    make_company()
    sent = {"city": "Edson", "phone": "780", "email": "ar@example.com", "tax_number": "R1", "invoice_prefix": "F-"}
    sent |= {"credit_prefix": "K-", "printed_terms": "One\r\ntwo", "books_closed_through": "2026-10-31"}
    assert post(asking, **sent).status_code == 302
    company = Company.current()
    assert (company.name, company.city, company.paper, company.version) == ("Northfork", "Edson", "a4", 2)
    assert (company.time_zone, company.invoice_prefix, company.printed_terms) == ("America/Edmonton", "F-", "One\ntwo")
    assert str(company.books_closed_through) == "2026-10-31"
    assert not company.author_may_approve
    page = text(asking.get(PAGE))
    assert "Books closed through: 2026-10-31" in page
    assert "Prefix of invoices: INV- → F-" in page
    assert AuditEntry.objects.get().action == "company.change"
    assert_sound()


def test_the_first_save_makes_the_row(asking: Client) -> None:
    assert 'name="version" value="0"' in text(asking.get(PAGE))
    assert post(asking, version=0).status_code == 302
    assert Company.objects.get().version == 1
    assert post(asking, version=0, name="Other").status_code == 409
    assert_sound()


def test_saving_what_is_there_writes_nothing(asking: Client) -> None:
    make_company(name="Northfork", address_1="", time_zone="America/Edmonton", paper="a4")
    sent = {"invoice_prefix": "INV-", "credit_prefix": "CN-", "author_may_approve": "on"}
    assert post(asking, **sent).status_code == 302
    assert not AuditEntry.objects.exists()
    assert not Counter.objects.exists()


def test_the_next_numbers_are_counters(asking: Client) -> None:
    make_company()
    assert next_numbers() == {"next_invoice_number": 10_001, "next_credit_number": 10_001}
    post(asking, next_invoice_number="20001")
    assert next_numbers() == {"next_invoice_number": 20_001, "next_credit_number": 10_001}
    assert next_number("invoice") == 20_001
    page = text(asking.get(PAGE))
    assert 'value="20002"' in page
    assert "Next invoice number: 10001 → 20001" in page


def opened(**fields: Any) -> dict[str, Any]:
    """What a page sends that was opened while 10001 was the next number of both series."""
    return {"initial-next_invoice_number": "10001", "initial-next_credit_number": "10001", **fields}


def give_three() -> None:
    assert [next_invoice_number("invoice") for _ in range(3)] == ["INV-10001", "INV-10002", "INV-10003"]


def test_a_page_opened_before_takes_no_number_back(asking: Client) -> None:
    make_company()
    page = text(asking.get(PAGE))
    assert '<input type="hidden" name="initial-next_invoice_number" value="10001"' in page
    give_three()
    assert post(asking, **opened(phone="780")).status_code == 302
    assert next_numbers() == {"next_invoice_number": 10_004, "next_credit_number": 10_001}
    assert "next_invoice_number" not in AuditItem.objects.get().after


def test_a_next_number_below_those_given_since_is_refused_at_its_field(asking: Client) -> None:
    make_company()
    give_three()
    response = post(asking, **opened(next_invoice_number="10002", phone="780"))
    assert response.status_code == 422
    assert "Numbers were given since the page was opened: the next is 10004, and it does not go back." in text(response)
    assert 'name="initial-next_invoice_number" value="10001"' in text(response)
    assert next_numbers()["next_invoice_number"] == 10_004
    assert post(asking, next_invoice_number="10002").status_code == 422  # a page that does not say what it showed
    assert not AuditEntry.objects.exists()
    assert post(asking, **opened(next_invoice_number="20001")).status_code == 302
    assert next_numbers()["next_invoice_number"] == 20_001


def test_a_next_number_may_be_lower_where_nothing_was_given_since(asking: Client) -> None:
    make_company()
    seen = {"initial-next_invoice_number": "20001"}
    post(asking, **opened(next_invoice_number="20001"))
    assert post(asking, **opened(**seen, next_invoice_number="10501", version=2)).status_code == 302
    assert next_numbers()["next_invoice_number"] == 10_501


def test_a_conflict_compares_only_the_next_numbers_that_were_changed(asking: Client, admin: User) -> None:
    make_company()
    moved = {"next_invoice_number": 30_001, "next_credit_number": 40_001}
    keep_company({}, moved, version=1, by=admin)
    response = post(asking, **opened(next_credit_number="20001"))
    page = text(response)
    assert response.status_code == 409
    assert '<td class="text">40001</td><td class="text">20001</td>' in page
    assert "30001</td>" not in page
    sent = {f"initial-{name}": str(number) for name, number in moved.items()}
    for name, number in sent.items():
        assert f'name="{name}" value="{number}"' in page
    assert 'name="next_invoice_number" value="30001"' in page
    again = {**sent, "next_invoice_number": "30001", "next_credit_number": "20001", "version": 2}
    assert post(asking, **again).status_code == 302  # the user has seen both
    assert next_numbers() == {"next_invoice_number": 30_001, "next_credit_number": 20_001}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Name: This field is required."),
        ({"currency": "cad"}, "Currency: Three capital letters"),
        ({"currency": "JPY"}, "Currency: JPY does not have two decimals."),
        ({"time_zone": "Mars/Base"}, "Time zone: Select a valid choice."),
        ({"paper": "a5"}, "Paper: Select a valid choice."),
        ({"email": "x"}, "E-mail: Enter a valid email address."),
        ({"next_invoice_number": "0"}, "Next invoice number: Ensure this value is greater than or equal to 1."),
        ({"next_credit_number": "1" * 20}, "Next credit note number: Ensure this value is less than or equal to"),
        ({"books_closed_through": "2026-02-30"}, "Books closed through: Enter a valid date."),
        ({"invoice_prefix": "x" * 17}, "Prefix of invoices: Ensure this value has at most 16"),
    ],
)
def test_each_wrong_field_is_named(asking: Client, fields: dict[str, str], words: str) -> None:
    make_company()
    response = post(asking, **fields)
    assert response.status_code == 422
    assert words in text(response)
    assert not AuditEntry.objects.exists()


def test_the_currency_stays_once_there_are_invoices(asking: Client, admin: User) -> None:
    make_company()
    assert post(asking, currency="USD").status_code == 302
    make_invoice()
    post(asking, currency="EUR", version=2)
    assert Company.current().currency == "USD"
    assert "It stays: there are invoices in it." in text(asking.get(PAGE))
    with pytest.raises(Exception, match="There are invoices in USD"):
        keep_company({"currency": "EUR"}, {}, version=Company.current().version, by=admin)


@pytest.fixture
def admin() -> User:
    return make_user(name="K. Osei")


def test_a_conflict_shows_both_and_goes_on(asking: Client, admin: User) -> None:
    make_company()
    keep_company({"city": "Hinton"}, {"next_invoice_number": 30_001}, version=1, by=admin)
    picture = SimpleUploadedFile("logo.png", logo())
    response = post(asking, city="Jasper", picture=picture, author_may_approve="on")
    page = text(response)
    assert response.status_code == 409
    assert "it was changed by K. Osei" in page
    assert '<td class="text">Hinton</td><td class="text">Jasper</td>' in page
    assert '<td class="text">30001</td><td class="text">10001</td>' in page
    assert "the picture you chose: choose it again" in page
    assert Company.current().city == "Hinton"
    assert 'name="version" value="2"' in page
    shown = {"initial-next_invoice_number": "30001"}
    assert post(asking, city="Jasper", version=2, **shown).status_code == 302
    assert_sound()


def test_a_logo_is_kept_shown_and_removed(asking: Client) -> None:
    make_company()
    assert asking.get(LOGO).status_code == 404
    post(asking, picture=SimpleUploadedFile("x.svg", logo((900, 300)), content_type="text/html"))
    shown = asking.get(LOGO)
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert shown.content[:3] == b"\xff\xd8\xff"
    assert LOGO in text(asking.get(PAGE))
    post(asking, version=2, remove_logo="on")
    assert asking.get(LOGO).status_code == 404
    assert "Logo: " in text(asking.get(PAGE))


@pytest.mark.parametrize("content", [b"<svg></svg>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_picture_is_refused_at_the_field(asking: Client, content: bytes) -> None:
    make_company()
    response = post(asking, picture=SimpleUploadedFile("logo.png", content))
    assert response.status_code == 422
    assert 'href="#id_picture">Logo: The ' in text(response)
    assert Company.current().logo is None
