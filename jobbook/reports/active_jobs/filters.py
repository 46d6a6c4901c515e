"""The filters and groups of the Active Job Dashboard. They offer what active jobs have."""

from typing import Any

from django.db.models import Q, QuerySet

from backlog import sources
from backlog.grid.choices import Fixed, Names, Rows
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
from backlog.invoice_columns import AgeFilter
from backlog.sources import id_key
from jobbook.accounts.models import User
from jobbook.jobs.models import BillingType, Client, Job
from jobbook.reports.active_jobs.expressions import NEAR, WHOLE


def active_jobs(user: User) -> QuerySet[Job]:
    return Job.objects.visible_to(user).filter(active=True)


def _clients(user: User) -> QuerySet[Client]:
    return Client.objects.filter(pk__in=active_jobs(user).values("client"))


def _managers(user: User) -> QuerySet[User]:
    return User.objects.filter(pk__in=active_jobs(user).values("project_manager"))


_PO = {
    "near": ("Over 90 % used", Q(po_used__gt=NEAR)),
    "over": ("Over the PO amount", Q(po_used__gt=WHOLE)),
    "none": ("No PO amount", Q(po_used__isnull=True)),
}


class ActiveJobFilters(GridFilterSet):
    q = SearchFilter("job_number", "project_name", "client__name", "po_number")
    client = ManyFilter(field_name="client_id", source=Rows(_clients, ("name",)))
    manager = ManyFilter(field_name="project_manager_id", source=Rows(_managers, ("name",)))
    office = ManyFilter(field_name="office_id", source=Rows(sources.offices, ("name",)))
    billing = ManyFilter(field_name="billing_type", source=Fixed(BillingType.choices))
    status = ManyFilter(field_name="status", source=Names(active_jobs, "status"))
    due_after = DayFilter(field_name="due_date", lookup_expr="gte")
    due_before = DayFilter(field_name="due_date", lookup_expr="lte")
    po = ConditionFilter(
        field_name="po_used",
        source=Fixed([(slug, label) for slug, (label, _) in _PO.items()]),
        conditions={slug: condition for slug, (_, condition) in _PO.items()},
    )
    unbilled_min = AmountFilter(field_name="unbilled", lookup_expr="gte")
    unbilled_max = AmountFilter(field_name="unbilled", lookup_expr="lte")
    since_min = AgeFilter("last_invoice", at_least=True)
    since_max = AgeFilter("last_invoice", at_least=False)

    facets = (
        Facet("Search", ("q",)),
        Facet("Client", ("client",)),
        Facet("Project manager", ("manager",)),
        Facet("Office", ("office",)),
        Facet("Billing type", ("billing",)),
        Facet("Status", ("status",)),
        Facet("Due date", ("due_after", "due_before")),
        Facet("PO amount", ("po",)),
        Facet("Unbilled", ("unbilled_min", "unbilled_max")),
        Facet("Since the last invoice", ("since_min", "since_max"), unit="days"),
    )


def _billing(value: Any) -> str:
    return BillingType(value).label


GROUPS = (
    Group("client", "Client", "client_id", ("client__name",), parse=id_key, column="client"),
    Group(
        "manager", "Project manager", "project_manager_id", ("project_manager__name",), parse=id_key, column="manager"
    ),
    Group("office", "Office", "office_id", ("office__name",), nothing="No office", parse=id_key, column="office"),
    Group("billing", "Billing type", "billing_type", title=_billing, column="billing"),
    Group("status", "Status", "status", nothing="No status", column="status"),
)
