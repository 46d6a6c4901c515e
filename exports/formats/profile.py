"""How a firm wants the files of one format: settings by name, and what the package calls our clients, items, taxes.

Whatever is not mapped goes by our own name or code: `theirs` is then empty and the format decides which that is.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from invoices.document import LineData


class Kind(StrEnum):
    """What a line of a profile maps. `ours` is: the name of a setting, a client number, an item code, tax codes with
    ";" between in the invoice's order, the text of terms.
    """

    SETTING = "setting"
    CLIENT = "client"
    ITEM = "item"
    TAX = "tax"
    TERMS = "terms"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a format. choices: the values it may have; without any it is text that `check` may refuse.

    check: answers a sentence when the text cannot be used, else "".
    """

    name: str
    label: str
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()  # value, label
    help: str = ""
    check: Callable[[str], str] = lambda text: ""

    def refusal(self, value: str) -> str:
        """Why `value` cannot be this setting's; "" when it can."""
        if self.choices and value not in {choice for choice, _ in self.choices}:
            return f"{value!r} is none of {', '.join(choice for choice, _ in self.choices)}"
        return self.check(value)


@dataclass(frozen=True, slots=True)
class Columns:
    """What a package knows something of ours by, as labels: its name or code, its account, one more value. "" for none.

    own: what goes out where nothing is mapped; own_id: that is the client's accounting ID. combined: several taxes
    together may have a name of their own.
    """

    theirs: str
    own: str
    account: str = ""
    extra: str = ""
    own_id: bool = False
    combined: bool = False


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the package calls something of ours: its name or code, its account, and one more value of the format's."""

    theirs: str = ""
    account: str = ""
    extra: str = ""


NOTHING = Mapped()

# Of formats in which every line needs an item: fees and typed lines of ours have none.
LINE_ITEM = Setting("line_item", "Item of lines without one", "", help="Of fees and of lines typed by hand")

# Of formats whose package keeps its books in one currency. Left empty, the firm's own is filled in.
CURRENCY = Setting(
    "currency",
    "Currency of the books",
    "",
    help="Three letters. Empty: the firm's own. Documents in another currency stay out.",
    check=lambda text: "" if re.fullmatch("([A-Z]{3})?", text) else "a currency is three capital letters",
)


@dataclass(frozen=True, slots=True)
class Profile:
    """The settings and mappings a file is written with; frozen with the run. Values are NFC, as files are."""

    settings: Mapping[str, str] = field(default_factory=dict)
    maps: Mapping[str, Mapping[str, Mapped]] = field(default_factory=dict)  # kind -> ours -> theirs

    def __post_init__(self) -> None:
        settings = {name: _nfc(value) for name, value in self.settings.items()}
        maps = {
            kind: {ours: Mapped(_nfc(each.theirs), _nfc(each.account), _nfc(each.extra)) for ours, each in of.items()}
            for kind, of in self.maps.items()
        }
        object.__setattr__(self, "settings", settings)
        object.__setattr__(self, "maps", maps)

    def __getitem__(self, setting: str) -> str:
        return self.settings[setting]

    def mapped(self, kind: Kind, ours: str) -> Mapped:
        """What `ours` is called; nothing when it is not mapped."""
        return self.maps.get(kind, {}).get(ours, NOTHING)

    def item(self, line: LineData) -> str:
        """What the package calls the item of a line: mapped, else our code, else the one for lines without."""
        return self.mapped(Kind.ITEM, line.item_code).theirs or line.item_code or self.settings.get(LINE_ITEM.name, "")

    def account(self, line: LineData) -> str:
        """The income account of a line: of its item's mapping, else the one it carries, else the format's own."""
        own = self.mapped(Kind.ITEM, line.item_code).account or line.account_code
        return own or self.settings.get("income_account", "")

    def as_plain(self) -> dict[str, object]:
        """For JSON: settings, and each mapping as [theirs, account, extra]."""
        maps = {
            str(kind): {ours: [each.theirs, each.account, each.extra] for ours, each in entries.items()}
            for kind, entries in self.maps.items()
        }
        return {"settings": dict(self.settings), "maps": maps}


def _nfc(value: str) -> str:
    return unicodedata.normalize("NFC", value)


def from_plain(plain: Mapping[str, object]) -> Profile:
    """The profile of `as_plain`."""
    settings, maps = plain["settings"], plain["maps"]
    assert isinstance(settings, dict)
    assert isinstance(maps, dict)
    return Profile(
        settings,
        {kind: {ours: Mapped(*each) for ours, each in entries.items()} for kind, entries in maps.items()},
    )


def with_defaults(settings: Iterable[Setting], given: Mapping[str, str]) -> dict[str, str]:
    """Every setting of a format: those given, the rest by default."""
    return {each.name: given.get(each.name, each.default) for each in settings}
