"""The manifest of a run as a page to print: the same figures, hashes and names as the JSON that is downloaded."""

import json
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from backlog.run_files import logged
from backlog.run_line import RunLine
from backlog.run_pages import visible_run
from exports.formats import FORMATS
from exports.snapshot import digest
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.views import conflict


@require_safe
@logged
@requires(Permission.DOWNLOAD)
def run_manifest_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Everything the manifest says, and its own SHA-256. It is kept for good, also when the file is gone."""
    run = visible_run(request, pk)
    if not run.manifest:
        return conflict(request, f"Run {run.number} has no manifest: {run.get_state_display().lower()}.")
    manifest = json.loads(run.manifest)
    context = {
        "run": run,
        "line": RunLine(run, user_of(request)),
        "manifest": manifest,
        "sha256": digest(run.manifest),
        "figures": list(figures(manifest)),
        "settings": list(settings_in_words(run.format, manifest["format"]["settings"])),
        "documents": [
            (each["number"], each["version"], Decimal(each["total"]), each["sha256"]) for each in manifest["invoices"]
        ],
        "requested_at": parse_datetime(manifest["requested"]["at"]),
        "finished_at": parse_datetime(manifest["finished"]),
    }
    return render(request, "exports/manifest.html", context)


def figures(manifest: dict[str, Any]) -> Iterator[tuple[str, Any, bool]]:
    """Each control total: its label, a text or an amount, and whether the file itself carries it."""
    totals, carried = manifest["control_totals"], set(manifest.get("read_back", ()))
    yield "Documents", f"{totals['count']:,}", "count" in carried
    yield "First number", totals["first"], "first" in carried
    yield "Last number", totals["last"], "last" in carried
    yield "Net", Decimal(totals["net"]), "net" in carried
    for name, amount in sorted(totals["taxes"].items()):
        yield name, Decimal(amount), "taxes" in carried
    yield "All taxes", Decimal(totals["tax"]), "tax" in carried
    yield "Total", Decimal(totals["total"]), "total" in carried
    for code, amount in sorted(totals["accounts"].items()):
        yield f"Account {code or 'none'}", Decimal(amount), "accounts" in carried


def settings_in_words(slug: str, values: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Label and value of each setting the file was written with; its name where the format no longer has it."""
    known = {setting.name: setting for each in FORMATS if each.slug == slug for setting in each.settings}
    for name, value in values.items():
        setting = known.get(name)
        yield (setting.label, dict(setting.choices).get(value, value)) if setting else (name, value)
