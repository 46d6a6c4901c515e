"""Reports that list rows: groups with count and sums over all of them, rows as many as asked for. Two queries."""

from collections.abc import Hashable
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from jobbook.reports.work.report import Column, Group, Grouping, Question, Raw, Result, TooManyRows

ALL = Grouping("none", "Nothing", (), lambda: "")  # one group of everything


def listed(asked: Question, most: int, *, whole: bool) -> Result:
    """See Report.answer."""
    report, grouping, rows = asked.report, asked.grouping or ALL, asked.rows()
    found: dict[Hashable, Group] = {}
    total = Group("", {}, [])
    for entry in _counted(rows, report.columns, grouping):
        sums = {at: entry[f"sum_{at}"] for at in summed(report.columns)}
        _group_of(found, grouping, entry).add(entry["count"], sums)
        total.add(entry["count"], sums)
    if whole and total.count > most:
        raise TooManyRows(total.count)
    names = dict.fromkeys((*report.values, *grouping.key))
    for raw in rows.order_by(*grouping.key, *report.order).values(*names)[:most] if total.count else ():
        _group_of(found, grouping, raw).rows.append(raw)
    for group in (*found.values(), total):
        group.sums = _told(group.sums, report.columns, "" if group is total else grouping.slug)
    return Result(report.columns, list(found.values()), total)


def summed(columns: tuple[Column, ...]) -> list[int]:
    """The places of the columns that are summed anywhere."""
    return [at for at, column in enumerate(columns) if column.sums or column.sums_within]


def _counted(rows: QuerySet[Any], columns: tuple[Column, ...], grouping: Grouping) -> list[dict[str, Any]]:
    """Count and sums by the grouping's key, in order."""
    sums: dict[str, Any] = {f"sum_{at}": Sum(str(columns[at].read), default=Decimal(0)) for at in summed(columns)}
    if grouping is not ALL:
        return list(rows.values(*grouping.key).annotate(count=Count("pk"), **sums).order_by(*grouping.key))
    entry = rows.aggregate(count=Count("pk"), **sums)
    return [entry] if entry["count"] else []


def _group_of(found: dict[Hashable, Group], grouping: Grouping, raw: Raw) -> Group:
    key = tuple(raw[name] for name in grouping.key)
    return found.setdefault(grouping.bucket(*key), Group(grouping.named(*key), {}, []))


def _told(sums: dict[int, Decimal], columns: tuple[Column, ...], within: str) -> dict[int, Decimal]:
    """Only the sums that mean something: a quantity has one within its item."""
    return {at: amount for at, amount in sums.items() if columns[at].sums or columns[at].sums_within == within}
