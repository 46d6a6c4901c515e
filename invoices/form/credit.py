"""The form of a credit note: which lines of an invoice are credited, and how much of each."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from invoices.drafting import Draft, DraftLine, DraftTax, recompute
from invoices.form.numbers import as_price, as_typed, number
from invoices.models import Invoice
from invoices.rows import lines_of, taxes_on
from jobbook.common.ids import as_id
from jobbook.common.money import LIMIT
from jobbook.jobs.models import Company, Section


class CreditForm(forms.Form):
    invoice_date = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}))
    memo = forms.CharField(
        label="Memo",
        required=False,
        max_length=10_000,
        help_text="Why. It is not printed.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_invoice_date(self) -> Any:
        day, closed = self.cleaned_data["invoice_date"], Company.current().books_closed_through
        if closed and day <= closed:
            raise forms.ValidationError(f"The books are closed through {closed:%-d %b %Y}.")
        return day


@dataclass
class CreditRow:
    """A line of the invoice; `text` is the quantity to credit, or the amount where the line has no quantity."""

    line: DraftLine
    ticked: bool
    text: str
    error: str = ""
    amount: Decimal | None = None

    @property
    def name(self) -> str:
        return f"credit-{self.line.id}"

    @property
    def whole(self) -> Decimal:
        """The most that may be credited, in the same measure as `text`."""
        return self.line.amount if self.line.quantity is None else self.line.quantity

    def read(self) -> DraftLine | None:
        """The line of the credit note; None if it is not credited, or `error` says why not."""
        if not self.ticked:
            return None
        try:
            credited = number(self.text, places=2 if self.line.quantity is None else 4)
        except ValueError as error:
            self.error = str(error)
            return None
        if not min(self.whole, Decimal(0)) <= credited <= max(self.whole, Decimal(0)):
            self.error = f"At most {as_typed(self.whole)} was invoiced."
            return None
        if not credited:
            return None
        bare = replace(self.line, id=None, fee_percent=None, is_adjustment=False, sources=())
        if self.line.quantity is None:
            return replace(bare, amount=-credited)
        return replace(bare, quantity=-credited)


@dataclass
class CreditSheet:
    """The whole form, worked out."""

    invoice: Invoice
    version: int  # of the invoice that the user saw
    form: CreditForm
    rows: list[CreditRow]
    taxes: list[DraftTax]
    lines: list[DraftLine]
    draft: Draft

    @property
    def is_stale(self) -> bool:
        """Was the invoice changed since the page showed it?"""
        return self.version != self.invoice.version

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Field id and sentence of everything that is wrong."""
        found = [(str(bound.id_for_label), f"{bound.label}: {error}") for bound in self.form for error in bound.errors]
        found += [
            (row.name, f"{row.line.description or row.line.item_code}: {row.error}") for row in self.rows if row.error
        ]
        if self.form.is_bound and not self.lines and not any(row.error for row in self.rows):
            found.append(("credit-lines", "Tick at least one line."))
        if self.lines and self.draft.total > 0:
            found.append(("credit-lines", "The lines come to more than zero: that is no credit."))
        if abs(self.draft.total) >= LIMIT:
            found.append(("credit-lines", "The total is too large."))
        return found


def credit_sheet(invoice: Invoice, data: QueryDict | None = None) -> CreditSheet:
    """The form with every line in full, or as it was sent."""
    form = CreditForm(data, initial={"invoice_date": timezone.localdate()})
    priced = [line for line in lines_of(invoice) if line.section != Section.UNPRICED and line.amount]
    rows = [_row(line, data) for line in priced]
    taxes = taxes_on(invoice)
    lines = []
    for row in rows:
        if line := row.read():
            lines.append(line)
            row.amount = recompute([line], []).subtotal
    version = invoice.version if data is None else as_id(data.get("version", ""))
    return CreditSheet(invoice, version, form, rows, taxes, lines, recompute(lines, taxes))


def _row(line: DraftLine, data: QueryDict | None) -> CreditRow:
    whole = as_price(line.amount) if line.quantity is None else as_typed(line.quantity)
    if data is None:
        return CreditRow(line, True, whole)
    return CreditRow(line, f"credit-{line.id}" in data, data.get(f"credit-{line.id}-text", whole).strip())
