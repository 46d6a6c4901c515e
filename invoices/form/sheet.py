"""The invoice form as a whole: its fields, rows, ticks and totals, from an invoice, a job, or what was sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from invoices.changed import changes_of
from invoices.drafting import Draft, DraftLine, adjust, recompute, work_lines
from invoices.form.fields import InvoiceForm, values_of
from invoices.form.numbers import as_price, number
from invoices.form.row import Choices, Row, posted_rows, read, row_of
from invoices.models import Invoice
from invoices.rows import fees_of, item_line, lines_of, taxes_of, taxes_on, works_of
from jobbook.common.ids import as_id
from jobbook.common.money import LIMIT, total_of
from jobbook.jobs.models import BillingType, Company, DailyWorkRecord, Expense, Item, Job, Section
from jobbook.jobs.models.expense import ExpenseState
from jobbook.jobs.prices import prices_of

TABS = (Section.LABOUR, Section.EQUIPMENT, Section.FIXED_PRICE, Section.UNPRICED)


@dataclass
class Sheet:
    """What the form holds. `fixed_subtotal` is the typed-over sum of Fixed Price as text, '' for none."""

    job: Job
    invoice: Invoice | None
    form: InvoiceForm
    choices: Choices
    rows: list[Row]
    version: int = 0
    fixed_subtotal: str = ""
    fixed_error: str = ""
    expenses: list[int] = field(default_factory=list)  # ticked: accounted for by this invoice
    records: dict[int, int] = field(default_factory=dict)  # DWRs it takes besides its own: the version drawn up
    lines: list[DraftLine] = field(default_factory=list)  # of the rows without a fault
    draft: Draft | None = None

    def work_out(self) -> None:
        """Lines, amounts and totals from the rows; what is wrong with a row stands on it, and it is left out."""
        typed = [row for row in self.rows if not row.is_blank]
        found = [(row, line) for row in typed if (line := read(row, self.choices))]
        for row in self.rows:
            row.errors = {} if row.is_new else row.errors
        self.lines = self._adjusted([line for _, line in found])
        self.draft = recompute(self.lines, self.choices.taxes)
        for section in Section:
            rows = [row for row, line in found if line.section == section]
            done = [line for line in self.draft.lines if line.section == section and not line.is_adjustment]
            for row, line in zip(rows, done, strict=True):
                row.amount = line.amount

    def _adjusted(self, lines: list[DraftLine]) -> list[DraftLine]:
        self.fixed_error = ""
        if not self.fixed_subtotal:
            return lines
        try:
            typed = number(self.fixed_subtotal, places=2)
        except ValueError as error:
            self.fixed_error = str(error)
            return lines
        earlier = [line for line in self.choices.lines.values() if line.is_adjustment]
        return adjust([*lines, *earlier], typed, self.choices.taxes)

    @property
    def draft_now(self) -> Draft:
        if self.draft is None:
            self.work_out()
        assert self.draft is not None
        return self.draft

    @property
    def adjustment(self) -> Decimal | None:
        """The difference that a typed-over subtotal makes."""
        return next((line.amount for line in self.draft_now.lines if line.is_adjustment), None)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Field id and sentence of everything that is wrong, in the order of the form."""
        return [*self._of_fields(), *(problem for row in self.rows for problem in row.problems), *self._of_totals()]

    def _of_fields(self) -> Iterator[tuple[str, str]]:
        for bound in self.form:
            for error in bound.errors:
                yield str(bound.id_for_label), f"{bound.label}: {error}"

    def _of_totals(self) -> Iterator[tuple[str, str]]:
        if self.fixed_error:
            yield "id_fixed_subtotal", f"Fixed-price subtotal: {self.fixed_error}"
        if abs(self.draft_now.total) >= LIMIT:
            yield "totals", "The total is too large."

    def rows_in(self, section: str) -> list[Row]:
        return [row for row in self.rows if row.section == section]

    def section_totals(self) -> list[tuple[str, Decimal]]:
        """Label and subtotal of each section with lines, fees last."""
        return [
            (str(section.label), total_of(line.amount for line in self.draft_now.lines if line.section == section))
            for section in (*TABS[:3], Section.FEE)
            if any(line.section == section for line in self.draft_now.lines)
        ]

    def values(self) -> dict[str, Any]:
        """The fields as the commands take them."""
        return dict(self.form.cleaned_data)

    def add(self, line: DraftLine, *, focus: bool = False) -> None:
        """A row for a new line."""
        row = row_of(max((row.index for row in self.rows), default=-1) + 1, line)
        row.is_new, row.takes_focus = True, focus
        row.records = tuple(sorted({self.choices.works[source] for source in line.sources}))
        self.rows.append(row)

    def add_records(self, ids: list[int]) -> None:
        """Rows for the work of these DWRs, drawn up as the job's invoices are.

        One that cannot be invoiced gets none; it stays on the form all the same, so that saving says why.
        """
        wanted = records_to_add(self.job).filter(pk__in=ids)
        versions = dict(wanted.values_list("pk", "version"))  # before the work: a change between the two is seen then
        works = works_of(wanted).get(self.job.pk, [])
        self.choices = replace(
            self.choices, works={**self.choices.works, **{work.id: work.record_id for work in works}}
        )
        how = self.form["line_item_type"].value()
        for line in work_lines(works, line_item_type=str(how), taxes=self.choices.taxes):
            self.add(line)
        self.records |= {pk: versions.get(pk, 0) for pk in ids}

    def draw_anew(self, record_id: int) -> None:
        """The lines of a DWR as it is now; none if it cannot be invoiced any more. So for those rolled up with it."""
        together = self._rolled_up_with(record_id)
        self.rows = [row for row in self.rows if not together.intersection(row.records)]
        self.records = {pk: seen for pk, seen in self.records.items() if pk not in together}
        self.add_records([pk for pk in records_to_add(self.job).values_list("pk", flat=True) if pk in together])

    def _rolled_up_with(self, record_id: int) -> set[int]:
        """The DWRs that share a line with this one, or with one that does."""
        together = {record_id}
        while more := {pk for row in self.rows if together.intersection(row.records) for pk in row.records} - together:
            together |= more
        return together


