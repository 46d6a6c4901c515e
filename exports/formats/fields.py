"""What the formats ask of single values: lengths, characters, amounts. Each answers findings, not exceptions.

A finding is (cause, field, reason); `Findings` turns it into a Problem of one document.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from exports.formats.base import Mend, Problem
from exports.formats.mending import Page
from invoices.document import InvoiceData, LineData
from jobbook.common.money import CENT, line_amount, round_money, total_of

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]")
NO_BREAK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]")
CURRENCY_CODE = re.compile(r"[A-Z]{3}")
FORMULA = re.compile(r"\s*[=+\-@]")


@dataclass
class Findings:
    """Collects the problems of one document, in the order in which they are looked for."""

    invoice: InvoiceData
    found: list[Problem] = field(default_factory=list)

    def add(self, cause: str, where: str, reason: str, mend: Mend = Mend.INVOICE, key: str = "") -> None:
        self.found.append(Problem(self.invoice.id, self.invoice.number, cause, where, reason, mend, key))

    def warn(self, cause: str, where: str, reason: str, mend: Mend = Mend.INVOICE, key: str = "") -> None:
        self.found.append(Problem(self.invoice.id, self.invoice.number, cause, where, reason, mend, key, True))

    def name(
        self, where: str, value: str, most: int, forbidden: str = "", *, mend: Mend = Mend.INVOICE, key: str = ""
    ) -> None:
        """An identifier: there, short enough, without outer blanks, control or forbidden characters."""
        if not value:
            self.add(f"{_words(where)} missing", where, f"the {_words(where)} is missing", mend, key)
            return
        if len(value) > most:
            self.add(
                f"{_words(where)} too long", where, f"{value!r} has {len(value)} characters, at most {most}", mend, key
            )
        if value != value.strip():
            self.add(f"{_words(where)} with outer blanks", where, f"{value!r} begins or ends with a blank", mend, key)
        bad = CONTROL.search(value) or next((c for c in value if c in forbidden), None)
        if bad:
            shown = bad if isinstance(bad, str) else bad[0]
            self.add("characters that cannot be written", where, f"{value!r} holds {_shown(shown)}", mend, key)

    def identifier(
        self, where: str, value: str, most: int, forbidden: str = "", *, mend: Mend = Mend.INVOICE, key: str = ""
    ) -> None:
        """A name in a file that people open in a spreadsheet: it must not begin like a formula."""
        self.name(where, value, most, forbidden, mend=mend, key=key)
        if FORMULA.match(value):
            reason = f"a spreadsheet would calculate {value!r}: it must not begin with {value.strip()[0]}"
            self.add("begins like a formula", where, reason, mend, key)

    def free(self, where: str, value: str, most: int) -> None:
        """Free text in such a file: it must fit whole, and a warning says that it gets a blank in front."""
        self.text(where, value, most)
        if FORMULA.match(value):
            self.warn("begins like a formula", where, f"{value[:20].strip()!r} is written with a blank in front")

    def cut(self, where: str, value: str, most: int) -> None:
        """Free text that may be shortened: a warning says so, and when it gets a blank in front."""
        if len(harmless(value)) > most:
            self.warn(f"{_words(where)} cut", where, f"it has {len(value)} characters, {most} are written")
        if FORMULA.match(value):
            self.warn("begins like a formula", where, f"{value[:20].strip()!r} is written with a blank in front")

    def between(self, first: str, last: str) -> None:
        """The document's date lies within the open periods that the settings name; "" leaves an end open."""
        day = self.invoice.invoice_date
        if day and ((first and day.isoformat() < first) or (last and day.isoformat() > last)):
            reason = f"{day} is outside the open periods {first or '..'} to {last or '..'}"
            self.add("date outside the open periods", "invoice_date", reason, Mend.SETTING, "open_from")

    def tax_code(self, where: str, line: LineData, code: str, most: int) -> None:
        """The one name that stands for all taxes of a line; "" when nobody mapped the combination."""
        if not line.taxes:
            self.identifier(f"{where}.no_tax", code, most, mend=Mend.SETTING, key="no_tax")
        elif code:
            self.identifier(f"{where}.taxes", code, most, mend=Mend.TAX, key=tax_key(line))
        else:
            reason = f"the taxes {tax_key(line)} have no common name there: map them"
            self.add("taxes not mapped", f"{where}.taxes", reason, Mend.TAX, tax_key(line))

    def currency(self) -> None:
        if not CURRENCY_CODE.fullmatch(self.invoice.currency):
            reason = f"the currency {self.invoice.currency!r} is not three capital letters"
            self.add("currency unknown", "currency", reason)

    def text(self, where: str, value: str, most: int) -> None:
        """Free text that must fit whole."""
        if len(value) > most:
            self.add(f"{_words(where)} too long", where, f"it has {len(value)} characters, at most {most}")

    def unbroken(self, where: str, value: str) -> None:
        """Free text without control characters; tabs and line breaks have a form of their own in the file."""
        bad = NO_BREAK.search(value)
        if bad:
            self.add("characters that cannot be written", where, f"it holds {_shown(bad[0])}")

    def encodable(self, encoding: str, texts: Iterable[tuple[str, str, Page]]) -> None:
        """Every character exists in the file's code page. texts: field, what is written of it, where it is mended."""
        for where, text, page in texts:
            try:
                nfc(text).encode(encoding)
            except UnicodeEncodeError as error:
                reason = f"{_shown(error.object[error.start])} does not exist in {encoding}"
                self.add("characters that cannot be written", where, reason, **page)


def _shown(character: str) -> str:
    return f"U+{ord(character):04X}" if not character.isprintable() else f"{character!r}"


