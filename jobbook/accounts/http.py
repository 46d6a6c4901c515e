"""Requests of people who are logged in."""

from django.http import HttpRequest

from jobbook.accounts.models import User


def user_of(request: HttpRequest) -> User:
    """The user who is logged in. Views that may be opened without a log-in must not call this."""
    if not isinstance(request.user, User):
        raise TypeError("Nobody is logged in.")
    return request.user
