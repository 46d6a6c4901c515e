"""Clients that go by another name than when they were last exported: a package that goes by names makes a second."""

from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet

from exports import profiles
from exports.formats.profile import Kind, Profile
from exports.models import ExportItem, RunState
from exports.snapshot import thaw
from invoices.models import Invoice


@dataclass(frozen=True)
class Renamed:
    """A client of the selection. names: what the file will call it, each with the number of invoices."""

    client_number: str
    was: str
    run: int  # number of the run that sent it so
    names: list[tuple[str, int]]


def renamed_clients(invoices: "QuerySet[Invoice]", slug: str) -> list[Renamed]:
    """By client number. A client that the profile maps goes by its mapped name, whatever it is called here."""
    rows = (
        Invoice.objects.filter(pk__in=invoices.order_by().values("pk"))
        .values_list("client_id", "client__client_number", "client_name")
        .annotate(n=Count("pk"))
        .order_by("client__client_number", "client_name")
    )
    profile = profiles.current(slug)
    names: dict[tuple[int, str], dict[str, int]] = {}
    for client_id, number, name, n in rows:
        here = names.setdefault((client_id, number), {})
        shown = _name_there(profile, number, name)
        here[shown] = here.get(shown, 0) + n
    last = _last_sent([client_id for client_id, _ in names], slug)
    return [
        Renamed(number, was, run, list(now.items()))
        for (client_id, number), now in names.items()
        for was, run in [last.get(client_id, ("", 0))]
        if was and set(now) != {was}
    ]


def _last_sent(client_ids: list[int], slug: str) -> dict[int, tuple[str, int]]:
    """What the newest file of this format called each client, and the number of its run."""
    done = ExportItem.objects.filter(
        run__format=slug,
        run__state__in=[RunState.SUCCEEDED, RunState.EXPIRED],
        problem="",
        invoice__client__in=client_ids,
    )
    newest = done.order_by().values("invoice__client").annotate(newest=Max("pk")).values("newest")
    items = ExportItem.objects.filter(pk__in=newest).select_related("run__profile", "invoice")
    found = {}
    for item in items:
        document = thaw(item.sent)
        name = _name_there(profiles.of_run(item.run), document.client_number, document.client_name)
        found[item.invoice.client_id] = (name, item.run.number)
    return found


def _name_there(profile: Profile, client_number: str, name: str) -> str:
    return profile.mapped(Kind.CLIENT, client_number).theirs or name
