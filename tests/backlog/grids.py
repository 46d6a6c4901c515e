"""Helpers for the tests of grids: what a page shows, read from its HTML."""

import re
from decimal import Decimal
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from exports import profiles
from exports.models import ExportMark, ExportRun, ProfileEntry
from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.common.audit import next_number
from tests.factories import make_user

URL = "/invoices/backlog/"
HTMX = {"HX-Request": "true"}


def logged_in(role: str | User = "administrator") -> Client:
    client = Client()
    client.force_login(role if isinstance(role, User) else make_user(role))
    return client


def rows(response: HttpResponseBase) -> list[str]:
    """The invoice numbers of the rows, in order."""
    return re.findall(r'class="inv" role="rowheader"><a href="[^"]+">([^<]+)</a>', text(response))


def group_heads(response: HttpResponseBase) -> list[tuple[str, str, list[str]]]:
    """Name, words and sums of each group row."""
    found = re.findall(r'<tr class="g g\d" role="row">(.*?)</tr>', text(response), re.DOTALL)
    heads = []
    for html in found:
        name, words = re.search(r'<span>([^<]*) <span class="meta">([^<]*)</span>', html).groups()  # type: ignore[union-attr]
        heads.append((name.strip(), words, re.findall(r'<data value="([^"]+)">', html)))
    return heads


def total_row(response: HttpResponseBase) -> list[str]:
    foot = text(response).partition("<tfoot")[2].partition("</tfoot>")[0]
    return re.findall(r">([\d,().]+)<", foot)


def text(response: HttpResponseBase) -> str:
    content: bytes = response.content  # type: ignore[attr-defined]
    return content.decode()


def pushed(response: HttpResponseBase) -> str:
    return str(response["HX-Push-Url"])


def make_entry(
    kind: str, ours: str, theirs: str = "Theirs", account: str = "", slug: str = "quickbooks-online"
) -> None:
    """What the package of a format calls something of ours."""
    ProfileEntry.objects.create(format=slug, kind=kind, ours=ours, theirs=theirs, account=account)


def mark_exported(invoice: Invoice, **fields: Any) -> ExportMark:
    """An export mark without the run behind it being built."""

    now = timezone.now()
    run = ExportRun.objects.create(
        number=next_number("run"),
        format="csv",
        profile=profiles.freeze(profiles.current("csv")),
        requested_by_name="M. Tran",
        item_count=1,
        created_at=now,
    )
    fields.setdefault("content_version", invoice.content_version)
    return ExportMark.objects.create(invoice=invoice, run=run, exported_at=now, **fields)


def money(*texts: str) -> list[Decimal]:
    return [Decimal(each) for each in texts]
