"""Uploads: pictures are decoded and written anew as JPEG, PDFs are kept as they are and never shown inline.

A name, size or type that the browser sends is never believed. What is kept lies below FILES_DIR/uploads under its
SHA-256, so equal contents are kept once.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from jobbook.common.clock import database_now
from jobbook.jobs import reencode
from jobbook.jobs.models import FileType, StoredFile

MOST_BYTES = 15_000_000
MOST_PIXELS = 50_000_000  # a photo of a good telephone
PATIENCE = 25  # seconds a picture may take on a busy machine: less than a web worker's time
_PDF, _PNG, _JPEG = b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"  # what these files begin with


class BadUpload(ValueError):
    """The file can't be kept; the text is for the user."""


class FileGone(Exception):
    """The bytes of a kept file are not on the disk any more, or are others."""


@dataclass(frozen=True)
class Limits:
    """What a picture is reduced to: the longer side in pixels. for_good: it stays when nothing names it any more."""

    side: int = 2000
    for_good: bool = False


RECEIPT = Limits()
LOGO = Limits(side=600, for_good=True)


def keep_picture(data: bytes, limits: Limits) -> StoredFile:
    """A PNG or JPEG, as a JPEG without metadata. BadUpload for anything else."""
    _check_size(data)
    return _keep(_as_jpeg(data, limits), FileType.JPEG, for_good=limits.for_good)


def keep_picture_or_pdf(data: bytes, limits: Limits) -> StoredFile:
    """A PNG, a JPEG or a PDF."""
    _check_size(data)
    if data.startswith(_PDF):
        return _keep(data, FileType.PDF)
    if not data.startswith((_PNG, _JPEG)):
        raise BadUpload("The file is no PNG, JPEG or PDF.")
    return keep_picture(data, limits)


def path_of(file: StoredFile) -> Path:
    """Where the bytes lie."""
    return Path(settings.FILES_DIR) / "uploads" / file.sha256[:2] / f"{file.sha256}.{file.type}"


def read_kept(file: StoredFile) -> bytes:
    """The bytes that were kept. FileGone when they are not there, or not the same."""
    try:
        data = path_of(file).read_bytes()
    except OSError as error:
        raise FileGone(f"{file} is not on the disk") from error
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise FileGone(f"{file} on the disk is not what was kept")
    return data


def check_size(size: int) -> None:
    """BadUpload for more bytes than are kept; ask before the upload is read into memory."""
    if size > MOST_BYTES:
        raise BadUpload(f"The file has {size:,} bytes; at most {MOST_BYTES:,} can be kept.")


def _check_size(data: bytes) -> None:
    if not data:
        raise BadUpload("The file is empty.")
    check_size(len(data))


def _as_jpeg(data: bytes, limits: Limits) -> bytes:
    """Decoded in a process of its own, which knows none of our secrets and is stopped when it takes too much."""
    program = [sys.executable, "-I", reencode.__file__, str(limits.side), str(MOST_PIXELS)]
    try:
        done = subprocess.run(program, input=data, capture_output=True, timeout=PATIENCE, env={}, check=False)
    except subprocess.TimeoutExpired as error:
        raise BadUpload("The picture takes too long to read. Make it smaller.") from error
    if done.returncode == reencode.REFUSED:
        raise BadUpload(done.stderr.decode())
    if done.returncode or not done.stdout:  # the kernel stopped it, or the decoder broke
        raise BadUpload("The picture can't be read. Make it smaller, or take it again.")
    return done.stdout


def _keep(data: bytes, type_: FileType, *, for_good: bool = False) -> StoredFile:
    """The row first: one that was uploaded just now is not swept away (unused_files.py)."""
    with transaction.atomic():
        file, is_new = StoredFile.objects.select_for_update().get_or_create(
            sha256=hashlib.sha256(data).hexdigest(), defaults={"type": type_, "size": len(data)}
        )
        if is_new or for_good or file.uploaded_at:
            file.uploaded_at = None if for_good else database_now()
            file.save(update_fields=["uploaded_at"])
    _put(path_of(file), data)
    return file


def _put(path: Path, data: bytes) -> None:
    """A whole file or none: written beside its place, synced, renamed. What is damaged there is mended."""
    if path.is_file() and path.read_bytes() == data:
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
    _sync(path.parent)


def _sync(directory: Path) -> None:
    """Make a rename last."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
