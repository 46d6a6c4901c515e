"""What an administrator is told to look at before handing an invoice over. Checks warn, they never block.

Each is a condition in SQL, so invoices can be filtered and grouped by them; `CHECKS_MASK` is one number with a bit
per failed check.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable

from backlog.mapped import CLIENT_UNMAPPED, LINE_UNMAPPED
from invoices.document import InvoiceData
from jobbook.accounts.roles import Permission
from jobbook.common.http import page_url
from jobbook.common.money import money
from jobbook.common.templatetags.jobbook import money_text
from jobbook.jobs.models import Company, Expense

OPEN_EXPENSES = ("submitted", "approved")


@dataclass(frozen=True)
class Check:
    """label: on the chip. passed, failed: in words. url_name: the page where it is mended, if it exists. mended_by: the
    right that page needs, where not all who see the check have it.
    """

    slug: str
    label: str
    passed: str
    failed: str
    condition: Q
    kind: str = "warn"
    url_name: str = ""
    mended_by: Permission | None = None

    def mended_at(self) -> str | None:
        return page_url(self.url_name) if self.url_name else None


_EXPENSES = Exists(
    Expense.objects.filter(job=OuterRef("job"), date__lte=OuterRef("invoice_date"), state__in=OPEN_EXPENSES)
)
_CLOSED = Exists(Company.objects.filter(books_closed_through__gte=OuterRef("invoice_date")))
_NO_ADDRESS = Q(bill_to_1="", bill_to_2="", bill_to_3="", bill_to_4="", bill_to_5="", bill_to_6="")

CHECKS = (
    Check("unsigned", "Not signed", "Representative signature saved", "Not signed", Q(signed_on__isnull=True), "bad"),
    Check(
        "resigned",
        "Changed since signed",
        "Total as signed",
        "Changed after signature",
        Q(signed_total__isnull=False) & ~Q(signed_total=F("total")),
    ),
    Check(
        "expenses",
        "Expenses pending",
        "No pending expenses on the job",
        "Expenses of the job are pending",
        Q(_EXPENSES),
        url_name="expense_approval_backlog",
        mended_by=Permission.APPROVE,
    ),
    Check(
        "address", "Address missing", "Billing address complete", "The billing address is missing", _NO_ADDRESS, "bad"
    ),
    Check(
        "po",
        "PO missing",
        "PO number there, or none required",
        "The job requires a PO number",
        Q(job__po_required=True, po_number=""),
        "bad",
    ),
    Check("zero", "Zero total", "Total is not zero", "The total is zero", Q(total=money("0.00"))),
    Check(
        "changed",
        "Changed since export",
        "Unchanged since it was exported, or not exported",
        "Changed since it was exported",
        Q(export_mark__isnull=False) & ~Q(export_mark__content_version=F("content_version")),
    ),
    Check(
        "client",
        "Client not mapped",
        "Client mapped, or no client is yet",
        "The client is not mapped in the firm's accounting format",
        CLIENT_UNMAPPED,
        mended_by=Permission.ADMINISTER,
    ),
    Check(
        "lines",
        "Items not mapped",
        "Lines mapped, or no item is yet",
        "A line is not mapped in the firm's accounting format",
        LINE_UNMAPPED,
        mended_by=Permission.ADMINISTER,
    ),
    Check(
        "period",
        "Books closed",
        "Dated in an open period",
        "Dated in a period whose books are closed",
        Q(_CLOSED),
        url_name="company",
        mended_by=Permission.ADMINISTER,
    ),
)
BY_SLUG = {check.slug: check for check in CHECKS}


def mask() -> Combinable:
    """The failed checks of an invoice as one number: bit n is CHECKS[n]."""
    total: Combinable = Value(0, output_field=IntegerField())
    for bit, check in enumerate(CHECKS):
        total = total + Case(When(check.condition, then=Value(1 << bit)), default=Value(0), output_field=IntegerField())
    return total


CHECKS_MASK = mask()


def failed(value: int) -> list[Check]:
    """The checks whose bit is set."""
    return [check for bit, check in enumerate(CHECKS) if value & (1 << bit)]


def title(value: int) -> str:
    """'Ready', or the labels of what failed."""
    return ", ".join(check.label for check in failed(value)) or "Ready"


def explain(check: Check, invoice: InvoiceData, *, signed_total: object, open_expenses: int) -> str:
    """A failed check in a sentence with its particulars."""
    particulars: dict[str, Callable[[], str]] = {
        "unsigned": lambda: f"Not signed{_release(invoice)}",
        "resigned": lambda: (
            f"Changed after signature: {money_text(signed_total)} was signed, it is {money_text(invoice.total)} now"  # type: ignore[arg-type]
        ),
        "expenses": lambda: (
            f"{open_expenses} expense{'' if open_expenses == 1 else 's'} of the job up to the invoice date "
            f"{'is' if open_expenses == 1 else 'are'} not processed"
        ),
    }
    return particulars[check.slug]() if check.slug in particulars else check.failed


def _release(invoice: InvoiceData) -> str:
    if invoice.released_on is None:
        return ""
    return f": released by {invoice.released_by} on {invoice.released_on:%-d %b %Y}, {invoice.release_reason}"
