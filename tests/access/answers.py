"""R13, R23, R33: what every answer carries, whoever gets it."""

import re
from typing import Any

from tests.access.table import Row

FILES = {"run_download": "text/csv; charset=utf-8", "run_manifest": "application/json"}
FOREIGN = re.compile(r'\b(?:src|href|action|srcset|poster|data|hx-get|hx-post)="\s*(?:[a-z]+:)?//[^"]*"', re.IGNORECASE)
INLINE = re.compile(
    r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:|<(?:base|object|embed|iframe)", re.IGNORECASE
)


def carries_what_it_must(row: Row, response: Any) -> None:
    """Fails, naming the row, where an answer lacks a header, names another site or carries a script."""
    may_be_neither_kept_nor_framed_nor_loaded_with_scripts(row, response)
    if row.name in FILES and response.status_code == 200:
        assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._-]+"', response["Content-Disposition"]), row.id
        assert response["Content-Type"] == FILES[row.name], row.id
    if response["Content-Type"].startswith("text/html") and not response.streaming:
        names_no_other_site_and_carries_no_script_or_style(row, response.content.decode())


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
