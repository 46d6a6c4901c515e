"""The same documents and profile give the same bytes in another process, time zone, locale and hash seed."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from exports.formats import accounting_formats
from exports.formats.profile import Kind, Mapped
from tests.exports.documents import GST, document, line
from tests.exports.writing import causes, profile_of, written

pytestmark = pytest.mark.formats
ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = {"TZ": "Pacific/Auckland", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "4711"}
PROGRAM = """
import django, json
django.setup()
from tests.exports.test_same_bytes import digests
print(json.dumps(digests()))
"""


def digests() -> dict[str, str]:
    """SHA-256 of a file of each format with two documents of several clients, items and taxes."""
    maps = {Kind.TAX: {"GST;PST": Mapped("BC")}, Kind.TERMS: {"Net 30": Mapped("NET30")}}
    lines = [line("Café", "3", "9.99", item_code="A"), line("İstanbul I i", "0.3333", "7.1", item_code="B")]
    other: dict[str, Any] = {"number": "INV-1002", "client_number": "C-2", "client_name": "Işık", "accounting_id": "I"}
    invoices = [document(lines), document([line("Two")], (GST,), id=2, **other)]
    found = {}
    for each in accounting_formats():
        encoding = "utf-8" if "encoding" in {setting.name for setting in each.settings} else None
        chosen = {"encoding": encoding} if encoding else {}
        if each.slug == "sage-50-ca":
            chosen["items"] = "code"
        profile = profile_of(each, maps, **chosen)
        good = [invoice for invoice in invoices if not causes(each, invoice, profile)]
        assert good or each.slug == "quickbooks-desktop", each.slug  # whose code page lacks the Turkish letters
        found[each.slug] = hashlib.sha256(written(each, profile, *good)).hexdigest()
    return found


def test_the_same_bytes_elsewhere() -> None:
    environment = {**os.environ, **ELSEWHERE, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(run.stdout) == digests()
