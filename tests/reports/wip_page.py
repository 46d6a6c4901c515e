"""A page of the WIP Report, read from its HTML."""

import csv
import html
import io
import re
from decimal import Decimal
from typing import Any

from django.test import Client

LINK = re.compile(r'<a href="(/wip/(?:work|invoices)/[^"]*)">(.*?)</a>', re.DOTALL)


def text(markup: str) -> str:
    """What is read, without the words for screen readers."""
    words = re.sub(r'<span class="vh">[^<]*</span>', "", markup)
    return html.unescape(re.sub(r"<[^>]*>", "", words)).strip()


def amount(shown: str) -> Decimal:
    """1,234.00 or (3.00)."""
    plain = shown.replace(",", "")
    return -Decimal(plain[1:-1]) if plain.startswith("(") else Decimal(plain)


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def links(body: str) -> list[tuple[str, Decimal]]:
    """Each number that opens rows: the address and the number."""
    return [(html.unescape(url), amount(text(shown))) for url, shown in LINK.findall(body)]


def table(body: str, caption: str) -> list[list[str]]:
    """The cells of the rows of a table, its total the last."""
    _, _, found = body.partition(f'<caption class="vh">{caption}</caption>')
    found = found.partition("</table>")[0].partition("</thead>")[2]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", found, re.DOTALL)
    return [[text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


def told_sum(body: str) -> Decimal:
    """The sum at the foot of a page of rows."""
    (shown,) = re.findall(r"data-sum>(.*?)</td>", body, re.DOTALL)
    return amount(text(shown))


def csv_rows(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
