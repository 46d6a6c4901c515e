"""The pages of the administration: no violation that axe can find, light and dark, 1440 and 390, in few states."""

import io
import zipfile
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from exports.models import ProfileEntry
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Company, Office
from jobbook.jobs.uploads import LOGO, keep_picture
from tests.access.areas.setup import logo
from tests.browser.conftest import LogIn
from tests.browser.test_axe import Looker
from tests.factories import (
    make_client,
    make_company,
    make_employee,
    make_invoice,
    make_item,
    make_job,
    make_tax,
    make_user,
)
from tests.transfer.folders import SMALL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LISTS = ("offices", "users", "employees", "items", "taxes")


@pytest.fixture
def admin() -> User:
    """A firm with a logo and a few of everything, in use and not."""
    make_company(city="Edson", tax_number="R123", logo=keep_picture(logo((300, 120)), LOGO))
    user = make_user(name="Mai Tran", email="mai@example.com")
    make_job()
    make_item("TRUCK", name="Crew truck", section="equipment", unit="day", active=False)
    make_employee("J. Lavoie", employee_number="12", item=make_item())
    make_tax("HST", "13", active=False)
    make_user(Role.TECHNICIAN, name="T. Okafor", is_active=False)
    for number in range(60):
        Office.objects.create(name=f"Yard {number:02}", city="Edson", region="Alberta")
    return user


@pytest.fixture
def look(log_in: LogIn, admin: User) -> Looker:
    return Looker(log_in(admin, "/setup/", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"))


def packed(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def upload(page: Page, files: dict[str, str]) -> None:
    page.goto("/setup/import/")
    file: Any = {"name": "firm.zip", "mimeType": "application/zip", "buffer": packed(files)}
    page.get_by_label("ZIP of the import folder").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()


def test_lists_and_forms(look: Looker) -> None:
    page = look.page
    look("index")
    look.visit(*(f"/setup/{name}/" for name in LISTS), "/setup/offices/?q=nobody", "/setup/company/")
    look.visit("/setup/items/new/", f"/setup/offices/{Office.objects.get(name='Yard 07').pk}/")
    page.get_by_label("Name").fill("Yard 08")
    page.get_by_role("button", name="Save office").click()
    expect(page.locator("[data-focus]")).to_contain_text("Another office has this name.")
    look("form with an error")
    conflict(look)
    page.goto("/setup/users/new/")
    page.get_by_label("Name").fill("N. New")
    page.get_by_label("E-mail").fill("new@example.com")
    page.get_by_label("Role").select_option("technician")
    page.get_by_role("button", name="Save user").click()
    expect(page.get_by_label("Link to set a password")).to_be_visible()
    look("link shown once")
    look.visit(f"/setup/users/{User.objects.get(email='new@example.com').pk}/")
    assert look.found == []


def conflict(look: Looker) -> None:
    page = look.page
    page.goto("/setup/company/")
    page.get_by_label("City", exact=True).fill("Hinton")
    Company.objects.update(version=7, city="Jasper")
    page.get_by_role("button", name="Save company").click()
    expect(page.locator("[data-focus]")).to_contain_text("Jasper")
    look("conflict")
    page.get_by_role("button", name="Save company").click()
    expect(page.get_by_role("status").filter(has_text="Company saved.")).to_be_visible()
    look("saved, with a history")


def test_the_accounting_setup(look: Looker) -> None:
    page, names = look.page, "/setup/accounting/sage-300/client/"
    make_invoice(
        job=make_job(client=make_client(client_number="C-000000000001", name="Kestrel Inc."), taxes=[make_tax()])
    )
    look.visit("/setup/accounting/", "/setup/accounting/sage-300/settings/")
    page.goto(f"{names}list/")
    file: Any = {"name": "theirs.csv", "mimeType": "text/csv", "buffer": b"ID,Name\nKES01,Kestrel\n"}
    page.get_by_label("Their list").set_input_files(file)
    page.get_by_label("Column of the name or code").fill("ID")
    page.get_by_label("Column that describes it").fill("Name")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("checkbox", name="For Kestrel Inc. (C-000000000001) take KES01")).to_be_visible()
    look("suggestions")
    look.visit(f"{names}accept/?likeness=100")
    page.goto(names)
    page.get_by_label("Customer number of Kestrel Inc.").fill("K1")
    page.get_by_role("checkbox", name="take KES01").check()
    page.get_by_role("button", name="Save names").click()
    expect(page.locator("[data-focus]")).to_contain_text("leave one of them")
    look("typed and ticked")
    ProfileEntry.objects.create(format="sage-300", kind="client", ours="C-000000000001", theirs="KES02")
    page.get_by_role("checkbox", name="take KES01").uncheck()
    page.get_by_role("button", name="Save names").click()
    expect(page.locator("[data-focus]")).to_contain_text("KES02")
    look("conflict")
    page.get_by_role("button", name="Save names").click()
    expect(page.get_by_text("Not in their list")).to_be_visible()
    assert look.found == []


def test_the_import(look: Looker) -> None:
    page = look.page
    look.visit("/setup/import/")
    upload(page, {"taxes.csv": "code,name,rate\nGST,Goods and services tax,4\nX,,x\n"})
    expect(page.locator("[data-focus]")).to_contain_text("taxes.csv:2: rate")
    look("problems")
    upload(page, SMALL)
    expect(page.get_by_role("heading", name="Import this upload?")).to_be_visible()
    look("dry run")
    page.get_by_role("button", name="OK, import it").click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    look("imported")
    assert look.found == []
