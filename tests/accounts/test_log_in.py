"""Log-in, log-out and what follows from them."""

from typing import Any

import pytest
from django.test import Client

from jobbook.accounts.roles import Role
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOG_IN = "/log-in/"


def attempt(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOG_IN, {"username": email, "password": password, **more})


def test_a_stranger_is_sent_to_the_log_in_and_back(client: Client) -> None:
    make_user(email="mai@example.com")
    response = client.get("/profile/?x=1")
    assert response["Location"] == "/log-in/?next=/profile/%3Fx%3D1"
    page = client.get(response["Location"]).content.decode()
    assert 'name="next" value="/profile/?x=1"' in page
    assert attempt(client, "mai@example.com", next="/profile/?x=1")["Location"] == "/profile/?x=1"


@pytest.mark.parametrize("typed", ["mai@example.com", "MAI@Example.COM", "  mai@example.com "])
def test_the_case_of_the_address_does_not_matter(client: Client, typed: str) -> None:
    make_user(email="Mai@example.com")
    assert attempt(client, typed).status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_never_leads_to_another_site(client: Client, target: str) -> None:
    make_user(email="mai@example.com")
    assert attempt(client, "mai@example.com", next=target)["Location"] == "/"


def test_unknown_wrong_and_closed_log_ins_get_the_same_answer() -> None:
    make_user(email="mai@example.com")
    make_user(email="gone@example.com", is_active=False)
    pages = []
    for email, password in [("mai@example.com", "wrong"), ("no@example.com", PASSWORD), ("gone@example.com", PASSWORD)]:
        response = attempt(Client(), email, password)
        assert response.status_code == 422
        page = response.content.decode()
        assert "E-mail and password do not belong together." in page
        token = page.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
        pages.append(page.replace(email, "").replace(token, ""))
    assert pages[0] == pages[1] == pages[2]


def test_the_form_helps_password_managers(client: Client) -> None:
    page = client.get(LOG_IN).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert 'type="email"' in page


def test_errors_are_tied_to_their_fields(client: Client) -> None:
    page = attempt(client, "", "").content.decode()
    assert '<a href="#id_username">E-mail: This field is required.</a>' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_username_error"' in page
    assert 'id="id_username_error"' in page
    assert "<title>Error: Log in" in page


def test_who_is_logged_in_need_not_log_in_again(client: Client) -> None:
    client.force_login(make_user())
    assert client.get(LOG_IN)["Location"] == "/"


def test_f87_the_session_key_changes_at_log_in(client: Client) -> None:
    make_user(email="mai@example.com")
    client.force_login(make_user())
    before = client.session.session_key
    attempt(client, "mai@example.com")
    assert client.session.session_key != before


def test_g41_a_part_asked_for_without_a_session_loads_the_whole_log_in_page(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/help/?a=1"}
    response = client.get("/profile/", headers=headers, follow=True)
    assert response["HX-Redirect"] == "/log-in/?next=%2Fhelp%2F%3Fa%3D1"
    assert response.content == b""


def test_log_out_is_a_post_and_empties_the_browser(client: Client) -> None:
    client.force_login(make_user(Role.TECHNICIAN))
    assert client.get("/log-out/").status_code == 405
    response = client.post("/log-out/")
    assert response["Location"] == LOG_IN
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/")["Location"].startswith(LOG_IN)
