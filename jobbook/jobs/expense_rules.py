"""Who may do what with one expense: pages offer by these rules, commands refuse by them."""

from collections.abc import Callable

from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, Role
from jobbook.jobs.models import Expense, ExpenseState

Rule = Callable[[User, Expense], bool]


def may_write(user: User, expense: Expense) -> bool:
    """Change, submit or delete it while it is a draft: who entered it, and administrators."""
    return user.can(Permission.WRITE_WORK) and (expense.created_by_id == user.pk or user.role == Role.ADMINISTRATOR)


def may_judge(user: User, expense: Expense) -> bool:
    """Correct it, send it back, reopen it: the job's project manager, and administrators."""
    manages = expense.job.project_manager_id == user.pk or user.role == Role.ADMINISTRATOR
    return user.can(Permission.APPROVE) and manages


def may_tick(user: User, expense: Expense) -> bool:
    """Tick and untick Processed."""
    return user.can(Permission.PROCESS_EXPENSES)


def may_edit(user: User, expense: Expense) -> bool:
    """Open it in the form: a draft to write it, a submitted one to correct it."""
    if expense.state == ExpenseState.DRAFT:
        return may_write(user, expense)
    return expense.state == ExpenseState.SUBMITTED and may_judge(user, expense)


WHO: dict[Rule, str] = {
    may_write: "Only who entered an expense, or an Administrator, may do this.",
    may_judge: "Only the project manager of its job, or an Administrator, may do this.",
    may_tick: "Only an Administrator may do this.",
}
