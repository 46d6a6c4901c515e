"""What may be done to one DWR on its page, beside changing it. Each act posts the version the user saw."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.templatetags.jobbook import day_text
from jobbook.jobs.models import DailyWorkRecord, RecordState
from jobbook.jobs.record_words import on_an_invoice
from jobbook.jobs.transitions import records as commands
from jobbook.jobs.views.work_acts import Act, Acts, SendBackForm
from jobbook.jobs.work_rules import may_judge, may_write

_ACTS = (
    Act(
        "submit",
        RecordState.DRAFT,
        may_write,
        Permission.WRITE_WORK,
        "Submit",
        "The job's project manager approves it or sends it back.",
        "submitted",
        commands.submit_record,
        at_once=True,
    ),
    Act(
        "delete",
        RecordState.DRAFT,
        may_write,
        Permission.WRITE_WORK,
        "Delete",
        "It is gone from every list. That it was there, and what it said, stays in the audit log.",
        "deleted",
        commands.delete_record,
    ),
    Act(
        "send-back",
        RecordState.SUBMITTED,
        may_judge,
        Permission.APPROVE,
        "Send back",
        "It is a draft again.",
        "sent back",
        commands.send_back_record,
        SendBackForm,
    ),
    Act(
        "reopen",
        RecordState.APPROVED,
        may_judge,
        Permission.APPROVE,
        "Reopen",
        "It is Submitted again and leaves its approval batch; it can be corrected, approved or sent back.",
        "reopened",
        commands.reopen_record,
    ),
)


def _visible_to(user: User) -> QuerySet[DailyWorkRecord]:
    return DailyWorkRecord.objects.visible_to(user).select_related("job__client", "created_by", "invoiced__invoice")


def _facts(record: DailyWorkRecord) -> list[tuple[str, object]]:
    return [("Job", record.job), ("Date", day_text(record.date)), ("Written by", record.created_by)]


ACTS = Acts("record", RecordState, _ACTS, _visible_to, on_an_invoice, _facts)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WRITE_WORK)
def record_act(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    return ACTS.answer(request, pk, slug)
