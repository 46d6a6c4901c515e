"""Processes that a test starts work on the test's own database and data directory."""

from pathlib import Path

import pytest

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from tests.processes import manage

COUNT = """
from django.conf import settings
from jobbook.accounts.models import User
print(User.objects.count(), settings.DATA_DIR)
"""


@pytest.mark.django_db(transaction=True)
def test_a_started_command_sees_committed_rows(data_directory: Path) -> None:
    User.objects.create(email="someone@example.com", name="Someone", role=Role.ADMINISTRATOR)
    done = manage("shell", "--no-imports", "-c", COUNT)
    assert done.stdout.split() == ["1", str(data_directory)], done.stderr


@pytest.mark.django_db
def test_a_started_commands_failure_is_told() -> None:
    done = manage("no_such_command")
    assert done.returncode != 0
    assert "no_such_command" in done.stderr
