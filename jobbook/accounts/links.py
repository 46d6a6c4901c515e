"""Single-use links to set a password: invitations and forgotten passwords. Valid for 7 days, until used."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from jobbook.accounts.models import User


def make_link(user: User) -> str:
    """The absolute address under which `user` sets a password. It dies with the next password or log-in."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return settings.SITE_URL + reverse("link", args=[uid, token])


def person_of(uid: str) -> User | None:
    """The active user a link names, or None."""
    try:
        pk = int(urlsafe_base64_decode(uid))
    except (ValueError, OverflowError):
        return None
    return User.objects.filter(pk=pk, is_active=True).first() if 0 < pk < 2**63 else None


def is_valid(user: User | None, token: str) -> bool:
    return user is not None and default_token_generator.check_token(user, token)
