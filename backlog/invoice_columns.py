"""The columns, filters and groups that every grid of invoices shares."""

from datetime import timedelta
from functools import lru_cache
from html import escape
from typing import Any

import django_filters
from django.db.models import BooleanField, Case, Q, QuerySet, When
from django.db.models import Value as Constant
from django.urls import reverse
from django.utils import timezone

from backlog import checks, sources
from backlog.grid.choices import Fixed, Rows
from backlog.grid.columns import (
    AgeColumn,
    ChoiceColumn,
    DateColumn,
    GridColumn,
    GridTable,
    MomentColumn,
    MoneyColumn,
    TextColumn,
    age,
)
from backlog.grid.filters import (
    AmountFilter,
    ConditionFilter,
    DayFilter,
    Facet,
    GridFilterSet,
    ManyFilter,
    SearchFilter,
)
from backlog.grid.grouping import Group
from backlog.grid.rendering import chip
from backlog.sources import Month, id_key, month_key, month_title
from invoices.models import Queue
from jobbook.common.spreadsheet import Value
from jobbook.jobs.models import BillingType

EXPRESSIONS: dict[str, Any] = {
    "checks_mask": checks.CHECKS_MASK,
    "month": Month("invoice_date"),
    "is_exported": Case(
        When(export_mark__isnull=False, then=Constant(True)), default=Constant(False), output_field=BooleanField()
    ),
}


class NumberColumn(GridColumn):
    """The invoice's number, linked to its page; on a phone the job, the checks and the age in a second line."""

    css = "inv"
    row_header = True

    def __init__(self, label: str, **kwargs: Any) -> None:
        fields = ("pk", "number", "job_number", "project_name", "checks_mask", "invoice_date")
        super().__init__(label, *fields, **kwargs)

    def cell(self, *values: Any) -> str:
        pk, number, job, project, mask, day = values
        days = age(day)
        return (
            f'<a href="{_page_prefix()}{pk}/">{escape(number)}</a>'
            f'<span class="m">{escape(job)} · {escape(project)}</span>'
            f'<span class="m">{escape(checks.title(mask))} · {days} day{"" if days == 1 else "s"}</span>'
        )

    def value(self, *values: Any) -> Value:
        return str(values[1])


class JobColumn(GridColumn):
    """A job's number and project."""

    css = "lo trunc"

    def cell(self, *values: Any) -> str:
        number, project = values
        return f'{escape(number)} <span class="sub">{escape(project)}</span>'

    def value(self, *values: Any) -> Value:
        return " ".join(values)


class ChecksColumn(GridColumn):
    """The first failed check as a chip, how many more there are, or "Ready"."""

    def cell(self, *values: Any) -> str:
        return _checks_html(values[0])

    def value(self, *values: Any) -> Value:
        return checks.title(values[0])


class QueueColumn(GridColumn):
    """The queue an invoice is in, as a chip."""

    kinds = {Queue.PROCESSED: ("info", "check"), Queue.PAID: ("ok", "check")}

    def cell(self, *values: Any) -> str:
        kind, symbol = self.kinds.get(values[0], ("warn", "clock"))
        return chip(kind, symbol, str(Queue(values[0]).label))

    def value(self, *values: Any) -> Value:
        return str(Queue(values[0]).label)


class ReferenceColumn(TextColumn):
    """The number accounting gave the invoice."""


@lru_cache(maxsize=256)
def _checks_html(mask: int) -> str:
    bad = sorted(checks.failed(mask), key=lambda check: check.kind != "bad")
    if not bad:
        return chip("ok", "check", "Ready")
    more = ""
    if len(bad) > 1:
        names = escape(", ".join(check.label for check in bad[1:]))
        more = f' <span class="sub" aria-hidden="true">+{len(bad) - 1}</span><span class="vh">and {names}</span>'
    return chip(bad[0].kind, "alert", bad[0].label) + more


@lru_cache(maxsize=1)
def _page_prefix() -> str:
    """The address of invoices' pages without the id."""
    return reverse("invoice_list")


