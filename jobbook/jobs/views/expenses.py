"""Expenses: the list, the form, the page of one, its receipt."""

import re
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import inert, origin_of
from jobbook.common.money import money_sum
from jobbook.jobs.forms.expenses import ExpenseForm
from jobbook.jobs.models import Expense, ExpenseState, FileType
from jobbook.jobs.transitions.approvable import EXPENSES
from jobbook.jobs.transitions.expenses import Saved, change_expense, correct_expense, enter_expense
from jobbook.jobs.uploads import FileGone, read_kept
from jobbook.jobs.views.expense_acts import ACTS
from jobbook.jobs.views.work_pages import PAGE, counted, may_open_invoice, not_opened, saved_page, steps_after, tab_of
from jobbook.jobs.work_rules import may_edit, may_judge
from jobbook.jobs.work_words import steps_of

RELATED = ("job__client", "job__project_manager", "receipt", "batch", "approved_by", "created_by", "invoiced__invoice")
_TYPES = {FileType.JPEG: ("image/jpeg", "inline"), FileType.PDF: ("application/pdf", "attachment")}
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9-]+")


@require_safe
@requires(Permission.WRITE_WORK)
def expense_list(request: HttpRequest) -> HttpResponse:
    """The user's own expenses; for managers also those of their jobs, for administrators all."""
    visible = Expense.objects.visible_to(user_of(request))
    tab = tab_of(request)
    rows = visible.filter(tab.condition)
    ordered = rows.select_related("job__client").order_by("-date", "-pk")
    context = {
        "tab": tab,
        "tabs": counted(visible),
        "page": Paginator(ordered, PAGE).get_page(request.GET.get("page")),
        "total": rows.aggregate(total=money_sum("amount"))["total"],
    }
    return render(request, "jobs/expenses.html", context)


@require_safe
@requires(Permission.WRITE_WORK)
def expense_page(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    expense = _visible(user, pk)
    context = {
        "expense": expense,
        "acts": ACTS.offered(user, expense),
        "may_edit": may_edit(user, expense),
        "may_open_invoice": may_open_invoice(user, expense),
        "history": steps_of(EXPENSES, pk),
    }
    return render(request, "jobs/expense.html", context)


def _visible(user: User, pk: int) -> Expense:
    return get_object_or_404(Expense.objects.visible_to(user).select_related(*RELATED), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WRITE_WORK)
def expense_new(request: HttpRequest) -> HttpResponse:
    """Enter an expense; ?job= chooses its job."""
    user = user_of(request)
    form = _form(request, user, None)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, status=422 if form.errors else 200)
    found = form.cleaned_data
    try:
        saved = enter_expense(
            form.entered(), key=found["key"], submit=found["submit"], by=user, origin=origin_of(request)
        )
    except Refused as refused:
        form.begin_anew()
        return _form_page(request, form, status=409, refused=refused)
    return saved_page(request, EXPENSES, saved.expense, "submitted" if found["submit"] else "saved as a draft")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WRITE_WORK)
def expense_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft, or correct a submitted expense of an own job."""
    user = user_of(request)
    expense = _visible(user, pk)
    if request.method != "POST" and not may_edit(user, expense):
        return not_opened(request, EXPENSES, expense)
    form = _form(request, user, expense)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, status=422 if form.errors else 200)
    corrects = expense.state == ExpenseState.SUBMITTED and may_judge(user, expense)
    try:
        saved = _save(request, user, form, pk, corrects=corrects)
    except Refused as refused:
        return _form_page(request, form, status=409, refused=refused)
    done = "corrected" if corrects else "submitted" if form.cleaned_data.get("submit") else "saved as a draft"
    return saved_page(request, EXPENSES, saved.expense, done)


def _form(request: HttpRequest, user: User, expense: Expense | None) -> ExpenseForm:
    posted = request.method == "POST"
    data, files = (request.POST, request.FILES) if posted else (None, None)
    return ExpenseForm(data, files, user=user, expense=expense, job=request.GET.get("job", ""))


def _save(request: HttpRequest, user: User, form: ExpenseForm, pk: int, *, corrects: bool) -> Saved:
    found, origin = form.cleaned_data, origin_of(request)
    key, version = found["key"], found["version"] or 0
    if corrects:
        return correct_expense(pk, form.entered(), key=key, version=version, by=user, origin=origin)
    submit = bool(found.get("submit"))
    return change_expense(pk, form.entered(), key=key, version=version, submit=submit, by=user, origin=origin)


def _form_page(request: HttpRequest, form: ExpenseForm, *, status: int, refused: Refused | None = None) -> HttpResponse:
    """The form with all that was entered; refused: with what happened to the expense since it was opened."""
    context: dict[str, Any] = {"form": form, "expense": form.expense, "refused": refused}
    if refused and form.expense:
        now = Expense.objects.visible_to(form.user).filter(pk=form.expense.pk).first()
        if now is not None and may_edit(form.user, now):
            form.take_version(now.version)
            context["writes_over"] = True
        context["since"] = steps_after(steps_of(EXPENSES, form.expense.pk), form.cleaned_data["version"])
    return render(request, "jobs/expense_form.html", context, status=status)


@require_safe
@requires(Permission.WRITE_WORK)
def expense_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt: a picture is shown, a PDF is downloaded."""
    expense = _visible(user_of(request), pk)
    if expense.receipt is None:
        raise Http404
    try:
        data = read_kept(expense.receipt)
    except FileGone:
        return render(request, "jobs/receipt_gone.html", {"expense": expense}, status=410)
    content_type, disposition = _TYPES[FileType(expense.receipt.type)]
    name = f"expense-{_NOT_IN_NAMES.sub('-', expense.expense_number)}.{expense.receipt.type}"
    return inert(HttpResponse(data, content_type=content_type), name, disposition=disposition)
