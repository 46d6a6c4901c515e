"""The commands on DWRs: each in every state by every person, what they write, what they refuse and why."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from invoices.models import InvoicedRecord
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry, AuditItem
from jobbook.jobs.models import ApprovalBatch, DailyWorkRecord, Job, RateLine, Section
from jobbook.jobs.transitions import records as commands
from jobbook.jobs.transitions.approvable import RECORDS
from jobbook.jobs.transitions.records import EnteredRecord
from jobbook.jobs.work_lines import EnteredLine
from tests.approvals import approve_all
from tests.commands import assert_sound
from tests.factories import TODAY, make_invoice, make_item, make_job, make_rate_sheet, make_record, make_user

pytestmark = pytest.mark.django_db
STATES = ("draft", "submitted", "approved")
PEOPLE = {
    "author": Role.TECHNICIAN,
    "other technician": Role.TECHNICIAN,
    "manager": Role.PROJECT_MANAGER,
    "other manager": Role.PROJECT_MANAGER,
    "administrator": Role.ADMINISTRATOR,
    "accounting": Role.ACCOUNTING,
}


class Firm:
    """A job with agreed rates, its people, and a DWR of the author's."""

    def __init__(self) -> None:
        self.people = {name: make_user(role, name=f"The {name}") for name, role in PEOPLE.items()}
        self.foreman = make_item("FOREMAN", name="Foreman")
        self.truck = make_item("TRUCK", name="Crew truck", section=Section.EQUIPMENT, unit="day")
        self.sheet = make_rate_sheet({self.foreman: ("112", None), self.truck: ("185", None)})
        self.job = make_job(project_manager=self.people["manager"], job_number="26-0900", rate_sheet=self.sheet)
        self.labour = EnteredLine(Section.LABOUR, self.foreman, "J. Lavoie", hours=Decimal(8), row="labour-0")
        self.equipment = EnteredLine(Section.EQUIPMENT, self.truck, quantity=Decimal(1), row="equipment-0")
        self.entered = EnteredRecord(self.job, TODAY, "Cut out spool 14-A", lines=(self.labour, self.equipment))

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def record(self, state: str) -> DailyWorkRecord:
        """As the commands make it, so that it has a history; approved as the approval backlog does."""
        submit = state != "draft"
        made = commands.enter_record(self.entered, key=uuid4(), submit=submit, by=self["author"]).record
        if state == "approved":
            approve_all(RECORDS, self["manager"], [made])
        return fresh(made)


@pytest.fixture
def firm() -> Firm:
    return Firm()


def fresh(record: DailyWorkRecord) -> DailyWorkRecord:
    return DailyWorkRecord.objects.get(pk=record.pk)


def said(firm: Firm, hours: str = "9") -> EnteredRecord:
    """What the form says when the foreman's hours are changed."""
    lines = (replace(firm.labour, hours=Decimal(hours)), firm.equipment)
    return replace(firm.entered, lines=lines)


def change(firm: Firm, pk: int, *, version: int, by: User) -> None:
    commands.change_record(pk, said(firm), key=uuid4(), version=version, submit=False, by=by)


def change_and_submit(firm: Firm, pk: int, *, version: int, by: User) -> None:
    commands.change_record(pk, said(firm), key=uuid4(), version=version, submit=True, by=by)


def correct(firm: Firm, pk: int, *, version: int, by: User) -> None:
    commands.correct_record(pk, said(firm), key=uuid4(), version=version, by=by)


def submit(_: Firm, pk: int, **given: Any) -> None:
    commands.submit_record(pk, **given)


def send_back(_: Firm, pk: int, **given: Any) -> None:
    commands.send_back_record(pk, reason="Which truck?", **given)


def reopen(_: Firm, pk: int, **given: Any) -> None:
    commands.reopen_record(pk, **given)


def delete(_: Firm, pk: int, **given: Any) -> None:
    commands.delete_record(pk, **given)


Command = Callable[..., None]
WRITERS, JUDGES = {"author", "administrator"}, {"manager", "administrator"}
# name: command, from which state, to which, by whom, the audit's word
TABLE: dict[str, tuple[Command, str, str, set[str], str]] = {
    "change": (change, "draft", "draft", WRITERS, "record.change"),
    "change and submit": (change_and_submit, "draft", "submitted", WRITERS, "record.submit"),
    "submit": (submit, "draft", "submitted", WRITERS, "record.submit"),
    "delete": (delete, "draft", "", WRITERS, "record.delete"),
    "correct": (correct, "submitted", "submitted", JUDGES, "record.correct"),
    "send back": (send_back, "submitted", "draft", JUDGES, "record.send_back"),
    "reopen": (reopen, "approved", "submitted", JUDGES, "record.reopen"),
}
CASES = [(name, state, who) for name in TABLE for state in STATES for who in PEOPLE]