class InvoiceTable(GridTable):
    number = NumberColumn("Invoice", sort=["number"])
    date = DateColumn("Date", "invoice_date", sort=["invoice_date"])
    client = TextColumn("Client", "client_name", sort=["lower:client_name"], css="lo trunc middle")
    job = JobColumn("Job", "job_number", "project_name", sort=["lower:job_number"])
    due = DateColumn("Due date", "due_date", sort=["due_date"], shown=False)
    po = TextColumn("PO", "po_number", sort=["blank:po_number"], css="lo trunc short")
    manager = TextColumn(
        "PM", "job__project_manager__name", sort=["lower:job__project_manager__name"], css="lo trunc short"
    )
    office = TextColumn("Office", "office_name", sort=["blank:office_name"], shown=False)
    terms = TextColumn("Terms", "terms", sort=["blank:terms"], shown=False)
    billing = ChoiceColumn(
        "Billing type", "billing_type", choices=BillingType.choices, sort=["billing_type"], shown=False
    )
    signed = DateColumn("Signed on", "signed_on", sort=["null:signed_on"], shown=False)
    reference = ReferenceColumn(
        "Reference", "accounting_reference", sort=["blank:accounting_reference"], shown=False, css="lo trunc short"
    )
    queue = QueueColumn("Queue", "queue", sort=["queue"], shown=False)
    checks = ChecksColumn("Checks", "checks_mask", sort=["checks_mask"])
    exported = MomentColumn("Exported", "export_mark__exported_at", sort=["null:export_mark__exported_at"])
    age = AgeColumn("Age (days)", "invoice_date", sort=["-invoice_date"])
    subtotal = MoneyColumn("Subtotal", "subtotal", sort=["subtotal"])
    tax = MoneyColumn("Tax", "tax", sort=["tax"], css="lo lo2 num")
    total = MoneyColumn("Total", "total", sort=["total"], css="num tot")


class AgeFilter(django_filters.NumberFilter):
    """At least, or at most, so many days since a date; a row without the date is neither."""

    def __init__(self, field_name: str = "invoice_date", *, at_least: bool) -> None:
        messages = {"invalid": "Enter a number of days."}
        super().__init__(field_name, min_value=0, max_value=36_500, decimal_places=0, error_messages=messages)
        self.at_least = at_least

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value is None:
            return qs
        day = timezone.localdate() - timedelta(days=int(value))
        return qs.filter(**{f"{self.field_name}__{'lte' if self.at_least else 'gte'}": day})


_ANY = Q()
for _check in checks.CHECKS:
    _ANY |= _check.condition
_CONDITIONS = {"ready": ~_ANY, "any": _ANY, **{check.slug: check.condition for check in checks.CHECKS}}
_EXPORTED = {"yes": Q(export_mark__isnull=False), "no": Q(export_mark__isnull=True)}


class InvoiceFilters(GridFilterSet):
    q = SearchFilter("number", "client_name", "job_number", "project_name", "po_number", "accounting_reference")
    date_after = DayFilter(field_name="invoice_date", lookup_expr="gte")
    date_before = DayFilter(field_name="invoice_date", lookup_expr="lte")
    client = ManyFilter(field_name="client_id", source=Rows(sources.clients, ("name",)))
    job = ManyFilter(field_name="job_id", source=Rows(sources.jobs, ("job_number", "project_name")))
    manager = ManyFilter(field_name="job__project_manager_id", source=Rows(sources.managers, ("name",)))
    office = ManyFilter(field_name="office_name", source=Rows(sources.offices, ("name",), by="name"))
    total_min = AmountFilter(field_name="total", lookup_expr="gte")
    total_max = AmountFilter(field_name="total", lookup_expr="lte")
    checks = ConditionFilter(
        source=Fixed([("ready", "Ready"), ("any", "With warnings"), *((c.slug, c.label) for c in checks.CHECKS)]),
        conditions=_CONDITIONS,
    )
    exported = ConditionFilter(source=Fixed([("yes", "Exported"), ("no", "Not exported")]), conditions=_EXPORTED)
    age_min = AgeFilter(at_least=True)
    age_max = AgeFilter(at_least=False)

    facets = (
        Facet("Search", ("q",)),
        Facet("Invoice date", ("date_after", "date_before")),
        Facet("Client", ("client",)),
        Facet("Job", ("job",)),
        Facet("Project manager", ("manager",)),
        Facet("Office", ("office",)),
        Facet("Total", ("total_min", "total_max")),
        Facet("Checks", ("checks",)),
        Facet("Exported", ("exported",)),
        Facet("Age", ("age_min", "age_max"), unit="days"),
    )


def _truth(text: str) -> bool:
    return {"True": True, "False": False}[text]


GROUPS = (
    Group("client", "Client", "client_id", ("client__name",), parse=id_key, column="client"),
    Group("job", "Job", "job_id", ("job__job_number", "job__project_name"), parse=id_key, column="job"),
    Group(
        "manager",
        "Project manager",
        "job__project_manager_id",
        ("job__project_manager__name",),
        parse=id_key,
        column="manager",
    ),
    Group("office", "Office", "office_name", nothing="No office", column="office"),
    Group("billing", "Billing type", "billing_type", title=lambda value: BillingType(value).label, column="billing"),
    Group("terms", "Terms", "terms", nothing="No terms", column="terms"),
    Group("month", "Month", "month", title=month_title, parse=month_key),
    Group(
        "exported", "Exported", "is_exported", title=lambda value: "Exported" if value else "Not exported", parse=_truth
    ),
    Group("checks", "Checks", "checks_mask", title=checks.title, parse=id_key),
)
