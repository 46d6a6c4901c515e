"""The form of a DWR: what is entered, what is refused row by row, and what the buttons inside it do."""

import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import DailyWorkRecord, Item, Job, JobItem, Section
from tests.factories import TODAY, make_employee, make_item, make_job, make_record, make_user
from tests.jobs.asking import of, text

pytestmark = pytest.mark.django_db
Row = dict[str, Any]
DRAWN = "10,20 30,40;500,150"


def form(job: Job | None, labour: list[Row], equipment: Sequence[Row] = (), **head: Any) -> Row:
    """What the browser posts: every field of every row."""
    data = {"date": "2026-11-20", "job": job.pk if job else "", "submit": "on", "key": str(uuid4()), **head}
    fields = {
        "labour": ("item", "employee", "hours", "start_time", "end_time", "description"),
        "equipment": ("item", "quantity", "description"),
    }
    for name, rows in (("labour", labour), ("equipment", equipment)):
        data |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": 0}
        for number, row in enumerate(rows):
            data |= {f"{name}-{number}-{field}": row.get(field, "") for field in fields[name]}
    return {name: value for name, value in data.items() if value is not None}


def worked(item: Item, hours: str = "8", employee: str = "T. Okafor", **fields: str) -> dict[str, Any]:
    return {"item": item.pk, "hours": hours, "employee": employee, **fields}


def lines(record: DailyWorkRecord) -> list[tuple[Any, ...]]:
    return list(record.lines.values_list("section", "employee", "hours", "quantity", "amount", "description"))


