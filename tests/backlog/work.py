"""Helpers for the tests of the backlogs of work."""

import re
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client

from tests.backlog.grids import text

RECORDS_URL, EXPENSES_URL, INVOICING_URL = "/records/approval/", "/expenses/approval/", "/records/invoicing/"


def numbers(response: HttpResponseBase) -> list[str]:
    """The numbers of the rows, in order."""
    return re.findall(
        r'class="inv" role="rowheader"><(?:a|span)[^>]*><span class="vh">\w+ </span>([^<]+)<', text(response)
    )


def htmx(url: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver{url}"}


def selection(rows: list[Any], **more: str) -> dict[str, str]:
    return {"mode": "ids", "ids": ",".join(str(row.pk) for row in rows), "excluded": "", "filters": "", **more}


def window(client: Client, url: str, rows: list[Any], act: str = "approve", **more: str) -> str:
    response = client.post(f"{url}{act}/", selection(rows, **more), headers=htmx(url))
    assert response.status_code == 200, response.content
    return response.content.decode()


def confirm(client: Client, url: str, html: str, act: str = "approve") -> Any:
    found = re.search(r'name="intent" value="([0-9a-f-]+)"', html)
    assert found, html
    return client.post(f"{url}{act}/confirm/", {"intent": found[1]}, headers=htmx(url))


def cells(html: str) -> dict[str, str]:
    return dict(re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', html))


def words(response: HttpResponseBase | str) -> str:
    """The text without tags, blanks drawn together."""
    html = response if isinstance(response, str) else text(response)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))
