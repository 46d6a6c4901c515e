"""The pages of records that administrators keep, one pattern for all: a list, and a form with the record's history.

Declare a `RecordPages`, and call `list_page` and `form_page` from views of your own, which check the permission.
Records are never deleted: a tick takes them out of use.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jobbook.common.audit import Actor, Origin
from jobbook.common.errors import Refused
from jobbook.common.forms import RecordForm, words_of
from jobbook.common.history import Step, history
from jobbook.common.http import origin_of
from jobbook.common.records import Check, Part, change_record, make_record, nothing_against
from jobbook.common.versioned import Versioned

PAGE = 50
_SEARCHED_FROM = 20  # rows: a shorter list is read faster than searched


@dataclass(frozen=True)
class Column:
    """A column of the list. kind: a class of its cells: num, text, or lo for what phones leave out."""

    label: str
    name: str
    kind: str = ""


@dataclass(frozen=True)
class RecordPages:
    """One kind of record. slug: its noun in the audit and the beginning of its addresses' names ("office_list").

    heading: the field that names a row; searched: the fields that the search looks in; words: what its actions
    besides "create" and "change" are called in its history.
    """

    slug: str
    model: type[Versioned]
    title: str
    about: str
    form: type[RecordForm]
    heading: Column
    columns: tuple[Column, ...]
    searched: tuple[str, ...]
    related: tuple[str, ...] = ()
    check: Check = nothing_against
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def one(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def active_field(self) -> str:
        return self.form.active_field

    def rows(self, search: str) -> "QuerySet[Any]":
        """Rows in which every word of the search stands; those in use first."""
        rows = self.model._default_manager.select_related(*self.related)
        for word in search.split():
            found = Q()
            for name in self.searched:
                found |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(found)
        return rows.order_by(f"-{self.active_field}", self.heading.name, "pk")

    def history_of(self, pk: int) -> list[Step]:
        words = {f"{self.slug}.create": "Made", f"{self.slug}.change": "Changed", "data.import": "Imported"}
        return list(history(self.slug, pk, words={**words, **self.words}, labels=self.form.labels()))


class Attempt:
    """A form on its way through a request: shown, checked, saved, or refused with what differs.

    noun: the record's object type in the audit; check: what may stand against a change of it.
    """

    def __init__(self, form: RecordForm, noun: str = "", *, check: Check = nothing_against) -> None:
        self.form, self.noun, self.check = form, noun, check
        self.refused: Refused | None = None
        self.differing: list[tuple[str, str, str]] = []  # label, stored value, entered value
        self.is_conflict = False

    @property
    def status(self) -> int:
        """409 for another's change, 422 for what may not be saved."""
        return 409 if self.is_conflict else 422 if self.refused or self.form.errors else 200

    def save(self, by: Actor, origin: Origin) -> Any:
        """The saved record, or None: then the form's errors, `refused` and `differing` say why."""
        if not self.form.is_valid():
            return None
        try:
            return self.run(by, origin)
        except Refused as refused:
            self._explain(refused)
        return None

    def run(self, by: Actor, origin: Origin) -> Any:
        """Make or change the record. It raises Refused; a refusal whose code is a field's name is shown there."""
        values, parts = self.form.values(), self.parts()
        record: Versioned = self.form.instance
        if self.form.is_new:
            return make_record(type(record)(**values), noun=self.noun, parts=parts, by=by, origin=origin)
        kept = {"noun": self.noun, "version": self.form.cleaned_data["version"], "parts": parts, "check": self.check}
        return change_record(type(record), record.pk, values, **kept, by=by, origin=origin)

    def parts(self) -> Sequence[Part]:
        """The rows that belong to the record."""
        return ()

    def _explain(self, refused: Refused) -> None:
        self.refused = refused
        for refusal in list(refused.refusals):
            if refusal.code in self.form.fields:
                self.form.add_error(refusal.code, refusal.reason)
                refused.refusals.remove(refusal)
        self.is_conflict = any(refusal.code == "moved" for refusal in refused.refusals)
        if self.is_conflict:
            record = self.form.instance
            stored = type(record)._default_manager.get(pk=record.pk)
            self.differing = list(self.form.differing(stored))
            self.form.take_version(stored.version)


def list_page(request: HttpRequest, pages: RecordPages) -> HttpResponse:
    """All records of a kind, with a search when there are many."""
    search = "".join(filter(str.isprintable, request.GET.get("q", "")[:100])).strip()
    page = Paginator(pages.rows(search), PAGE).get_page(request.GET.get("page"))
    rows = [(row, _cells(pages, row), getattr(row, pages.active_field)) for row in page]
    context = {
        "pages": pages,
        "page": page,
        "rows": rows,
        "search": search,
        "is_searchable": bool(search) or page.paginator.count > _SEARCHED_FROM,
        "new_url": reverse(f"{pages.slug}_new"),
        "edit_name": f"{pages.slug}_edit",
        "url": request.path,
    }
    return render(request, "setup/list.html", context)


def _cells(pages: RecordPages, row: Any) -> list[tuple[Column, str]]:
    return [(column, words_of(row, column.name)) for column in pages.columns]


def form_page(request: HttpRequest, pages: RecordPages, record: Versioned, *, by: Actor) -> HttpResponse:
    """A new record, or one to change; after it is saved, the list."""
    sheet = Attempt(form_of(request, pages.form, record), pages.slug, check=pages.check)
    context = form_context(pages, sheet)
    saved = sheet.save(by, origin_of(request)) if sheet.form.is_bound else None
    if saved is None:
        return render(request, "setup/form.html", context, status=sheet.status)
    messages.success(request, f"{pages.one.capitalize()} {saved} is saved.")
    return redirect(f"{pages.slug}_list")


Form = TypeVar("Form", bound=RecordForm)


def form_of(request: HttpRequest, form: type[Form], record: Versioned) -> Form:
    """The form, with what was posted."""
    return form(request.POST, request.FILES, instance=record) if request.method == "POST" else form(instance=record)


def form_context(pages: RecordPages, sheet: Attempt) -> dict[str, Any]:
    """What setup/form.html needs. Ask before the form is checked: that puts the entered values onto the record."""
    form = sheet.form
    slug, is_new = pages.slug, form.is_new
    return {
        "pages": pages,
        "sheet": sheet,
        "form": form,
        "is_new": is_new,
        "title": f"New {pages.one}" if is_new else str(form.instance),
        "list_url": reverse(f"{slug}_list"),
        "url": reverse(f"{slug}_new") if is_new else reverse(f"{slug}_edit", args=[form.instance.pk]),
        "history": [] if is_new else pages.history_of(form.instance.pk),
    }
