"""The reports of time and expenses are right to the cent: groups, totals, rows, and the files say the same."""

import csv
import html
import io
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from openpyxl import load_workbook

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Section
from jobbook.reports.work.asked import parse
from jobbook.reports.work.declared import REPORTS
from jobbook.reports.work.report import Group, Result, TooManyRows
from tests.factories import make_company, make_user
from tests.reports.work_books import DAYS, WORK, Key, expenses, lines, make_books, stage_of, summed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)  # the first of DAYS lies before
ALL_DAYS = f"from={DAYS[0]}&to={DAYS[-1]}"
MONTHS = {10: "Oct 2026", 11: "Nov 2026"}


@pytest.fixture
def people() -> dict[str, User]:
    """An administrator, and two managers with books."""
    make_company()
    found = {"administrator": make_user(), "own": make_user(Role.PROJECT_MANAGER)}
    make_books(found["own"], make_user(Role.PROJECT_MANAGER))
    return found


def answer(user: User, slug: str, query: str, most: int = 1000, *, whole: bool = False) -> Result:
    asked = parse(REPORTS[slug], user, QueryDict(query), TODAY)
    assert asked.problems == ()
    return asked.report.answer(asked, most, whole=whole)


def told(group: Group, result: Result) -> tuple[Any, ...]:
    """The count and the sums of a group, in order of the columns."""
    return group.count, *(group.sums[at] for at in sorted(group.sums))


def job_name(record: Any) -> str:
    return f"{record.job.job_number} {record.job.project_name}"


LINE_KEYS: dict[str, Key] = {
    "employee": lambda line: line.employee or "No employee named",
    "job": lambda line: job_name(line.record),
    "client": lambda line: line.record.job.client.name,
    "item": lambda line: f"{line.item.code} {line.item.name}",
    "section": lambda line: str(Section(line.section).label),
    "state": lambda line: WORK[stage_of(line.record)],
    "day": lambda line: f"{line.record.date:%a} {line.record.date.day} {line.record.date:%b %Y}",
    "week": lambda line: {44: "Week of 26 Oct 2026", 47: "Week of 16 Nov 2026"}[line.record.date.isocalendar()[1]],
    "month": lambda line: MONTHS[line.record.date.month],
    "none": lambda line: "",
}
EXPENSE_KEYS: dict[str, Key] = {
    "employee": lambda expense: expense.employee,
    "job": job_name,
    "item": lambda expense: expense.item or "No item",
    "state": lambda expense: ("Not submitted", "Submitted", "Approved", "Processed")[stage_of(expense)],
    "month": lambda expense: MONTHS[expense.date.month],
    "none": lambda expense: "",
}


def groups_of(slug: str) -> list[str]:
    return [*(grouping.slug for grouping in REPORTS[slug].groupings), "none"]


@pytest.mark.parametrize("who", ["administrator", "own"])
def test_groups_and_totals_are_those_of_plain_python(people: dict[str, User], who: str) -> None:
    user, checked = people[who], 0
    for query, first, last in ((ALL_DAYS, DAYS[0], DAYS[-1]), (f"from={FIRST}&to={LAST}", FIRST, LAST)):
        labour, work = lines(user, first, last, labour=True), lines(user, first, last, labour=False)
        assert 0 < len(labour) < len(work)
        cases: list[tuple[str, list[Any], dict[str, Key], tuple[Key, ...]]] = [
            ("time-card", labour, LINE_KEYS, (lambda line: line.hours, lambda line: line.amount)),
            ("line-items", work, LINE_KEYS, (lambda line: line.amount,)),
            ("expenses", expenses(user, first, last), EXPENSE_KEYS, (lambda expense: expense.amount,)),
        ]
        for slug, rows, keys, values in cases:
            for group in groups_of(slug):
                result = answer(user, slug, f"{query}&group={group}")
                by_item: tuple[Key, ...] = (
                    (lambda line: line.quantity,) if (slug, group) == ("line-items", "item") else ()
                )
                expected = summed(rows, keys[group], *by_item, *values)
                assert {each.name: told(each, result) for each in result.groups} == expected, (slug, group)
                assert told(result.total, result) == summed(rows, lambda _: "", *values)[""], (slug, group)
                assert result.shown == result.total.count == len(rows)
                checked += 1
    assert checked == 2 * (8 + 7 + 6)


def test_every_row_stands_in_its_group(people: dict[str, User]) -> None:
    result = answer(people["administrator"], "time-card", f"{ALL_DAYS}&group=employee")
    for group in result.groups:
        assert len(group.rows) == group.count
        assert {raw["employee"] or "No employee named" for raw in group.rows} == {group.name}
        assert sum((raw["amount"] for raw in group.rows), Decimal(0)) == group.sums[10]


def test_states_are_those_of_now_and_limit_exactly(people: dict[str, User]) -> None:
    admin = people["administrator"]
    for stage, words in enumerate(WORK):
        result = answer(admin, "line-items", f"{ALL_DAYS}&group=none&state={words.lower().replace(' ', '-')}")
        rows = [line for line in lines(admin, DAYS[0], DAYS[-1], labour=False) if stage_of(line.record) == stage]
        assert told(result.total, result) == summed(rows, lambda _: "", lambda line: line.amount)[""]


