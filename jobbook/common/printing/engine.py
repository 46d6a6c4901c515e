"""WeasyPrint: the only modules that load it are this one and fetcher.py, and both only when a page is drawn.

One FontConfiguration and one parsed style sheet for each process: a new one for every document costs a tenth of its
time and 0.2 MB that never come back.
"""

import gc
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from jobbook.common.printing.assets import Asset, PdfError
from jobbook.common.printing.fetcher import AssetFetcher
from jobbook.common.printing.text import FONTS, STYLE

_PAPERS = {"letter": "Letter", "a4": "A4"}
_FACES = {"asset:font/400": "Inter-Regular.ttf", "asset:font/700": "Inter-Bold.ttf"}
_LOCK = threading.Lock()  # Pango's font map is not for two threads at once
logging.getLogger("weasyprint.progress").setLevel(logging.ERROR)  # ten lines for each document otherwise


@dataclass(frozen=True)
class Style:
    """What all documents of a process share."""

    pid: int
    fonts: FontConfiguration
    sheets: dict[str, list[weasyprint.CSS]]  # by paper


_styles: list[Style] = []


def write_pdf(html: str, *, paper: str, assets: Mapping[str, Asset], identifier: bytes) -> bytes:
    """The PDF of `html`. Raises PdfError when it asks for an asset that is not there, or leaves one out."""
    fetcher = AssetFetcher(assets)
    try:
        with _LOCK, _no_collection():
            style = _style()
            pdf: bytes = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url="asset:").write_pdf(
                font_config=style.fonts,
                stylesheets=style.sheets[paper],
                presentational_hints=False,
                pdf_variant="pdf/ua-1",
                pdf_identifier=identifier,
            )
    except FatalURLFetchingError as error:
        raise PdfError(str(error)) from error
    if unused := sorted(set(assets) - fetcher.used):
        raise PdfError(f"Not on the page: {', '.join(unused)}.")
    return pdf


def _style() -> Style:
    """The style of this process, made on first use."""
    if _styles and _styles[-1].pid != os.getpid():
        _styles[-1].fonts._folder = None  # a forked child must not remove its parent's font files when it ends
    if not _styles or _styles[-1].pid != os.getpid():
        _styles.append(_parse())
    return _styles[-1]


def _parse() -> Style:
    faces = {url: Asset("font/ttf", (FONTS / name).read_bytes()) for url, name in _FACES.items()}
    fetcher, fonts = AssetFetcher(faces), FontConfiguration()

    def parse(text: str) -> weasyprint.CSS:
        return weasyprint.CSS(string=text, url_fetcher=fetcher, base_url="asset:", font_config=fonts)

    shared = parse(STYLE.read_text(encoding="utf-8"))
    sheets = {
        paper: [shared, parse(f"@page{{size:{size}}}@page wide{{size:{size} landscape}}")]
        for paper, size in _PAPERS.items()
    }
    if fetcher.used != set(faces):
        raise RuntimeError("The PDF style sheet does not load both weights of the font.")
    return Style(os.getpid(), fonts, sheets)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Layout makes many objects and no garbage worth looking for: a tenth of the time of a long invoice."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