@pytest.mark.parametrize(("name", "state", "who"), CASES)
def test_in_every_state_by_everybody(firm: Firm, name: str, state: str, who: str) -> None:
    command, wanted, after, allowed, action = TABLE[name]
    record = firm.record(state)
    entries = AuditEntry.objects.count()
    if state == wanted and who in allowed:
        command(firm, record.pk, version=record.version, by=firm[who])
        found = DailyWorkRecord.objects.filter(pk=record.pk).values_list("state", "version")
        assert list(found) == ([(after, record.version + 1)] if after else [])
        newest = AuditEntry.objects.latest("number")
        assert (newest.action, newest.actor_name, newest.item_count) == (action, f"The {who}", 1)
    else:
        with pytest.raises(Refused) as refused:
            command(firm, record.pk, version=record.version, by=firm[who])
        assert refused.value.refusals[0].code == ("state" if state != wanted else "not_yours")
        assert (fresh(record).state, fresh(record).version) == (state, record.version)
        assert [line.hours for line in record.lines.all()] == [Decimal(8), None]
        assert AuditEntry.objects.count() == entries
    assert_sound()


@pytest.mark.parametrize("name", [name for name in TABLE if name != "reopen"])
def test_a_version_that_was_not_seen_is_refused_with_who_changed_it(firm: Firm, name: str) -> None:
    """F60. Somebody is faster, and what they do leaves the state as it is."""
    command, state, _, _, _ = TABLE[name]
    record = firm.record(state)
    faster = replace(firm.entered, description="Rain from noon")
    if state == "draft":
        commands.change_record(record.pk, faster, key=uuid4(), version=1, submit=False, by=firm["author"])
    else:
        commands.correct_record(record.pk, faster, key=uuid4(), version=1, by=firm["manager"])
    with pytest.raises(Refused) as refused:
        command(firm, record.pk, version=1, by=firm["administrator"])
    who = "author" if state == "draft" else "manager"
    assert f"changed by The {who} at " in str(refused.value)
    assert str(timezone.localdate().year) in str(refused.value)
    assert (fresh(record).version, fresh(record).description) == (2, "Rain from noon")
    assert_sound()


def test_a_reopening_of_another_version_is_refused(firm: Firm) -> None:
    record = firm.record("approved")
    DailyWorkRecord.objects.filter(pk=record.pk).update(version=5)
    with pytest.raises(Refused, match="changed"):
        commands.reopen_record(record.pk, version=record.version, by=firm["manager"])
    assert fresh(record).state == "approved"


@pytest.mark.parametrize("name", TABLE)
def test_one_that_was_deleted_is_refused_with_who_did_it(firm: Firm, name: str) -> None:
    record = firm.record("draft")
    commands.delete_record(record.pk, version=1, by=firm["author"])
    with pytest.raises(Refused, match="deleted by The author"):
        TABLE[name][0](firm, record.pk, version=1, by=firm["administrator"])


def test_entered_and_submitted_in_one_step(firm: Firm) -> None:
    entered = replace(firm.entered, signed_by="J. Lavoie", signature="1,2 3,4", client_signed_by="D. Okafor")
    saved = commands.enter_record(entered, key=uuid4(), submit=True, by=firm["author"])
    record = fresh(saved.record)
    assert (record.state, record.submitted_on) == ("submitted", timezone.localdate())
    assert (record.created_by, record.dwr_number, record.signature) == (firm["author"], "1", "1,2 3,4")
    lines = list(record.lines.values_list("line_number", "section", "employee", "quantity", "unit_price", "amount"))
    assert lines == [
        (1, "labour", "J. Lavoie", Decimal(8), Decimal(112), Decimal("896.00")),
        (2, "equipment", "", Decimal(1), Decimal(185), Decimal("185.00")),
    ]
    item = AuditItem.objects.get(object_type="dwr", object_id=record.pk)
    after = json.loads(item.after)
    assert (item.version_before, item.version_after, item.before) == (None, 1, "")
    assert (after["job"], after["submitted_on"]) == (str(firm.job), str(timezone.localdate()))
    assert after["lines"] == ["Foreman, J. Lavoie, 8 h", "Crew truck, 1 day"]
    assert after["amounts"] == ["8 × 112 = 896.00", "1 × 185 = 185.00"]
    assert_sound()


