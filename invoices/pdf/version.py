"""The version of everything that shapes a PDF besides its document."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from jobbook.common.printing.text import FONTS, STYLE

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "invoices" / "pdf"
_CODE = ("lines.py", "context.py", "render.py")
_PRINTING = ("printing/text.py", "printing/engine.py", "drawing.py")


@cache
def template_version() -> str:
    """A digest of templates, style, fonts and the code between: nobody has to remember to count it up."""
    code = [Path(__file__).parent / name for name in _CODE]
    code += [FONTS.parent.parent / name for name in _PRINTING]
    digest = hashlib.sha256()
    for file in [*sorted(TEMPLATES.iterdir()), STYLE, *sorted(FONTS.glob("*.ttf")), *code]:
        digest.update(f"{file.name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


@cache
def engine_version() -> str:
    return version("weasyprint")
