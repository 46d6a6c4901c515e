"""The lines of a mapping: everything of ours of one kind, what it is called, whether it needs a name, what is alike."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django import forms
from django.http import HttpRequest

from backlog.accounting.places import Place
from exports import profiles
from exports.faces import FACES
from exports.formats.profile import NOTHING, Kind, Mapped
from exports.in_use import Ours, in_use
from exports.likeness import Likeness, Suggestion
from exports.models import PackageList
from exports.needs import needs_of

SHOWN = {"all": "All", "needed": "Needing a name", "unmapped": "Not mapped", "mapped": "Mapped"}


@dataclass(frozen=True)
class Line:
    """Something of ours. reason: why it needs a name, in the words of the check; "" when it goes as it is."""

    ours: Ours
    mapped: Mapped
    reason: str = ""
    suggestion: Suggestion | None = None
    is_listed: bool = True  # its name stands in the package's list, or there is no list to look in
    twin: str = ""  # the client who goes by the same name there: no file takes both
    is_known: bool = True  # something of ours still has this key

    @property
    def is_named(self) -> bool:
        return bool(self.mapped.theirs)


@dataclass(frozen=True)
class Lines:
    """All lines of a mapping: what needs a name first, most wanted first, then by name. waiting: ids of invoices."""

    lines: list[Line]
    waiting: set[int]

    @property
    def needed(self) -> int:
        return sum(bool(line.reason) for line in self.lines)

    @property
    def mapped(self) -> int:
        return sum(line.mapped != NOTHING for line in self.lines)

    @property
    def own(self) -> int:
        """Those that go by our own name or code."""
        return sum(line.mapped == NOTHING and not line.reason for line in self.lines)


def lines_of(place: Place) -> Lines:
    """A handful of queries, whatever the number of lines and invoices."""
    profile, faces = profiles.kept(place.format.slug), FACES[place.kind](waiting_only=False)
    needs = needs_of(place.format, profile, {place.kind: faces})
    reasons, mapped = needs.reasons[place.kind], profile.maps.get(place.kind, {})
    known = in_use(place.kind, faces, mapped, combined=place.columns.combined)
    twins = _twins(mapped) if place.kind == Kind.CLIENT else {}
    lines = [
        Line(ours, mapped.get(ours.key, NOTHING), reasons.get(ours.key, ""), twin=twins.get(ours.key, ""))
        for ours in known
    ]
    lines.sort(key=lambda line: (not line.reason, -line.ours.waiting if line.reason else 0))
    return Lines(lines, needs.waiting[place.kind])


def _twins(mapped: Mapping[str, Mapped]) -> dict[str, str]:
    """Of each client mapped to what another is mapped to, whatever its case: the first other."""
    same: dict[str, list[str]] = defaultdict(list)
    for key, each in mapped.items():
        same[each.theirs.casefold()].append(key)
    return {key: next(each for each in keys if each != key) for keys in same.values() if len(keys) > 1 for key in keys}


class Asked(forms.Form):
    """What is asked of the page in its address; wrong values count as none. only: the key of one line."""

    q = forms.CharField(label="Search", required=False, max_length=100)
    show = forms.ChoiceField(label="Show", choices=list(SHOWN.items()), required=False)
    only = forms.CharField(required=False, max_length=200, strip=False)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__({"show": "all", **request.GET.dict()})
        self.is_only = "only" in request.GET
        self.is_valid()

    @property
    def narrows(self) -> bool:
        asked = self.cleaned_data
        return self.is_only or bool(asked.get("q")) or asked.get("show", "all") != "all"

    def narrow(self, lines: Iterable[Line]) -> list[Line]:
        asked = self.cleaned_data
        if self.is_only:
            return [line for line in lines if line.ours.key == asked.get("only")]
        words = asked.get("q", "").casefold().split()
        return [line for line in lines if _is_shown(line, asked.get("show", "all")) and _matches(line, words)]


def _is_shown(line: Line, show: str) -> bool:
    if show == "needed":
        return bool(line.reason)
    if show == "unmapped":
        return line.mapped == NOTHING
    return show != "mapped" or line.mapped != NOTHING


def _matches(line: Line, words: Sequence[str]) -> bool:
    parts = (line.ours.key, line.ours.name, line.mapped.theirs, line.mapped.account, line.mapped.extra)
    text = "\n".join(parts).casefold()
    return all(word in text for word in words)


def with_suggestions(lines: Iterable[Line], their_list: PackageList | None) -> list[Line]:
    """The lines beside the package's own list: what is like those without a name, which names it does not have."""
    if their_list is None:
        return list(lines)
    pairs = their_list.names
    names, likeness = {name for name, _ in pairs}, Likeness(pairs)
    return [
        replace(line, is_listed=line.mapped.theirs in names)
        if line.is_named
        else replace(line, suggestion=likeness.best(line.ours.key, line.ours.name))
        for line in lines
    ]
