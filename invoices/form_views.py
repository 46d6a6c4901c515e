"""The invoice form: new, edit, and its totals worked out on the server after each change. Saving is one command.

Every button of the form posts the whole of it; but for Save they answer with the form again and save nothing, so the
form works without JavaScript too.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST

from invoices.editing import edit_invoice
from invoices.form.key import key_of, was_used
from invoices.form.page import EDITABLE, conflict_context, form_context
from invoices.form.sheet import (
    Sheet,
    expense_line,
    ids_of,
    new_line,
    new_sheet,
    pending_expenses,
    posted_sheet,
    sheet_of,
)
from invoices.making import make_invoice
from invoices.models import Invoice
from invoices.pdf.bell import print_soon
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.common.ids import as_id
from jobbook.common.views import conflict
from jobbook.jobs.models import BillingType, Job, Section

BILLED = (BillingType.TIME_AND_MATERIAL, BillingType.FIXED_PRICE)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.INVOICE)
def invoice_new(request: HttpRequest) -> HttpResponse:
    """A new invoice of the job named in the address; without one, the choice of a job."""
    user = user_of(request)
    if not request.GET.get("job"):
        jobs = Job.objects.visible_to(user).filter(active=True, billing_type__in=BILLED).select_related("client")
        return render(request, "invoices/choose_job.html", {"jobs": jobs.order_by("job_number")})
    job = _job(request, user)
    if job.billing_type not in BILLED:
        reason = f"{job.job_number} is {job.get_billing_type_display()}: it is never invoiced."
        return conflict(request, reason, back=reverse("invoice_new"))
    if request.method != "POST":
        return _page(request, new_sheet(job), dirty=False)
    return _answer(request, posted_sheet(job, None, request.POST))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.INVOICE)
def invoice_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an invoice up to the Admin Queue."""
    invoice = _invoice(pk, user_of(request))
    if invoice.queue not in EDITABLE:
        reason = f"{invoice.number} is in {invoice.queue_label}. Untick Processed, or credit it."
        return conflict(request, reason, back=reverse("invoice_page", args=[pk]))
    if request.method != "POST":
        return _page(request, sheet_of(invoice), dirty=False)
    return _answer(request, posted_sheet(invoice.job, invoice, request.POST))


@require_POST
@requires(Permission.INVOICE)
def invoice_totals(request: HttpRequest, pk: int) -> HttpResponse:
    """The totals of the form as it is typed. Nothing is saved."""
    invoice = _invoice(pk, user_of(request))
    return _totals(request, posted_sheet(invoice.job, invoice, request.POST))


@require_POST
@requires(Permission.INVOICE)
def invoice_new_totals(request: HttpRequest) -> HttpResponse:
    """The same for an invoice that is not made yet."""
    return _totals(request, posted_sheet(_job(request, user_of(request)), None, request.POST))


def _invoice(pk: int, user: User) -> Invoice:
    rows = Invoice.objects.visible_to(user).select_related("job__client", "job__project_manager", "job__office")
    return get_object_or_404(rows, pk=pk)


def _job(request: HttpRequest, user: User) -> Job:
    jobs = Job.objects.visible_to(user).select_related("client")
    return get_object_or_404(jobs, pk=as_id(request.GET.get("job", "")))


def _totals(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    _take_ticked(request, sheet)
    sheet.work_out()
    sheet.form.is_valid()
    return render(request, "invoices/_form_answer.html", {"sheet": sheet, "rows": sheet.rows})


def _answer(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    act, _, what = request.POST.get("act", "save").partition(":")
    if act == "save":
        return _save(request, sheet)
    _take(request, sheet, act, what)
    return _page(request, sheet, dirty=True)


def _take(request: HttpRequest, sheet: Sheet, act: str, what: str) -> None:
    """Put a change of the form's shape onto the sheet."""
    if act == "add" and what in Section.values:
        sheet.add(new_line(sheet, what, request.POST.get(f"add-{what}", "")), focus=True)
    elif act == "remove":
        sheet.rows = [row for row in sheet.rows if str(row.index) != what]
    elif act == "records":
        _take_ticked(request, sheet)
    elif act == "anew":
        sheet.draw_anew(as_id(what))
    elif act == "expense":
        for expense in pending_expenses(sheet.job, sheet.invoice).filter(pk=as_id(what)):
            sheet.add(expense_line(expense, sheet), focus=True)


def _take_ticked(request: HttpRequest, sheet: Sheet) -> None:
    """The DWRs ticked in the list, whose lines are not drawn up yet."""
    ticked = ids_of(request.POST.getlist("add_records"))
    if new := [pk for pk in ticked if pk not in sheet.records]:
        sheet.add_records(new)


def _save(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    _take_ticked(request, sheet)
    sheet.work_out()
    if not sheet.form.is_valid() or sheet.problems:
        return _page(request, sheet, dirty=True, status=422)
    repeated = sheet.invoice is None and was_used(key_of(request.POST))
    try:
        invoice = _command(request, sheet)
    except Refused as refused:
        return _refused(request, sheet, refused)
    print_soon(invoice.pk)
    if repeated:
        messages.warning(request, f"This form was saved already, as {invoice.number}. It was not saved again.")
    else:
        messages.success(request, f"{invoice.number} is saved.")
    return redirect("invoice_page", invoice.pk)


def _command(request: HttpRequest, sheet: Sheet) -> Invoice:
    given: dict[str, Any] = {
        "values": sheet.values(),
        "lines": sheet.lines,
        "expenses": sheet.expenses,
        "records": sheet.records,
        "by": user_of(request),
        "origin": origin_of(request),
    }
    if sheet.invoice is None:
        return make_invoice(sheet.job.pk, key=key_of(request.POST), **given)
    return edit_invoice(sheet.invoice.pk, version=sheet.version, **given)


def _refused(request: HttpRequest, sheet: Sheet, refused: Refused) -> HttpResponse:
    """409: what was typed stays in the form. After somebody else's change Save writes over it, once it was shown."""
    more: dict[str, Any] = {}
    if sheet.invoice:
        sheet.invoice = _invoice(sheet.invoice.pk, user_of(request))
        if sheet.invoice.version != sheet.version:
            more = conflict_context(sheet)
            sheet.version = sheet.invoice.version
    return _page(request, sheet, dirty=True, status=409, refused=refused, **more)


def _page(
    request: HttpRequest,
    sheet: Sheet,
    *,
    dirty: bool,
    status: int = 200,
    refused: Refused | None = None,
    **more: Any,
) -> HttpResponse:
    sheet.work_out()
    context = form_context(sheet, tab=request.POST.get("tab", ""), dirty=dirty, refused=refused)
    context["form_key"] = key_of(request.POST)
    response = render(request, "invoices/form.html", {**context, **more}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
