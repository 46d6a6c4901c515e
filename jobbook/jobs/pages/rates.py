"""Pages of rate sheets: list, form, clone, PDF."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.http import pdf_response
from jobbook.common.printing.assets import PdfError
from jobbook.jobs.models import Company, Item, RateLine, RateSheet, Section
from jobbook.jobs.pages.lists import ListFilters, page_of
from jobbook.jobs.pages.rate_forms import Cloned, CloneForm, PriceTable, RateSheetForm
from jobbook.jobs.pages.rate_pdf import rate_sheet_pdf_bytes
from jobbook.jobs.pages.saving import Sheet
from jobbook.jobs.pages.steps import steps_of

_SECTIONS = Case(*(When(section=each, then=Value(place)) for place, each in enumerate(Section.values)))
ITEMS_SHOWN = 250  # of one page of the form: two fields each, a request has at most a thousand


@require_safe
@requires(Permission.SEE_JOBS)
def rate_sheet_list(request: HttpRequest) -> HttpResponse:
    """The rate sheets one may see, with who uses them."""
    user = user_of(request)
    filters = ListFilters(request)
    counts = {
        "line_count": Count("lines", distinct=True),
        "client_count": Count("clients", distinct=True),
        "job_count": Count("jobs", distinct=True),
    }
    rows = filters.narrow(RateSheet.objects.visible_to(user), "name").annotate(**counts).order_by("name", "pk")
    context = {"page": page_of(request, rows), "filters": filters, "may_write": user.can(Permission.ADMINISTER)}
    return render(request, "jobs/rate_sheet_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def rate_sheet_new(request: HttpRequest) -> HttpResponse:
    """A new rate sheet."""
    return _form(request, RateSheet())


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def rate_sheet_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a rate sheet; who uses it."""
    return _form(request, get_object_or_404(RateSheet, pk=pk))


def _form(request: HttpRequest, record: RateSheet) -> HttpResponse:
    data, title = (request.POST if request.method == "POST" else None), f"{record}" if record.pk else "New rate sheet"
    page = _items(request, record)
    prices = PriceTable(data, record=record, items=page)
    sheet = Sheet(RateSheetForm(data, instance=record), [prices], "rate_sheet")
    if request.method == "POST" and (saved := sheet.save_for(request)):
        messages.success(request, f"Rate sheet {saved} is saved.")
        is_there = record.pk and "page" in request.GET
        return redirect(request.get_full_path()) if is_there else redirect("rate_sheet_edit", saved.pk)
    context = {"sheet": sheet, "form": sheet.form, "title": title, "page": page, "groups": list(prices.groups)}
    context |= {"record": record, "q": request.GET.get("q", ""), **_users(record)}
    return render(request, "jobs/rate_sheet_form.html", context, status=sheet.status)


def _items(request: HttpRequest, record: RateSheet) -> "Page[Item]":
    """The items of a page: those in use, and those the sheet has a price of."""
    priced = Exists(RateLine.objects.filter(sheet=record.pk, item=OuterRef("pk")))
    items = Item.objects.filter(Q(active=True) | priced)
    for word in request.GET.get("q", "")[:100].replace("\0", "").split():
        items = items.filter(Q(code__icontains=word) | Q(name__icontains=word))
    return Paginator(items.order_by(_SECTIONS, "code"), ITEMS_SHOWN).get_page(request.GET.get("page"))


def _users(record: RateSheet) -> dict[str, Any]:
    if record._state.adding:
        return {}
    clients, jobs = list(record.clients.order_by("name")), list(record.jobs.order_by("job_number"))
    return {"clients": clients, "jobs": jobs, "history": steps_of("rate_sheet", record.pk)}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def rate_sheet_clone(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a name (GET) and make a sheet with the same prices (POST)."""
    source = get_object_or_404(RateSheet, pk=pk)
    form = CloneForm(request.POST if request.method == "POST" else None, instance=RateSheet())
    sheet = Sheet(form, [Cloned(source)], "rate_sheet")
    if request.method == "POST" and (made := sheet.save_for(request)):
        messages.success(request, f"Rate sheet {made} is made, with the prices of {source}.")
        return redirect("rate_sheet_edit", made.pk)
    context = {"source": source, "line_count": source.lines.count(), "sheet": sheet, "form": form}
    return render(request, "jobs/rate_sheet_clone.html", context, status=sheet.status)


@require_safe
@requires(Permission.SEE_JOBS)
def rate_sheet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The printed rate sheet, shown in the browser."""
    sheet = get_object_or_404(RateSheet.objects.visible_to(user_of(request)), pk=pk)
    try:
        data = rate_sheet_pdf_bytes(sheet, Company.current())
    except PdfError as error:
        return render(request, "jobs/not_printable.html", {"sheet": sheet, "reason": str(error)}, status=422)
    return pdf_response(data, f"rate-sheet-{sheet.pk}.pdf")
