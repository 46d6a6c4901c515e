"""Text as it is printed: only characters the font draws, nothing that reorders or hides others.

The bundled Inter is the only font, so a PDF looks the same on every machine. A character it lacks is printed as
a white square and named by `cannot_print`.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
STYLE = Path(settings.BASE_DIR) / "templates" / "printing" / "document.css"
REPLACEMENT = "\N{WHITE SQUARE}"  # in the font, unlike U+FFFD
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}  # controls, bidi marks, zero width, surrogates, unassigned


@cache
def supported() -> frozenset[int]:
    """The code points that both weights of the font draw."""
    maps = []
    for file in sorted(FONTS.glob("*.ttf")):
        with TTFont(file, lazy=True) as font:
            maps.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*maps)


@lru_cache(maxsize=4096)
def printable(value: str) -> str:
    """`value` in NFC with line breaks as \\n; invisible characters dropped, those without a glyph replaced."""
    if value.isascii() and value.isprintable():
        return value
    lines = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(map(_printed, lines))


@lru_cache(maxsize=4096)
def _printed(character: str) -> str:
    if character == "\n":
        return character
    if character in "\t\v\f":
        return " "
    category = unicodedata.category(character)
    if category in {"Zl", "Zp"}:
        return "\n"
    if category in {"Cc", "Cf"}:
        return ""
    if category not in _INVISIBLE and ord(character) in supported():
        return character
    return " " if category == "Zs" else REPLACEMENT


def cannot_print(text: str) -> Iterator[str]:
    """The characters of `text` that print as a white square."""
    for character in unicodedata.normalize("NFC", text):
        if _printed(character) == REPLACEMENT != character:
            yield character
