"""The detail below a row of the backlogs of work: what was recorded, who signed it, what happened to it."""

from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.drawing import BadDrawing, svg_path
from jobbook.common.money import total_of
from jobbook.jobs.models import DailyWorkRecord, FileType
from jobbook.jobs.models.work import SUBMITTED
from jobbook.jobs.transitions.approvable import EXPENSES, RECORDS, Approvable
from jobbook.jobs.work_words import changed_after_signed, steps_of

_STEPS = 8  # newest steps of the history


@require_safe
@requires(Permission.APPROVE)
def record_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragment of one DWR, or a page with it for a browser without scripts."""
    rows = RECORDS.managed_by(user_of(request)).select_related("job", "created_by", "approved_by")
    record = get_object_or_404(rows, pk=pk)
    lines = list(record.lines.select_related("item").order_by("section", "line_number"))
    lines.sort(key=lambda line: line.section != "labour")
    context = {
        "lines": lines,
        "lines_total": total_of(line.amount for line in lines),
        "hours_total": total_of(line.hours for line in lines if line.hours is not None),
        "signatures": signatures(record),
        "changed": changed_after_signed([record]).get(record.pk, ""),
    }
    return _detail(request, RECORDS, record, "record", context)


@require_safe
@requires(Permission.APPROVE)
def expense_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragment of one expense with its receipt, or a page with it for a browser without scripts."""
    rows: QuerySet[Any] = EXPENSES.managed_by(user_of(request))
    expense = get_object_or_404(rows.select_related("job", "created_by", "approved_by", "receipt"), pk=pk)
    context = {
        "receipt_url": _address("expense_receipt", pk) if expense.receipt else "",
        "is_picture": bool(expense.receipt) and expense.receipt.type == FileType.JPEG,
    }
    return _detail(request, EXPENSES, expense, "expense", context)


def _detail(request: HttpRequest, what: Approvable, row: Any, name: str, context: dict[str, Any]) -> HttpResponse:
    part = bool(getattr(request, "htmx", False))
    values = {
        "row": row,
        "template": f"backlog/_{name}_detail.html",
        "title": f"{what.noun} {getattr(row, what.number)}",
        "history": list(islice(steps_of(what, row.pk), _STEPS)),
        "page_url": _address(f"{name}_page", row.pk),
        "send_back_url": _address(f"{name}_act", row.pk, "send-back") if row.state == SUBMITTED else "",
        **context,
    }
    return render(request, values["template"] if part else "backlog/work_detail.html", values)


def _address(name: str, *args: Any) -> str:
    """The address of a page; '' while it does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def signatures(record: DailyWorkRecord) -> list[tuple[str, str, str]]:
    """Who signed, for whom, and the path of the drawing: (for whom, name, path)."""
    signed = (
        ("Representative", record.signed_by, record.signature),
        ("Client", record.client_signed_by, record.client_signature),
    )
    return [(who, name, _path(drawing)) for who, name, drawing in signed]


def _path(drawing: str) -> str:
    """A drawing that came in damaged is shown as the name alone."""
    try:
        return svg_path(drawing)
    except BadDrawing:
        return ""