def values(response: Any, prefix: str) -> dict[str, str]:
    """What the fields of a row hold."""
    page = text(response)
    inputs = re.findall(rf'<input[^>]* name="{prefix}-([a-z_]+)"(?: value="([^"]*)")?', page)
    found = dict(inputs)
    for name, options in re.findall(rf'<select[^>]* name="{prefix}-([a-z_]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: value for name, value in found.items() if value}


def total(response: Any, name: str) -> int:
    found = re.search(rf'name="{name}-TOTAL_FORMS" value="(\d+)"', text(response))
    assert found
    return int(found[1])


def test_a_new_form_begins_with_the_user_today(job: Job, foreman: Item, technician: User) -> None:
    make_employee("T. Okafor", user=technician, item=foreman)
    page = of(technician).get(f"/records/new/?job={job.pk}")
    assert values(page, "labour-0") == {"employee": "T. Okafor", "item": str(foreman.pk)}
    assert f'value="{timezone.localdate().isoformat()}"' in text(page)
    assert f'<option value="{job.pk}" selected>26-0700 Pump house' in text(page)
    assert re.search(r'name="submit"[^>]* checked', text(page))


def test_a_record_is_entered_and_submitted(job: Job, foreman: Item, truck: Item, technician: User) -> None:
    make_employee("A. Mensah")
    rows = [
        worked(foreman),
        worked(foreman, "", "A. Mensah", start_time="22:00", end_time="02:30", description="Night shift"),
        {},
    ]
    signed = {"signed_by": "T. Okafor", "client_signed_by": "D. Okafor", "client_signature": DRAWN}
    data = form(job, rows, [{"item": truck.pk, "quantity": "1.5"}], description="Spool 14-A", **signed)
    answer = of(technician).post("/records/new/", data)
    record = DailyWorkRecord.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/records/{record.pk}/")
    assert (record.state, record.created_by, record.description) == ("submitted", technician, "Spool 14-A")
    assert (record.client_signed_by, record.client_signature, record.signature) == ("D. Okafor", DRAWN, "")
    assert lines(record) == [
        ("labour", "T. Okafor", Decimal(8), Decimal(8), Decimal("910.16"), ""),
        ("labour", "A. Mensah", Decimal("4.5"), Decimal("4.5"), Decimal("511.97"), "Night shift"),
        ("equipment", "", None, Decimal("1.5"), Decimal("280.97"), ""),
    ]


def test_a_draft_without_the_tick(job: Job, foreman: Item, technician: User) -> None:
    of(technician).post("/records/new/", form(job, [worked(foreman)], submit=None))
    assert DailyWorkRecord.objects.get().state == "draft"


def test_the_same_form_twice_is_one_record(job: Job, foreman: Item, technician: User) -> None:
    data, client = form(job, [worked(foreman)]), of(technician)
    first, again = client.post("/records/new/", data), client.post("/records/new/", data)
    assert first["Location"] == again["Location"]
    assert DailyWorkRecord.objects.count() == 1
    other = client.post("/records/new/", {**data, "labour-0-hours": "9"})
    assert other.status_code == 409
    assert "Save it again to enter it as a new DWR" in text(other)
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', text(other))
    assert key
    client.post("/records/new/", {**data, "labour-0-hours": "9", "key": key[1]})
    assert DailyWorkRecord.objects.count() == 2


def test_every_error_of_every_row_at_once_with_its_field(job: Job, foreman: Item, technician: User) -> None:
    drone = make_item("DRONE", name="Survey drone", section=Section.EQUIPMENT)
    rows = [
        worked(foreman, "25"),
        worked(foreman, "8", start_time="07:00", end_time="15:00"),
        worked(foreman, "", start_time="07:00"),
        {"hours": "8", "employee": "T. Okafor"},
        worked(foreman, "8,5"),
    ]
    tomorrow = (timezone.localdate() + timedelta(days=2)).isoformat()
    equipment = [{"item": drone.pk, "quantity": "-1"}]
    data = form(None, rows, equipment, date=tomorrow, client_signature=DRAWN, signature="<svg>")
    answer = of(technician).post("/records/new/", data)
    page = text(answer)
    assert answer.status_code == 422
    told = re.findall(r'<li><a href="#([a-z0-9_-]+)">([^<]+)</a></li>', page)
    assert told == [
        ("id_date", "Date: This day is still to come."),
        ("id_job", "Job: This field is required."),
        ("id_signature_box", "Representative signature: The drawing is damaged. Draw it again."),
        ("id_client_signed_by", "Client: Who signed? Enter the name."),
        ("id_labour-0-hours", "Labour 1, Hours: It must be above zero and at most 24."),
        ("id_labour-1-hours", "Labour 2, Hours: Enter the hours, or start and end, not both."),
        ("id_labour-2-end_time", "Labour 3, End: Start and end stand together."),
        ("id_labour-3-item", "Labour 4, Item: Choose what was worked or used."),
        ("id_labour-4-hours", "Labour 5, Hours: Write hours as 8 or 8.5: figures and a point."),
        (
            "id_equipment-0-quantity",
            "Equipment 1, Quantity: Write it as 12.5: figures and a point, at most four decimals.",
        ),
    ]
    assert all(f'id="{field}"' in page for field, _ in told)
    assert values(answer, "labour-4")["hours"] == "8,5"
    assert not DailyWorkRecord.objects.exists()


def test_an_item_without_a_price_is_named_with_its_job(job: Job, foreman: Item, technician: User) -> None:
    drone = make_item("DRONE", name="Survey drone", section=Section.EQUIPMENT)
    rows = [worked(foreman), worked(foreman, "")]
    answer = of(technician).post("/records/new/", form(job, rows, [{"item": drone.pk, "quantity": "1"}]))
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#([a-z0-9_-]+)">([^<]+)</a></li>', text(answer)) == [
        ("id_labour-1-hours", "Labour 2, Hours: Enter the hours."),
        ("id_equipment-0-item", "Equipment 1, Item: Survey drone has no price on job 26-0700."),
    ]


@pytest.mark.parametrize("wrong", ["closed job", "labour as equipment", "inactive item", "stranger", "too many rows"])
def test_what_is_no_choice_is_refused(job: Job, foreman: Item, technician: User, wrong: str) -> None:
    data = form(job, [worked(foreman)])
    if wrong == "closed job":
        data["job"] = make_job(active=False).pk
    elif wrong == "labour as equipment":
        data = form(job, [], [{"item": foreman.pk, "quantity": "1"}])
    elif wrong == "inactive item":
        Item.objects.filter(pk=foreman.pk).update(active=False)
    elif wrong == "stranger":
        data = form(job, [worked(foreman), worked(foreman, employee="Nobody Known"), {}])
    else:
        data = form(job, [worked(foreman)] * 61)
    assert of(technician).post("/records/new/", data).status_code == 422
    assert not DailyWorkRecord.objects.exists()


