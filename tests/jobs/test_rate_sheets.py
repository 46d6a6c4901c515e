"""Rate sheets: the table of prices, items of other pages, clone, who uses and sees one, the printed sheet."""

import html
import re
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.models import AuditEntry
from jobbook.jobs.models import Item, RateSheet
from jobbook.jobs.pages import rates
from jobbook.jobs.pages.rate_pdf import rate_sheet_pdf_bytes
from tests.commands import assert_sound
from tests.factories import make_client, make_company, make_item, make_job, make_rate_sheet, make_user
from tests.jobs.posting import browser, errors

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal


@pytest.fixture
def admin() -> User:
    return make_user(name="K. Osei")


@pytest.fixture
def labour() -> Item:
    return make_item(unit_price=D(96), hourly_price=D(96))


@pytest.fixture
def truck() -> Item:
    return make_item("TRUCK", section="equipment", unit="day", unit_price=D(185))


def lines(sheet: RateSheet) -> dict[str, tuple[Any, Any]]:
    rows = sheet.lines.values_list("item__code", "unit_price", "hourly_price")
    return {code: (unit, hourly) for code, unit, hourly in rows}


def shown(user: User, path: str) -> str:
    return html.unescape(browser(user).get(path).content.decode())


def data(*prices: tuple[Item, str, str], **fields: Any) -> dict[str, str]:
    values = {"name": "Rates", "active": "on", **fields}
    found = {name: str(value) for name, value in values.items()}
    for item, unit, hourly in prices:
        found |= {f"unit-{item.pk}": unit, f"hourly-{item.pk}": hourly}
    return found


def test_filled_prices_make_lines_and_empty_ones_none(admin: User, labour: Item, truck: Item) -> None:
    make_item("PIPE", section="equipment")
    browser(admin).post("/rate-sheets/new/", data((labour, "90", "90.5"), (truck, "", "")))
    sheet = RateSheet.objects.get()
    assert lines(sheet) == {"LAB": (D(90), D("90.5"))}
    browser(admin).post(f"/rate-sheets/{sheet.pk}/edit/", data((labour, "", ""), (truck, "170.1234", ""), version=1))
    assert lines(sheet) == {"TRUCK": (D("170.1234"), None)}
    page = shown(admin, f"/rate-sheets/{sheet.pk}/edit/")
    assert "Prices: LAB, unit price 90.00, hourly price 90.50 → TRUCK, unit price 170.1234" in re.sub(
        r"<[^>]+>", "", page
    )
    assert_sound()


def test_the_items_own_price_stands_in_the_empty_field(admin: User, labour: Item, truck: Item) -> None:
    page = shown(admin, "/rate-sheets/new/")
    assert re.search(rf'name="unit-{labour.pk}"[^>]* placeholder="96.00"', page)
    assert re.search(rf'name="unit-{truck.pk}"[^>]* placeholder="185.00"', page)
    assert f"hourly-{truck.pk}" not in page  # no labour, no hours
    assert 'aria-label="LAB Lab, hourly price"' in page


@pytest.mark.parametrize(
    ("unit", "hourly", "error"),
    [
        ("90", "", "LAB Lab, hourly price: LAB is booked by the hour: give its hourly price too."),
        ("", "90", "LAB Lab, unit price: Give LAB the price of its unit too: both are taken together."),
        ("x", "90", "LAB Lab, unit price: Digits and a point, as in 1250.50."),
        ("1.00001", "1", "LAB Lab, unit price: At most 4 decimals."),
        ("1e12", "1", "LAB Lab, unit price: 100000000000 is the most."),
    ],
)
def test_what_is_wrong_is_named_at_its_field(admin: User, labour: Item, unit: str, hourly: str, error: str) -> None:
    response = browser(admin).post("/rate-sheets/new/", data((labour, unit, hourly)))
    assert (response.status_code, errors(response)) == (422, [error])
    assert not RateSheet.objects.exists()


def test_a_name_stands_once(admin: User) -> None:
    make_rate_sheet(name="Rates")
    assert errors(browser(admin).post("/rate-sheets/new/", data())) == ["Name: Another rate sheet has this name."]


