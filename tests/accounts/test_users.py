"""Users: made, changed, never without an administrator; links that are shown once and work once."""

import html
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.accounts.transitions import change_user, create_user
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry, AuditItem
from tests.commands import assert_sound
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {"name": "N. New", "email": "New@example.com", "role": "technician"}


@pytest.fixture
def admin() -> User:
    return make_user(name="Mai Tran", email="mai@example.com")


@pytest.fixture
def asking(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def edit(asking: Client, user: User, **data: Any) -> Any:
    sent = {"name": user.name, "email": user.email, "role": user.role, "is_active": "on", "version": user.version}
    return asking.post(reverse("user_edit", args=[user.pk]), {**sent, **data})


def link_in(response: Any) -> str:
    found = re.search(r'id="link" readonly value="([^"]+)"', text(response))
    assert found, text(response)
    return found[1]


def test_a_new_user_gets_a_link_that_is_shown_once_and_works_once(asking: Client) -> None:
    response = asking.post(reverse("user_new"), NEW)
    link = link_in(response)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store, private"
    user = User.objects.get(email="New@example.com")
    assert not user.has_usable_password()
    for page in (reverse("user_list"), reverse("user_edit", args=[user.pk])):
        assert "/link/" + link.split("/link/")[1].split("/")[0] + "/" not in text(asking.get(page))
    assert not any("/link/" in str(session.get_decoded()) for session in Session.objects.all())

    browser = Client()
    page = browser.get(urlsplit(link).path)["Location"]
    new = {"new_password1": "seven green tractors", "new_password2": "seven green tractors"}
    assert browser.post(page, new)["Location"] == "/log-in/"
    assert browser.login(email="New@example.com", password="seven green tractors")
    assert Client().get(urlsplit(link).path).status_code == 410
    assert_sound()


def test_the_link_stands_in_no_audit_and_no_log(asking: Client, caplog: pytest.LogCaptureFixture) -> None:
    link = link_in(asking.post(reverse("user_new"), NEW))
    user = User.objects.get(email="New@example.com")
    link_in(asking.post(reverse("user_link", args=[user.pk])))
    token = link.rstrip("/").rsplit("/", 1)[1]
    kept = [entry.values for entry in AuditEntry.objects.all()] + [item.after for item in AuditItem.objects.all()]
    assert token not in " ".join(kept) + caplog.text
    assert user.password not in " ".join(kept)
    assert [entry.action for entry in AuditEntry.objects.order_by("number")] == ["user.create", "user.link"]
    assert "Link to set a password made" in text(asking.get(reverse("user_edit", args=[user.pk])))


def test_a_new_link_leaves_the_password_until_it_is_used(asking: Client) -> None:
    user = make_user(Role.TECHNICIAN)
    link = link_in(asking.post(reverse("user_link", args=[user.pk])))
    assert Client().login(email=user.email, password=PASSWORD)  # a log-in ends the link
    assert Client().get(urlsplit(link).path).status_code == 410
    again = link_in(asking.post(reverse("user_link", args=[user.pk])))
    assert Client().get(urlsplit(again).path).status_code == 302


def test_no_link_for_who_is_not_active(asking: Client) -> None:
    user = make_user(Role.TECHNICIAN, is_active=False)
    response = asking.post(reverse("user_link", args=[user.pk]))
    assert response.status_code == 409
    assert "the log-in is closed" in text(response)
    assert "readonly" not in text(response)
    assert not AuditEntry.objects.exists()
    assert "New link" not in text(asking.get(reverse("user_edit", args=[user.pk])))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": ""}, "Name: This field is required."),
        ({"name": "a\x07b"}, "Name: It has a character that cannot be printed."),
        ({"email": "nobody"}, "E-mail: Enter a valid email address."),
        ({"email": "MAI@example.com"}, "E-mail: Mai Tran has this e-mail."),
        ({"role": "root"}, "Role: Select a valid choice."),
    ],
)
def test_each_wrong_field_is_named(asking: Client, data: dict[str, str], words: str) -> None:
    response = asking.post(reverse("user_new"), {**NEW, **data})
    assert response.status_code == 422
    assert words in text(response)
    assert User.objects.count() == 1


def test_two_at_the_same_moment_make_one_user(admin: User) -> None:
    create_user("new@example.com", name="N. New", role=Role.TECHNICIAN, by=admin)
    with pytest.raises(Refused, match=r"N\. New has this e-mail"):
        create_user("NEW@example.com", name="Other", role=Role.TECHNICIAN, by=admin)
    assert_sound()


def test_a_change_is_audited_and_holds_with_the_next_request(asking: Client) -> None:
    user = make_user(Role.PROJECT_MANAGER)
    theirs = Client()
    theirs.force_login(user)
    assert edit(asking, user, role="technician").status_code == 302
    assert theirs.get("/invoices/").status_code == 403
    user.refresh_from_db()
    assert edit(asking, user, is_active="").status_code == 302
    assert theirs.get("/").status_code == 302
    item = AuditItem.objects.order_by("pk").first()
    assert item is not None
    assert (item.object_type, item.before, item.after) == (
        "user",
        '{"role":"project_manager"}',
        '{"role":"technician"}',
    )
    assert "Active: yes → no" in text(asking.get(reverse("user_edit", args=[user.pk])))
    assert_sound()


@pytest.mark.parametrize("data", [{"is_active": ""}, {"role": "accounting"}, {"is_active": "", "role": "technician"}])
def test_the_last_administrator_stays(asking: Client, admin: User, data: dict[str, str]) -> None:
    make_user(is_active=False)
    make_user(Role.PROJECT_MANAGER)
    response = edit(asking, admin, **data)
    assert response.status_code == 422
    assert "Mai Tran is the last active administrator. Make another user an administrator first." in text(response)
    admin.refresh_from_db()
    assert (admin.is_active, admin.role, admin.version) == (True, Role.ADMINISTRATOR, 1)
    assert edit(asking, admin, name="Mai T.").status_code == 302  # anything else may change


def test_one_of_two_may_go_and_then_no_more(admin: User) -> None:
    other = make_user(name="K. Osei")
    change_user(admin.pk, {"role": Role.TECHNICIAN}, version=1, by=other)
    with pytest.raises(Refused, match=r"K\. Osei is the last active administrator"):
        change_user(other.pk, {"role": Role.TECHNICIAN}, version=1, by=admin)


def test_another_change_meanwhile_is_shown(asking: Client) -> None:
    user = make_user(Role.TECHNICIAN, name="T. Old")
    change_user(user.pk, {"name": "T. Theirs"}, version=1, by=make_user(name="K. Osei"))
    response = edit(asking, user, name="T. Mine")
    assert response.status_code == 409
    assert "it was changed by K. Osei" in text(response)
    assert '<td class="text">T. Theirs</td><td class="text">T. Mine</td>' in text(response)
    assert edit(asking, user, name="T. Mine", version=2).status_code == 302


def test_the_list_says_who_and_as_what(asking: Client) -> None:
    make_user(Role.ACCOUNTING, name="A. Clerk", is_active=False)
    page = text(asking.get(reverse("user_list")))
    assert "A. Clerk" in page
    assert "Accounting" in page
    assert "Inactive" in page
