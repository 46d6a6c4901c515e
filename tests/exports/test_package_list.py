"""The package's own list: how it is read, what is refused, and what is found alike in it."""

from typing import Any

import pytest

from exports.formats.profile import Kind
from exports.likeness import Likeness
from exports.package_file import MOST_BYTES, MOST_NAMES, BadList, Wanted, names_of

IIF = (
    "!HDR\tPROD\r\nHDR\tQuickBooks\r\n!CUST\tNAME\tREFNUM\r\nCUST\tKestrel Inc.\t1\r\n"
    'CUST\t"Balak, Mike:330 Main St"\t2\r\n!INVITEM\tNAME\tINVITEMTYPE\tDESC\r\nINVITEM\tLabour\tSERV\tWork\r\n'
    "INVITEM\tGST\tCOMPTAX\t\r\n!TERMS\tNAME\r\nTERMS\tNet 30\r\n"
)


def read(text: str | bytes, kind: Kind = Kind.CLIENT, **wanted: object) -> list[tuple[str, str]]:
    data = text if isinstance(text, bytes) else text.encode()
    return names_of(data, kind, Wanted(**wanted))  # type: ignore[arg-type]


def only(text: str | bytes, kind: Kind = Kind.CLIENT, **wanted: object) -> list[str]:
    return [name for name, _ in read(text, kind, **wanted)]


def test_a_line_is_a_name_commas_and_all() -> None:
    assert only("Kestrel Inc., Calgary\r\n\r\n  Zoë  \nKestrel Inc., Calgary", is_text=True) == [
        "Kestrel Inc., Calgary",
        "Zoë",
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_are_chosen_by_heading_or_number(delimiter: str) -> None:
    rows = [["Customer ID", "Name"], ["KES", "Kestrel Inc."], ["", "Nobody"], ["TAL"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    assert read(text, name="customer id", words="Name") == [("KES", "Kestrel Inc."), ("TAL", "")]
    assert read(text, name="2", has_headings=True) == [("Kestrel Inc.", ""), ("Nobody", "")]
    assert only(text) == ["Customer ID", "KES", "TAL"]
    twice = f"{text}\nKES{delimiter}Kestrel again"
    assert read(twice, name="1", words="2")[1] == ("KES", "Kestrel Inc.")


def test_windows_text_and_a_byte_order_mark_are_read() -> None:
    assert only("Zoë".encode("cp1252")) == ["Zoë"]
    assert only("\ufeffZoë".encode()) == ["Zoë"]
    assert only("Zoe\u0308".encode()) == ["Zoë"]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (Kind.CLIENT, [("Kestrel Inc.", ""), ("Balak, Mike:330 Main St", "")]),
        (Kind.ITEM, [("Labour", "Work"), ("GST", "")]),
        (Kind.TAX, [("GST", "")]),
        (Kind.TERMS, [("Net 30", "")]),
    ],
)
def test_an_iif_says_its_lists_itself(kind: Kind, names: list[tuple[str, str]]) -> None:
    assert read(IIF, kind) == names


@pytest.mark.parametrize(
    ("data", "wanted", "words"),
    [
        (b"x" * (MOST_BYTES + 1), {}, "at most 2,000,000"),
        (b"PK\x03\x04\x00\x00", {}, "no text"),
        (b"\x81\xff", {}, "neither UTF-8 nor Windows"),
        (b"\n \n", {}, "no name"),
        ("\n".join(map(str, range(MOST_NAMES + 1))).encode(), {}, "20,001 names"),
        (b"n" * 501, {}, "Name 1 is longer"),
        (b"ok\n\x1b[2Jboo", {}, "Name 2 has a character"),
        (b'"a\nb"', {}, "Name 1 has a character"),
        (b"ID,Name\n1,2", {"name": "Number"}, "no column “Number”. It has: ID, Name."),
        (b"ID,Name\n1,2", {"words": "3"}, "no column “3”"),
        (b"ID,Name\n1,2", {"name": "0"}, "no column “0”"),
        (b'"' + b"x" * 200_000 + b'"', {}, "is longer|not readable"),
        (b"!CUST\tREFNUM\nCUST\t1\n", {}, "no name"),
    ],
)
def test_what_cannot_be_used_is_told(data: bytes, wanted: dict[str, Any], words: str) -> None:
    with pytest.raises(BadList, match=words.replace("(", r"\(").replace(".", r"\.")):
        names_of(data, Kind.CLIENT, Wanted(**wanted))


LIST = [
    ("KES-01", "Kestrel Energy Inc."),
    ("TAL-01", "County of Tallgrass"),
    ("BIR", "Birchline Énergie"),
    ("B2", "Birchlane"),
]


@pytest.mark.parametrize(
    ("ours", "name", "percent"),
    [
        (("C-1", "KESTREL ENERGY LTD."), "KES-01", 100),
        (("C-1", "Energy, Kestrel"), "KES-01", 100),
        (("tal 01", "Somebody else"), "TAL-01", 100),
        (("C-2", "Birchline Energie"), "BIR", 100),
        (("C-3", "Kestral Energy"), "KES-01", 92),
    ],
)
def test_the_most_alike_is_offered(ours: tuple[str, str], name: str, percent: int) -> None:
    found = Likeness(LIST).best(*ours)
    assert found is not None
    assert (found.name, found.percent) == (name, percent)


def test_what_is_less_alike_is_not_offered() -> None:
    likeness = Likeness(LIST)
    assert likeness.best("C-9", "Northwind Traders") is None
    assert likeness.best("KES-02", "") is None  # a code is the same or not
    assert likeness.best("", "...") is None
    assert Likeness([]).best("", "Kestrel") is None
    assert Likeness(LIST, 95).best("C-3", "Kestral Energy") is None
    assert Likeness(LIST, 100).best("C-3", "Energy Kestrel") is not None


def test_comparing_ends_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exports.likeness.MOST_COMPARED", 16)
    likeness = Likeness(LIST)  # eight texts
    assert [likeness.best("", "Kestral Energy") is not None for _ in range(3)] == [True, True, False]
    assert likeness.is_spent
    assert likeness.best("", "Kestrel Energy") is not None


def test_a_near_miss_is_never_the_same() -> None:
    long = "The very long name of a county with many words and one more " * 6
    found = Likeness([(long + "a", "")]).best("", long + "b")
    assert found is not None
    assert found.percent == 99
