"""Try again: once however often it is pressed, and never what was sent since or may no longer leave the house."""

import pytest
from django.test import Client

from exports import runs
from exports.formats import PDF_ZIP
from exports.models import ExportRun, RunState
from exports.start import retry, retry_failed, start_run
from exports.work import work_on
from invoices.models import Invoice
from invoices.signing import take_signature_off
from jobbook.accounts.models import User
from jobbook.common.errors import Refused
from tests.commands import assert_sound, fresh, process, queues
from tests.exports.runs import asked
from tests.exports.windows import text_of
from tests.factories import make_company, make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    return make_user(name="K. Osei")


@pytest.fixture
def client(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def started(by: User, slug: str = "csv") -> ExportRun:
    return start_run(slug=slug, invoices=Invoice.objects.all(), by=by)


def cancelled(by: User, slug: str = "csv") -> ExportRun:
    """A run over two invoices."""
    make_invoice(), make_invoice()
    run = started(by, slug)
    runs.cancel(run, by=by)
    return ExportRun.objects.get(pk=run.pk)


def unsigned(by: User) -> Invoice:
    """One of the invoices, its signature taken off."""
    invoice = Invoice.objects.order_by("number")[:1].get()
    take_signature_off(invoice.pk, version=invoice.version, by=by)
    assert queues([invoice]) == ["pm"]
    return fresh(invoice)


def test_a_double_click_makes_one_run(client: Client, admin: User) -> None:
    run = cancelled(admin)
    pressed = [client.post(f"/runs/{run.pk}/retry/") for _ in range(2)]
    again = run.retries.get()
    assert [each["Location"] for each in pressed] == [f"/runs/{again.pk}/"] * 2


def test_pressed_again_later_or_by_another_it_answers_with_the_file_there_is(admin: User) -> None:
    run = cancelled(admin)
    again = retry(run, by=admin)
    work_on(again.pk)
    assert retry(run, by=make_user()) == again
    assert ExportRun.objects.count() == 2
    assert_sound()


def test_a_try_that_came_to_nothing_may_be_tried_again(admin: User) -> None:
    run = cancelled(admin)
    first = retry(run, by=admin)
    runs.cancel(first, by=admin)
    first.refresh_from_db()
    assert retry(run, by=admin) != first
    with pytest.raises(Refused, match=f"Run {first.number} is not tried again"):
        retry(first, by=admin)


def test_a_run_that_did_not_fail_is_judged_as_it_is_now(admin: User) -> None:
    run = asked(admin)
    seen = ExportRun.objects.get(pk=run.pk)
    seen.state = RunState.FAILED
    with pytest.raises(Refused, match="did not fail"):
        retry(seen, by=admin)


@pytest.mark.parametrize("is_built", [False, True])
def test_what_another_run_sends_since_is_not_sent_again(admin: User, is_built: bool) -> None:
    run = cancelled(admin)
    other = started(make_user(name="B. Two"))
    if is_built:
        work_on(other.pk)
    with pytest.raises(Refused) as refused:
        retry(run, by=admin)
    assert [each.reason for each in refused.value.refusals] == [f"B. Two exports it in run {other.number}"] * 2
    assert not run.retries.exists()


def test_what_another_run_did_not_come_to_send_is(admin: User) -> None:
    run = cancelled(admin)
    runs.cancel(started(admin), by=admin)
    started(admin, PDF_ZIP)
    assert retry(run, by=admin).item_count == 2


def test_what_is_no_longer_signed_does_not_leave_the_house(admin: User) -> None:
    run = cancelled(admin)
    invoice = unsigned(admin)
    with pytest.raises(Refused) as refused:
        retry(run, by=admin)
    assert [str(each) for each in refused.value.refusals] == [f"{invoice.number}: it is in the PM Queue"]
    assert not run.retries.exists()


def test_what_was_processed_meanwhile_still_goes_to_accounting(admin: User) -> None:
    run = cancelled(admin)
    process(admin, Invoice.objects.all())
    assert retry(run, by=admin).item_count == 2


def test_a_bundle_minds_signatures_and_no_earlier_exports(admin: User) -> None:
    make_company()
    run = cancelled(admin, PDF_ZIP)
    started(admin)
    assert retry(run, by=admin) == retry(run, by=admin)
    other = started(admin, PDF_ZIP)
    runs.cancel(other, by=admin)
    other.refresh_from_db()
    unsigned(admin)
    with pytest.raises(Refused, match="not tried again"):
        retry(other, by=admin)


def test_the_two_ways_to_try_a_bundle_again_are_two_runs(admin: User) -> None:
    run = cancelled(admin, PDF_ZIP)
    bad = run.items.all()[:1].get()
    run.items.filter(pk=bad.pk).update(problem="It cannot be read.")
    without, only = retry(run, by=admin), retry_failed(run, by=admin)
    assert only != without
    assert list(only.items.values_list("invoice", flat=True)) == [bad.invoice_id]
    assert (retry(run, by=admin), retry_failed(run, by=admin)) == (without, only)


def test_the_line_says_what_is_in_the_way_and_where_to_go_on(client: Client, admin: User) -> None:
    run = cancelled(admin)
    invoice = unsigned(admin)
    response = client.post(f"/runs/{run.pk}/retry/", {"place": "watch"}, headers={"HX-Request": "true"})
    assert f"{invoice.number}: it is in the PM Queue" in text_of(response)
    assert "Try again" not in text_of(response)
    assert 'href="/invoices/backlog/"' in response.content.decode()


def test_so_does_the_page(client: Client, admin: User) -> None:
    run = cancelled(admin)
    other = started(make_user(name="B. <i>Two</i>"))
    page = client.post(f"/runs/{run.pk}/retry/", follow=True)
    assert f"B. &lt;i&gt;Two&lt;/i&gt; exports it in run {other.number}" in page.content.decode()
    assert '<a class="u" href="/invoices/backlog/">' in page.content.decode()


def test_the_page_offers_no_second_try_of_a_file_that_is_there_or_comes(client: Client, admin: User) -> None:
    run = cancelled(admin)
    assert "Try again" in text_of(client.get(f"/runs/{run.pk}/"))
    retry(run, by=admin)
    page = text_of(client.get(f"/runs/{run.pk}/"))
    assert "Tried again as" in page
    assert "Try again" not in page
