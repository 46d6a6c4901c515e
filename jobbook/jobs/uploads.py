"""Uploads: pictures are decoded and written anew as JPEG, PDFs are kept as they are and never shown inline.

A name, size or type that the browser sends is never believed. What is kept lies below FILES_DIR/uploads under its
SHA-256, so equal contents are kept once.
"""

import hashlib
import io
import os
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from jobbook.jobs.models import FileType, StoredFile

MOST_BYTES = 15_000_000
MOST_PIXELS = 50_000_000  # a photo of a good telephone
_PDF = b"%PDF-"


class BadUpload(ValueError):
    """The file can't be kept; the text is for the user."""


@dataclass(frozen=True)
class Limits:
    """What a picture is reduced to: the longer side in pixels."""

    side: int = 2000


RECEIPT = Limits()
LOGO = Limits(side=600)


def keep_picture(data: bytes, limits: Limits) -> StoredFile:
    """A PNG or JPEG, as a JPEG without metadata. BadUpload for anything else."""
    return _keep(_as_jpeg(data, limits), FileType.JPEG)


def keep_picture_or_pdf(data: bytes, limits: Limits) -> StoredFile:
    """A PNG, a JPEG or a PDF."""
    if data.startswith(_PDF):
        _check_size(data)
        return _keep(data, FileType.PDF)
    return keep_picture(data, limits)


def path_of(file: StoredFile) -> Path:
    """Where the bytes lie."""
    return Path(settings.FILES_DIR) / "uploads" / file.sha256[:2] / f"{file.sha256}.{file.type}"


def _check_size(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise BadUpload(f"The file has {len(data):,} bytes; at most {MOST_BYTES:,} can be kept.")


def _as_jpeg(data: bytes, limits: Limits) -> bytes:
    _check_size(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
            if picture.width * picture.height > MOST_PIXELS:
                raise BadUpload(f"The picture has more than {MOST_PIXELS:,} pixels. Make it smaller.")
            picture.draft("RGB", (limits.side, limits.side))  # a large JPEG is decoded at a fraction of its size
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((limits.side, limits.side))
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadUpload("The file is no PNG or JPEG picture.") from error
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, BadUpload):
            raise
        raise BadUpload("The picture is damaged.") from error
    return _written(upright)


def _written(picture: Image.Image) -> bytes:
    """On white, since JPEG knows no transparency."""
    shown = picture.convert("RGBA")
    page = Image.new("RGB", shown.size, "white")
    page.paste(shown, mask=shown.getchannel("A"))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=85)
    return out.getvalue()


def _keep(data: bytes, type_: FileType) -> StoredFile:
    file = StoredFile(sha256=hashlib.sha256(data).hexdigest(), type=type_, size=len(data))
    _put(path_of(file), data)
    kept, _ = StoredFile.objects.get_or_create(sha256=file.sha256, defaults={"type": type_, "size": len(data)})
    return kept


def _put(path: Path, data: bytes) -> None:
    """A whole file or none: written beside its place, synced, renamed."""
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, settings.FILE_UPLOAD_PERMISSIONS or 0o640)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
