"""Keeping a report, the list of kept ones, each as it was, its files, and against today."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.common.spreadsheet import FILES, file_response
from jobbook.common.views import conflict
from jobbook.reports.kept.figures import fixed_of, job_lines_of
from jobbook.reports.kept.keeping import keep_report
from jobbook.reports.kept.moved import compare
from jobbook.reports.kept.sheets import kept_sheets
from jobbook.reports.models import KeptReport
from jobbook.reports.wip.asked import read
from jobbook.reports.wip.columns import BILLED, BILLED_GROUPS, WORK, WORK_GROUPS, share
from jobbook.reports.wip.lines import total_billed, total_work
from jobbook.reports.wip.links import Figure
from jobbook.reports.wip.report import Row

PAGE = 50
MOVED_SHOWN = 500


@require_POST
@requires(Permission.SEE_WIP)
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the report of the address in `report`; an address with problems goes back to the page that names them."""
    user, address = user_of(request), request.POST.get("report", "")
    asked = read(QueryDict(address), user, timezone.localdate())
    if asked.scope is None:
        return redirect(f"{reverse('wip_report')}?{QueryDict(address).urlencode()}")
    try:
        kept = keep_report(asked, by=user, origin=origin_of(request))
    except Refused as refused:
        return conflict(request, str(refused), back=f"{reverse('wip_report')}?{QueryDict(address).urlencode()}")
    return redirect("kept_report", number=kept.number)


@require_safe
@requires(Permission.SEE_WIP)
def kept_list(request: HttpRequest) -> HttpResponse:
    """What the user kept; administrators see what anybody kept. The newest first."""
    seen = KeptReport.objects.visible_to(user_of(request)).order_by("-number")
    page = Paginator(seen, PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/kept/list.html", {"page": page})


@require_safe
@requires(Permission.SEE_WIP)
def kept_report(request: HttpRequest, number: int) -> HttpResponse:
    """The report as it was; 404 for somebody else's."""
    kept = _visible(request, number)
    lines = job_lines_of(kept)
    work, billed = total_work(line.work for line in lines), total_billed(line.billed for line in lines)
    context: dict[str, Any] = {
        "kept": kept,
        "work_columns": WORK,
        "work_groups": WORK_GROUPS,
        "billed_columns": BILLED,
        "billed_groups": BILLED_GROUPS,
        "work_rows": [_row(line, [each.of(line.work) for each in WORK], share(line.work)) for line in lines],
        "work_total": _plain(each.of(work) for each in WORK),
        "share": share(work),
        "billed_rows": [_row(line, [each.of(line.billed) for each in BILLED]) for line in lines if line.billed.queues],
        "billed_total": _plain(each.of(billed) for each in BILLED),
        "fixed": fixed_of(kept),
    }
    return render(request, "reports/kept/report.html", context)


@require_safe
@requires(Permission.SEE_WIP)
def kept_file(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """The report with all its rows, as csv (its jobs) or xlsx."""
    kept = _visible(request, number)
    if kind not in FILES:
        raise Http404
    return file_response(kind, kept_sheets(kept), f"WIP report kept {kept.number}")


@require_safe
@requires(Permission.SEE_WIP)
def kept_moved(request: HttpRequest, number: int) -> HttpResponse:
    """Against now: as of today, or with ?as_of=then as of its own day."""
    kept, today = _visible(request, number), timezone.localdate()
    then = request.GET.get("as_of") == "then"
    try:
        found = compare(kept, as_of=kept.as_of if then else today, today=today)
    except LookupError as error:
        return conflict(request, f"The same report cannot be made now. {error}", back=reverse("kept_list"))
    context = {
        "kept": kept,
        "then": then,
        "found": found,
        "moved": found.moved[:MOVED_SHOWN],
        "more": max(0, len(found.moved) - MOVED_SHOWN),
    }
    return render(request, "reports/kept/moved.html", context)


def _visible(request: HttpRequest, number: int) -> KeptReport:
    return get_object_or_404(KeptReport.objects.visible_to(user_of(request)).select_related("made_by"), number=number)


def _row(line: Any, amounts: list[Any], part: Any = None) -> Row:
    return Row(f"{line.job_number} {line.project_name}", line.client_name, "", _plain(amounts), part)


def _plain(amounts: Any) -> list[Figure]:
    """Numbers without rows behind them: these are in the files."""
    return [Figure(amount, "") for amount in amounts]
