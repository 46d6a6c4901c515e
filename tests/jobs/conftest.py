"""A job with its manager, a technician, an expense the technician entered, and what a DWR is made of."""

from decimal import Decimal
from uuid import uuid4

import pytest

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Expense, Item, Job, Section
from jobbook.jobs.transitions.expenses import Entered, enter_expense
from tests.factories import TODAY, make_company, make_item, make_job, make_user


@pytest.fixture
def manager() -> User:
    return make_user(Role.PROJECT_MANAGER, name="M. Roy")


@pytest.fixture
def job(manager: User) -> Job:
    make_company()
    return make_job(project_manager=manager, job_number="26-0700", project_name="Pump house")


@pytest.fixture
def technician() -> User:
    return make_user(Role.TECHNICIAN, name="T. Okafor")


@pytest.fixture
def draft_expense(job: Job, technician: User) -> Expense:
    entered = Entered(job, TODAY, "T. Okafor", Decimal("42.50"), "Fuel")
    return enter_expense(entered, key=uuid4(), submit=False, by=technician).expense


@pytest.fixture
def foreman(job: Job) -> Item:
    """Labour with a price that stands on no other page."""
    return make_item("FOREMAN", name="Foreman", unit_price=Decimal("113.77"))


@pytest.fixture
def truck(job: Job) -> Item:
    return make_item("TRUCK", name="Crew truck", section=Section.EQUIPMENT, unit="day", unit_price=Decimal("187.31"))