def new_sheet(job: Job) -> Sheet:
    """The form for a new invoice of a job, with the job's fees and, for a fixed price, a first row."""
    taxes = taxes_of(job)
    company = Company.current()
    form = InvoiceForm(
        initial={
            "invoice_date": timezone.localdate(),
            "terms": job.client.terms,
            "po_number": job.po_number,
            "line_item_type": job.line_item_type,
            "printed_terms": company.printed_terms,
        },
        job=job,
    )
    sheet = Sheet(job, None, form, Choices(taxes, items_of(job), {}, {}), [])
    for fee in fees_of(job, taxes):
        sheet.add(fee)
    if job.billing_type == BillingType.FIXED_PRICE:
        sheet.add(new_line(sheet, Section.FIXED_PRICE, ""))
    return sheet


def sheet_of(invoice: Invoice) -> Sheet:
    """The form of an invoice as it is."""
    lines = lines_of(invoice)
    form = InvoiceForm(initial=values_of(invoice), job=invoice.job)
    rows = [row_of(index, line) for index, line in enumerate(line for line in lines if not line.is_adjustment)]
    sheet = Sheet(invoice.job, invoice, form, _choices(invoice, lines), rows, version=invoice.version)
    sheet.expenses = list(invoice.invoiced_expenses.values_list("expense_id", flat=True))
    if any(line.is_adjustment for line in lines):
        fixed = total_of(line.amount for line in lines if line.section == Section.FIXED_PRICE)
        sheet.fixed_subtotal = as_price(fixed)
    mark_changes(sheet)
    return sheet


