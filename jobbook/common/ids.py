"""Long lists of ids in SQL: one JSON parameter, whatever the length (SQLite caps parameters, plans stay the same)."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.db.models.expressions import Expression

_ID = re.compile(r"[1-9][0-9]{0,17}")


class BadIds(ValueError):
    """The text is not a list of ids."""


def parse_ids(text: str, *, limit: int) -> list[int]:
    """'12,7,12' -> [7, 12]: strict ASCII digits, sorted, without duplicates. BadIds for anything else or too many."""
    parts = [part for part in text.split(",") if part]
    if len(parts) > limit:
        raise BadIds(f"At most {limit:,} rows at once; {len(parts):,} were sent.")
    for part in parts:
        if not _ID.fullmatch(part):
            raise BadIds(f"{part[:40]!r} is not the id of a row.")
    return sorted({int(part) for part in parts})


def as_id(text: str) -> int:
    """The id or version a hidden field names; 0 for none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def id_rows() -> str:
    """SQL of a subquery with one column of ids, read from one JSON parameter (see `id_param`)."""
    if connection.vendor == "postgresql":
        return "SELECT value::bigint AS id FROM jsonb_array_elements_text(%s::jsonb)"
    return "SELECT value AS id FROM json_each(%s)"


def id_param(ids: Iterable[int]) -> str:
    """The parameter that goes with `id_rows`."""
    return json.dumps(list(ids))


class IdSet(Expression):
    """The ids as a subquery of one parameter, for `filter(pk__in=IdSet(ids))`."""

    has_select_fields = True  # what `in` asks of a subquery

    def __init__(self, ids: Iterable[int]) -> None:
        super().__init__(output_field=models.BigIntegerField())
        self.param = id_param(ids)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return f"({id_rows()})", (self.param,)
