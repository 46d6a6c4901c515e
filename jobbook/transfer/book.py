"""The rows of an import beside what is in the database: which object each row means, and what it changes on it.

Nothing is written here. New objects are unsaved, existing ones carry the new values, so that every check sees the
firm as it would be after the import.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Model
from django.db.models.functions import Lower

from jobbook.jobs.models import Company
from jobbook.transfer.columns import Column, FileSpec
from jobbook.transfer.layout import ACCOUNTING, BY_FILE, COMPANY, FILES, LINES
from jobbook.transfer.sheets import Problems, Row, Sheet
from jobbook.transfer.values import CODES, shown

_CHUNK = 900  # parameters of one query
_WITHOUT_ONE_KEY = (COMPANY, ACCOUNTING, *LINES)
_RELATED: dict[str, tuple[str, ...]] = {
    "employees.csv": ("user", "item"),
    "clients.csv": ("rate_sheet",),
    "jobs.csv": ("client", "office", "project_manager", "billing_address", "rate_sheet"),
    "dwrs.csv": ("job", "created_by", "approved_by"),
    "expenses.csv": ("job", "created_by", "approved_by"),
    "invoices.csv": ("job__client", "client", "credits"),
}
Adjust = Callable[[Row, Any, dict[str, Any]], None]


@dataclass(eq=False)
class Entry:
    """One row and its object: made, changed, or neither."""

    row: Row
    object: Any
    made: bool
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @property
    def moved(self) -> bool:
        return self.made or bool(self.after)


@dataclass(eq=False)
class Change:
    """What the import does to one object, by its own row and by its lines: what the audit keeps."""

    object: Any
    made: bool
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)


class Book:
    """All sheets of one import, the objects behind them, and what changes."""

    def __init__(self, sheets: dict[str, Sheet], problems: Problems) -> None:
        self.sheets, self.problems = sheets, problems
        self.objects: dict[str, dict[Any, Any]] = {spec.name: {} for spec in FILES}
        self.entries: dict[str, list[Entry]] = {spec.name: [] for spec in FILES}
        self.changes: dict[str, dict[int, Change]] = {spec.name: {} for spec in FILES}
        self.company = Company.current()
        self.closed_through = self.company.books_closed_through  # as it was before this import
        self.company_is_new = self.company._state.adding

    def rows(self, file: str) -> list[Row]:
        sheet = self.sheets.get(file)
        return sheet.rows if sheet else []

    def sound(self, file: str, *columns: str) -> bool:
        """Whether these columns of a file are without problems: else what follows from them is not told as well."""
        return all(row.ok(*columns) for row in self.rows(file))

    def find(self, file: str, key: Any) -> Any:
        """The object a cell names, or None."""
        return self.objects[file].get(BY_FILE[file].key_of((key,)))

    def load(self) -> None:
        """The objects that the rows stand for or name. Rows are locked in primary-key order."""
        for spec in FILES:
            if spec not in _WITHOUT_ONE_KEY:
                own = {row.values[spec.key[0]] for row in self.rows(spec.name)}
                self.objects[spec.name] = _existing(spec, own | self._named(spec))

    def _named(self, spec: FileSpec) -> set[str]:
        """What cells of any file call rows of `spec`."""
        named: set[str] = set()
        for sheet in self.sheets.values():
            for column in sheet.spec.columns:
                if column.refers == spec.name:
                    cells = {row.values[column.name] for row in sheet.rows if row.values.get(column.name)}
                    named.update(*(cell.split(";") if column.kind is CODES else [cell] for cell in cells))
        return named

    def build(self, spec: FileSpec, adjust: Adjust | None = None) -> list[Entry]:
        """Every row of a file onto its object. `adjust` may add to or take from the values of a row."""
        for row in self.rows(spec.name):
            existing = self.objects[spec.name].get(row.key)
            values = self.resolve(spec, row)
            if adjust:
                adjust(row, existing, values)
            self.entries[spec.name].append(self.enter(spec, row, existing, values))
        return self.entries[spec.name]

    def resolve(self, spec: FileSpec, row: Row, *, leave: str = "") -> dict[str, Any]:
        """The values of a row by the model's field, names of other rows replaced by their objects."""
        values: dict[str, Any] = {}
        columns = spec.by_name
        for name, value in row.values.items():
            column = columns[name]
            if name == leave:
                continue
            found = self.referred(row, column, value) if column.refers and value else value
            if column.field and row.ok(name):
                values[column.field] = found
        return values

    def referred(self, row: Row, column: Column, value: str) -> Any:
        """The object that a cell names; codes stay codes. What is not there is a problem."""
        if column.kind is not CODES:
            return self._known(row, column, value)
        for code in value.split(";"):
            self._known(row, column, code)
        return value

    def _known(self, row: Row, column: Column, key: str) -> Any:
        target = self.find(column.refers, key)
        if target is None:
            self.problems.add(row, column.name, f"there is no {BY_FILE[column.refers].noun} {shown(key)}")
        return target

    def enter(self, spec: FileSpec, row: Row, existing: Any, values: dict[str, Any]) -> Entry:
        """Put values onto the object of a row, and note what changed."""
        if existing is None:
            made = spec.model(**values)
            self.objects[spec.name][row.key] = made
            return Entry(row, made, made=True)
        entry = Entry(row, existing, made=False)
        for name, value in values.items():
            old = getattr(existing, name)
            if old != value:
                entry.before[name], entry.after[name] = old, value
                setattr(existing, name, value)
        return entry

    def note(self, file: str, entry: Entry) -> Change:
        """Keep what a row does to its own object."""
        change = self.change(file, entry.object, made=entry.made)
        change.before.update(entry.before)
        change.after.update(entry.after)
        change.fields.update(entry.after)
        return change

    def note_line(self, file: str, parent: Any, entry: Entry) -> Change:
        """Keep what the row of a line does to the object it belongs to."""
        change = self.change(file, parent, made=parent._state.adding)
        if not change.made:
            name = " ".join(str(entry.row.values[each]) for each in BY_FILE[entry.row.file].key[1:])
            change.before.setdefault("lines", {})[name] = entry.before
            change.after.setdefault("lines", {})[name] = entry.after or "added"
        return change

    def change(self, file: str, target: Any, *, made: bool) -> Change:
        return self.changes[file].setdefault(id(target), Change(target, made))


