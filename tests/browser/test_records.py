"""A DWR by phone, by keyboard and without scripts: entered, refused, signed, submitted, seen in both themes."""

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.drawing import strokes
from jobbook.jobs.models import DailyWorkRecord, Job, JobItem, Section
from jobbook.jobs.transitions.records import send_back_record
from tests.browser.conftest import LogIn, follow, violations
from tests.factories import make_client, make_company, make_employee, make_item, make_job, make_record, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1440, "height": 900}}
DRAWN = "100,150 300,50 500,250 900,200"


@pytest.fixture
def technician() -> User:
    return make_user(Role.TECHNICIAN, name="Tunde Okafor", signature=DRAWN)


@pytest.fixture
def job(technician: User) -> Job:
    make_company()
    foreman = make_item("FOREMAN", name="Foreman", unit_price=Decimal(112))
    make_item("FITTER", name="Journeyman pipefitter", unit_price=Decimal(96))
    make_item("TRUCK", name="Crew truck", section=Section.EQUIPMENT, unit="day", unit_price=Decimal(185))
    make_employee("Tunde Okafor", user=technician, item=foreman)
    make_employee("A. Mensah")
    client = make_client(name="Alder Mills Ltd.")
    return make_job(client=client, job_number="26-0412", project_name="Pump house, second stage")


