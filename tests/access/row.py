"""A row of the access table (table.py): an address, an object, and the answer for each role."""

from dataclasses import dataclass, field

ROLES = ("administrator", "own manager", "other manager", "accounting", "technician")
PUBLIC = {"login", "link"}

ALL = "200 200 200 200 200"
MONEY = "200 200 200 200 403"  # everybody but technicians
OFFICE = "200 403 403 200 403"  # administrators and accounting
NOBODY_ELSE = "200 403 403 403 403"  # administrators
OWN = "200 200 404 200 403"  # an invoice from the Admin Queue on
EARLY = "200 200 404 404 403"  # an invoice that accounting does not see yet


@dataclass(frozen=True)
class Row:
    """An address on one object.

    at: the names of World's attributes that fill its arguments. get, post: five statuses, "" for a method it does
    not have. data: what is posted; a value that begins with @ is an attribute of World. missing: arguments that
    name nothing, for the proof that 404 tells nothing. fixed: arguments that are no object.
    """

    name: str
    get: str = ""
    post: str = ""
    at: str = ""
    data: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    htmx: bool = False

    @property
    def id(self) -> str:
        words = [self.name, *self.at.split(), *self.fixed.values(), *(["htmx"] if self.htmx else [])]
        return "-".join(words)

    def cells(self, method: str) -> list[int]:
        """The statuses for GET, HEAD or POST by role."""
        text = self.post if method == "POST" else self.get
        return [int(cell) for cell in text.split()]
