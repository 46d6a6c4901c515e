"""The accounting set-up at a glance: the firm's format, and what each format still needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from backlog.accounting.places import Place, places_of
from exports import profiles
from exports.faces import Faces
from exports.formats import accounting_formats
from exports.formats.base import Format
from exports.formats.profile import Kind
from exports.needs import all_faces, needs_of
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.audit import Actor, Origin
from jobbook.common.forms import RecordForm
from jobbook.common.http import origin_of
from jobbook.common.record_pages import Attempt, form_of
from jobbook.jobs.company import UNSAVED, keep_company, version_of
from jobbook.jobs.models import Company


@dataclass(frozen=True)
class MappingCount:
    """One mapping of a format: how many names stand in it, and how many waiting invoices still want."""

    place: Place
    mapped: int
    needed: int


@dataclass(frozen=True)
class Card:
    """One format. changed: settings that are not as by default; waiting: invoices that wait for a name."""

    format: Format
    is_default: bool
    changed: int
    mappings: list[MappingCount]
    waiting: int


class DefaultFormatForm(RecordForm):
    version = forms.IntegerField(min_value=UNSAVED, widget=forms.HiddenInput)
    default_format = forms.ChoiceField(
        label="The firm's format",
        choices=lambda: [(each.slug, each.label) for each in accounting_formats()],
        help_text="Export Selected Invoices makes this one; the others are offered beside it.",
    )

    class Meta:
        model = Company
        fields = ("default_format",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = self.base_fields["version"]
        self.initial["version"] = version_of(self.instance)

    def differing(self, stored: Model) -> Iterator[tuple[str, str, str]]:
        labels = {each.slug: each.label for each in accounting_formats()}
        for label, there, yours in super().differing(stored):
            yield label, labels.get(there, there), labels.get(yours, yours)


class DefaultFormat(Attempt):
    """The format of the company."""

    def run(self, by: Actor, origin: Origin) -> Company:
        version = self.form.cleaned_data["version"]
        return keep_company(self.form.values(), {}, version=version, by=by, origin=origin)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def accounting(request: HttpRequest) -> HttpResponse:
    """Choose the firm's format; a card for each with links to its settings and mappings."""
    sheet = DefaultFormat(form_of(request, DefaultFormatForm, Company.current()))
    if sheet.form.is_bound and sheet.save(user_of(request), origin_of(request)):
        messages.success(request, "The firm's format is saved.")
        return redirect("accounting")
    cards = list(_cards(Company.current().default_format))
    context = {"sheet": sheet, "form": sheet.form, "url": reverse("accounting"), "cards": cards}
    return render(request, "accounting/index.html", context, status=sheet.status)


def _cards(default: str) -> Iterator[Card]:
    """The firm's format first. Only what waiting invoices carry is looked at: one query a format, six for all."""
    faces = all_faces(waiting_only=True)
    for format_ in sorted(accounting_formats(), key=lambda each: each.slug != default):
        yield _card(format_, faces, is_default=format_.slug == default)


def _card(format_: Format, faces: Mapping[Kind, Faces], *, is_default: bool) -> Card:
    profile = profiles.kept(format_.slug)
    needs = needs_of(format_, profile, faces)
    mappings = [
        MappingCount(place, len(profile.maps.get(place.kind, {})), len(needs.reasons[place.kind]))
        for place in places_of(format_)
    ]
    changed = sum(profile[each.name] != each.default for each in format_.settings)
    return Card(format_, is_default, changed, mappings, len(needs.invoice_ids))
