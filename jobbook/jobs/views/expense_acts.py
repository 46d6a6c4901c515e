"""What may be done to one expense on its page, beside changing it. Each act posts the version the user saw."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.money import format_money
from jobbook.common.templatetags.jobbook import day_text
from jobbook.jobs.expense_words import on_an_invoice
from jobbook.jobs.models import Expense, ExpenseState
from jobbook.jobs.transitions import expenses as commands
from jobbook.jobs.views.work_acts import Act, Acts, SendBackForm
from jobbook.jobs.work_rules import may_judge, may_tick, may_write

_ACTS = (
    Act(
        "submit",
        ExpenseState.DRAFT,
        may_write,
        Permission.WRITE_WORK,
        "Submit",
        "The job's project manager approves it or sends it back.",
        "submitted",
        commands.submit_expense,
        at_once=True,
    ),
    Act(
        "delete",
        ExpenseState.DRAFT,
        may_write,
        Permission.WRITE_WORK,
        "Delete",
        "It is gone from every list. That it was there, and what it said, stays in the audit log.",
        "deleted",
        commands.delete_expense,
    ),
    Act(
        "send-back",
        ExpenseState.SUBMITTED,
        may_judge,
        Permission.APPROVE,
        "Send back",
        "It is a draft again.",
        "sent back",
        commands.send_back_expense,
        SendBackForm,
    ),
    Act(
        "reopen",
        ExpenseState.APPROVED,
        may_judge,
        Permission.APPROVE,
        "Reopen",
        "It is Submitted again and leaves its approval batch; it can be corrected, approved or sent back.",
        "reopened",
        commands.reopen_expense,
    ),
    Act(
        "process",
        ExpenseState.APPROVED,
        may_tick,
        Permission.PROCESS_EXPENSES,
        "Tick Processed",
        "It is reimbursed, or accounted for.",
        "processed",
        commands.process_expense,
        at_once=True,
    ),
    Act(
        "unprocess",
        ExpenseState.PROCESSED,
        may_tick,
        Permission.PROCESS_EXPENSES,
        "Untick Processed",
        "It is Approved again.",
        "not processed any more",
        commands.unprocess_expense,
        at_once=True,
    ),
)


def _visible_to(user: User) -> QuerySet[Expense]:
    return Expense.objects.visible_to(user).select_related("job__client", "invoiced__invoice")


def _facts(expense: Expense) -> list[tuple[str, object]]:
    return [
        ("Job", expense.job),
        ("Date", day_text(expense.date)),
        ("Paid by", expense.employee),
        ("Amount", format_money(expense.amount)),
    ]


ACTS = Acts("expense", ExpenseState, _ACTS, _visible_to, on_an_invoice, _facts)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WRITE_WORK)
def expense_act(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    return ACTS.answer(request, pk, slug)
