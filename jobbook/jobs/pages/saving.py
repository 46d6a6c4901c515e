"""One form with its rows on its way through a request: shown, checked, saved, or refused with what differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from django import forms
from django.db.models import Model
from django.http import HttpRequest
from django.http.request import QueryDict

from jobbook.accounts.http import user_of
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.common.records import Check, Part, change_record, make_record, nothing_against
from jobbook.common.versioned import Versioned
from jobbook.jobs.pages.fields import PlainTexts, words_of
from jobbook.jobs.pages.rows import ADD, with_row


class RecordForm(PlainTexts, forms.ModelForm):  # type: ignore[type-arg]
    """The fields of a record, and the version the user saw of one that exists."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    sections: tuple[tuple[str, str, tuple[str, ...]], ...] = ()  # slug, title, fields

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if self.instance.pk is None:
            del self.fields["version"]
        else:
            self.initial["version"] = self.instance.version

    @property
    def shown_sections(self) -> Iterator[tuple[str, str, list[forms.BoundField]]]:
        for slug, title, names in self.sections:
            yield slug, title, [self[name] for name in names]

    def values(self) -> dict[str, Any]:
        """The fields of the record by name."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def shown(self, name: str, record: Model) -> str:
        """A field of a record in words."""
        display = getattr(record, f"get_{name}_display", None)
        return str(display()) if display else words_of(getattr(record, name))


class Belonging(Protocol):
    """What belongs to a record on its form: repeated rows, or the prices of a rate sheet."""

    title: str

    @property
    def has_errors(self) -> bool: ...
    def named_errors(self) -> Iterator[tuple[str, str, str]]: ...
    def show_unchecked(self) -> None: ...
    def words(self) -> list[str]: ...
    def stored(self, record: Any) -> list[str]: ...
    def part(self) -> Part: ...


@dataclass(frozen=True)
class Differing:
    """A field that somebody else left otherwise than this user: both values in words."""

    label: str
    stored: str
    yours: str


@dataclass
class Sheet:
    """A form, its rows and what came of saving them."""

    form: RecordForm
    rows: Sequence[Belonging]
    noun: str
    check: Check = nothing_against
    refused: Refused | None = None
    is_conflict: bool = False
    differing: list[Differing] = field(default_factory=list)

    @property
    def status(self) -> int:
        """200 as long as nothing is wrong, 409 for another's change, 422 for values that may not be."""
        if self.is_conflict:
            return 409
        return 422 if self.refused or self.problems else 200

    @cached_property
    def problems(self) -> bool:
        return self.form.is_bound and bool(self.form.errors or any(rows.has_errors for rows in self.rows))

    @property
    def row_errors(self) -> Iterator[tuple[str, str, str]]:
        """Errors of rows for the summary: the id of the input, the row and field, the error."""
        for rows in self.rows:
            yield from rows.named_errors()

    def show_unchecked(self) -> None:
        """Show what was typed without looking at it: a row was asked for."""
        self.form.unchecked = True
        for rows in self.rows:
            rows.show_unchecked()

    def save(self, request: HttpRequest) -> Versioned | None:
        """The saved record, or None: then the form, `refused` and `differing` say why."""
        if self.problems:
            return None
        by, origin, parts = user_of(request), origin_of(request), [rows.part() for rows in self.rows]
        record: Versioned = self.form.instance
        is_new = record.pk is None
        try:
            if is_new:
                return make_record(record, noun=self.noun, parts=parts, by=by, origin=origin)
            return change_record(
                type(record),
                record.pk,
                self.form.values(),
                noun=self.noun,
                version=self.form.cleaned_data["version"],
                parts=parts,
                check=self.check,
                by=by,
                origin=origin,
            )
        except Refused as refused:
            record.pk = None if is_new else record.pk  # it was not made
            self._explain(refused)
        return None

    def _explain(self, refused: Refused) -> None:
        """Refusals of a field stand at it, others above the form; after another's change, what differs."""
        self.refused = refused
        for refusal in list(refused.refusals):
            if refusal.code in self.form.fields:
                self.form.add_error(refusal.code, f"{refusal.reason[:1].upper()}{refusal.reason[1:]}.")
                refused.refusals.remove(refusal)
        self.is_conflict = any(refusal.code == "moved" for refusal in refused.refusals)
        if self.is_conflict:
            self._compare()

    def _compare(self) -> None:
        """Show both values; the next save is of the version shown now, so it puts this user's in place knowingly."""
        stored = type(self.form.instance)._default_manager.get(pk=self.form.instance.pk)
        for name in self.form.values():
            old, new = self.form.shown(name, stored), self.form.shown(name, self.form.instance)
            if old != new:
                self.differing.append(Differing(str(self.form.fields[name].label), old, new))
        for rows in self.rows:
            if rows.stored(stored) != rows.words():
                self.differing.append(Differing(rows.title, "; ".join(rows.stored(stored)), "; ".join(rows.words())))
        self.form.data = {**self.form.data.dict(), "version": str(stored.version)}  # type: ignore[attr-defined]


def posted(request: HttpRequest) -> QueryDict | None:
    """The data for forms: what was posted, with the row that was asked for; None when the page is only shown."""
    if request.method != "POST":
        return None
    return with_row(request.POST) if ADD in request.POST else request.POST


def asks_for_row(request: HttpRequest) -> bool:
    return request.method == "POST" and ADD in request.POST
