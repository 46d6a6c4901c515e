"""Asking for the windows about files, and reading what they say."""

import re
from collections.abc import Iterable
from typing import Any

from django.test import Client

from exports.models import ExportRun
from exports.work import work_on
from invoices.models import Invoice
from tests.exports.runs import fresh

EXPORT, START, PDFS = "/invoices/backlog/export/", "/invoices/backlog/export/start/", "/invoices/backlog/pdfs/"
HTMX = {"HX-Request": "true"}


def post(client: Client, path: str, invoices: Iterable[Invoice], **fields: str) -> Any:
    ids = ",".join(str(each.pk) for each in invoices)
    return client.post(path, {"mode": "ids", "ids": ids, **fields}, headers=HTMX)


def start(client: Client, window: Any, **fields: str) -> Any:
    """Press the button of a window."""
    return client.post(START, {"intent": intent_in(window), **fields}, headers=HTMX)


def intent_in(response: Any) -> str:
    found = re.search(r'name="intent" value="([0-9a-f-]{36})"', response.content.decode())
    assert found, response.content.decode()
    return found[1]


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def exported(client: Client, *invoices: Invoice) -> ExportRun:
    post(client, EXPORT, invoices)
    run = ExportRun.objects.latest("number")
    work_on(run.pk)
    return fresh(run)
