"""What of ours a mapping may name, in words: whatever documents, clients and settings of ours carry, or a row maps."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from exports.faces import Faces, keys_of
from exports.formats.profile import Kind
from jobbook.jobs.models import Client, Item, Tax

NO_ITEM = "Lines without an item"


@dataclass(frozen=True)
class Ours:
    """Something of ours: its key in the profile, its name, and how many waiting invoices carry it."""

    key: str
    name: str
    waiting: int = 0

    @property
    def label(self) -> str:
        """'Birchline Energy (C-12)'."""
        return f"{self.name} ({self.key})" if self.key and self.name != self.key else self.name


def in_use(kind: Kind, faces: Faces, mapped: Iterable[str], *, combined: bool) -> list[Ours]:
    """Every key of the faces, and those mapped, by name. combined: with combinations of taxes."""
    waiting: dict[str, set[int]] = defaultdict(set)
    for face, ids in faces.items():
        for key in keys_of(kind, face):
            waiting[key] |= ids
    names = _NAMES[kind]()
    keys = {*waiting, *mapped}
    if not combined:
        keys = {key for key in keys if kind != Kind.TAX or ";" not in key}
    found = [Ours(key, _name(kind, key, names), len(waiting.get(key, ()))) for key in keys]
    return sorted(found, key=lambda ours: (ours.name.casefold(), ours.key))


def _name(kind: Kind, key: str, names: dict[str, str]) -> str:
    if kind == Kind.TAX:
        return " + ".join(names.get(code, code) for code in key.split(";"))
    return names.get(key, key) or NO_ITEM


_NAMES: dict[Kind, Callable[[], dict[str, str]]] = {
    Kind.CLIENT: lambda: dict(Client.objects.order_by().values_list("client_number", "name")),
    Kind.ITEM: lambda: dict(Item.objects.order_by().values_list("code", "name")),
    Kind.TAX: lambda: dict(Tax.objects.order_by().values_list("code", "name")),
    Kind.TERMS: dict,
}
