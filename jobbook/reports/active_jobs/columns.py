"""The columns of the Active Job Dashboard."""

from decimal import Decimal
from html import escape
from typing import Any

from django.utils import timezone

from backlog.grid.columns import (
    NONE,
    AgeColumn,
    ChoiceColumn,
    DateColumn,
    GridColumn,
    GridTable,
    MoneyColumn,
    TextColumn,
)
from backlog.work_columns import page_address
from jobbook.common.money import format_money, share_used
from jobbook.common.spreadsheet import Value
from jobbook.jobs.models import BillingType
from jobbook.reports.active_jobs.expressions import HUNDREDTHS, NEAR, WHOLE
from jobbook.reports.active_jobs.links import invoice_address, trail_address, wip_address


class JobColumn(GridColumn):
    """The job's number, linked to its page, and the project; on a phone client, PO and unbilled in more lines."""

    css = "inv job trunc"
    row_header = True

    def __init__(self, label: str, **kwargs: Any) -> None:
        of_job = ("pk", "job_number", "project_name", "client__name", "due_date", "po_amount")
        super().__init__(label, *of_job, "dwr_amount", "unbilled", **kwargs)

    def cell(self, *values: Any) -> str:
        pk, number, project, client, due, po, work, unbilled = values
        used = share_used(work, po)
        words = [
            f"due {due.isoformat()}{', late' if is_late(due) else ''}" if due else "",
            f"{_per_cent(used)} of PO{_level(used, near=', near it', over=', over it')}" if used is not None else "",
            f"unbilled {format_money(unbilled)}" if unbilled else "",
        ]
        return (
            f'<a href="{page_address("job_page") % pk}">{escape(number)}</a> <span class="sub">{escape(project)}</span>'
            f'<span class="m">{escape(client)}</span>'
            f'<span class="m">{" · ".join(filter(None, words))}</span>'
        )

    def value(self, *values: Any) -> Value:
        return f"{values[1]} {values[2]}"


class DueColumn(DateColumn):
    """The due date; red when it has passed."""

    def cell(self, *values: Any) -> str:
        shown = super().cell(*values)
        return f'<span class="old">{shown}<span class="vh"> late</span></span>' if is_late(values[0]) else shown


class UsedColumn(GridColumn):
    """The DWR amount against the PO amount: a bar with the per cent as text, and a word once it is over 90 %."""

    css = "lo used"
    kind = "percent"
    descending_first = True

    def cell(self, *values: Any) -> str:
        used = share_used(*values)
        if used is None:
            return NONE
        level = _level(used, near="near", over="over")
        return (
            f'<span class="po {level}"><svg viewBox="0 0 100 8" aria-hidden="true"><rect class="all" width="100" '
            f'height="8"></rect><rect width="{min(100, used // HUNDREDTHS)}" height="8"></rect></svg>'
            f"{_per_cent(used)}{level and f' {level} PO'}</span>"
        )

    def value(self, *values: Any) -> Value:
        used = share_used(*values)
        return None if used is None else Decimal(used).scaleb(-2)


class WorkColumn(MoneyColumn):
    """The DWR amount; on a phone, where it stands alone, with what it is."""

    def cell(self, *values: Any) -> str:
        return f'{super().cell(*values)}<span class="m">DWR amount</span>'


class ActionsColumn(GridColumn):
    """What is done next with the job: an invoice for whoever may make one, its trail, its work in progress."""

    css = "lo acts"
    kind = None

    def __init__(self, label: str, *, may_invoice: bool) -> None:
        super().__init__(label, "pk", "job_number", "billing_type")
        self.may_invoice = may_invoice

    def cell(self, *values: Any) -> str:
        pk, number, billing = values
        links = (
            ("Create invoice", invoice_address(pk, billing) if self.may_invoice else ""),
            ("Trail", trail_address(pk)),
            ("WIP", wip_address(number, billing)),
        )
        of_job = f'<span class="vh"> of {escape(number)}</span>'
        return " ".join(f'<a href="{escape(url)}">{label}{of_job}</a>' for label, url in links if url) or NONE


def is_late(due: Any) -> bool:
    """Has the day passed in the company's time zone?"""
    return due is not None and due < timezone.localdate()


def _per_cent(used: int) -> str:
    """Whole per cents, rounded up: '100 %' is not more than the whole."""
    return f"{-(-used // HUNDREDTHS):,} %"


def _level(used: int, *, near: str, over: str) -> str:
    """`over` above the whole, `near` above 90 %, else nothing."""
    return over if used > WHOLE else near if used > NEAR else ""


class ActiveJobTable(GridTable):
    job = JobColumn("Job", sort=["lower:job_number"])
    client = TextColumn("Client", "client__name", sort=["lower:client__name"], css="lo trunc middle")
    manager = TextColumn("PM", "project_manager__name", sort=["lower:project_manager__name"], css="lo trunc short")
    office = TextColumn("Office", "office__name", sort=["null:office__name"], shown=False)
    status = TextColumn("Status", "status", sort=["blank:status"], css="lo trunc short")
    billing = ChoiceColumn("Billing type", "billing_type", choices=BillingType.choices, sort=["billing_type"])
    due = DueColumn("Due date", "due_date", sort=["null:due_date"])
    po_amount = MoneyColumn("PO amount", "po_amount", sort=["null:po_amount"])
    used = UsedColumn("DWRs of PO", "dwr_amount", "po_amount", sort=["null:po_used"])
    dwr_amount = WorkColumn("DWR amount", "dwr_amount", sort=["dwr_amount"], css="num tot")
    expense_amount = MoneyColumn("Expenses", "expense_amount", sort=["expense_amount"])
    invoiced = MoneyColumn("Invoiced", "invoiced", sort=["invoiced"])
    processed = MoneyColumn("Processed", "processed", sort=["processed"])
    paid = MoneyColumn("Paid", "paid", sort=["paid"])
    unbilled = MoneyColumn("Unbilled", "unbilled", sort=["null:unbilled"])
    last_invoice = DateColumn("Last invoice", "last_invoice", sort=["null:last_invoice"])
    since = AgeColumn("Days since", "last_invoice", sort=["-null:last_invoice"])
    actions = ActionsColumn("Actions", may_invoice=True)
