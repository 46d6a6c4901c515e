"""F52, F62-F64: one window does one thing, however often and from wherever its button is sent. Over real HTTP."""

import re
from collections import Counter
from typing import Any

import pytest

from exports.models import ExportRun
from exports.work import work_on
from invoices.models import Invoice, ProcessBatch
from jobbook.accounts.models import User
from jobbook.common.models import AuditEntry
from tests.commands import assert_sound, process, queues
from tests.factories import make_company, make_invoice, make_job, make_user
from tests.site import BACKLOG, Answer, Person

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 20
DONE = re.compile(r"atch #(\d+) processed: (\d+) invoices")


@pytest.fixture
def admin() -> User:
    make_company()
    return make_user(name="M. Tran")


@pytest.fixture
def invoices() -> list[Invoice]:
    job = make_job()
    return [make_invoice(job=job) for _ in range(12)]


def selection(invoices: list[Invoice]) -> dict[str, str]:
    return {"mode": "ids", "ids": ",".join(str(invoice.pk) for invoice in invoices), "excluded": "", "filters": ""}


def test_f62_twenty_clicks_on_process_make_one_batch(live_server: Any, admin: User, invoices: list[Invoice]) -> None:
    person = Person(live_server.url, admin)
    window = person.post(f"{BACKLOG}process/", selection(invoices[:10]))
    answers = person.post_at_once(f"{BACKLOG}process/confirm/", {"intent": window.intent}, TIMES)
    assert Counter(answer.status for answer in answers) == {200: TIMES}
    assert [DONE.findall(answer.text) for answer in answers] == [[("1", "10")]] * TIMES
    assert sum("Already done at" in answer.text for answer in answers) == TIMES - 1
    assert ProcessBatch.objects.get().count == 10
    assert Counter(queues(invoices)) == {"processed": 10, "admin": 2}
    assert AuditEntry.objects.filter(action="invoice.process").count() == 1
    assert_sound()


def test_f62_twenty_windows_of_the_same_rows_make_one_batch(
    live_server: Any, admin: User, invoices: list[Invoice]
) -> None:
    """Not one window sent twenty times, but the button over the grid pressed again and again."""
    person = Person(live_server.url, admin)
    windows = person.post_at_once(f"{BACKLOG}process/", selection(invoices), 8)
    assert len({window.intent for window in windows}) == 8
    answers = [person.post(f"{BACKLOG}process/confirm/", {"intent": window.intent}) for window in windows]
    assert Counter(answer.status for answer in answers) == {200: 1, 409: 7}
    assert all("processed by M. Tran" in answer.text for answer in answers[1:])
    assert ProcessBatch.objects.get().count == 12
    assert_sound()


def test_f52_twenty_clicks_on_undo_undo_one_batch(live_server: Any, admin: User, invoices: list[Invoice]) -> None:
    process(admin, invoices[:6])
    last = process(admin, invoices[6:])
    person = Person(live_server.url, admin)
    window = person.post(f"{BACKLOG}undo/", {"batch": str(last.number)})
    answers = person.post_at_once(f"{BACKLOG}undo/confirm/", {"intent": window.intent}, TIMES)
    assert Counter(answer.status for answer in answers) == {200: TIMES}
    assert queues(invoices) == ["processed"] * 6 + ["admin"] * 6
    assert AuditEntry.objects.filter(action="invoice.undo").count() == 1
    assert_sound()


def test_f62_twenty_clicks_on_export_make_one_run(live_server: Any, admin: User, invoices: list[Invoice]) -> None:
    person = Person(live_server.url, admin)
    window = person.post(f"{BACKLOG}export/", {**selection(invoices), "window": "1"})
    answers = person.post_at_once(f"{BACKLOG}export/start/", {"intent": window.intent}, TIMES)
    run = ExportRun.objects.get()
    assert Counter(answer.status for answer in answers) == {200: TIMES}
    assert all(f"/runs/{run.pk}/progress/" in answer.text for answer in answers)
    assert run.items.count() == 12


