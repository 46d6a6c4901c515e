"""The report as tables for files: the columns, order and totals of the screen."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from invoices.models import InvoiceKind, Queue
from jobbook.common.money import total_of
from jobbook.common.spreadsheet import Field, Sheet, Value
from jobbook.reports.wip.behind import Behind
from jobbook.reports.wip.billed import column
from jobbook.reports.wip.columns import APPROVED, BILLED, DRAFT, SUBMITTED, WORK, share
from jobbook.reports.wip.figures import Billed, ItemLine, Part, Place, Work
from jobbook.reports.wip.report import Report

JOB = (Field("Job"), Field("Project"), Field("Client"))
WORK_FIELDS = (*(Field(column.label, "money") for column in WORK), Field("On invoices, %", "percent"))
BILLED_FIELDS = tuple(Field(column.label, "money") for column in BILLED)
STANDS = {
    Place.DRAFT: DRAFT.label,
    Place.SUBMITTED: SUBMITTED.label,
    Place.APPROVED: APPROVED.label,
    **dict(Queue.choices),
}


def report_sheets(found: Report, items: Mapping[int, Sequence[ItemLine]], about: Sequence[str]) -> list[Sheet]:
    """By job first, which is what a CSV holds."""
    return [by_job(found, about), _by_item(found, items, about), _invoices(found, about), *_others(found, about)]


def by_job(found: Report, about: Sequence[str]) -> Sheet:
    return Sheet(
        "By job",
        (*JOB, *WORK_FIELDS),
        [(*_job(line), *_work(line.work)) for line in found.lines],
        about,
        ("Total", None, None, *_work(found.work)),
    )


def _by_item(found: Report, items: Mapping[int, Sequence[ItemLine]], about: Sequence[str]) -> Sheet:
    rows = [
        (*_job(line), item.item_code, item.item_name, *_work(item.work))
        for line in found.lines
        for item in items.get(line.job_id, ())
    ]
    total = ("Total", None, None, None, None, *_work(found.work))
    return Sheet("By line item", (*JOB, Field("Item"), Field("Description"), *WORK_FIELDS), rows, about, total)


def _invoices(found: Report, about: Sequence[str]) -> Sheet:
    return Sheet(
        "Invoices",
        (*JOB, *BILLED_FIELDS),
        [(*_job(line), *_billed(line.billed)) for line in found.invoiced_lines],
        about,
        ("Total", None, None, *_billed(found.billed)),
    )


def _others(found: Report, about: Sequence[str]) -> list[Sheet]:
    amounts = ("Contract amount", "Earned", "Billed", "Billed over earned")
    contract, earned, billed, over = (Field(label, "money") for label in amounts)
    fields = (*JOB, contract, Field("Complete, %", "percent"), Field("Entered for", "date"), earned, billed, over)
    fixed = [
        (*_job(line), line.contract, line.percent, line.percent_date, line.earned, line.billed, line.over)
        for line in found.fixed
    ]
    ages = [(age.label, age.amount) for age in found.ages]
    to_date = (*about[:1], "Fixed-price jobs to date, from their beginning, whatever the days above.")
    return [
        Sheet("Fixed price", fields, fixed, to_date),
        Sheet(
            "Unbilled by age",
            (Field("Days from the DWR"), Field("Unbilled", "money")),
            ages,
            about,
            ("Total", total_of(age.amount for age in found.ages)),
        ),
    ]


def work_rows_sheet(rows: Iterable[Any], total: Decimal, behind: Behind, about: Sequence[str]) -> Sheet:
    """Lines of work behind a figure."""
    fields = (
        *(Field("Date", "date"), Field("DWR"), Field("Job"), Field("Item"), Field("Description"), Field("Employee")),
        *(Field("Hours", "quantity"), Field("Quantity", "quantity"), Field("Unit price", "quantity")),
        *(Field("Amount", "money"), Field("Stands"), Field("Invoice")),
    )
    shown = [
        (
            *(row.record__date, row.record__dwr_number, row.record__job__job_number, row.item__code, row.item__name),
            *(row.employee, row.hours, row.quantity, row.unit_price, row.amount),
            *(STANDS[Place(row.place)], row.invoice_number),
        )
        for row in rows
    ]
    return Sheet(behind.label, fields, shown, about, ("Total", *[None] * 8, total, None, None))


def invoice_rows_sheet(rows: Iterable[Any], total: Decimal, behind: Behind, about: Sequence[str]) -> Sheet:
    """Invoices behind a figure; the last column is what makes it."""
    parts = [Field(each.label, "money") for each in BILLED if each.part]
    fields = (Field("Date", "date"), Field("Invoice"), Field("Kind"), Field("Job"), Field("Queue"), *parts)
    shown = [
        (
            *(row.invoice_date, row.number, str(InvoiceKind(row.kind).label), row.job__job_number),
            *(STANDS[Place(row.place)], *(getattr(row, column(part)) for part in Part), row.counted),
        )
        for row in rows
    ]
    last = Field(f"Counted: {behind.label}", "money")
    return Sheet(behind.label, (*fields, last), shown, about, ("Total", *[None] * (4 + len(Part)), total))


def _job(line: Any) -> tuple[Value, ...]:
    return (line.job_number, line.project_name, line.client_name)


def _work(work: Work) -> tuple[Value, ...]:
    return (*(column.of(work) for column in WORK), share(work))


def _billed(billed: Billed) -> tuple[Value, ...]:
    return tuple(column.of(billed) for column in BILLED)
