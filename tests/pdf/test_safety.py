"""Hostile text in every field: shown as text; nothing is read, nothing is fetched, nothing is reordered."""

import dataclasses
import hashlib
import itertools
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import weasyprint
from django.db.models import Model
from pypdf import PageObject, PdfReader
from weasyprint.urls import FatalURLFetchingError

from invoices.document import InvoiceData, TaxData
from invoices.models import Invoice, InvoiceLine
from invoices.pdf.glyphs import missing_glyphs
from invoices.pdf.render import LOGO, MAX_LINES, render_pdf
from jobbook.common.printing.assets import Asset, PdfError
from jobbook.common.printing.fetcher import AssetFetcher
from jobbook.common.printing.text import FONTS, printable
from tests.pdf.documents import make_days, make_document, make_line
from tests.pdf.reading import text_of

pytestmark = pytest.mark.pdf
ROOT = Path(__file__).resolve().parents[2]
DRAWN = {"signature", "client_signature", "seller_logo"}  # a grammar of their own, and the name of a file
CANARY = "the-canary-sings-of-4711"


class Listener:
    """A socket that counts who calls."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.calls = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.socket.close()


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    file = tmp_path / "canary.txt"
    file.write_text(CANARY)
    return file


def hostile(url: str, file: Path) -> list[str]:
    """Markup that would make a careless renderer read `file` or call `url`."""
    return [
        f'<link rel=attachment href="{file.as_uri()}">',
        f'<a rel=attachment href="{file.as_uri()}">x</a>',
        f'<img src="{url}a.png">',
        f'<link rel=stylesheet href="{url}b.css">',
        f"<style>@import url({url}c.css);@font-face{{font-family:x;src:url({url}d.ttf)}}*{{font-family:x}}</style>",
        f'<p style="background:url({url}e.png)">x</p>',
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}f.png" width="9" height="9"/></svg>',
        f'<svg><use href="{file.as_uri()}#x"/></svg>',
        f'<object data="{file.as_uri()}"></object><embed src="{url}g">',
        f'<base href="{url}"><img src="h.png">',
        "<script>alert(1)</script>",
        '"><h1>x',
        "{{ settings.SECRET_KEY }}{% include 'x' %}",
    ]


def flooded(texts: list[str]) -> InvoiceData:
    """A document with hostile text in every field: one of `texts`, cut to its column, or all where there is room."""
    turn = itertools.cycle(texts)

    def fill(model: type[Model], data: Any) -> dict[str, str]:
        names = [
            field.name
            for field in dataclasses.fields(data)
            if isinstance(getattr(data, field.name), str) and field.name not in DRAWN
        ]
        return {name: _cut(" ".join(texts), model, name) or _cut(next(turn), model, name) for name in names}

    line = make_line()
    values = {**fill(InvoiceLine, line), "dwr_description": " ".join(texts)}
    kinds = ("labour", "unpriced", "fee")
    lines = tuple(dataclasses.replace(line, **{**values, "section": kind}) for kind in kinds)  # type: ignore[arg-type]
    document = make_document(lines)
    taxes = tuple(TaxData("X", next(turn)[:100], tax.rate, True, tax.base, tax.amount) for tax in document.taxes)
    values = {**fill(Invoice, document), "kind": "invoice", "credits": ""}
    address = tuple(next(turn)[:200] for _ in range(6))
    return dataclasses.replace(document, **values, bill_to=address, taxes=taxes)  # type: ignore[arg-type]


def _cut(text: str, model: type[Model], name: str) -> str:
    """`text` as the column would take it; empty when all texts do not fit."""
    limit = next((field.max_length for field in model._meta.fields if field.name == name), 64)
    return text if limit is None else text[:limit] if len(text) < 500 else ""


def test_hostile_text_is_text(listener: Listener, canary: Path) -> None:
    texts = hostile(listener.url, canary)
    data = render_pdf(flooded(texts))
    reader = PdfReader(BytesIO(data), strict=True)
    assert CANARY.encode() not in data
    assert not reader.attachments
    assert "/JavaScript" not in str(reader.trailer["/Root"])
    printed = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert printed.count("".join(" ".join(texts).split())) == 6  # line, note, fee, DWR, terms, address
    assert listener.calls == 0


def test_the_canary_would_be_found_without_the_fetcher(canary: Path) -> None:
    """The test above can fail: WeasyPrint's own fetcher lets the file in."""
    page = f'<link rel=attachment href="{canary.as_uri()}"><p>x'
    reader = PdfReader(BytesIO(weasyprint.HTML(string=page).write_pdf()))
    assert [CANARY.encode()] in reader.attachments.values()


