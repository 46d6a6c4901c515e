"""The pages of DWRs: what each person sees and is offered, no money for technicians, the acts, the PDF."""

import re
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from invoices.models import InvoicedRecord
from jobbook.accounts.models import User
from jobbook.common.audit import CommandLine, Operation
from jobbook.jobs.models import DailyWorkRecord, Item, Job
from jobbook.jobs.transitions import records as commands
from tests.factories import TODAY, make_invoice, make_job, make_rate_sheet, make_record, make_user
from tests.jobs.asking import of, text
from tests.jobs.test_record_form import DRAWN, form, worked

pytestmark = pytest.mark.django_db
APPROVED: dict[str, Any] = {"submitted_on": TODAY, "approved_on": TODAY}


def numbers(response: Any) -> list[str]:
    return re.findall(r'<a href="/records/[0-9]+/">([0-9]+)</a>', text(response))


# The list


def test_each_sees_their_own_list(job: Job, manager: User, technician: User) -> None:
    make_record(dwr_number="901", job=job, created_by=technician)
    make_record(dwr_number="902", job=job)
    make_record(dwr_number="903", created_by=manager)
    make_record(dwr_number="904")
    people = (technician, manager, make_user(name="Admin"))
    assert {user.name: sorted(numbers(of(user).get("/records/?tab=all"))) for user in people} == {
        "T. Okafor": ["901"],
        "M. Roy": ["901", "902", "903"],
        "Admin": ["901", "902", "903", "904"],
    }


def test_the_tabs_and_their_counts(job: Job, manager: User, technician: User) -> None:
    mine: dict[str, Any] = {"job": job, "created_by": technician}
    make_record(dwr_number="901", **mine)
    make_record(dwr_number="902", submitted_on=TODAY, **mine)
    make_record(dwr_number="903", approved_by=manager, **APPROVED, **mine)
    make_record(dwr_number="904", job=job)
    found = {}
    for tab in ("not_submitted", "not_approved", "all", "nonsense"):
        answer = of(technician).get(f"/records/?tab={tab}")
        found[tab] = numbers(answer)
        assert re.findall(r'class="c">([0-9]+)<', text(answer)) == ["1", "1", "3"]
    assert found == {
        "not_submitted": ["901"],
        "not_approved": ["902"],
        "all": ["903", "902", "901"],
        "nonsense": ["901"],
    }


@pytest.mark.parametrize(("words", "found"), [("901", ["901"]), ("26-0700", ["901"]), ("pump", ["901"]), ("%", [])])
def test_the_search(job: Job, technician: User, words: str, found: list[str]) -> None:
    make_record(dwr_number="901", job=job, created_by=technician)
    make_record(dwr_number="555", created_by=technician)
    answer = of(technician).get("/records/", {"tab": "all", "q": words})
    assert numbers(answer) == found
    assert "No DWR has" in text(answer) or found


def test_fifty_rows_a_page_in_few_queries(job: Job, technician: User, django_assert_max_num_queries: Any) -> None:
    for n in range(51):
        make_record(dwr_number=str(1000 + n), job=job, created_by=technician)
    client = of(technician)
    with django_assert_max_num_queries(9):
        first = client.get("/records/")
    assert (len(numbers(first)), len(numbers(client.get("/records/?page=2")))) == (50, 1)
    assert text(first).count('<td class="num">8<') == 50


# Money


@pytest.fixture
def corrected(job: Job, foreman: Item, truck: Item, technician: User, manager: User) -> DailyWorkRecord:
    """Entered, corrected after a price changed, imported over: every place where an amount could show."""
    of(technician).post("/records/new/", form(job, [worked(foreman)], [{"item": truck.pk, "quantity": "2"}]))
    record = DailyWorkRecord.objects.get()
    Item.objects.filter(pk=foreman.pk).update(unit_price=Decimal("119.53"), hourly_price=Decimal("119.53"))
    data = form(job, [worked(foreman, "7")], [{"item": truck.pk, "quantity": "2"}], version=1)
    of(manager).post(f"/records/{record.pk}/edit/", data)
    operation = Operation(CommandLine(), "data.import")
    before = {"lines": {"1": {"unit_price": "113.7700"}}, "description": ""}
    after = {"lines": {"1": {"unit_price": "119.5300"}}, "description": "Imported"}
    operation.item("dwr", record.pk, versions=(2, 3), before=before, after=after).save()
    operation.close()
    DailyWorkRecord.objects.update(version=3)
    return record


MONEY = re.compile(r"113\.77|119\.53|187\.31|374\.62|910\.16|836\.71|1[ ,]?211\.33")


