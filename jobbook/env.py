"""Reading the environment: each reader returns a usable value and notes what is wrong.

A wrong value never raises here: it is kept in `PROBLEMS`, and the system check in
`jobbook/common/checks.py` stops web, worker and commands with all of them at once.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.checks import Error

PROBLEMS: list[Error] = []

SQLITE_OPTIONS = {
    # IMMEDIATE makes BEGIN the global write lock: without it a read-then-write transaction fails at once.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; PRAGMA trusted_schema=OFF;",
}
POSTGRES_OPTIONS = {
    # Without jit: compiling the sums of a page of 5,000 jobs takes ten times as long as they do.
    "options": "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=30s -c timezone=UTC"
    " -c jit=off"
}


def problem(number: int, message: str, hint: str) -> None:
    """Note a wrong setting as check `jobbook.E00<number>`."""
    PROBLEMS.append(Error(message, hint=hint, id=f"jobbook.E{number:03}"))


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def boolean(name: str) -> bool:
    value = text(name).lower()
    if value in {"", "0", "no", "false", "off"}:
        return False
    if value in {"1", "yes", "true", "on"}:
        return True
    problem(1, f"{name} is {value!r}, which is neither yes nor no.", f"Set {name} to 1 or 0, or leave it unset.")
    return False


def site_url() -> str:
    """The address people use, without a trailing slash: links are built from it."""
    default = "http://127.0.0.1:8000"
    value = text("SITE_URL", default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        problem(2, f"SITE_URL is {value!r}, which is not the address of a site.", "For example https://books.firm.com")
        return default
    return value


def hosts(site: str) -> list[str]:
    """ALLOWED_HOSTS, comma separated; by default the host of SITE_URL."""
    names = [name.strip() for name in text("ALLOWED_HOSTS").split(",") if name.strip()]
    if any("/" in name or name == "*" for name in names):
        problem(
            3, "ALLOWED_HOSTS must be host names separated by commas, without http:// and without *.", "books.firm.com"
        )
        return [urlsplit(site).hostname or "127.0.0.1"]
    return names or [urlsplit(site).hostname or "127.0.0.1"]


def database(data_dir: Path) -> dict[str, Any]:
    """The `default` entry of DATABASES: SQLite in the data directory, or what DATABASE_URL names."""
    fallback = f"sqlite:///{data_dir / 'jobbook.sqlite3'}"
    url = text("DATABASE_URL", fallback) or fallback
    try:
        config: dict[str, Any] = {**dj_database_url.parse(url)}
        engine = config["ENGINE"]
        if engine not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"} or not config["NAME"]:
            raise ValueError(engine)
    except Exception:  # noqa: BLE001 - the library raises several kinds; all mean the same to the user
        problem(
            4,
            "DATABASE_URL is not the address of a database.",
            "postgres://user:password@host:5432/name or sqlite:////path",
        )
        config = {**dj_database_url.parse(fallback)}
        engine = config["ENGINE"]
    if engine.endswith("sqlite3"):
        config["OPTIONS"] = SQLITE_OPTIONS
    else:
        config["OPTIONS"] = {**config.get("OPTIONS", {}), **POSTGRES_OPTIONS}
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config


def broker_url() -> str:
    value = text("CELERY_BROKER_URL")
    if value and urlsplit(value).scheme not in {"redis", "rediss", "unix"}:
        problem(5, "CELERY_BROKER_URL is not the address of a Redis server.", "redis://host:6379/0, or leave it unset.")
        return ""
    return value


def secret_key(data_dir: Path) -> str:
    """SECRET_KEY, else the file `secret_key` of the data directory (made by `make setup`)."""
    value = text("SECRET_KEY")
    source = "SECRET_KEY"
    if not value:
        file = data_dir / "secret_key"
        source = str(file)
        value = file.read_text().strip() if file.is_file() else ""
    if len(value) >= 32:
        return value
    problem(6, f"There is no secret key of at least 32 characters ({source}).", "Run `make setup`, or set SECRET_KEY.")
    return secrets.token_urlsafe(48)