def test_markup_that_slipped_through_stops_the_render(listener: Listener, canary: Path) -> None:
    for text in hostile(listener.url, canary)[:10]:
        page = weasyprint.HTML(string=text, url_fetcher=AssetFetcher({}), base_url="asset:")
        if "<svg" in text:  # WeasyPrint draws nothing instead
            assert CANARY.encode() not in page.write_pdf()
            continue
        with pytest.raises(FatalURLFetchingError):
            page.write_pdf()
    assert listener.calls == 0


def test_a_logo_is_printed_and_a_missing_one_refused() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#1456a8"/></svg>'
    with_logo = render_pdf(make_document(), assets={LOGO: Asset("image/svg+xml", svg)})
    assert with_logo != render_pdf(make_document())
    with pytest.raises(PdfError, match="INV-10456: Not on the page: asset:other"):
        render_pdf(make_document(), assets={"asset:other": Asset("image/svg+xml", svg)})


def test_marks_that_reorder_or_hide_are_dropped() -> None:
    bidi = "".join(map(chr, [0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F]))
    assert printable(f"A{bidi}B\u200b\u2060\ufeff\x00C\u00adD") == "ABCD"
    text = text_of(
        make_document((make_line(description=f"{bidi}Total 1,000.00{bidi}"),), bill_to_name="Firm\u202e0.001")
    )
    assert "Total 1,000.00" in text
    assert "Firm0.001" in text
    assert not set(bidi) & set(text)


def test_right_to_left_letters_cannot_reorder_an_amount() -> None:
    assert printable("שלום 5.00") == "□□□□ 5.00"


def test_text_is_composed_and_line_breaks_stay() -> None:
    assert printable("A\u0308\r\nB\u2028C\tD") == "Ä\nB\nC D"


def test_a_missing_glyph_is_named() -> None:
    document = make_document((make_line(3, description="東 weld \ud800"),), client_name="Ok", po_number="🚚")
    assert [str(glyph) for glyph in missing_glyphs(document)] == [
        "U+1F69A DELIVERY TRUCK in po number",
        "U+6771 CJK UNIFIED IDEOGRAPH-6771 in line 3",
        "U+D800 unnamed character in line 3",
    ]
    assert missing_glyphs(make_document(make_days(1), bill_to_name="Żółć Ångström Ελλάς Київ ½ × € – “ok”")) == ()
    assert "□ weld" in text_of(document)


def test_only_the_bundled_font_is_embedded() -> None:
    reader = PdfReader(BytesIO(render_pdf(make_document((make_line(description="東 שלום Ж 🚚"),)))))
    fonts = {font["/BaseFont"].partition("+")[2] for page in reader.pages for font in _fonts(page)}
    assert fonts == {"Jobbook-Inter", "Jobbook-Inter-Bold"}


def _fonts(page: PageObject) -> list[Any]:
    resources: Any = page["/Resources"]
    return [font.get_object() for font in resources["/Font"].values()]


def test_too_many_lines_or_letters_are_refused_by_name() -> None:
    with pytest.raises(PdfError, match=r"INV-10456: 5,001 lines"):
        render_pdf(make_document((make_line(),) * (MAX_LINES + 1)))
    with pytest.raises(PdfError, match=r"INV-10456: 1,000,001 characters"):
        render_pdf(make_document((make_line(description="x" * 1_000_001),)))


@pytest.mark.timeout(60)
def test_a_line_longer_than_a_page_is_printed_whole() -> None:
    words = " ".join(f"w{n:05}" for n in range(2000))
    text = text_of(make_document((make_line(description=words),)))
    assert "w00000" in text
    assert "w01999" in text
    assert "768.00" in text


SCRIPT = """
import hashlib, django; django.setup()
from tests.pdf.documents import make_days, make_document
from invoices.pdf.render import render_pdf
for paper in ("letter", "a4"):
    print(hashlib.sha256(render_pdf(make_document(make_days(3, notes=True, fee="1.00")), paper=paper)).hexdigest())
"""


def test_another_process_makes_the_same_bytes(tmp_path: Path) -> None:
    """Whatever its hash seed, time zone, language, and temporary directory."""
    places = [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "TMPDIR": str(tmp_path)},
        {"PYTHONHASHSEED": "2", "TZ": "America/Edmonton", "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": "1"},
    ]
    outputs = {_run(SCRIPT, environment) for environment in places}
    assert len(outputs) == 1
    letter, a4 = outputs.pop().split()
    assert letter != a4


def _run(script: str, environment: dict[str, str]) -> str:

    values = {**os.environ, "DJANGO_SETTINGS_MODULE": "jobbook.settings", **environment}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=values, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_font_files_are_the_published_ones() -> None:
    for row in (FONTS / "SHA256SUMS").read_text().splitlines():
        digest, name = row.split()
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == digest
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text()
