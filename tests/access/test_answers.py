"""R13, R19, R22-R24, R33: what answers carry, that asking changes nothing, that every change needs its token."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.access.table import ROWS, Row
from tests.access.world import World, dump, make_world, undone

pytestmark = pytest.mark.django_db
FILES = {"run_download": "text/csv; charset=utf-8", "run_manifest": "application/json"}
FOREIGN = re.compile(r'\b(?:src|href|action|srcset|poster|data|hx-get|hx-post)="\s*(?:[a-z]+:)?//[^"]*"', re.IGNORECASE)
INLINE = re.compile(
    r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:|<(?:base|object|embed|iframe)", re.IGNORECASE
)


@pytest.fixture
def world() -> World:
    return make_world()


def answers(world: World, role: str = "administrator") -> Iterator[tuple[Row, Any]]:
    """What each address answers to GET, or to POST where it has no GET."""
    for row in ROWS:
        with undone():
            yield row, world.ask(row, role, "GET" if row.get else "POST")


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


def test_what_every_answer_carries(world: World) -> None:
    pages = 0
    for role in ("administrator", "technician"):
        for row, response in answers(world, role):
            may_be_neither_kept_nor_framed_nor_loaded_with_scripts(row, response)
            if row.name in FILES and response.status_code == 200:
                assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._-]+"', response["Content-Disposition"]), row.id
                assert response["Content-Type"] == FILES[row.name], row.id
            if response["Content-Type"].startswith("text/html") and not response.streaming:
                names_no_other_site_and_carries_no_script_or_style(row, response.content.decode())
                pages += response.status_code == 200
    assert pages > 60


def may_be_neither_kept_nor_framed_nor_loaded_with_scripts(row: Row, response: Any) -> None:
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy, row.id
    assert "unsafe" not in policy, row.id
    assert "no-store" in response["Cache-Control"], row.id
    assert response["X-Content-Type-Options"] == "nosniff", row.id
    assert response["X-Frame-Options"] == "DENY", row.id
    assert response["Referrer-Policy"] == "same-origin", row.id
    assert not [name for name in response.headers if name.startswith("Access-Control")], row.id


def names_no_other_site_and_carries_no_script_or_style(row: Row, page: str) -> None:
    assert FOREIGN.findall(page) == [], row.id
    assert INLINE.findall(page) == [], row.id


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
