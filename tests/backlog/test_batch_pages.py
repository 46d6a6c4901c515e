"""The pages of batches show what the batch did, but nobody what is not theirs."""

import pytest
from django.test import Client

from invoices.signing import take_signature_off
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import ApprovalBatch, Job
from tests.backlog.work import RECORDS_URL, confirm, window, words
from tests.commands import fresh, process, undo
from tests.factories import TODAY, make_company, make_invoice, make_job, make_record, make_user

pytestmark = pytest.mark.django_db(transaction=True)
HIDDEN = "1 more is not yours to see now."


@pytest.fixture
def admin() -> User:
    make_company()
    return make_user(name="M. Tran")


def test_an_invoice_that_left_accountings_queues_is_counted_but_not_shown(client: Client, admin: User) -> None:
    gone, stays = make_invoice(client_name="Kestrel Gas"), make_invoice()
    batch = process(admin, [gone, stays])
    undo(admin, batch)
    take_signature_off(gone.pk, version=fresh(gone).version, by=admin)
    client.force_login(make_user(Role.ACCOUNTING))
    page = client.get(f"/batches/{batch.number}/").content.decode()
    assert stays.number in page
    assert gone.number not in page
    assert "Kestrel Gas" not in page
    assert HIDDEN in words(page)
    client.force_login(admin)
    page = client.get(f"/batches/{batch.number}/").content.decode()
    assert HIDDEN not in words(page)
    assert gone.number in page
    assert "PM Queue" in page


def test_a_manager_sees_no_longer_what_was_approved_on_a_job_given_to_another(client: Client, admin: User) -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    jobs = [make_job(project_manager=manager, job_number=number) for number in ("26-A", "26-B")]
    rows = [make_record(job=job, submitted_on=TODAY) for job in jobs]
    client.force_login(manager)
    confirm(client, RECORDS_URL, window(client, RECORDS_URL, rows))
    Job.objects.filter(pk=jobs[0].pk).update(project_manager=admin)
    page = client.get(f"/approvals/{ApprovalBatch.objects.get().number}/").content.decode()
    assert "26-B" in page
    assert "26-A" not in page
    assert HIDDEN in words(page)
