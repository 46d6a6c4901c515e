"""What making and changing an invoice ask before anything is written. Each raises Refused, in the user's words."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from invoices.drafting import Draft, DraftLine
from invoices.models import Invoice, InvoiceKind, InvoiceLine
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission
from jobbook.common.errors import Refusal, Refused
from jobbook.common.money import LIMIT, total_of
from jobbook.common.transitions import lock_rows
from jobbook.jobs.models import Company

_CODES = int(InvoiceLine._meta.get_field("taxes").max_length or 0)


def lock_invoice(invoice_id: int) -> Invoice:
    """The locked invoice, with job, client, batch and credited invoice. Refused when it was deleted."""
    rows = Invoice.objects.filter(pk=invoice_id)
    lock_rows(rows)
    invoice = rows.select_related("job__client", "client", "batch", "credits").first()
    if invoice is None:
        raise Refused("The invoice is not there any more.")
    return invoice


def refuse_others(by: User) -> None:
    """Invoices are made and changed by Administrators."""
    if not by.can(Permission.INVOICE):
        raise Refused("Nothing was changed.", [Refusal("not_yours", "only an Administrator may do this")])


def refuse_closed(*days: date | None) -> None:
    """Nothing dated in a closed period is made, changed or deleted."""
    closed = Company.current().books_closed_through
    if closed and any(day and day <= closed for day in days):
        raise Refused(f"The books are closed through {closed:%-d %b %Y}. Date it later, or have the period opened.")


def refuse_misdated(values: Mapping[str, Any]) -> None:
    """An invoice is due on its date or later."""
    if values["due_date"] < values["invoice_date"]:
        raise Refused("The due date lies before the date of the invoice.")


def refuse_misshapen(lines: Iterable[DraftLine]) -> None:
    """Lines that cannot be worked out: a price without its quantity, a number beyond all bounds."""
    refusals = [
        Refusal("line", reason, label=f"Line {number}") for number, line in enumerate(lines, 1) for reason in _of(line)
    ]
    if refusals:
        raise Refused("Nothing was saved.", refusals)


def _of(line: DraftLine) -> Iterator[str]:
    if (line.quantity is None) != (line.unit_price is None):
        yield "quantity and unit price stand together or not at all"
    numbers = (line.quantity, line.unit_price, line.amount, line.fee_percent)
    if any(number is not None and abs(number) > LIMIT for number in numbers):
        yield f"a number is beyond {LIMIT:,.2f}"
    if len(";".join(line.taxes)) > _CODES:
        yield f"the codes of its taxes are longer than {_CODES} characters together"


def refuse_totals(
    kind: str, worked_out: Draft, *, credited: Invoice | None = None, left: Decimal | None = None
) -> None:
    """A document's sign fits its kind, its sums are within bounds. left: what may still be credited of `credited`."""
    sums = [worked_out.subtotal, worked_out.total, *(line.amount for line in worked_out.lines)]
    sums += [amount for tax in worked_out.taxes for amount in (tax.base, tax.amount)]
    if any(abs(amount) > LIMIT for amount in sums):
        raise Refused(f"The amounts are too large: none may be beyond {LIMIT:,.2f}.")
    if kind == InvoiceKind.INVOICE and worked_out.total < 0:
        raise Refused(f"The lines come to {worked_out.total:,.2f}: that is a credit note, not an invoice.")
    if kind == InvoiceKind.CREDIT_NOTE and worked_out.total > 0:
        raise Refused(f"The lines come to {worked_out.total:,.2f}: a credit note does not come to more than zero.")
    if left is not None and left + worked_out.total < 0:
        raise Refused(f"Only {left:,.2f} of the invoice is left to credit; this is {-worked_out.total:,.2f}.")


def left_to_credit(invoice: Invoice, *, besides: Invoice | None = None) -> Decimal:
    """The total of an invoice less what was credited of it, `besides` one credit note."""
    notes = invoice.credit_notes.exclude(pk=besides.pk) if besides else invoice.credit_notes.all()
    return total_of([invoice.total, *notes.values_list("total", flat=True)])
