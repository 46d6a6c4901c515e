"""What may be done to one DWR on its page, beside changing it. Each act posts the version the user saw."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from jobbook.accounts.roles import Permission, requires
from jobbook.common.templatetags.jobbook import day_text
from jobbook.jobs.models import DailyWorkRecord
from jobbook.jobs.transitions import records as commands
from jobbook.jobs.transitions.approvable import RECORDS
from jobbook.jobs.views.work_acts import Acts, usual_acts

_ACTS = usual_acts(
    submit=commands.submit_record,
    delete=commands.delete_record,
    send_back=commands.send_back_record,
    reopen=commands.reopen_record,
)


def _facts(record: DailyWorkRecord) -> list[tuple[str, object]]:
    return [("Job", record.job), ("Date", day_text(record.date)), ("Written by", record.created_by)]


ACTS = Acts(RECORDS, _ACTS, ("job__client", "created_by", "invoiced"), _facts)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WRITE_WORK)
def record_act(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    return ACTS.answer(request, pk, slug)
