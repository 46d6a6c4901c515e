"""A job with its manager, a technician, and an expense the technician entered."""

from decimal import Decimal
from uuid import uuid4

import pytest

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Expense, Job
from jobbook.jobs.transitions.expenses import Entered, enter_expense
from tests.factories import TODAY, make_company, make_job, make_user


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
