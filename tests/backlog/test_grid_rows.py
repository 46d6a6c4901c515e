"""Rows, order, pages and the address of the Invoice Process Backlog."""

from datetime import date, timedelta
from html import escape

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from backlog.grid.parsing import parse
from backlog.grid.query import Sort
from backlog.grid.results import matching_rows, ordering
from backlog.invoice_processing import INVOICE_PROCESSING
from jobbook.accounts.roles import Role
from tests.backlog.grids import HTMX, URL, group_heads, logged_in, mark_exported, pushed, rows, text, total_row
from tests.factories import TODAY, make_batch, make_client, make_invoice, make_job, make_user

pytestmark = pytest.mark.django_db


def queries_of(client: object, url: str) -> int:
    client.get(url)  # type: ignore[attr-defined]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200  # type: ignore[attr-defined]
    return len(captured)


def test_g1_the_head_states_count_sum_and_currency() -> None:
    make_invoice(amounts=["100.00"])
    make_invoice(amounts=["50.50", "0.25"])
    page = text(logged_in().get(URL))
    assert "<b>2 invoices</b> in the Admin Queue, <b>158.29</b> including tax, in CAD" in page


def test_only_the_admin_queue_is_shown() -> None:
    shown = make_invoice()
    make_invoice(signed=False)
    make_batch([make_invoice()])
    assert rows(logged_in().get(URL)) == [shown.number]


def test_g5_a_manager_reads_own_jobs_without_buttons() -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    mine = make_invoice(job=make_job(project_manager=manager))
    make_invoice()
    response = logged_in(manager).get(URL)
    assert rows(response) == [mine.number]
    assert "data-action-url" not in text(response)
    assert "data-tick" not in text(response)
    assert "An administrator exports and processes these invoices." in text(response)


def test_accounting_reads_and_a_technician_may_not_open_it() -> None:
    make_invoice()
    assert len(rows(logged_in(Role.ACCOUNTING).get(URL))) == 1
    assert logged_in(Role.TECHNICIAN).get(URL).status_code == 403


def test_default_order_is_date_then_number() -> None:
    late = make_invoice(number="INV-2", invoice_date=TODAY)
    second = make_invoice(number="INV-9", invoice_date=TODAY - timedelta(1))
    first = make_invoice(number="INV-3", invoice_date=TODAY - timedelta(1))
    assert rows(logged_in().get(URL)) == [first.number, second.number, late.number]


def test_g6_several_sorts_in_the_order_clicked() -> None:
    client = make_client(name="Alder")
    job = make_job(client=client)
    a = make_invoice(job=job, amounts=["10.00"])
    b = make_invoice(job=job, amounts=["20.00"])
    c = make_invoice(job=make_job(client=make_client(name="birch")), amounts=["15.00"])
    response = logged_in().get(URL, {"sort": ["client", "-total"]})
    assert rows(response) == [b.number, a.number, c.number]
    page = text(response)
    assert page.count("aria-sort") == 1
    assert '<span class="place">1</span>' in page
    assert '<span class="place">2</span>' in page


@pytest.mark.parametrize(
    ("sorts", "following"),
    [
        ([], "?sort=-total"),
        (["-total"], "?sort=total"),
        (["total"], "?"),
    ],
)
def test_g6_a_click_on_money_cycles_from_the_largest(sorts: list[str], following: str) -> None:
    make_invoice()
    page = text(logged_in().get(URL, {"sort": sorts}))
    assert f'<a href="{following}" id="sort-total"' in page


def test_g6_a_click_on_text_cycles_up_down_none_and_shift_adds() -> None:
    make_invoice()
    client = logged_in()
    assert '<a href="?sort=client" id="sort-client"' in text(client.get(URL))
    page = text(client.get(URL, {"sort": "client", "page": "1"}))
    assert '<a href="?sort=-client" id="sort-client"' in page
    assert escape("?sort=client&sort=-total") in page
    assert '<a href="?" id="sort-client"' in text(client.get(URL, {"sort": "-client"}))


