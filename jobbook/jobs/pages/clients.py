"""Pages of clients: list, page, form."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.jobs.models import Client, Job
from jobbook.jobs.pages.client_forms import ADDRESSES, CONTACTS, ClientForm
from jobbook.jobs.pages.lists import ListFilters, page_of
from jobbook.jobs.pages.saving import Sheet, asks_for_row, posted
from jobbook.jobs.pages.steps import steps_of

MOST_JOBS = 200  # on a client's page; the list of jobs has all


@require_safe
@requires(Permission.SEE_JOBS)
def client_list(request: HttpRequest) -> HttpResponse:
    """The clients one may see, by name, with how many of their jobs."""
    user = user_of(request)
    jobs = Count("jobs", filter=Q(jobs__in=Job.objects.visible_to(user), jobs__active=True))
    filters = ListFilters(request)
    rows = filters.narrow(Client.objects.visible_to(user), "client_number", "name", "contact", "city")
    rows = rows.annotate(active_jobs=jobs).order_by("name", "pk")
    context = {"page": page_of(request, rows), "filters": filters, "may_write": user.can(Permission.ADMINISTER)}
    return render(request, "jobs/client_list.html", context)


@require_safe
@requires(Permission.SEE_JOBS)
def client_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One client with contacts, addresses, the jobs one may see, and history."""
    user = user_of(request)
    client = get_object_or_404(Client.objects.visible_to(user).select_related("rate_sheet"), pk=pk)
    jobs = client.jobs.visible_to(user).select_related("project_manager").order_by("-active", "-job_number", "pk")
    context = {
        "client": client,
        "contacts": client.contacts.all(),
        "addresses": [(each, ", ".join(filter(None, each.address_lines))) for each in client.addresses.all()],
        "jobs": jobs[:MOST_JOBS],
        "job_count": jobs.count(),
        "history": steps_of("client", pk),
        "may_write": user.can(Permission.ADMINISTER),
    }
    return render(request, "jobs/client.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def client_new(request: HttpRequest) -> HttpResponse:
    """A new client."""
    return _form(request, Client())


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def client_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a client."""
    return _form(request, get_object_or_404(Client, pk=pk))


def _form(request: HttpRequest, client: Client) -> HttpResponse:
    data, title = posted(request), f"Change {client.name}" if client.pk else "New client"
    rows = [
        CONTACTS(data, record=client, prefix="contacts"),
        ADDRESSES(data, record=client, prefix="addresses"),
    ]
    back = reverse("client_page", args=[client.pk]) if client.pk else reverse("client_list")
    sheet = Sheet(ClientForm(data, instance=client), rows, "client")
    if asks_for_row(request):
        sheet.show_unchecked()
    elif request.method == "POST" and (saved := sheet.save_for(request)):
        messages.success(request, f"{saved} is saved.")
        return redirect("client_page", saved.pk)
    context = {"sheet": sheet, "form": sheet.form, "title": title, "back": back}
    return render(request, "jobs/master_form.html", context, status=sheet.status)
