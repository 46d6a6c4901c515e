"""The seam of every file format: frozen documents in, bytes out; no queries, no clock, no Celery.

Adding one is a module beside this one, a line in FORMATS and a golden test: see docs/formats.md.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, ClassVar, Protocol

from exports.formats.profile import Columns, Kind, Profile, Setting
from invoices.document import InvoiceData


class Mend(StrEnum):
    """The page where a problem is mended; `Problem.key` says what to look for there."""

    INVOICE = "invoice"
    SETTING = "setting"
    CLIENT = "client"  # the mapping of clients, key: client number
    ITEM = "item"
    TAX = "tax"
    TERMS = "terms"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an invoice cannot stand in a file of this format. `cause` groups equal problems in the window.

    A warning keeps nothing out: it says what the file cannot carry, or carries shortened.
    """

    invoice_id: int
    number: str
    cause: str  # "more than two taxes on a line"
    field: str  # "lines.3.taxes"
    reason: str  # a sentence for the user
    mend: Mend = Mend.INVOICE
    key: str = ""
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.number}: {self.field}: {self.reason}"


class FormatError(Exception):
    """The documents as a whole, or one that slipped through, cannot be written. Nothing is published."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Interrupted(Exception):
    """Raised out of `Context.progress` when this worker must stop writing."""


@dataclass(frozen=True, slots=True)
class ControlTotals:
    """Sums over a whole file. None: this format does not carry the figure. `count` is of documents."""

    count: int
    total: Decimal | None
    net: Decimal | None = None
    tax: Decimal | None = None
    taxes: Mapping[str, Decimal] | None = None  # amount by what the file calls the tax: see Format.taxes
    accounts: Mapping[str, Decimal] | None = None  # net by account code
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What a file may say about the firm itself."""

    name: str
    currency: str
    paper: str
    logo: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a writer is told besides the documents. The same context and documents give the same bytes."""

    run_number: int
    company: CompanyFacts
    profile: Profile = field(default_factory=Profile)
    progress: Callable[[int], None] = lambda done: None  # call after each document with the number done
    # Documents that could not be written, with the reason. A writer that goes on without them adds to it; one that
    # makes a file again finds those of the first time there.
    failed: dict[int, str] = field(default_factory=dict)


class Across:
    """What stands against documents only beside others of the file. This one: nothing; see exports/formats/once.py."""

    def take(self, invoice: InvoiceData) -> list[Problem]:
        """What stands against `invoice` beside those before it. If nothing does, it is one of them from now on."""
        return []


class Format(Protocol):
    """One file format. Instances are stateless; `write` streams, so that memory does not grow with the documents."""

    slug: str  # of the command line and the run
    label: str  # "Generic CSV"
    extension: str  # "csv"
    content_type: str  # "text/csv; charset=utf-8"
    stem: str  # first part of the file's name: "invoices"
    noun: tuple[str, str]  # what the file holds: ("invoice", "invoices"), ("PDF", "PDFs")
    keeps: int | None  # days until the file expires and is made again on request; None: for good
    marks_exported: bool  # whether its runs count as "exported" on the invoice
    settings: ClassVar[tuple[Setting, ...]]
    maps: ClassVar[Mapping[Kind, Columns]]  # what of ours the package may call by other names
    cannot_carry: ClassVar[tuple[str, ...]] = ()
    """What the file has no room for, in the user's words; said in the window and on the help page."""

    def file_type(self, profile: Profile) -> tuple[str, str]:
        """Extension and content type of a file under this profile: those of the class, unless a setting decides."""
        return self.extension, self.content_type

    def carries_records(self, profile: Profile) -> bool:
        """Whether `write` wants the documents with the DWRs behind them."""
        return False

    def problems(self, invoice: InvoiceData, profile: Profile) -> list[Problem]:
        """Every reason why `invoice` cannot stand in the file, and warnings of what the file will lack."""
        ...

    def across(self, profile: Profile) -> Across:
        """Takes the documents of one file that have no problems of their own, in order."""
        return Across()

    def write(self, out: BinaryIO, invoices: Iterable[InvoiceData], ctx: Context) -> None:
        """Write the whole file. `out` is seekable. Raises FormatError; lets Interrupted through."""
        ...

    def taxes(self, invoice: InvoiceData, profile: Profile) -> Iterable[tuple[str, Decimal]]:
        """The taxes of `invoice` as the file carries them: (the name each stands under, its amount); a name may recur.

        `read_totals` finds the same names in the bytes. This one: each tax of the document by its own name.
        """
        return ((tax.name, tax.amount) for tax in invoice.taxes)

    def read_totals(self, path: Path, profile: Profile) -> ControlTotals:
        """The control totals, recomputed from the written bytes by code that shares nothing with `write`.

        `profile` is that of `write`. Raises ValueError when the file cannot be read back.
        """
        ...
