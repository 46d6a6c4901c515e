"""What only shows over all documents of a file: a number twice, two clients under one name."""

from exports.formats.base import FormatError, Mend, Problem
from exports.formats.fields import nfc
from invoices.document import InvoiceData


def refuse_twice(numbers: set[str], invoice: InvoiceData) -> None:
    """Note the number of `invoice`; raise FormatError when the file has it already."""
    folded = nfc(invoice.number).casefold()
    if folded in numbers:
        reason = "this number stands in the selection twice"
        raise FormatError([Problem(invoice.id, invoice.number, "number twice", "number", reason)])
    numbers.add(folded)


class Once:
    """Takes documents one by one, with the name or ID by which the package knows the client."""

    def __init__(self) -> None:
        self._numbers: set[str] = set()
        self._clients: dict[str, str] = {}  # as the package knows it, case folded -> our client number

    def take(self, invoice: InvoiceData, client: str) -> None:
        """Raises FormatError when its number, or the client of another of ours, is in the file already."""
        refuse_twice(self._numbers, invoice)
        other = self._clients.setdefault(client.casefold(), invoice.client_number)
        if other != invoice.client_number:
            reason = f"{client!r} stands for client {other} too: map one of them"
            problem = ("two clients share a name", "client_name", reason, Mend.CLIENT, invoice.client_number)
            raise FormatError([Problem(invoice.id, invoice.number, *problem)])
