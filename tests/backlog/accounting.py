"""Asking for the pages of the accounting set-up, and reading them."""

import html
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from exports.formats.profile import Kind, Mapped
from exports.profile_change import Wish, change_entries
from tests.factories import make_client, make_invoice, make_job, make_user

ROOT = "/setup/accounting/"
CLIENTS = f"{ROOT}sage-300/client/"
LONG = "C-000000000001"  # two characters more than Sage 300 takes
_HIDDEN = re.compile(r'name="((?:\d+-)?(?:ours|seen|seen-\w+|version|shown|likeness))" value="([^"]*)"')


def text(response: Any) -> str:
    """The page as it is read: no tags, one blank between words."""
    plain = re.sub(r"<[^>]*>", " ", response.content.decode())
    return " ".join(html.unescape(plain).split())


def hidden(response: Any) -> dict[str, str]:
    """The hidden fields of the page."""
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(response.content.decode())}


def other(slug: str, kind: Kind, ours: str, theirs: str) -> None:
    """K. Osei changes an entry meanwhile."""
    change_entries(slug, kind, {ours: Wish(Mapped(theirs))}, by=make_user(name="K. Osei"))


def save(asking: Client, url: str, page: Any, **values: str) -> Any:
    """Send a mapping as it was shown, with some fields filled: theirs_0="KES"."""
    filled = {f"{name.rpartition('_')[2]}-{name.rpartition('_')[0]}": value for name, value in values.items()}
    return asking.post(url, {**hidden(page), **filled})


def upload(asking: Client, content: bytes, name: str = "theirs.csv", **fields: str) -> Any:
    return asking.post(f"{CLIENTS}list/", {"file": SimpleUploadedFile(name, content), **fields})


def kestrel() -> None:
    """A client with a waiting invoice whose number is too long for Sage 300, and one that goes as it is."""
    make_invoice(job=make_job(client=make_client(client_number=LONG, name="Kestrel Inc.", terms="")))
    make_client(client_number="C-2", name="Tallgrass County", terms="")
