"""The life of a run: asked for, claimed, written, compared, published."""

import json
from decimal import Decimal

import pytest

from exports import files, runs
from exports.models import ExportMark, ExportRun, RunState
from exports.start import action_for, start_from_intent, start_run
from exports.work import work_on
from invoices.intents import make_intent
from invoices.models import Invoice
from jobbook.accounts.roles import Role
from jobbook.common import audit
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry
from tests.commands import assert_sound
from tests.exports import csv_reader
from tests.exports.runs import asked, built, fresh
from tests.factories import make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_run_is_asked_for_with_its_items_in_document_order() -> None:
    run = asked()
    assert (run.state, run.number, run.item_count) == (RunState.QUEUED, 1, 3)
    numbers = list(run.items.values_list("invoice__number", flat=True))
    assert numbers == sorted(numbers)
    assert list(run.items.values_list("position", flat=True)) == [1, 2, 3]
    assert AuditEntry.objects.get().action == "export.request"
    assert audit.verify() == []


def test_nothing_selected_is_refused_and_takes_no_number() -> None:
    with pytest.raises(Refused, match="No invoice is selected"):
        start_run(slug="csv", invoices=Invoice.objects.all(), by=make_user())
    assert not ExportRun.objects.exists()
    assert asked().number == 1


def test_one_only_exports_what_one_may_see() -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    make_invoice()
    with pytest.raises(Refused):
        start_run(slug="csv", invoices=Invoice.objects.all(), by=manager)


def test_a_built_file_has_the_totals_of_the_database() -> None:
    run = built()
    assert run.state == RunState.SUCCEEDED, run.error + run.traceback
    documents = csv_reader.read(files.verified(run).read_bytes())
    assert len(documents) == 3
    assert sum(each.amount("document_total") for each in documents) == run.total == Decimal("474.24")
    manifest = json.loads(run.manifest)
    assert manifest["control_totals"]["total"] == "474.24"
    assert manifest["control_totals"]["accounts"] == {"4010": "451.65"}
    assert manifest["control_totals"]["taxes"] == {"GST": "22.59"}
    assert manifest["file"]["sha256"] == run.sha256 == files.sha256_of(files.path_of(run))
    assert [each["number"] for each in manifest["invoices"]] == [each["document_number"] for each in documents]
    assert list(files.temporary_folder().iterdir()) == []
    assert audit.verify() == []


def test_the_audit_chain_anchors_the_manifest_and_the_manifest_the_chain() -> None:
    run = built()
    request, ready = AuditEntry.objects.order_by("number")
    manifest = json.loads(run.manifest)
    assert manifest["audit_head"] == {"number": request.number, "hash": request.hash}
    assert json.loads(ready.values)["sha256"] == run.sha256


def test_exporting_marks_the_invoices_and_changes_nothing_on_them() -> None:
    run = asked()
    before = list(Invoice.objects.order_by("pk").values())
    work_on(run.pk)
    assert list(Invoice.objects.order_by("pk").values()) == before
    assert ExportMark.objects.filter(run=run).count() == 3
    again = start_run(slug="csv", invoices=Invoice.objects.all(), by=make_user())
    work_on(again.pk)
    assert ExportMark.objects.filter(run=again).count() == ExportMark.objects.count() == 3


def test_an_older_run_that_finishes_later_leaves_the_marks_to_the_newer_one() -> None:
    older = asked()
    both, first_only, _ = Invoice.objects.order_by("pk")
    newer = start_run(slug="csv", invoices=Invoice.objects.exclude(pk=first_only.pk), by=make_user())
    work_on(newer.pk)
    work_on(older.pk)
    assert [fresh(run).state for run in (older, newer)] == [RunState.SUCCEEDED] * 2
    marks = dict(ExportMark.objects.values_list("invoice", "run__number"))
    assert (marks[both.pk], marks[first_only.pk]) == (newer.number, older.number)
    assert_sound()


def test_the_same_selection_again_gives_the_same_bytes() -> None:
    run = built()
    again = start_run(slug="csv", invoices=Invoice.objects.all(), by=make_user())
    work_on(again.pk)
    assert fresh(again).sha256 == run.sha256


def test_a_claimed_run_is_not_to_be_had_twice() -> None:
    run = asked()
    mine = runs.claim(run.pk)
    assert mine is not None
    assert (mine.attempts, mine.fence, mine.state) == (1, 1, RunState.RUNNING)
    assert runs.claim(run.pk) is None
    assert work_on(run.pk) is None
    assert fresh(run).attempts == 1


def test_an_unknown_id_does_nothing() -> None:
    assert work_on("2b1f1c1e-0000-4000-8000-000000000000") is None


def test_a_window_starts_one_run_however_often_it_is_sent() -> None:
    user = make_user()
    make_invoice()
    intent = make_intent(user=user, action=action_for("csv"), invoices=Invoice.objects.all())
    first = start_from_intent(intent.pk, by=user)
    second = start_from_intent(intent.pk, by=user)
    assert first == second
    assert ExportRun.objects.count() == 1
    with pytest.raises(Refused, match="another user"):
        start_from_intent(intent.pk, by=make_user())


def test_a_window_whose_rows_moved_on_asks_again() -> None:
    user = make_user()
    invoice = make_invoice()
    intent = make_intent(user=user, action=action_for("csv"), invoices=Invoice.objects.all())
    Invoice.objects.update(version=2)
    with pytest.raises(Refused, match=f"{invoice.number}: was changed"):
        start_from_intent(intent.pk, by=user)
    assert not ExportRun.objects.exists()
