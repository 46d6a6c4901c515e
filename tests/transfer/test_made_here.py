"""An import and the invoices that were made out of DWRs here: each line of the work stands behind one of theirs."""

import pytest

from invoices.models import InvoicedRecord, InvoiceLine
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Job
from tests.commands import assert_sound
from tests.factories import make_user
from tests.invoicing import approved, invoice_all
from tests.transfer.folders import SMALL, import_texts, problems_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small() -> None:
    assert problems_of(SMALL) == []


def line_row(line: InvoiceLine, dwr_number: str, *, number: int = 0) -> dict[str, str]:
    """The row of a line as it is, but for its DWR; with a number a new line like it that costs nothing."""
    columns = "invoice_number,line_number,section,description,amount,dwr_number"
    cells = (line.invoice.number, number or line.line_number, line.section, "x", 0 if number else line.amount)
    return {"invoice_lines.csv": f"{columns}\n{','.join(map(str, cells))},{dwr_number}\n"}


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_dwr_that_was_invoiced_here_stays_on_its_invoice(dry_run: bool) -> None:
    admin, job = make_user(Role.ADMINISTRATOR), Job.objects.get(job_number="26-1")
    record, other = (approved(job, admin, dwr_number=number) for number in ("9001", "9002"))
    (invoice,) = invoice_all(admin, [record]).invoices
    line = invoice.lines.get()
    stays = f'invoice_lines.csv:2: dwr_number: DWR "9001" was invoiced here; it stays on "{invoice.number}"'
    for number in ("", other.dwr_number):
        problems = import_texts(line_row(line, number), dry_run=dry_run).problems
        assert stays in [str(each) for each in problems]
    assert InvoicedRecord.objects.get(record=record).invoice == invoice
    assert problems_of(line_row(line, record.dwr_number)) == []
    assert_sound()


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_invoice_made_here_takes_no_dwr_from_a_file(dry_run: bool) -> None:
    admin, job = make_user(Role.ADMINISTRATOR), Job.objects.get(job_number="26-1")
    record, other = (approved(job, admin, dwr_number=number) for number in ("9001", "9002"))
    (invoice,) = invoice_all(admin, [record]).invoices
    line = invoice.lines.get()
    problems = import_texts(line_row(line, other.dwr_number, number=9), dry_run=dry_run).problems
    reason = f'"{invoice.number}" was made here; it takes DWR "9002" on its page only'
    assert [str(each) for each in problems] == [f"invoice_lines.csv:2: dwr_number: {reason}"]
    assert problems_of(line_row(line, record.dwr_number, number=9)) == []  # it is on it already
    assert_sound()
