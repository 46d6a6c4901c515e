"""Pre-flight and the guard against sending twice: what the export window finds before anything is built."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from exports.formats import get_format
from exports.formats.profile import Kind, Mapped
from exports.models import ExportRun, LeftOut
from exports.profile_change import Wish, change_entries
from exports.runs import cancel
from exports.start import Stale, start_at_once
from exports.work import work_on
from invoices.editing import delete_invoice
from invoices.models import Invoice, InvoiceLine
from jobbook.accounts.models import User
from jobbook.common.ids import IdSet
from tests.exports.runs import fresh
from tests.exports.windows import EXPORT, exported, post, start, text_of
from tests.factories import make_client, make_company, make_invoice, make_job, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    return make_user(name="Mai Tran")


@pytest.fixture
def client(admin: User) -> Client:
    return logged_in(admin)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def unfit(count: int) -> list[Invoice]:
    invoices = [make_invoice() for _ in range(count)]
    InvoiceLine.objects.filter(invoice__in=invoices).update(description="")
    return invoices


def test_all_problems_at_once_by_cause_each_with_its_invoices_and_where_it_is_mended(client: Client) -> None:
    good, *silent = make_invoice(), *unfit(2)
    unknown = make_invoice(job=make_job(client=make_client(client_number="C-77", name="A:B")))
    window = post(client, EXPORT, [good, *silent, unknown], format="quickbooks-desktop")
    words, html = text_of(window), window.content.decode()
    assert "2 of 4" not in words, "a missing description is no matter to this format"
    assert "1 of 4 invoices cannot be in the file." in words
    assert "Client name with a colon: 1 invoice" in words
    assert "Mend: C-77" in words
    assert f'href="/invoices/{unknown.pk}/"' in html
    words = text_of(post(client, EXPORT, [good, *silent, unknown], format="csv"))
    assert "2 of 4 invoices cannot be in the file." in words
    assert all(each.number in words for each in silent)


def test_what_is_left_out_is_chosen_and_named_in_the_run(client: Client) -> None:
    good, *bad = make_invoice(), *unfit(3)
    window = post(client, EXPORT, [good, *bad])
    assert "Leave these 3 out and export the other 1 (105.00)" in text_of(window)
    start(client, window, agreed="1")
    run = ExportRun.objects.get()
    assert [item.invoice for item in run.items.all()] == [good]
    assert sorted(each.number for each in run.left_out.all()) == sorted(each.number for each in bad)
    words = text_of(client.get(f"/runs/{run.pk}/"))
    assert "Left out by choice: 3" in words
    assert all(f"{each.number} : {each.reason}" in words for each in run.left_out.all())


def test_what_was_left_out_may_still_be_deleted_and_the_run_names_it(client: Client, admin: User) -> None:
    good, bad = make_invoice(), *unfit(1)
    start(client, post(client, EXPORT, [good, bad]), agreed="1")
    delete_invoice(bad.pk, version=bad.version, by=admin)
    assert bad.number in text_of(client.get(f"/runs/{ExportRun.objects.get().pk}/"))


def test_check_again_keeps_the_selection_and_sees_what_was_mended(client: Client) -> None:
    good, bad = make_invoice(), *unfit(1)
    html = post(client, EXPORT, [good, bad]).content.decode()
    assert "Check again" in html
    assert f'name="ids" value="{good.pk},{bad.pk}"' in html
    InvoiceLine.objects.filter(invoice=bad).update(description="Mended")
    words = text_of(post(client, EXPORT, [good, bad], window="1"))
    assert "cannot be in the file" not in words
    assert "OK, export 2 invoices" in words


def test_a_stale_window_keeps_what_it_left_out(client: Client) -> None:
    good, sent, bad = make_invoice(), make_invoice(), *unfit(1)
    exported(client, sent)
    window = post(client, EXPORT, [good, sent, bad], leave_out="1")
    Invoice.objects.filter(pk=good.pk).update(version=5)
    again = start(client, window, agreed="1")
    assert "1 of 3 invoices cannot be in the file." in text_of(again)
    assert "Export 1 invoice?" in text_of(again)
    start(client, again, agreed="1")
    run = ExportRun.objects.latest("number")
    assert [item.invoice for item in run.items.all()] == [good]
    assert {each.number for each in run.left_out.all()} == {sent.number, bad.number}


def test_what_the_file_lacks_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_company(default_format="sage-50-ca")
    monkeypatch.setattr(type(get_format("sage-50-ca")), "cannot_carry", ("due dates", "memos"))
    change_entries("sage-50-ca", Kind.SETTING, {"items": Wish(Mapped("code"))}, by=make_user())
    words = text_of(post(client, EXPORT, [make_invoice()]))
    assert "The file has no room for: due dates, memos." in words
    assert "1 invoice will lack something in the file" in words
    assert "OK, export 1 invoice" in words


def test_earlier_runs_are_named_with_who_when_and_format(client: Client) -> None:
    first, second = make_invoice(), make_invoice()
    run = exported(client, first)
    words = text_of(post(client, EXPORT, [first, second], format="xero"))
    assert f"Run {run.number} , Generic CSV," in words
    assert f"by Mai Tran: 1 invoice, {first.number}" in words
    window = post(client, EXPORT, [first, second], leave_out="1", window="1")
    start(client, window)
    left = LeftOut.objects.get()
    assert (left.run, left.number, left.reason) == (
        ExportRun.objects.latest("number"),
        first.number,
        f"exported in run {run.number}",
    )


def test_f49_two_people_export_the_same_at_the_same_time(client: Client) -> None:
    mine, shared = make_invoice(), make_invoice()
    other = logged_in(make_user(name="K. Osei"))
    window = post(client, EXPORT, [mine, shared], window="1")
    post(other, EXPORT, [shared])
    answer = start(client, window)
    words = text_of(answer)
    assert f"{shared.number}: K. Osei exports it in run 1" in words
    assert "being made now by K. Osei" in words
    assert ExportRun.objects.count() == 1, "the second sees it before a second file is made"
    left = post(client, EXPORT, [mine, shared], leave_out="1", window="1")
    start(client, left)
    assert [item.invoice for item in ExportRun.objects.latest("number").items.all()] == [mine]


def test_f49_a_form_without_a_window_asks_first_when_another_run_came_between(client: Client, admin: User) -> None:
    invoice = make_invoice()
    words = text_of(post(logged_in(make_user()), EXPORT, [invoice]))
    assert "run 1" in words
    assert "Export 1 invoice?" in text_of(post(client, EXPORT, [invoice]))
    rows = Invoice.objects.all()
    with pytest.raises(Stale):
        start_at_once(ExportRun().pk, slug="csv", invoices=rows, by=admin, newest=0)
    cancel(ExportRun.objects.get(), by=admin)
    assert start_at_once(ExportRun().pk, slug="csv", invoices=rows, by=admin, newest=0), "a cancelled run sends nothing"


def test_what_changed_since_stands_side_by_side(client: Client) -> None:
    invoice = make_invoice(po_number="PO 1")
    run = exported(client, invoice)
    InvoiceLine.objects.filter(invoice=invoice).update(unit_price=Decimal("110.00"), amount=Decimal("110.00"))
    Invoice.objects.filter(pk=invoice.pk).update(
        po_number="PO 2", subtotal=Decimal("110.00"), total=Decimal("115.00"), content_version=2
    )
    words = text_of(post(client, EXPORT, [invoice]))
    assert "Exported before: 1, 1 of them changed since." in words
    for row in ("PO number PO 1 PO 2", "Line 1, amount 100.00 110.00", "Total 105.00 115.00"):
        assert row in words
    item = run.items.get()
    assert "Total 105.00 115.00" in text_of(client.get(f"/runs/sent/{item.pk}/"))
    assert f'href="/runs/sent/{item.pk}/"' in client.get(f"/runs/{run.pk}/").content.decode()


def test_f45_renamed_clients_are_named_unless_they_are_mapped(client: Client, admin: User) -> None:
    job = make_job(client=make_client(client_number="C-9", name="Old Ltd."))
    exported(client, make_invoice(job=job))
    renamed = [make_invoice(job=job, client_name="New Ltd.") for _ in range(2)]
    words = text_of(post(client, EXPORT, renamed))
    assert "Renamed since they were last exported: 1 client." in words
    assert "C-9 was Old Ltd. in run 1; now New Ltd. on 2 invoices" in words
    assert "Renamed" not in text_of(post(client, EXPORT, renamed, format="xero")), "this package never had it"
    change_entries("quickbooks-desktop", Kind.CLIENT, {"C-9": Wish(Mapped("OLD"))}, by=admin)
    window = post(client, EXPORT, renamed, format="quickbooks-desktop")
    start(client, window)
    work_on(ExportRun.objects.latest("number").pk)
    again = make_invoice(job=job, client_name="Newest Ltd.")
    assert "Renamed" not in text_of(post(client, EXPORT, [again], format="quickbooks-desktop"))


def test_queries_do_not_grow_with_the_selection(client: Client) -> None:
    counts = []
    for more in (2, 12):
        bad, sent = unfit(more), [make_invoice(client_name="Was") for _ in range(more)]
        run = exported(client, *sent)
        assert fresh(run).item_count == more
        ids = IdSet([each.pk for each in sent])
        Invoice.objects.filter(pk__in=ids).update(content_version=2, po_number="9", client_name="Is")
        with CaptureQueriesContext(connection) as seen:
            words = text_of(post(client, EXPORT, [*bad, *sent]))
        assert f"{more} of them changed since" in words
        assert "Renamed" in words
        counts.append(len(seen))
    assert counts[0] == counts[1], counts
    assert counts[0] <= 45
