"""What only shows over all documents of a file: a number twice, two clients under one name."""

from collections.abc import Callable

from exports.formats.base import Across, FormatError, Problem
from exports.formats.fields import nfc
from exports.formats.mending import of_client
from invoices.document import InvoiceData


def demand(across: Across, invoice: InvoiceData) -> None:
    """Raises FormatError when something stands against `invoice` beside the documents before it."""
    if problems := across.take(invoice):
        raise FormatError(problems)


class Once(Across):
    """client: the name or ID by which the package knows the client; None where no package does."""

    def __init__(self, client: Callable[[InvoiceData], str] | None = None) -> None:
        self._client = client
        self._numbers: set[str] = set()
        self._clients: dict[str, str] = {}  # as the package knows it, case folded -> our client number

    def take(self, invoice: InvoiceData) -> list[Problem]:
        problems = self.against(invoice)
        if not problems:
            self.note(invoice)
        return problems

    def against(self, invoice: InvoiceData) -> list[Problem]:
        found = []
        if nfc(invoice.number).casefold() in self._numbers:
            reason = "this number stands in the selection twice"
            found.append(Problem(invoice.id, invoice.number, "number twice", "number", reason))
        client = self._client(invoice) if self._client else ""
        other = self._clients.get(client.casefold(), invoice.client_number)
        if other != invoice.client_number:
            reason = f"{client!r} stands for client {other} too: map one of them"
            problem = (invoice.id, invoice.number, "two clients share a name", "client_name", reason)
            found.append(Problem(*problem, **of_client(invoice)))
        return found

    def note(self, invoice: InvoiceData) -> None:
        self._numbers.add(nfc(invoice.number).casefold())
        if self._client:
            self._clients[self._client(invoice).casefold()] = invoice.client_number
