"""Accounting references of a run: typed, pasted, or from accounting's list; looked at first, entered in one step."""

import html
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from exports.models import ExportRun
from exports.start import start_run
from exports.work import work_on
from invoices.models import Invoice
from invoices.references import ReferenceChange, set_accounting_reference, set_references
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry, AuditItem
from tests.backlog.grids import logged_in, text
from tests.commands import assert_sound
from tests.exports.runs import fresh
from tests.factories import make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "Num;Trans;Amount\ninv-1;T-1;105.00\nINV-2;T-2;105.00\nINV-2;T-3;105.00\nINV-3;T-4;99.00\nINV-9;T-9;5.00\n"


def run_of(first: int, last: int) -> ExportRun:
    for number in range(first, last + 1):
        make_invoice(number=f"INV-{number}", accounting_reference="OLD" if number == 1 else "")
    run = start_run(slug="csv", invoices=Invoice.objects.all(), by=make_user())
    work_on(run.pk)
    return fresh(run)


@pytest.fixture
def run() -> ExportRun:
    """Four invoices of 105.00; the first has a reference."""
    return run_of(1, 4)


@pytest.fixture
def accountant() -> User:
    return make_user(Role.ACCOUNTING, name="R. Whitford")


@pytest.fixture
def client(accountant: User) -> Client:
    return logged_in(accountant)


def post(client: Client, run: ExportRun, act: str, **values: Any) -> Any:
    return client.post(f"/runs/{run.pk}/references/", {"act": act, **values})


def form_of(page: str, act: str) -> dict[str, str]:
    """The fields of the form that posts `act`."""
    forms = [each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'name="act" value="{act}"' in each]
    fields = re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', forms[0])
    areas = re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', forms[0], re.DOTALL)
    return {name: html.unescape(value) for name, value in [*fields, *areas] if name != "csrfmiddlewaretoken"}


def references() -> list[str]:
    return list(Invoice.objects.order_by("number").values_list("accounting_reference", flat=True))


