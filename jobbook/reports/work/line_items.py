"""Line items: what was done and used, item by item."""

from jobbook.jobs.models import Section
from jobbook.reports.work.groupings import by_client, by_employee, by_item, by_job, by_month, by_section
from jobbook.reports.work.listed import listed
from jobbook.reports.work.report import Column, Raw, Report
from jobbook.reports.work.sources import WORK_STAGES, work_lines
from jobbook.reports.work.time_card import (
    AMOUNT,
    CLIENT,
    DATE,
    DWR,
    EMPLOYEE,
    JOB,
    PROJECT,
    STATE,
    VALUES,
    WAY,
    item_words,
)


def _section(raw: Raw) -> str:
    return str(Section(raw["section"]).label)


LINE_ITEMS = Report(
    slug="line-items",
    title="Line items",
    about="Labour, equipment and materials, item by item",
    noun="line",
    source=work_lines,
    way=WAY,
    stages=WORK_STAGES,
    columns=(
        Column("Item", "text", item_words, css="text"),
        Column("Section", "text", _section),
        *(DATE, DWR, JOB, PROJECT, CLIENT, EMPLOYEE),
        Column("Quantity", "quantity", "quantity", sums_within="item"),
        Column("Unit", "text", "item__unit"),
        Column("Unit price", "price", "unit_price"),
        *(AMOUNT, STATE),
    ),
    values=(*VALUES, "section", "quantity", "item__unit", "unit_price"),
    order=("record__date", "item__code", "record_id", "line_number"),
    groupings=(by_item(), by_job(WAY), by_client(WAY), by_section(), by_employee(), by_month(WAY)),
    default="item",
    answer=listed,
)
