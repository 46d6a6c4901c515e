"""What may be done to one expense on its page, beside changing it. Each act posts the version the user saw."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from jobbook.accounts.roles import Permission, requires
from jobbook.common.money import format_money
from jobbook.common.templatetags.jobbook import day_text
from jobbook.jobs.models import Expense, ExpenseState
from jobbook.jobs.transitions import expenses as commands
from jobbook.jobs.transitions.approvable import EXPENSES
from jobbook.jobs.views.work_acts import Act, Acts, usual_acts
from jobbook.jobs.work_rules import may_tick

_ACTS = (
    *usual_acts(
        submit=commands.submit_expense,
        delete=commands.delete_expense,
        send_back=commands.send_back_expense,
        reopen=commands.reopen_expense,
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


def _facts(expense: Expense) -> list[tuple[str, object]]:
    return [
        ("Job", expense.job),
        ("Date", day_text(expense.date)),
        ("Paid by", expense.employee),
        ("Amount", format_money(expense.amount)),
    ]


ACTS = Acts(EXPENSES, _ACTS, ("job__client", "invoiced"), _facts)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WRITE_WORK)
def expense_act(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    return ACTS.answer(request, pk, slug)
