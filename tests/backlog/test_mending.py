"""Each problem of a file leads to the page, and the place on it, where it is mended."""

import pytest

from backlog.mending import pages_of
from exports.formats import get_format
from exports.formats.base import Mend, Problem
from exports.problems import Reason

IIF = "/setup/accounting/quickbooks-desktop"


@pytest.mark.parametrize(
    ("mend", "key", "words", "address"),
    [
        (Mend.SETTING, "receivables", "Accounts receivable account", f"{IIF}/settings/#id_receivables"),
        (Mend.CLIENT, "C 1&2", "C 1&2", f"{IIF}/client/?only=C+1%262#rows"),
        (Mend.ITEM, "", "Names", f"{IIF}/item/?only=#rows"),
        (Mend.TAX, "GST;PST", "GST;PST", f"{IIF}/tax/?only=GST%3BPST#rows"),
        (Mend.TERMS, "Net 30", "Net 30", f"{IIF}/terms/?only=Net+30#rows"),
    ],
)
def test_a_reason_names_the_pages_that_mend_it(mend: Mend, key: str, words: str, address: str) -> None:
    problems = [Problem(7, "INV-1", "length", "field", "too long", *each) for each in ((Mend.INVOICE,), (mend, key))]
    reason = Reason("too long", [(7, "INV-1")], problems)
    assert pages_of(reason, get_format("quickbooks-desktop")) == [(words, address)]
