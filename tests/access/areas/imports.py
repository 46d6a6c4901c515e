"""Who gets what of the imports pages."""

from typing import Any

from tests.access.row import Row

ROWS: list[Row] = []


def make(world: Any) -> dict[str, Any]:
    return {}
