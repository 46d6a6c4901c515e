"""What the template of the invoice form shows besides the sheet."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from invoices.changed import left_out
from invoices.difference import differences
from invoices.expenses import why_not_ticked
from invoices.form.row import Row
from invoices.form.sheet import TABS, Sheet, pending_expenses, records_to_add, sheet_of
from invoices.invoiced import looked_at, why_not_by_hand
from invoices.models import Invoice, Queue
from invoices.refusals import last_change_of
from jobbook.common.errors import Refusal, Refused
from jobbook.common.money import total_of
from jobbook.jobs.models import BillingType, DailyWorkRecord, Expense, Job, Section, contract_on
from jobbook.jobs.models.expense import ExpenseState

_ABOUT = {
    Section.LABOUR: "Hours of the crew. Without a quantity the price is a lump sum.",
    Section.EQUIPMENT: "Equipment, materials and expenses. Without a quantity the price is a lump sum.",
    Section.FIXED_PRICE: "Lump sums. Without a quantity the price is the whole amount.",
    Section.UNPRICED: "Notes that are printed and carry no amount.",
}
_EMPTY = {
    Section.LABOUR: "No labour on this invoice.",
    Section.EQUIPMENT: "No equipment or materials on this invoice.",
    Section.FIXED_PRICE: "No fixed-price lines on this invoice.",
    Section.UNPRICED: "No notes on this invoice.",
}
EDITABLE = (Queue.PM, Queue.TICKET, Queue.ADMIN)


@dataclass(frozen=True)
class Tab:
    """A tab of lines."""

    slug: str
    label: str
    about: str
    empty: str
    rows: list[Row]
    codes: list[tuple[str, str]]  # items offered: code and name
    subtotal: Decimal | None

    @property
    def faults(self) -> int:
        return sum(bool(row.errors) for row in self.rows)

    @property
    def is_priced(self) -> bool:
        return self.subtotal is not None


def form_context(sheet: Sheet, *, tab: str, dirty: bool, refused: Refused | None = None) -> dict[str, Any]:
    """The names of templates/invoices/form.html."""
    tabs = [tab_of(sheet, section) for section in TABS]
    chosen = tab if tab in {*TABS, "job", "attachments"} else _first(sheet, tabs)
    invoice = sheet.invoice
    return {
        "sheet": sheet,
        "invoice": invoice,
        "queue_label": invoice.queue_label if invoice else "",
        "job": sheet.job,
        "tabs": tabs,
        "tab": chosen,
        "fees": sheet.rows_in(Section.FEE),
        "fee_codes": codes_of(sheet, Section.FIXED_PRICE),
        "expenses": _expenses(sheet),
        "records": _records(sheet),
        "left_out": left_out(invoice) if invoice else [],
        "attachments": invoice.attachments.select_related("file") if invoice else [],
        "dirty": dirty,
        "refused": refused,
        "totals_url": totals_url(sheet),
        "contract": contract_today(sheet.job),
        "budget": sheet.job.billable_items.select_related("item"),
    }


def contract_today(job: Job) -> Decimal | None:
    """What the contract comes to by now, as the WIP Report counts it."""
    found: Decimal | None = (
        Job.objects.filter(pk=job.pk).values_list(contract_on(timezone.localdate()), flat=True).get()
    )
    return found


def totals_url(sheet: Sheet) -> str:
    if sheet.invoice:
        return reverse("invoice_totals", args=[sheet.invoice.pk])
    return f"{reverse('invoice_new_totals')}?job={sheet.job.pk}"


def tab_of(sheet: Sheet, section: Section) -> Tab:
    subtotal = total_of(line.amount for line in sheet.draft_now.lines if line.section == section)
    return Tab(
        section.value,
        str(section.label),
        _ABOUT[section],
        _EMPTY[section],
        sheet.rows_in(section),
        codes_of(sheet, section),
        None if section == Section.UNPRICED else subtotal,
    )


def codes_of(sheet: Sheet, section: str) -> list[tuple[str, str]]:
    return [(item.code, item.name) for item in sheet.choices.items.values() if item.section == section]


def _first(sheet: Sheet, tabs: list[Tab]) -> str:
    """The first tab with a fault, else the first with lines, else where the job's lines belong."""
    for wanted in ([tab for tab in tabs if tab.faults], [tab for tab in tabs if tab.rows]):
        if wanted:
            return wanted[0].slug
    return Section.FIXED_PRICE if sheet.job.billing_type == BillingType.FIXED_PRICE else Section.LABOUR


GONE = Refusal("deleted", "it is not there any more")


def _expenses(sheet: Sheet) -> list[dict[str, Any]]:
    """Each pending expense, whether it is ticked, and whether it may be: only approved ones are accounted for.

    Then those that were ticked and are not pending any more, with the reason: they wait to be unticked.
    """
    rows = list(pending_expenses(sheet.job, sheet.invoice))
    pending = [
        {
            "id": each.pk,
            "expense": each,
            "ticked": each.pk in sheet.expenses,
            "waits": each.state == ExpenseState.SUBMITTED,
        }
        for each in rows
    ]
    known = {each.pk for each in rows}
    return pending + [_lost_expense(sheet.job, pk) for pk in sheet.expenses if pk not in known]


def _lost_expense(job: Job, pk: int) -> dict[str, Any]:
    expense = Expense.objects.select_related("invoiced__invoice").filter(pk=pk).first()
    wrong = why_not_ticked(expense, job.pk) if expense else GONE
    return {"id": pk, "expense": expense, "ticked": True, "wrong": wrong}


def _records(sheet: Sheet) -> list[dict[str, Any]]:
    """The DWRs that may be added, and those that were, by date; what is wrong with an added one, and its way on."""
    waiting = {each.pk: each for each in records_to_add(sheet.job)}
    added = {each.pk: each for each in looked_at(DailyWorkRecord.objects.filter(pk__in=list(sheet.records)))}
    rows = sorted((waiting | added).values(), key=lambda each: (each.date, each.pk))
    shown = [
        {
            "id": each.pk,
            "record": each,
            "added": each.pk in added,
            "seen": sheet.records.get(each.pk),
            "wrong": why_not_by_hand(each, sheet.job, sheet.records[each.pk]) if each.pk in added else None,
            "may_be_added": each.pk in waiting,
            "is_on_it": _is_on(each, sheet.invoice),
        }
        for each in rows
    ]
    gone = [(pk, seen) for pk, seen in sheet.records.items() if pk not in added]
    return shown + [{"id": pk, "record": None, "added": True, "seen": seen, "wrong": GONE} for pk, seen in gone]


def _is_on(record: DailyWorkRecord, invoice: Invoice | None) -> bool:
    """Did somebody put the DWR onto this very invoice? Taking its lines out of the form would bill it nowhere then."""
    link = getattr(record, "invoiced", None)
    return invoice is not None and link is not None and link.invoice_id == invoice.pk


def conflict_context(sheet: Sheet) -> dict[str, Any]:
    """Who changed the invoice since the form was opened, and the difference."""
    assert sheet.invoice is not None
    theirs = sheet_of(sheet.invoice)
    theirs.work_out()
    return {"who": last_change_of(sheet.invoice), "differences": differences(sheet, theirs)}
