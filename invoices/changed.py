"""Where an invoice says something else than the DWRs behind it: hours edited on an invoice never change the DWR."""

from collections import defaultdict
from decimal import Decimal

from invoices.models import Invoice, InvoiceLine, LineSource
from jobbook.common.money import format_money, format_quantity, total_of

CENTS = Decimal("0.01")


def changes_of(invoice: Invoice) -> dict[int, str]:
    """For each line that differs from its DWRs, by its id, what they recorded, in words. Two queries."""
    sources: dict[int, list[LineSource]] = defaultdict(list)
    for source in LineSource.objects.filter(invoice=invoice, line__isnull=False).select_related("work_line__record"):
        sources[source.line_id or 0].append(source)
    lines = InvoiceLine.objects.filter(pk__in=sources)
    return {line.pk: _words(sources[line.pk]) for line in lines if _differs(line, sources[line.pk])}


def left_out(invoice: Invoice) -> list[LineSource]:
    """Work that the invoice settles without a line."""
    rows = LineSource.objects.filter(invoice=invoice, line__isnull=True)
    return list(rows.select_related("work_line__record", "work_line__item").order_by("work_line__record__date", "pk"))


def _differs(line: InvoiceLine, sources: list[LineSource]) -> bool:
    """A rolled-up line may differ from its DWRs by the cents of rounding: half of one for each."""
    if line.quantity != sum((source.quantity for source in sources), Decimal(0)):
        return True
    rounding = CENTS * len(sources) if len(sources) > 1 else Decimal(0)
    recorded = total_of(source.amount for source in sources)
    return bool(abs(line.amount - recorded) > rounding)


def _words(sources: list[LineSource]) -> str:
    numbers = sorted({source.work_line.record.dwr_number for source in sources})
    quantity = sum((source.quantity for source in sources), Decimal(0))
    amount = total_of(source.amount for source in sources)
    shown = ", ".join(numbers[:3]) + (f" and {len(numbers) - 3} more" if len(numbers) > 3 else "")
    return f"DWR {shown}: {format_quantity(quantity)}, {format_money(amount)}"
