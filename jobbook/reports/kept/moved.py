"""A kept report against the same report now: which figures are others, and what moved them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from invoices.models import Queue
from jobbook.common.money import total_of
from jobbook.reports.kept.figures import fixed_of, job_lines_of, whole_of
from jobbook.reports.models import KeptReport
from jobbook.reports.wip.asked import read
from jobbook.reports.wip.billed import column
from jobbook.reports.wip.columns import BILLED, WORK
from jobbook.reports.wip.figures import ZERO, Part, Place
from jobbook.reports.wip.fixed_price import fixed_price
from jobbook.reports.wip.lines import job_lines, total_billed, total_work
from jobbook.reports.wip.rows import invoice_rows, work_rows
from jobbook.reports.wip.scope import Scope

STANDS = {
    Place.DRAFT.value: "not submitted",
    Place.SUBMITTED.value: "submitted",
    Place.APPROVED.value: "approved",
    **{value: str(label) for value, label in Queue.choices},
}


@dataclass(frozen=True)
class Changed:
    """A figure then and now."""

    label: str
    then: Decimal
    now: Decimal

    @property
    def difference(self) -> Decimal:
        return self.now - self.then


@dataclass(frozen=True)
class Moved:
    """A DWR or an invoice that is not where it was, or not at the amount it had. amount: what it is now, or was."""

    kind: str  # "DWR" or "invoice"
    number: str
    job_id: int
    date: date
    then: str
    now: str
    before: Decimal | None
    after: Decimal | None
    invoice: str = ""  # of a DWR: the invoice it came onto, or was on


@dataclass(frozen=True)
class Comparison:
    scope: Scope
    changed: list[Changed]
    fixed: list[Changed]
    moved: list[Moved]


def compare(kept: KeptReport, *, as_of: date, today: date) -> Comparison:
    """Against the jobs its maker may see now, as of `as_of`. Its days and filters stay."""
    params = QueryDict(kept.address, mutable=True)
    params["as_of"] = as_of.isoformat()
    asked = read(params, kept.made_by, today)
    if asked.scope is None:  # a client or manager it was limited to is not seen any more
        raise LookupError(" ".join(problem.message for problem in asked.problems))
    scope, jobs = asked.scope, asked.scope.jobs_for(kept.made_by)
    then, now = job_lines_of(kept), job_lines(scope, jobs)
    work = (total_work(line.work for line in then), total_work(line.work for line in now))
    billed = (total_billed(line.billed for line in then), total_billed(line.billed for line in now))
    figures = [
        *(Changed(each.label, each.of(work[0]), each.of(work[1])) for each in WORK),
        *(Changed(each.label, each.of(billed[0]), each.of(billed[1])) for each in BILLED),
    ]
    moved = [*_moved_work(kept, work_rows(scope, jobs).rows), *_moved_invoices(kept, invoice_rows(scope, jobs).rows)]
    return Comparison(
        scope=scope,
        changed=[each for each in figures if each.difference],
        fixed=_fixed(kept, scope),
        moved=sorted(moved, key=lambda each: (each.kind != "invoice", each.date, each.number)),
    )


def _fixed(kept: KeptReport, scope: Scope) -> list[Changed]:
    """Earned and billed of fixed-price jobs, where they are others."""
    then = {line.job_number: line for line in fixed_of(kept)}
    now = {line.job_number: line for line in fixed_price(scope, scope.fixed_price_jobs_for(kept.made_by))}
    found = []
    for number in sorted({*then, *now}):
        for name in ("earned", "billed"):
            was, is_ = (getattr(lines.get(number), name, None) or ZERO for lines in (then, now))
            found.append(Changed(f"{number} {name}", was, is_))
    return [each for each in found if each.difference]


Stand = tuple[str, str]  # the place and the invoice's number


def _moved_work(kept: KeptReport, rows: Iterable[Any]) -> list[Moved]:
    """By DWR: where its lines were and are."""
    then: dict[str, dict[Stand, Decimal]] = defaultdict(dict)
    facts: dict[str, tuple[int, date]] = {}
    columns = ("dwr_number", "job_id", "date", "place", "invoice_number", "amount")
    for number, job, day, place, invoice, amount in kept.work.values_list(*columns):
        _add(then[number], (place, invoice), amount)
        facts[number] = (job, day)
    now: dict[str, dict[Stand, Decimal]] = defaultdict(dict)
    for row in rows:
        _add(now[row.record__dwr_number], (row.place, row.invoice_number or ""), row.amount)
        facts.setdefault(row.record__dwr_number, (row.record__job_id, row.record__date))
    return [
        _moved("DWR", number, facts[number], then.get(number, {}), now.get(number, {}))
        for number in facts
        if then.get(number, {}) != now.get(number, {})
    ]


def _moved_invoices(kept: KeptReport, rows: Iterable[Any]) -> list[Moved]:
    then: dict[str, dict[Stand, Decimal]] = {}
    facts: dict[str, tuple[int, date]] = {}
    for invoice in kept.invoices.all():
        then[invoice.number] = {(invoice.queue, ""): whole_of(invoice)}
        facts[invoice.number] = (invoice.job_id, invoice.date)
    now: dict[str, dict[Stand, Decimal]] = {}
    for row in rows:
        now[row.number] = {(row.place, ""): total_of(getattr(row, column(part)) for part in Part)}
        facts.setdefault(row.number, (row.job_id, row.invoice_date))
    return [
        _moved("invoice", number, facts[number], then.get(number, {}), now.get(number, {}))
        for number in facts
        if then.get(number) != now.get(number)
    ]


def _add(amounts: dict[Stand, Decimal], stand: Stand, amount: Decimal) -> None:
    amounts[stand] = amounts.get(stand, ZERO) + amount


def _moved(
    kind: str,
    number: str,
    facts: tuple[int, date],
    then: Mapping[Stand, Decimal],
    now: Mapping[Stand, Decimal],
) -> Moved:
    invoices = {invoice for _, invoice in (*then, *now) if invoice}
    return Moved(
        kind=kind,
        number=number,
        job_id=facts[0],
        date=facts[1],
        then=_words(then) or "not there",
        now=_words(now) or "not there",
        before=total_of(then.values()) if then else None,
        after=total_of(now.values()) if now else None,
        invoice=", ".join(sorted(invoices)),
    )


def _words(stands: Mapping[Stand, Decimal]) -> str:
    return ", ".join(dict.fromkeys(STANDS[place] for place, _ in stands))
