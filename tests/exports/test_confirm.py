"""Confirming a run: what accounting shows is kept, differences are named and need a reason, late ones stand out."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from exports.confirm import WAIT, confirm_run
from exports.formats.profile import Kind, Mapped
from exports.models import ExportRun, RunConfirmation
from exports.profile_change import Wish, change_entries
from exports.start import start_run
from exports.work import work_on
from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.clock import database_now
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry, AuditItem
from tests.backlog.grids import logged_in, text
from tests.commands import assert_sound
from tests.exports.runs import built, fresh
from tests.factories import make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)
TOTAL = Decimal("474.24")
BACKLOG = "/invoices/backlog/"


@pytest.fixture
def accountant() -> User:
    return make_user(Role.ACCOUNTING, name="R. Whitford")


@pytest.fixture
def run() -> ExportRun:
    return built()


@pytest.fixture
def client(accountant: User) -> Client:
    return logged_in(accountant)


def post(client: Client, run: ExportRun, **values: Any) -> Any:
    return client.post(f"/runs/{run.pk}/confirm/", {"count": "3", "total": "474.24", "seen": "0", **values})


def hidden(response: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text(response))
    assert found, name
    return found[1]


def test_figures_that_agree_are_kept_and_audited(client: Client, run: ExportRun, accountant: User) -> None:
    assert "Not confirmed yet" in text(client.get("/runs/"))
    assert post(client, run, total="$474.24").status_code == 302
    kept = RunConfirmation.objects.get()
    assert (kept.run, kept.count, kept.total, kept.note, kept.confirmed_by) == (run, 3, TOTAL, "", accountant)
    entry = AuditEntry.objects.get(action="export.confirm")
    item = AuditItem.objects.get(entry=entry)
    assert (kept.entry_number, entry.actor_name, item.object_id) == (entry.number, "R. Whitford", run.number)
    assert json.loads(item.after) == {"count": 3, "total": "474.24", "note": ""}
    for address in ("/runs/", f"/runs/{run.pk}/"):
        assert "Confirmed</span>" in text(client.get(address))
    assert_sound()


def test_differences_are_named_and_nothing_is_kept(client: Client, run: ExportRun) -> None:
    response = post(client, run, count="2", total="474.25", note="I know already")
    assert response.status_code == 422
    page = text(response)
    assert "Documents: accounting shows 2, the file has 3: 1 less" in page
    assert "Total: accounting shows 474.25, the file has 474.24: 0.01 more" in page
    assert "Confirm with this difference" in page
    assert not RunConfirmation.objects.exists()


def test_a_difference_is_kept_by_a_second_act_with_its_reason(client: Client, run: ExportRun) -> None:
    first = post(client, run, count="2", total="316.16")
    again = {"count": "2", "total": "316.16", "named": hidden(first, "named")}
    assert "Say why it differs." in text(post(client, run, **again))
    other = post(client, run, **{**again, "count": "1", "note": "One was typed by hand."})
    assert other.status_code == 422, "the note was about other figures"
    assert post(client, run, **again, note="One was typed by hand.").status_code == 302
    page = text(client.get(f"/runs/{run.pk}/"))
    assert "Confirmed with a difference" in page
    assert "Total: accounting shows 316.16, the file has 474.24: 158.08 less" in page
    assert "One was typed by hand." in page
    assert_sound()


def test_the_command_itself_keeps_no_difference_without_a_reason(run: ExportRun, accountant: User) -> None:
    with pytest.raises(Refused) as refused:
        confirm_run(run.pk, count=4, total=TOTAL + 1, by=accountant)
    assert [each.code for each in refused.value.refusals] == ["documents", "total"]
    assert not RunConfirmation.objects.exists()


def test_a_later_confirmation_takes_its_place_and_both_are_in_the_audit(run: ExportRun, accountant: User) -> None:
    first = confirm_run(run.pk, count=2, total=TOTAL, note="One is missing", by=accountant)
    second = confirm_run(run.pk, count=3, total=TOTAL, note="no longer", seen=first.entry_number, by=accountant)
    assert (RunConfirmation.objects.get().note, second.agrees) == ("", True)
    item = AuditItem.objects.get(entry_id=second.entry_number)
    assert json.loads(item.before) == {"count": 2, "total": "474.24", "note": "One is missing"}


def test_two_people_at_once(client: Client, run: ExportRun) -> None:
    other = make_user(name="Mai Tran")
    confirm_run(run.pk, count=2, total=TOTAL, note="One is missing", by=other)
    response = post(client, run)
    assert response.status_code == 409
    assert "Run 1 was confirmed meanwhile: 2 documents, 474.24, by Mai Tran" in text(response)
    assert RunConfirmation.objects.get().confirmed_by == other
    assert post(client, run, seen=hidden(response, "seen")).status_code == 302
    assert RunConfirmation.objects.get().count == 3


def test_the_same_form_twice_confirms_once(client: Client, run: ExportRun) -> None:
    assert [post(client, run).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(action="export.confirm").count() == 1


@pytest.mark.parametrize(
    "values", [{"count": "three"}, {"total": "much"}, {"count": "-1"}, {"total": ""}, {"seen": "x"}]
)
def test_what_is_no_figure(client: Client, run: ExportRun, values: dict[str, str]) -> None:
    assert post(client, run, **values).status_code == 422
    assert not RunConfirmation.objects.exists()


def test_only_a_finished_file_for_accounting_is_confirmed(run: ExportRun, accountant: User) -> None:
    waiting = start_run(slug="csv", invoices=Invoice.objects.all(), by=make_user())
    with pytest.raises(Refused, match="no file for accounting"):
        confirm_run(waiting.pk, count=3, total=TOTAL, by=accountant)
    ExportRun.objects.filter(pk=run.pk).update(format="pdf-zip")
    with pytest.raises(Refused, match="no file for accounting"):
        confirm_run(run.pk, count=3, total=TOTAL, by=accountant)
    ExportRun.objects.filter(pk=run.pk).update(format="csv")
    Invoice.objects.filter(pk=run.items.get(position=1).invoice_id).update(
        signed_on=None, signed_by="", signed_total=None
    )
    with pytest.raises(Refused, match="that you may see"):
        confirm_run(run.pk, count=3, total=TOTAL, by=accountant)


def waited(run: ExportRun, more: timedelta) -> None:
    ExportRun.objects.filter(pk=run.pk).update(finished_at=database_now() - WAIT - more)


def test_a_run_not_confirmed_for_days_stands_out_until_it_is(client: Client, run: ExportRun) -> None:
    waited(run, -timedelta(minutes=1))
    assert "has not confirmed" not in text(client.get(BACKLOG))
    waited(run, timedelta(days=2, minutes=1))
    for reader in (client, logged_in()):
        page = text(reader.get(BACKLOG))
        assert "Accounting has not confirmed this export yet:" in page
        assert f'href="/runs/{run.pk}/">run 1</a>' in page
    assert "Not confirmed for 5 days" in text(client.get("/runs/"))
    assert "has not confirmed" not in text(logged_in(Role.PROJECT_MANAGER).get(BACKLOG))
    post(client, run)
    assert "has not confirmed" not in text(client.get(BACKLOG))


def test_a_run_wholly_exported_again_is_not_waited_for(client: Client, run: ExportRun) -> None:
    waited(run, timedelta(days=1))
    again = start_run(
        slug="csv", invoices=Invoice.objects.exclude(pk=run.items.get(position=1).invoice_id), by=make_user()
    )
    work_on(again.pk)
    assert "run 1</a>" in text(client.get(BACKLOG)), "one of its invoices is in no newer file"
    last = start_run(slug="csv", invoices=Invoice.objects.all(), by=make_user())
    work_on(last.pk)
    assert "has not confirmed" not in text(client.get(BACKLOG))
    assert "Exported again since" in text(client.get("/runs/"))
    assert f'the same file as <a class="u" href="/runs/{run.pk}/">run 1</a>' in text(client.get(f"/runs/{last.pk}/"))


def test_the_line_costs_one_query_however_many_wait(client: Client) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            invoice = make_invoice()
            run = start_run(slug="csv", invoices=Invoice.objects.filter(pk=invoice.pk), by=make_user())
            work_on(run.pk)
            waited(fresh(run), timedelta(days=1))
        with CaptureQueriesContext(connection) as seen:
            page = text(client.get(BACKLOG))
        counts.append((len(seen), page.count(">run ")))
    assert counts[0][0] == counts[1][0]
    assert [shown for _, shown in counts] == [3, 6]


def test_the_manifest_as_a_page_says_where_each_figure_is_from(client: Client) -> None:
    make_invoice(amounts=["100.00"])
    change_entries("sage-50-ca", Kind.SETTING, {"items": Wish(Mapped("code"))}, by=make_user())
    run = start_run(slug="sage-50-ca", invoices=Invoice.objects.all(), by=make_user(name="Mai Tran"))
    work_on(run.pk)
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(client.get(f"/runs/{run.pk}/manifest/print/"))))
    assert "Total 105.00 the file" in page
    assert "GST 5.00 the file" in page
    assert "Account 4010 100.00 what was sent" in page
    manifest = json.loads(fresh(run).manifest)
    for shown in (
        manifest["file"]["sha256"],
        manifest["audit_head"]["hash"],
        manifest["invoices"][0]["sha256"],
        "Mai Tran",
    ):
        assert shown in page
