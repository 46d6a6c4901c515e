"""The Invoices list: the tab of one's own, and the way to a new invoice."""

import re

import pytest

from jobbook.accounts.roles import Role
from tests.backlog.grids import logged_in, rows, text
from tests.factories import make_company, make_invoice, make_job, make_user

pytestmark = pytest.mark.django_db


def tab_counts(page: str) -> dict[str, str]:
    return dict(re.findall(r'id="tab-(\w+)"[^>]*>[^<]*<span class="c">(\d+)</span>', page))


def test_mine_are_those_i_made_and_those_of_my_jobs() -> None:
    make_company()
    admin, manager = make_user(), make_user(Role.PROJECT_MANAGER)
    mine = make_invoice(created_by=admin)
    of_my_job = make_invoice(job=make_job(project_manager=manager), signed=False)
    answer = logged_in(admin).get("/invoices/?tab=mine")
    assert list(rows(answer)) == [mine.number]
    assert tab_counts(text(answer)) | {"mine": "1", "all": "2", "pm": "1", "admin": "1"} == tab_counts(text(answer))
    assert list(rows(logged_in(manager).get("/invoices/?tab=mine"))) == [of_my_job.number]


def test_accounting_has_no_tab_of_its_own_and_makes_no_invoice() -> None:
    make_company()
    make_invoice()
    page = text(logged_in(make_user(Role.ACCOUNTING)).get("/invoices/"))
    assert "tab-mine" not in page
    assert "New invoice" not in page
    assert "/invoices/new/" in text(logged_in(make_user()).get("/invoices/"))
