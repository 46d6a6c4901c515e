"""The files of runs: at their final place there is a whole file or none.

Written under a temporary name beside it, synced, hashed, renamed; the name carries the fence of its attempt, so two
attempts never touch one file. Everything lies below FILES_DIR/runs.
"""

import hashlib
import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from exports.models import ExportRun
from jobbook.common.failpoints import failpoint

CHECKED_BELOW = 50_000_000  # bytes: up to here the hash is checked before a download's first byte
STALE = 2 * 3600  # seconds after which a temporary file has no living writer


class Damaged(Exception):
    """The file is not the one whose hash was recorded."""


class Gone(Exception):
    """There is no file."""


def folder() -> Path:
    return Path(settings.FILES_DIR) / "runs"


def temporary_folder() -> Path:
    return folder() / "tmp"


def path_of(run: ExportRun) -> Path:
    """Where the published file of a run lies."""
    return Path(settings.FILES_DIR) / run.file


def relative_path(run: ExportRun, extension: str) -> str:
    """The final place of this attempt's file, below FILES_DIR."""
    return f"runs/{run.pk.hex[:2]}/{run.pk}-{run.fence}.{extension}"


def write_temporary(run: ExportRun, write: Callable[[BinaryIO], None]) -> Path:
    """Let `write` fill a new temporary file and sync it. Nothing is left behind when it raises."""
    temporary_folder().mkdir(parents=True, exist_ok=True)
    path = temporary_folder() / f"{run.pk}-{run.fence}.{os.getpid()}.part"
    try:
        with path.open("xb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    failpoint("file.after_write")
    return path


def put_in_place(temporary: Path, relative: str) -> Path:
    """Rename a whole file to its final place, and make the rename last."""
    final = Path(settings.FILES_DIR) / relative
    final.parent.mkdir(parents=True, exist_ok=True)
    os.chmod(temporary, settings.FILE_UPLOAD_PERMISSIONS or 0o640)
    os.rename(temporary, final)
    _sync(final.parent)
    failpoint("file.after_rename")
    return final


def sha256_of(path: Path, beat: Callable[[], None] = lambda: None) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
            beat()
    return digest.hexdigest()


def verified(run: ExportRun) -> Path:
    """The published file, its length and (below 50 MB) its hash checked. Raises Gone or Damaged."""
    path = path_of(run)
    if not run.file or not path.is_file():
        raise Gone(run.file)
    size = path.stat().st_size
    if size != run.size or (size < CHECKED_BELOW and sha256_of(path) != run.sha256):
        raise Damaged(run.file)
    return path


def remove(run: ExportRun) -> None:
    """Remove the published file; a download under way keeps its open descriptor."""
    if run.file:
        path_of(run).unlink(missing_ok=True)


def remove_attempts_before(run_id: uuid.UUID, fence: int) -> None:
    """Remove what earlier attempts of a run left under temporary or final names."""
    places = [temporary_folder().glob(f"{run_id}-*.part"), (folder() / run_id.hex[:2]).glob(f"{run_id}-*")]
    for place in places:
        for path in place:
            if int(path.name.removeprefix(f"{run_id}-").split(".")[0]) < fence:
                path.unlink(missing_ok=True)


def remove_stale() -> int:
    """Remove temporary files that no living writer can own; how many there were."""
    before = time.time() - STALE
    removed = 0
    for path in temporary_folder().glob("*.part"):
        try:
            if path.stat().st_mtime < before:
                path.unlink()
                removed += 1
        except FileNotFoundError:  # its worker has just put it in place
            continue
    return removed


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
