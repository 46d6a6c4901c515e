"""Who may do what with one DWR or expense: pages offer by these rules, commands refuse by them."""

from collections.abc import Callable

from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, Role
from jobbook.jobs.models import DailyWorkRecord, Expense
from jobbook.jobs.models.work import DRAFT, SUBMITTED

Work = DailyWorkRecord | Expense
Rule = Callable[[User, Work], bool]


def may_write(user: User, work: Work) -> bool:
    """Change, submit or delete it while it is a draft: who entered it, and administrators."""
    return user.can(Permission.WRITE_WORK) and (work.created_by_id == user.pk or user.role == Role.ADMINISTRATOR)


def may_judge(user: User, work: Work) -> bool:
    """Correct it, send it back, reopen it: the job's project manager, and administrators."""
    manages = work.job.project_manager_id == user.pk or user.role == Role.ADMINISTRATOR
    return user.can(Permission.APPROVE) and manages


def may_tick(user: User, work: Work) -> bool:
    """Tick and untick Processed, of an expense."""
    return user.can(Permission.PROCESS_EXPENSES)


def may_edit(user: User, work: Work) -> bool:
    """Open it in the form: a draft to write it, a submitted one to correct it."""
    if work.state == DRAFT:
        return may_write(user, work)
    return work.state == SUBMITTED and may_judge(user, work)


WHO: dict[Rule, str] = {
    may_write: "Only who entered it, or an Administrator, may do this.",
    may_judge: "Only the project manager of its job, or an Administrator, may do this.",
    may_tick: "Only an Administrator may do this.",
}
