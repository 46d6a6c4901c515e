"""Whether a file and its manifest are those that were exported: `manage.py verify_export`. Reads only.

The manifest is known by its SHA-256, which stands in the audit chain; the file by the manifest. So every byte of both
counts, and whoever changes them must also change the chain, which its own hashes show.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from exports import files, profiles
from exports.formats import UnknownFormat, get_format
from exports.formats.base import ControlTotals
from exports.manifest import differences
from exports.models import ExportRun, FrozenProfile
from exports.snapshot import digest, sent_texts
from jobbook.common import audit
from jobbook.common.models import AuditEntry
from jobbook.common.money import total_of

_SUMS = ("net", "tax", "total")
_HEAD = re.compile(rb'"audit_head":{"hash":"(?P<hash>[0-9a-f]{64})","number":(?P<number>[0-9]{1,18})}')


def problems(file: Path, manifest: bytes) -> Iterator[str]:
    """Everything that is not as it was exported, a sentence each. Raises OSError when `file` cannot be read."""
    entry = entry_of(manifest)
    if entry is None:
        yield "Manifest: the audit chain knows no such manifest. It was changed, or is of another site."
        yield from _lost_head(manifest)
        return
    known = json.loads(manifest)
    yield from _of_chain(known, entry)
    yield from _of_file(file, known)
    yield from _of_documents(known)


def entry_of(manifest: bytes) -> AuditEntry | None:
    """The audit entry of the export that made this manifest, byte for byte."""
    sha256 = hashlib.sha256(manifest).hexdigest()
    return AuditEntry.objects.filter(action="export.ready", values__contains=f'"manifest":"{sha256}"').first()


def line_about(manifest: bytes) -> str:
    """What was found in order."""
    known = json.loads(manifest)
    totals = known["control_totals"]
    sums = ", ".join(f"{name} {totals[name]}" for name in _SUMS)
    return f"Run {known['run']['number']}: {totals['count']} documents, {sums}: file, manifest and audit chain agree"


def _lost_head(manifest: bytes) -> Iterator[str]:
    """A head that is not in the chain tells of a chain that was cut off, or of another site's."""
    head = _HEAD.search(manifest)  # what was changed may be JSON no more
    if head:
        yield from _of_head(int(head["number"]), head["hash"].decode())


def _of_head(number: int, hash_: str) -> Iterator[str]:
    if number not in AuditEntry.objects.filter(hash=hash_).values_list("number", flat=True):
        yield f"Audit chain: the head that the manifest names, entry {number} {hash_[:16]}, is not in it."


def _of_chain(manifest: dict[str, Any], entry: AuditEntry) -> Iterator[str]:
    head = manifest["audit_head"]
    yield from _of_head(head["number"], head["hash"])
    if (entry.number, entry.previous_hash) != (head["number"] + 1, head["hash"]):
        yield f"Audit chain: entry {entry.number}, which recorded the manifest, does not follow the head it names."
    yield from (f"Audit chain: {each}." for each in audit.verify())


def _of_file(path: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """Size, hash, and the control totals that the format's own reader finds in the bytes."""
    said = manifest["file"]
    size, sha256 = path.stat().st_size, files.sha256_of(path)
    if size != said["size"]:
        yield f"File: it has {size} bytes, the manifest says {said['size']}."
    if sha256 != said["sha256"]:
        yield f"File: its SHA-256 is {sha256}, the manifest says {said['sha256']}."
    yield from _of_totals(path, manifest)


def _of_totals(path: Path, manifest: dict[str, Any]) -> Iterator[str]:
    kept = FrozenProfile.objects.filter(sha256=manifest["format"]["profile"]).first()
    if kept is None or digest(kept.text) != kept.sha256:
        yield "File: the settings it was written with are no longer kept, so its totals cannot be read."
        return
    try:
        found = get_format(manifest["format"]["slug"]).read_totals(path, profiles.frozen(kept))
        if "taxes" not in manifest.get("read_back", ()):  # of an earlier layout: there by our names, not the file's
            found = replace(found, taxes=None)
    except UnknownFormat as error:
        yield f"File: {error}"
    except Exception as error:  # noqa: BLE001 - a changed file may break its reader in any way
        yield f"File: it cannot be read back: {error}"
    else:
        yield from (f"File: {each}." for each in differences(totals_of(manifest), found))


def totals_of(manifest: dict[str, Any]) -> ControlTotals:
    """The control totals a manifest states."""
    said = manifest["control_totals"]
    taxes, accounts = ({key: Decimal(each) for key, each in said[name].items()} for name in ("taxes", "accounts"))
    net, tax, total = (Decimal(said[name]) for name in _SUMS)
    return ControlTotals(said["count"], total, net, tax, taxes, accounts, said["first"], said["last"])


def _of_documents(manifest: dict[str, Any]) -> Iterator[str]:
    """The documents of the manifest are those kept with the run, and add up to its totals."""
    said, totals = manifest["invoices"], manifest["control_totals"]
    found = (len(said), str(total_of(Decimal(each["total"]) for each in said)))
    if found != (totals["count"], totals["total"]):
        yield f"Manifest: its documents are {found[0]} of {found[1]}, its totals say otherwise."
    run = ExportRun.objects.filter(pk=manifest["run"]["id"]).first()
    if run is None:
        yield f"Run {manifest['run']['number']} is not in this database."
        return
    kept = {item.invoice_id: digest(text) for item, text in sent_texts(run)}
    for each in said:
        if kept.get(each["id"]) != each["sha256"]:
            yield f"Run {run.number}: what is kept of {each['number']} is not what the manifest says was sent."