def test_the_grid_of_days_sums_across_and_down(people: dict[str, User]) -> None:
    admin = people["administrator"]
    labour = lines(admin, DAYS[0], DAYS[-1], labour=True)
    for group in ("none", "job"):
        result = answer(admin, "time-grid", f"{ALL_DAYS}&group={group}")
        cells = {
            (each.name, raw["employee"], day): hours
            for each in result.groups
            for raw in each.rows
            for day, hours in raw["hours"].items()
        }
        names = {line: (LINE_KEYS[group](line), line.employee, line.record.date) for line in labour}
        expected = summed(labour, names.__getitem__, lambda line: line.hours)
        assert cells == {name: sums[1] for name, sums in expected.items()}
        days = [date.fromisoformat(column.label) for column in result.columns[1:-1]]
        assert (days[0], days[-1], len(days)) == (DAYS[0], DAYS[-1], 21)
        by_day = summed(labour, lambda line: line.record.date, lambda line: line.hours)
        totals = {day: result.total.sums.get(at) for at, day in enumerate(days, start=1)}
        assert {day: hours for day, hours in totals.items() if hours} == {day: sums[1] for day, sums in by_day.items()}
        assert result.total.sums[len(days) + 1] == sum((line.hours or Decimal(0) for line in labour), Decimal(0))


def test_a_cell_leads_to_the_time_card_with_its_hours(people: dict[str, User], client: Client) -> None:
    client.force_login(people["administrator"])
    page = client.get(f"/reports/time-grid/?{ALL_DAYS}&group=job").content.decode()
    cells = re.findall(r'<a href="/reports/time-card/\?(from=[^"]+)">([0-9.]+)</a>', page)
    assert len(cells) > 10
    for query, hours in cells[::4]:
        result = answer(people["administrator"], "time-card", query.replace("&amp;", "&"))
        assert result.total.sums[9] == Decimal(hours)


def shown_rows(page: str) -> list[list[str]]:
    """The words of the cells of the rows, without those of groups and totals."""
    body = re.sub(r'<span class="vh">.*?</span>', "", page[page.index("<tbody>") : page.index("<tfoot>")])
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", body, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in cells]


def as_shown(value: Any) -> Any:
    """A value of a screen or a file, comparable: numbers as numbers."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    text = "" if value in (None, "—") else str(value).replace(",", "")
    return Decimal(text).normalize() if re.fullmatch(r"\d+(\.\d+)?", text) else text


def test_page_csv_and_xlsx_say_the_same(people: dict[str, User], client: Client) -> None:
    client.force_login(people["administrator"])
    for slug in REPORTS:
        for group in ("none", "job"):
            assert_the_same(client, slug, group)


def assert_the_same(client: Client, slug: str, group: str) -> None:
    query = f"/reports/{slug}/?{ALL_DAYS}&group={group}"
    page = client.get(query).content.decode()
    text = client.get(f"{query}&file=csv").content.decode("utf-8-sig")
    head, *rows = list(csv.reader(io.StringIO(text)))
    lead = 1 if (slug, group) == ("time-grid", "job") else 0
    shown = [[as_shown(cell) for cell in row] for row in shown_rows(page)]
    assert len(shown) >= 3
    assert [[as_shown(cell) for cell in row[lead:]] for row in rows] == shown
    book = load_workbook(io.BytesIO(client.get(f"{query}&file=xlsx").content))
    found = list(book.worksheets[0].values)
    top = next(at for at, row in enumerate(found) if row[0] == head[0])
    assert list(found[top]) == head
    assert [[as_shown(cell) for cell in row[lead:]] for row in found[top + 1 : -1]] == shown
    assert found[-1][0] == "Total"
    assert len(book.worksheets) == (1 if group == "none" else 2)


def test_xlsx_has_real_numbers_and_dates(people: dict[str, User], client: Client) -> None:
    client.force_login(people["administrator"])
    book = load_workbook(io.BytesIO(client.get(f"/reports/time-card/?{ALL_DAYS}&file=xlsx").content))
    rows, groups = (list(sheet.values) for sheet in book.worksheets)
    labour = lines(people["administrator"], *DAYS[:: len(DAYS) - 1], labour=True)
    cells = [row for row in rows if isinstance(row[0], datetime)]
    assert len(cells) == len(labour)
    assert {type(row[9]) for row in cells} <= {int, float}
    total = sum((line.amount for line in labour), Decimal(0))
    assert Decimal(str(rows[-1][10])) == Decimal(str(groups[-1][-1])) == total
    assert "before tax" in str(rows)


def test_beyond_the_bound_rows_are_left_out_and_sums_are_not(people: dict[str, User]) -> None:
    admin = people["administrator"]
    for slug in REPORTS:
        full, short = (answer(admin, slug, f"{ALL_DAYS}&group=job", most) for most in (1000, 2))
        assert short.shown == 2 < full.shown
        assert short.total == Group("", full.total.sums, [], full.total.count)
        with pytest.raises(TooManyRows):
            answer(admin, slug, f"{ALL_DAYS}&group=job", 2, whole=True)
        assert answer(admin, slug, f"{ALL_DAYS}&group=job", full.total.count, whole=True).shown == full.total.count
