"""R13, R19, R22-R24: that asking changes nothing, that every change needs its token, PDFs, cookies."""

import re

import pytest
from django.test import Client

from tests.access.table import ROWS, Row
from tests.access.world import World, dump

pytestmark = pytest.mark.django_db


def test_asking_for_a_part_with_a_query_string_changes_nothing_either(world: World) -> None:
    client = world.client("administrator")
    before = dump()
    for row in ROWS:
        values = {name: world.value(text, "administrator") for name, text in row.data.items() if "intent" not in text}
        client.get(world.address(row), values, headers={"HX-Request": "true"})
        Client().get(world.address(row), values)
    assert dump() == before


def test_every_change_needs_its_token(world: World) -> None:
    client = world.client("administrator", enforce_csrf_checks=True)
    posted = {row.id: {name: world.value(text, "administrator") for name, text in row.data.items()} for row in ROWS}
    before = dump()
    for row in ROWS:
        if row.post:
            response = client.post(world.address(row), posted[row.id])
            assert response.status_code == 403, row.id
            assert b"confirm" in response.content.lower(), row.id
    assert dump() == before


def test_a_pdf_is_shown_in_a_sandbox(world: World) -> None:
    pdf = world.ask(Row("invoice_pdf", at="admin"), "administrator", "GET")
    assert pdf["Content-Type"] == "application/pdf"
    assert re.fullmatch(r'inline; filename="[A-Za-z0-9._-]+\.pdf"', pdf["Content-Disposition"])
    assert pdf["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_cookies_are_kept_from_scripts_and_other_sites(world: World) -> None:
    client = Client()
    page = client.get("/log-in/")
    data = {"username": world.people["administrator"].email, "password": "correct horse battery"}
    answer = client.post("/log-in/", data)
    cookies = {**page.cookies, **answer.cookies}
    assert set(cookies) == {"csrf", "jobbook"}
    for cookie in cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["domain"] == ""


def test_log_out_empties_the_browser(world: World) -> None:
    response = world.client("administrator").post("/log-out/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
