"""Web and workers run the system checks themselves: management commands do so anyway."""

import sys

from django.core import checks


def refuse_to_start_on_errors() -> None:
    """Exit with every failing check on stderr, those of the database too."""
    found = checks.run_checks(databases=["default"])
    errors = [message for message in found if message.level >= checks.ERROR and not message.is_silenced()]
    if errors:
        sys.stderr.write("Job Book does not start:\n" + "\n".join(str(error) for error in errors) + "\n")
        raise SystemExit(3)
