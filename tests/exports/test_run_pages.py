"""The pages of runs: who may open what, progress that stops, and downloads that are refused unless all is well."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from exports import files
from exports.models import ExportRun, RunState
from exports.start import start_run
from exports.sweep import sweep
from exports.work import work_on
from invoices.models import Invoice
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.clock import database_now
from tests.exports.runs import asked, built, fresh
from tests.factories import make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PARTS = {"": "GET", "progress/": "GET", "download/": "GET", "manifest/": "GET"}
POSTS = ("cancel/", "retry/", "make-again/")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def as_role(role: str) -> Client:
    return client_of(make_user(role))


def address(run: ExportRun, part: str = "") -> str:
    return f"/runs/{run.pk}/{part}"


@pytest.mark.parametrize(
    ("role", "seen", "posted"),
    [
        (Role.ADMINISTRATOR, 200, [302, 302, 302]),
        (Role.ACCOUNTING, 200, [403, 403, 302]),
        (Role.PROJECT_MANAGER, 403, [403, 403, 403]),
        (Role.TECHNICIAN, 403, [403, 403, 403]),
    ],
)
def test_roles(role: str, seen: int, posted: list[int]) -> None:
    run = built()
    client = as_role(role)
    assert client.get("/runs/").status_code == seen
    for part in ("", "download/", "manifest/"):
        assert client.get(address(run, part)).status_code == seen, part
    assert client.get(address(run, "progress/")).status_code == (302 if seen == 200 else 403)
    assert [client.post(address(run, part)).status_code for part in POSTS] == posted


def test_without_a_log_in_everything_leads_to_it() -> None:
    run = built()
    for path in ["/runs/", *(address(run, part) for part in (*PARTS, *POSTS))]:
        assert Client().get(path)["Location"].startswith("/log-in/"), path
        assert Client().post(path)["Location"].startswith("/log-in/"), path


def test_get_changes_nothing() -> None:
    run = asked()
    client = as_role(Role.ADMINISTRATOR)
    assert [client.get(address(run, part)).status_code for part in POSTS] == [405, 405, 405]
    assert fresh(run).state == RunState.QUEUED


def test_a_run_with_an_invoice_one_may_not_see_does_not_exist() -> None:
    run = built()
    accounting = as_role(Role.ACCOUNTING)
    assert accounting.get(address(run, "download/")).status_code == 200
    one = Invoice.objects.order_by("pk")[:1].get()
    Invoice.objects.filter(pk=one.pk).update(signed_on=None, signed_by="", signed_total=None)  # back in the PM Queue
    for part in ("", "download/", "manifest/", "progress/"):
        assert accounting.get(address(run, part)).status_code == 404, part
    assert accounting.post(address(run, "make-again/")).status_code == 404
    assert b"No run yet" in accounting.get("/runs/").content
    assert as_role(Role.ADMINISTRATOR).get(address(run, "download/")).status_code == 200


def test_an_unknown_run_and_one_of_others_answer_alike() -> None:
    client = as_role(Role.ADMINISTRATOR)
    assert client.get("/runs/2b1f1c1e-0000-4000-8000-000000000000/download/").status_code == 404
    assert client.get("/runs/1/download/").status_code == 404


def test_download_headers_and_bytes(caplog: pytest.LogCaptureFixture) -> None:
    run = built()
    client = as_role(Role.ACCOUNTING)
    with caplog.at_level(logging.INFO, logger="jobbook.downloads"):
        response = client.get(address(run, "download/"))
    assert b"".join(response) == files.path_of(run).read_bytes()
    assert response["Content-Disposition"] == f'attachment; filename="invoices-run-{run.number}.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store, private"
    assert int(response["Content-Length"]) == run.size
    assert f"run {run.pk} user" in caplog.text
    assert " GET: 200 " in caplog.text
    head = client.head(address(run, "download/"))
    assert (head.status_code, head.content if not head.streaming else b"") == (200, b"")


def test_a_refused_download_is_logged_too(caplog: pytest.LogCaptureFixture) -> None:
    run = built()
    with caplog.at_level(logging.INFO, logger="jobbook.downloads"):
        as_role(Role.TECHNICIAN).get(address(run, "download/"))
    assert " GET: 403 " in caplog.text


def test_what_is_not_ready_serves_no_bytes() -> None:
    run = asked()
    client = as_role(Role.ADMINISTRATOR)
    assert client.get(address(run, "download/")).status_code == 409
    assert client.get(address(run, "manifest/")).status_code == 409
    client.post(address(run, "cancel/"))
    assert fresh(run).state == RunState.CANCELLED
    assert client.get(address(run, "download/")).status_code == 409


@pytest.mark.parametrize("harm", ["expired", "missing", "damaged"])
def test_a_file_that_is_gone_is_410_and_can_be_made_again(harm: str) -> None:
    run = built()
    path = files.path_of(run)
    if harm == "expired":
        ExportRun.objects.update(expires_at=database_now() - timedelta(days=1))
        sweep()
    elif harm == "missing":
        path.unlink()
    else:
        path.write_bytes(b"x" * path.stat().st_size)
    client = as_role(Role.ACCOUNTING)
    response = client.get(address(run, "download/"))
    assert response.status_code == 410
    assert b"Make the file again" in response.content
    assert client.get(address(run, "manifest/")).status_code == 200
    assert client.post(address(run, "make-again/"))["Location"] == address(run)
    work_on(run.pk)
    served = b"".join(client.get(address(run, "download/")))
    assert len(served) == run.size
    assert fresh(run).sha256 == run.sha256


def test_rights_lost_since_the_run_was_made_count() -> None:
    user = make_user()
    run = built(user)
    client = client_of(user)
    assert client.get(address(run, "download/")).status_code == 200
    User.objects.filter(pk=user.pk).update(role=Role.PROJECT_MANAGER)
    assert client.get(address(run, "download/")).status_code == 403
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(address(run, "download/"))["Location"].startswith("/log-in/")


def part_of(client: Client, run: ExportRun, place: str = "watch") -> str:
    return client.get(address(run, f"progress/?place={place}"), headers={"HX-Request": "true"}).content.decode()


def test_the_line_asks_again_until_the_run_is_finished() -> None:
    run = asked()
    client = as_role(Role.ADMINISTRATOR)
    part = part_of(client, run)
    assert 'data-poll="500"' in part
    assert "Waiting" in part
    assert f"/runs/{run.pk}/progress/?place=watch" in part
    ExportRun.objects.update(state=RunState.RUNNING, done=2, lease_until=database_now() + timedelta(seconds=60))
    assert "2 of 3 done" in part_of(client, run)
    ExportRun.objects.update(created_at=database_now() - timedelta(minutes=1))
    assert 'data-poll="3000"' in part_of(client, run)


def test_a_finished_line_asks_no_more_and_starts_the_download_where_it_was_started() -> None:
    run = built()
    client = as_role(Role.ADMINISTRATOR)
    part = part_of(client, run)
    assert "data-poll" not in part
    assert "hx-get" not in part
    assert f'data-autostart="{address(run, "download/")}"' in part
    assert "Download 3 invoices (" in part
    assert "data-autostart" not in part_of(client, run, "page")
    assert "data-autostart" not in part_of(client, run, "elsewhere")


def test_the_page_of_a_run_reloads_itself_when_it_is_finished() -> None:
    run = built()
    client = as_role(Role.ADMINISTRATOR)
    response = client.get(address(run, "progress/?place=page"), headers={"HX-Request": "true"})
    assert response["HX-Refresh"] == "true"


def test_cancel_and_try_again_from_the_line() -> None:
    run = asked()
    client = as_role(Role.ADMINISTRATOR)
    htmx = {"HX-Request": "true"}
    part = client.post(address(run, "cancel/"), {"place": "watch"}, headers=htmx).content.decode()
    assert "Cancelled by" in part
    assert "Try again" in part
    part = client.post(address(run, "retry/"), {"place": "watch"}, headers=htmx).content.decode()
    again = ExportRun.objects.get(retry_of=run)
    assert f"/runs/{again.pk}/progress/?place=watch" in part


def test_the_page_shows_what_was_sent_and_what_changed_since() -> None:
    run = built()
    invoice = Invoice.objects.order_by("pk")[:1].get()
    Invoice.objects.filter(pk=invoice.pk).update(client_name="Renamed <b>since</b>", content_version=2)
    page = as_role(Role.ADMINISTRATOR).get(address(run)).content.decode()
    assert "Renamed" not in page
    assert page.count("Changed since") == 1
    assert run.sha256 in page
    assert "4010" in page
    assert "474.24" in page


def test_queries_do_not_grow_with_the_rows() -> None:
    client = as_role(Role.ACCOUNTING)
    counts = []
    for more in (2, 20):
        make_invoice()
        run = start_run(slug="csv", invoices=Invoice.objects.all(), by=make_user())
        for _ in range(more):
            start_run(slug="csv", invoices=Invoice.objects.all(), by=make_user())
        work_on(run.pk)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get("/runs/")
        with CaptureQueriesContext(connection) as one:
            client.get(address(run))
        counts.append((len(seen), len(one)))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 13, counts
