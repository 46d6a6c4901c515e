"""The demo log-ins: one user of each role with a random password, kept in the data directory for its owner only."""

import os
import secrets
from pathlib import Path

from django.conf import settings

from jobbook.accounts.models import User

_BYTES = 12  # of a password: 16 characters


def path() -> Path:
    return Path(settings.DATA_DIR) / "demo-logins.txt"


def give_passwords(users: list[User]) -> list[str]:
    """Give each user a new password and mark it as demo. Lines of role, e-mail, password, tab separated."""
    lines = []
    for user in users:
        password = secrets.token_urlsafe(_BYTES)
        user.set_password(password)
        user.is_demo = True
        user.save(update_fields=["password", "is_demo"])
        lines.append(f"{user.role}\t{user.email}\t{password}")
    return lines


def prepare(lines: list[str]) -> Path:
    """Write the lines beside their place, readable by the owner only; `publish` moves them there after the commit."""
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = target.with_suffix(".new")
    waiting.unlink(missing_ok=True)
    with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    return waiting


def publish(waiting: Path) -> None:
    waiting.replace(path())
