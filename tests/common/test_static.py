"""What is under templates/ and static/: no inline code, no foreign addresses, vendored files as they were."""

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SOURCES = [file for kind in ("css", "js") for file in sorted((ROOT / "static" / kind).rglob(f"*.{kind}"))]
VENDOR = ROOT / "static" / "vendor"

FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "a foreign asset": re.compile(
        r"<(?:script|link|img|iframe|source|use)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE
    ),
    "htmx code": re.compile(r"\bhx-on\b|\bhx-vals=[\"']?js:", re.IGNORECASE),
    "unescaped output": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off"),
}


def faults(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_template_keeps_to_the_content_security_policy(file: Path) -> None:
    assert faults(file.read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p class="x" style="color:red">',
        '<a href="#" onclick="go()">',
        "<style>p{}</style>",
        "<script>go()</script>",
        '<script type="module">',
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
        '<img src="//cdn.example/x.png">',
        '<button hx-on:click="go()">',
        "{{ name|safe }}",
    ],
)
def test_the_lint_finds_a_planted_fault(text: str) -> None:
    assert faults(text)


def test_the_lint_passes_what_is_allowed() -> None:
    assert faults('<script src="{% static \'js/core.js\' %}" defer></script><p data-style="x">one = two</p>') == []


def test_style_sheets_and_scripts_name_no_other_site() -> None:
    foreign = re.compile(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", re.IGNORECASE)
    assert [file.name for file in SOURCES if foreign.search(file.read_text())] == []


def test_vendored_files_are_what_was_vendored() -> None:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    files = {str(file.relative_to(VENDOR)) for file in VENDOR.rglob("*") if file.is_file()} - {"SHA256SUMS"}
    assert files == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_each_vendored_package_has_its_licence() -> None:
    for package in (folder for folder in VENDOR.iterdir() if folder.is_dir()):
        assert [file for file in package.iterdir() if re.match(r"(OFL|LICEN[CS]E|COPYING)", file.name)], package.name
