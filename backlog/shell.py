"""What every page's frame shows: the menu of the role, running work, the demo line, the version.

Everything is lazy: a fragment that shows none of it costs no query, a whole page three at most.
"""

import tomllib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from backlog.notices import waiting
from exports.models import ExportRun
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, Role
from jobbook.common.http import page_url

RUNS = "run_list"


@dataclass(frozen=True)
class Entry:
    """A line of the main menu. It is shown when its page exists and the role may open it."""

    label: str
    url_name: str
    permission: Permission | None = None


@dataclass(frozen=True)
class ShownEntry:
    label: str
    url: str
    current: bool


MENU = (
    Entry("Dashboard", "dashboard"),
    Entry("DWRs", "record_list", Permission.WRITE_WORK),
    Entry("Expenses", "expense_list", Permission.WRITE_WORK),
    Entry("Clients", "client_list", Permission.SEE_JOBS),
    Entry("Jobs", "job_list", Permission.SEE_JOBS),
    Entry("Invoices", "invoice_list", Permission.SEE_INVOICES),
    Entry("WIP report", "wip_report", Permission.SEE_WIP),
    Entry("Invoice Process Backlog", "invoice_process_backlog", Permission.OPEN_BACKLOG),
    Entry("Runs", RUNS, Permission.SEE_RUNS),
    Entry("Administration", "setup", Permission.ADMINISTER),
)


def _version() -> str:
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"])


VERSION = _version()


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of base.html and what it includes."""
    user = getattr(request, "user", None)  # absent when a middleware before authentication answers
    return {
        "menu": SimpleLazyObject(lambda: menu(user, request.path)),
        "runs_running": SimpleLazyObject(lambda: runs_running(user)),
        "runs_url": SimpleLazyObject(lambda: page_url(RUNS) or ""),
        "bell": SimpleLazyObject(lambda: things_waiting(user)),
        "demo_data": SimpleLazyObject(demo_data),
        "administrators": SimpleLazyObject(administrators),
        "company": getattr(request, "company", None),
        "version": VERSION,
    }


def menu(user: Any, path: str) -> list[ShownEntry]:
    """The entries `user` may open, the one of `path` marked."""
    if not getattr(user, "is_authenticated", False):
        return []
    allowed = [entry for entry in MENU if entry.permission is None or user.can(entry.permission)]
    pages = [(entry.label, url) for entry in allowed if (url := page_url(entry.url_name))]
    nearest = max((url for _, url in pages if path.startswith(url)), key=len, default="")  # a page lies below another
    return [ShownEntry(label, url, url == nearest and (url != "/" or path == "/")) for label, url in pages]


def runs_running(user: Any) -> int:
    """How many runs the user may see are queued or running; 0 while there is no page to see them on."""
    if not getattr(user, "is_authenticated", False) or not page_url(RUNS):
        return 0
    return ExportRun.objects.unfinished().visible_to(user).count()


def things_waiting(user: Any) -> int:
    """The number on the bell: what waits for the user."""
    return waiting(user) if getattr(user, "is_authenticated", False) else 0


def demo_data() -> bool:
    """Are log-ins made by seed_demo active?"""
    return User.objects.filter(is_demo=True, is_active=True).exists()


def administrators() -> list[str]:
    """Whom to ask: up to three names."""
    people = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("name", "pk")
    return list(people.values_list("name", flat=True)[:3])
