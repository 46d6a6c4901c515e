"""What is shown when something is refused or fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.http import HttpRequest
from django.test import Client, RequestFactory

from jobbook.accounts.roles import Permission, Role, refuse
from jobbook.common import views
from jobbook.common.errors import Refusal
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(rf: RequestFactory) -> Callable[[str], HttpRequest]:
    def make(role: str) -> HttpRequest:
        request = rf.get("/somewhere/")
        request.user = make_user(role, name="Jo Lavoie")
        return request

    return make


def test_403_names_the_role_needed_and_whom_to_ask(request_of: Callable[[str], HttpRequest]) -> None:
    make_user(Role.ADMINISTRATOR, name="Mai Tran")
    response = views.forbidden(request_of(Role.TECHNICIAN), refuse(Permission.PROCESS))
    page = response.content.decode()
    assert response.status_code == 403
    assert "Only Administrator may process invoices and undo a batch." in page
    assert "You are logged in as Jo Lavoie, Technician. Ask Mai Tran for help." in page


def test_403_without_a_reason_still_says_something(request_of: Callable[[str], HttpRequest]) -> None:
    page = views.forbidden(request_of(Role.TECHNICIAN), PermissionDenied()).content.decode()
    assert "Your role may not do this." in page


def test_404_tells_a_stranger_nothing(client: Client) -> None:
    response = client.get("/nothing/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "There is nothing at this address" in page
    assert "Log in" in page
    assert "Dashboard" not in page


def test_409_names_each_hindrance(request_of: Callable[[str], HttpRequest]) -> None:
    hindrance = Refusal("changed", "changed by K. Osei at 10:41", 7, label="INV-10448", url="/invoices/7/")
    response = views.conflict(request_of(Role.ADMINISTRATOR), "Too late.", refusals=[hindrance], back="/x/")
    page = response.content.decode()
    assert response.status_code == 409
    assert '<a class="u" href="/invoices/7/">INV-10448</a>: changed by K. Osei at 10:41' in page
    assert 'href="/x/"' in page


def test_f67_a_stale_form_is_offered_again_but_never_its_content() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    referrer = "http://testserver/invoices/?q=kestrel"
    response = client.post("/preferences/", {"theme": "dark-evil"}, headers={"referer": referrer})
    page = response.content.decode()
    assert response.status_code == 403
    assert "Confirm again" in page
    assert 'href="/invoices/?q=kestrel"' in page
    assert "evil" not in page


def test_a_form_sent_by_another_site_leads_home() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    page = client.post("/preferences/", headers={"referer": "https://evil.example/trap/"}).content.decode()
    assert 'href="/">Open the page again' in page
    assert "evil" not in page


def test_500_needs_no_database_and_names_the_reference(rf: RequestFactory, django_assert_num_queries: Any) -> None:
    request = rf.get("/")
    request.request_id = "abc123"  # type: ignore[attr-defined]
    with django_assert_num_queries(0):
        response = views.server_error(request)
    assert response.status_code == 500
    assert "Reference for support: <b>abc123</b>" in response.content.decode()


def test_500_answers_even_when_its_own_page_fails(rf: RequestFactory, settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "no.such.Storage"}}
    response = views.server_error(rf.get("/"))
    assert response.status_code == 500
    assert response.content.decode() == views.PLAIN_FAILURE


def test_a_failure_shows_the_reference_of_its_header(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise DatabaseError

    client.force_login(make_user())
    client.raise_request_exception = False
    monkeypatch.setattr("jobbook.reports.views.cards", broken)
    response = client.get("/")
    assert response.status_code == 500
    assert response["X-Request-ID"] in response.content.decode()


# setting, its value, what is posted, what the answer says
TOO_MUCH: dict[str, tuple[str, int, dict[str, Any], str]] = {
    "a long body": ("REQUEST_MOST_BYTES", 900_000, {"a": "x" * 1_000_000}, "has 1 MB; at most 0.9 MB are taken"),
    "long texts": ("DATA_UPLOAD_MAX_MEMORY_SIZE", 100_000, {"a": "x" * 100_001}, "have more than 0.1 MB"),
    "many fields": ("DATA_UPLOAD_MAX_NUMBER_FIELDS", 9, {f"a{n}": "" for n in range(10)}, "more than 9 fields"),
    "many files": ("DATA_UPLOAD_MAX_NUMBER_FILES", 1, {"a": ("1.pdf", "2.pdf")}, "More than 1 files"),
}


@pytest.mark.parametrize("by_script", [False, True])
@pytest.mark.parametrize("case", TOO_MUCH)
def test_413_names_the_limit(client: Client, settings: Any, case: str, by_script: bool) -> None:
    name, value, data, said = TOO_MUCH[case]
    setattr(settings, name, value)
    client.force_login(make_user())
    if case == "many files":
        data = {"a": [SimpleUploadedFile(each, b"%PDF-") for each in data["a"]]}
    response = client.post("/expenses/new/", data, headers={"HX-Request": "true"} if by_script else {})
    page = response.content.decode()
    assert response.status_code == 413
    assert said in page
    assert page.startswith("<!doctype") is not by_script


def test_as_much_as_the_limit_is_taken(client: Client, settings: Any) -> None:
    settings.REQUEST_MOST_BYTES = 3
    client.force_login(make_user())
    kind = "application/x-www-form-urlencoded"
    assert client.post("/expenses/new/", "a=1", content_type=kind).status_code == 422
    assert client.post("/expenses/new/", "a=12", content_type=kind).status_code == 413
