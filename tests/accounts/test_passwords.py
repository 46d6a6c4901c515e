"""Password change, single-use links, and the command that makes the first administrator."""

from datetime import datetime, timedelta
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from jobbook.accounts.links import make_link
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.accounts.transitions import set_password
from jobbook.common import audit
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
NEW = "seven green tractors"


def new(password: str = NEW, again: str | None = None, **more: str) -> dict[str, str]:
    return {"new_password1": password, "new_password2": password if again is None else again, **more}


def test_a_change_keeps_this_session_and_ends_the_others(client: Client) -> None:
    user = make_user()
    other = Client()
    client.force_login(user)
    other.force_login(user)
    response = client.post("/password/", new(old_password=PASSWORD))
    assert response["Location"] == "/profile/"
    assert client.get("/profile/").status_code == 200
    assert other.get("/profile/").status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_a_change_is_in_the_audit_without_the_password(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    client.post("/password/", new(old_password=PASSWORD))
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_name, entry.item_count) == ("user.change_password", user.name, 1)
    assert len(entry.request_id) == 32
    assert audit.verify() == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (new(old_password="wrong"), "Your old password was entered incorrectly"),
        (new("short1", old_password=PASSWORD), "at least 12 characters"),
        (new("qwerty123456", old_password=PASSWORD), "too common"),
        (new(NEW, NEW + "x", old_password=PASSWORD), "match"),
        (new("x" * 129, old_password=PASSWORD), "at most 128 characters"),
    ],
)
def test_a_bad_password_is_refused_with_its_reason(client: Client, data: dict[str, str], words: str) -> None:
    user = make_user()
    client.force_login(user)
    response = client.post("/password/", data)
    assert response.status_code == 422
    assert words in response.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def follow(client: Client, address: str) -> str:
    """Open a link as sent; answers the address of the page it leads to."""
    response = client.get(urlsplit(address).path)
    assert response.status_code == 302, response.content
    return str(response["Location"])


def test_a_link_sets_a_password_once(client: Client) -> None:
    user = make_user(password=None)
    address = make_link(user)
    page = follow(client, address)
    token = address.rstrip("/").split("/")[-1]
    assert token not in page
    assert token not in client.get(page).content.decode()
    assert client.post(page, new())["Location"] == "/log-in/"
    assert Client().login(username=user.email, password=NEW)
    used = Client().get(urlsplit(address).path)
    assert used.status_code == 410
    assert "has been used" in used.content.decode()
    assert client.post(page, new("another good password")).status_code == 410


class Meanwhile:
    """A rule for passwords: as the first is looked at, the same link is used by another browser."""

    other: Client
    page = ""

    def validate(self, password: str, user: User | None = None) -> None:
        if page := Meanwhile.page:
            Meanwhile.page = ""
            assert Meanwhile.other.post(page, new("nine yellow tractors")).status_code == 302


def test_a_link_used_twice_at_once_sets_one_password(client: Client, settings: Settings) -> None:
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": f"{__name__}.Meanwhile"}]
    user = make_user(password=None)
    address = make_link(user)
    Meanwhile.other = Client()
    page = follow(client, address)
    Meanwhile.page = follow(Meanwhile.other, address)
    response = client.post(page, new())
    assert response.status_code == 410
    assert "has been used" in response.content.decode()
    user.refresh_from_db()
    assert user.check_password("nine yellow tractors")
    assert AuditEntry.objects.filter(action="user.set_password").count() == 1
    assert audit.verify() == []


def test_a_link_opens_nothing_once_the_log_in_is_closed() -> None:
    user = make_user(password=None)
    token = make_link(user).rstrip("/").split("/")[-1]
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(Refused, match="the link has been used, or opens nothing any more"):
        set_password(user, NEW, token=token, by=user)
    user.refresh_from_db()
    assert not user.has_usable_password()


@pytest.mark.parametrize(("days", "status"), [(6.9, 302), (7.1, 410)])
def test_a_link_dies_after_seven_days(
    client: Client, monkeypatch: pytest.MonkeyPatch, days: float, status: int
) -> None:
    address = make_link(make_user())
    later = datetime.now() + timedelta(days=days)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _: later)
    assert client.get(urlsplit(address).path).status_code == status


@pytest.mark.parametrize(
    "path", ["/link/MQ/x-y/", "/link/%C3%A9/x/", "/link/OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5/a-b/", "/link/x/set/"]
)
def test_a_made_up_link_is_refused(client: Client, path: str) -> None:
    assert client.get(path).status_code == 410


def test_a_closed_log_in_has_no_link(client: Client) -> None:
    address = make_link(make_user(is_active=False))
    assert client.get(urlsplit(address).path).status_code == 410


def make_administrator(email: str, **options: str) -> str:
    out = StringIO()
    call_command("create_administrator", email, stdout=out, **options)
    return out.getvalue()


def test_create_administrator_prints_a_working_link_each_time(client: Client) -> None:
    first = make_administrator("Mai@example.com", name="Mai Tran")
    second = make_administrator("mai@example.com")
    assert "was made" in first
    assert "exists already" in second
    user = User.objects.get()
    assert (user.name, user.role, user.has_usable_password()) == ("Mai Tran", Role.ADMINISTRATOR, False)
    assert AuditEntry.objects.get().action == "user.create"
    assert client.get(urlsplit(second.split()[-1]).path).status_code == 302


@pytest.mark.parametrize("email", ["not-an-address", ""])
def test_create_administrator_wants_an_address(email: str) -> None:
    with pytest.raises(CommandError, match="not an e-mail address"):
        make_administrator(email)


def test_create_administrator_takes_nobody_elses_address() -> None:
    make_user(Role.ACCOUNTING, email="alex@example.com", name="Alex")
    with pytest.raises(CommandError, match="belongs to Alex, Accounting"):
        make_administrator("ALEX@example.com")
    make_user(email="gone@example.com", is_active=False)
    with pytest.raises(CommandError, match="closed"):
        make_administrator("gone@example.com")
    assert User.objects.filter(role=Role.ADMINISTRATOR).count() == 1