def _choices(invoice: Invoice, lines: list[DraftLine]) -> Choices:
    return Choices(taxes_on(invoice), items_of(invoice.job, lines), {line.id: line for line in lines if line.id}, {})


def posted_sheet(job: Job, invoice: Invoice | None, data: QueryDict) -> Sheet:
    """The form as it was sent. DWRs and expenses that it may not have any more are kept: saving is refused then."""
    closed_before = invoice.invoice_date if invoice else None
    form = InvoiceForm(data, job=job, closed_before=closed_before)
    records = _seen(data.getlist("records"))
    added = DailyWorkRecord.objects.filter(pk__in=list(records))
    works = {work.id: work.record_id for work in works_of(added).get(job.pk, [])}
    if invoice:
        choices = _choices(invoice, lines_of(invoice))
        choices = Choices(choices.taxes, choices.items, choices.lines, works)
    else:
        choices = Choices(taxes_of(job), items_of(job), {}, works)
    sheet = Sheet(job, invoice, form, choices, posted_rows(data, choices), records=records)
    version = data.get("version", "")
    sheet.version = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    sheet.fixed_subtotal = data.get("fixed_subtotal", "").strip()
    sheet.expenses = ids_of(data.getlist("expenses"))
    mark_changes(sheet)
    return sheet


def _seen(texts: list[str]) -> dict[int, int]:
    """DWRs and the versions their lines were drawn up from, as the form sends them: '12:3'."""
    parts = (text.partition(":") for text in texts)
    return {pk: as_id(version) for record, _, version in parts if (pk := as_id(record))}


def mark_changes(sheet: Sheet) -> None:
    """Say on each row how its line differs from what its DWR recorded."""
    if sheet.invoice is None:
        return
    changes = changes_of(sheet.invoice)
    for row in sheet.rows:
        row.changed = changes.get(row.id or 0, "")


def items_of(job: Job, lines: "list[DraftLine] | None" = None) -> dict[str, Item]:
    """What a line may name: the active items, and those that stand on the invoice already."""
    used = {line.item_id for line in lines or [] if line.item_id}
    rows = Item.objects.filter(Q(active=True) | Q(pk__in=used)).order_by("code")
    return {item.code.lower(): item for item in rows}


def records_to_add(job: Job) -> Any:
    """The DWRs of the job that an invoice may take."""
    return DailyWorkRecord.objects.to_invoice().filter(job=job).order_by("date", "pk")


def pending_expenses(job: Job, invoice: Invoice | None) -> Any:
    """Expenses of the job not accounted for yet, and those this invoice accounts for."""
    waiting = Q(state__in=[ExpenseState.SUBMITTED, ExpenseState.APPROVED])
    own = Q(invoiced__invoice=invoice) if invoice else Q(pk__in=[])
    return Expense.objects.filter(waiting | own, job=job).order_by("date", "pk")


def ids_of(texts: list[str]) -> list[int]:
    """The ids that were sent, each once."""
    return list(dict.fromkeys(pk for text in texts if (pk := as_id(text))))


def expense_line(expense: Expense, sheet: Sheet) -> DraftLine:
    """What "Add as line" makes of an expense."""
    words = " – ".join(part for part in (expense.item, expense.description) if part) or str(expense)
    codes = tuple(tax.code for tax in sheet.choices.taxes)
    return DraftLine(
        Section.EQUIPMENT, description=words, amount=expense.amount, taxes=codes, service_date=expense.date
    )


def new_line(sheet: Sheet, section: str, code: str) -> DraftLine:
    """An empty line, or one of the item with this code, at its price on the job."""
    item = sheet.choices.items.get(code.strip().lower())
    if item:
        price = prices_of(sheet.job, [item]).get(item.pk)
        return replace(item_line(item, sheet.choices.taxes, section), unit_price=price.unit if price else None)
    if section == Section.UNPRICED:
        return DraftLine(section)
    return DraftLine(section, taxes=tuple(tax.code for tax in sheet.choices.taxes))
