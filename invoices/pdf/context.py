"""What the template prints: every value of a document as finished text.

A ticket is the same without money: what has an amount is not among its names at all.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.dateformat import format as format_date

from invoices.document import InvoiceData, LineData, TaxData
from invoices.pdf.lines import DayBlock, SectionBlock, categories, day_blocks, fees
from jobbook.common.drawing import svg_path
from jobbook.common.money import format_money, total_of
from jobbook.common.printing.text import printable
from jobbook.jobs.models import Section

_SYMBOLS = {"CAD": "$", "USD": "$", "AUD": "$", "NZD": "$", "EUR": "€", "GBP": "£"}


def context(document: InvoiceData, *, logo: bool = False) -> dict[str, Any]:
    """The template's names for `document`. Text is printable but not escaped: the template does that."""
    title = "Credit note" if document.is_credit_note else "Invoice"
    return {
        "title": title,
        "number": printable(document.number),
        "party": printable(document.bill_to_name or document.client_name),
        "created": document.invoice_date.isoformat(),
        "logo": logo,
        "seller": {
            "name": printable(document.seller_name),
            "lines": _lines_of(document.seller_address, document.seller_contact),
            "tax_number": printable(document.seller_tax_number),
        },
        "facts": _facts(document, title),
        "bill_to": _address(document.bill_to),
        "job": _job(document),
        "references": _references(document),
        "blocks": _blocks(document),
        "summary": _summary(document),
        "totals": _totals(document),
        "due": (_due_label(document), _with_symbol(document.total, document.currency)),
        "signatures": _signatures(document),
        "terms": _lines_of(document.printed_terms),
    }


def ticket_context(document: InvoiceData, *, logo: bool = False) -> dict[str, Any]:
    """The template's names for the ticket of `document`: lines with quantities, and nothing about money."""
    lines = tuple(line for line in document.lines if line.section != Section.FEE and not line.is_adjustment)
    names = context(replace(document, lines=lines), logo=logo)
    blocks = [
        {**asdict(block), "amount": "", "total_label": "", "sections": _without_money(block.sections)}
        for block in names["blocks"]
    ]
    kept = {name: value for name, value in names.items() if name not in {"summary", "totals", "due"}}
    facts = _filled([("Ticket no.", document.number), ("Ticket date", long_date(document.invoice_date))])
    return {**kept, "title": "Ticket", "facts": facts, "blocks": blocks, "is_ticket": True}


