"""The selection on the server: what it resolves to, what it refuses, and the rows endpoint behind the ticks."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from backlog.grid.response import current_query, refused, results_response
from backlog.grid.selection import LIMIT, BadSelection, Selection, resolve
from backlog.invoice_processing import INVOICE_PROCESSING
from invoices.intents import PROCESS, make_intent
from invoices.models import Invoice
from invoices.transitions import process_invoices
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from tests.backlog.grids import URL, logged_in
from tests.factories import make_batch, make_client, make_invoice, make_job, make_user

pytestmark = pytest.mark.django_db
ROWS = f"{URL}rows/"


def select(user: User, **fields: Any) -> Selection:
    data = QueryDict(mutable=True)
    data.update({"mode": "ids", **{name: str(value) for name, value in fields.items()}})
    return resolve(INVOICE_PROCESSING, user, data)


def ask(user: User, **fields: Any) -> dict[str, Any]:
    response = logged_in(user).post(ROWS, fields)
    assert response.status_code == 200, response.content
    return dict(json.loads(response.content))


def test_g25_ids_resolve_to_count_and_exact_total() -> None:
    made = [make_invoice(amounts=["0.10"]), make_invoice(amounts=["-0.30"]), make_invoice(amounts=["99999999.99"])]
    make_invoice()
    selection = select(make_user(), ids=",".join(str(i.pk) for i in [*made, made[0]]))
    assert selection.count == 3
    assert selection.total == sum(i.total for i in made)
    assert set(selection.queryset) == set(made)
    assert selection.gone == []


@pytest.mark.parametrize(
    "ids",
    ["-1", "0", "1e9", "9" * 40, "1_000", "１２", "1;drop", "999999", "1 2", "1,\x00", "0x1", "1.0"],
)
def test_f73_bad_ids_are_refused_in_a_sentence(ids: str) -> None:
    make_invoice()
    with pytest.raises(BadSelection, match="Reload the page"):
        select(make_user(), ids=ids)


def test_g2_an_empty_selection_is_refused() -> None:
    for ids in ("", ",", ",,,"):
        with pytest.raises(BadSelection, match="Nothing is selected"):
            select(make_user(), ids=ids)
    with pytest.raises(BadSelection, match="no selection"):
        resolve(INVOICE_PROCESSING, make_user(), QueryDict())
    answer = refused("Nothing is selected.")
    assert (answer.status_code, answer.content) == (400, b"Nothing is selected.")


def test_foreign_ids_are_refused_without_a_hint() -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    mine, other = make_invoice(job=make_job(project_manager=manager)), make_invoice()
    with pytest.raises(BadSelection, match="not in your list") as refusal:
        select(manager, ids=f"{mine.pk},{other.pk}")
    assert other.number not in str(refusal.value)


def test_f72_more_than_the_limit_is_refused_with_the_limit_named() -> None:
    with pytest.raises(BadSelection, match="At most 20,000 invoices"):
        select(make_user(), ids=",".join(map(str, range(1, LIMIT + 2))))


def test_f65_g34_rows_that_left_are_named_with_who_and_when() -> None:
    user = make_user(name="K. Osei")
    stays, goes, batched = make_invoice(), make_invoice(), make_invoice()
    intent = make_intent(user=user, action=PROCESS, invoices=Invoice.objects.filter(pk=goes.pk))
    process_invoices(intent.pk, by=user)
    make_batch([batched])
    selection = select(user, ids=f"{stays.pk},{goes.pk},{batched.pk}")
    assert (selection.count, selection.gone_count) == (1, 2)
    words = [str(gone) for gone in selection.gone]
    assert words[0].startswith(f"{goes.number} was processed by K. Osei at ")
    assert words[1] == f"{batched.number} is in Processed"


def test_all_matching_with_exclusions() -> None:
    job = make_job(client=make_client(name="Alder"))
    made = [make_invoice(job=job) for _ in range(3)]
    make_invoice()
    user = make_user()
    selection = select(user, mode="all", filters=f"client={job.client_id}", excluded=made[1].pk)
    assert set(selection.queryset) == {made[0], made[2]}
    assert (selection.count, selection.total) == (2, made[0].total + made[2].total)
    everything = select(user, mode="all", filters="")
    assert everything.count == 4


@pytest.mark.parametrize("filters", ["total_min=abc", "totl_min=5", "client=99999", "sort=;drop"])
def test_g13_all_matching_with_a_bad_filter_selects_nothing(filters: str) -> None:
    make_invoice()
    with pytest.raises(BadSelection, match="nothing is selected"):
        select(make_user(), mode="all", filters=filters)


def test_g24_rows_hidden_by_the_filter_are_counted() -> None:
    shown, hidden = make_invoice(amounts=["10.00"]), make_invoice(amounts=["20.00"])
    selection = select(make_user(), ids=f"{shown.pk},{hidden.pk}", filters="total_max=15")
    assert (selection.count, selection.hidden_count, selection.hidden_total) == (2, 1, Decimal("21.00"))


def test_a_selection_can_be_frozen() -> None:
    user = make_user()
    made = [make_invoice() for _ in range(3)]
    for fields in (
        {"ids": f"{made[0].pk},{made[1].pk}"},
        {"mode": "all", "filters": "checks=ready&q=inv", "excluded": made[2].pk},
    ):
        selection = select(user, **fields)
        intent = make_intent(user=user, action=PROCESS, invoices=selection.queryset)
        assert (intent.count, intent.total) == (selection.count, selection.total) == (2, Decimal("210.00"))


def test_g22_a_group_gives_all_its_rows_with_cents() -> None:
    user, job = make_user(), make_job()
    made = [make_invoice(job=job, amounts=["10.00"]) for _ in range(3)]
    make_invoice()
    answer = ask(user, query="group=client&size=25", filters="", within=str(job.client_id))
    assert answer["rows"] == [[i.pk, 1050, 1, str(job.client_id)] for i in made]
    two = ask(user, query="group=client&group=month", filters="", within=f"{job.client_id}|2026-11-01")
    assert [row[0] for row in two["rows"]] == [i.pk for i in made]
    assert two["rows"][0][3] == f"{job.client_id}|2026-11-01"


@pytest.mark.parametrize(
    "group", ["client", "job", "manager", "office", "billing", "terms", "month", "exported", "checks"]
)
def test_g22_the_path_of_every_group_leads_back_to_its_rows(group: str) -> None:
    user = make_user()
    first, second = make_invoice(office_name="A|b %&", terms="x y"), make_invoice(office_name="", terms="")
    every = ask(user, query=f"group={group}", filters="")["rows"]
    assert [row[0] for row in every] == [first.pk, second.pk]
    for _, _, _, key in every:
        same = [row for row in every if row[3] == key]
        assert ask(user, query=f"group={group}", filters="", within=key)["rows"] == same


def test_g23_kept_ticks_come_back_with_cents_and_what_left() -> None:
    user = make_user()
    stays, goes = make_invoice(amounts=["10.00"]), make_invoice()
    make_batch([goes])
    answer = ask(user, query="q=nothing+like+it", ids=f"{stays.pk},{goes.pk},424242")
    assert answer["rows"] == [[stays.pk, 1050, 0, ""]]
    assert answer["gone_count"] == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"query": "total_min=abc", "ids": "1"},
        {"query": "", "ids": "x"},
        {"query": "group=client", "within": "1|2|3", "filters": ""},
        {"query": "group=client", "within": "abc", "filters": ""},
        {"query": "", "filters": "nope=1"},
    ],
)
def test_what_the_rows_endpoint_cannot_use_is_a_400(fields: dict[str, str]) -> None:
    response = logged_in().post(ROWS, fields)
    assert response.status_code == 400
    assert json.loads(response.content)["error"]


def test_a_manager_gets_only_own_rows() -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    mine, _ = make_invoice(job=make_job(project_manager=manager)), make_invoice()
    assert [row[0] for row in ask(manager, query="", filters="")["rows"]] == [mine.pk]
    assert logged_in(Role.TECHNICIAN).post(ROWS, {"query": ""}).status_code == 403


def test_g35_the_answer_of_a_window_holds_rows_head_and_line(rf: Any) -> None:
    shown = make_invoice()
    request = rf.post("/x/", headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{URL}?sort=-total"})
    request.user, request.htmx = make_user(), True
    query = current_query(INVOICE_PROCESSING, request)
    response = results_response(
        INVOICE_PROCESSING, request, query=query, line_template="grid/_hidden_rows.html", context={}
    )
    page = response.content.decode()
    assert shown.number in page
    assert 'id="grid-summary" hx-swap-oob="true"' in page
    assert 'id="result-line" tabindex="-1" hx-swap-oob="true"' in page
    assert response["HX-Retarget"] == "#results"
    assert response["HX-Trigger-After-Settle"] == "grid:done"
    assert response["HX-Replace-Url"] == f"{URL}?sort=-total"
