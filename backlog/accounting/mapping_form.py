"""A page of a mapping as one form: read, compared with what others saved, shown again with everything that is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from django import forms
from django.http import QueryDict

from backlog.accounting.mapping_lines import Line
from backlog.accounting.places import Place
from exports import profiles
from exports.formats.profile import NOTHING, Mapped
from exports.in_use import Ours
from exports.profile_change import Wish, change_entries, fingerprint
from jobbook.common.audit import Actor, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.forms import PlainTexts

PAGE = 100  # lines


class LineForm(PlainTexts, forms.Form):
    """One line. ours, seen: whose it is, and what stood there; take: the suggestion, when it is ticked."""

    use_required_attribute = False
    ours = forms.CharField(required=False, max_length=200, strip=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    theirs = forms.CharField(required=False, max_length=500)
    account = forms.CharField(required=False, max_length=64)
    extra = forms.CharField(required=False, max_length=500)
    take = forms.CharField(required=False, max_length=500)
    waiting_url = ""  # of the waiting invoices, where the backlog can show them

    def __init__(self, place: Place, line: Line, data: QueryDict | None, number: int) -> None:
        super().__init__(data, prefix=str(number), initial=_initial(line))
        self.line = line
        labels = {"theirs": place.columns.theirs, "account": place.columns.account, "extra": place.columns.extra}
        for name, label in labels.items():
            self.fields[name].label = label
            attrs = {"aria-label": f"{label} of {line.ours.label}", "autocomplete": "off", "spellcheck": "false"}
            self.fields[name].widget.attrs.update(attrs)
            if not label:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        super().clean()
        theirs, take = self.cleaned_data.get("theirs"), self.cleaned_data.get("take")
        if theirs and take and theirs != take:
            self.add_error("theirs", "A name is typed and the suggestion is ticked: leave one of them.")
        if not self.line.is_known and any(
            self.cleaned_data.get(name) for name in ("theirs", "take", "account", "extra")
        ):
            self.add_error("theirs", "It is not in use any more.")
        return self.cleaned_data

    def wish(self) -> Wish:
        values = self.cleaned_data
        theirs = values["theirs"] or values["take"]
        return Wish(Mapped(theirs, values.get("account", ""), values.get("extra", "")), values["seen"])

    def take_seen(self, seen: str) -> None:
        """What is sent next is compared with this: the user has seen what differs."""
        self.put_back({self.add_prefix("seen"): seen})

    @property
    def is_taken(self) -> bool:
        """Whether the suggestion is ticked."""
        return self.line.suggestion is not None and self["take"].value() == self.line.suggestion.name


def _initial(line: Line) -> dict[str, str]:
    mapped = line.mapped
    seen = {"ours": line.ours.key, "seen": fingerprint(mapped)}
    return {**seen, "theirs": mapped.theirs, "account": mapped.account, "extra": mapped.extra}


class MappingSheet:
    """The lines of a page with their forms, as templates/includes/refused.html shows what was refused."""

    def __init__(self, place: Place, lines: Sequence[Line], data: QueryDict | None = None) -> None:
        self.place = place
        self.forms = [LineForm(place, line, data, number) for number, line in enumerate(lines)]
        self.refused: Refused | None = None
        self.is_conflict = False
        self.differing: list[tuple[str, str, str]] = []  # label, stored now, yours

    @property
    def status(self) -> int:
        return 409 if self.is_conflict else 422 if self.refused else 200

    def save(self, by: Actor, origin: Origin) -> int | None:
        """How many lines changed; None when nothing was saved: `refused` and the forms say why."""
        if wrong := list(self._wrong()):
            self.refused = Refused("Nothing was saved.", wrong)
            return None
        wishes = {form.line.ours.key: form.wish() for form in self.forms}
        try:
            return change_entries(self.place.format.slug, self.place.kind, wishes, by=by, origin=origin)
        except Refused as refused:
            self._explain(refused, wishes)
        return None

    def _wrong(self) -> Iterator[Refusal]:
        for form in self.forms:
            for name, errors in form.errors.items():
                column = form.fields[name].label if name in form.fields else ""
                label = ", ".join(filter(None, [form.line.ours.label, str(column or "")]))
                yield from (Refusal(name, str(error), label=label) for error in errors)

    def _explain(self, refused: Refused, wishes: Mapping[str, Wish]) -> None:
        """Yours beside what is stored now; the next save is compared with that."""
        labels = {form.line.ours.key: form.line.ours.label for form in self.forms}
        self.refused = Refused(
            "Nothing was saved.", [replace(each, label=labels.get(each.label, each.label)) for each in refused.refusals]
        )
        moved = {each.label for each in refused.refusals if each.code == "moved"}
        self.is_conflict = bool(moved)
        stored = profiles.kept(self.place.format.slug).maps.get(self.place.kind, {})
        for form in self.forms:
            key = form.line.ours.key
            if key in moved:
                there, yours = stored.get(key, NOTHING), wishes[key].wanted
                self.differing.append((form.line.ours.label, _words(there), _words(yours)))
                form.take_seen(fingerprint(there))


def _words(mapped: Mapped) -> str:
    return ", ".join(filter(None, [mapped.theirs, mapped.account, mapped.extra]))


def posted_lines(data: QueryDict, lines: Sequence[Line]) -> list[Line]:
    """The lines a page was sent with, in its order. One that is not there any more stands as it was sent."""
    known = {line.ours.key: line for line in lines}
    numbers = takewhile(lambda number: f"{number}-ours" in data, range(PAGE))
    keys = [data.get(f"{number}-ours", "") for number in numbers]  # the place of each is that of its fields
    return [known.get(key) or Line(Ours(key, key), NOTHING, is_known=False) for key in keys]
