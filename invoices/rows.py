"""Between rows of the database and drafts: what is read to draft, and how a draft is written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.db.models import F, QuerySet

from invoices.drafting import Draft, DraftLine, DraftTax, Work
from invoices.models import Invoice, InvoiceLine, InvoiceTax, LineSource
from jobbook.jobs.models import DailyWorkRecord, Item, Job, JobFee, JobTax, Section, Tax, WorkLine

_BATCH = 200
_AS_IS = (
    "section",
    "description",
    "item_id",
    "item_code",
    "quantity",
    "unit",
    "unit_price",
    "amount",
    "account_code",
    "service_date",
    "record_id",
    "fee_percent",
    "is_adjustment",
)


def works_of(records: "QuerySet[DailyWorkRecord]") -> dict[int, list[Work]]:
    """The lines of `records`, by job. One query."""
    works: dict[int, list[Work]] = defaultdict(list)
    for line in WorkLine.objects.filter(record__in=records.order_by().values("pk")).select_related("record", "item"):
        works[line.record.job_id].append(_work(line))
    return works


def _work(line: WorkLine) -> Work:
    record, item = line.record, line.item
    return Work(
        id=line.pk,
        record_id=record.pk,
        dwr_number=record.dwr_number,
        date=record.date,
        line_number=line.line_number,
        section=line.section,
        item_id=item.pk,
        item_code=item.code,
        item_name=item.name,
        unit=item.unit,
        account_code=item.account_code,
        tax_exempt=item.tax_exempt,
        employee=line.employee,
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.amount,
    )


def taxes_of(job: Job) -> list[DraftTax]:
    """The taxes of a job, in its order."""
    return [_draft_tax(each.tax) for each in JobTax.objects.filter(job=job).select_related("tax")]


def taxes_on(invoice: Invoice) -> list[DraftTax]:
    """The taxes a line of this invoice may carry: its own as copied onto it, then those its job has besides."""
    own = [
        DraftTax(each.tax_id, each.code, each.name, each.rate, each.recoverable)
        for each in InvoiceTax.objects.filter(invoice=invoice)
    ]
    present = {each.tax_id for each in own}
    return own + [each for each in taxes_of(invoice.job) if each.tax_id not in present]


def _draft_tax(tax: Tax) -> DraftTax:
    return DraftTax(tax.pk, tax.code, tax.name, tax.rate, tax.recoverable)


def fees_of(job: Job, taxes: Sequence[DraftTax]) -> list[DraftLine]:
    """The fees of a job as lines, in its order. They carry its taxes, unless their item is exempt."""
    return [
        replace(item_line(fee.item, taxes, Section.FEE), description=fee.description, fee_percent=fee.percent, unit="")
        for fee in JobFee.objects.filter(job=job).select_related("item")
    ]


def item_line(item: Item, taxes: Sequence[DraftTax], section: str = "") -> DraftLine:
    """A new line of an item, without quantity and price: what a form starts from."""
    codes = () if item.tax_exempt else tuple(tax.code for tax in taxes)
    return DraftLine(
        section or item.section,
        description=item.name,
        item_id=item.pk,
        item_code=item.code,
        unit=item.unit,
        taxes=codes,
        account_code=item.account_code,
    )


def lines_of(invoice: Invoice) -> list[DraftLine]:
    """The lines of an invoice as they are, in order, each with its id."""
    lines = InvoiceLine.objects.filter(invoice=invoice)
    return [
        DraftLine(**{name: getattr(line, name) for name in _AS_IS}, taxes=tuple(line.tax_codes), id=line.pk)
        for line in lines
    ]


def write_lines(invoice: Invoice, draft: Draft) -> None:
    """Put lines and taxes of the draft onto an invoice: lines with an id are kept, those not in the draft go.

    The work behind a line that goes is left out: its sources stay, without a line.
    """
    rows = InvoiceLine.objects.filter(invoice=invoice)
    present = {row.pk: row for row in rows}
    rows.exclude(pk__in=[line.id for line in draft.lines if line.id]).delete()
    rows.update(line_number=F("line_number") + len(present) + len(draft.lines))  # out of the way: numbers are unique
    written = [_row(invoice, number, line, present) for number, line in enumerate(draft.lines, start=1)]
    kept = [row for row in written if row.pk]
    InvoiceLine.objects.bulk_update(kept, [*_AS_IS, "taxes", "line_number"], batch_size=_BATCH)
    InvoiceLine.objects.bulk_create([row for row in written if not row.pk], batch_size=_BATCH)
    InvoiceTax.objects.filter(invoice=invoice).delete()
    InvoiceTax.objects.bulk_create(_tax_rows(invoice, draft.taxes))
    _write_sources(invoice, draft, written)


def _row(invoice: Invoice, number: int, line: DraftLine, present: Mapping[int, InvoiceLine]) -> InvoiceLine:
    row = present[line.id] if line.id else InvoiceLine(invoice=invoice)
    row.line_number = number
    row.taxes = ";".join(line.taxes)
    for name in _AS_IS:
        setattr(row, name, getattr(line, name))
    return row


def _tax_rows(invoice: Invoice, taxes: Iterable[DraftTax]) -> list[InvoiceTax]:
    return [
        InvoiceTax(
            invoice=invoice,
            position=position,
            tax_id=each.tax_id,
            code=each.code,
            name=each.name,
            rate=each.rate,
            recoverable=each.recoverable,
            base=each.base,
            amount=each.amount,
        )
        for position, each in enumerate(taxes, start=1)
    ]


def _write_sources(invoice: Invoice, draft: Draft, rows: Sequence[InvoiceLine]) -> None:
    """The work behind each new line, with what was recorded."""
    line_of = {source: row for line, row in zip(draft.lines, rows, strict=True) for source in line.sources}
    works = WorkLine.objects.filter(pk__in=line_of)
    LineSource.objects.bulk_create(
        [
            LineSource(
                work_line=work, invoice=invoice, line=line_of[work.pk], quantity=work.quantity, amount=work.amount
            )
            for work in works
        ],
        batch_size=_BATCH,
    )


def write_left_out(invoice: Invoice, record_ids: Sequence[int], billed: set[int]) -> None:
    """The lines of these DWRs that stand behind no line of the invoice: settled by it all the same."""
    works = WorkLine.objects.filter(record__in=record_ids).exclude(pk__in=billed)
    LineSource.objects.bulk_create(
        [LineSource(work_line=work, invoice=invoice, quantity=work.quantity, amount=work.amount) for work in works],
        batch_size=_BATCH,
    )
