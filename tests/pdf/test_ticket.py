"""What part 2 put on paper: the ticket without money, drawn signatures, the logo, the place of the job."""

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from exports.snapshot import freeze, thaw
from invoices.document import InvoiceData
from invoices.pdf.render import LOGO, document_key, logo_of, render_pdf, render_ticket
from invoices.pdf.store import read_pdf
from jobbook.common.printing.assets import Asset, PdfError
from jobbook.jobs.uploads import LOGO as LOGO_LIMITS
from jobbook.jobs.uploads import keep_picture
from tests.pdf.documents import make_days, make_document, make_line

pytestmark = pytest.mark.pdf
DRAWING = "10,20 300,40 500,250;700,100 900,120"
CLIENT_DRAWING = "0,0 1000,300"


def reader(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data), strict=True)


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in reader(data).pages)


def strokes_of(data: bytes) -> list[str]:
    """The drawn paths: moves and lines with a round cap, as the signatures have."""
    content = "".join(page.get_contents().get_data().decode("latin-1") for page in reader(data).pages)  # type: ignore[union-attr]
    forms = [
        each.get_object().get_data().decode("latin-1")
        for page in reader(data).pages
        for each in (page["/Resources"].get("/XObject") or {}).values()  # type: ignore[attr-defined]
        if each.get_object()["/Subtype"] == "/Form"
    ]
    return re.findall(r"1 J.*?\bS\b", " ".join([content, *forms]), re.DOTALL)


def ticket() -> InvoiceData:
    lines = make_days(2, notes=True, fee="150.00")
    adjustment = make_line(90, section="fixed_price", description="Agreed sum", is_adjustment=True, amount=Decimal(-11))
    return make_document((*lines, adjustment), location="LSD 06-22-049-11 W5M\nGate 3")


def test_a_ticket_has_every_line_and_no_money() -> None:
    document = ticket()
    text = text_of(render_ticket(document))
    assert "Ticket no." in text
    assert "Gate 3" in text
    for line in document.lines:
        if line.section != "fee" and not line.is_adjustment:
            assert line.description in text
    assert "Administration fee" not in text
    assert "Agreed sum" not in text
    for word in ("Rate", "Amount", "Subtotal", "Total due", "GST 5%", "Due date", "Net 30", "$"):
        assert word not in text, word
    amounts = {f"{line.amount:,.2f}" for line in document.lines if line.amount}
    prices = {f"{line.unit_price:,.2f}" for line in document.lines if line.unit_price}
    assert [each for each in amounts | prices if each in text] == []
    assert re.findall(r"\d\.\d\d(?!\d)", text) == []
    assert re.search(r"Client\s+Name and signature", text)


def test_the_amounts_would_be_found_on_the_invoice() -> None:
    """The test above can fail."""
    text = text_of(render_pdf(ticket()))
    assert re.findall(r"\d\.\d\d(?!\d)", text)
    assert "Gate 3" in text


def test_drawn_signatures_are_on_the_page_with_the_names_below() -> None:
    plain = make_document()
    drawn = replace(
        plain,
        signature=DRAWING,
        client_approved_on=date(2026, 10, 31),
        client_approved_by="D. Okafor",
        client_signature=CLIENT_DRAWING,
    )
    assert strokes_of(render_pdf(plain)) == []
    for data in (render_pdf(drawn), render_ticket(drawn)):
        paths = strokes_of(data)
        assert len(paths) == 2
        assert [path.count(" l\n") for path in paths] == [3, 1]
        text = text_of(data)
        assert re.search(r"J. Lavoie\s+Signed\s+29 October 2026", text)
        assert re.search(r"D. Okafor\s+Ticket approved by the client\s+31 October 2026", text)


def test_a_damaged_drawing_is_refused_by_name() -> None:
    with pytest.raises(PdfError, match="INV-10456: The drawing is damaged"):
        render_pdf(make_document(signature='1,1"><script>'))


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 120), "#1456a8").save(out, "PNG")
    return out.getvalue()


@pytest.mark.django_db
def test_the_logo_is_the_kept_picture() -> None:
    kept = keep_picture(png(), LOGO_LIMITS)
    document = make_document(seller_logo=kept.sha256)
    data = read_pdf(document, paper="letter")
    assert [image.image.size for image in reader(data).pages[0].images] == [(300, 120)]  # type: ignore[union-attr]
    assert reader(render_ticket(document, assets=logo_of(document))).pages[0].images
    assert data == render_pdf(document, assets=logo_of(document))
    assert not reader(read_pdf(make_document(), paper="letter")).pages[0].images


def test_a_logo_that_is_not_there_is_named() -> None:
    with pytest.raises(PdfError, match=r"INV-10456: the logo is missing from the data directory \(abc.jpg\)"):
        read_pdf(make_document(seller_logo="abc"), paper="letter")


def test_the_same_ticket_gives_the_same_bytes_and_is_not_the_invoice() -> None:
    document = ticket()
    assert render_ticket(document) == render_ticket(document)
    assert reader(render_ticket(document)).trailer["/ID"] != reader(render_pdf(document)).trailer["/ID"]
    assert render_pdf(document, assets={}) == render_pdf(document)
    svg = Asset("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>')
    assert render_ticket(document, assets={LOGO: svg})


def test_a_document_frozen_before_there_were_drawings_is_read() -> None:
    document = make_document()
    old = freeze(document)
    for name in ("location", "seller_logo", "signature", "client_approved_by", "client_signature"):
        old = old.replace(f'"{name}":"",', "")
    old = old.replace('"is_adjustment":false,', "")
    assert old != freeze(document)
    found: Any = thaw(old)
    assert found == document
    assert document_key(found, paper="a4") == document_key(document, paper="a4")
