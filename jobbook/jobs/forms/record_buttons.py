"""What the buttons inside the form of a DWR make of its rows: one more, one less, the previous day's, a crew's.

They save nothing and check nothing; the form comes back with what was typed, changed as the button says.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from jobbook.accounts.models import User
from jobbook.jobs.forms.jobs import active_jobs
from jobbook.jobs.forms.records import EQUIPMENT, LABOUR, crew_rows, rows_of, typed
from jobbook.jobs.models import DailyWorkRecord, Section

Rows = list[dict[str, Any]]
_REMOVE = re.compile(r"remove-(labour|equipment)-([0-9]{1,3})", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_WORKED = ("hours", "start_time", "end_time", "quantity", "description")  # what makes a row more than a suggestion


def pressed(data: QueryDict, user: User, record: DailyWorkRecord | None) -> tuple[dict[str, Any], str]:
    """The values of the form after the button `do`, and what to tell the user ("" for nothing)."""
    values, do = typed(data), data.get("do", "")
    if removed := _REMOVE.fullmatch(do):
        rows: Rows = values[removed[1]]
        values[removed[1]] = [row for number, row in enumerate(rows) if number != int(removed[2])]
    elif do in {"add-labour", "add-equipment"}:
        values[do.removeprefix("add-")].append({})
    elif do == "crew":
        return values, _add_crew(values, crew_rows(data.getlist("crew"), data.get("crew_hours", "")))
    elif do in {"copy", "last-crew"}:
        return values, _from_earlier(values, do, user, record, data.get("crew_hours", ""))
    return values, ""


def _from_earlier(values: dict[str, Any], do: str, user: User, record: DailyWorkRecord | None, hours: str) -> str:
    """Take rows from an earlier DWR of the job. The date stays, and so does every row that says more than who."""
    earlier = _earlier(values["head"], record)
    if earlier is None:
        return "Choose the job first."
    found = earlier.filter(created_by=user).first() or earlier.first() if do == "copy" else earlier.first()
    if found is None:
        return "There is no earlier DWR of this job."
    if do == "last-crew":
        return _add_crew(values, _crew_of(found, hours))
    copied = rows_of(found.lines.select_related("item"))
    for name in (LABOUR, EQUIPMENT):
        values[name] = [*_worked(values[name]), *copied[name]]
    values["head"]["description"] = values["head"].get("description") or found.description
    return f"The rows of {found}, {found.date:%-d %b %Y}, are copied. Check hours and people."


def _earlier(head: dict[str, Any], record: DailyWorkRecord | None) -> "QuerySet[DailyWorkRecord] | None":
    """The DWRs of the chosen job before the date of the form, the newest first; None without a job."""
    job, day = str(head.get("job") or ""), str(head.get("date") or "")
    jobs = active_jobs(record.job_id if record else None)
    if not re.fullmatch(r"[0-9]{1,18}", job, re.ASCII) or not jobs.filter(pk=job).exists():
        return None
    rows = DailyWorkRecord.objects.filter(job_id=int(job))
    if record:
        rows = rows.exclude(pk=record.pk)
    if _DAY.fullmatch(day):
        rows = rows.filter(date__lt=day)
    return rows.order_by("-date", "-pk")


def _crew_of(found: DailyWorkRecord, hours: str) -> Rows:
    """A row for each of its people, as what they worked first."""
    lines = found.lines.filter(section=Section.LABOUR).exclude(employee="")
    first = {line.employee: line.item_id for line in reversed(lines)}
    names = dict.fromkeys(line.employee for line in lines)
    return [{"employee": name, "item": str(first[name]), "hours": hours} for name in names]


def _add_crew(values: dict[str, Any], crew: Rows) -> str:
    """Rows for who has none with work yet."""
    kept = _worked(values[LABOUR])
    there = {row.get("employee") for row in kept}
    added = [row for row in crew if row["employee"] not in there]
    if not added:
        return "Tick who was there." if not crew else "Each of them has a row already."
    values[LABOUR] = [*kept, *added]
    return f"{len(added)} row{'' if len(added) == 1 else 's'} added."


def _worked(rows: Sequence[dict[str, Any]]) -> Rows:
    return [row for row in rows if any(row.get(name) for name in _WORKED)]
