"""What the batch commands share: naming invoices and the user on the command line, and how they answer.

Exit status: 0 done, 1 refused (nothing changed, every reason on stderr), 2 wrong use.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from invoices.models import Invoice, Queue
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, roles_with
from jobbook.common.errors import Refusal, Refused
from jobbook.jobs.models import Company


class BatchCommand(BaseCommand):
    """A command that refuses as the pages do, on the company's day. Subclasses write `act`, one line per fact."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with timezone.override(Company.current().zone):
                self.act(**options)
        except Refused as refused:
            self.stderr.write(str(refused))
            raise SystemExit(1) from None

    def act(self, **options: Any) -> None:
        raise CommandError("act() is missing.", returncode=2)


def add_selection(parser: ArgumentParser) -> None:
    """--admin-queue, or --invoice NUMBER (any number of them)."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--admin-queue", action="store_true", help="every invoice in the Admin Queue")
    which.add_argument("--invoice", action="append", metavar="NUMBER", nargs="+", help="these invoices")


def selected(options: dict[str, Any]) -> "QuerySet[Invoice]":
    """The invoices named on the command line. Refused if a number is unknown or nothing is selected."""
    if options["admin_queue"]:
        rows = Invoice.objects.admin_queue()
        if not rows.exists():
            raise Refused("The Admin Queue is empty.")
        return rows
    numbers = {number.lower(): number for group in options["invoice"] for number in group}
    rows = Invoice.objects.annotate(lower_number=Lower("number")).filter(lower_number__in=numbers)
    found = {number.lower() for number in rows.values_list("number", flat=True)}
    unknown = [
        Refusal("unknown", "there is no such invoice", label=numbers[key]) for key in numbers if key not in found
    ]
    if unknown:
        raise Refused("Nothing was done.", unknown)
    return Invoice.objects.filter(pk__in=rows.values("pk"))


def only_in(rows: "QuerySet[Invoice]", queue: Queue) -> None:
    """Refused, naming each, if an invoice is in another queue."""
    others = rows.exclude(queue=queue).order_by("invoice_date", "number")
    refusals = [Refusal("queue", f"it is in {Queue(row.queue).label}", row.pk, row.number) for row in others]
    if refusals:
        raise Refused("Nothing was done.", refusals)


def user_named(email: str, permission: Permission) -> User:
    """The active user with this e-mail, who must have the permission."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise Refused(f"There is no active user {email}.")
    if not user.can(permission):
        raise Refused(
            f"Only {' or '.join(roles_with(permission))} may {permission}; {email} is {user.get_role_display()}."
        )
    return user
