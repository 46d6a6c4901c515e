"""Export Selected Invoices and Download Selected PDFs: a file at once, or first a window that says what to know.

The window's button posts nothing but the id of its intent, which holds invoices, versions and format.
"""

import json
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST

from backlog.export_offer import Offer, export_offer, pdf_offer
from backlog.grid.response import refused
from backlog.grid.selection import BadSelection, Selection, resolve
from backlog.invoice_processing import INVOICE_PROCESSING
from backlog.pdf_bundle import Bundle, bundle_of, preview
from backlog.run_line import RunLine
from exports.formats import PDF_ZIP, UnknownFormat
from exports.formats.profile import Kind, Mapped
from exports.left_out import leaves_out_exported, left_out_of, note_left_out
from exports.models import ExportRun
from exports.profile_change import Wish, change_entries
from exports.start import Stale, action_for, run_of, start_at_once, start_from_intent
from invoices.intents import intent_rows, make_intent
from invoices.models import Invoice
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
        return _at_once_or_window(
            request, user, lambda: export_offer(chosen(user, request.POST), slug=slug, leave_out=leave_out), intent_id
        )
    except (BadSelection, UnknownFormat) as bad:
        return refused(bad)


@require_POST
@requires(Permission.EXPORT)
def pdf_window(request: HttpRequest) -> HttpResponse:
    """The ZIP at once for up to 100 invoices, else the window with count and rough size."""
    user, intent_id = user_of(request), form_intent(request)
    if (earlier := run_of(intent_id, user)) is not None:
        return run_started(request, earlier)
    try:
        return _at_once_or_window(request, user, lambda: pdf_offer(chosen(user, request.POST)), intent_id)
    except BadSelection as bad:
        return refused(bad)


@require_POST
@requires(Permission.EXPORT)
def export_start(request: HttpRequest) -> HttpResponse:
    """Start what a window showed; the same window again answers with the run it made."""
    user, intent_id, origin = user_of(request), request.POST.get("intent", ""), origin_of(request)
    bundle = bundle_of(request.POST)
    if not bundle.is_valid:
        return _again(request, user, None)
    try:
        agreed, settings = bool(request.POST.get("agreed")), bundle.values if bundle.sent else {}
        run = start_from_intent(intent_id, by=user, agreed=agreed, settings=settings, origin=origin)
    except Stale as stale:
        return _again(request, user, stale)
    except Refused as error:
        return render(request, "exports/_refused_window.html", {"refused": error}, status=409)
    if settings and run.format == PDF_ZIP:
        wishes = {name: Wish(Mapped(value)) for name, value in settings.items()}
        change_entries(PDF_ZIP, Kind.SETTING, wishes, by=user, origin=origin)  # what the next window proposes
    return run_started(request, run)


@require_POST
@requires(Permission.EXPORT)
def pdf_preview(request: HttpRequest) -> HttpResponse:
    """The names that the choices of a window of PDFs give."""
    intent = _own_intent(request, user_of(request))
    visible, bundle = Invoice.objects.visible_to(user_of(request)), bundle_of(request.POST)
    rows = visible.filter(pk__in=intent_rows(intent).values("pk")) if intent else Invoice.objects.none()
    return render(request, "exports/_preview.html", {"bundle": bundle, "names": preview(bundle, rows)})


def form_intent(request: HttpRequest) -> uuid.UUID:
    """The intent of a form that may start without a window: the same one however often the form is sent.

    The page gives its form a key, and each started run another, so what is asked for anew is a new run.
    """
    key = request.POST.get("form_key") or str(uuid.uuid4())
    fields = [user_of(request).pk, request.path, key, request.POST.get("format", ""), *posted_of(request)]
    return uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(fields))


def chosen(user: User, post: QueryDict) -> Selection:
    """The invoices now, for good: only what is judged is sent, whatever another user's undo brings back meanwhile."""
    return resolve(INVOICE_PROCESSING, user, post, hold=True)


def posted_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The selection's fields, for windows that post it once more."""
    return [(name, str(request.POST.get(name, ""))) for name in POSTED]


def window(
    request: HttpRequest, user: User, offer: Offer, posted: list[tuple[str, str]], stale: Stale | None = None
) -> HttpResponse:
    action = action_for(offer.format.slug)
    intent = make_intent(user=user, action=action, invoices=offer.rows, target_id=offer.newest)
    if intent.count:
        note_left_out(intent, offer.causes, offer.earlier if offer.leave_out else [])
    context = {"offer": offer, "selection": offer.selection, "intent": intent, "posted": posted, "stale": stale}
    context["refreshed"] = bool(request.POST.get("refreshed"))
    context["left_out"] = offer.selection.count - intent.count
    context["agreed"] = bool(request.POST.get("agreed")) and stale is None
    context["again_url"] = reverse("export_window" if offer.formats else "pdf_window")
    if not offer.formats:
        bundle: Bundle = bundle_of(request.POST)
        context |= {"bundle": bundle, "names": preview(bundle, intent_rows(intent))}
    return render(request, "exports/_window.html", context)


def _at_once_or_window(
    request: HttpRequest, user: User, look: Callable[[], Offer], intent_id: uuid.UUID
) -> HttpResponse:
    """A file at once when there is nothing to say and the window was not asked for. look: at the selection, anew."""
    offer, stale = look(), None
    if offer.starts_at_once and not request.POST.get("window"):
        try:
            return _start(request, offer, intent_id)
        except Stale as error:
            offer, stale = look(), error
    if (made := run_of(intent_id, user)) is not None:  # the same form's other press was quicker than the offer
        return run_started(request, made)
    return window(request, user, offer, posted_of(request), stale)


def _start(request: HttpRequest, offer: Offer, intent_id: uuid.UUID) -> HttpResponse:
    """The run at once. Raises Stale when somebody else's run or act has come between."""
    user, origin, slug = user_of(request), origin_of(request), offer.format.slug
    known = {"newest": offer.newest, "count": offer.selection.count}
    try:
        run = start_at_once(intent_id, slug=slug, invoices=offer.rows, by=user, **known, origin=origin)
    except Stale:
        raise
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


def _again(request: HttpRequest, user: User, stale: Stale | None) -> HttpResponse:
    """The window once more with the present numbers, naming what moved since."""
    intent = _own_intent(request, user)
    if intent is None:
        unknown = Refused("This window is no longer known. Open it again.")
        return render(request, "exports/_refused_window.html", {"refused": unknown}, status=409)
    ids = set(IntentItem.objects.filter(intent=intent).values_list("object_id", flat=True)) | left_out_of(intent)
    post = request.POST.copy()
    post.update({"mode": "ids", "ids": ",".join(str(pk) for pk in sorted(ids))})
    try:
        selection = chosen(user, post)
    except BadSelection as bad:
        return refused(bad, status=409)
    slug = intent.action.partition(":")[2]
    leave_out = leaves_out_exported(intent)
    offer = pdf_offer(selection) if slug == PDF_ZIP else export_offer(selection, slug=slug, leave_out=leave_out)
    posted = [(name, str(post.get(name, ""))) for name in POSTED]
    return window(request, user, offer, posted, stale)


def _own_intent(request: HttpRequest, user: User) -> Intent | None:
    """The intent of the window that was posted, if it is the user's."""
    try:
        key = uuid.UUID(request.POST.get("intent", ""))
    except ValueError:
        return None
    return Intent.objects.filter(pk=key, user_id=user.pk).first()