def _existing(spec: FileSpec, names: set[str]) -> dict[Any, Any]:
    """The rows of the database that are called one of `names`."""
    name = spec.by_name[spec.key[0]].field
    found: dict[Any, Any] = {}
    keys = {spelling for each in names for spelling in _lower_spellings(each)} if spec.fold else names
    rows = spec.model._default_manager.select_for_update(of=("self",)).select_related(*_RELATED.get(spec.name, ()))
    compared = Lower(name) if spec.fold else F(name)
    for chunk in chunks(sorted(keys)):
        for each in rows.annotate(compared=compared).filter(compared__in=chunk).order_by("pk"):
            found[spec.key_of((getattr(each, name),))] = each
    return found


def _lower_spellings(text: str) -> set[str]:
    """What a database may make of a text or its other case: SQLite lowers ASCII letters only."""
    return {text.lower(), _ascii_lower(text), _ascii_lower(text.upper())}


def _ascii_lower(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def chunks(keys: list[Any]) -> Iterable[list[Any]]:
    """Slices short enough for the parameters of one query."""
    return (keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK))


def in_chunks(model: type[Model], name: str, keys: Iterable[Any], *related: str) -> Iterable[Any]:
    """Rows of `model` whose column `name` is one of `keys`, chunk by chunk in primary-key order."""
    rows = model._default_manager.select_related(*related) if related else model._default_manager.all()
    for chunk in chunks(sorted(keys)):
        yield from rows.filter(**{f"{name}__in": chunk}).order_by("pk")