def test_the_items_of_the_job_come_first(job: Job, foreman: Item, technician: User) -> None:
    own = make_item("WELDER", name="Welder", unit_price=Decimal(98))
    JobItem.objects.create(job=job, item=own, position=1)
    client = of(technician)
    opened = client.get(f"/records/new/?job={job.pk}")
    for page in (opened, client.post("/records/new/", form(job, [{}], do="job"))):
        choices = text(page).partition('name="labour-0-item"')[2]
        groups = re.findall(r'<optgroup label="([^"]+)">\s*<option value="(\d+)"', choices)
        assert groups[:2] == [("Of this job", str(own.pk)), ("All", str(foreman.pk))]


def pressed(user: User, data: dict[str, Any], do: str, **more: Any) -> Any:
    answer = of(user).post("/records/new/", {**data, "do": do, **more})
    assert answer.status_code == 200
    assert not DailyWorkRecord.objects.filter(description="typed").exists()
    return answer


def test_rows_come_and_go_without_a_script(job: Job, foreman: Item, technician: User) -> None:
    typed = form(job, [worked(foreman), worked(foreman, "7")], [{}], description="typed", client_signature=DRAWN)
    more = pressed(technician, typed, "add-labour")
    assert (total(more, "labour"), total(more, "equipment")) == (3, 1)
    assert values(more, "labour-1")["hours"] == "7"
    assert DRAWN in text(more)
    assert total(pressed(technician, typed, "add-equipment"), "equipment") == 2
    less = pressed(technician, typed, "remove-labour-0")
    assert (total(less, "labour"), values(less, "labour-0")["hours"]) == (1, "7")
    assert total(pressed(technician, typed, "remove-labour-9"), "labour") == 2
    assert total(pressed(technician, typed, "nonsense"), "labour") == 2


def test_copy_previous_day_takes_the_newest_earlier_one_of_the_user(job: Job, foreman: Item, technician: User) -> None:
    make_employee("J. Lavoie")
    other = make_user(Role.TECHNICIAN)
    old: Row = {"job": job, "created_by": technician}
    make_record(hours="6", date=TODAY - timedelta(days=3), **old)
    make_record(hours="7", date=TODAY - timedelta(days=2), **old)
    make_record(hours="5", date=TODAY - timedelta(days=1), job=job, created_by=other)
    make_record(hours="4", date=TODAY, **old)
    make_record(hours="3", date=TODAY - timedelta(days=1), created_by=technician)
    answer = pressed(technician, form(job, [{"employee": "T. Okafor"}, worked(foreman, "2")]), "copy")
    assert total(answer, "labour") == 2
    assert values(answer, "labour-0")["hours"] == "2"  # what was typed stays
    assert (values(answer, "labour-1")["hours"], values(answer, "labour-1")["employee"]) == ("7", "J. Lavoie")
    assert 'value="2026-11-20"' in text(answer)
    anybody = pressed(make_user(Role.TECHNICIAN), form(job, [{}]), "copy")
    assert values(anybody, "labour-0")["hours"] == "5"
    assert "Choose the job first." in text(pressed(technician, form(None, [{}]), "copy"))
    assert "There is no earlier DWR" in text(pressed(technician, form(make_job(), [{}]), "copy"))
    closed = make_record(job=make_job(active=False), date=TODAY - timedelta(days=1)).job
    assert "Choose the job first." in text(pressed(technician, form(closed, [{}]), "copy"))


def test_a_crew_gets_a_row_each(job: Job, foreman: Item, technician: User) -> None:
    make_employee("A. Mensah", item=foreman)
    make_employee("B. Sorensen")
    make_employee("Gone", active=False)
    typed = form(job, [{"employee": "T. Okafor"}, worked(foreman, "2", "A. Mensah")])
    answer = pressed(technician, typed, "crew", crew=["A. Mensah", "B. Sorensen", "Gone"], crew_hours="10")
    assert [values(answer, f"labour-{n}").get("employee") for n in range(2)] == ["A. Mensah", "B. Sorensen"]
    assert values(answer, "labour-1") == {"employee": "B. Sorensen", "hours": "10"}
    again = pressed(technician, form(job, [{}]), "crew", crew=["A. Mensah"], crew_hours="10")
    assert values(again, "labour-0") == {"employee": "A. Mensah", "item": str(foreman.pk), "hours": "10"}
    assert "Tick who was there." in text(pressed(technician, typed, "crew"))


def test_the_crew_of_the_last_record(job: Job, foreman: Item, technician: User) -> None:
    make_employee("J. Lavoie")
    record = make_record(job=job, date=TODAY - timedelta(days=1))
    answer = pressed(technician, form(job, [{}]), "last-crew", crew_hours="9")
    item = record.lines.get().item_id
    assert values(answer, "labour-0") == {"employee": "J. Lavoie", "item": str(item), "hours": "9"}


