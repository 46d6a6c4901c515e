"""Who gets what of the help about formats."""

from typing import Any

from tests.access.row import OFFICE, Row

ROWS: list[Row] = [
    Row("format_help", OFFICE, fixed={"slug": "csv"}),
    Row("format_test_file", OFFICE, fixed={"slug": "csv"}),
]


def make(world: Any) -> dict[str, Any]:
    return {}
