"""The windows of the Invoice Process Backlog: Process Selected Invoices and Undo Last Process Batch.

A window freezes what it shows as an intent; its OK button posts nothing but the intent's id. So a second tab, a
changed filter or a double click can neither change nor repeat what was shown.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from backlog.batch_views import runs_with
from backlog.checks import CHECKS_MASK, title
from backlog.grid.response import current_query, refused, results_response
from backlog.grid.selection import BadSelection, Selection, resolve
from backlog.invoice_processing import INVOICE_PROCESSING
from invoices.intents import PROCESS, intent_rows, make_intent
from invoices.models import Invoice, ProcessBatch
from invoices.transitions import process_invoices
from invoices.undo import hindrances, undo_batch, undo_intent
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.common.models import Intent

SHOWN = 4  # warnings named in the window
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Warnings:
    """The rows with something to look at: how many, and the first few as (number, words)."""

    count: int
    first: list[tuple[str, str]]

    @property
    def more(self) -> int:
        return self.count - len(self.first)


@require_POST
@requires(Permission.PROCESS)
def process_window(request: HttpRequest) -> HttpResponse:
    """What would be processed, in numbers, with what to look at first."""
    user = user_of(request)
    try:
        selection = resolve(INVOICE_PROCESSING, user, request.POST)
    except BadSelection as bad:
        return refused(bad)
    return render(request, "backlog/_process_window.html", _process_context(user, selection, request))


def _process_context(user: User, selection: Selection, request: HttpRequest) -> dict[str, Any]:
    """The numbers are of what was frozen: another user may have processed some of the selection meanwhile."""
    leave_out = bool(request.POST.get("leave_out"))
    rows: QuerySet[Invoice] = selection.queryset
    kept = rows.exclude(pk__in=_warned(rows).values("pk")) if leave_out else rows
    intent = make_intent(user=user, action=PROCESS, invoices=kept)
    frozen = intent_rows(intent)
    exported = Count("pk", filter=Q(export_mark__isnull=False))
    facts = frozen.aggregate(exported=exported, clients=Count("client", distinct=True))
    return {
        "intent": intent,
        "selection": selection,
        "selected": selection.count,
        "left_out": selection.count - intent.count,
        "leave_out": leave_out,
        "refreshed": bool(request.POST.get("refreshed")),
        "warnings": _warnings(_warned(rows if leave_out else frozen)),
        "posted": [(name, request.POST.get(name, "")) for name in ("mode", "ids", "excluded", "filters")],
        **facts,
    }


def _warned(rows: "QuerySet[Invoice]") -> "QuerySet[Any]":
    return rows.annotate(failed=CHECKS_MASK).filter(Q(failed__gt=0) | Q(export_mark__isnull=True))


def _warnings(warned: "QuerySet[Any]") -> Warnings:
    rows = warned.order_by("invoice_date", "number").values_list("number", "failed", "export_mark")[:SHOWN]
    first = [(number, _words(checks, exported=mark is not None)) for number, checks, mark in rows]
    return Warnings(warned.count(), first)


def _words(checks: int, *, exported: bool) -> str:
    parts = [title(checks)] if checks else []
    return ", ".join([*parts, *([] if exported else ["not exported"])])


@require_POST
@requires(Permission.PROCESS)
def process_confirm(request: HttpRequest) -> HttpResponse:
    """Do what the window showed; the same window again answers with the batch it made."""
    user = user_of(request)
    try:
        done = process_invoices(request.POST.get("intent", ""), by=user, origin=origin_of(request))
    except Refused as error:
        return refused_window(request, "Nothing was processed", error)
    context = {"batch": done.batch, "repeated": done.repeated}
    return _done(request, "backlog/_process_done.html", context)


@require_POST
@requires(Permission.PROCESS)
def undo_window(request: HttpRequest) -> HttpResponse:
    """What the undo of one named batch would return, or what stands in its way."""
    user = user_of(request)
    number = request.POST.get("batch", "")
    batch = get_object_or_404(ProcessBatch, number=int(number) if _NUMBER.fullmatch(number) else 0)
    intent: Intent = undo_intent(user=user, batch=batch)
    context = {
        "batch": batch,
        "intent": intent,
        "left": batch.count - intent.count,
        "refusals": hindrances(batch),
        "runs": runs_with(batch),
    }
    return render(request, "backlog/_undo_window.html", context)


@require_POST
@requires(Permission.PROCESS)
def undo_confirm(request: HttpRequest) -> HttpResponse:
    """Undo the batch the window named."""
    user = user_of(request)
    try:
        undone = undo_batch(request.POST.get("intent", ""), by=user, origin=origin_of(request))
    except Refused as error:
        return refused_window(request, "Nothing was undone", error)
    context = {"undone": undone}
    return _done(request, "backlog/_undo_done.html", context)


def _done(request: HttpRequest, line: str, context: dict[str, Any]) -> HttpResponse:
    """The grid and the result line; a form sent without htmx is led back to the whole page."""
    if not request.headers.get("HX-Request"):
        return redirect(INVOICE_PROCESSING.url_name)
    query = current_query(INVOICE_PROCESSING, request)
    return results_response(INVOICE_PROCESSING, request, query=query, line_template=line, context=context)


def refused_window(request: HttpRequest, heading: str, error: Refused) -> HttpResponse:
    """409: the window says what stands in the way; nothing was changed."""
    response = render(request, "backlog/_refused_window.html", {"heading": heading, "refused": error}, status=409)
    response["HX-Retarget"], response["HX-Reswap"] = "#window", "innerHTML"
    return response
