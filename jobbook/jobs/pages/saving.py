"""One form with its rows on its way through a request: shown, checked, saved, or refused with what differs."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from django import forms
from django.http import HttpRequest
from django.http.request import QueryDict

from jobbook.accounts.http import user_of
from jobbook.common.errors import Refused
from jobbook.common.forms import RecordForm
from jobbook.common.http import origin_of
from jobbook.common.record_pages import Attempt
from jobbook.common.records import Check, Part, nothing_against
from jobbook.common.versioned import Versioned
from jobbook.jobs.pages.fields import Texts
from jobbook.jobs.pages.rows import ADD, with_row


class SheetForm(Texts, RecordForm):
    """The fields of a record, in sections. Active is asked of a new one too."""

    active_field = ""
    sections: tuple[tuple[str, str, tuple[str, ...]], ...] = ()  # slug, title, fields

    @property
    def shown_sections(self) -> Iterator[tuple[str, str, list[forms.BoundField]]]:
        for slug, title, names in self.sections:
            yield slug, title, [self[name] for name in names]


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


class Sheet(Attempt):
    """A form, the rows that belong to its record, and what came of saving them."""

    form: SheetForm

    def __init__(
        self, form: SheetForm, rows: Sequence[Belonging], noun: str, *, check: Check = nothing_against
    ) -> None:
        super().__init__(form, noun, check=check)
        self.rows = rows

    @property
    def status(self) -> int:
        return 422 if super().status == 200 and self.rows_are_wrong else super().status

    @property
    def rows_are_wrong(self) -> bool:
        return self.form.is_bound and any(rows.has_errors for rows in self.rows)

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

    def save_for(self, request: HttpRequest) -> Versioned | None:
        """The saved record, or None: then the form, its rows, `refused` and `differing` say why."""
        if self.rows_are_wrong:
            return None
        saved: Versioned | None = self.save(user_of(request), origin_of(request))
        return saved

    def parts(self) -> Sequence[Part]:
        return [rows.part() for rows in self.rows]

    def _explain(self, refused: Refused) -> None:
        """Show both values of rows too; the next save is of the version shown now, knowingly in place of it."""
        super()._explain(refused)
        if not self.is_conflict:
            return
        stored = type(self.form.instance)._default_manager.get(pk=self.form.instance.pk)
        for rows in self.rows:
            if (theirs := rows.stored(stored)) != (mine := rows.words()):
                self.differing.append((rows.title, "; ".join(theirs), "; ".join(mine)))


def posted(request: HttpRequest) -> QueryDict | None:
    """The data for forms: what was posted, with the row that was asked for; None when the page is only shown."""
    if request.method != "POST":
        return None
    return with_row(request.POST) if ADD in request.POST else request.POST


def asks_for_row(request: HttpRequest) -> bool:
    return request.method == "POST" and ADD in request.POST
