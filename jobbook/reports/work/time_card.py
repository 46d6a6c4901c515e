"""Time card: who worked when, on which job, for how long."""

from datetime import time
from typing import Any

from django.urls import reverse

from backlog.grid.grouping import joined
from jobbook.reports.work.groupings import by_client, by_day, by_employee, by_item, by_job, by_state, by_week
from jobbook.reports.work.listed import listed
from jobbook.reports.work.report import Column, Raw, Report
from jobbook.reports.work.sources import WORK_STAGES, labour

WAY = "record__"


def dwr(raw: Raw) -> str:
    return reverse("record_page", args=[raw["record_id"]])


def job(raw: Raw) -> str:
    return reverse("job_page", args=[raw["record__job_id"]])


def item_words(raw: Raw) -> str:
    return joined(raw["item__code"], raw["item__name"])


def state_words(raw: Raw) -> str:
    return WORK_STAGES[raw["stage"]]


def _clock(name: str) -> Any:
    def read(raw: Raw) -> str:
        at: time | None = raw[name]
        return f"{at:%H:%M}" if at else ""

    return read


DATE = Column("Date", "date", "record__date")
EMPLOYEE = Column("Employee", "text", "employee")
DWR = Column("DWR", "text", "record__dwr_number", link=dwr)
JOB = Column("Job", "text", "record__job__job_number", link=job)
PROJECT = Column("Project", "text", "record__job__project_name", css="text")
CLIENT = Column("Client", "text", "record__job__client__name", css="text")
AMOUNT = Column("Amount", "money", "amount", sums=True)
STATE = Column("State", "text", state_words)
VALUES = (
    *("record_id", "record__date", "record__dwr_number", "record__job_id", "record__job__job_number"),
    *("record__job__project_name", "record__job__client__name", "employee", "item__code", "item__name"),
    *("amount", "stage"),
)

TIME_CARD = Report(
    slug="time-card",
    title="Time card",
    about="Hours of people, line by line",
    noun="line",
    source=labour,
    way=WAY,
    stages=WORK_STAGES,
    columns=(
        *(DATE, EMPLOYEE, DWR, JOB, PROJECT, CLIENT),
        Column("Item", "text", item_words, css="text"),
        Column("Start", "text", _clock("start_time")),
        Column("End", "text", _clock("end_time")),
        Column("Hours", "hours", "hours", sums=True),
        *(AMOUNT, STATE),
    ),
    values=(*VALUES, "start_time", "end_time", "hours"),
    order=("record__date", "employee", "record_id", "line_number"),
    groupings=(
        *(by_employee(), by_job(WAY), by_client(WAY), by_item(), by_day(WAY), by_week(WAY)),
        by_state(WORK_STAGES),
    ),
    default="employee",
    answer=listed,
)