def words(page: str) -> list[str]:
    rows = re.findall(r'<tr><th scope="row".*?</tr>', page, re.DOTALL)
    return [re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", row))).strip() for row in rows]


def test_a_list_is_looked_at_then_entered_in_one_step(client: Client, run: ExportRun) -> None:
    file = SimpleUploadedFile("ledger.csv", LIST.encode("utf-16"))
    page = text(post(client, run, "look", file=file))
    assert words(page) == [
        "INV-3 105.00 Different — none — none The list says 99.00; the file 105.00.",
        "INV-2 105.00 Twice — none — none It stands on the lines 3, 4 of the list.",
        "INV-4 105.00 Missing — none — none The list does not have it.",
        "INV-1 105.00 Matched OLD T-1 Replaces OLD.",
    ]
    assert "Line 6: INV-9 · T-9 · 5.00" in page
    assert "OK, enter 1 reference<" in page
    assert references() == ["OLD", "", "", ""], "looking writes nothing"
    versions = list(Invoice.objects.values_list("version", "content_version"))
    response = client.post(f"/runs/{run.pk}/references/", form_of(page, "enter"), follow=True)
    assert "1 accounting reference is entered." in text(response)
    assert references() == ["T-1", "", "", ""]
    assert list(Invoice.objects.values_list("version", "content_version")) == versions
    item = AuditItem.objects.get(entry__action="invoice.reference")
    assert (json.loads(item.before), json.loads(item.after)) == (
        {"accounting_reference": "OLD"},
        {"accounting_reference": "T-1"},
    )
    assert item.entry.actor_name == "R. Whitford"
    assert_sound()


def test_other_columns_can_be_chosen(client: Client, run: ExportRun) -> None:
    pasted = "INV-1,105.00,A,B\nINV-2,105.00,C,D\n"
    page = text(post(client, run, "look", text=pasted))
    assert "There is no reference to enter." in page
    page = text(
        client.post(
            f"/runs/{run.pk}/references/", {**form_of(page, "look"), "number": "0", "amount": "", "reference": "3"}
        )
    )
    assert [row.split()[-1] for row in words(page) if "Matched" in row] == ["OLD.", "D"]
    client.post(f"/runs/{run.pk}/references/", form_of(page, "enter"))
    assert references() == ["B", "D", "", ""]


def test_a_pasted_column_in_the_order_of_the_run(client: Client, run: ExportRun) -> None:
    page = text(post(client, run, "look", text="T-1\r\n\r\nT-3\r\nT-4\r\n"))
    client.post(f"/runs/{run.pk}/references/", form_of(page, "enter"))
    assert references() == ["T-1", "", "T-3", "T-4"]
    assert AuditEntry.objects.filter(action="invoice.reference").count() == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Paste the list, or choose a file."),
        ({"text": "T-1\nT-2"}, "The run has 4 invoices, the column 2 lines."),
        ({"text": "a,b\nc,d"}, "No column of the list has a number"),
        ({"file": SimpleUploadedFile("book.xlsx", b"PK\x03\x04")}, "This is a workbook."),
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_pasted_stays(
    client: Client, run: ExportRun, values: dict[str, Any], said: str
) -> None:
    response = post(client, run, "look", **values)
    assert response.status_code == 422
    assert said in html.unescape(text(response))
    assert str(values.get("text", "")) in text(response)


def test_typed_ones_are_entered_at_once(client: Client, run: ExportRun) -> None:
    form = form_of(text(client.get(f"/runs/{run.pk}/references/")), "type")
    first, second = Invoice.objects.order_by("number")[:2]
    assert (form[f"seen-{first.pk}"], form[f"seen-{second.pk}"]) == ("OLD", "")
    form |= {f"reference-{first.pk}": "", f"reference-{second.pk}": "  T-2 "}
    assert client.post(f"/runs/{run.pk}/references/", form).status_code == 302
    assert references() == ["", "T-2", "", ""]


def test_what_moved_meanwhile_refuses_all_and_is_named(client: Client, run: ExportRun) -> None:
    page = text(post(client, run, "look", text="INV-1\tT-1\nINV-2\tT-2\n"))
    moved = Invoice.objects.get(number="INV-2")
    set_accounting_reference(moved.pk, reference="other", by=make_user())
    response = client.post(f"/runs/{run.pk}/references/", form_of(page, "enter"))
    assert response.status_code == 409
    page = html.unescape(text(response))
    assert "No reference was entered." in page
    assert "INV-2: its reference is other now, not empty" in page
    assert references() == ["OLD", "other", "", ""]
    client.post(f"/runs/{run.pk}/references/", form_of(text(response), "enter"))
    assert references() == ["T-1", "T-2", "", ""], "shown again with what is there now, then entered"


def test_typed_ones_stay_in_their_fields_when_refused(client: Client, run: ExportRun) -> None:
    form = form_of(text(client.get(f"/runs/{run.pk}/references/")), "type")
    invoice = Invoice.objects.get(number="INV-2")
    set_accounting_reference(invoice.pk, reference="other", by=make_user())
    response = client.post(f"/runs/{run.pk}/references/", {**form, f"reference-{invoice.pk}": "T-2"})
    assert response.status_code == 409
    again = form_of(text(response), "type")
    assert (again[f"seen-{invoice.pk}"], references()) == ("other", ["OLD", "other", "", ""])
    assert f'name="reference-{invoice.pk}" value="T-2"' in text(response)


def test_the_same_form_twice_enters_once(client: Client, run: ExportRun) -> None:
    form = form_of(text(post(client, run, "look", text="INV-1\tT-1\n")), "enter")
    assert [client.post(f"/runs/{run.pk}/references/", form).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(action="invoice.reference").count() == 1


@pytest.mark.parametrize("changes", ["", "{}", "[1]", '[["x","",""]]', '[[1e999,"",""]]', '[[999999,"","T"]]'])
def test_what_the_page_never_showed_is_not_entered(client: Client, run: ExportRun, changes: str) -> None:
    outsider = make_invoice()
    for posted in (changes, json.dumps([[outsider.pk, "", "T"]])):
        assert post(client, run, "enter", changes=posted, text="INV-1\tT").status_code in {302, 409}
    assert not AuditEntry.objects.filter(action="invoice.reference").exists()


def test_an_invoice_that_went_back_is_named_to_who_sees_it_and_gone_to_others(accountant: User) -> None:
    early, other = make_invoice(number="INV-8", signed=False), make_invoice(number="INV-7")
    changes = [ReferenceChange(each.pk, "", "T") for each in (early, other)]
    with pytest.raises(Refused, match="INV-8: a reference is entered from the Admin Queue on"):
        set_references(changes, by=make_user())
    with pytest.raises(Refused, match="1 of the invoices are not there any more"):
        set_references(changes, by=accountant)
    assert references() == ["", ""]


def test_a_reference_that_cannot_be_kept_is_refused_when_typed(client: Client, run: ExportRun) -> None:
    invoice = Invoice.objects.get(number="INV-3")
    for typed in ("x" * 65, "bell\x07"):
        response = post(client, run, "type", **{f"seen-{invoice.pk}": "", f"reference-{invoice.pk}": typed})
        assert response.status_code == 409
        assert "INV-3: the reference " in text(response)
    assert references() == ["OLD", "", "", ""]


def test_the_statements_do_not_grow_with_the_invoices(client: Client) -> None:
    counts = []
    for first, last in ((1, 3), (4, 30)):
        run = run_of(first, last)
        pasted = "\n".join(f"T-{number}" for number in range(run.item_count))
        with CaptureQueriesContext(connection) as looked:
            page = text(post(client, run, "look", text=pasted))
        with CaptureQueriesContext(connection) as entered:
            client.post(f"/runs/{run.pk}/references/", form_of(page, "enter"))
        counts.append((len(looked), len(entered)))
    assert counts[0] == counts[1]


def test_accounting_may_do_its_part_and_nothing_else(client: Client, run: ExportRun) -> None:
    """The pages it sees offer what it may do; the access matrix asks every address for the rest."""
    page = text(client.get(f"/runs/{run.pk}/"))
    for offered in ("confirm/", "references/", "download/", "manifest/", "manifest/print/"):
        assert f'href="/runs/{run.pk}/{offered}"' in page
    for refused in ("cancel/", "retry/"):
        assert client.post(f"/runs/{run.pk}/{refused}").status_code == 403
    manager = logged_in(Role.PROJECT_MANAGER)
    for address in ("references/", "confirm/"):
        assert manager.get(f"/runs/{run.pk}/{address}").status_code == 403
        assert manager.post(f"/runs/{run.pk}/{address}").status_code == 403
