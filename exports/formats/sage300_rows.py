"""The records of an A/R invoice batch: columns by record type, and the values of a document. Amounts are positive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from exports.formats.fields import money, nfc, priced, signed_quantity, turned
from exports.formats.profile import Profile
from exports.formats.sage300_names import ZERO, Names300, at_places
from exports.formats.xlsx import Cell
from invoices.document import InvoiceData, LineData
from jobbook.common.money import total_of

SHEETS = {
    "1": "Invoices",
    "2": "Invoice_Details",
    "3": "Invoice_Payment_Schedules",
    "4": "Invoice_Optional_Fields",
    "5": "Invoice_Detail_Optional_Fields",
}
_STEP = 20  # between two line numbers, as Sage itself counts

Values = dict[str, Cell]


@dataclass(frozen=True)
class Layout:
    """The columns of each record type under one profile. `width`: places of a tax group that have columns."""

    profile: Profile
    width: int

    @property
    def columns(self) -> dict[str, list[str]]:
        schedule = ["CNTBTCH", "CNTITEM", "CNTPAYM", "DATEDUE", "AMTDUE"]
        found = {"1": self._head(), "2": self._detail(), "3": schedule}
        if self.profile["optional_fields"] == "on":
            found["4"] = ["CNTBTCH", "CNTITEM", "OPTFIELD", "VALUE"]
            found["5"] = ["CNTBTCH", "CNTITEM", "CNTLINE", "OPTFIELD", "VALUE"]
        return found

    @property
    def states_tax(self) -> bool:
        """Whether our amounts stand; else Sage works the tax out."""
        return self.profile["tax"] == "ours"

    def _each(self, *names: str) -> list[str]:
        return [f"{name}{place}" for name in names for place in range(1, self.width + 1)]

    def _head(self) -> list[str]:
        account_set = ["IDACCTSET"] if self.profile["account_set"] else []
        return [
            *("CNTBTCH", "CNTITEM", "IDCUST", "IDINVC", "TEXTTRX", "IDTRX", "ORDRNBR", "CUSTPO", "INVCDESC"),
            *("INVCAPPLTO", *account_set, "DATEINVC", "CODECURN", "TERMCODE", "DATEDUE", "SWTAXBL", "SWMANTX"),
            *("CODETAXGRP", *self._each("TAXSTTS"), *(self._each("BASETAX", "AMTTAX") if self.states_tax else [])),
            "INVCTYPE",
        ]

    def _detail(self) -> list[str]:
        item = self.profile["documents"] == "item"
        amounts = self._each("BASETAX", "RATETAX", "AMTTAX") if self.states_tax else []
        return [
            *("CNTBTCH", "CNTITEM", "CNTLINE", *(["IDITEM"] if item else []), "IDDIST", "TEXTDESC"),
            *(["UNITMEAS", "QTYINVC", "AMTPRIC"] if item else []),
            *("AMTEXTN", "IDACCTREV", *self._each("TAXSTTS", "SWTAXINCL"), *amounts, "COMMENT"),
        ]


class Records:
    """The records of documents, in the order Sage wants them: an invoice, its details, its schedule."""

    def __init__(self, profile: Profile) -> None:
        self.profile, self.names = profile, Names300(profile)
        self.layout = Layout(profile, self.names.width)
        self.columns = self.layout.columns

    def of(self, invoice: InvoiceData, position: int) -> Iterator[tuple[str, list[Cell]]]:
        """Record type and cells, for the `position`-th document of the batch."""
        for kind, values in self._values(invoice):
            keyed = {"CNTBTCH": Decimal(1), "CNTITEM": Decimal(position), **values}
            yield kind, [keyed.get(column, "") for column in self.columns[kind]]

    def _values(self, invoice: InvoiceData) -> Iterator[tuple[str, Values]]:
        yield "1", self._head(invoice)
        for at, line in enumerate(priced(invoice), start=1):
            yield "2", {"CNTLINE": Decimal(at * _STEP), **self._detail(invoice, line)}
        if self.profile["schedule"] == "on":
            due, total = _day(invoice.due_date), _positive(invoice, invoice.total)
            yield "3", {"CNTPAYM": Decimal(1), "DATEDUE": due, "AMTDUE": total}

    def _head(self, invoice: InvoiceData) -> Values:
        item = self.profile["documents"] == "item"
        kinds = ("35" if item else "32") if invoice.is_credit_note else ("15" if item else "12")
        applied = invoice.credits if self.profile["apply_credits"] == "on" else ""
        values: Values = {
            "IDCUST": self.names.customer(invoice),
            "IDINVC": nfc(invoice.number),
            "TEXTTRX": Decimal(3 if invoice.is_credit_note else 1),
            "IDTRX": Decimal(kinds),
            "CUSTPO": nfc(invoice.po_number),
            "INVCDESC": self.names.memo(invoice),
            "INVCAPPLTO": nfc(applied),
            "IDACCTSET": self.profile["account_set"],
            "DATEINVC": _day(invoice.invoice_date),
            "CODECURN": invoice.currency,
            "TERMCODE": self.names.terms(invoice),
            "DATEDUE": _day(invoice.due_date),
            "SWTAXBL": Decimal(1),
            "SWMANTX": Decimal(1 if self.layout.states_tax else 0),
            "CODETAXGRP": self.names.group(invoice),
            "INVCTYPE": Decimal(1 if item else 2),
        }
        return values | self._head_taxes(invoice)

    def _head_taxes(self, invoice: InvoiceData) -> Values:
        values: Values = {}
        places = self.names.places(invoice)
        for place, tax in enumerate(at_places(invoice.taxes, places, self.layout.width), start=1):
            if tax is not None:
                carriers = [line for line in priced(invoice) if tax.code in {each.code for each in line.taxes}]
                base = total_of(line.amount for line in carriers)
                values[f"TAXSTTS{place}"] = Decimal(self.profile["tax_class"])
                values[f"BASETAX{place}"] = _positive(invoice, base)
                values[f"AMTTAX{place}"] = _positive(invoice, tax.amount)
        return values

    def _detail(self, invoice: InvoiceData, line: LineData) -> Values:
        texts = self.names.texts(invoice, line)
        values: Values = {
            "TEXTDESC": texts.description,
            "AMTEXTN": _positive(invoice, line.amount),
            "IDACCTREV": self.names.account(line),
            "COMMENT": texts.comment,
        }
        if self.profile["documents"] == "item":
            values |= self._item(invoice, line)
        places = self.names.places(invoice)
        for place, tax in enumerate(at_places(line.taxes, places, self.layout.width), start=1):
            if place not in places.values():
                continue
            of_tax = "exempt_class" if tax is None else "tax_class"
            values[f"TAXSTTS{place}"] = Decimal(self.profile[of_tax])
            values[f"SWTAXINCL{place}"] = Decimal(0)
            values[f"BASETAX{place}"] = ZERO if tax is None else _positive(invoice, line.amount)
            values[f"RATETAX{place}"] = _decimals(tax.rate, 5) if tax else _decimals(Decimal(0), 5)
            values[f"AMTTAX{place}"] = ZERO if tax is None else _positive(invoice, tax.amount)
        return values

    def _item(self, invoice: InvoiceData, line: LineData) -> Values:
        quantity, unit_price = signed_quantity(line) or (Decimal(1), line.amount)
        if unit_price < 0:
            quantity, unit_price = -quantity, -unit_price
        return {
            "IDITEM": self.names.item(line),
            "UNITMEAS": nfc(line.unit),
            "QTYINVC": _decimals(turned(quantity) if invoice.is_credit_note else quantity, 5),
            "AMTPRIC": _decimals(unit_price, 6),
        }


def _positive(invoice: InvoiceData, amount: Decimal) -> Decimal:
    """Amounts of a credit note are positive as well: its type says which way they go."""
    return Decimal(money(turned(amount) if invoice.is_credit_note else amount))


def _decimals(value: Decimal, places: int) -> Decimal:
    return Decimal(f"{value:.{places}f}")


def _day(day: date) -> Decimal:
    return Decimal(f"{day:%Y%m%d}")
