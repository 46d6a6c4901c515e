"""manage.py create_administrator EMAIL [--name NAME]"""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from jobbook.accounts.links import make_link
from jobbook.accounts.transitions import create_administrator
from jobbook.common.audit import CommandLine
from jobbook.common.errors import Refused


class Command(BaseCommand):
    help = "Make an administrator and print the single-use link to set the password. Again: a new link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="shown in the top bar; by default the part before the @")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        email = email.strip()
        try:
            validate_email(email)
            user, made = create_administrator(email, name=name.strip() or email.split("@")[0], by=CommandLine())
        except ValidationError as error:
            raise CommandError(f"{email!r} is not an e-mail address.") from error
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        what = "was made" if made else "exists already"
        self.stdout.write(f"Administrator {user.email} {what}. Link to set the password, valid 7 days, for one use:")
        self.stdout.write(make_link(user))
