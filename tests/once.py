"""Rows and files that the tests of a module share: made once; what a test changes of them is gone after it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

Made = TypeVar("Made")


@contextmanager
def made_once(make: Callable[[], Made], blocker: DjangoDbBlocker, folder: Path) -> Iterator[Made]:
    """What `make` makes, in a transaction that is rolled back at the end; its files lie in `folder`, a data directory.

    Each test inside, marked django_db without transactions, is a savepoint. It takes the files with `copied`.
    """
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined] # as Django's TestCase: commands are durable within
    with blocker.unblock(), around:
        with override_settings(DATA_DIR=folder, FILES_DIR=folder / "files"):
            made = make()
        connection.check_constraints()  # PostgreSQL drops no trigger while a foreign key waits to be checked
        yield made
        transaction.set_rollback(True)


def copied(folder: Path) -> None:
    """Put the files into the data directory of the test that runs."""
    shutil.copytree(folder, settings.DATA_DIR, dirs_exist_ok=True)
