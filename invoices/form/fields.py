"""The fields above and below the lines."""

from datetime import timedelta
from typing import Any

from django import forms

from invoices.models import Invoice
from jobbook.jobs.models import Company, Job, LineItemType

_DAY = {"type": "date"}


class InvoiceForm(forms.Form):
    """Date, terms, texts. A due date left empty follows from the client's terms."""

    invoice_date = forms.DateField(label="Date", widget=forms.DateInput(attrs=_DAY))
    due_date = forms.DateField(label="Due date", required=False, widget=forms.DateInput(attrs=_DAY))
    terms = forms.CharField(label="Terms", max_length=100, required=False)
    po_number = forms.CharField(label="PO number", max_length=64, required=False)
    line_item_type = forms.ChoiceField(
        label="Lines are printed",
        choices=LineItemType.choices,
        help_text="For printing, and for DWRs added from now on.",
    )
    memo = forms.CharField(
        label="Memo",
        required=False,
        max_length=10_000,
        help_text="For you and accounting. It is not printed.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    printed_terms = forms.CharField(
        label="Terms and conditions",
        required=False,
        max_length=20_000,
        help_text="Printed below the totals.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, job: Job, closed_before: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.job = job
        self.closed_before = closed_before  # the date the invoice has, which may be closed already
        days = job.client.terms_days
        self.fields["due_date"].help_text = f"Left empty: {days} day{'' if days == 1 else 's'} after the date."

    def clean_invoice_date(self) -> Any:
        """No invoice in books that are closed, none out of them."""
        chosen, closed = self.cleaned_data["invoice_date"], Company.current().books_closed_through
        for day in filter(None, (chosen, self.closed_before)):
            if closed and day <= closed:
                raise forms.ValidationError(f"The books are closed through {closed:%-d %b %Y}.")
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, due = cleaned.get("invoice_date"), cleaned.get("due_date")
        if start and due is None and "due_date" not in self.errors:
            try:
                cleaned["due_date"] = start + timedelta(days=self.job.client.terms_days)
            except OverflowError:
                self.add_error("invoice_date", "The calendar ends before the due date.")
        elif start and due and due < start:
            self.add_error("due_date", "The due date lies before the date of the invoice.")
        return cleaned


FIELDS = ("invoice_date", "due_date", "terms", "po_number", "line_item_type", "memo", "printed_terms")


def values_of(invoice: Invoice) -> dict[str, Any]:
    """What the form shows of an invoice."""
    return {name: getattr(invoice, name) for name in FIELDS}
