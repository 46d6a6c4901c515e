"""A WIP Report: its figures, and its tables as the screen, the files and the paper show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from jobbook.accounts.models import User
from jobbook.reports.wip.columns import BILLED, WORK, largest_first, share
from jobbook.reports.wip.figures import Age, Billed, FixedPrice, ItemLine, JobLine, Work
from jobbook.reports.wip.fixed_price import fixed_price
from jobbook.reports.wip.lines import job_lines, total_billed, total_work
from jobbook.reports.wip.links import Figure, Links
from jobbook.reports.wip.scope import Scope
from jobbook.reports.wip.work import ages, work_by_item


@dataclass(frozen=True)
class Report:
    """lines: the jobs, the most unbilled first. work, billed: of all of them together."""

    scope: Scope
    lines: list[JobLine]
    work: Work
    billed: Billed
    ages: list[Age]
    fixed: list[FixedPrice]

    @property
    def invoiced_lines(self) -> list[JobLine]:
        """The jobs with an invoice."""
        return [line for line in self.lines if line.billed.queues]


@dataclass(frozen=True)
class Row:
    """A row of a table: its head, with a second line, and its figures. share: how much is on invoices, in percent."""

    head: str
    sub: str
    url: str
    figures: list[Figure]
    share: Decimal | None = None


def report(scope: Scope, user: User) -> Report:
    """The figures of the jobs that `user` may see. The number of queries does not depend on theirs."""
    jobs = scope.jobs_for(user)
    lines = largest_first(job_lines(scope, jobs))
    return Report(
        scope=scope,
        lines=lines,
        work=total_work(line.work for line in lines),
        billed=total_billed(line.billed for line in lines),
        ages=ages(scope, jobs),
        fixed=fixed_price(scope, scope.fixed_price_jobs_for(user)),
    )


def items_of(scope: Scope, user: User) -> dict[int, list[ItemLine]]:
    """The line items of each job of the report, by job id."""
    return work_by_item(scope, scope.jobs_for(user))


def work_figures(links: Links, work: Work, *, job: int | None = None, item: int | None = None) -> list[Figure]:
    """One for each column of recorded work."""
    return [links.work(column, work, job=job, item=item) for column in WORK]


def work_table(lines: Sequence[JobLine], links: Links) -> list[Row]:
    """A row for each job."""
    return [
        Row(
            f"{line.job_number} {line.project_name}",
            line.client_name,
            links.to("wip_job", pk=line.job_id),
            work_figures(links, line.work, job=line.job_id),
            share(line.work),
        )
        for line in lines
    ]


def item_table(items: Sequence[ItemLine], links: Links) -> list[Row]:
    """A row for each line item of one job."""
    return [
        Row(
            item.item_code,
            item.item_name,
            "",
            work_figures(links, item.work, job=item.job_id, item=item.item_id),
            share(item.work),
        )
        for item in items
    ]


def billed_figures(links: Links, billed: Billed, *, job: int | None = None) -> list[Figure]:
    """One for each column of the invoices."""
    return [links.billed(column, billed, job=job) for column in BILLED]


def billed_table(lines: Sequence[JobLine], links: Links) -> list[Row]:
    """A row for each job."""
    return [
        Row(
            f"{line.job_number} {line.project_name}",
            line.client_name,
            links.to("wip_job", pk=line.job_id),
            billed_figures(links, line.billed, job=line.job_id),
        )
        for line in lines
    ]


@dataclass(frozen=True)
class FixedRow:
    """A fixed-price job; `url` is where its contract amount and per cent are entered and kept."""

    line: FixedPrice
    url: str
    billed: Figure


def fixed_table(lines: Sequence[FixedPrice], links: Links) -> list[FixedRow]:
    """A row for each fixed-price job."""
    return [
        FixedRow(
            line, f"{reverse('job_page', args=[line.job_id])}#progress", links.to_date(line.billed, job=line.job_id)
        )
        for line in lines
    ]
