"""process_invoices from a script: on the company's day, as the page does it."""

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from tests.commands import fresh
from tests.factories import make_company, make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])  # one of them has another day than UTC, always
def test_processed_on_the_day_of_the_company(zone: str) -> None:
    make_company(time_zone=zone)
    admin, invoice = make_user(), make_invoice()
    before = datetime.now(ZoneInfo(zone)).date()
    call_command("process_invoices", "--invoice", invoice.number, "--by", admin.email, stdout=io.StringIO())
    assert before <= (fresh(invoice).processed_on or before) <= datetime.now(ZoneInfo(zone)).date()
    assert fresh(invoice).processed_on is not None
