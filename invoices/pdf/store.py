"""PDFs are rendered once and kept: `files/pdf/<thousands of id>/<id>/<content version>-<key>-<SHA-256>.pdf`.

The key covers all that is printed, the template, the font and the renderer, so a file is never wrong, only
superseded. The SHA-256 in the name tells a damaged file, which is made again.
"""

import hashlib
import logging
import os
import secrets
import time
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from invoices.document import InvoiceData
from invoices.pdf.render import document_key, logo_of, render_pdf
from jobbook.jobs.models import Company

_KEY = 24  # hex digits of the key in a name
_SUPERSEDED_SECONDS = 24 * 3600  # a worker may still hold the path of an older file
log = logging.getLogger(__name__)


class Kept(NamedTuple):
    """A kept PDF, verified. `sha256` is hexadecimal."""

    path: str
    data: bytes
    sha256: str


def kept_pdf(document: InvoiceData, *, paper: str | None = None) -> Kept:
    """The whole, verified PDF of `document`, rendered when there is none. Raises PdfError, OSError."""
    paper = paper or Company.current().paper
    folder, stem = _folder(document.id), _stem(document, paper)
    return _found(folder, stem) or _keep(document, paper, folder, stem)


def read_pdf(document: InvoiceData, *, paper: str | None = None) -> bytes:
    """The bytes of `kept_pdf`."""
    return kept_pdf(document, paper=paper).data


def pdf_path(document: InvoiceData, *, paper: str | None = None) -> Path:
    """The file of `kept_pdf`."""
    return Path(kept_pdf(document, paper=paper).path)


def is_kept(document: InvoiceData, *, paper: str) -> bool:
    """Whether a PDF is there, unverified."""
    return bool(_names(_folder(document.id), _stem(document, paper)))


def _folder(invoice_id: int) -> str:
    return os.path.join(settings.FILES_DIR, "pdf", f"{invoice_id // 1000:05}", str(invoice_id))


def _stem(document: InvoiceData, paper: str) -> str:
    return f"{document.content_version}-{document_key(document, paper=paper)[:_KEY]}-"


def _names(folder: str, stem: str) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.startswith(stem)]
    except FileNotFoundError:
        return []


def _found(folder: str, stem: str) -> Kept | None:
    """The kept file; None when there is none, or none that is whole."""
    for name in _names(folder, stem):
        path = os.path.join(folder, name)
        try:
            with open(path, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            continue
        digest = hashlib.sha256(data).hexdigest()
        if name == f"{stem}{digest}.pdf":
            return Kept(path, data, digest)
        log.warning("The kept PDF %s is damaged and is made again.", name)
        Path(path).unlink(missing_ok=True)
    return None


def _keep(document: InvoiceData, paper: str, folder: str, stem: str) -> Kept:
    """Render and publish: temporary name, fsync, rename; two workers write the same bytes under the same name."""
    data = render_pdf(document, paper=paper, assets=logo_of(document))
    digest = hashlib.sha256(data).hexdigest()
    target = Path(folder, f"{stem}{digest}.pdf")
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        with temporary.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    _sync(target.parent)
    _remove_superseded(target)
    return Kept(str(target), data, digest)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_superseded(target: Path) -> None:
    """Older files beside `target`, and temporary ones of a worker that was killed."""
    oldest = time.time() - _SUPERSEDED_SECONDS
    for file in target.parent.iterdir():
        if file != target and file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)
