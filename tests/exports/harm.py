"""Files that break one rule: a golden file with one place changed. Its independent reader must refuse it."""

import io
import zipfile
from collections.abc import Callable

from tests.exports.csv_reader import Broken
from tests.exports.iif_reader import Broken as BrokenIif

REFUSED = (Broken, BrokenIif, AssertionError, ValueError, UnicodeError, KeyError, zipfile.BadZipFile)
Harm = tuple[str, str]  # what stands there, what shall: "→" is a tab, "¶" a line end


def bytes_of(text: str, encoding: str) -> bytes:
    return text.replace("→", "\t").replace("¶", "\r\n").encode(encoding)


def harmed(data: bytes, harm: Harm, encoding: str = "cp1252", *, everywhere: bool = False) -> bytes:
    """The first place changed, or each. Raises RuntimeError when there is none."""
    old, new = (bytes_of(text, encoding) for text in harm)
    if old not in data:
        raise RuntimeError(f"the golden file has no {old!r}")
    return data.replace(old, new, -1 if everywhere else 1)


def repacked(data: bytes, change: Callable[[bytes], bytes], name: str = "") -> bytes:
    """A ZIP with one entry changed (the first, or the one named), the entries' dates and modes as they were."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        names = source.namelist()
        for info in source.infolist():
            content = source.read(info)
            target.writestr(info, change(content) if info.filename == (name or names[0]) else content)
    return out.getvalue()
