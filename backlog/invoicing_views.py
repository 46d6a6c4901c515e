"""The window of the DWR Invoice Backlog: Invoice Selected DWRs, one invoice for each job."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from backlog.grid.response import current_query, refused, results_response
from backlog.grid.selection import BadSelection, Selection, resolve
from backlog.record_invoicing import RECORD_INVOICING
from backlog.work_window import refused_window
from invoices.making import PlannedInvoice, invoice_records, invoicing_intent, plan_invoices
from jobbook.accounts.http import user_of
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.common.intents import frozen_rows
from jobbook.jobs.models import DailyWorkRecord

SHOWN = 50  # planned invoices named in the window


@dataclass(frozen=True)
class Plan:
    """What the window lists: an invoice for each job, the first of them one by one."""

    invoices: list[PlannedInvoice]

    @property
    def first(self) -> list[PlannedInvoice]:
        return self.invoices[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.invoices) - len(self.first)

    @property
    def expenses(self) -> int:
        """Pending expenses of all the jobs."""
        return sum(planned.expenses for planned in self.invoices)


@require_POST
@requires(Permission.INVOICE)
def invoicing_window(request: HttpRequest) -> HttpResponse:
    """Which invoices would be made: job by job, with the DWRs and the amount before fees and taxes."""
    user = user_of(request)
    try:
        selection = resolve(RECORD_INVOICING, user, request.POST)
    except BadSelection as bad:
        return refused(bad)
    return render(request, "backlog/_invoicing_window.html", _context(user, selection))


def _context(user: User, selection: Selection) -> dict[str, Any]:
    """The plan is of what was frozen: another user may have invoiced or approved some of the selection meanwhile."""
    rows = DailyWorkRecord.objects.filter(pk__in=selection.queryset.values("pk"))
    intent = invoicing_intent(user=user, records=rows)
    return {
        "intent": intent,
        "selection": selection,
        "words": RECORD_INVOICING.count(intent.count),
        "plan": Plan(plan_invoices(frozen_rows(intent, DailyWorkRecord.objects.all()))),
    }


@require_POST
@requires(Permission.INVOICE)
def invoicing_confirm(request: HttpRequest) -> HttpResponse:
    """Make the invoices the window listed; the same window again answers with those it made."""
    try:
        result = invoice_records(request.POST.get("intent", ""), by=user_of(request), origin=origin_of(request))
    except Refused as error:
        return refused_window(request, "No invoice was made", error)
    if not request.headers.get("HX-Request"):
        return redirect(RECORD_INVOICING.url_name)
    query = current_query(RECORD_INVOICING, request)
    return results_response(
        RECORD_INVOICING,
        request,
        query=query,
        line_template="backlog/_invoicing_done.html",
        context={"result": result},
    )