def _without_money(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Description, quantity and unit are the first three of a line."""
    return [{"label": section["label"], "lines": [line[:3] for line in section["lines"]]} for section in sections]


def _job(document: InvoiceData) -> dict[str, Any]:
    return {
        "number": printable(document.job_number),
        "project": printable(document.project_name),
        "location": _lines_of(document.location),
    }


def _lines_of(*texts: str) -> list[str]:
    return [line.strip() for text in texts for line in printable(text).split("\n") if line.strip()]


def _filled(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(label, printable(value)) for label, value in pairs if value.strip()]


def _facts(document: InvoiceData, title: str) -> list[tuple[str, str]]:
    """The rows below the title; the last one is printed bold."""
    rows = [(f"{title} no.", document.number), (f"{title} date", long_date(document.invoice_date))]
    if document.is_credit_note:
        return _filled([*rows, ("Credits invoice", document.credits)])
    return _filled([*rows, ("Terms", document.terms), ("Due date", long_date(document.due_date))])


def _address(parts: tuple[str, ...]) -> list[str]:
    """Six fields (address 1 and 2, city, region, postal code, country) as at most four lines."""
    first, second, city, region, postal_code, country = (printable(part).strip() for part in parts)
    place = " ".join(filter(None, [", ".join(filter(None, [city, region])), postal_code]))
    return [line for line in (first, second, place, country) if line]


def _references(document: InvoiceData) -> list[tuple[str, str]]:
    records = {line.dwr_number for line in document.lines if line.dwr_number}
    return _filled(
        [
            ("Purchase order", document.po_number),
            ("Client project", document.client_project_number),
            ("Office", document.office_name),
            ("Work dates", _work_dates(document)),
            ("DWRs", str(len(records) or "")),
        ]
    )


def _work_dates(document: InvoiceData) -> str:
    """'27–29 October 2026'."""
    days = sorted({line.service_date for line in document.lines if line.service_date})
    return date_range(days[0], days[-1]) if days else ""


def date_range(first: date, last: date) -> str:
    if first == last:
        return long_date(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{long_date(last)}"
    start = format_date(first, "j F") if first.year == last.year else long_date(first)
    return f"{start} – {long_date(last)}"


def long_date(day: date) -> str:
    return format_date(day, "j F Y")


@dataclass(frozen=True, slots=True)
class Block:
    """A day on paper: `head` and `total_label` are empty when the whole document is one block."""

    head: str
    description: str
    sections: list[dict[str, Any]]
    notes: list[tuple[str, str, str]]
    total_label: str
    amount: str


def _blocks(document: InvoiceData) -> list[Block]:
    blocks = day_blocks(document)
    places = max((_places(line.quantity) for line in document.lines if line.quantity is not None), default=0)
    return [_block(block, places, alone=len(blocks) == 1) for block in blocks]


def _block(block: DayBlock, places: int, *, alone: bool) -> Block:
    head, total_label = _headings(block)
    bare = alone and not block.dwr_number and not block.day
    return Block(
        head="" if bare else head,
        description=printable(block.description),
        sections=[_section(section, places) for section in block.sections],
        notes=[_counted(line, places) for line in block.notes],
        total_label=total_label if block.sections and not bare else "",
        amount=format_money(block.amount),
    )


def _headings(block: DayBlock) -> tuple[str, str]:
    day = format_date(block.day, "l, j F Y") if block.day else ""
    if block.dwr_number:
        label = f"DWR {printable(block.dwr_number)}"
        return " · ".join(filter(None, [label, day])), f"{label} total"
    return (day, f"{long_date(block.day)} total") if block.day else ("Other items", "Other items total")


def _section(section: SectionBlock, places: int) -> dict[str, Any]:
    lines = [(*_counted(line, places), _price(line), format_money(line.amount)) for line in section.lines]
    return {"label": section.label, "amount": format_money(section.amount), "lines": lines}


def _counted(line: LineData, places: int) -> tuple[str, str, str]:
    """Description, quantity, unit."""
    count = "" if line.quantity is None else f"{line.quantity:,.{places}f}"
    return _description(line), count, printable(line.unit)


def _price(line: LineData) -> str:
    return "" if line.unit_price is None else unit_price(line.unit_price)


def _description(line: LineData) -> str:
    return printable(line.description or line.item_code).strip()


def _places(value: Decimal) -> int:
    """The decimals `value` needs, 0 to 4: all quantities of a document are printed with as many as one of them."""
    return len(_plain(value).partition(".")[2])


def _plain(value: Decimal) -> str:
    """1234.5000 -> '1,234.5', 8.0000 -> '8'."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_price(value: Decimal) -> str:
    """At least two decimals, four where they are needed: '34.5375', '0.72'."""
    return _plain(value) if _places(value) > 2 else format_money(value)


def _summary(document: InvoiceData) -> list[tuple[str, str, str]]:
    """Category, amount, share of the subtotal; empty when there is only one category."""
    rows = categories(document)
    return [(label, format_money(amount), _share(amount, document.subtotal)) for label, amount in rows if len(rows) > 1]


def _share(amount: Decimal, whole: Decimal) -> str:
    return f"{100 * amount / whole:.1f}%" if whole else ""


def _totals(document: InvoiceData) -> list[tuple[str, str]]:
    charged = fees(document)
    rows = []
    if charged:
        before = document.subtotal - total_of(line.amount for line in charged)
        rows = [("Before fees", format_money(before))]
        rows += [(_description(line) or "Fee", format_money(line.amount)) for line in charged]
    return [
        *rows,
        ("Subtotal", format_money(document.subtotal)),
        *((_tax_label(tax), format_money(tax.amount)) for tax in document.taxes),
    ]


def _tax_label(tax: TaxData) -> str:
    """'GST 5%'; a tax whose name already tells its rate keeps it."""
    name, rate = printable(tax.name or tax.code), f"{_plain(tax.rate)}%"
    return name if rate in name else f"{name} {rate}"


def _due_label(document: InvoiceData) -> str:
    return f"{'Total credit' if document.is_credit_note else 'Total due'} ({printable(document.currency)})"


def _with_symbol(value: Decimal, currency: str) -> str:
    sign = "-" if value < 0 else ""
    return f"{sign}{_SYMBOLS.get(currency, '')}{format_money(abs(value))}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature area. `path` is the drawing; without one the name stands on the line alone."""

    title: str
    name: str
    caption: str
    day: str
    path: str = ""


def _signatures(document: InvoiceData) -> list[Signature]:
    signatures = [_representative(document)]
    if not document.is_credit_note:
        signatures.append(_client(document))
    return signatures


def _representative(document: InvoiceData) -> Signature:
    title = "Representative"
    if document.signed_on:
        name, day = printable(document.signed_by), long_date(document.signed_on)
        return Signature(title, name, "Signed", day, svg_path(document.signature))
    if document.released_on:
        who, reason = printable(document.released_by), printable(document.release_reason)
        return Signature(title, "", f"Not signed: released by {who}, {reason}", long_date(document.released_on))
    return Signature(title, "", "Not signed", "")


def _client(document: InvoiceData) -> Signature:
    if document.client_approved_on:
        name, day = printable(document.client_approved_by), long_date(document.client_approved_on)
        return Signature("Client", name, "Ticket approved by the client", day, svg_path(document.client_signature))
    return Signature("Client", "", "Name and signature", "Date")