def test_a_draft_is_changed_and_submitted(job: Job, foreman: Item, technician: User) -> None:
    client = of(technician)
    client.post(
        "/records/new/",
        form(job, [worked(foreman), worked(foreman, "", start_time="07:00", end_time="09:30")], submit=None),
    )
    record = DailyWorkRecord.objects.get()
    page = client.get(f"/records/{record.pk}/edit/")
    assert values(page, "labour-0")["hours"] == "8"
    assert values(page, "labour-1") == {
        "item": str(foreman.pk),
        "employee": "T. Okafor",
        "start_time": "07:00",
        "end_time": "09:30",
    }
    data = form(job, [worked(foreman, "9.25")], version=1)
    assert client.post(f"/records/{record.pk}/edit/", data).status_code == 302
    record.refresh_from_db()
    assert (record.state, record.version, record.lines.get().amount) == ("submitted", 2, Decimal("1052.37"))


def test_a_conflict_keeps_what_was_entered_and_says_who(
    job: Job, foreman: Item, technician: User, manager: User
) -> None:
    of(technician).post("/records/new/", form(job, [worked(foreman)]))
    record = DailyWorkRecord.objects.get()
    of(manager).post(f"/records/{record.pk}/edit/", form(job, [worked(foreman, "9")], version=1))
    of(manager).post(f"/records/{record.pk}/edit/", form(job, [worked(foreman, "7")], version=2))
    answer = of(manager).post(f"/records/{record.pk}/edit/", form(job, [worked(foreman, "6")], version=2))
    assert answer.status_code == 409
    assert "Foreman, T. Okafor, 8 h" not in text(answer)  # that was seen
    assert "changed by M. Roy at " in text(answer)
    assert "Foreman, T. Okafor, 7 h" in text(answer)
    assert values(answer, "labour-0")["hours"] == "6"
    assert record.lines.get().hours == Decimal(7)
    assert "Save again to put what stands below in its place." in text(answer)
    assert 'name="version" value="3"' in text(answer)
    again = of(manager).post(f"/records/{record.pk}/edit/", form(job, [worked(foreman, "6")], version=3))
    assert again.status_code == 302
    assert record.lines.get().hours == Decimal(6)


def test_a_name_no_longer_active_stays_on_its_record(job: Job, foreman: Item, technician: User) -> None:
    record = make_record(job=job, created_by=technician)
    page = of(technician).get(f"/records/{record.pk}/edit/")
    assert values(page, "labour-0")["employee"] == "J. Lavoie"
    Item.objects.update(active=False, unit_price=Decimal(5))
    data = form(job, [worked(record.lines.get().item, "8", "J. Lavoie")], version=1)
    answer = of(technician).post(f"/records/{record.pk}/edit/", data)
    assert answer.status_code == 302
    assert lines(record) == [("labour", "J. Lavoie", Decimal(8), Decimal(8), Decimal("40.00"), "")]


def test_a_manager_corrects_and_it_is_the_managers_change(
    job: Job, foreman: Item, technician: User, manager: User
) -> None:
    of(technician).post("/records/new/", form(job, [worked(foreman)]))
    record = DailyWorkRecord.objects.get()
    page = of(manager).get(f"/records/{record.pk}/edit/")
    assert 'name="submit"' not in text(page)
    of(manager).post(f"/records/{record.pk}/edit/", form(job, [worked(foreman, "7.5")], version=1, submit=None))
    record.refresh_from_db()
    assert (record.state, record.created_by, record.lines.get().hours) == ("submitted", technician, Decimal("7.5"))
    seen = text(of(technician).get(f"/records/{record.pk}/"))
    assert re.search(r"<b>Corrected</b> <time[^>]*>[^<]*</time> by M. Roy", seen)
    assert "Foreman, T. Okafor, 7.5 h" in seen
    assert of(technician).get(f"/records/{record.pk}/edit/").status_code == 409


@pytest.mark.parametrize("wrong", ["²", "x", "0", "9" * 40])
def test_a_job_that_is_no_number_opens_the_form_without_one(technician: User, job: Job, wrong: str) -> None:
    assert of(technician).get("/records/new/", {"job": wrong}).status_code == 200
    answer = of(technician).post("/records/new/", form(None, []) | {"job": wrong})
    assert answer.status_code == 422
