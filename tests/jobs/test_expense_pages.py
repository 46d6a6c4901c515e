"""The pages of expenses: what each person sees and is offered, the acts, the receipt."""

import re
from decimal import Decimal
from typing import Any

import pytest

from invoices.models import InvoicedExpense
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Expense, Job
from jobbook.jobs.transitions import expenses as commands
from jobbook.jobs.uploads import RECEIPT, keep_picture_or_pdf, path_of
from tests.factories import TODAY, make_expense, make_invoice, make_user
from tests.jobs.asking import of, text
from tests.jobs.pictures import PDF, picture

pytestmark = pytest.mark.django_db
APPROVED = {"submitted_on": TODAY, "approved_on": TODAY}
PROCESSED = {**APPROVED, "processed_on": TODAY}


def numbers(response: Any) -> list[str]:
    return re.findall(r'<th scope="row" class="text"><a href="/expenses/[0-9]+/">([0-9]+)', text(response))


def test_each_sees_their_own_list(job: Job, manager: User, technician: User) -> None:
    make_expense(expense_number="901", job=job, created_by=technician)
    make_expense(expense_number="902", job=job, created_by=make_user(Role.TECHNICIAN))
    make_expense(expense_number="903", created_by=manager)
    make_expense(expense_number="904")
    seen = {
        user.name: sorted(numbers(of(user).get("/expenses/?tab=all")))
        for user in (technician, manager, make_user(name="Admin"))
    }
    assert seen == {
        "T. Okafor": ["901"],
        "M. Roy": ["901", "902", "903"],
        "Admin": ["901", "902", "903", "904"],
    }


def test_the_tabs_count_and_sum(job: Job, technician: User) -> None:
    mine = {"job": job, "created_by": technician}
    make_expense(expense_number="901", amount=Decimal("1.10"), **mine)
    make_expense(expense_number="902", amount=Decimal("2.20"), submitted_on=TODAY, **mine)
    make_expense(expense_number="903", amount=Decimal("3.30"), **APPROVED, **mine)
    make_expense(expense_number="904", amount=Decimal("99.00"), job=job)
    found = {}
    for tab in ("not_submitted", "not_approved", "all", "nonsense"):
        answer = of(technician).get(f"/expenses/?tab={tab}")
        total = re.search(r"· <b>([0-9.,]+)</b>", text(answer))
        assert total
        found[tab] = (numbers(answer), total[1])
        assert re.findall(r'class="c">([0-9]+)<', text(answer)) == ["1", "1", "3"]
    assert found == {
        "not_submitted": (["901"], "1.10"),
        "not_approved": (["902"], "2.20"),
        "all": (["903", "902", "901"], "6.60"),
        "nonsense": (["901"], "1.10"),
    }


def test_fifty_rows_a_page_in_few_queries(job: Job, technician: User, django_assert_max_num_queries: Any) -> None:
    for n in range(51):
        make_expense(expense_number=str(1000 + n), job=job, created_by=technician)
    client = of(technician)
    with django_assert_max_num_queries(9):
        first = client.get("/expenses/")
    assert (len(numbers(first)), len(numbers(client.get("/expenses/?page=2")))) == (50, 1)


# The page


def acts(user: User, expense: Expense) -> list[str]:
    page = text(of(user).get(f"/expenses/{expense.pk}/"))
    return sorted(set(re.findall(rf'"/expenses/{expense.pk}/([a-z-]+)/"', page)) - {"receipt"})


def test_the_page_offers_what_may_be_done(job: Job, technician: User, manager: User) -> None:
    admin = make_user()
    fields: dict[str, dict[str, Any]] = {
        "draft": {},
        "submitted": {"submitted_on": TODAY},
        "approved": APPROVED,
        "processed": {**APPROVED, "processed_on": TODAY},
    }
    offered = {}
    for state, values in fields.items():
        expense = make_expense(job=job, created_by=technician, **values)
        offered[state] = [acts(user, expense) for user in (technician, manager, admin)]
    assert offered == {
        "draft": [["delete", "edit", "submit"], [], ["delete", "edit", "submit"]],
        "submitted": [[], ["edit", "send-back"], ["edit", "send-back"]],
        "approved": [[], ["reopen"], ["process", "reopen"]],
        "processed": [[], [], ["unprocess"]],
    }


def test_each_state_is_said_in_words(job: Job, technician: User) -> None:
    mine = {"job": job, "created_by": technician}
    for number, (word, fields) in enumerate(
        (("Draft", {}), ("Submitted", {"submitted_on": TODAY}), ("Approved", APPROVED), ("Processed", PROCESSED))
    ):
        expense = make_expense(expense_number=str(number), **fields, **mine)
        page = text(of(technician).get(f"/expenses/{expense.pk}/"))
        assert re.findall(r'<span class="chip [a-z]+">.*?</svg>([A-Za-z ]+)</span>', page) == [word]
        asked = text(of(make_user()).get(f"/expenses/{expense.pk}/send-back/"))
        assert (f"{expense} is {word} now" in asked) == (word != "Submitted")


def test_the_history_says_who_did_what(job: Job, technician: User, manager: User, draft_expense: Expense) -> None:
    commands.submit_expense(draft_expense.pk, version=1, by=technician)
    commands.send_back_expense(draft_expense.pk, version=2, reason="Which truck?", by=manager)
    page = text(of(technician).get(f"/expenses/{draft_expense.pk}/"))
    steps = re.findall(r"<li><b>([A-Za-z ]+)</b> <time[^>]+>[^<]+</time> by ([^<:]+)", page)
    assert steps == [("Sent back", "M. Roy"), ("Submitted", "T. Okafor"), ("Entered", "T. Okafor")]


