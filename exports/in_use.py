"""What of ours a mapping may name: the clients, items, taxes and terms that documents carry, most wanted first."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count

from exports.formats.profile import Kind
from invoices.models import Invoice, InvoiceLine
from jobbook.jobs.models import Client, Item, Tax


@dataclass(frozen=True)
class Ours:
    """Something of ours: its key in the profile, its name, and how many waiting invoices carry it."""

    key: str
    name: str
    waiting: int = 0


def clients() -> list[Ours]:
    waiting = dict(Invoice.objects.admin_queue().order_by().values_list("client").annotate(n=Count("pk")))
    rows = Client.objects.filter(active=True).order_by("name").values_list("pk", "client_number", "name")
    return [Ours(number, f"{name} ({number})", waiting.get(pk, 0)) for pk, number, name in rows]


def items() -> list[Ours]:
    lines = InvoiceLine.objects.filter(invoice__queue="admin").exclude(item_code="")
    waiting = dict(lines.order_by().values_list("item_code").annotate(n=Count("invoice", distinct=True)))
    rows = Item.objects.filter(active=True).order_by("name").values_list("code", "name")
    known = [Ours(code, f"{name} ({code})", waiting.pop(code, 0)) for code, name in rows]
    return [*known, *(Ours(code, code, n) for code, n in sorted(waiting.items()))]


def taxes() -> list[Ours]:
    """Each tax, and each combination that lines carry."""
    lines = InvoiceLine.objects.filter(invoice__queue="admin").exclude(taxes="")
    waiting = dict(lines.order_by().values_list("taxes").annotate(n=Count("invoice", distinct=True)))
    names = dict(Tax.objects.order_by("code").values_list("code", "name"))
    single = [Ours(code, f"{name} ({code})", waiting.get(code, 0)) for code, name in names.items()]
    combined = sorted(codes for codes in waiting if ";" in codes)
    return single + [Ours(codes, _sum_of(codes, names), waiting[codes]) for codes in combined]


def _sum_of(codes: str, names: dict[str, str]) -> str:
    return " + ".join(names.get(code, code) for code in codes.split(";"))


def terms() -> list[Ours]:
    waiting = dict(
        Invoice.objects.admin_queue().exclude(terms="").order_by().values_list("terms").annotate(n=Count("pk"))
    )
    known = set(Client.objects.exclude(terms="").values_list("terms", flat=True).distinct()) | set(waiting)
    return [Ours(text, text, waiting.get(text, 0)) for text in sorted(known)]


IN_USE: dict[Kind, Callable[[], list[Ours]]] = {
    Kind.CLIENT: clients,
    Kind.ITEM: items,
    Kind.TAX: taxes,
    Kind.TERMS: terms,
}
