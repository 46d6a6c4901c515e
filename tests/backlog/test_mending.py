"""Each problem of a file leads to the page, and the place on it, where it is mended."""

import pytest

from backlog.mending import address_of, address_of_cause
from exports.formats.base import Mend, Problem
from exports.problems import Cause

IIF = "/setup/accounting/quickbooks-desktop"


def problem(mend: Mend, key: str = "", pk: int = 7) -> Problem:
    return Problem(pk, "INV-1", "cause", "field", "reason", mend, key)


@pytest.mark.parametrize(
    ("found", "address"),
    [
        (problem(Mend.INVOICE), "/invoices/7/"),
        (problem(Mend.SETTING, "receivables"), f"{IIF}/settings/#id_receivables"),
        (problem(Mend.CLIENT, "C 1&2"), f"{IIF}/client/?only=C+1%262#rows"),
        (problem(Mend.ITEM), f"{IIF}/item/?only=#rows"),
        (problem(Mend.TAX, "GST;PST"), f"{IIF}/tax/?only=GST%3BPST#rows"),
        (problem(Mend.TERMS, "Net 30"), f"{IIF}/terms/?only=Net+30#rows"),
    ],
)
def test_a_problem_names_its_page(found: Problem, address: str) -> None:
    assert address_of(found, "quickbooks-desktop") == address


@pytest.mark.parametrize(
    ("problems", "address"),
    [
        ([problem(Mend.TAX, "GST;PST", 7), problem(Mend.TAX, "GST;PST", 8)], f"{IIF}/tax/?only=GST%3BPST#rows"),
        ([problem(Mend.CLIENT, "C1"), problem(Mend.CLIENT, "C2")], f"{IIF}/client/?show=needed#rows"),
        ([problem(Mend.SETTING, "open_from"), problem(Mend.SETTING, "open_to")], f"{IIF}/settings/"),
        ([problem(Mend.INVOICE, pk=7), problem(Mend.INVOICE, pk=8)], ""),
        ([problem(Mend.CLIENT, "C1"), problem(Mend.INVOICE)], ""),
    ],
)
def test_a_cause_names_the_page_that_mends_all(problems: list[Problem], address: str) -> None:
    assert address_of_cause(Cause("cause", problems), "quickbooks-desktop") == address
