"""The frame of every page: menu by role, demo line, version, lazy queries."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from backlog.shell import MENU, VERSION, menu, shell
from jobbook.accounts.roles import Role
from jobbook.common.http import page_url
from tests.factories import make_user

pytestmark = pytest.mark.django_db

_WORK = ["DWRs", "Expenses"]
_OFFICE = ["Clients", "Jobs", "Invoices", "WIP report", "Invoice Process Backlog"]
SEEN = {
    Role.ADMINISTRATOR: ["Dashboard", *_WORK, *_OFFICE, "Runs", "Administration"],
    Role.PROJECT_MANAGER: ["Dashboard", *_WORK, *_OFFICE],
    Role.ACCOUNTING: ["Dashboard", *_OFFICE, "Runs"],
    Role.TECHNICIAN: ["Dashboard", *_WORK],
}


@pytest.mark.parametrize("role", list(SEEN))
def test_the_menu_follows_the_role_and_shows_pages_that_exist(role: Role) -> None:
    exist = {entry.label for entry in MENU if page_url(entry.url_name)}
    labels = [entry.label for entry in menu(make_user(role), "/")]
    assert labels == [label for label in SEEN[role] if label in exist]


def test_the_page_one_is_on_is_marked_once() -> None:
    assert [entry.label for entry in menu(make_user(), "/") if entry.current] == ["Dashboard"]
    assert [entry.label for entry in menu(make_user(), "/help/") if entry.current] == []


def test_a_part_that_shows_no_frame_costs_no_query(rf: RequestFactory, django_assert_num_queries: Any) -> None:
    request = rf.get("/")
    request.user = make_user()
    with django_assert_num_queries(0):
        shell(request)


def test_the_frame_costs_three_queries_at_most(client: Client, django_assert_max_num_queries: Any) -> None:
    client.force_login(make_user())
    client.get("/help/")
    with django_assert_max_num_queries(6):  # session, user, company; then the frame's own
        client.get("/help/")


def test_the_demo_line_stands_while_demo_log_ins_are_active(client: Client) -> None:
    client.force_login(make_user())
    assert "Demo data" not in client.get("/help/").content.decode()
    demo = make_user(is_demo=True)
    assert "Demo data" in client.get("/help/").content.decode()
    assert "Demo data" in Client().get("/log-in/").content.decode()
    demo.is_active = False
    demo.save()
    assert "Demo data" not in client.get("/help/").content.decode()


def test_the_footer_names_the_version(client: Client) -> None:
    assert f"Job Book {VERSION}" in client.get("/log-in/").content.decode()


def test_f75_a_hostile_name_is_text(client: Client) -> None:
    client.force_login(make_user(name='<script>alert("1")</script>'))
    page = client.get("/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
