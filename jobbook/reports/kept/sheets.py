"""A kept report as tables: its jobs, and every row behind its figures."""

from jobbook.common.spreadsheet import Field, Sheet, Value
from jobbook.reports.kept.figures import fixed_of, job_lines_of
from jobbook.reports.kept.moved import STANDS
from jobbook.reports.models import KeptReport
from jobbook.reports.wip.columns import BILLED, WORK
from jobbook.reports.wip.figures import Part
from jobbook.reports.wip.lines import total_billed, total_work

_JOB = (Field("Job"), Field("Project"), Field("Client"))
_PARTS = tuple(Field(each.label, "money") for each in BILLED if each.part)


def kept_sheets(kept: KeptReport) -> list[Sheet]:
    """By job first, which is what a CSV holds."""
    made = f"Kept report {kept.number}, made by {kept.made_by_name}, SHA-256 {kept.sha256}"
    about = (kept.of_what, kept.of_whose, made)
    return [_by_job(kept, about), _work(kept, about), _invoices(kept, about), _fixed(kept, about)]


def _by_job(kept: KeptReport, about: tuple[str, ...]) -> Sheet:
    lines = job_lines_of(kept)
    work, billed = total_work(line.work for line in lines), total_billed(line.billed for line in lines)
    amounts = (*(each.label for each in WORK), *(each.label for each in BILLED))
    fields = (*_JOB, *(Field(label, "money") for label in amounts))
    rows: list[tuple[Value, ...]] = [
        (
            *(line.job_number, line.project_name, line.client_name),
            *(each.of(line.work) for each in WORK),
            *(each.of(line.billed) for each in BILLED),
        )
        for line in lines
    ]
    total = ("Total", None, None, *(each.of(work) for each in WORK), *(each.of(billed) for each in BILLED))
    return Sheet("By job", fields, rows, about, total)


def _work(kept: KeptReport, about: tuple[str, ...]) -> Sheet:
    jobs = dict(kept.jobs.values_list("job_id", "job_number"))
    fields = (Field("Date", "date"), Field("DWR"), Field("Job"), Field("Item"), Field("Amount", "money"))
    columns = ("date", "dwr_number", "job_id", "item_code", "amount", "place", "invoice_number")
    rows = kept.work.order_by("date", "dwr_number", "line_id").values_list(*columns)
    shown = [(day, dwr, jobs[job], item, amount, STANDS[place], on) for day, dwr, job, item, amount, place, on in rows]
    total = ("Total", None, None, None, kept.recorded, None, None)
    return Sheet("Work", (*fields, Field("Stood"), Field("Invoice")), shown, about, total)


def _invoices(kept: KeptReport, about: tuple[str, ...]) -> Sheet:
    jobs = dict(kept.jobs.values_list("job_id", "job_number"))
    fields = (Field("Date", "date"), Field("Invoice"), Field("Job"), Field("Queue"), *_PARTS)
    columns = ("date", "number", "job_id", "queue", *(str(part) for part in Part))
    rows = kept.invoices.order_by("date", "number").values_list(*columns)
    return Sheet(
        "Invoices", fields, [(day, no, jobs[job], STANDS[queue], *parts) for day, no, job, queue, *parts in rows], about
    )


def _fixed(kept: KeptReport, about: tuple[str, ...]) -> Sheet:
    fields = (*_JOB, Field("Contract amount", "money"), Field("Complete, %", "percent"))
    amounts = (Field("Earned", "money"), Field("Billed", "money"), Field("Billed over earned", "money"))
    rows = [
        (
            *(line.job_number, line.project_name, line.client_name),
            *(line.contract, line.percent, line.earned, line.billed, line.over),
        )
        for line in fixed_of(kept)
    ]
    return Sheet("Fixed price", (*fields, *amounts), rows, about)
