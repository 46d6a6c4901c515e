"""How a file of the import folder is declared: its columns, what an empty cell means, what a row is named by."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from jobbook.transfer import values
from jobbook.transfer.values import DAY, TICK, Kind, text


@dataclass(frozen=True)
class Column:
    """One column. `field` is the model's; `source` the path the export reads; `refers` the file its key stands in.

    An empty cell means `empty`; with `keeps` it says nothing: what is there stays, a new row gets its default.
    The cells of a required column must not be empty, unless they `may_be_empty`.
    """

    name: str
    kind: Kind
    field: str
    source: str
    required: bool = False
    may_be_empty: bool = False
    empty: Any = ""
    keeps: bool = False
    refers: str = ""


@dataclass(frozen=True)
class FileSpec:
    """One file. `key` are the columns that name a row; with `fold` they are compared without regard to case."""

    name: str
    model: type[Model]
    noun: str  # in words, and the object type in the audit
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    fold: bool = False

    @property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def key_of(self, cells: tuple[Any, ...]) -> Any:
        """What rows are compared by: one value, or a tuple of several."""
        folded = tuple(fold(cell) if self.fold and isinstance(cell, str) else cell for cell in cells)
        return folded[0] if len(folded) == 1 else folded


def fold(text: str) -> str:
    """E-mails and invoice numbers are compared by this."""
    return text.lower()


def column(name: str, kind: Kind, **more: Any) -> Column:
    field = more.pop("field", name)
    return Column(name, kind, field, more.pop("source", field), **more)


def texts(model: type[Model], names: str, **more: Any) -> tuple[Column, ...]:
    return tuple(column(name, text(model, name), **more) for name in names.split())


def needed(model: type[Model], names: str) -> tuple[Column, ...]:
    return tuple(column(name, values.required_text(model, name), required=True) for name in names.split())


def tick(name: str, empty: bool, field: str = "") -> Column:  # noqa: FBT001 - what an empty cell means
    return column(name, TICK, field=field or name, empty=empty)


def days(names: str, *, keeps: bool = False) -> tuple[Column, ...]:
    return tuple(column(name, DAY, empty=None, keeps=keeps) for name in names.split())


def ref(name: str, file: str, kind: Kind, field: str, source: str, **more: Any) -> Column:
    """A cell that names a row of another file: `field` is the foreign key, `source` the path to its key."""
    return Column(name, kind, field, source, refers=file, **{"empty": None, **more})
