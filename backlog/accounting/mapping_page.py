"""The page of a mapping: what the package calls our clients, items, taxes or terms, saved a page at a time."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from backlog.accounting.mapping_form import PAGE, MappingSheet, posted_lines
from backlog.accounting.mapping_lines import Asked, Line, Lines, lines_of, with_suggestions
from backlog.accounting.places import Place, place_or_404, places_of
from exports.formats.profile import Kind
from exports.models import PackageList
from exports.package_lists import kept_list
from exports.profile_history import profile_history
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.http import origin_of
from jobbook.jobs.models import Client

LIKENESS = (100, 95, 90, 85, 80)  # percent, offered for accepting suggestions
USUAL_LIKENESS = 95


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def accounting_mapping(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The lines asked for; posted, the whole page is saved or nothing of it."""
    place, asked = place_or_404(slug, kind), Asked(request)
    lines, their_list = lines_of(place), kept_list(slug, place.kind)
    page = Paginator(asked.narrow(lines.lines), PAGE).get_page(request.GET.get("page"))
    if request.method != "POST":
        sheet = MappingSheet(place, with_suggestions(page, their_list))
        return _answer(request, place, sheet, asked, lines, page, their_list)
    sheet = MappingSheet(place, with_suggestions(posted_lines(request.POST, lines.lines), their_list), request.POST)
    saved = sheet.save(user_of(request), origin_of(request))
    if saved is None:
        return _answer(request, place, sheet, asked, lines, page, their_list)
    messages.success(request, f"{saved:,} line{'' if saved == 1 else 's'} changed." if saved else "Nothing changed.")
    return redirect(request.get_full_path())


def _answer(
    request: HttpRequest,
    place: Place,
    sheet: MappingSheet,
    asked: Asked,
    lines: Lines,
    page: "Page[Line]",
    their_list: PackageList | None,
) -> HttpResponse:
    labels = {line.ours.key: line.ours.label for line in lines.lines}
    _link_waiting(place, sheet)
    context = {
        "place": place,
        "places": places_of(place.format),
        "sheet": sheet,
        "asked": asked,
        "lines": lines,
        "page": page,
        "their_list": their_list,
        "likeness": LIKENESS,
        "usual_likeness": USUAL_LIKENESS,
        "url": request.get_full_path(),
        "history": profile_history(place.format.slug, place.kind, labels),
    }
    return render(request, "accounting/mapping.html", context, status=sheet.status)


def _link_waiting(place: Place, sheet: MappingSheet) -> None:
    """The waiting invoices of each client lead to the backlog filtered to him; it has no filter for the others."""
    if place.kind != Kind.CLIENT:
        return
    forms = {form.line.ours.key: form for form in sheet.forms if form.line.ours.waiting}
    rows: Any = Client.objects.filter(client_number__in=list(forms)).order_by().values_list("client_number", "pk")
    for number, pk in rows:
        forms[number].waiting_url = f"{reverse('invoice_process_backlog')}?client={pk}"
