"""Offices, employees, items and taxes, each declared once; and the index of the administration."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.http import page_url
from jobbook.common.record_pages import Column, RecordPages, form_page, list_page
from jobbook.jobs.forms.setup import (
    EmployeeForm,
    ItemForm,
    OfficeForm,
    TaxForm,
    keeps_code_and_rate,
    keeps_its_code,
)
from jobbook.jobs.models import Employee, Item, Office, Tax

OFFICES = RecordPages(
    slug="office",
    model=Office,
    title="Offices",
    about="Jobs belong to an office; invoices print its address.",
    form=OfficeForm,
    heading=Column("Office", "name"),
    columns=(Column("Address", "address_1", "lo"), Column("City", "city"), Column("Province or state", "region", "lo")),
    searched=("name", "city"),
)
EMPLOYEES = RecordPages(
    slug="employee",
    model=Employee,
    title="Employees",
    about="The people whose hours stand on DWRs. One who logs in is a user as well.",
    form=EmployeeForm,
    heading=Column("Employee", "name"),
    columns=(Column("Number", "employee_number"), Column("Usual item", "item"), Column("Log-in", "user", "lo")),
    searched=("name", "employee_number"),
    related=("user", "item"),
)
ITEMS = RecordPages(
    slug="item",
    model=Item,
    title="Items",
    about="What is billed: labour, equipment and materials, fixed prices.",
    form=ItemForm,
    heading=Column("Code", "code"),
    columns=(
        Column("Name", "name", "text"),
        Column("Section", "section", "lo"),
        Column("Unit", "unit", "lo"),
        Column("Unit price", "unit_price", "num"),
        Column("Hourly price", "hourly_price", "num lo"),
        Column("Account", "account_code", "lo"),
        Column("Exempt", "tax_exempt", "lo"),
    ),
    searched=("code", "name", "account_code"),
    check=keeps_its_code,
)
TAXES = RecordPages(
    slug="tax",
    model=Tax,
    title="Taxes",
    about="Chosen for each job. A new rate is a new code.",
    form=TaxForm,
    heading=Column("Code", "code"),
    columns=(
        Column("Name", "name", "text"),
        Column("Rate %", "rate", "num"),
        Column("Recoverable", "recoverable", "lo"),
    ),
    searched=("code", "name"),
    check=keeps_code_and_rate,
)

# The index: title, what for, name of the page; a page that does not exist is left out.
_PLACES = (
    ("Company", "Name, logo, numbering, terms, closed books", "company"),
    ("Accounting", "The package, its settings, what it calls our clients, items, taxes and terms", "accounting"),
    ("Offices", "Where jobs belong to", "office_list"),
    ("Users", "Who logs in, and as what", "user_list"),
    ("Employees", "Whose hours are recorded", "employee_list"),
    ("Items", "What is billed, and for how much", "item_list"),
    ("Taxes", "Codes and rates", "tax_list"),
    ("Clients", "Who is billed", "client_list"),
    ("Jobs", "Orders, their managers, rates and taxes", "job_list"),
    ("Rate sheets", "Prices agreed with clients", "rate_sheet_list"),
    ("Import", "A firm's data, from a ZIP of CSV files", "import_page"),
)


@require_safe
@requires(Permission.ADMINISTER)
def setup(request: HttpRequest) -> HttpResponse:
    """What an administrator keeps, with links."""
    places = [(title, about, url) for title, about, name in _PLACES if (url := page_url(name))]
    return render(request, "setup/index.html", {"places": places})


@require_safe
@requires(Permission.ADMINISTER)
def record_list(request: HttpRequest, pages: RecordPages) -> HttpResponse:
    return list_page(request, pages)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def record_new(request: HttpRequest, pages: RecordPages) -> HttpResponse:
    return form_page(request, pages, pages.model(), by=user_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def record_edit(request: HttpRequest, pages: RecordPages, pk: int) -> HttpResponse:
    return form_page(request, pages, get_object_or_404(pages.model, pk=pk), by=user_of(request))
