"""Who gets what of the accounting set-up: administrators everything, nobody else anything."""

from typing import Any

from tests.access.row import NOBODY_ELSE, Row

DONE, WRONG, STALE = "302 403 403 403 403", "422 403 403 403 403", "409 403 403 403 403"
CLIENTS = {"slug": "sage-300", "kind": "client"}

ROWS: list[Row] = [
    Row("accounting", NOBODY_ELSE, DONE, data={"default_format": "csv", "version": "@company_version"}),
    Row("accounting_settings", NOBODY_ELSE, DONE, data={"guard": "on", "bom": "on"}, fixed={"slug": "csv"}),
    Row("accounting_mapping", NOBODY_ELSE, DONE, fixed=CLIENTS),
    Row("accounting_list", NOBODY_ELSE, WRONG, fixed=CLIENTS),
    Row("accounting_accept", NOBODY_ELSE, STALE, fixed=CLIENTS),
]


def make(world: Any) -> dict[str, Any]:
    return {}
