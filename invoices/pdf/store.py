"""PDFs are rendered once and kept: `files/pdf/<thousands of id>/<id>/<content version>-<key>-<SHA-256>.pdf`.

The key covers all that is printed, the template, the font and the renderer, so a file is never wrong, only
superseded. The SHA-256 in the name tells a damaged file, which is made again.
"""

import hashlib
import logging
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from invoices.document import InvoiceData
from invoices.pdf.render import document_key, render_pdf
from jobbook.jobs.models import Company

_KEY = 24  # hex digits of the key in a name
_SUPERSEDED_SECONDS = 24 * 3600  # a worker may still hold the path of an older file
log = logging.getLogger(__name__)


def read_pdf(document: InvoiceData, *, paper: str | None = None) -> bytes:
    """The whole, verified PDF of `document`, rendered when there is none. Raises PdfError, OSError."""
    paper = paper or Company.current().paper
    return _kept(document, paper) or _keep(document, paper)[1]


def pdf_path(document: InvoiceData, *, paper: str | None = None) -> Path:
    """The file of the PDF of `document`, whole and verified, rendered when there is none. Raises PdfError, OSError."""
    paper = paper or Company.current().paper
    if _kept(document, paper) is None:
        return _keep(document, paper)[0]
    return next(_files(document, paper))


def is_kept(document: InvoiceData, *, paper: str) -> bool:
    """Whether a PDF is there, unverified."""
    return next(_files(document, paper), None) is not None


def directory(invoice_id: int) -> Path:
    return Path(settings.FILES_DIR) / "pdf" / f"{invoice_id // 1000:05}" / str(invoice_id)


def _stem(document: InvoiceData, paper: str) -> str:
    return f"{document.content_version}-{document_key(document, paper=paper)[:_KEY]}-"


def _files(document: InvoiceData, paper: str) -> Iterator[Path]:
    return directory(document.id).glob(f"{_stem(document, paper)}*.pdf")


def _kept(document: InvoiceData, paper: str) -> bytes | None:
    """The bytes of the kept file; None when there is none, or none that is whole."""
    for file in _files(document, paper):
        try:
            data = file.read_bytes()
        except FileNotFoundError:
            continue
        if file.stem.endswith(hashlib.sha256(data).hexdigest()):
            return data
        log.warning("The kept PDF %s is damaged and is made again.", file.name)
        file.unlink(missing_ok=True)
    return None


def _keep(document: InvoiceData, paper: str) -> tuple[Path, bytes]:
    """Render and publish: temporary name, fsync, rename; two workers write the same bytes under the same name."""
    data = render_pdf(document, paper=paper)
    target = directory(document.id) / f"{_stem(document, paper)}{hashlib.sha256(data).hexdigest()}.pdf"
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
    return target, data


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
