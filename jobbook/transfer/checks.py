"""The system check that keeps demo log-ins off a production site."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError

from jobbook.accounts.models import User


@register("security", deploy=True)
def demo_logins(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Nobody made by seed_demo may log in where `check --deploy` is to pass."""
    try:
        emails = list(User.objects.filter(is_demo=True, is_active=True).order_by("pk").values_list("email", flat=True))
    except DatabaseError:  # no database yet: nobody can log in; `check --database` says what is wrong with it
        return []
    if not emails:
        return []
    hint = "Real data belongs in a database of its own. Or take away their access: set `active` to no in users.csv."
    return [Error(f"Demo log-ins are active: {', '.join(emails)}.", hint=hint, id="jobbook.E020")]