def looked_at(page: Page, state: str, width: int = 390) -> None:
    """Nothing that axe finds, in both themes; nothing is wider than the screen."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert violations(page) == [], f"{state}, {theme}"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, state


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def draw(page: Page, pad: str) -> None:
    """Two strokes in the box of a pad, the second leaving it."""
    box = page.get_by_role("group", name=pad).get_by_role("img")
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    assert place
    x, y = place["x"], place["y"]
    for start, end in (((20, 20), (150, 60)), ((160, 30), (2000, 50))):
        page.mouse.move(x + start[0], y + start[1])
        page.mouse.down()
        page.mouse.move(x + end[0], y + end[1], steps=8)
        page.mouse.up()
    expect(box).to_have_accessible_name(f"{pad}: drawn")


def test_a_record_is_entered_by_phone(log_in: LogIn, technician: User, job: Job) -> None:
    page = log_in(technician, "/", **PHONE)
    follow(page.locator("[data-card=records]").get_by_role("link", name="Create new"))
    looked_at(page, "form")
    page.get_by_label("Job", exact=True).select_option(str(job.pk))
    expect(page.get_by_text("Alder Mills Ltd. · Time & Material")).to_be_visible()
    expect(row(page, "Labour 1").get_by_label("Item")).to_have_value(re.compile(r"\d"))  # the user's usual one
    row(page, "Labour 1").get_by_label("Hours").fill("8,5")
    fill_labour_2(page)
    equipment = row(page, "Equipment 1")
    equipment.get_by_label("Item").select_option(label="Crew truck (day)")
    equipment.get_by_label("Quantity").fill("1")
    draw(page, "Client signature")
    page.get_by_role("button", name="Save DWR").click()
    refused(page)
    expect(page.get_by_role("group", name="Client signature").get_by_role("img")).to_have_accessible_name(
        re.compile("drawn$")
    )
    row(page, "Labour 1").get_by_label("Hours").fill("8.5")
    page.get_by_label("Client", exact=True).fill("D. Okafor")
    page.get_by_role("button", name="Add My Signature").click()
    expect(page.get_by_label("Submit")).to_be_checked()
    page.get_by_role("button", name="Save DWR").click()
    expect(page.get_by_text("DWR 1 submitted.")).to_be_visible()
    expect(page.get_by_role("img", name="Drawn signature of D. Okafor")).to_be_visible()
    looked_at(page, "page")
    saved()


def fill_labour_2(page: Page) -> None:
    """With the times of a night shift; a third row comes and goes."""
    second = row(page, "Labour 2")
    second.get_by_label("Item").select_option(label="Journeyman pipefitter (h)")
    second.get_by_label("Employee").select_option("A. Mensah")
    second.get_by_label("Start").fill("22:00")
    second.get_by_label("End").fill("02:30")
    side_by_side(*(second.get_by_label(label) for label in ("Hours", "Start", "End")))
    page.get_by_role("button", name="Add labour row").click()
    expect(row(page, "Labour 3").get_by_label("Item")).to_be_focused()
    row(page, "Labour 3").get_by_role("button", name="Remove labour row 3").click()
    expect(row(page, "Labour 3")).to_have_count(0)
    expect(second.get_by_label("Item")).to_be_focused()


def side_by_side(*fields: Locator) -> None:
    """Each begins where the one before has ended, and is large enough for a thumb."""
    boxes = [box for field in fields if (box := field.bounding_box())]
    assert len(boxes) == len(fields)
    assert all(left["x"] + left["width"] < right["x"] for left, right in pairwise(boxes))
    assert all(box["height"] >= 42 for box in boxes)


def refused(page: Page) -> None:
    """Every error at once, each a way to its field, which the bar to save does not cover."""
    summary = page.get_by_role("alert").filter(has_text="There is a problem")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_text(
        ["Client: Who signed? Enter the name.", "Labour 1, Hours: Write hours as 8 or 8.5: figures and a point."]
    )
    looked_at(page, "form with errors")
    summary.get_by_role("link", name=re.compile("^Labour 1")).click()
    expect(row(page, "Labour 1").get_by_label("Hours")).to_be_focused()
    uncovered(page)
    summary.get_by_role("link", name=re.compile("^Client")).click()
    uncovered(page)


def uncovered(page: Page) -> None:
    """What has the focus is what is seen in its middle."""
    seen = """() => { const at = document.activeElement, box = at.getBoundingClientRect();
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return at === top || at.contains(top) || (top && top.contains(at) && !top.closest(".save-bar")); }"""
    assert page.evaluate(seen)


def saved() -> None:
    record = DailyWorkRecord.objects.get()
    assert (record.state, record.client_signed_by, record.signed_by) == ("submitted", "D. Okafor", "Tunde Okafor")
    assert record.signature == DRAWN
    drawn = strokes(record.client_signature)
    assert len(drawn) == 2
    assert drawn[1][-1][0] == 1000  # what leaves the box ends at its edge
    lines = record.lines.values_list("employee", "hours", "quantity", "amount")
    assert list(lines) == [
        ("Tunde Okafor", Decimal("8.5"), Decimal("8.5"), Decimal("952.00")),
        ("A. Mensah", Decimal("4.5"), Decimal("4.5"), Decimal("432.00")),
        ("", None, Decimal(1), Decimal("185.00")),
    ]


def tab_to(page: Page, target: Locator) -> None:
    """Tab until `target` has the focus, and nothing on the way is covered."""
    for _ in range(80):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
        uncovered(page)
    raise AssertionError("Tab never reached it.")


def test_by_keyboard_alone(log_in: LogIn, technician: User, job: Job) -> None:
    page = log_in(technician, f"/records/new/?job={job.pk}", **DESK)
    looked_at(page, "form", 1440)
    tab_to(page, row(page, "Labour 1").get_by_label("Hours"))
    page.keyboard.type("8")
    second = row(page, "Labour 2")
    for label, words in (("Item", "Journ"), ("Employee", "A. M"), ("Hours", "7.25")):
        tab_to(page, second.get_by_label(label))
        page.keyboard.type(words)
    tab_to(page, page.get_by_role("button", name="Add labour row"))
    page.keyboard.press("Enter")
    expect(row(page, "Labour 3").get_by_label("Item")).to_be_focused()
    tab_to(page, row(page, "Labour 3").get_by_role("button"))
    page.keyboard.press("Enter")
    equipment = row(page, "Equipment 1")
    for label, words in (("Item", "Crew"), ("Quantity", "1")):
        tab_to(page, equipment.get_by_label(label))
        page.keyboard.type(words)
    tab_to(page, page.get_by_label("Client", exact=True))
    page.keyboard.type("D. Okafor")
    tab_to(page, page.get_by_role("button", name="Save DWR"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("DWR 1 submitted.")).to_be_visible()
    looked_at(page, "page", 1440)
    record = DailyWorkRecord.objects.get()
    assert [line.hours for line in record.lines.all()] == [Decimal(8), Decimal("7.25"), None]
    assert (record.client_signed_by, record.client_signature) == ("D. Okafor", "")


def test_enter_in_a_field_saves_and_copies_nothing(log_in: LogIn, technician: User, job: Job) -> None:
    page = log_in(technician, f"/records/new/?job={job.pk}", **DESK)
    row(page, "Labour 1").get_by_label("Hours").fill("8")
    page.keyboard.press("Enter")
    expect(page.get_by_text("DWR 1 submitted.")).to_be_visible()


def test_another_job_changes_the_items_and_keeps_what_was_typed(log_in: LogIn, technician: User, job: Job) -> None:
    other = make_job(job_number="26-0500", client=make_client(name="Birchline Energy"))
    JobItem.objects.create(job=other, item=make_item("FITTER"), position=1)
    page = log_in(technician, f"/records/new/?job={job.pk}", **DESK)
    row(page, "Labour 1").get_by_label("Hours").fill("6")
    draw(page, "Representative signature")
    page.get_by_label("Job", exact=True).focus()
    page.get_by_label("Job", exact=True).select_option(str(other.pk))
    expect(page.get_by_text("Birchline Energy · Time & Material")).to_be_visible()
    expect(page.get_by_label("Job", exact=True)).to_be_focused()
    expect(row(page, "Labour 1").get_by_label("Hours")).to_have_value("6")
    expect(row(page, "Labour 2").locator("optgroup").first).to_have_attribute("label", "Of this job")
    page.get_by_role("button", name="Clear drawing").first.click()
    expect(page.locator("#id_signature")).to_have_value("")
    page.get_by_role("button", name="Add labour row").click()  # the buttons that came anew work
    expect(row(page, "Labour 3").get_by_label("Item")).to_be_focused()
    row(page, "Labour 3").get_by_label("Item").select_option(label="Journeyman pipefitter (h)")
    row(page, "Labour 3").get_by_label("Hours").fill("2")
    page.get_by_role("button", name="Save DWR").click()
    expect(page.get_by_text("DWR 1 submitted.")).to_be_visible()
    assert [line.hours for line in DailyWorkRecord.objects.get(job=other).lines.all()] == [Decimal(6), Decimal(2)]


def test_a_job_chosen_before_the_scripts_came(log_in: LogIn, technician: User, job: Job) -> None:
    """On a slow line the form is there before its scripts, and people choose at once."""
    page = log_in(technician, "/records/", **PHONE)
    held: list[Route] = []
    page.route("**/*htmx*.js", lambda route: held.append(route))
    with page.expect_request("**/*htmx*.js"):
        page.goto("/records/new/", wait_until="commit")
    page.get_by_label("Job", exact=True).select_option(str(job.pk))
    held[0].continue_()
    expect(page.get_by_text("Alder Mills Ltd. · ")).to_be_visible()


def test_without_scripts(log_in: LogIn, technician: User, job: Job) -> None:
    make_record(job=job, created_by=technician, date="2026-11-18")
    page = log_in(technician, "/records/new/", java_script_enabled=False, **PHONE)
    page.get_by_label("Job", exact=True).select_option(str(job.pk))
    page.get_by_role("button", name="Show the items of this job").click()
    page.get_by_role("button", name="Copy previous day").click()
    expect(page.get_by_text("are copied. Check hours and people.")).to_be_visible()
    page.get_by_role("button", name="Add labour row").click()
    second = row(page, "Labour 2")
    second.get_by_label("Item").select_option(label="Foreman (h)")
    second.get_by_label("Hours").fill("3")
    page.get_by_role("button", name="Remove labour row 1").click()
    page.get_by_label("Client", exact=True).fill("D. Okafor")
    page.get_by_role("button", name="Save DWR").click()
    expect(page.get_by_text("DWR 1 submitted.")).to_be_visible()
    assert [line.hours for line in DailyWorkRecord.objects.get(dwr_number="1").lines.all()] == [Decimal(3)]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1440"])
def test_the_pages_around_it(log_in: LogIn, technician: User, job: Job, size: dict[str, Any]) -> None:
    width = size["viewport"]["width"]
    record = make_record(job=job, created_by=technician, submitted_on="2026-11-20", signed_by="X", signature=DRAWN)
    send_back_record(record.pk, version=1, reason="Which truck was it?", by=job.project_manager)
    make_record(job=job, created_by=technician, submitted_on="2026-11-20")
    page = log_in(technician, "/records/", **size)
    for path in ("/records/?tab=all", "/records/?tab=all&q=nothing", "/profile/"):
        page.goto(path)
        looked_at(page, path, width)
    for path in ("", "edit/", "submit/", "delete/"):
        page.goto(f"/records/{record.pk}/{path}")
        expect(page.get_by_text("Which truck was it?").first).to_be_visible() if path in {"", "edit/"} else None
        looked_at(page, path or "page", width)
    page = log_in(job.project_manager, f"/records/{record.pk}/", **size)
    looked_at(page, "page with amounts", width)


def test_a_signature_of_ones_own_is_drawn_once(log_in: LogIn, technician: User) -> None:
    make_company()
    page = log_in(technician, "/profile/", **PHONE)
    page.get_by_role("button", name="Clear drawing").click()
    draw(page, "Your signature")
    page.get_by_role("button", name="Keep signature").click()
    expect(page.get_by_text("Your signature is kept.")).to_be_visible()
    technician.refresh_from_db()
    assert len(strokes(technician.signature)) == 2