def test_what_an_invoice_accounts_for_names_it_and_offers_nothing(job: Job, technician: User, manager: User) -> None:
    expense = make_expense(job=job, created_by=technician, processed_on=TODAY, **APPROVED)
    invoice = make_invoice(job=job, number="INV-10555")
    InvoicedExpense.objects.create(expense=expense, invoice=invoice)
    assert acts(make_user(), expense) == []
    link = f'href="/invoices/{invoice.pk}/"'
    for user, linked in ((technician, False), (manager, True), (make_user(), True)):
        page = text(of(user).get(f"/expenses/{expense.pk}/"))
        assert "INV-10555" in page
        assert (link in page) == linked


def test_sent_back_stands_on_the_page_and_in_the_list(
    job: Job, technician: User, manager: User, draft_expense: Expense
) -> None:
    commands.submit_expense(draft_expense.pk, version=1, by=technician)
    address = f"/expenses/{draft_expense.pk}/send-back/"
    assert of(manager).post(address, {"version": "2", "reason": " "}).status_code == 422
    of(manager).post(address, {"version": "2", "reason": "Which <truck>?"})
    page = text(of(technician).get(f"/expenses/{draft_expense.pk}/"))
    assert "Sent back by M. Roy.</b> Which &lt;truck&gt;?" in page
    assert "Sent back" in text(of(technician).get("/expenses/"))
    assert "Which &lt;truck&gt;?" in text(of(technician).get(f"/expenses/{draft_expense.pk}/edit/"))


def test_an_act_on_what_moved_is_409_with_who_and_when(technician: User, draft_expense: Expense) -> None:
    client = of(technician)
    assert client.post(f"/expenses/{draft_expense.pk}/submit/", {"version": "1"}).status_code == 302
    answer = client.post(f"/expenses/{draft_expense.pk}/submit/", {"version": "1"})
    assert answer.status_code == 409
    assert "submitted by T. Okafor at" in text(answer)
    assert "nothing to do here" in text(client.get(f"/expenses/{draft_expense.pk}/submit/"))


def test_a_draft_is_deleted_after_a_question(technician: User, draft_expense: Expense) -> None:
    client = of(technician)
    assert "Delete: Expense 1" in text(client.get(f"/expenses/{draft_expense.pk}/delete/"))
    answer = client.post(f"/expenses/{draft_expense.pk}/delete/", {"version": "1"}, follow=True)
    assert answer.redirect_chain == [("/expenses/", 302)]
    assert "Expense 1 deleted." in text(answer)
    assert client.get(f"/expenses/{draft_expense.pk}/").status_code == 404


def test_a_technician_sees_no_other_money(job: Job, technician: User) -> None:
    job.po_amount, job.contract_amount = Decimal("777001.00"), Decimal("777002.00")
    job.save()
    make_expense(job=job, amount=Decimal("777003.00"))
    own = make_expense(job=job, amount=Decimal("12.34"), created_by=technician)
    for address in ("/expenses/?tab=all", "/expenses/new/", f"/expenses/{own.pk}/", f"/expenses/{own.pk}/edit/"):
        page = text(of(technician).get(address))
        assert "777" not in re.sub(r'value="[^"]{20,}"', "", page)
        assert "12.34" in page or address == "/expenses/new/"


# The receipt


def test_a_picture_is_shown_and_a_pdf_downloaded(job: Job, technician: User) -> None:
    mine = {"job": job, "created_by": technician}
    photo = make_expense(expense_number='a"/../b\r\n7', receipt=keep_picture_or_pdf(picture(), RECEIPT), **mine)
    paper = make_expense(expense_number="8", receipt=keep_picture_or_pdf(PDF, RECEIPT), **mine)
    shown, loaded = (of(technician).get(f"/expenses/{each.pk}/receipt/") for each in (photo, paper))
    assert (shown["Content-Type"], loaded["Content-Type"]) == ("image/jpeg", "application/pdf")
    assert shown["Content-Disposition"] == 'inline; filename="expense-a-b-7.jpg"'
    assert loaded["Content-Disposition"] == 'attachment; filename="expense-8.pdf"'
    assert loaded.content == PDF
    for answer in (shown, loaded):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "no-store" in answer["Cache-Control"]


def test_a_strangers_receipt_is_not_there(job: Job, technician: User) -> None:
    receipt = keep_picture_or_pdf(picture(), RECEIPT)
    theirs = make_expense(job=job, created_by=make_user(Role.TECHNICIAN), receipt=receipt)
    for user, status in (
        (technician, 404),
        (make_user(Role.PROJECT_MANAGER), 404),
        (make_user(Role.ACCOUNTING), 403),
        (job.project_manager, 200),
        (make_user(), 200),
    ):
        assert of(user).get(f"/expenses/{theirs.pk}/receipt/").status_code == status


@pytest.mark.parametrize("fault", ["missing", "changed"])
def test_a_receipt_lost_on_the_disk_says_so(job: Job, technician: User, fault: str) -> None:
    receipt = keep_picture_or_pdf(picture(), RECEIPT)
    expense = make_expense(job=job, created_by=technician, receipt=receipt)
    path_of(receipt).unlink() if fault == "missing" else path_of(receipt).write_bytes(b"x")
    answer = of(technician).get(f"/expenses/{expense.pk}/receipt/")
    assert answer.status_code == 410
    assert f"The receipt of {expense} is not there any more" in text(answer)
    assert of(technician).get(f"/expenses/{expense.pk}/").status_code == 200
