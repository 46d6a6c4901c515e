"""The help about formats: a page for each, and a test file that the independent readers accept."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from exports import profiles
from exports.formats import FORMATS, accounting_formats, get_format
from exports.formats.base import Format
from exports.formats.profile import Kind
from exports.models import ExportRun, ProfileEntry
from exports.sample import sample_of
from jobbook.accounts.roles import Role
from tests.exports.readers import KNOWN_BY_ID, Back, read_back
from tests.factories import make_company, make_invoice, make_item, make_job, make_tax, make_user

pytestmark = pytest.mark.django_db
HEADINGS = ("What is in the file", "What must exist before the import", "Compare the totals")
ACCOUNTING = [each.slug for each in accounting_formats()]
LEAVE_CREDITS_OUT = {"quickbooks-online", "xero"}


@pytest.fixture
def firm() -> None:
    make_company(currency="CAD")
    make_item("LAB", account_code="4010", unit="h")
    make_item("TRUCK", account_code="4020", unit="day")
    job = make_job(taxes=[make_tax("GST", "5"), make_tax("PST", "7")])
    make_invoice(job=job, terms="Net 15")


def settings_of(slug: str, **values: str) -> None:
    for name, value in values.items():
        ProfileEntry.objects.create(format=slug, kind=Kind.SETTING, ours=name, theirs=value)


def mapped(slug: str, kind: Kind, ours: str, theirs: str, account: str = "", extra: str = "") -> None:
    ProfileEntry.objects.create(format=slug, kind=kind, ours=ours, theirs=theirs, account=account, extra=extra)


def whole_profile(slug: str) -> None:
    """So that the invoice of the sample is in the file."""
    if Kind.TAX in get_format(slug).maps:
        mapped(slug, Kind.TAX, "GST;PST", "GSTPST")
    if slug == "sage-300":
        mapped(slug, Kind.TERMS, "Net 15", "NET15")
    if slug == "sage-50-ca":
        settings_of(slug, items="code")
    if slug == "xero":
        settings_of(slug, income_account="200")


def as_role(role: str = Role.ADMINISTRATOR) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


@pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.slug)
def test_each_format_has_a_page_that_says_all(format_: Format, firm: None) -> None:
    page = as_role(Role.ACCOUNTING).get(f"/help/formats/{format_.slug}/").content.decode()
    assert all(heading in page for heading in HEADINGS if format_.marks_exported)
    assert all(escape(each) in page for each in format_.cannot_carry)
    assert all(escape(each.label) in page for each in format_.settings)
    assert ("has been imported into a live" in page) == (format_.slug not in {"csv", "pdf-zip"})
    assert ("Not settled." in page) == ("Test file" in page) == format_.marks_exported


@pytest.mark.parametrize("slug", ACCOUNTING)
def test_the_test_file_is_read_by_an_independent_reader(slug: str, firm: None) -> None:
    whole_profile(slug)
    response = as_role(Role.ACCOUNTING).get(f"/help/formats/{slug}/test-file/")
    profile, format_ = profiles.current(slug), get_format(slug)
    extension, content_type = format_.file_type(profile)
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="TEST-{format_.stem}.{extension}"'
    client = "TEST" if slug in KNOWN_BY_ID else "TEST Job Book"
    found = read_back(slug, response.content, profile)
    assert found.pop("TEST-1") == Back(client, Decimal("58.89"), Decimal("549.64"))
    credit = {} if slug in LEAVE_CREDITS_OUT else {"TEST-2": Back(client, Decimal("-6.00"), Decimal("-56.00"))}
    assert found == credit
    assert not ExportRun.objects.exists()


def test_what_keeps_the_test_file_from_being_written_stands_on_the_page(firm: None) -> None:
    client = as_role()
    response = client.get("/help/formats/sage-300/test-file/")
    assert response["Location"] == "/help/formats/sage-300/#test-file"
    page = client.get("/help/formats/sage-300/").content.decode()
    assert escape("TEST-1: the terms 'Net 15' have no code: map them") in page
    assert "None can be in the file." in page
    assert "test-file/" not in page


def test_a_firm_of_nothing_has_pages_too() -> None:
    client = as_role()
    for format_ in FORMATS:
        assert client.get(f"/help/formats/{format_.slug}/").status_code == 200
    assert read_back("csv", client.get("/help/formats/csv/test-file/").content, profiles.current("csv"))


def test_mapped_items_come_first_and_the_firms_own_terms_and_taxes(firm: None) -> None:
    mapped("quickbooks-desktop", Kind.ITEM, "TRUCK", "Trucks")
    invoice, credit = sample_of(get_format("quickbooks-desktop")).documents
    assert [line.item_code for line in invoice.lines] == ["TRUCK", "LAB"]
    assert (invoice.terms, [tax.code for tax in credit.taxes]) == ("Net 15", ["GST", "PST"])


@pytest.mark.parametrize(
    ("period", "dated"),
    [
        ({}, None),
        ({"open_from": "2099-01-01"}, date(2099, 1, 1)),
        ({"open_to": "2020-12-31"}, date(2020, 12, 31)),
        ({"open_from": "2000-01-01", "open_to": "2099-12-31"}, None),
    ],
)
def test_it_is_dated_in_the_open_periods(period: dict[str, str], dated: date | None, firm: None) -> None:
    settings_of("sage-50-us", **period)
    day = dated or timezone.localdate()
    assert {each.invoice_date for each in sample_of(get_format("sage-50-us")).documents} == {day}


def test_no_such_page() -> None:
    client = as_role()
    for path in ("nothing/", "pdf-zip/test-file/", "nothing/test-file/"):
        assert client.get(f"/help/formats/{path}").status_code == 404


def test_the_index_names_the_pages_to_those_who_may_read_them() -> None:
    for role, may in ((Role.ADMINISTRATOR, True), (Role.ACCOUNTING, True), (Role.PROJECT_MANAGER, False)):
        page = as_role(role).get("/help/").content.decode()
        assert all((f'"/help/formats/{each.slug}/"' in page) == may for each in FORMATS)


def test_queries_do_not_grow_with_the_firm(firm: None, django_assert_max_num_queries: Any) -> None:
    client = as_role()
    for number in range(30):
        make_item(f"X{number}", account_code="4000")
        mapped("sage-300", Kind.ITEM, f"X{number}", "")
    with django_assert_max_num_queries(15):
        client.get("/help/formats/sage-300/")
