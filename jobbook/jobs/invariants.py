"""What must always hold of the work recorded."""

from collections.abc import Iterator

from jobbook.common.invariants import Invariant
from jobbook.common.money import line_amount
from jobbook.jobs.models import WorkLine


def _amounts() -> Iterator[str]:
    rows = WorkLine.objects.values_list("record__dwr_number", "line_number", "quantity", "unit_price", "amount")
    for number, line, quantity, price, amount in rows.iterator(chunk_size=5000):
        if line_amount(quantity, price) != amount:
            yield f"DWR {number} line {line}: {quantity} x {price} is not {amount}"


INVARIANTS = (Invariant("I-10", "a DWR line's amount is quantity x price, to the cent", _amounts),)
