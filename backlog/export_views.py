"""Export Selected Invoices and Download Selected PDFs: a file at once, or first a window that says what to know.

The window's button posts nothing but the id of its intent, which holds invoices, versions and format.
"""

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from backlog.export_offer import Offer, export_offer, pdf_offer
from backlog.grid.response import refused
from backlog.grid.selection import BadSelection, Selection, resolve
from backlog.invoice_processing import INVOICE_PROCESSING
from backlog.run_line import RunLine
from exports.formats import PDF_ZIP, UnknownFormat
from exports.models import ExportRun
from exports.start import Stale, action_for, run_of, start_at_once, start_from_intent
from invoices.intents import make_intent
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.common.models import Intent, IntentItem

POSTED = ("mode", "ids", "excluded", "filters")


@require_POST
@requires(Permission.EXPORT)
def export_window(request: HttpRequest) -> HttpResponse:
    """The file at once when there is nothing to say, else the window."""
    user, intent_id = user_of(request), form_intent(request)
    slug, leave_out = request.POST.get("format", ""), bool(request.POST.get("leave_out"))
    if (earlier := run_of(intent_id, user)) is not None:
        return run_started(request, earlier)
    try:
        selection = resolve(INVOICE_PROCESSING, user, request.POST)
        offer = export_offer(selection, slug=slug, leave_out=leave_out)
    except (BadSelection, UnknownFormat) as bad:
        return refused(bad)
    if offer.starts_at_once and not request.POST.get("window"):
        return _start(request, offer, intent_id)
    return window(request, user, offer, posted_of(request))


@require_POST
@requires(Permission.EXPORT)
def pdf_window(request: HttpRequest) -> HttpResponse:
    """The ZIP at once for up to 100 invoices, else the window with count and rough size."""
    user, intent_id = user_of(request), form_intent(request)
    if (earlier := run_of(intent_id, user)) is not None:
        return run_started(request, earlier)
    try:
        offer = pdf_offer(resolve(INVOICE_PROCESSING, user, request.POST))
    except BadSelection as bad:
        return refused(bad)
    if offer.starts_at_once:
        return _start(request, offer, intent_id)
    return window(request, user, offer, posted_of(request))


@require_POST
@requires(Permission.EXPORT)
def export_start(request: HttpRequest) -> HttpResponse:
    """Start what a window showed; the same window again answers with the run it made."""
    user = user_of(request)
    try:
        run = start_from_intent(request.POST.get("intent", ""), by=user, origin=origin_of(request))
    except Stale as stale:
        return _again(request, user, stale)
    except Refused as error:
        return render(request, "exports/_refused_window.html", {"refused": error}, status=409)
    return run_started(request, run)


def form_intent(request: HttpRequest) -> uuid.UUID:
    """The intent of a form that may start without a window: the same one however often the form is sent.

    The page gives its form a key, and each started run another, so what is asked for anew is a new run.
    """
    key = request.POST.get("form_key") or str(uuid.uuid4())
    fields = [user_of(request).pk, request.path, key, request.POST.get("format", ""), *posted_of(request)]
    return uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(fields))


def posted_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The selection's fields, for windows that post it once more."""
    return [(name, str(request.POST.get(name, ""))) for name in POSTED]


def window(
    request: HttpRequest, user: User, offer: Offer, posted: list[tuple[str, str]], stale: Stale | None = None
) -> HttpResponse:
    intent = make_intent(user=user, action=action_for(offer.format.slug), invoices=offer.rows)
    context = {"offer": offer, "selection": offer.selection, "intent": intent, "posted": posted, "stale": stale}
    context["refreshed"] = bool(request.POST.get("window"))
    context["left_out"] = offer.selection.count - intent.count
    return render(request, "exports/_window.html", context)


def _start(request: HttpRequest, offer: Offer, intent_id: uuid.UUID) -> HttpResponse:
    user, origin = user_of(request), origin_of(request)
    try:
        run = start_at_once(intent_id, slug=offer.format.slug, invoices=offer.rows, by=user, origin=origin)
    except Refused as error:
        return refused(error)
    return run_started(request, run)


def run_started(request: HttpRequest, run: ExportRun) -> HttpResponse:
    """The line about the run under the bar; an open window goes. Ticks stay: they are processed next."""
    if not getattr(request, "htmx", False):
        return redirect("run_page", pk=run.pk)
    context: dict[str, Any] = {"line": RunLine(run, user_of(request), "watch"), "form_key": uuid.uuid4()}
    html = render_to_string("exports/_started.html", context, request)
    response = HttpResponse(html)
    response["HX-Retarget"], response["HX-Reswap"] = "#run-line", "innerHTML"
    return response


def _again(request: HttpRequest, user: User, stale: Stale) -> HttpResponse:
    """The window once more with the present numbers, naming what moved since."""
    intent_id = uuid.UUID(request.POST.get("intent", ""))
    intent = Intent.objects.get(pk=intent_id, user_id=user.pk)
    ids = IntentItem.objects.filter(intent=intent).values_list("object_id", flat=True)
    post = request.POST.copy()
    post.update({"mode": "ids", "ids": ",".join(str(pk) for pk in ids)})
    try:
        selection: Selection = resolve(INVOICE_PROCESSING, user, post)
    except BadSelection as bad:
        return refused(bad, status=409)
    slug = intent.action.partition(":")[2]
    offer = pdf_offer(selection) if slug == PDF_ZIP else export_offer(selection, slug=slug, leave_out=False)
    posted = [(name, str(post.get(name, ""))) for name in POSTED]
    return window(request, user, offer, posted, stale)
