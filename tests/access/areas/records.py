"""Who gets what of the records pages."""

from typing import Any

from tests.access.row import Row

ROWS: list[Row] = []


def make(world: Any) -> dict[str, Any]:
    return {}
