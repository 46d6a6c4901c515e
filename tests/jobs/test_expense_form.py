"""The form of expenses: what is entered, checked, kept, changed, and what is refused."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Company, Expense, Job, StoredFile
from jobbook.jobs.transitions import expenses as commands
from jobbook.jobs.uploads import path_of
from tests.commands import assert_sound
from tests.factories import TODAY, make_employee, make_job, make_user
from tests.jobs.asking import form_data, of, text, upload
from tests.jobs.pictures import PDF, SVG, opened, photo_of_a_telephone, picture

pytestmark = pytest.mark.django_db


def test_the_form_begins_with_today_own_name_and_submit(job: Job, technician: User) -> None:
    page = text(of(technician).get(f"/expenses/new/?job={job.pk}"))
    assert f'value="{timezone.localdate()}"' in page
    assert f'<option value="{job.pk}" selected>26-0700 Pump house' in page
    assert '<option value="T. Okafor" selected>' in page
    assert re.search(r'name="submit"[^>]* checked', page)
    assert 'accept="image/*,application/pdf"' in page
    make_employee("Okafor, Tunde", user=technician)
    assert '<option value="Okafor, Tunde" selected>' in text(of(technician).get("/expenses/new/"))


def test_only_active_jobs_are_offered(job: Job, technician: User) -> None:
    closed = make_job(active=False, job_number="26-0701")
    assert "26-0701" not in text(of(technician).get("/expenses/new/"))
    answer = of(technician).post("/expenses/new/", form_data(closed))
    assert answer.status_code == 422
    assert not Expense.objects.exists()


def test_entered_with_a_photo_and_submitted(job: Job, technician: User) -> None:
    data = form_data(job, receipt=upload(photo_of_a_telephone()), description="A\r\nB")
    answer = of(technician).post("/expenses/new/", data, follow=True)
    expense = Expense.objects.get()
    assert answer.redirect_chain == [(f"/expenses/{expense.pk}/", 302)]
    assert "Expense 1 submitted." in text(answer)
    assert (expense.state, expense.amount, expense.created_by) == ("submitted", Decimal("42.50"), technician)
    assert expense.description == "A\nB"
    assert expense.receipt
    assert opened(path_of(expense.receipt).read_bytes()).size == (40, 60)
    assert_sound()


def test_without_the_tick_it_is_a_draft(job: Job, technician: User) -> None:
    data = form_data(job)
    del data["submit"]
    assert "Expense 1 saved as a draft." in text(of(technician).post("/expenses/new/", data, follow=True))
    assert Expense.objects.get().state == "draft"


def test_sent_twice_it_is_one(job: Job, technician: User) -> None:
    data = form_data(job)
    answers = [of(technician).post("/expenses/new/", data) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {f"/expenses/{Expense.objects.get().pk}/"}


def test_filled_in_again_after_back_it_is_kept_and_can_be_saved_as_another(job: Job, technician: User) -> None:
    client, data = of(technician), form_data(job)
    client.post("/expenses/new/", data)
    answer = client.post("/expenses/new/", data | {"amount": "7.00"})
    assert answer.status_code == 409
    assert "Expense 1: this form was sent before" in text(answer)
    assert "Save it again to enter it as a new expense." in text(answer)
    key = re.search(r'name="key" value="([^"]+)"', text(answer))
    assert key
    assert key[1] != data["key"]
    assert 'value="7.00"' in text(answer)
    assert client.post("/expenses/new/", data | {"amount": "7.00", "key": key[1]}).status_code == 302
    assert sorted(Expense.objects.values_list("amount", flat=True)) == [Decimal("7.00"), Decimal("42.50")]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("", "This field is required"),
        ("0", "above zero"),
        ("0.00", "above zero"),
        ("-1", "Write it as"),
        ("1.005", "Write it as"),
        ("1,50", "Write it as"),
        ("1 000", "Write it as"),
        ("1e3", "Write it as"),
        ("NaN", "Write it as"),
        ("١٢", "Write it as"),
        ("1000000000", "Write it as"),
        ("1.", "Write it as"),
    ],
)
def test_amounts_are_strict(job: Job, technician: User, amount: str, words: str) -> None:
    answer = of(technician).post("/expenses/new/", form_data(job, amount=amount))
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Expense.objects.exists()


@pytest.mark.parametrize(
    ("amount", "kept"), [("999999999.99", "999999999.99"), ("0.01", "0.01"), ("7", "7.00"), (" 8.5 ", "8.50")]
)
def test_amounts_that_are_taken(job: Job, technician: User, amount: str, kept: str) -> None:
    of(technician).post("/expenses/new/", form_data(job, amount=amount))
    assert Expense.objects.get().amount == Decimal(kept)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", ""),
        ("date", "20/11/2026"),
        ("date", "2026-02-30"),
        ("date", "2999-01-01"),
        ("job", "x"),
        ("job", "999999"),
        ("employee", "Nobody"),
        ("item", "x" * 201),
        ("item", "a\x07b"),
        ("description", "x" * 2001),
        ("key", "x"),
    ],
)
def test_other_fields_are_checked(job: Job, technician: User, field: str, value: str) -> None:
    answer = of(technician).post("/expenses/new/", form_data(job) | {field: value})
    assert answer.status_code == 422
    assert "There is a problem" in text(answer)
    assert not Expense.objects.exists()


def test_the_day_of_the_company_counts(job: Job, technician: User) -> None:
    """The zones are 25 hours apart, so it is never the same day in both."""
    shown = {}
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        Company.objects.update(time_zone=zone)
        found = re.search(r'name="date" value="([0-9-]+)"', text(of(technician).get("/expenses/new/")))
        assert found
        shown[zone] = found[1]
        assert of(technician).post("/expenses/new/", form_data(job, date=found[1])).status_code == 302
    assert shown["Pacific/Kiritimati"] > shown["Pacific/Niue"]
    assert {str(each.submitted_on) for each in Expense.objects.all()} == set(shown.values())


def test_a_bad_upload_is_an_error_by_its_field_and_loses_nothing_else(job: Job, technician: User) -> None:
    answer = of(technician).post("/expenses/new/", form_data(job, receipt=upload(SVG), item="Permit"))
    page = text(answer)
    assert answer.status_code == 422
    assert "Receipt: The file is no PNG, JPEG or PDF." in page
    assert 'id="id_receipt_error"' in page
    assert 'value="42.50"' in page
    assert 'value="Permit"' in page
    assert f'<option value="{job.pk}" selected>' in page


def test_an_upload_that_is_too_large_is_not_read(job: Job, technician: User, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = of(technician).post("/expenses/new/", form_data(job, receipt=upload(PDF + b"\0" * 15_000_001)))
    assert "at most 15,000,000 can be kept" in text(answer)
    assert not StoredFile.objects.exists()


def test_an_error_elsewhere_does_not_lose_the_photo(job: Job, technician: User) -> None:
    client = of(technician)
    data = form_data(job, amount="", receipt=upload(picture()))
    page = text(client.post("/expenses/new/", data))
    assert "A picture is kept as the receipt." in page
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert kept
    client.post("/expenses/new/", form_data(job, kept=kept[1]))
    assert Expense.objects.get().receipt == StoredFile.objects.get()


@pytest.mark.parametrize("forge", ["another", "unsigned"])
def test_a_kept_photo_is_its_owners(job: Job, technician: User, forge: str) -> None:
    page = text(of(technician).post("/expenses/new/", form_data(job, amount="", receipt=upload(picture()))))
    found = re.search(r'name="kept" value="([^"]+)"', page)
    assert found
    other = make_user(Role.TECHNICIAN, name="T. Okafor")
    token = found[1] if forge == "another" else f"[{other.pk},{StoredFile.objects.get().pk}]"
    of(other).post("/expenses/new/", form_data(job, kept=token))
    assert Expense.objects.get().receipt is None


# Changing it


def test_a_draft_is_changed_and_submitted(job: Job, technician: User, draft_expense: Expense) -> None:
    page = text(of(technician).get(f"/expenses/{draft_expense.pk}/edit/"))
    assert 'value="42.50"' in page
    of(technician).post(f"/expenses/{draft_expense.pk}/edit/", form_data(job, version="1", amount="43"))
    draft_expense.refresh_from_db()
    assert (draft_expense.state, draft_expense.amount, draft_expense.version) == ("submitted", Decimal("43.00"), 2)


def test_an_edit_that_is_sent_twice_is_answered_alike(job: Job, technician: User, draft_expense: Expense) -> None:
    data = form_data(job, version="1", amount="43")
    answers = [of(technician).post(f"/expenses/{draft_expense.pk}/edit/", data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    draft_expense.refresh_from_db()
    assert draft_expense.version == 2


def test_a_conflict_says_who_changed_what_and_keeps_what_was_entered(
    job: Job, technician: User, draft_expense: Expense
) -> None:
    admin = make_user(name="A. Boss")
    of(admin).post(
        f"/expenses/{draft_expense.pk}/edit/",
        form_data(job, version="1", amount="45.10") | {"submit": ""},
    )
    answer = of(technician).post(f"/expenses/{draft_expense.pk}/edit/", form_data(job, version="1", amount="46.00"))
    page = text(answer)
    assert answer.status_code == 409
    assert "changed by A. Boss" in page
    assert "Amount: 42.50 → 45.10" in page
    assert 'value="46.00"' in page
    draft_expense.refresh_from_db()
    assert draft_expense.amount == Decimal("45.10")
    assert "Save again to put what stands below in its place." in page
    version = re.search(r'name="version" value="(\d)"', page)
    assert version is not None
    of(technician).post(f"/expenses/{draft_expense.pk}/edit/", form_data(job, version=version[1], amount="46.00"))
    draft_expense.refresh_from_db()
    assert draft_expense.amount == Decimal("46.00")


def test_a_manager_corrects_a_submitted_one_and_sends_no_tick(job: Job, manager: User, draft_expense: Expense) -> None:
    commands.submit_expense(draft_expense.pk, version=1, by=draft_expense.created_by or manager)
    page = text(of(manager).get(f"/expenses/{draft_expense.pk}/edit/"))
    assert 'name="submit"' not in page
    assert f"Correct {draft_expense}" in page
    answer = of(manager).post(
        f"/expenses/{draft_expense.pk}/edit/", form_data(job, version="2", amount="40.00"), follow=True
    )
    assert f"{draft_expense} corrected." in text(answer)
    assert "Corrected" in text(answer)
    draft_expense.refresh_from_db()
    assert (draft_expense.state, draft_expense.amount) == ("submitted", Decimal("40.00"))


def test_moved_to_another_managers_job_it_leads_to_the_list(job: Job, manager: User, draft_expense: Expense) -> None:
    commands.submit_expense(draft_expense.pk, version=1, by=draft_expense.created_by or manager)
    elsewhere = make_job()
    answer = of(manager).post(f"/expenses/{draft_expense.pk}/edit/", form_data(elsewhere, version="2"), follow=True)
    assert answer.redirect_chain == [("/expenses/", 302)]
    assert f"{draft_expense} corrected." in text(answer)


def test_a_managers_edit_of_anothers_draft_is_refused(job: Job, manager: User, draft_expense: Expense) -> None:
    assert of(manager).get(f"/expenses/{draft_expense.pk}/edit/").status_code == 403
    answer = of(manager).post(f"/expenses/{draft_expense.pk}/edit/", form_data(job, version="1", amount="1"))
    assert answer.status_code == 409
    assert "Only who entered it" in text(answer)
    draft_expense.refresh_from_db()
    assert draft_expense.amount == Decimal("42.50")


def test_the_form_of_one_that_is_locked_says_why(
    job: Job, technician: User, manager: User, draft_expense: Expense
) -> None:
    commands.submit_expense(draft_expense.pk, version=1, by=technician)
    answer = of(technician).get(f"/expenses/{draft_expense.pk}/edit/")
    assert answer.status_code == 409
    assert "submitted by T. Okafor at" in text(answer)
    Expense.objects.filter(pk=draft_expense.pk).update(approved_on=TODAY)
    assert "reopen it first" in text(of(manager).get(f"/expenses/{draft_expense.pk}/edit/"))


def test_a_receipt_is_replaced_and_removed(job: Job, technician: User, draft_expense: Expense) -> None:
    address, client = f"/expenses/{draft_expense.pk}/edit/", of(technician)
    keep = {"submit": ""}
    client.post(address, form_data(job, version="1", receipt=upload(picture())) | keep)
    first = Expense.objects.get().receipt
    client.post(address, form_data(job, version="2") | keep)
    assert first is not None
    assert Expense.objects.get().receipt == first
    client.post(address, form_data(job, version="2", receipt=upload(PDF), remove_receipt="on") | keep)
    second = Expense.objects.get().receipt
    assert second is not None
    assert second.type == "pdf"
    client.post(address, form_data(job, version="3", remove_receipt="on") | keep)
    assert Expense.objects.get().receipt is None
