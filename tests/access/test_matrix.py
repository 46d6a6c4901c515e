"""R1-R3, R6, R13, R23, R33: every cell of the table, GET, HEAD, POST and the methods that are not there."""

from collections.abc import Sequence
from contextlib import nullcontext
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.addresses import names
from tests.access.answers import carries_what_it_must
from tests.access.table import PUBLIC, ROLES, ROWS, Row
from tests.access.world import World, dump, undone, without_marks
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOG_IN = "/log-in/?next="


def test_every_address_has_a_row() -> None:
    rows = {row.name for row in ROWS}
    assert names() - rows == set(), "add these to tests/access/table.py"
    assert rows - names() == set(), "these are no addresses any more"


def test_each_role_gets_what_the_table_says_and_asking_changes_nothing(world: World) -> None:
    before = dump()
    assert unexpected(world, "GET", ROLES) == []
    assert dump() == before


def test_head_answers_as_get_without_a_body(world: World) -> None:
    before = dump()
    assert unexpected(world, "HEAD", ("administrator", "technician")) == []  # who may the most, and the least
    assert dump() == before


def test_each_role_may_do_what_the_table_says(world: World) -> None:
    assert unexpected(world, "POST", ROLES) == []


def unexpected(world: World, method: str, roles: Sequence[str]) -> list[str]:
    """A line for each cell that answers otherwise than the table says. Every answer carries what it must."""
    wrong = []
    for row in ROWS:
        expected = [{cell} for cell in row.cells(method)] or refusals(row)
        for role, allowed in zip(ROLES, expected, strict=True):
            if role not in roles:
                continue
            with undone() if method == "POST" else nullcontext():
                response = world.ask(row, role, method)
            carries_what_it_must(row, response)
            if response.status_code not in allowed or (method == "HEAD" and response.getvalue()):
                wrong.append(f"{method} {row.id} as {role}: {response.status_code}, not {allowed}")
    return wrong


def test_accounting_changes_nothing_but_its_own_part() -> None:
    """Its account and kept reports apart: references, Paid, confirmations, a file that it downloads made again."""
    own = {"login", "logout", "preferences", "account_signature", "keep_report"}
    looking = {row.name for row in ROWS if row.name.endswith(("_rows", "_size"))}
    does = {row.id for row in ROWS if row.post and row.cells("POST")[ROLES.index("accounting")] in {200, 302}}
    assert {each for each in does if each not in own | looking} == {
        "invoice_reference-admin",
        "invoice_act-processed-paid",
        "invoice_act-paid-unpaid",
        "run_confirm-built",
        "run_references-built",
        "run_make_again-built",
    }


def refusals(row: Row) -> list[set[int]]:
    """For a method it does not have: 405 for whoever may use the address, else perhaps what the role gets first."""
    return [{405} if cell < 400 else {405, cell} for cell in row.cells("GET") or row.cells("POST")]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_what_one_may_not_see_answers_as_what_is_not_there(world: World, method: str) -> None:
    tried = 0
    for row in ROWS:
        for role, status in zip(ROLES, row.cells(method), strict=False):
            if status == 404:
                hidden, missing = world.ask(row, role, method), world.ask(row, role, method, missing=True)
                assert missing.status_code == 404
                assert without_marks(hidden) == without_marks(missing), row.id
                assert headers(hidden) == headers(missing), row.id
                tried += 1
    assert tried >= 2


def headers(response: object) -> dict[str, str]:
    """Without what differs by nature."""
    found = dict(response.headers)  # type: ignore[attr-defined]
    found.pop("X-Request-ID")
    for name in ("Expires", "Content-Length"):
        found.pop(name, None)
    return found


def test_without_a_log_in_every_address_leads_to_it(world: World) -> None:
    for row in ROWS:
        address = world.address(row)
        for method in ("get", "head", "post", "put", "delete"):
            response = getattr(Client(), method)(address)
            if row.name in PUBLIC:
                assert response.status_code in {200, 405, 410, 422}, address
                continue
            assert response.status_code == 302, f"{method} {address}"
            assert response["Location"] == LOG_IN + quote(address)


def test_a_part_asked_for_after_the_session_ended_opens_the_log_in_page_whole(world: World) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/invoices/backlog/?group=client"}
    first = Client().post(reverse("process_window"), {"ids": "1"}, headers=asked)
    response = Client().get(first["Location"], headers=asked)  # the browser follows by itself
    assert response["HX-Redirect"] == LOG_IN + quote("/invoices/backlog/?group=client", safe="")


def test_no_other_method_is_answered(world: World) -> None:
    client = world.client("administrator")
    for row in ROWS:
        address = world.address(row)
        for method in ("put", "patch", "delete", "options", "trace"):
            assert getattr(client, method)(address).status_code == 405, address


def test_someone_deactivated_is_out_with_the_next_request(world: World) -> None:
    client = world.client("administrator")
    world.people["administrator"].is_active = False
    world.people["administrator"].save(update_fields=["is_active"])
    for row in ROWS:
        if row.name not in PUBLIC:
            assert client.get(world.address(row)).status_code == 302, row.id


def test_the_backlog_shows_each_role_its_own_rows(world: World) -> None:
    for role in ROLES:
        shown = world.admin.number in world.client(role).get("/invoices/backlog/").content.decode()
        assert shown == (role in {"administrator", "own manager", "accounting"}), role


@pytest.mark.parametrize("role", ["own manager", "other manager", "accounting"])
def test_ids_of_others_are_not_told_in_bulk(world: World, role: str) -> None:
    ids = f"{world.admin.pk},{world.pm.pk},{world.paid.pk},{world.ticket.pk}"
    told = {}
    for grid in ("/invoices/backlog/rows/", "/invoices/rows/"):
        answer = world.client(role).post(grid, {"query": "tab=all" if "backlog" not in grid else "", "ids": ids}).json()
        told[grid] = {row[0] for row in answer["rows"]}
    visible = {
        "own manager": {world.admin.pk, world.pm.pk, world.paid.pk, world.ticket.pk},
        "other manager": set(),
        "accounting": {world.admin.pk, world.paid.pk},
    }[role]
    assert told == {"/invoices/backlog/rows/": visible & {world.admin.pk}, "/invoices/rows/": visible}


def test_only_the_two_public_addresses_answer_without_a_log_in(world: World) -> None:
    answered = {row.name for row in ROWS if Client().get(world.address(row)).status_code != 302}
    assert answered == PUBLIC


def test_log_in_leads_back_to_this_site_alone() -> None:
    user = make_user()
    for there in ("//evil.example/", "https://evil.example/", "/\\evil.example/", "javascript:alert(1)", "http:evil"):
        data = {"username": user.email, "password": PASSWORD, "next": there}
        assert Client().post("/log-in/", data)["Location"] == "/", there
