"""What an entry of a format's profile may be: asked by the pages, by the command and by the import."""

from collections.abc import Iterator

from exports.formats.base import Format
from exports.formats.profile import Kind, Mapped

WORDS = {Kind.CLIENT: "clients", Kind.ITEM: "items", Kind.TAX: "taxes", Kind.TERMS: "terms"}


def refusals_of(format_: Format, kind: Kind, ours: str, wanted: Mapped) -> Iterator[tuple[str, str]]:
    """Column of the entry ("kind", "ours", "theirs", "account", "extra") and why it cannot stand."""
    if kind == Kind.SETTING:
        yield from _of_setting(format_, ours, wanted)
    elif kind not in format_.maps:
        yield "kind", f"{format_.label} takes our own names of {WORDS[kind]}"
    else:
        columns = format_.maps[kind]
        if wanted.account and not columns.account:
            yield "account", f"{format_.label} has no account for {WORDS[kind]}"
        if wanted.extra and not columns.extra:
            yield "extra", f"{format_.label} has no further value for {WORDS[kind]}"


def _of_setting(format_: Format, name: str, wanted: Mapped) -> Iterator[tuple[str, str]]:
    setting = next((each for each in format_.settings if each.name == name), None)
    if setting is None:
        yield "ours", f"{format_.label} has no such setting"
    elif reason := setting.refusal(wanted.theirs):
        yield "theirs", reason
    for column in ("account", "extra"):
        if getattr(wanted, column):
            yield column, "a setting has nothing but its value"
