"""Expenses: the list, the form, the page of one, its receipt."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, Role, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.common.money import money_sum
from jobbook.common.views import conflict
from jobbook.jobs.expense_words import expense_history, not_in_state
from jobbook.jobs.forms.expenses import ExpenseForm
from jobbook.jobs.models import Expense, ExpenseState, FileType
from jobbook.jobs.transitions.expenses import Saved, change_expense, correct_expense, enter_expense
from jobbook.jobs.uploads import FileGone, read_kept
from jobbook.jobs.views.expense_acts import ACTS
from jobbook.jobs.work_rules import WHO, may_edit, may_judge, may_write

PAGE = 50
RELATED = ("job__client", "job__project_manager", "receipt", "batch", "approved_by", "created_by", "invoiced__invoice")
_TYPES = {FileType.JPEG: ("image/jpeg", "inline"), FileType.PDF: ("application/pdf", "attachment")}
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True)
class Tab:
    """A part of the list."""

    slug: str
    label: str
    condition: Q
    empty: str


TABS = (
    Tab("not_submitted", "Not submitted", Q(state=ExpenseState.DRAFT), "No drafts."),
    Tab("not_approved", "Not approved", Q(state=ExpenseState.SUBMITTED), "Nothing waits for approval."),
    Tab("all", "All", Q(), "No expenses yet."),
)


@require_safe
@requires(Permission.WRITE_WORK)
def expense_list(request: HttpRequest) -> HttpResponse:
    """The user's own expenses; for managers also those of their jobs, for administrators all."""
    visible = Expense.objects.visible_to(user_of(request))
    tab = next((tab for tab in TABS if tab.slug == request.GET.get("tab")), TABS[0])
    rows = visible.filter(tab.condition)
    ordered = rows.select_related("job__client").order_by("-date", "-pk")
    context = {
        "tab": tab,
        "tabs": list(zip(TABS, _counts(visible), strict=True)),
        "page": Paginator(ordered, PAGE).get_page(request.GET.get("page")),
        "total": rows.aggregate(total=money_sum("amount"))["total"],
    }
    return render(request, "jobs/expenses.html", context)


def _counts(visible: "QuerySet[Expense]") -> list[int]:
    found = visible.aggregate(**{tab.slug: Count("pk", filter=tab.condition) for tab in TABS})
    return [found[tab.slug] for tab in TABS]


@require_safe
@requires(Permission.WRITE_WORK)
def expense_page(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    expense = _visible(user, pk)
    context = {
        "expense": expense,
        "acts": ACTS.offered(user, expense),
        "may_edit": may_edit(user, expense),
        "may_open_invoice": user.role == Role.ADMINISTRATOR or expense.job.project_manager_id == user.pk,
        "history": expense_history(pk),
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
    return _after(request, user, saved, "submitted" if found["submit"] else "saved as a draft")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WRITE_WORK)
def expense_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft, or correct a submitted expense of an own job."""
    user = user_of(request)
    expense = _visible(user, pk)
    if request.method != "POST" and not may_edit(user, expense):
        return _not_opened(request, expense)
    form = _form(request, user, expense)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, status=422 if form.errors else 200)
    corrects = expense.state == ExpenseState.SUBMITTED and may_judge(user, expense)
    try:
        saved = _correct(request, user, form, pk) if corrects else _change(request, user, form, pk)
    except Refused as refused:
        return _form_page(request, form, status=409, refused=refused)
    done = "corrected" if corrects else "submitted" if form.cleaned_data.get("submit") else "saved as a draft"
    return _after(request, user, saved, done)


def _form(request: HttpRequest, user: User, expense: Expense | None) -> ExpenseForm:
    posted = request.method == "POST"
    data, files = (request.POST, request.FILES) if posted else (None, None)
    return ExpenseForm(data, files, user=user, expense=expense, job=request.GET.get("job", ""))


def _change(request: HttpRequest, user: User, form: ExpenseForm, pk: int) -> Saved:
    found = form.cleaned_data
    keys = {"key": found["key"], "version": found["version"] or 0}
    return change_expense(
        pk, form.entered(), submit=bool(found.get("submit")), by=user, origin=origin_of(request), **keys
    )


def _correct(request: HttpRequest, user: User, form: ExpenseForm, pk: int) -> Saved:
    found = form.cleaned_data
    keys = {"key": found["key"], "version": found["version"] or 0}
    return correct_expense(pk, form.entered(), by=user, origin=origin_of(request), **keys)


def _not_opened(request: HttpRequest, expense: Expense) -> HttpResponse:
    """Why the form does not open: another's draft, or its state."""
    if expense.state == ExpenseState.DRAFT:
        raise PermissionDenied(WHO[may_write])
    wanted = ExpenseState.DRAFT if expense.state == ExpenseState.SUBMITTED else ExpenseState.SUBMITTED
    reason, back = f"{expense} can't be changed now.", redirect("expense_page", expense.pk).url
    return conflict(request, reason, refusals=[not_in_state(expense, wanted)], back=back)


def _form_page(request: HttpRequest, form: ExpenseForm, *, status: int, refused: Refused | None = None) -> HttpResponse:
    """The form with all that was entered; refused: with what happened to the expense since it was opened."""
    context: dict[str, Any] = {"form": form, "expense": form.expense, "refused": refused}
    if refused and form.expense:
        seen = form.cleaned_data["version"] or 0
        context["since"] = [step for step in expense_history(form.expense.pk) if (step.version or 0) > seen]
    return render(request, "jobs/expense_form.html", context, status=status)


def _after(request: HttpRequest, user: User, saved: Saved, done: str) -> HttpResponse:
    """To the expense; to the list when it went to a job that the user does not manage."""
    messages.success(request, f"{saved.expense} {done}.")
    visible = Expense.objects.visible_to(user).filter(pk=saved.expense.pk).exists()
    return redirect("expense_page", saved.expense.pk) if visible else redirect("expense_list")


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
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
