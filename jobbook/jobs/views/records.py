"""Daily work records: the list, the form, the page of one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, Subquery, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.jobs.forms.record_buttons import pressed
from jobbook.jobs.forms.records import EQUIPMENT, LABOUR, RecordForm
from jobbook.jobs.models import DailyWorkRecord, RecordState, WorkLine
from jobbook.jobs.transitions.approvable import RECORDS
from jobbook.jobs.transitions.records import SavedRecord, change_record, correct_record, enter_record
from jobbook.jobs.views.record_acts import ACTS
from jobbook.jobs.views.work_pages import PAGE, counted, may_open_invoice, not_opened, saved_page, steps_after, tab_of
from jobbook.jobs.work_lines import BadLines
from jobbook.jobs.work_rules import may_edit, may_judge
from jobbook.jobs.work_words import changed_after_signed, steps_of

RELATED = ("job__client", "job__project_manager", "batch", "approved_by", "created_by", "invoiced__invoice")


@require_safe
@requires(Permission.WRITE_WORK)
def record_list(request: HttpRequest) -> HttpResponse:
    """The user's own records; for managers also those of their jobs, for administrators all. ?q= searches."""
    user, words = user_of(request), request.GET.get("q", "").strip()
    visible = DailyWorkRecord.objects.visible_to(user)
    if words:
        visible = visible.filter(
            Q(dwr_number__icontains=words)
            | Q(job__job_number__icontains=words)
            | Q(job__project_name__icontains=words)
            | Q(job__client__name__icontains=words)
        )
    tab = tab_of(request)
    rows = visible.filter(tab.condition).select_related("job__client", "created_by", "invoiced")
    context = {
        "tab": tab,
        "tabs": counted(visible),
        "page": Paginator(rows.annotate(hours=_hours()).order_by("-date", "-pk"), PAGE).get_page(
            request.GET.get("page")
        ),
        "q": words,
    }
    return render(request, "jobs/records.html", context)


def _hours() -> Subquery:
    """The hours of a record: worked out for the rows of the page alone, unlike a sum over a join."""
    lines = WorkLine.objects.filter(record=OuterRef("pk")).order_by()
    return Subquery(lines.values("record").annotate(hours_of_all=Sum("hours")).values("hours_of_all"))


@require_safe
@requires(Permission.WRITE_WORK)
def record_page(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    record = _visible(user, pk)
    lines = list(record.lines.select_related("item"))
    context = {
        "record": record,
        "labour": [line for line in lines if line.section == LABOUR],
        "equipment": [line for line in lines if line.section == EQUIPMENT],
        "money": user.can(Permission.SEE_MONEY),
        "total": sum((line.amount for line in lines), start=0),
        "acts": ACTS.offered(user, record),
        "changed": changed_after_signed([record]).get(record.pk, ""),
        "may_edit": may_edit(user, record),
        "may_open_invoice": may_open_invoice(user, record),
        "history": steps_of(RECORDS, pk, money=user.can(Permission.SEE_MONEY)),
    }
    return render(request, "jobs/record.html", context)


def _visible(user: User, pk: int) -> DailyWorkRecord:
    return get_object_or_404(DailyWorkRecord.objects.visible_to(user).select_related(*RELATED), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WRITE_WORK)
def record_new(request: HttpRequest) -> HttpResponse:
    """Write a DWR; ?job= chooses its job."""
    user = user_of(request)
    if "do" in request.POST:
        return _rows_changed(request, user, None)
    form = RecordForm(user, None, data=_posted(request), job=request.GET.get("job", ""))
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, status=422 if request.method == "POST" else 200)
    found = form.head.cleaned_data
    try:
        saved = enter_record(
            form.entered(), key=found["key"], submit=found["submit"], by=user, origin=origin_of(request)
        )
    except BadLines as bad:
        form.take_errors(bad)
        return _form_page(request, form, status=422)
    except Refused as refused:
        form.begin_anew()
        return _form_page(request, form, status=409, refused=refused)
    return saved_page(request, RECORDS, saved.record, "submitted" if found["submit"] else "saved as a draft")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WRITE_WORK)
def record_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft, or correct a submitted record of an own job."""
    user = user_of(request)
    record = _visible(user, pk)
    if request.method != "POST" and not may_edit(user, record):
        return not_opened(request, RECORDS, record)
    if "do" in request.POST:
        return _rows_changed(request, user, record)
    form = RecordForm(user, record, data=_posted(request))
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, status=422 if request.method == "POST" else 200)
    corrects = record.state == RecordState.SUBMITTED and may_judge(user, record)
    try:
        saved = _save(request, user, form, pk, corrects=corrects)
    except BadLines as bad:
        form.take_errors(bad)
        return _form_page(request, form, status=422)
    except Refused as refused:
        return _form_page(request, form, status=409, refused=refused)
    done = "corrected" if corrects else "submitted" if form.head.cleaned_data.get("submit") else "saved as a draft"
    return saved_page(request, RECORDS, saved.record, done)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _save(request: HttpRequest, user: User, form: RecordForm, pk: int, *, corrects: bool) -> SavedRecord:
    found, origin = form.head.cleaned_data, origin_of(request)
    key, version = found["key"], found["version"] or 0
    if corrects:
        return correct_record(pk, form.entered(), key=key, version=version, by=user, origin=origin)
    submit = bool(found.get("submit"))
    return change_record(pk, form.entered(), key=key, version=version, submit=submit, by=user, origin=origin)


def _rows_changed(request: HttpRequest, user: User, record: DailyWorkRecord | None) -> HttpResponse:
    """The form again with what the pressed button makes of its rows. Saves nothing, checks nothing."""
    form = RecordForm(user, record)
    values, told = pressed(request.POST, user, record)
    if told:
        messages.info(request, told)
    form.show_again(values)
    return _form_page(request, form, status=200)


def _form_page(request: HttpRequest, form: RecordForm, *, status: int, refused: Refused | None = None) -> HttpResponse:
    """The form with all that was entered; refused: with what happened to the record since it was opened."""
    context: dict[str, Any] = {
        "form": form,
        "head": form.head,
        "labour": form.rows[LABOUR],
        "equipment": form.rows[EQUIPMENT],
        "record": form.record,
        "problems": form.problems if status == 422 else [],
        "refused": refused,
    }
    if refused and form.record:
        steps = steps_of(RECORDS, form.record.pk, money=form.user.can(Permission.SEE_MONEY))
        now = DailyWorkRecord.objects.visible_to(form.user).filter(pk=form.record.pk).first()
        if now is not None and may_edit(form.user, now):
            form.take_version(now.version)
            context["writes_over"] = True
        context["since"] = steps_after(steps, form.head.cleaned_data["version"])
    return render(request, "jobs/record_form.html", context, status=status)
