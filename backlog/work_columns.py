"""The columns, filters and groups that the backlogs of work share: DWRs and expenses."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any, cast

from django.db.models import OuterRef, QuerySet
from django.urls import NoReverseMatch, reverse

from backlog import sources
from backlog.grid.choices import Names, Rows
from backlog.grid.columns import DateColumn, GridColumn, GridTable, HoursColumn, MoneyColumn, TextColumn
from backlog.grid.filters import AmountFilter, DayFilter, Facet, GridFilterSet, ManyFilter, SearchFilter
from backlog.grid.grouping import Group
from backlog.invoice_columns import JobColumn
from backlog.sources import Month, id_key, month_key, month_title
from jobbook.accounts.models import User
from jobbook.common.money import format_hours, line_sum
from jobbook.common.spreadsheet import Value
from jobbook.jobs.models import DailyWorkRecord, Expense, WorkLine

MONTH = {"month": Month("date")}
PHONE_SORTS = (("", "Oldest first"), ("-date", "Newest first"), ("-amount", "Largest amount"), ("job", "Job"))


def with_sums(records: QuerySet[Any]) -> QuerySet[Any]:
    """DWRs with their `hours` and `amount`, the sums of their lines."""
    lines = WorkLine.objects.filter(record=OuterRef("pk"))
    sums = {name: line_sum(lines, name, by="record") for name in ("hours", "amount")}
    return cast("QuerySet[Any]", records.annotate(**sums))


class WorkNumberColumn(GridColumn):
    """A DWR's or expense's number, linked to its page; on a phone job, day, person and hours in more lines.

    page: the URL name of the page. prefix: "DWR", so that the number is read as what it is. hours: the field with
    the hours, if it has any.
    """

    css = "inv"
    row_header = True

    def __init__(self, label: str, number: str, who: str, *hours: str, page: str, prefix: str, **kwargs: Any) -> None:
        fields = ("pk", number, "job__job_number", "job__project_name", "date", who)
        super().__init__(label, *fields, *hours, **kwargs)
        self.page, self.prefix = page, prefix

    def cell(self, *values: Any) -> str:
        pk, number, job, project, day, who, *hours = values
        shown = f'<span class="vh">{self.prefix} </span>{escape(number)}'
        address = page_address(self.page)
        link = f'<a href="{address % pk}">{shown}</a>' if address else f"<span>{shown}</span>"
        worked = f" · {format_hours(hours[0])} h" if hours else ""
        return (
            f'{link}<span class="m">{escape(job)} · {escape(project)}</span>'
            f'<span class="m">{day.isoformat()} · {escape(who)}{worked}</span>'
        )

    def value(self, *values: Any) -> Value:
        return str(values[1])


@lru_cache(maxsize=8)
def page_address(url_name: str) -> str:
    """The address of a page with %d in place of its id; '' while it does not exist."""
    try:
        return reverse(url_name, args=[0]).replace("0", "%d")
    except NoReverseMatch:
        return ""


def job_column() -> JobColumn:
    return JobColumn("Job", "job__job_number", "job__project_name", sort=["lower:job__job_number"])


def client_column() -> TextColumn:
    return TextColumn("Client", "job__client__name", sort=["lower:job__client__name"], css="lo trunc middle")


def manager_column() -> TextColumn:
    manager = "job__project_manager__name"
    return TextColumn("Project manager", manager, sort=[f"lower:{manager}"], css="lo trunc short")


class RecordTable(GridTable):
    date = DateColumn("Date", "date", sort=["date"])
    author = TextColumn("Created by", "created_by__name", sort=["lower:created_by__name"], css="lo trunc short")
    submitted = DateColumn("Submitted", "submitted_on", sort=["submitted_on"])
    number = WorkNumberColumn(
        "DWR", "dwr_number", "created_by__name", "hours", page="record_page", prefix="DWR", sort=["dwr_number"]
    )
    job = job_column()
    client = client_column()
    manager = manager_column()
    office = TextColumn("Office", "job__office__name", sort=["null:job__office__name"], css="lo trunc short")
    hours = HoursColumn("Hours", "hours", sort=["hours"])
    amount = MoneyColumn("Amount", "amount", sort=["amount"], css="num tot")


class ExpenseTable(GridTable):
    date = DateColumn("Date", "date", sort=["date"])
    employee = TextColumn("Employee", "employee", sort=["lower:employee"], css="lo trunc short")
    submitted = DateColumn("Submitted", "submitted_on", sort=["submitted_on"])
    number = WorkNumberColumn(
        "Expense", "expense_number", "employee", page="expense_page", prefix="Expense", sort=["expense_number"]
    )
    job = job_column()
    client = client_column()
    manager = manager_column()
    item = TextColumn("Item", "item", sort=["blank:item"], css="lo trunc middle")
    amount = MoneyColumn("Amount", "amount", sort=["amount"], css="num tot")


def _authors(user: User) -> QuerySet[User]:
    return User.objects.filter(pk__in=DailyWorkRecord.objects.of_jobs_managed_by(user).values("created_by"))


def _employees(user: User) -> QuerySet[Any]:
    return Expense.objects.of_jobs_managed_by(user)


class WorkFilters(GridFilterSet):
    """What both filter by; `people` is the facet that differs."""

    date_after = DayFilter(field_name="date", lookup_expr="gte")
    date_before = DayFilter(field_name="date", lookup_expr="lte")
    client = ManyFilter(field_name="job__client_id", source=Rows(sources.clients, ("name",)))
    job = ManyFilter(field_name="job_id", source=Rows(sources.jobs, ("job_number", "project_name")))
    manager = ManyFilter(field_name="job__project_manager_id", source=Rows(sources.managers, ("name",)))
    office = ManyFilter(field_name="job__office_id", source=Rows(sources.offices, ("name",)))
    amount_min = AmountFilter(field_name="amount", lookup_expr="gte")
    amount_max = AmountFilter(field_name="amount", lookup_expr="lte")


def facets(people: Facet) -> Sequence[Facet]:
    return (
        Facet("Search", ("q",)),
        Facet("Date", ("date_after", "date_before")),
        Facet("Client", ("client",)),
        Facet("Job", ("job",)),
        Facet("Project manager", ("manager",)),
        Facet("Office", ("office",)),
        people,
        Facet("Amount", ("amount_min", "amount_max")),
    )


class RecordFilters(WorkFilters):
    q = SearchFilter("dwr_number", "job__job_number", "job__project_name", "job__client__name", "created_by__name")
    author = ManyFilter(field_name="created_by_id", source=Rows(_authors, ("name",)))
    facets = facets(Facet("Created by", ("author",)))


class ExpenseFilters(WorkFilters):
    q = SearchFilter("expense_number", "job__job_number", "job__project_name", "job__client__name", "employee", "item")
    employee = ManyFilter(field_name="employee", source=Names(_employees, "employee"))
    facets = facets(Facet("Employee", ("employee",)))


JOB = Group("job", "Job", "job_id", ("job__job_number", "job__project_name"), parse=id_key, column="job")
_GROUPS = (
    JOB,
    Group("client", "Client", "job__client_id", ("job__client__name",), parse=id_key, column="client"),
    Group(
        "manager",
        "Project manager",
        "job__project_manager_id",
        ("job__project_manager__name",),
        parse=id_key,
        column="manager",
    ),
)
_OFFICE = Group(
    "office", "Office", "job__office_id", ("job__office__name",), nothing="No office", parse=id_key, column="office"
)
_MONTH = Group("month", "Month", "month", title=month_title, parse=month_key)
RECORD_GROUPS = (
    *_GROUPS,
    _OFFICE,
    Group("author", "Created by", "created_by_id", ("created_by__name",), parse=id_key, column="author"),
    _MONTH,
)
EXPENSE_GROUPS = (*_GROUPS, _OFFICE, Group("employee", "Employee", "employee", column="employee"), _MONTH)
