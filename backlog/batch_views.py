"""Process batches: the list, and the page of each with its invoices and the files that contain them."""

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from exports.models import ExportItem, ExportRun, RunState
from invoices.models import BatchKind, Invoice, InvoiceQuerySet, ProcessBatch
from invoices.undo import hindrances, undo_offer
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.models import AuditItem

PAGE = 50


@require_safe
@requires(Permission.SEE_BATCHES)
def process_batches(request: HttpRequest) -> HttpResponse:
    """Every batch, the newest first."""
    page = Paginator(ProcessBatch.objects.order_by("-number"), PAGE).get_page(request.GET.get("page"))
    still_in = members([batch.pk for batch in page if batch.kind != BatchKind.IMPORT])
    rows = [(batch, still_in.get(batch.pk, 0)) for batch in page]
    return render(request, "backlog/batches.html", {"page": page, "rows": rows, "offer": undo_offer()})


def members(batch_ids: list[int]) -> dict[int, int]:
    """How many invoices are still in each of these batches."""
    counts = Invoice.objects.filter(batch__in=batch_ids).values("batch").annotate(n=Count("pk"))
    return {row["batch"]: row["n"] for row in counts.order_by()}


@require_safe
@requires(Permission.SEE_BATCHES)
def process_batch(request: HttpRequest, number: int) -> HttpResponse:
    """One batch: what it processed, what is still in it, what hinders its undo, the files concerned."""
    user = user_of(request)
    batch = get_object_or_404(ProcessBatch, number=number)
    offer = undo_offer()
    is_offered = offer.batch == batch
    page = Paginator(invoices_of(batch).visible_to(user), PAGE * 2).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "page": page,
        "hidden": invoices_of(batch).count() - page.paginator.count,
        "still_in": batch.invoices.count(),
        "is_offered": is_offered,
        "refusals": hindrances(batch) if is_offered and offer.moved else [],
        "runs": runs_with(batch),
        "may_undo": user.can(Permission.PROCESS),
    }
    return render(request, "backlog/batch.html", context)


def invoices_of(batch: ProcessBatch) -> InvoiceQuerySet:
    """The invoices the batch processed, whether they are still in it or not."""
    items = AuditItem.objects.filter(entry_id=batch.entry_number, object_type="invoice")
    return Invoice.objects.filter(pk__in=items.values("object_id")).order_by("invoice_date", "number", "pk")


def runs_with(batch: ProcessBatch) -> "list[ExportRun]":
    """The finished accounting files that contain invoices of the batch, with how many of them."""
    items = ExportItem.objects.filter(invoice__in=invoices_of(batch).values("pk"), run=OuterRef("pk"), problem="")
    count = items.order_by().values("run").annotate(n=Count("pk")).values("n")
    runs = ExportRun.objects.filter(state=RunState.SUCCEEDED).annotate(of_batch=Subquery(count))
    return list(runs.filter(of_batch__gt=0).order_by("-number")[:20])
