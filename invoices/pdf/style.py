"""The parsed style sheet and font of this process, and the version of everything that shapes a PDF.

One FontConfiguration and one parsed CSS for each process: a new one for every document costs a tenth of its time
and 0.2 MB that never come back.
"""

import hashlib
import logging
import os
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import weasyprint
from django.conf import settings
from weasyprint.text.fonts import FontConfiguration

from invoices.pdf.fetcher import Asset, AssetFetcher
from invoices.pdf.text import FONTS

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "invoices" / "pdf"
PAPERS = {"letter": "Letter", "a4": "A4"}
_FACES = {"asset:font/400": "Inter-Regular.ttf", "asset:font/700": "Inter-Bold.ttf"}
_CODE = ("text.py", "lines.py", "context.py", "style.py", "render.py")


@dataclass(frozen=True)
class Style:
    """What all documents of a process share. Pango's font map is not for two threads at once: hold `LOCK`."""

    pid: int
    fonts: FontConfiguration
    sheets: dict[str, list[weasyprint.CSS]]  # by paper


logging.getLogger("weasyprint.progress").setLevel(logging.ERROR)  # ten lines for each document otherwise

LOCK = threading.RLock()
_styles: list[Style] = []


def style() -> Style:
    """The style of this process, made on first use. Call it with `LOCK` held."""
    if _styles and _styles[-1].pid != os.getpid():
        # A forked child must not remove its parent's font files when it ends.
        _styles[-1].fonts._folder = None
    if not _styles or _styles[-1].pid != os.getpid():
        _styles.append(_parse())
    return _styles[-1]


def _parse() -> Style:
    faces = {url: Asset("font/ttf", (FONTS / name).read_bytes()) for url, name in _FACES.items()}
    fetcher, fonts = AssetFetcher(faces), FontConfiguration()

    def parse(text: str) -> weasyprint.CSS:
        return weasyprint.CSS(string=text, url_fetcher=fetcher, base_url="asset:", font_config=fonts)

    shared = parse((TEMPLATES / "invoice.css").read_text(encoding="utf-8"))
    sheets = {paper: [shared, parse(f"@page{{size:{size}}}")] for paper, size in PAPERS.items()}
    if fetcher.used != set(faces):
        raise RuntimeError("The PDF style sheet does not load both weights of the font.")
    return Style(os.getpid(), fonts, sheets)


@cache
def template_version() -> str:
    """A digest of templates, style, fonts and the code between: nobody has to remember to count it up."""
    code = [Path(__file__).parent / name for name in _CODE]
    digest = hashlib.sha256()
    for file in [*sorted(TEMPLATES.iterdir()), *sorted(FONTS.glob("*.ttf")), *code]:
        digest.update(f"{file.name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
