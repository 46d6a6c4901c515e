"""The WIP Report: its page, the page of one job, its files."""

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from backlog.grid.query import encode
from backlog.job_news import news_of
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.http import pdf_response
from jobbook.common.ledger import ledger_number
from jobbook.common.printing.assets import PdfError
from jobbook.common.spreadsheet import FILES, file_response
from jobbook.jobs.models import Company
from jobbook.reports.wip.asked import Asked, read
from jobbook.reports.wip.charts import NARROW, age_bars, age_columns, ages_message, bars_message, job_bars
from jobbook.reports.wip.columns import BILLED, BILLED_GROUPS, WORK, WORK_GROUPS, share
from jobbook.reports.wip.links import Links
from jobbook.reports.wip.offered import offered
from jobbook.reports.wip.pdf import report_pdf
from jobbook.reports.wip.report import (
    Report,
    billed_figures,
    billed_table,
    fixed_table,
    item_table,
    items_of,
    report,
    work_figures,
    work_table,
)
from jobbook.reports.wip.sheets import report_sheets
from jobbook.reports.wip.words import which_jobs, work_words

JOBS_SHOWN = 200  # of a page; the totals and the files are of all
HEADS = {"work_columns": WORK, "work_groups": WORK_GROUPS, "billed_columns": BILLED, "billed_groups": BILLED_GROUPS}


@require_safe
@requires(Permission.SEE_WIP)
def wip_report(request: HttpRequest) -> HttpResponse:
    """The report that the address asks for, or what is wrong with the address and no figure."""
    number, user = ledger_number(), user_of(request)  # the number first: what changes meanwhile is news
    asked = read(request.GET, user, timezone.localdate(), also=("page",))
    context: dict[str, Any] = offered(asked, user, timezone.localdate())
    if asked.scope is None:
        return render(request, "reports/wip/report.html", context)
    found = report(asked.scope, user)
    page = Paginator(found.lines, JOBS_SHOWN).get_page(request.GET.get("page"))
    context |= _words(asked, user) | HEADS | _charts(found) | _tables(found, list(page), Links.of(asked))
    context |= {
        "page": page,
        "keep": encode(asked.pairs),
        "may_enter": user.can(Permission.ENTER_PROGRESS),
        "ledger": number,
    }
    return render(request, "reports/wip/report.html", context)


@require_safe
@requires(Permission.SEE_WIP)
def wip_news(request: HttpRequest) -> HttpResponse:
    """Did a job of the report change since its page was made? query: the address of the report."""
    user = user_of(request)
    asked = read(QueryDict(request.GET.get("query", "")), user, timezone.localdate(), also=("page",))
    if asked.scope is None:
        return HttpResponse("This is no report.", status=400, content_type="text/plain")
    return news_of(request, asked.scope.jobs_for(user) | asked.scope.fixed_price_jobs_for(user))


@require_safe
@requires(Permission.SEE_WIP)
def wip_job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job of the report by line item. 404 for another manager's job."""
    user = user_of(request)
    asked = read(request.GET, user, timezone.localdate())
    if asked.scope is None:
        return _to_the_problems(request)
    job = get_object_or_404(asked.scope.jobs_for(user).select_related("client"), pk=pk)
    scope, links = replace(asked.scope, jobs=(pk,)), Links.of(asked)
    found, items = report(scope, user), items_of(scope, user).get(pk, [])
    context = {
        "asked": asked,
        "job": job,
        "back": links.to("wip_report"),
        "work_rows": item_table(items, links),
        "work_total": work_figures(links, found.work, job=pk),
        "share": share(found.work),
        "billed_total": billed_figures(links, found.billed, job=pk),
    }
    return render(request, "reports/wip/job.html", context | _words(asked, user) | HEADS)


@require_safe
@requires(Permission.SEE_WIP)
def wip_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The report as csv, xlsx or pdf; an address with problems is answered by the page that names them."""
    user = user_of(request)
    asked = read(request.GET, user, timezone.localdate())
    if asked.scope is None:
        return _to_the_problems(request)
    found, company = report(asked.scope, user), Company.current()
    about = list(_words(asked, user).values())
    if kind in FILES:
        items = items_of(asked.scope, user) if kind == "xlsx" else {}
        return file_response(kind, report_sheets(found, items, about), "WIP report")
    if kind != "pdf":
        raise Http404
    try:
        data = report_pdf(found, company, about)
    except PdfError as error:
        return render(request, "reports/wip/not_printable.html", {"reason": str(error)}, status=422)
    return pdf_response(data, f"wip-report-{asked.scope.as_of}.pdf")


def _words(asked: Asked, user: User) -> dict[str, str]:
    return {"of_what": work_words(asked), "of_whose": which_jobs(asked, user)}


def _to_the_problems(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('wip_report')}?{request.GET.urlencode()}")


def _tables(found: Report, lines: list[Any], links: Links) -> dict[str, Any]:
    """The tables, with the totals of all jobs, and the files."""
    return {
        "links": {kind: links.to("wip_file", kind=kind) for kind in ("csv", "xlsx", "pdf")},
        "work_rows": work_table(lines, links),
        "work_total": work_figures(links, found.work),
        "share": share(found.work),
        "billed_rows": billed_table([line for line in lines if line.billed.queues], links),
        "billed_total": billed_figures(links, found.billed),
        "billed_count": len(found.invoiced_lines),
        "ages": [(age.label, links.age(age)) for age in found.ages],
        "fixed": fixed_table(found.fixed, links),
        "job_count": len(found.lines),
    }


def _charts(found: Report) -> dict[str, Any]:
    return {
        "bars": job_bars(found.lines),
        "narrow_bars": job_bars(found.lines, NARROW),
        "age_columns": age_columns(found.ages),
        "age_bars": age_bars(found.ages),
        "bars_message": bars_message(found.lines),
        "ages_message": ages_message(found.ages),
        "unbilled_share": None if (part := share(found.work)) is None else 100 - part,
    }
