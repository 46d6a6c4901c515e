"""Export Selected Invoices and Download Selected PDFs: at once, or a window that says what to know first."""

import pytest
from django.test import Client

from backlog.export_offer import AT_ONCE
from exports.formats import PDF_ZIP
from exports.models import ExportRun, RunState
from invoices.models import Invoice, InvoiceLine
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from tests.exports.windows import EXPORT, HTMX, PDFS, START, exported, intent_in, post, text_of
from tests.factories import make_invoice, make_job, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    return make_user()


@pytest.fixture
def client(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def test_with_nothing_to_say_it_starts_at_once(client: Client, admin: User) -> None:
    invoices = [make_invoice(), make_invoice()]
    make_invoice()
    response = post(client, EXPORT, invoices)
    run = ExportRun.objects.get()
    assert (run.item_count, run.requested_by, run.format) == (2, admin, "csv")
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#run-line", "innerHTML")
    assert f"/runs/{run.pk}/progress/?place=watch" in response.content.decode()


def test_only_administrators(admin: User) -> None:
    invoice = make_invoice()
    for role in (Role.ACCOUNTING, Role.PROJECT_MANAGER, Role.TECHNICIAN):
        client = Client()
        client.force_login(make_user(role))
        assert [post(client, path, [invoice]).status_code for path in (EXPORT, START, PDFS)] == [403, 403, 403]
    assert not ExportRun.objects.exists()


def test_a_bad_selection_is_400_in_words(client: Client) -> None:
    response = client.post(EXPORT, {"mode": "ids", "ids": ""}, headers=HTMX)
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert b"Nothing is selected" in response.content
    assert post(client, EXPORT, [make_invoice()], format="fax").status_code == 400
    assert post(client, EXPORT, [make_invoice()], format="fax").content.startswith(b"There is no format")


def test_problems_are_grouped_by_cause_and_the_good_ones_go_without_them(client: Client) -> None:
    good = make_invoice()
    bad = [make_invoice() for _ in range(6)]
    InvoiceLine.objects.filter(invoice__in=bad).update(description="\x07")
    response = post(client, EXPORT, [good, *bad])
    words = text_of(response)
    assert "Export 1 invoice?" in words
    assert "6 of 7 invoices cannot be in the file" in words
    assert "Characters that cannot be written: 6 invoices" in words
    assert "and 2 more" in words
    intent = intent_in(response)
    refused = client.post(START, {"intent": intent}, headers=HTMX)
    assert refused.status_code == 409
    assert "6 invoices cannot be in it" in text_of(refused)
    assert not ExportRun.objects.exists(), "nothing is left out unless the user says so"
    client.post(START, {"intent": intent, "agreed": "1"}, headers=HTMX)
    run = ExportRun.objects.get()
    assert list(run.items.values_list("invoice", flat=True)) == [good.pk]


def test_when_none_can_be_exported_there_is_no_button(client: Client) -> None:
    bad = make_invoice()
    InvoiceLine.objects.filter(invoice=bad).update(description="")
    response = post(client, EXPORT, [bad])
    assert "Nothing can be exported" in text_of(response)
    assert b'name="intent"' not in response.content


def test_exported_before_with_run_person_and_changes(client: Client, admin: User) -> None:
    first, second, third = make_invoice(), make_invoice(), make_invoice()
    run = exported(client, first, second)
    assert run.state == RunState.SUCCEEDED
    Invoice.objects.filter(pk=first.pk).update(content_version=2)
    words = text_of(post(client, EXPORT, [first, second, third]))
    assert "Exported before: 2, 1 of them changed since." in words
    assert f"Run {run.number}" in words
    assert f"by {admin.name} : 2".replace(" :", ":") in words
    assert "Importing an invoice twice books it twice." in words
    assert "OK, export 3 invoices" in words


def test_leaving_them_out_updates_every_number(client: Client) -> None:
    first, second = make_invoice(), make_invoice(amounts=["7.00"])
    exported(client, first)
    response = post(client, EXPORT, [first, second], leave_out="1", window="1")
    words = text_of(response)
    assert "Export 1 invoice?" in words
    assert "Left out 1" in words
    assert "7.35" in words
    client.post(START, {"intent": intent_in(response)}, headers=HTMX)
    assert list(ExportRun.objects.latest("number").items.values_list("invoice", flat=True)) == [second.pk]


def test_the_window_posts_the_selection_again(client: Client) -> None:
    invoice = make_invoice()
    exported(client, invoice)
    page = post(client, EXPORT, [invoice]).content.decode()
    assert f'name="ids" value="{invoice.pk}"' in page
    assert 'name="mode" value="ids"' in page


def test_a_window_sent_twice_starts_one_run(client: Client) -> None:
    invoice = make_invoice()
    exported(client, invoice)
    intent = intent_in(post(client, EXPORT, [invoice]))
    answers = [client.post(START, {"intent": intent}, headers=HTMX) for _ in range(3)]
    assert ExportRun.objects.count() == 2
    assert len({answer.content for answer in answers}) <= 3
    assert {answer["HX-Retarget"] for answer in answers} == {"#run-line"}


def test_a_window_that_became_stale_shows_the_new_numbers(client: Client) -> None:
    first, second = make_invoice(), make_invoice()
    exported(client, first)
    intent = intent_in(post(client, EXPORT, [first, second]))
    Invoice.objects.filter(pk=second.pk).update(version=5)
    response = client.post(START, {"intent": intent}, headers=HTMX)
    words = text_of(response)
    assert "These are the present numbers." in words
    assert f"{second.number}: was changed" in words
    assert intent_in(response) != intent
    client.post(START, {"intent": intent_in(response)}, headers=HTMX)
    assert ExportRun.objects.latest("number").item_count == 2


@pytest.mark.parametrize("intent", ["", "nonsense", "2b1f1c1e-0000-4000-8000-000000000000"])
def test_a_window_nobody_opened_is_refused(client: Client, intent: str) -> None:
    response = client.post(START, {"intent": intent}, headers=HTMX)
    assert response.status_code == 409
    assert "no longer known" in text_of(response)


def test_the_window_of_another_user_is_refused(client: Client) -> None:
    invoice = make_invoice()
    exported(client, invoice)
    intent = intent_in(post(client, EXPORT, [invoice]))
    other = Client()
    other.force_login(make_user())
    assert other.post(START, {"intent": intent}, headers=HTMX).status_code == 409
    assert ExportRun.objects.count() == 1


def test_rows_that_left_are_named_and_left_out(client: Client) -> None:
    stays, left = make_invoice(), make_invoice()
    Invoice.objects.filter(pk=left.pk).update(signed_on=None, signed_by="", signed_total=None)
    words = text_of(post(client, EXPORT, [stays, left]))
    assert left.number in words
    assert "Export 1 invoice?" in words
    assert not ExportRun.objects.exists()


def test_pdfs_start_at_once_up_to_a_hundred(client: Client) -> None:
    job = make_job()
    invoices = [make_invoice(job=job) for _ in range(AT_ONCE + 1)]
    post(client, PDFS, invoices[:-1])
    assert ExportRun.objects.get().format == PDF_ZIP
    response = post(client, PDFS, invoices)
    words = text_of(response)
    assert "Download 101 PDFs?" in words
    assert "Size, about 4.0 MB" in words
    client.post(START, {"intent": intent_in(response)}, headers=HTMX)
    run = ExportRun.objects.latest("number")
    assert (run.format, run.item_count) == (PDF_ZIP, 101)


def test_pdfs_do_not_mind_earlier_exports(client: Client) -> None:
    invoice = make_invoice()
    exported(client, invoice)
    post(client, PDFS, [invoice])
    assert ExportRun.objects.latest("number").format == PDF_ZIP


def test_without_scripts_it_goes_to_the_page_of_the_run(client: Client) -> None:
    invoice = make_invoice()
    response = client.post(EXPORT, {"mode": "ids", "ids": str(invoice.pk)})
    assert response["Location"] == f"/runs/{ExportRun.objects.get().pk}/"


def test_hostile_names_are_text(client: Client) -> None:
    invoice = make_invoice(number="<script>alert(1)</script>"[:32])
    InvoiceLine.objects.filter(invoice=invoice).update(description="")
    page = post(client, EXPORT, [invoice]).content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
