"""What stands on paper."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from invoices.pdf.lines import categories, day_blocks, fees
from jobbook.common.money import total_of
from tests.pdf.documents import make_days, make_document, make_line
from tests.pdf.reading import pages_of, reader_of, text_of

pytestmark = pytest.mark.pdf


def test_every_line_and_every_sum_is_printed() -> None:
    document = make_document(make_days(3, notes=True, fee="150.00"))
    text = text_of(document)
    for line in document.lines:
        assert line.description in text
    for amount in ("2,628.00", "1,423.25", "4,051.25", "12,153.75", "150.00", "12,303.75", "615.19", "$12,918.94"):
        assert amount in text
    assert text.count("DWR 8841 total") == 1
    assert "Tuesday, 27 October 2026" in text
    assert "27–29 October 2026" in text
    assert "DWRs 3" in text
    assert "GST 5%" in text
    assert "Total due (CAD)" in text


@pytest.mark.parametrize("kind", ["detailed", "summarized"])
def test_lines_sections_days_and_subtotal_agree_to_the_cent(kind: str) -> None:
    document = make_document(make_days(4, notes=True, fee="12.34"), line_item_type=kind)
    blocks = day_blocks(document)
    for block in blocks:
        assert block.amount == total_of(section.amount for section in block.sections)
    printed = total_of(block.amount for block in blocks) + total_of(line.amount for line in fees(document))
    assert printed == document.subtotal == total_of(amount for _, amount in categories(document))
    lines = [line for block in blocks for section in block.sections for line in section.lines]
    assert len(lines) + len(fees(document)) + sum(len(block.notes) for block in blocks) == len(document.lines)


def test_a_summarized_document_has_no_day_rows() -> None:
    text = text_of(make_document(make_days(2), line_item_type="summarized"))
    assert "8841" not in text
    assert "Tuesday" not in text
    assert text.count("Labour") == 2  # the section and the summary


def test_a_credit_note_says_so_and_is_negative_throughout() -> None:
    line = make_line(quantity="-2", unit_price="96", service_date=date(2026, 10, 27))
    text = text_of(make_document((line,), number="CN-10002", credits="INV-10456"))
    assert "Credit note" in text
    assert re.search(r"Credits invoice\s+INV-10456", text)
    for amount in ("-192.00", "-9.60", "-$201.60"):
        assert amount in text
    assert "Total credit (CAD)" in text
    assert "Due date" not in text
    assert "(192.00)" not in text


def test_unpriced_notes_carry_no_amount() -> None:
    note = make_line(2, section="unpriced", description="Crane by client", amount=Decimal("0.00"), quantity="4")
    text = text_of(make_document((make_line(), note)))
    row = next(line for line in text.splitlines() if "Crane by client" in line)
    assert "0.00" not in row


def test_signed_unsigned_and_released() -> None:
    assert re.search(r"J. Lavoie\s+Signed\s+29 October 2026", text_of(make_document()))
    unsigned = make_document(signed_by="", signed_on=None)
    assert "Not signed" in text_of(unsigned)
    released = make_document(
        signed_by="", signed_on=None, released_by="R. Abe", released_on=date(2026, 11, 1), release_reason="On leave"
    )
    assert "Not signed: released by R. Abe, On leave" in text_of(released)
    approved = make_document(client_approved_on=date(2026, 10, 31))
    assert "Ticket approved by the client" in text_of(approved)


def test_pages_repeat_their_heads() -> None:
    pages = pages_of(make_document(make_days(12)))
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
    for page in pages[1:-1]:
        assert page.count("Invoice INV-10456") == 2  # running head and foot
        assert "Rate" in page
    assert "Total due (CAD)" in pages[-1]
    assert "Representative" in pages[-1]


def test_no_head_stands_alone_at_the_end_of_a_page() -> None:
    """The lines before the second DWR push its heads over the edge of the first page one by one."""
    ends = []
    for count in range(22, 29):
        before = tuple(make_line(n, service_date=date(2026, 10, 1), dwr_number="8000") for n in range(count))
        ends.append(pages_of(make_document(before + make_days(1)))[0].splitlines()[-2])
    assert [end for end in ends if end.startswith(("DWR 8841", "Labour", "Equipment"))] == []
    assert {"Foreman – J. Lavoie 8.0 h 112.00 896.00", "DWR 8000 total 19,200.00"} < set(ends)  # the edge did move


def test_zero_negative_and_large_numbers() -> None:
    lines = (
        make_line(1, quantity="0", unit_price="5"),
        make_line(2, quantity="-3", unit_price="0.3333"),
        make_line(3, quantity="12345.5", unit_price="1000"),
        make_line(4, quantity=None, unit_price=None, unit="", amount=Decimal("7.00")),
    )
    text = text_of(make_document(lines))
    for value in ("0.0", "-3.0", "0.3333", "-1.00", "12,345.5", "12,345,500.00", "1,000.00", "7.00"):
        assert value in text


def test_a_line_without_a_description_shows_its_item() -> None:
    assert "WELD-1" in text_of(make_document((make_line(description="", item_code="WELD-1"),)))


def test_dates_without_a_dwr_and_lines_without_a_date() -> None:
    lines = (make_line(1), make_line(2, service_date=date(2026, 10, 28)))
    text = text_of(make_document(lines))
    assert text.index("Wednesday, 28 October 2026") < text.index("Other items")
    assert "28 October 2026 total" in text


def test_long_words_break_inside_their_column() -> None:
    word = "Wasserleitungsrohr" * 60
    document = make_document((make_line(description=word),), bill_to_name="K" * 200, project_name="P" * 200)
    joined = "".join(text_of(document).split())
    assert word in joined
    assert "768.00" in joined


def test_title_language_and_tags() -> None:
    reader = reader_of(make_document())
    assert reader.metadata is not None
    assert reader.metadata.title == "Invoice INV-10456 – Kestrel Midstream Inc."
    assert reader.metadata.author == "Northfork Field Services Ltd."
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-CA"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == date(2026, 10, 30)


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_paper(paper: str, size: tuple[int, int]) -> None:
    box = reader_of(make_document(), paper=paper).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


def test_a_document_without_lines_still_has_its_totals() -> None:
    assert "$0.00" in text_of(make_document(()))
