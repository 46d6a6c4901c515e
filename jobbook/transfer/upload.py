"""A ZIP of the import folder, as somebody uploads it: nothing in it is believed, and never more is read than allowed.

The upload of a dry run is kept below the data directory until it is imported, so that the button imports exactly what
was looked at. Its name is made of the user's id on the server, one file for each user; the next dry run replaces it.
"""

import hashlib
import io
import os
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from jobbook.accounts.models import User
from jobbook.transfer.layout import BY_FILE
from jobbook.transfer.values import shown

MOST_BYTES = 25_000_000  # of the ZIP
MOST_UNPACKED = 25_000_000  # of all files in it, some 15 s of work; more is for `manage.py import_data`
MOST_ENTRIES = 40
LIFE = 3600  # seconds from the dry run to the import
_DIRECTORY = 64_000  # bytes that the list of so few entries may take
_ENCRYPTED = 1
_MAC = "__MACOSX/"  # what macOS adds to every ZIP
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"


class BadUploadError(ValueError):
    """The upload can't be used; the text is for the user."""


def files_of(data: bytes) -> dict[str, bytes]:
    """The CSV files in a ZIP by name, from its top level or its one folder. BadUploadError for anything else."""
    if len(data) > MOST_BYTES:
        raise BadUploadError(f"The file has {len(data):,} bytes; at most {MOST_BYTES:,} can be uploaded.")
    _check_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return dict(_read(archive, _named(archive)))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise BadUploadError("The ZIP is damaged.") from error


def _check_directory(data: bytes) -> None:
    """Before the list of entries is read: it may be as long as the file, and each entry takes memory."""
    at = data.rfind(_END, max(0, len(data) - 65_557))
    if at < 0 or len(data) < at + 22:
        raise BadUploadError("The file is no ZIP.")
    size = int.from_bytes(data[at + 12 : at + 16], "little")
    if size > _DIRECTORY or data[max(0, at - 20) : at].startswith(_END_64):  # the second may name another list
        raise BadUploadError(f"The ZIP's own list is too long for {MOST_ENTRIES} entries.")


def _named(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The entries by the file of the import folder they are."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not entry.filename.startswith(_MAC)]
    if len(archive.infolist()) > MOST_ENTRIES:
        raise BadUploadError(f"The ZIP has more than {MOST_ENTRIES} entries.")
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.filename.rpartition("/")[2]
        if name not in BY_FILE or entry.filename.count("/") > 1:
            raise BadUploadError(f"{shown(entry.filename)} is not a file of the import folder.")
        if name in found:
            raise BadUploadError(f"{name} is in the ZIP twice.")
        found[name] = entry
    if len({entry.filename.rpartition("/")[0] for entry in entries}) > 1:
        raise BadUploadError("The files are in several folders.")
    if not found:
        raise BadUploadError(f"The ZIP has none of {', '.join(BY_FILE)}.")
    return found


def _read(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """What each holds, whatever sizes the ZIP says: reading stops one byte beyond the limit."""
    left = MOST_UNPACKED
    for name, entry in entries.items():
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadUploadError(f"{name} is encrypted, or packed in a way that is not read. Use an ordinary ZIP.")
        with archive.open(entry) as source:
            content = source.read(left + 1)
        left -= len(content)
        if left < 0:
            raise BadUploadError(f"The files in the ZIP have more than {MOST_UNPACKED:,} bytes.")
        yield name, content


def keep(user: User, data: bytes) -> str:
    """Keep the upload of a dry run. Returns its SHA-256. Forgotten uploads of others go."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in folder.iterdir():
        if _age(path) > LIFE:
            path.unlink(missing_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder)  # nobody but this account may read it
    with os.fdopen(handle, "wb") as out:
        out.write(data)
    Path(temporary).replace(_path(user))
    return hashlib.sha256(data).hexdigest()


def take(user: User, sha256: str) -> bytes:
    """The upload that was kept, once. BadUploadError when it is not there any more, too old, or another one."""
    path, claimed = _path(user), _path(user).with_suffix(".claimed")
    try:
        path.replace(claimed)  # one of two clicks gets it
        data, age = claimed.read_bytes(), _age(claimed)
        claimed.unlink()
    except OSError as error:
        raise BadUploadError(
            "The upload is not kept any more: it was imported, or replaced. Upload it again."
        ) from error
    if age > LIFE:
        raise BadUploadError("The upload is older than an hour. Upload it again.")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise BadUploadError("Another file was uploaded after the one shown. Upload the right one again.")
    return data


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def _path(user: User) -> Path:
    return _folder() / f"{user.pk}.zip"


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0