def test_prices_of_items_on_other_pages_stay(
    admin: User, labour: Item, truck: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More items than a request has fields: each page of them is saved for itself."""
    monkeypatch.setattr(rates, "ITEMS_SHOWN", 1)
    sheet = make_rate_sheet({labour: ("90", "90"), truck: ("170", None)}, name="Rates")
    page = shown(admin, f"/rate-sheets/{sheet.pk}/edit/?page=2")
    assert f"unit-{truck.pk}" in page
    assert f"unit-{labour.pk}" not in page
    response = browser(admin).post(f"/rate-sheets/{sheet.pk}/edit/?page=2", data((truck, "", ""), version=1))
    assert response["Location"] == f"/rate-sheets/{sheet.pk}/edit/?page=2"
    assert lines(sheet) == {"LAB": (D(90), D(90))}


def test_items_are_found_by_code_and_name(admin: User, labour: Item, truck: Item) -> None:
    sheet = make_rate_sheet()
    page = shown(admin, f"/rate-sheets/{sheet.pk}/edit/?q=truck")
    assert f"unit-{truck.pk}" in page
    assert f"unit-{labour.pk}" not in page
    assert browser(admin).get(f"/rate-sheets/{sheet.pk}/edit/?q=%00").status_code == 200


def test_inactive_items_are_shown_where_they_have_a_price(admin: User, truck: Item) -> None:
    Item.objects.update(active=False)
    with_price, without = make_rate_sheet({truck: ("170", None)}), make_rate_sheet()
    assert f"unit-{truck.pk}" in shown(admin, f"/rate-sheets/{with_price.pk}/edit/")
    assert f"unit-{truck.pk}" not in shown(admin, f"/rate-sheets/{without.pk}/edit/")


def test_a_conflict_shows_both_prices(admin: User, labour: Item) -> None:
    sheet = make_rate_sheet({labour: ("90", "90")}, name="Rates")
    browser(make_user(name="M. Tran")).post(f"/rate-sheets/{sheet.pk}/edit/", data((labour, "91", "91"), version=1))
    response = browser(admin).post(f"/rate-sheets/{sheet.pk}/edit/", data((labour, "92", "92"), version=1))
    page = response.content.decode()
    assert response.status_code == 409
    assert '<td class="text">LAB, 91.00, 91.00</td><td class="text">LAB, 92.00, 92.00</td>' in page
    assert lines(sheet) == {"LAB": (D(91), D(91))}


def test_a_clone_has_the_same_prices_and_no_users(admin: User, labour: Item) -> None:
    sheet = make_rate_sheet({labour: ("90", "90")}, name="Rates 2026")
    make_client(rate_sheet=sheet)
    assert browser(admin).get(f"/rate-sheets/{sheet.pk}/clone/").status_code == 200
    taken = browser(admin).post(f"/rate-sheets/{sheet.pk}/clone/", {"name": "Rates 2026"})
    assert errors(taken) == ["Name: Another rate sheet has this name."]
    assert not AuditEntry.objects.exists()
    browser(admin).post(f"/rate-sheets/{sheet.pk}/clone/", {"name": "Rates 2027"})
    made = RateSheet.objects.get(name="Rates 2027")
    assert (lines(made), made.clients.count(), made.active) == (lines(sheet), 0, True)
    assert_sound()


def test_the_form_tells_who_uses_it(admin: User) -> None:
    sheet = make_rate_sheet()
    client, job = make_client(rate_sheet=sheet, name="Kestrel"), make_job(rate_sheet=sheet)
    page = shown(admin, f"/rate-sheets/{sheet.pk}/edit/")
    assert f'href="/clients/{client.pk}/">Kestrel' in page
    assert f'href="/jobs/{job.pk}/">{job}' in page


def test_a_manager_sees_the_sheets_of_own_jobs_and_their_clients() -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    own, clients, other = (make_rate_sheet(name=name) for name in ("Own rates", "Client rates", "Other rates"))
    make_job(project_manager=manager, rate_sheet=own, client=make_client(rate_sheet=clients))
    make_job(rate_sheet=other)
    page = shown(manager, "/rate-sheets/")
    assert "Own rates" in page
    assert "Client rates" in page
    assert "Other rates" not in page
    assert "New rate sheet" not in page
    assert browser(manager).get(f"/rate-sheets/{other.pk}/pdf/").status_code == 404


@pytest.mark.pdf
def test_the_printed_sheet_has_the_firm_and_every_price_with_its_head_on_each_page(admin: User, labour: Item) -> None:
    make_company(city="Edson", tax_number="RT0001")
    items = {
        make_item(f"EQ-{n:03}", name=f"Crew truck {n} <b>&", section="equipment"): (f"{n}.5", None) for n in range(90)
    }
    sheet = make_rate_sheet({labour: ("90", "11.25"), **items}, name="Kestrel 2027")
    response = browser(admin).get(f"/rate-sheets/{sheet.pk}/pdf/")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    pages = [page.extract_text() for page in PdfReader(BytesIO(response.content), strict=True).pages]
    assert len(pages) >= 2
    assert "Northfork Field Services Ltd." in pages[0]
    assert "Tax no. RT0001" in pages[0]
    assert re.search(r"LAB Lab h 90.00 11.25", pages[0])
    for number, page in enumerate(pages, start=1):
        assert "Unit price" in page
        assert f"Page {number} of {len(pages)}" in page
    assert "EQ-089 Crew truck 89 <b>& h 89.50" in "\n".join(pages)


@pytest.mark.pdf
def test_a_sheet_without_prices_is_printed_too_and_twice_the_same(admin: User) -> None:
    company, sheet = make_company(), make_rate_sheet()
    assert rate_sheet_pdf_bytes(sheet, company) == rate_sheet_pdf_bytes(sheet, company)
    text = PdfReader(BytesIO(rate_sheet_pdf_bytes(sheet, company))).pages[0].extract_text()
    assert "No prices: every item is billed at its own price." in text
