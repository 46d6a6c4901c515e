"""The figures of a kept report, from its own rows alone."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from jobbook.common.money import money_sum, total_of
from jobbook.reports.models import KeptInvoice, KeptJob, KeptReport
from jobbook.reports.wip.columns import largest_first
from jobbook.reports.wip.figures import ZERO, Billed, FixedPrice, JobLine, Part, Work


def job_lines_of(kept: KeptReport) -> list[JobLine]:
    """Its jobs, the most unbilled first. Three queries."""
    work: dict[int, dict[str, Decimal]] = defaultdict(dict)
    sums = kept.work.order_by().values_list("job_id", "place").annotate(total=money_sum("amount"))
    for job, place, amount in sums:
        work[job][place] = amount
    billed = _billed(kept.invoices.all())
    jobs = kept.jobs.filter(is_fixed=False)
    return largest_first([_line(job, Work(work[job.job_id]), billed.get(job.job_id, Billed())) for job in jobs])


def _line(job: KeptJob, work: Work, billed: Billed) -> JobLine:
    return JobLine(job.job_id, job.job_number, job.project_name, job.client_name, work, billed)


def _billed(invoices: Iterable[KeptInvoice]) -> dict[int, Billed]:
    found: dict[int, Billed] = defaultdict(Billed)
    for invoice in invoices:
        billed = found[invoice.job_id]
        for part, amount in parts_of(invoice).items():
            billed.parts[part] = billed.parts.get(part, ZERO) + amount
        billed.queues[invoice.queue] = billed.queues.get(invoice.queue, ZERO) + whole_of(invoice)
    return found


def parts_of(invoice: KeptInvoice) -> dict[str, Decimal]:
    """What a kept invoice was made of, by Part."""
    return {part: getattr(invoice, part) for part in Part}


def whole_of(invoice: KeptInvoice) -> Decimal:
    """What it billed, before tax."""
    return total_of(parts_of(invoice).values())


def fixed_of(kept: KeptReport) -> list[FixedPrice]:
    """Its fixed-price jobs to date, by job number."""
    return [
        FixedPrice(
            job_id=job.job_id,
            job_number=job.job_number,
            project_name=job.project_name,
            client_name=job.client_name,
            contract=job.contract,
            percent=job.percent,
            percent_date=job.percent_date,
            earned=job.earned,
            billed=job.billed or ZERO,
        )
        for job in kept.jobs.filter(is_fixed=True).order_by("job_number")
    ]
