"""R13, R19, R22-R24, R33: what answers carry, that asking changes nothing, that every change needs its token."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.access.table import ROLES, ROWS, Row
from tests.access.world import World, make_world

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
        yield row, world.ask(row, role, "GET" if row.get else "POST")


def dump() -> dict[str, tuple[int, str]]:
    """Each table's number of rows and the hash of all their values."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


def test_get_and_head_change_nothing(world: World) -> None:
    admin, others = world.client("administrator"), [Client(), *(world.client(role) for role in ROLES[1:])]
    before = dump()
    for address in {world.address(row) for row in ROWS}:
        for headers in ({}, {"HX-Request": "true"}):
            admin.get(address, headers=headers)
            admin.head(address, headers=headers)
        for client in others:
            client.get(address)
    assert dump() == before


def test_a_query_string_changes_nothing_either(world: World) -> None:
    client = world.client("administrator")
    before = dump()
    for row in ROWS:
        values = {name: world.value(text, "administrator") for name, text in row.data.items() if "intent" not in text}
        client.get(world.address(row), values)
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


def test_every_answer_may_be_neither_kept_nor_framed_nor_loaded_with_scripts(world: World) -> None:
    for role in ("administrator", "technician"):
        for row, response in answers(world, role):
            policy = response["Content-Security-Policy"]
            assert "default-src 'none'" in policy, row.id
            assert "unsafe" not in policy, row.id
            assert "no-store" in response["Cache-Control"], row.id
            assert response["X-Content-Type-Options"] == "nosniff", row.id
            assert response["X-Frame-Options"] == "DENY", row.id
            assert response["Referrer-Policy"] == "same-origin", row.id
            assert not [name for name in response.headers if name.startswith("Access-Control")], row.id


def test_no_page_names_another_site_or_carries_script_or_style(world: World) -> None:
    seen = 0
    for row, response in answers(world):
        if not response["Content-Type"].startswith("text/html") or response.streaming:
            continue
        page = response.content.decode()
        assert FOREIGN.findall(page) == [], row.id
        assert INLINE.findall(page) == [], row.id
        seen += 1
    assert seen > 30


def test_files_are_attachments_of_a_fixed_type(world: World) -> None:
    for row, response in answers(world):
        if row.name in FILES and response.status_code == 200:
            assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._-]+"', response["Content-Disposition"]), row.id
            assert response["Content-Type"] == FILES[row.name], row.id
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