def _words(where: str) -> str:
    """'lines.3.item_code' -> 'item code'."""
    return where.rpartition(".")[2].replace("_", " ")


def priced(invoice: InvoiceData) -> list[LineData]:
    """The lines that go into a file: all but those without a price."""
    return [line for line in invoice.lines if line.section != "unpriced"]


def signed_quantity(line: LineData) -> tuple[Decimal, Decimal] | None:
    """Quantity and price with the sign on the quantity. None for a line that is, or can only be, an amount alone."""
    if line.quantity is None or line.unit_price is None:
        return None
    if line_amount(line.quantity, line.unit_price) != line.amount:
        return None
    return (-line.quantity, -line.unit_price) if line.unit_price < 0 else (line.quantity, line.unit_price)


def turned(value: Decimal) -> Decimal:
    """The other sign; zero stays without one."""
    return -value if value else abs(value)


def check_whole(found: Findings, *, currency: str) -> None:
    """What holds for a document in any package's file: lines, totals, kind and sign, dates, the firm's currency."""
    invoice = found.invoice
    lines = priced(invoice)
    if not lines:
        found.add("no lines", "lines", "it has no priced line")
    net, tax = total_of(line.amount for line in lines), total_of(each.amount for each in invoice.taxes)
    if net != invoice.subtotal or tax != invoice.tax or invoice.subtotal + invoice.tax != invoice.total:
        found.add(
            "lines and totals differ", "total", f"the lines give {net} and {tax} tax, the total is {invoice.total}"
        )
    if invoice.kind not in {"invoice", "credit_note"}:
        found.add("kind unknown", "kind", f"{invoice.kind!r} is neither an invoice nor a credit note")
    elif (invoice.total > 0) if invoice.is_credit_note else (invoice.total < 0):
        kind = "a credit note" if invoice.is_credit_note else "an invoice"
        found.add("sign does not fit", "total", f"{invoice.total} does not fit {kind}")
    if currency and invoice.currency != currency:
        found.add("foreign currency", "currency", f"{invoice.currency} is not the currency of the books, {currency}")
    _check_dates(found)


def check_decimals(found: Findings) -> None:
    """Amounts are cents; quantity x price is the amount, to a cent."""
    for where, line in words_of(priced(found.invoice)):
        if line.amount != round_money(line.amount):
            found.add("over two decimals", f"{where}.amount", f"{line.amount} has over two decimals")
        if line.quantity is not None and line.unit_price is not None:
            product = line_amount(line.quantity, line.unit_price)
            if abs(product - line.amount) > CENT:
                reason = f"{line.quantity} x {line.unit_price} is {product}, the amount is {line.amount}"
                found.add("quantity and amount differ", f"{where}.amount", reason)


def check_shares(found: Findings) -> None:
    """Where taxes stand on the lines: their shares add up to the document's taxes."""
    shares = total_of(line.tax_amount for line in priced(found.invoice))
    if shares != found.invoice.tax:
        reason = f"the taxes of the lines add up to {shares}, the tax is {found.invoice.tax}"
        found.add("lines and totals differ", "tax", reason)


def _check_dates(found: Findings) -> None:
    issued, due = found.invoice.invoice_date, found.invoice.due_date
    if not issued:
        found.add("no date", "invoice_date", "the date is missing")
    elif issued.year < 1900:
        found.add("date before 1900", "invoice_date", f"{issued} is before 1900")
    if not due:
        found.add("no due date", "due_date", "the due date is missing")
    elif issued and due < issued:
        found.add("due before its date", "due_date", f"due {due}, dated {issued}")


def money(value: Decimal) -> str:
    return f"{value + 0:.2f}"  # a zero has no sign


def number(value: Decimal) -> str:
    """No more decimals than it needs: 10, 2.5, 0.3333."""
    digits = f"{value + 0:f}"
    return (digits.rstrip("0").rstrip(".") or "0") if "." in digits else digits


def price(value: Decimal) -> str:
    """Two decimals, or up to four where it has them."""
    digits = f"{value + 0:.4f}"
    return digits[:-2] if digits.endswith("00") else digits.rstrip("0")


def rate(value: Decimal) -> str:
    """A percentage as it is printed: 5, 9.975."""
    return number(value)


def nfc(value: str) -> str:
    """A name as it stands in files: two spellings of one character are the same there."""
    return unicodedata.normalize("NFC", value)


def one_line(value: str) -> str:
    """Free text on one line, NFC: each control character or line break becomes one blank, outer blanks go."""
    return nfc(CONTROL.sub(" ", value.replace("\r\n", "\n"))).strip()


def harmless(value: str) -> str:
    """`one_line` text that no spreadsheet calculates: one blank before what begins like a formula."""
    value = one_line(value)
    return f" {value}" if FORMULA.match(value) else value


def shortened(value: str, most: int, quote: str = '"') -> str:
    """`harmless` text of at most `most` characters; `quote` stands for each double quote."""
    return harmless(value.replace('"', quote))[:most].rstrip()


def day_refusal(text: str) -> str:
    """Why a setting cannot be a day; "" when it can, or is empty."""
    try:
        return "" if not text or date.fromisoformat(text).isoformat() == text else "a day is written YYYY-MM-DD"
    except ValueError:
        return "a day is written YYYY-MM-DD"


def tax_key(line: LineData) -> str:
    """The combination of taxes a line carries, as the profile knows it: codes with ";" between."""
    return ";".join(tax.code for tax in line.taxes)


def words_of(lines: list[LineData]) -> Iterator[tuple[str, LineData]]:
    """Each line with the name of its place: 'lines.3'."""
    for line in lines:
        yield f"lines.{line.number}", line