def test_a_change_of_lines_is_readable_in_the_audit(firm: Firm) -> None:
    record = firm.record("submitted")
    kept = record.lines.get(line_number=1).pk
    commands.correct_record(record.pk, said(firm, "9.5"), key=uuid4(), version=1, by=firm["manager"])
    item = AuditItem.objects.latest("id")
    before, after = json.loads(item.before), json.loads(item.after)
    assert set(before) == set(after) == {"lines", "amounts"}
    assert (before["lines"][0], after["lines"][0]) == ("Foreman, J. Lavoie, 8 h", "Foreman, J. Lavoie, 9.5 h")
    assert (before["amounts"][0], after["amounts"][0]) == ("8 × 112 = 896.00", "9.5 × 112 = 1,064.00")
    assert record.lines.get(line_number=1).pk == kept  # others may refer to the line
    assert fresh(record).created_by == firm["author"]


def test_lines_come_and_go(firm: Firm) -> None:
    record = firm.record("draft")
    helper = replace(firm.labour, employee="A. Mensah", hours=Decimal("7.25"))
    for lines in ((firm.labour, helper, firm.equipment), (helper,), ()):
        entered = replace(firm.entered, lines=lines)
        version = fresh(record).version
        commands.change_record(record.pk, entered, key=uuid4(), version=version, submit=False, by=firm["author"])
        assert list(record.lines.values_list("line_number", flat=True)) == list(range(1, len(lines) + 1))
        assert_sound()
    assert fresh(record).version == 4


def test_of_a_deleted_draft_the_audit_keeps_what_it_said(firm: Firm) -> None:
    record = firm.record("draft")
    commands.delete_record(record.pk, version=1, by=firm["author"])
    item = AuditItem.objects.latest("id")
    before = json.loads(item.before)
    assert (item.version_before, item.version_after, item.after) == (1, None, "")
    assert (before["dwr_number"], before["lines"][1]) == ("1", "Crew truck, 1 day")


def test_nothing_changed_is_no_new_version(firm: Firm) -> None:
    record, entries = firm.record("draft"), AuditEntry.objects.count()
    commands.change_record(record.pk, firm.entered, key=uuid4(), version=1, submit=False, by=firm["author"])
    assert (fresh(record).version, AuditEntry.objects.count()) == (1, entries)


def test_an_agreed_price_that_moved_is_taken_anew_and_audited(firm: Firm) -> None:
    """Also where nothing else changed: what the manager saw is the version that is approved."""
    record = firm.record("submitted")
    RateLine.objects.filter(sheet=firm.sheet, item=firm.foreman).update(unit_price=Decimal(120))
    commands.correct_record(record.pk, firm.entered, key=uuid4(), version=1, by=firm["manager"])
    assert record.lines.get(line_number=1).amount == Decimal("960.00")
    assert fresh(record).version == 2
    assert json.loads(AuditItem.objects.latest("id").after)["amounts"][0] == "8 × 120 = 960.00"


def test_a_price_is_kept_from_approval_on(firm: Firm) -> None:
    record = firm.record("approved")
    RateLine.objects.filter(sheet=firm.sheet).update(unit_price=Decimal(999))
    commands.reopen_record(record.pk, version=record.version, by=firm["manager"])
    assert [line.amount for line in record.lines.all()] == [Decimal("896.00"), Decimal("185.00")]


def test_sent_back_and_submitted_again(firm: Firm) -> None:
    record = firm.record("submitted")
    commands.send_back_record(record.pk, version=1, reason="Which truck?", by=firm["manager"])
    back = fresh(record)
    assert (back.returned_by, back.return_reason, back.submitted_on) == ("The manager", "Which truck?", None)
    assert AuditEntry.objects.latest("number").reason == "Which truck?"
    commands.submit_record(record.pk, version=2, by=firm["author"])
    assert (fresh(record).returned_by, fresh(record).return_reason) == ("", "")
    with pytest.raises(Refused, match="needs a reason"):
        commands.send_back_record(record.pk, version=3, reason="  ", by=firm["manager"])
    assert_sound()


def test_reopening_leaves_the_batch(firm: Firm) -> None:
    record = firm.record("approved")
    batch = record.batch
    commands.reopen_record(record.pk, version=record.version, by=firm["manager"])
    again = fresh(record)
    assert (again.approved_on, again.approved_by, again.batch) == (None, None, None)
    assert batch not in ApprovalBatch.objects.live()
    item = AuditItem.objects.latest("id")
    assert json.loads(item.before)["batch"] == "#1"


@pytest.mark.parametrize("name", TABLE)
def test_an_invoiced_one_is_refused_with_its_invoice(firm: Firm, name: str) -> None:
    record = firm.record("approved")
    invoice = make_invoice(job=firm.job)
    InvoicedRecord.objects.create(record=record, invoice=invoice)
    with pytest.raises(Refused) as refused:
        TABLE[name][0](firm, record.pk, version=fresh(record).version, by=firm["administrator"])
    assert invoice.number in str(refused.value)
    assert fresh(record).state == "approved"


