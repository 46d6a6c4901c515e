"""The rows behind a figure of the report: work, or invoices. Their sum is the figure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from invoices.models import Invoice
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.ids import IdSet
from jobbook.common.spreadsheet import FILES, Sheet, file_response
from jobbook.reports.wip.asked import Asked, read
from jobbook.reports.wip.behind import INVOICE_NAMES, WORK_NAMES, Behind, invoices_behind, work_behind
from jobbook.reports.wip.billed import column
from jobbook.reports.wip.columns import BILLED
from jobbook.reports.wip.figures import Part, Place
from jobbook.reports.wip.links import Links
from jobbook.reports.wip.rows import Rows, invoice_rows, work_rows
from jobbook.reports.wip.scope import Scope
from jobbook.reports.wip.sheets import STANDS, invoice_rows_sheet, work_rows_sheet
from jobbook.reports.wip.words import invoices_words, which_jobs, work_words

ROWS_SHOWN = 250  # of a page; the sum and the files are of all


@dataclass(frozen=True)
class Kind:
    """What rows a page shows: the parameters that name a figure, how they are read, how its rows are found and told."""

    names: tuple[str, ...]
    behind: Callable[[Any, Scope, User], Behind]
    rows: Callable[[Scope, Behind, User], Rows]
    sheet: Callable[..., Sheet]
    words: Callable[[Asked], str]
    file_name: str


@dataclass(frozen=True)
class Found:
    """A figure and the rows behind it."""

    asked: Asked
    behind: Behind
    rows: Rows


@require_safe
@requires(Permission.SEE_WIP)
def wip_work(request: HttpRequest) -> HttpResponse:
    """Lines of DWRs."""
    found = _read(request, WORK_ROWS)
    if isinstance(found, HttpResponse):
        return found
    user, page = user_of(request), _page(request, found.rows)
    context = {
        "page": page,
        "lines": _shown(page, [row.invoice_pk for row in page], user),
        "may_open_dwrs": user.can(Permission.WRITE_WORK),
    }
    return render(request, "reports/wip/work_rows.html", context | _head(request, WORK_ROWS, found))


@require_safe
@requires(Permission.SEE_WIP)
def wip_invoices(request: HttpRequest) -> HttpResponse:
    """Invoices and credit notes, with what they are made of."""
    found = _read(request, INVOICE_ROWS)
    if isinstance(found, HttpResponse):
        return found
    page = _page(request, found.rows)
    lines = _shown(page, [row.id for row in page], user_of(request))
    for line in lines:
        line["parts"] = [(getattr(line["row"], column(part)), part == found.behind.part) for part in Part]
    context = {
        "page": page,
        "lines": lines,
        "parts": [(each.label, found.behind.part == each.part) for each in BILLED if each.part],
    }
    return render(request, "reports/wip/invoice_rows.html", context | _head(request, INVOICE_ROWS, found))


@require_safe
@requires(Permission.SEE_WIP)
def wip_work_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Lines of DWRs as csv or xlsx, all of them."""
    return _file(request, kind, WORK_ROWS)


@require_safe
@requires(Permission.SEE_WIP)
def wip_invoices_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Invoices as csv or xlsx, all of them."""
    return _file(request, kind, INVOICE_ROWS)


def _read(request: HttpRequest, kind: Kind) -> Found | HttpResponse:
    """The figure and its rows; or the page that names what is wrong with the address."""
    user = user_of(request)
    asked = read(request.GET, user, timezone.localdate(), also=(*kind.names, "page"))
    if asked.scope is None:
        return render(request, "reports/wip/no_rows.html", {"problems": asked.problems})
    behind = kind.behind(request.GET, asked.scope, user)
    if behind.problems:
        back = Links.of(asked).to("wip_report")
        return render(request, "reports/wip/no_rows.html", {"problems": behind.problems, "back": back})
    return Found(asked, behind, kind.rows(asked.scope, behind, user))


def _work(scope: Scope, behind: Behind, user: User) -> Rows:
    item = behind.item.pk if behind.item else None
    return work_rows(scope, scope.jobs_for(user), behind.places, job=behind.job_id, item=item, age=behind.age)


def _invoices(scope: Scope, behind: Behind, user: User) -> Rows:
    part, queue = behind.part or None, behind.queue or None
    return invoice_rows(scope, scope.jobs_for(user), part=part, queue=queue, job=behind.job_id)


def _page(request: HttpRequest, rows: Rows) -> Any:
    return Paginator(rows.rows, ROWS_SHOWN).get_page(request.GET.get("page"))


def _shown(page: Iterable[Any], invoices: Iterable[int | None], user: User) -> list[dict[str, Any]]:
    """The rows, each with the words for where it stands, and whether the user may open its invoice. One query."""
    ids = IdSet({pk for pk in invoices if pk})
    may_open = set(Invoice.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        {"row": row, "stands": STANDS[Place(row.place)], "opens": pk in may_open}
        for row, pk in zip(page, invoices, strict=True)
    ]


def _head(request: HttpRequest, kind: Kind, found: Found) -> dict[str, Any]:
    """What the number is of, the way back, the files."""
    limits = [(name, value) for name in kind.names for value in request.GET.getlist(name)]
    links = Links.of(found.asked)
    return {
        "behind": found.behind,
        "sum": found.rows.sum,
        "back": links.to("wip_report"),
        "files": {each: links.to(kind.file_name, *limits, kind=each) for each in FILES},
        "of_what": kind.words(found.asked),
        "of_whose": which_jobs(found.asked, user_of(request)),
    }


def _file(request: HttpRequest, file_kind: str, kind: Kind) -> HttpResponse:
    if file_kind not in FILES:
        raise Http404
    found = _read(request, kind)
    if isinstance(found, HttpResponse):
        return found
    about = [kind.words(found.asked), which_jobs(found.asked, user_of(request)), *found.behind.limits]
    sheet = kind.sheet(found.rows.rows.iterator(), found.rows.sum, found.behind, about)
    return file_response(file_kind, [sheet], "WIP rows")


WORK_ROWS = Kind(WORK_NAMES, work_behind, _work, work_rows_sheet, work_words, "wip_work_file")
INVOICE_ROWS = Kind(INVOICE_NAMES, invoices_behind, _invoices, invoice_rows_sheet, invoices_words, "wip_invoices_file")
