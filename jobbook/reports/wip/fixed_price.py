"""Fixed-price jobs to date: what was earned of the contract, and what was billed of it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet

from invoices.models import Invoice
from jobbook.common.money import money_sum
from jobbook.jobs.models import BillingType, Job, contract_on, earned, percent_entered_on, percent_on
from jobbook.reports.wip.figures import ZERO, FixedPrice
from jobbook.reports.wip.scope import Scope


def fixed_price(scope: Scope, jobs: QuerySet[Job]) -> list[FixedPrice]:
    """The fixed-price ones of `jobs`, by job number. Two queries.

    An inactive job is left out unless it is billed over or under, or was billed since the report's first day.
    """
    fixed = jobs.filter(billing_type=BillingType.FIXED_PRICE)
    billed = _billed(scope, fixed)
    dated = fixed.annotate(
        contract=contract_on(scope.as_of), percent=percent_on(scope.as_of), percent_date=percent_entered_on(scope.as_of)
    )
    columns = ("pk", "job_number", "project_name", "client__name", "contract", "percent", "percent_date", "active")
    lines = []
    for *facts, active in dated.order_by("job_number").values_list(*columns):
        amount, latest = billed.get(facts[0], (ZERO, None))
        line = _line(facts, amount)
        if active or line.over or _within(scope, latest):
            lines.append(line)
    return lines


def _billed(scope: Scope, fixed: QuerySet[Job]) -> dict[int, tuple[Decimal, date]]:
    """By job: the invoices until the day of the report, less credit notes, and the newest's date."""
    invoices = Invoice.objects.filter(job__in=fixed.order_by().values("pk"), invoice_date__lte=scope.as_of)
    sums = invoices.order_by().values_list("job").annotate(money_sum("subtotal"), Max("invoice_date"))
    return {job: (amount, latest) for job, amount, latest in sums}


def _line(facts: list[Any], billed: Decimal) -> FixedPrice:
    pk, number, project, client, contract, percent, percent_date = facts
    return FixedPrice(pk, number, project, client, contract, percent, percent_date, earned(contract, percent), billed)


def _within(scope: Scope, latest: date | None) -> bool:
    return latest is not None and (scope.start is None or latest >= scope.start)
