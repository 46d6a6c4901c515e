"""The settings of a format: each with its choices and what it is by default."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from backlog.accounting.places import format_or_404, places_of
from exports import profiles
from exports.formats.base import Format
from exports.formats.profile import Kind, Mapped, Setting
from exports.profile_change import Wish, change_entries, fingerprint
from exports.profile_history import profile_history
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.audit import Actor, Origin
from jobbook.common.errors import Refused
from jobbook.common.forms import PlainTexts
from jobbook.common.http import origin_of

_SEEN = "seen-"  # before the name of a setting: what the user saw there


class SettingsForm(PlainTexts, forms.Form):
    """A field for each setting, and hidden what it was filled with."""

    def __init__(self, format_: Format, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.format = format_
        self.kept = profiles.kept(format_.slug).settings
        for setting in format_.settings:
            value = self.kept[setting.name]
            self.fields[setting.name] = _field(setting, value)
            self.fields[_SEEN + setting.name] = forms.CharField(
                required=False, max_length=64, initial=fingerprint(Mapped(value)), widget=forms.HiddenInput
            )

    def clean(self) -> dict[str, Any]:
        super().clean()
        for setting in self.format.settings:
            if setting.name in self.cleaned_data and (reason := setting.refusal(self.cleaned_data[setting.name])):
                self.add_error(setting.name, f"{reason[:1].upper()}{reason[1:]}.")
        return self.cleaned_data

    def wishes(self) -> dict[str, Wish]:
        values = self.cleaned_data
        return {each.name: Wish(Mapped(values[each.name]), values[_SEEN + each.name]) for each in self.format.settings}


def _field(setting: Setting, value: str) -> forms.Field:
    labels = dict(setting.choices)
    default = labels.get(setting.default, setting.default) or "empty"
    common: dict[str, Any] = {
        "label": setting.label,
        "help_text": f"{setting.help.rstrip('.')}. By default: {default}."
        if setting.help
        else f"By default: {default}.",
        "initial": value,
    }
    if setting.choices:
        return forms.ChoiceField(choices=setting.choices, **common)
    return forms.CharField(required=False, max_length=500, **common)


class SettingsAttempt:
    """The form on its way through a request, as templates/includes/refused.html shows it."""

    def __init__(self, form: SettingsForm) -> None:
        self.form = form
        self.refused: Refused | None = None
        self.differing: list[tuple[str, str, str]] = []  # label, stored value, entered value

    @property
    def is_conflict(self) -> bool:
        return self.refused is not None

    @property
    def status(self) -> int:
        return 409 if self.is_conflict else 422 if self.form.errors else 200

    def save(self, by: Actor, origin: Origin) -> bool:
        """Whether it is saved; else the form's errors, or `refused` and `differing`, say why."""
        if not self.form.is_valid():
            return False
        try:
            change_entries(self.form.format.slug, Kind.SETTING, self.form.wishes(), by=by, origin=origin)
        except Refused as refused:
            self._explain(refused)
            return False
        return True

    def _explain(self, refused: Refused) -> None:
        """What differs from the user's; the next save is compared with what is stored now."""
        self.refused = refused
        settings = {each.name: each for each in self.form.format.settings}
        stored = profiles.kept(self.form.format.slug).settings
        seen = {}
        for setting in (settings[each.label] for each in refused.refusals):
            labels, there, yours = dict(setting.choices), stored[setting.name], self.form.cleaned_data[setting.name]
            self.differing.append((setting.label, labels.get(there, there), labels.get(yours, yours)))
            seen[_SEEN + setting.name] = fingerprint(Mapped(there))
        self.form.put_back(seen)
        refused.refusals = [replace(each, label=settings[each.label].label) for each in refused.refusals]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def accounting_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """All settings of a format; errors all at once, another's change beside one's own."""
    format_ = format_or_404(slug)
    sheet = SettingsAttempt(SettingsForm(format_, request.POST if request.method == "POST" else None))
    if sheet.form.is_bound and sheet.save(user_of(request), origin_of(request)):
        messages.success(request, f"The settings of {format_.label} are saved.")
        return redirect("accounting_settings", slug)
    context = {
        "format": format_,
        "places": places_of(format_),
        "sheet": sheet,
        "form": sheet.form,
        "url": reverse("accounting_settings", args=[slug]),
        "history": profile_history(slug, Kind.SETTING, {each.name: each.label for each in format_.settings}),
    }
    return render(request, "accounting/settings.html", context, status=sheet.status)
