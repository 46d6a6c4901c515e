"""Who gets what of the imports pages."""

from typing import Any

from tests.access.row import NOBODY_ELSE, Row

ROWS: list[Row] = [Row("import_page", NOBODY_ELSE, "409 403 403 403 403", data={"sha256": "0" * 64})]


def make(world: Any) -> dict[str, Any]:
    return {}
