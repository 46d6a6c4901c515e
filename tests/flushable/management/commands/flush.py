"""Django's flush with the audit triggers taken off for its duration."""

from typing import Any

from django.core.management.commands import flush

from jobbook.common import triggers


class Command(flush.Command):
    help = "Empty the database of the test suite, the audit too."

    def handle(self, **options: Any) -> None:
        triggers.remove()
        try:
            super().handle(**options)
        finally:
            triggers.install()