@pytest.mark.parametrize("path", ["export/", "pdfs/"])
def test_f62_twenty_exports_without_a_window_make_one_run(
    live_server: Any, admin: User, invoices: list[Invoice], path: str
) -> None:
    person = Person(live_server.url, admin)
    form = {**selection(invoices), "form_key": form_key(person.get(BACKLOG))}
    answers = person.post_at_once(BACKLOG + path, form, TIMES)
    run = ExportRun.objects.get()
    assert Counter(answer.status for answer in answers) == {200: TIMES}
    assert all(f"/runs/{run.pk}/progress/" in answer.text for answer in answers)
    assert run.items.count() == 12
    assert AuditEntry.objects.filter(action="export.request").count() == 1


def test_f63_a_form_sent_again_shows_its_run_and_another_makes_another(
    live_server: Any, admin: User, invoices: list[Invoice]
) -> None:
    """The answer brings the key of the next form; a key says nothing for other rows, another file or another user."""
    person, other = Person(live_server.url, admin), Person(live_server.url, make_user())
    form = {**selection(invoices), "form_key": form_key(person.get(BACKLOG))}
    first = person.post(f"{BACKLOG}export/", form)
    work_on(ExportRun.objects.get().pk)
    assert form_key(first) != form["form_key"]
    again = person.post(f"{BACKLOG}export/", form)  # the invoices count as exported before by now
    assert f"/runs/{ExportRun.objects.get().pk}/" in again.text
    for who, path, changes in (
        (person, "pdfs/", {}),
        (person, "pdfs/", {"form_key": form_key(first)}),
        (person, "pdfs/", selection(invoices[:1])),
        (other, "pdfs/", {}),
    ):
        before = ExportRun.objects.count()
        assert who.post(BACKLOG + path, {**form, **changes}).status == 200
        assert ExportRun.objects.count() == before + 1, changes


def form_key(page: Answer) -> str:
    found = re.search(r'name="form_key" id="form-key" value="([0-9a-f-]{36})"', page.text)
    assert found, page.text
    return found[1]


def test_f63_sent_again_later_it_shows_the_same_result(live_server: Any, admin: User, invoices: list[Invoice]) -> None:
    """Also after the batch was undone and the rows were processed anew: the old window makes nothing new."""
    person = Person(live_server.url, admin)
    window = person.post(f"{BACKLOG}process/", selection(invoices))
    first = person.post(f"{BACKLOG}process/confirm/", {"intent": window.intent})
    again = person.post(f"{BACKLOG}process/confirm/", {"intent": window.intent})
    assert "Batch #1 processed: 12 invoices" in first.text
    assert "Already done at" in again.text
    undo = person.post(f"{BACKLOG}undo/", {"batch": "1"})
    person.post(f"{BACKLOG}undo/confirm/", {"intent": undo.intent})
    assert person.post(f"{BACKLOG}process/confirm/", {"intent": window.intent}).status == 200
    assert queues(invoices) == ["admin"] * 12
    assert ProcessBatch.objects.count() == 1
    assert_sound()


def test_f64_a_window_belongs_to_its_user_and_its_action(
    live_server: Any, admin: User, invoices: list[Invoice]
) -> None:
    person, other = Person(live_server.url, admin), Person(live_server.url, make_user())
    window = person.post(f"{BACKLOG}process/", selection(invoices))
    for path in ("process/confirm/", "undo/confirm/", "export/start/"):
        assert other.post(BACKLOG + path, {"intent": window.intent}).status == 409, path
    for path in ("undo/confirm/", "export/start/"):
        assert person.post(BACKLOG + path, {"intent": window.intent}).status == 409, path
    more = {"intent": window.intent, **selection(invoices[:1]), "count": "1", "total": "1.00"}
    assert "12 invoices" in person.post(f"{BACKLOG}process/confirm/", more).text  # what is added says nothing
    assert_sound()
