"""The ZIP of kept PDFs against copying the same bytes into one file, and against rendering them first."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from django.test import override_settings

from exports.formats import PDF_ZIP, get_format
from exports.formats.base import CompanyFacts, Context
from exports.formats.profile import Profile
from invoices.document import InvoiceData
from invoices.pdf import store
from invoices.pdf.render import render_pdf
from jobbook.common.printing.assets import Asset
from tests.bench import Result, interleave
from tests.pdf.documents import make_days, make_document

_CONTEXT = Context(1, CompanyFacts("Northfork", "CAD", "letter"), Profile({"index": "csv"}))  # no page is drawn
_BYTES = 72_000  # of a PDF, as in the study the goal comes from


@contextmanager
def kept(count: int) -> Iterator[tuple[Path, list[InvoiceData]]]:
    """A folder with `count` kept PDFs, no two alike, and their documents. Rendered once and padded."""
    documents = [make_document(make_days(2), id=n, number=f"INV-{n:05}") for n in range(count)]
    page, numbers = render_pdf(documents[0]), itertools.count()

    def padded(document: InvoiceData, *, paper: str, assets: Mapping[str, Asset]) -> bytes:
        return (page + b"%% %d\n" % next(numbers)).ljust(_BYTES, b" ")

    with tempfile.TemporaryDirectory() as folder, override_settings(FILES_DIR=Path(folder)):
        with patch.object(store, "render_pdf", padded):
            for document in documents:
                store.read_pdf(document, paper="letter")
        yield Path(folder), documents


def zipping(folder: Path, documents: list[InvoiceData]) -> Callable[[], None]:
    def work() -> None:
        with (folder / "out.zip").open("w+b") as out:
            get_format(PDF_ZIP).write(out, documents, _CONTEXT)

    return work


def copying(folder: Path) -> Callable[[], None]:
    files = sorted((folder / "pdf").rglob("*.pdf"))

    def work() -> None:
        with (folder / "out.bin").open("wb") as out:
            for file in files:
                with file.open("rb") as pdf:
                    shutil.copyfileobj(pdf, out, 1 << 20)

    return work


def rendering(documents: list[InvoiceData]) -> Callable[[], None]:
    def work() -> None:
        for document in documents:
            render_pdf(document)

    return work


def one_changed(folder: Path, documents: list[InvoiceData]) -> Callable[[], None]:
    """Zip again when the content of one of them changed since."""
    fresh = itertools.count(2)

    def work() -> None:
        changed = replace(documents[0], content_version=next(fresh))
        zipping(folder, [changed, *documents[1:]])()

    return work


def one_render_and_a_zip(folder: Path, documents: list[InvoiceData]) -> Callable[[], None]:
    def work() -> None:
        render_pdf(documents[0])
        zipping(folder, documents)()

    return work


def run(*, small: bool = False) -> list[Result]:
    count, rounds = (6, 1) if small else (500, 9)
    with kept(count) as (folder, documents):
        hot = zipping(folder, documents)
        label = f"ZIP of {count} kept PDFs"
        again = f"the same, 1 of {count} changed"
        few = documents[:3]
        against_few, control, _ = interleave(hot, rendering(few), rounds)
        return [
            Result(
                f"{label}, verified : copying their bytes",
                "<= 1.80",
                *interleave(hot, copying(folder), rounds),
                code="P5",
            ),
            Result(f"{label} : rendering them", "<= 0.01", against_few * len(few) / count, control, code="P6"),
            Result(
                f"{again} : one render and the ZIP",
                "<= 1.50",
                *interleave(one_changed(folder, documents), one_render_and_a_zip(folder, documents), rounds),
                code="P6",
            ),
        ]
