"""Work, taxes and fees as Hypothesis draws them, and drafts turned into documents without a database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from invoices.document import InvoiceData, build
from invoices.drafting import Draft, DraftLine, DraftTax, Work
from invoices.models import Invoice, InvoiceKind, InvoiceLine, InvoiceTax
from invoices.rows import AS_IS
from jobbook.jobs.models import Client, Section

DAY = date(2026, 11, 20)


def numbers(low: int, high: int, places: int) -> st.SearchStrategy[Decimal]:
    """Exact numbers of so many decimals, between two whole numbers."""
    scale = 10**places
    return st.integers(low * scale, high * scale).map(lambda n: Decimal(n).scaleb(-places))


RATES = numbers(0, 30, 4)
CENTS = numbers(-9_000, 9_000, 2)


@st.composite
def works(draw: st.DrawFn) -> list[Work]:
    """Lines of a few DWRs, with few items and prices, so that some are equal and roll into one."""
    prices = draw(st.lists(numbers(0, 500, 4), min_size=1, max_size=3))
    count = draw(st.integers(0, 12))
    return [draw(work(number, prices)) for number in range(1, count + 1)]


@st.composite
def work(draw: st.DrawFn, number: int, prices: list[Decimal]) -> Work:
    item, quantity, price = draw(st.integers(1, 4)), draw(numbers(0, 100, 4)), draw(st.sampled_from(prices))
    record = draw(st.integers(8, 12))
    return made(number, item=item, record=record, quantity=quantity, price=price, employee=draw(st.sampled_from("AB")))


def made(
    number: int = 1,
    *,
    item: int = 1,
    record: int = 9,
    quantity: Decimal = Decimal(8),
    price: Decimal = Decimal(96),
    employee: str = "A. B.",
    description: str = "",
) -> Work:
    """A line of DWR `record`. Items of even number are equipment, item 4 is exempt."""
    return Work(
        id=number,
        record_id=record,
        dwr_number=str(record),
        date=DAY + timedelta(days=record // 3),
        line_number=number,
        section=Section.EQUIPMENT if item % 2 == 0 else Section.LABOUR,
        item_id=item,
        item_code=f"I{item}",
        item_name=f"Item {item}",
        unit="h",
        account_code="4010",
        tax_exempt=item == 4,
        employee=employee,
        description=description,
        quantity=quantity,
        unit_price=price,
        amount=Decimal(0),  # drafting works it out
    )


def tax(number: int, rate: Decimal) -> DraftTax:
    return DraftTax(number, f"T{number}", f"Tax {number}", rate)


def taxes(most: int) -> st.SearchStrategy[list[DraftTax]]:
    return st.lists(RATES, max_size=most).map(lambda rates: [tax(n, rate) for n, rate in enumerate(rates, 1)])


def fee(percent: Decimal, carried: list[DraftTax], description: str = "Fuel") -> DraftLine:
    codes = tuple(each.code for each in carried)
    return DraftLine(Section.FEE, description, fee_percent=percent, taxes=codes, account_code="4900")


def lump(amount: Decimal, carried: list[DraftTax], section: str = Section.FIXED_PRICE) -> DraftLine:
    return DraftLine(section, "Lump sum", amount=amount, taxes=tuple(each.code for each in carried))


def document(draft: Draft) -> InvoiceData:
    """The draft as it would be stored and read back."""
    kind = InvoiceKind.INVOICE if draft.total >= 0 else InvoiceKind.CREDIT_NOTE
    row = Invoice(pk=1, number="INV-1", kind=kind, client=Client(client_number="C-1", name="Northwind"))
    row.client_name, row.currency = "Northwind", "CAD"
    row.invoice_date = row.due_date = DAY
    row.subtotal, row.tax, row.total = draft.subtotal, draft.tax, draft.total
    lines = [
        InvoiceLine(line_number=number, taxes=";".join(line.taxes), **{name: getattr(line, name) for name in _STORED})
        for number, line in enumerate(draft.lines, start=1)
    ]
    names = ("code", "name", "rate", "recoverable", "base", "amount")
    return build(row, lines, [InvoiceTax(**{name: getattr(each, name) for name in names}) for each in draft.taxes])


_STORED = [name for name in AS_IS if name != "record_id"]  # a DWR is looked up


def negated(draft: Draft) -> list[DraftLine]:
    """The lines of a credit note over everything."""
    return [
        replace(line, quantity=None if line.quantity is None else -line.quantity, amount=-line.amount)
        for line in draft.lines
    ]
