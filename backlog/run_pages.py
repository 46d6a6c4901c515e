"""Export runs: the list, the page of each, its progress, and what may be done with it."""

import json
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from backlog.run_line import RunLine
from exports import runs, start
from exports.confirm import differences, may_be_confirmed
from exports.earlier import LIVE
from exports.formats import PDF_ZIP
from exports.models import ExportItem, ExportRun, LeftOut
from exports.snapshot import thaw
from invoices.pdf.glyphs import missing_glyphs
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of

PAGE = 50
PLACES = ("watch", "page")


def visible_run(request: HttpRequest, pk: uuid.UUID) -> ExportRun:
    """The run, or 404 for one whose invoices the user may not all see now."""
    return get_object_or_404(ExportRun.objects.visible_to(user_of(request)).with_import(), pk=pk)


@require_safe
@requires(Permission.SEE_RUNS)
def run_list(request: HttpRequest) -> HttpResponse:
    """Every run the user may see, the newest first."""
    user = user_of(request)
    seen = ExportRun.objects.visible_to(user).with_import().defer("manifest", "traceback")
    page = Paginator(seen.order_by("-number"), PAGE).get_page(request.GET.get("page"))
    return render(request, "exports/runs.html", {"page": page, "lines": [RunLine(run, user) for run in page]})


@require_safe
@requires(Permission.SEE_RUNS)
def run_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One run: what it is about, its control totals, what was sent."""
    run, user = visible_run(request, pk), user_of(request)
    page = Paginator(items_of(run), PAGE * 2).get_page(request.GET.get("page"))
    line, retries = RunLine(run, user, "page"), list(run.retries.order_by("number"))
    context = {
        "run": run,
        "line": line,
        "page": page,
        "rows": [sent_row(item) for item in page],
        **run.items.aggregate(
            failed=Count("pk", filter=~Q(problem="")),
            referenced=Count("pk", filter=~Q(invoice__accounting_reference="")),
        ),
        "left_out": LeftOut.objects.visible_to(user_of(request)).filter(run=run),
        "retries": retries,
        "is_sent_again": line.is_accounting and any(each.state in LIVE for each in retries),
        **figures(run),
        **after_import(run, user),
    }
    return render(request, "exports/run.html", context)


def after_import(run: ExportRun, user: User) -> dict[str, Any]:
    """What accounting says of a file that it may have imported, and an earlier run with the same bytes."""
    if not may_be_confirmed(run):
        return {}
    confirmation = getattr(run, "confirmation", None)
    same = ExportRun.objects.visible_to(user).filter(sha256=run.sha256, number__lt=run.number)
    return {
        "differing": differences(run, count=confirmation.count, total=confirmation.total) if confirmation else [],
        "may_set_reference": user.can(Permission.SET_REFERENCE),
        "same_as": same.only("number").order_by("number").first(),
    }


def figures(run: ExportRun) -> dict[str, Any]:
    """The manifest of a finished run, its taxes and accounts as (name, amount)."""
    if not run.manifest:
        return {}
    manifest = json.loads(run.manifest)
    parts = {
        name: sorted((key, Decimal(amount)) for key, amount in manifest["control_totals"][name].items())
        for name in ("taxes", "accounts")
    }
    return {"manifest": manifest, **parts}


def items_of(run: ExportRun) -> "QuerySet[ExportItem]":
    return run.items.select_related("invoice").order_by("position")


def sent_row(item: ExportItem) -> dict[str, Any]:
    """An invoice with the values sent; before they are frozen, those of now."""
    sent = thaw(item.sent) if item.sent else None
    changed = item.invoice.content_version != item.content_version
    missing = missing_glyphs(sent) if sent and item.run.format == PDF_ZIP else ()
    return {"item": item, "shown": sent or item.invoice, "changed": changed, "missing": missing}


@require_safe
@requires(Permission.SEE_RUNS)
def run_progress(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The line about a run. It asks again by itself only while the run is not finished."""
    run = visible_run(request, pk)
    place = request.GET.get("place", "")
    if not getattr(request, "htmx", False):
        return redirect("run_page", pk=run.pk)
    response = line(request, run, place if place in PLACES else "")
    if place == "page" and run.is_finished:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@requires(Permission.EXPORT)
def run_cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    run = visible_run(request, pk)
    try:
        runs.cancel(run, by=user_of(request), origin=origin_of(request))
    except Refused as refused:
        messages.info(request, refused.message)
    return answer(request, run)


@require_POST
@requires(Permission.EXPORT)
def run_retry(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A new run over the same invoices, without those that had problems."""
    return _tried_again(request, pk, start.retry)


@require_POST
@requires(Permission.EXPORT)
def run_retry_failed(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A new bundle of what this one could not have in it."""
    return _tried_again(request, pk, start.retry_failed)


def _tried_again(request: HttpRequest, pk: uuid.UUID, command: Callable[..., ExportRun]) -> HttpResponse:
    run = visible_run(request, pk)
    try:
        run = command(run, by=user_of(request), origin=origin_of(request))
    except Refused as refused:
        return _not_again(request, run, refused)
    return answer(request, run)


def _not_again(request: HttpRequest, run: ExportRun, refused: Refused) -> HttpResponse:
    """Each invoice in the way, and the way out: in the line where it was pressed, or on the run's page."""
    if (place := place_of(request)) is not None:
        return line(request, run, place, refused)
    messages.error(request, render_to_string("exports/_not_again.html", {"refused": refused}))
    return redirect("run_page", pk=run.pk)


@require_POST
@requires(Permission.DOWNLOAD)
def run_make_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Build an expired, missing or damaged file once more."""
    run = visible_run(request, pk)
    try:
        start.make_again(run, by=user_of(request), origin=origin_of(request))
    except Refused as refused:
        messages.error(request, refused.message)
    return answer(request, run)


def place_of(request: HttpRequest) -> str | None:
    """Where the line stands in which something was pressed; None on a whole page."""
    place = request.POST.get("place", "")
    return place if getattr(request, "htmx", False) and place in PLACES else None


def answer(request: HttpRequest, run: ExportRun) -> HttpResponse:
    """After an act: the line where it was pressed, or the run's page."""
    if (place := place_of(request)) is not None:
        return line(request, ExportRun.objects.get(pk=run.pk), place)
    return redirect("run_page", pk=run.pk)


def line(request: HttpRequest, run: ExportRun, place: str, refused: Refused | None = None) -> HttpResponse:
    context = {"line": RunLine(run, user_of(request), place), "refused": refused}
    return render(request, "exports/_line.html", context)
