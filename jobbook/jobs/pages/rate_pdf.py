"""A rate sheet on paper: the same lines, company and day give the same bytes."""

import hashlib
from importlib import import_module
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as format_date

from jobbook.common.printing.assets import Asset, PdfError
from jobbook.common.printing.text import printable
from jobbook.common.templatetags.jobbook import rate
from jobbook.jobs.models import Company, RateLine, RateSheet, Section
from jobbook.jobs.uploads import path_of

LOGO = "asset:logo"
_ORDER = {section: place for place, section in enumerate(Section.values)}


def rate_sheet_pdf_bytes(sheet: RateSheet, company: Company) -> bytes:
    """The PDF of `sheet` on the company's paper. Raises PdfError."""
    assets = _assets(company)
    html = render_to_string("jobs/pdf/rate_sheet.html", context(sheet, company, logo=bool(assets)))
    identifier = hashlib.sha256(html.encode("utf-8", "surrogatepass")).digest()[:16]
    # Loaded when first needed: without Pango it cannot be, and the system check must live to say so.
    engine = import_module("jobbook.common.printing.engine")
    try:
        pdf: bytes = engine.write_pdf(html, paper=company.paper, assets=assets, identifier=identifier)
    except PdfError as error:
        raise PdfError(f"{sheet}: {error}") from error
    return pdf


def context(sheet: RateSheet, company: Company, *, logo: bool) -> dict[str, Any]:
    """The template's names. Text is printable but not escaped: the template does that."""
    today = timezone.localdate()
    facts = [("Rate sheet", sheet.name), ("Printed", format_date(today, "j F Y")), ("Currency", company.currency)]
    return {
        "name": printable(sheet.name),
        "created": today.isoformat(),
        "logo": logo,
        "seller": _seller(company),
        "facts": [(label, printable(value)) for label, value in facts],
        "sections": _sections(sheet),
    }


def _seller(company: Company) -> dict[str, Any]:
    first, second, city, region, postal_code, country = map(printable, company.address_lines)
    place = " ".join(filter(None, [", ".join(filter(None, [city, region])), postal_code]))
    contact = " · ".join(filter(None, [printable(company.phone), printable(company.email)]))
    return {
        "name": printable(company.name),
        "lines": list(filter(None, [first, second, place, country, contact])),
        "tax_number": printable(company.tax_number),
    }


def _sections(sheet: RateSheet) -> list[tuple[str, list[tuple[str, ...]]]]:
    """The lines by section, by code; the item's own price is not repeated here, only what was agreed."""
    lines = sorted(sheet.lines.select_related("item"), key=lambda line: (_ORDER[line.item.section], line.item.code))
    grouped = groupby(lines, key=lambda line: line.item.section)
    return [(str(Section(section).label), [_line(line) for line in rows]) for section, rows in grouped]


def _line(line: RateLine) -> tuple[str, ...]:
    prices = ["" if value is None else str(rate(value)) for value in (line.unit_price, line.hourly_price)]
    return (printable(line.item.code), printable(line.item.name), printable(line.item.unit), *prices)


def _assets(company: Company) -> dict[str, Asset]:
    if company.logo is None:
        return {}
    try:
        return {LOGO: Asset("image/jpeg", path_of(company.logo).read_bytes())}
    except OSError:
        return {}  # a lost file must not keep the sheet from being printed
