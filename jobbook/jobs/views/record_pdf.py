"""The PDF of a DWR: the client's copy, so it shows no money to anybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.http import pdf_response
from jobbook.jobs.models import Company, DailyWorkRecord
from jobbook.jobs.record_document import build_record, render_record
from jobbook.jobs.views.records import RELATED


@require_safe
@requires(Permission.WRITE_WORK)
def record_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    visible = DailyWorkRecord.objects.visible_to(user_of(request)).select_related(*RELATED)
    record, company = get_object_or_404(visible.prefetch_related("lines__item"), pk=pk), Company.current()
    return pdf_response(render_record(build_record(record, company), paper=company.paper), f"dwr-{record.pk}.pdf")