def test_without_lines_it_stays_a_draft(firm: Firm) -> None:
    empty = replace(firm.entered, lines=())
    with pytest.raises(Refused, match="at least one line"):
        commands.enter_record(empty, key=uuid4(), submit=True, by=firm["author"])
    record = commands.enter_record(empty, key=uuid4(), submit=False, by=firm["author"]).record
    with pytest.raises(Refused, match="at least one line"):
        commands.submit_record(record.pk, version=1, by=firm["author"])
    submitted = firm.record("submitted")
    with pytest.raises(Refused, match="at least one line"):
        commands.correct_record(submitted.pk, empty, key=uuid4(), version=1, by=firm["manager"])


def test_a_closed_job_takes_no_new_record_but_keeps_its_own(firm: Firm) -> None:
    record = firm.record("draft")
    Job.objects.filter(pk=firm.job.pk).update(active=False)
    with pytest.raises(Refused, match="not active any more"):
        commands.enter_record(firm.entered, key=uuid4(), submit=True, by=firm["author"])
    change(firm, record.pk, version=1, by=firm["author"])
    other = make_job(active=False, rate_sheet=firm.sheet)
    moved = replace(firm.entered, job=other)
    with pytest.raises(Refused, match="not active any more"):
        commands.change_record(record.pk, moved, key=uuid4(), version=2, submit=False, by=firm["author"])


def test_numbers_step_over_those_in_use(firm: Firm) -> None:
    make_record(dwr_number="2", job=firm.job)
    numbers = [
        commands.enter_record(firm.entered, key=uuid4(), submit=False, by=firm["author"]).record.dwr_number
        for _ in range(2)
    ]
    assert numbers == ["1", "3"]


def test_a_form_that_is_sent_twice_makes_one_record(firm: Firm) -> None:
    key = uuid4()
    first = commands.enter_record(firm.entered, key=key, submit=True, by=firm["author"])
    again = commands.enter_record(firm.entered, key=key, submit=True, by=firm["author"])
    assert (again.record, again.repeated, first.repeated) == (first.record, True, False)
    assert (DailyWorkRecord.objects.count(), AuditEntry.objects.count()) == (1, 1)


@pytest.mark.parametrize("what", ["hours", "date"])
def test_a_form_filled_in_again_after_back_is_refused_not_lost(firm: Firm, what: str) -> None:
    key = uuid4()
    commands.enter_record(firm.entered, key=key, submit=True, by=firm["author"])
    other = said(firm) if what == "hours" else replace(firm.entered, date=TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="DWR 1: this form was sent before and saved it, with other contents"):
        commands.enter_record(other, key=key, submit=True, by=firm["author"])
    assert DailyWorkRecord.objects.count() == 1


def test_the_form_of_another_is_refused(firm: Firm) -> None:
    key = uuid4()
    commands.enter_record(firm.entered, key=key, submit=True, by=firm["author"])
    with pytest.raises(Refused, match="sent by somebody else"):
        commands.enter_record(firm.entered, key=key, submit=True, by=firm["other technician"])


@pytest.mark.parametrize("name", ["change", "correct"])
def test_an_edit_that_is_sent_twice_is_one_change(firm: Firm, name: str) -> None:
    record, key = firm.record("draft" if name == "change" else "submitted"), uuid4()
    for repeated in (False, True):
        if name == "change":
            saved = commands.change_record(record.pk, said(firm), key=key, version=1, submit=False, by=firm["author"])
        else:
            saved = commands.correct_record(record.pk, said(firm), key=key, version=1, by=firm["manager"])
        assert saved.repeated == repeated
    assert fresh(record).version == 2
    assert AuditEntry.objects.count() == 2


def test_submitting_from_its_page_keeps_the_price_of_the_last_save(firm: Firm) -> None:
    """A line copies its price when it is saved; submitting in the form saves it, the page's button does not."""
    by_page, by_form = firm.record("draft"), firm.record("draft")
    RateLine.objects.filter(item=firm.foreman).update(unit_price=Decimal(120))
    commands.submit_record(by_page.pk, version=1, by=firm["author"])
    key = uuid4()
    commands.change_record(by_form.pk, firm.entered, key=key, version=1, submit=True, by=firm["author"])
    prices = [record.lines.get(item=firm.foreman).unit_price for record in (by_page, by_form)]
    assert prices == [Decimal(112), Decimal(120)]
    assert_sound()
