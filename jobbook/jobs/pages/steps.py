"""The history of clients, jobs and rate sheets, in words."""

from collections.abc import Iterator

from jobbook.common.history import Step, history

_LABELS = {
    "accounting_id": "Customer ID in accounting",
    "terms_days": "Days until due",
    "address_1": "Address",
    "address_2": "Address, second line",
    "contacts": "Further contacts",
    "addresses": "Further billing addresses",
    "po_number": "PO number",
    "po_amount": "PO amount",
    "po_required": "PO number required",
    "items": "Billable items",
    "lines": "Prices",
}
_DONE = {
    "create": "Made",
    "change": "Changed",
    "enter_progress": "Progress entered",
    "delete_progress": "Progress entry deleted",
}


def steps_of(noun: str, pk: int) -> Iterator[Step]:
    """What was done to one of them, the newest first."""
    words = {f"{noun}.{act}": done for act, done in _DONE.items()} | {"data.import": "Imported"}
    return history(noun, pk, words=words, labels=_LABELS)
