"""The package's own list: its upload, and accepting at once what is like enough to it, after it was seen."""

import hashlib
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backlog.accounting.mapping_lines import Line, lines_of
from backlog.accounting.mapping_page import LIKENESS, USUAL_LIKENESS
from backlog.accounting.places import Place, place_or_404
from exports.likeness import Likeness
from exports.package_file import MOST_BYTES, MOST_NAMES, BadList, Wanted, names_of
from exports.package_lists import keep_list, kept_list
from exports.profile_change import Wish, change_entries, fingerprint
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.audit import canonical
from jobbook.common.errors import Refused
from jobbook.common.forms import PlainTexts
from jobbook.common.http import origin_of

MOST_AT_ONCE = 1000  # suggestions accepted by one button: as many as somebody may look through


class ListForm(PlainTexts, forms.Form):
    file = forms.FileField(
        label="Their list",
        help_text=f"CSV, text with one name a line, or IIF; at most {MOST_BYTES // 10**6} MB and {MOST_NAMES:,} names.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.iif,text/csv,text/plain"}),
    )
    column = forms.CharField(
        label="Column of the name or code",
        required=False,
        max_length=100,
        help_text="Its heading, or its number from 1. Empty: the first column. An IIF says it itself.",
    )
    description = forms.CharField(
        label="Column that describes it",
        required=False,
        max_length=100,
        help_text="Where the first is a code: the column of the name. Only used to find what is alike.",
    )
    has_headings = forms.BooleanField(label="The first row has headings", required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def accounting_list(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Upload the list; it takes the place of the one before and changes no mapping."""
    place = place_or_404(slug, kind)
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if form.is_bound and form.is_valid() and _keep(request, place, form):
        return redirect(place.url)
    context = {"place": place, "form": form, "their_list": kept_list(slug, place.kind)}
    return render(request, "accounting/list.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, place: Place, form: ListForm) -> bool:
    values, upload = form.cleaned_data, form.cleaned_data["file"]
    name = "".join(filter(str.isprintable, upload.name))[:200]
    is_text = name.casefold().endswith(".txt")
    wanted = Wanted(values["column"], values["description"], values["has_headings"], is_text)
    try:
        names = names_of(upload.read(MOST_BYTES + 1), place.kind, wanted)
    except BadList as bad:
        form.add_error(bad.column, str(bad))
        return False
    keep_list(place.format.slug, place.kind, names, file_name=name, by=user_of(request), origin=origin_of(request))
    messages.success(request, f"{len(names):,} names of {name} are kept. What is like ours stands beside it.")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def accounting_accept(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Every suggestion from a likeness on, to be looked at (GET) and accepted as it was shown (POST)."""
    place = place_or_404(slug, kind)
    least = _likeness(request.POST.get("likeness") or request.GET.get("likeness", ""))
    lines, has_more = _suggested(place, least)
    shown = _digest(lines)
    is_stale = request.method == "POST" and request.POST.get("shown") != shown
    if request.method == "POST" and not is_stale and lines:
        return _accept(request, place, lines)
    context = {
        "place": place,
        "lines": lines,
        "least": least,
        "shown": shown,
        "is_stale": is_stale,
        "has_more": has_more,
    }
    return render(request, "accounting/accept.html", context, status=409 if is_stale else 200)


def _likeness(text: str) -> int:
    return int(text) if text in map(str, LIKENESS) else USUAL_LIKENESS


def _suggested(place: Place, least: int) -> tuple[list[Line], bool]:
    """Lines without a name whose suggestion is like enough, the most alike first; and whether some are left out."""
    their_list = kept_list(place.format.slug, place.kind)
    likeness = Likeness(their_list.names if their_list else [], least)
    found = [
        (suggestion.percent, replace(line, suggestion=suggestion))
        for line in lines_of(place).lines
        if not line.is_named and (suggestion := likeness.best(line.ours.key, line.ours.name))
    ]
    found.sort(key=lambda pair: -pair[0])
    return [line for _, line in found[:MOST_AT_ONCE]], likeness.is_spent or len(found) > MOST_AT_ONCE


def _digest(lines: list[Line]) -> str:
    """Stands for what a page showed."""
    pairs: Any = [[line.ours.key, line.suggestion.name if line.suggestion else ""] for line in lines]
    return hashlib.sha256(canonical(pairs).encode()).hexdigest()


def _accept(request: HttpRequest, place: Place, lines: list[Line]) -> HttpResponse:
    wishes = {line.ours.key: _wish(line) for line in lines}
    try:
        done = change_entries(place.format.slug, place.kind, wishes, by=user_of(request), origin=origin_of(request))
    except Refused as refused:  # another saved between the look and the lock
        messages.error(request, str(refused))
        return redirect(place.url)
    messages.success(request, f"{done:,} suggestion{'' if done == 1 else 's'} accepted.")
    return redirect(place.url)


def _wish(line: Line) -> Wish:
    assert line.suggestion is not None
    return Wish(replace(line.mapped, theirs=line.suggestion.name), fingerprint(line.mapped))
