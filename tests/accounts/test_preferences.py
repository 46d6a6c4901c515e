"""Theme, shortcuts and page size."""

from typing import Any

import pytest
from django.test import Client

from jobbook.accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def user(client: Client) -> User:
    person = make_user()
    client.force_login(person)
    return person


@pytest.mark.parametrize(
    ("sent", "field", "kept"),
    [
        ({"theme": "dark"}, "theme", "dark"),
        ({"shortcuts": "off"}, "shortcuts", False),
        ({"page_size": "200"}, "page_size", 200),
    ],
)
def test_one_preference_leaves_the_others(client: Client, sent: dict[str, str], field: str, kept: Any) -> None:
    User.objects.update(theme="light", shortcuts=True, page_size=25)
    expected = {"theme": "light", "shortcuts": True, "page_size": 25, field: kept}
    assert client.post("/preferences/", {**sent, "next": "/help/?a=b"})["Location"] == "/help/?a=b"
    assert User.objects.values(*expected).get() == expected


def test_the_theme_goes_back_to_the_systems(client: Client) -> None:
    User.objects.update(theme="dark")
    assert 'data-theme="dark"' in client.get("/").content.decode()
    client.post("/preferences/", {"theme": ""})
    assert "data-theme=" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    "sent", [{"theme": "pink"}, {"page_size": "100000"}, {"page_size": "x"}, {"shortcuts": "maybe"}]
)
def test_other_values_are_refused(client: Client, sent: dict[str, str]) -> None:
    before = User.objects.values().get()
    assert client.post("/preferences/", sent).status_code == 422
    assert User.objects.values().get() == before


def test_next_stays_on_this_site(client: Client) -> None:
    assert client.post("/preferences/", {"theme": "dark", "next": "//evil.example"})["Location"] == "/profile/"


def test_a_get_changes_nothing(client: Client) -> None:
    assert client.get("/preferences/?theme=dark").status_code == 405


def test_shortcuts_off_is_on_the_page(client: Client) -> None:
    User.objects.update(shortcuts=False)
    assert 'data-shortcuts="off"' in client.get("/").content.decode()