def test_a_technician_sees_no_price_and_no_amount_anywhere(
    corrected: DailyWorkRecord, job: Job, foreman: Item, technician: User, manager: User
) -> None:
    client, pk = of(technician), corrected.pk
    pages = [
        client.get(path)
        for path in ("/", "/records/", "/records/?tab=all", f"/records/new/?job={job.pk}", f"/records/{pk}/")
    ]
    pages.append(client.post("/records/new/", form(job, [worked(foreman, "0")])))
    commands.send_back_record(pk, version=3, reason="Which truck?", by=manager)
    pages += [client.get(f"/records/{pk}/"), client.get(f"/records/{pk}/edit/"), client.get(f"/records/{pk}/submit/")]
    pages.append(client.post(f"/records/{pk}/edit/", form(job, [worked(foreman)], version=1)))  # a conflict
    assert [page.status_code for page in pages] == [200] * 5 + [422] + [200] * 3 + [409]
    assert [MONEY.findall(text(page)) for page in pages] == [[]] * len(pages)
    assert "7 h" in text(pages[4])


def test_a_manager_sees_them(corrected: DailyWorkRecord, manager: User) -> None:
    page = text(of(manager).get(f"/records/{corrected.pk}/"))
    assert {"119.53", "836.71", "374.62", "1,211.33"} <= set(MONEY.findall(page))
    assert "8 × 113.77 = 910.16" in page


