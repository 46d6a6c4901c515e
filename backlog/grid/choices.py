"""Where the values of a filter with choices come from: a fixed list, or rows the user may see."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import QuerySet

from jobbook.accounts.models import User

_ID = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Option:
    """A value as the address writes it, the value the database compares with, and its label."""

    text: str
    value: Any
    label: str


class Source(Protocol):
    def options(self, user: User) -> list[Option]:
        """All choices, in order."""

    def find(self, user: User, texts: Sequence[str]) -> dict[str, Option]:
        """The choices among `texts`; what is missing from the answer does not exist for this user."""


@dataclass(frozen=True)
class Fixed:
    """A fixed list of (value, label)."""

    choices: Sequence[tuple[str, str]]

    def options(self, user: User) -> list[Option]:
        return [Option(value, value, str(label)) for value, label in self.choices]

    def find(self, user: User, texts: Sequence[str]) -> dict[str, Option]:
        return {option.text: option for option in self.options(user) if option.text in texts}


@dataclass(frozen=True)
class Rows:
    """Rows of a queryset the user may see, by primary key or by the `by` field; the label joins the `label` fields."""

    queryset: Callable[[User], QuerySet[Any]]
    label: tuple[str, ...]
    by: str = "pk"

    def options(self, user: User) -> list[Option]:
        return self._load(self.queryset(user).order_by(*self.label, "pk"))

    def find(self, user: User, texts: Sequence[str]) -> dict[str, Option]:
        values: Iterable[Any] = texts
        if self.by == "pk":
            values = [int(text) for text in texts if _ID.fullmatch(text)]
        found = self._load(self.queryset(user).filter(**{f"{self.by}__in": values}))
        return {option.text: option for option in found if option.text in texts}

    def _load(self, rows: QuerySet[Any]) -> list[Option]:
        loaded = rows.values_list(self.by, *self.label)
        return [Option(str(key), key, " ".join(filter(None, names))) for key, *names in loaded]


@dataclass(frozen=True)
class Names:
    """The different texts of a field of rows the user may see."""

    queryset: Callable[[User], QuerySet[Any]]
    field: str

    def options(self, user: User) -> list[Option]:
        names = self.queryset(user).order_by(self.field).values_list(self.field, flat=True).distinct()
        return [Option(name, name, name) for name in names if name]

    def find(self, user: User, texts: Sequence[str]) -> dict[str, Option]:
        rows = self.queryset(user).filter(**{f"{self.field}__in": texts})
        found = set(rows.order_by().values_list(self.field, flat=True).distinct())
        return {name: Option(name, name, name) for name in texts if name in found}