def test_g7_missing_values_come_last_both_ways() -> None:
    without, with_po = make_invoice(po_number=""), make_invoice(po_number="77")
    client = logged_in()
    assert rows(client.get(URL, {"sort": "po"})) == [with_po.number, without.number]
    assert rows(client.get(URL, {"sort": "-po"})) == [with_po.number, without.number]
    mark_exported(with_po)
    assert rows(client.get(URL, {"sort": "exported"})) == [with_po.number, without.number]
    assert rows(client.get(URL, {"sort": "-exported"})) == [with_po.number, without.number]


def test_g7_pages_never_overlap() -> None:
    job = make_job()
    made = {make_invoice(job=job).number for _ in range(60)}
    client = logged_in()
    pages = [rows(client.get(URL, {"size": "25", "sort": "total", "page": str(page)})) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [25, 25, 10]
    assert set().union(*map(set, pages)) == made


def test_g7_every_order_ends_in_the_primary_key() -> None:
    for name, column in INVOICE_PROCESSING.columns.items():
        if column.sort:
            assert ordering(INVOICE_PROCESSING, [Sort(name, descending=True)])[-1] == "pk", name


def test_g13_the_rows_of_a_bad_query_are_none_whoever_asks() -> None:
    make_invoice()
    user = make_user()
    query = parse(INVOICE_PROCESSING, user, QueryDict("totl_min=5"))
    assert list(matching_rows(INVOICE_PROCESSING, user, query)) == []


def test_g14_sizes_and_pages_out_of_range_fall_back() -> None:
    job = make_job()
    for _ in range(27):
        make_invoice(job=job)
    client = logged_in()
    assert len(rows(client.get(URL, {"size": "25"}))) == 25
    assert len(rows(client.get(URL, {"size": "100000"}))) == 27
    assert len(rows(client.get(URL, {"size": "25", "page": "2"}))) == 2
    for page in ("0", "99", "-1", "x", "1" * 40):
        assert "1–25 of 27" in text(client.get(URL, {"size": "25", "page": page})), page


def test_g14_the_size_is_remembered_per_user_by_a_post() -> None:
    user = make_user()
    client = logged_in(user)
    response = client.post(f"{URL}page-size/", {"size": "100", "query": "sort=-total&page=3"})
    assert (response.status_code, response["Location"]) == (302, f"{URL}?sort=-total&size=100")
    user.refresh_from_db()
    assert user.page_size == 100
    assert "<option selected>100</option>" in text(client.get(URL))
    client.post(f"{URL}page-size/", {"size": "7"})
    user.refresh_from_db()
    assert user.page_size == 100


def test_g17_the_address_is_canonical() -> None:
    make_invoice()
    response = logged_in().get(
        URL,
        {"size": "50", "group": "", "q": "", "sort": "-total", "date_after": "", "office": "", "page": "1"},
        headers=HTMX,
    )
    assert pushed(response) == f"{URL}?sort=-total"
    again = logged_in().get(pushed(response), headers=HTMX)
    assert pushed(again) == pushed(response)


def test_g17_a_part_is_never_cached_as_a_page() -> None:
    client = logged_in()
    whole, part = client.get(URL), client.get(URL, headers=HTMX)
    assert "HX-Request" in part["Vary"]
    assert "no-store" in part["Cache-Control"]
    assert "<!doctype html>" in text(whole)
    assert "<!doctype html>" not in text(part)
    assert 'id="results"' in text(part)
    assert 'id="grid-summary" hx-swap-oob="true"' in text(part)


@pytest.mark.parametrize(
    "url",
    [URL, f"{URL}?group=client&group=month&order=sum", f"{URL}?q=inv&checks=any", "/invoices/?tab=all&group=client"],
)
def test_g48_queries_are_constant_and_at_most_twelve(url: str) -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    for _ in range(3):
        make_invoice(job=make_job(project_manager=manager))
    client = logged_in()
    few = queries_of(client, url)
    for _ in range(27):
        make_invoice(job=make_job(project_manager=manager))
    assert queries_of(client, url) == few
    assert few <= 12


def test_the_total_row_is_of_the_filtered_set() -> None:
    job = make_job()
    make_invoice(job=job, amounts=["100.00"])
    make_invoice(job=job, amounts=["300.00"])
    response = logged_in().get(URL, {"total_min": "200"})
    assert total_row(response) == ["300.00", "15.00", "315.00"]
    assert "<b>2 invoices</b>" in text(response)


def test_g46_an_empty_queue_and_no_match_say_so() -> None:
    client = logged_in()
    empty = text(client.get(URL))
    assert "The Admin Queue is empty" in empty
    assert '<a class="u" href="/invoices/?tab=pm">PM Queue</a>' in empty
    assert "PM Queue" not in text(logged_in(Role.ACCOUNTING).get(URL))
    make_invoice()
    page = text(client.get(URL, {"q": "nothing like it"}))
    assert "No invoices match" in page
    assert "Clear all" in page


def test_g49_a_credit_note_stands_in_parentheses() -> None:
    make_invoice(amounts=["-100.00"])
    page = text(logged_in().get(URL))
    assert '<data value="-105.00"><span class="neg"><span class="vh">minus </span>(105.00)</span></data>' in page


def test_f75_hostile_text_is_shown_as_text() -> None:
    hostile = "<script>alert(1)</script>\"'%s%%"
    job = make_job(client=make_client(name=hostile), project_name=hostile)
    make_invoice(job=job, po_number=hostile, project_name=hostile)
    client = logged_in()
    for url in (URL, f"{URL}?group=client&group=job", f"{URL}?q=%3Cscript"):
        page = text(client.get(url))
        assert "<script>alert" not in page
        assert escape(hostile) in page


def test_g9_g8_groups_have_counts_and_sums_of_the_whole_set() -> None:
    alder, birch = make_job(client=make_client(name="Alder")), make_job(client=make_client(name="Birch"))
    for _ in range(26):
        make_invoice(job=alder, amounts=["10.00"])
    make_invoice(job=birch, amounts=["500.00"], invoice_date=date(2026, 1, 5))
    client = logged_in()
    first = client.get(URL, {"group": "client", "size": "25"})
    assert group_heads(first) == [("Alder", "26 invoices, 25 of 26 on this page", ["260.00", "13.00", "273.00"])]
    second = client.get(URL, {"group": "client", "size": "25", "page": "2"})
    assert group_heads(second) == [
        ("Alder", "26 invoices, 1 of 26 on this page", ["260.00", "13.00", "273.00"]),
        ("Birch", "1 invoice", ["500.00", "25.00", "525.00"]),
    ]
    by_sum = client.get(URL, {"group": "client", "order": "sum"})
    assert [head[0] for head in group_heads(by_sum)] == ["Birch", "Alder"]
    assert 'id="sort-client"' not in text(by_sum)


@pytest.mark.parametrize(
    "group", ["client", "job", "manager", "office", "billing", "terms", "month", "exported", "checks"]
)
@pytest.mark.parametrize("order", ["name", "sum"])
def test_g8_every_group_adds_up_to_the_total(group: str, order: str) -> None:
    for index in range(4):
        invoice = make_invoice(
            job=make_job(po_required=index % 2 == 0),
            amounts=[f"{index + 1}0.01"],
            terms="" if index else "Net 30",
            office_name="" if index == 3 else "Edson",
            invoice_date=TODAY - timedelta(40 * index),
        )
        if index == 1:
            mark_exported(invoice)
    response = logged_in().get(URL, {"group": group, "order": order})
    heads = group_heads(response)
    assert len(rows(response)) == 4
    sums = [float(head[2][2]) for head in heads]
    assert f"{sum(sums):,.2f}" == total_row(response)[2]
    if order == "sum":
        assert sums == sorted(sums, reverse=True)


def test_g8_two_groups_nest() -> None:
    job = make_job(client=make_client(name="Alder"))
    make_invoice(job=job, amounts=["10.00"], invoice_date=date(2026, 9, 1))
    make_invoice(job=job, amounts=["20.00"], invoice_date=date(2026, 10, 1))
    heads = group_heads(logged_in().get(URL, {"group": ["client", "month"]}))
    assert heads == [
        ("Alder", "2 invoices", ["30.00", "1.50", "31.50"]),
        ("Sep 2026", "1 invoice", ["10.00", "0.50", "10.50"]),
        ("Oct 2026", "1 invoice", ["20.00", "1.00", "21.00"]),
    ]


def test_g10_closed_groups_stand_in_the_address() -> None:
    job = make_job()
    make_invoice(job=job)
    page = text(logged_in().get(URL, {"group": "client", "closed": str(job.client_id)}))
    assert f'class="folded" data-group="{job.client_id}"' in page
    assert 'aria-expanded="false" data-fold' in page
