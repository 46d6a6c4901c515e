"""System checks: the environment, the libraries of the PDF renderer, the database's settings and triggers."""

import ctypes.util
import os
import sys
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

from jobbook import env
from jobbook.common import failpoints, triggers

_LIBRARIES = {
    "linux": "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "darwin": "brew install pango",
}


@register()
def environment(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """What jobbook/env.py found wrong with the environment."""
    return list(env.PROBLEMS)


@register()
def pdf_libraries(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Pango draws the PDFs; without HarfBuzz's subsetter there is no error, but they take ten times as long."""
    missing = [name for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset") if not _found(name)]
    if not missing:
        return []
    hint = _LIBRARIES.get(sys.platform, "Install Pango and HarfBuzz.")
    return [Error(f"The PDF renderer lacks {', '.join(missing)}.", hint=hint, id="jobbook.E010")]


def _found(name: str) -> bool:
    if ctypes.util.find_library(name):
        return True
    suffix = "dylib" if sys.platform == "darwin" else "so"
    try:
        ctypes.CDLL(f"lib{name}.0.{suffix}" if suffix == "dylib" else f"lib{name}.{suffix}.0")
    except OSError:
        return False
    return True


@register(deploy=True)
def no_failpoints(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Failpoints are for tests."""
    if not os.environ.get(failpoints.VARIABLE):
        return []
    return [Error(f"{failpoints.VARIABLE} is set.", hint="Unset it: it makes processes fail.", id="jobbook.E014")]


@register(Tags.database)
def database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """SQLite must lock at BEGIN; the audit tables must have their triggers."""
    if not databases:
        return []
    connection = connections["default"]
    if connection.vendor == "sqlite" and connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        return [Error("SQLite must run with transaction_mode IMMEDIATE.", id="jobbook.E011")]
    try:
        if set(triggers.TABLES) <= set(connection.introspection.table_names()):
            missing = triggers.expected() - triggers.present()
            if missing:
                hint = "Run `manage.py migrate`: it puts them back. Then find out who took them off."
                return [
                    Error(f"Audit triggers are missing: {', '.join(sorted(missing))}.", hint=hint, id="jobbook.E012")
                ]
    except DatabaseError as error:
        return [Error(f"The database does not answer: {error}", hint="Check DATABASE_URL.", id="jobbook.E013")]
    return []