def test_the_pdf_is_the_clients_copy_without_money(corrected: DailyWorkRecord, manager: User) -> None:
    drawn = {"client_signed_by": "D. Okafor", "client_signature": DRAWN, "description": "Spool 14-A, then rain"}
    DailyWorkRecord.objects.update(dwr_number="8841", **drawn)
    answer = of(manager).get(f"/records/{corrected.pk}/pdf/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.content == of(manager).get(f"/records/{corrected.pk}/pdf/").content
    reader = PdfReader(BytesIO(answer.content), strict=True)
    words = "\n".join(page.extract_text() for page in reader.pages)
    for shown in ("8841", "Pump house", "Foreman", "T. Okafor", "Crew truck", "D. Okafor", "Spool 14-A, then rain"):
        assert shown in words, shown
    assert MONEY.findall(words) == []
    assert "Daily work record 8841" in str(reader.metadata and reader.metadata.title)


def test_what_changes_after_the_client_signed_is_said_beside_the_signature(
    job: Job, foreman: Item, technician: User, manager: User
) -> None:
    signed: dict[str, Any] = {"client_signed_by": "D. Okafor", "client_signature": DRAWN}
    of(technician).post("/records/new/", form(job, [worked(foreman, "8")], **signed))
    record = DailyWorkRecord.objects.get()
    page = f"/records/{record.pk}/"

    def corrected(version: int, hours: str, **more: str) -> str:
        signed.update(more)
        data = form(job, [worked(foreman, hours)], version=version, **signed)
        assert of(manager).post(f"{page}edit/", data).status_code == 302
        return text(of(technician).get(page))

    assert "after the client signed" not in text(of(technician).get(page))
    Item.objects.filter(pk=foreman.pk).update(unit_price=Decimal(99), hourly_price=Decimal(99))
    assert "after the client signed" not in corrected(1, "8", signed_by="M. Roy")  # a price, and our own signature
    said = "Corrected after the client signed: M. Roy, "
    assert said in corrected(2, "7")
    pdf = PdfReader(BytesIO(of(technician).get(f"{page}pdf/").content))
    assert said in " ".join(pdf.pages[0].extract_text().split()) + " "
    assert said in text(of(manager).get(f"/records/{record.pk}/detail/"))
    assert "after the client signed" not in corrected(3, "6", client_signature="5,5 900,200")  # signed anew
    of(manager).post(f"{page}send-back/", {"version": 4, "reason": "Which truck?"})
    of(technician).post(
        f"{page}edit/", form(job, [worked(foreman, "5")], version=5, **signed | {"client_signature": "5,5 900,200"})
    )
    assert "Changed after the client signed: T. Okafor, " in text(of(technician).get(page))


def test_an_import_that_made_a_signed_record_changed_nothing(job: Job, manager: User) -> None:
    record = make_record(job=job, client_signed_by="D. Okafor")
    operation = Operation(CommandLine(), "data.import")
    operation.item("dwr", record.pk, versions=(None, 1), after={"date": "2026-11-02", "lines": ["8 h"]}).save()
    operation.close()
    assert "after the client signed" not in text(of(manager).get(f"/records/{record.pk}/"))


def test_the_drawn_signature_is_printed(job: Job, manager: User) -> None:
    """Its two strokes are lines on the page, which the name alone does not bring."""
    record = make_record(job=job, client_signed_by="D. Okafor")
    strokes = []
    for drawing in ("", DRAWN):
        DailyWorkRecord.objects.filter(pk=record.pk).update(client_signature=drawing)
        page = PdfReader(BytesIO(of(manager).get(f"/records/{record.pk}/pdf/").content)).pages[0]
        operators = page.get_contents().get_data().split()  # type: ignore[union-attr]
        strokes.append(operators.count(b"l"))
    assert strokes[1] - strokes[0] == 2


# The page and its acts


def acts(user: User, record: DailyWorkRecord) -> list[str]:
    page = text(of(user).get(f"/records/{record.pk}/"))
    return sorted(set(re.findall(rf'"/records/{record.pk}/([a-z-]+)/"', page)) - {"pdf"})


def test_the_page_offers_what_may_be_done(job: Job, technician: User, manager: User) -> None:
    admin = make_user()
    fields: dict[str, dict[str, Any]] = {
        "draft": {},
        "submitted": {"submitted_on": TODAY},
        "approved": {**APPROVED, "approved_by": manager},
        "invoiced": {**APPROVED, "approved_by": manager},
    }
    offered = {}
    for state, values in fields.items():
        record = make_record(job=job, created_by=technician, **values)
        if state == "invoiced":
            InvoicedRecord.objects.create(record=record, invoice=make_invoice(job=job))
        offered[state] = [acts(user, record) for user in (technician, manager, admin)]
    assert offered == {
        "draft": [["delete", "edit", "submit"], [], ["delete", "edit", "submit"]],
        "submitted": [[], ["edit", "send-back"], ["edit", "send-back"]],
        "approved": [[], ["reopen"], ["reopen"]],
        "invoiced": [[], [], []],
    }


def test_the_way_there_and_back(job: Job, foreman: Item, technician: User, manager: User) -> None:
    of(technician).post("/records/new/", form(job, [worked(foreman)], submit=None))
    record = DailyWorkRecord.objects.get()
    path = f"/records/{record.pk}/"
    assert of(technician).post(f"{path}submit/", {"version": 1}).status_code == 302
    assert of(manager).post(f"{path}send-back/", {"version": 2}).status_code == 422
    assert of(manager).post(f"{path}send-back/", {"version": 2, "reason": "Which truck?"}).status_code == 302
    page = text(of(technician).get(path))
    assert "Sent back by M. Roy" in page
    assert page.count("Which truck?") == 2  # the note and the history
    assert of(technician).post(f"{path}submit/", {"version": 2}).status_code == 409
    of(technician).post(f"{path}submit/", {"version": 3})
    DailyWorkRecord.objects.update(approved_by=manager, **APPROVED)
    assert of(manager).post(f"{path}reopen/", {"version": 4}).status_code == 302
    steps = re.findall(r"<li><b>([A-Za-z ]+)</b> <time[^>]+>[^<]+</time> by ([^<:]+)", text(of(technician).get(path)))
    assert [step for step, _ in steps] == ["Reopened", "Submitted", "Sent back", "Submitted", "Entered"]
    of(manager).post(f"{path}send-back/", {"version": 5, "reason": "Not ours"})
    answer = of(technician).post(f"{path}delete/", {"version": 6}, follow=True)
    assert "DWR 1 deleted." in text(answer)
    assert not DailyWorkRecord.objects.exists()


def test_the_invoice_is_named_and_linked_for_who_may_see_it(job: Job, technician: User, manager: User) -> None:
    record = make_record(job=job, created_by=technician, approved_by=manager, **APPROVED)
    invoice = make_invoice(job=job)
    InvoicedRecord.objects.create(record=record, invoice=invoice)
    for user, linked in ((technician, False), (manager, True), (make_user(), True)):
        page = text(of(user).get(f"/records/{record.pk}/"))
        assert invoice.number in page
        assert (f'href="/invoices/{invoice.pk}/"' in page) == linked
    answer = of(manager).post(f"/records/{record.pk}/reopen/", {"version": 1})
    assert answer.status_code == 409
    assert f"on invoice {invoice.number}" in text(answer)


def test_a_stored_signature_that_is_no_drawing_shows_nothing(job: Job, technician: User) -> None:
    record = make_record(job=job, created_by=technician, signed_by="X", signature='0,0"><script>alert(1)</script>')
    assert "alert(1)" not in text(of(technician).get(f"/records/{record.pk}/"))
    assert of(technician).get(f"/records/{record.pk}/pdf/").status_code == 200


def test_prices_of_the_form_come_from_the_chosen_job(job: Job, foreman: Item, technician: User) -> None:
    dear = make_job(rate_sheet=make_rate_sheet({foreman: ("500", None)}))
    of(technician).post("/records/new/", form(dear, [worked(foreman)]))
    assert DailyWorkRecord.objects.get().lines.get().amount == Decimal("4000.00")
