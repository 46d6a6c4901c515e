"""One PDF: the product's renderer against a plain call of WeasyPrint on the same page with the same options."""

import re
import resource
import sys

import weasyprint

from invoices.document import InvoiceData
from invoices.pdf.render import render_html, render_pdf
from jobbook.common.printing.text import FONTS, STYLE
from tests.bench import Result, interleave
from tests.pdf.documents import make_days, make_document


def plain_page(document: InvoiceData) -> str:
    """The same page as anyone would write it: style inside, columns as wide as their text, font from its file."""
    css = STYLE.read_text(encoding="utf-8")
    css = css.replace("asset:font/400", (FONTS / "Inter-Regular.ttf").as_uri())
    css = css.replace("asset:font/700", (FONTS / "Inter-Bold.ttf").as_uri())
    css = re.sub(r"table-layout:fixed;?|\.c\d\{[^}]*\}", "", css)
    return render_html(document).replace("</head>", f"<style>{css}@page{{size:Letter}}</style></head>")


def ratio(days: int, rounds: int) -> tuple[float, float, float]:
    document = make_document(make_days(days))

    def naive() -> bytes:
        pdf: bytes = weasyprint.HTML(string=plain_page(document)).write_pdf(pdf_variant="pdf/ua-1")
        return pdf

    return interleave(lambda: render_pdf(document), naive, rounds)


def growth(renders: int) -> float:
    """MB that the process grows by in 1,000 renders of documents that are all different, once it is warm."""
    warm, before = renders // 2, 0.0
    for number in range(warm + renders):
        if number == warm:
            before = _peak()
        render_pdf(make_document(make_days(1), number=f"INV-{number}", signed_by=f"Signer {number}"))
    return (_peak() - before) * 1000 / renders


def _peak() -> float:
    """The most memory this process ever held, in MB."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def run(*, small: bool = False) -> list[Result]:
    rounds = 2 if small else 9
    grown = growth(10 if small else 200)  # first: what follows lifts the peak
    ratios = [
        Result(f"one PDF of {8 * days} lines : plain WeasyPrint", "<= 0.75", *ratio(days, rounds), code="P1")
        for days in ((2,) if small else (2, 8))
    ]
    return [*ratios, Result("memory that 1,000 PDFs leave behind", "<= 10", grown, code="P4", unit="MB")]
