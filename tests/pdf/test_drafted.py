"""What is drafted is what is printed: any lines, fees and taxes stand on the paper to the cent."""

import re
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings

from invoices.drafting import Draft
from jobbook.common.money import format_money
from jobbook.jobs.models import Section
from tests.invoices.drawn import document
from tests.invoices.test_drafting import drafts
from tests.pdf.reading import text_of

pytestmark = pytest.mark.pdf
AMOUNT = re.compile(r"-?\d[\d,]*\.\d\d(?!\d)")


@given(drafts())
@settings(max_examples=15, deadline=None, derandomize=True)
def test_lines_taxes_and_total_of_the_document_are_on_the_paper(drafted: Draft) -> None:
    invoice = document(drafted)
    amounts: list[Decimal] = [line.amount for line in invoice.lines if line.section != Section.UNPRICED]
    amounts += [tax.amount for tax in invoice.taxes]
    amounts += [invoice.subtotal, invoice.total]
    printed = Counter(AMOUNT.findall(text_of(invoice).replace("$", "")))
    assert Counter(map(format_money, amounts)) - printed == Counter()
