"""Whether an invoice's client and lines are mapped in the firm's accounting format: two conditions in SQL.

A firm that goes by its own names hears nothing: until something of a kind is mapped in the firm's format, nothing of
that kind is missing. From then on the client, and each priced line, should be:

- a client by the name he was given, or by his accounting ID in formats that write it where he has no name;
- a line by the name or account its item was given, or by its own account in formats that take accounts;
- a line without item by the format's setting for such lines; formats without this setting ask for none.

The firm's format is read by a subquery, so the conditions are made once and cost a page no query of its own. Nothing
here knows what the package accepts: that a file cannot be written is said by the format itself, before the export.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from exports.formats import accounting_formats
from exports.formats.base import Format
from exports.formats.profile import LINE_ITEM, Columns, Kind
from exports.models import ProfileEntry
from invoices.models import Invoice, InvoiceLine
from jobbook.jobs.models import Client, Company, Section

_FORMAT = Company.objects.filter(pk=1).values("default_format")
_NAMED = ~Q(theirs="")
_NAMED_OR_POSTED = ~Q(theirs="") | ~Q(account="")
# A setting that names lines without item: the item they go by, or the line's own text (Sage 50 Canada).
_NAMES_LINES = Q(ours=LINE_ITEM.name) & ~Q(theirs="") | Q(ours="items", theirs="text")


def _entries(kind: Kind, wanted: Q) -> QuerySet[ProfileEntry]:
    return ProfileEntry.objects.filter(wanted, format=Subquery(_FORMAT), kind=kind)


def _firm_writes(formats: list[Format]) -> Q:
    """The firm's format is one of these."""
    return Q(Exists(Company.objects.filter(pk=1, default_format__in=[each.slug for each in formats])))


def _mapping(kind: Kind) -> list[tuple[Format, Columns]]:
    return [(each, each.maps[kind]) for each in accounting_formats() if kind in each.maps]


def _has_begun(kind: Kind, wanted: Q) -> Q:
    """The firm's format maps this kind, and something is mapped."""
    return _firm_writes([each for each, _ in _mapping(kind)]) & Q(Exists(_entries(kind, wanted)))


def _unmapped_clients() -> QuerySet[Client]:
    goes_by_id = _firm_writes([each for each, columns in _mapping(Kind.CLIENT) if columns.own_id])
    named = Exists(_entries(Kind.CLIENT, _NAMED).filter(ours=OuterRef("client_number")))
    return Client.objects.filter(~Q(named)).exclude(~Q(accounting_id="") & goes_by_id)


def _unmapped_lines() -> QuerySet[InvoiceLine]:
    posts = _firm_writes([each for each, columns in _mapping(Kind.ITEM) if columns.account])
    asks_for_item = _firm_writes([each for each, _ in _mapping(Kind.ITEM) if LINE_ITEM in each.settings])
    mapped = Exists(_entries(Kind.ITEM, _NAMED_OR_POSTED).filter(ours=OuterRef("item_code")))
    by_item = ~Q(item_code="") & ~Q(mapped) & ~(~Q(account_code="") & posts)
    by_setting = Q(item_code="") & asks_for_item & ~Q(Exists(_entries(Kind.SETTING, _NAMES_LINES)))
    return InvoiceLine.objects.exclude(section=Section.UNPRICED).filter(by_item | by_setting).order_by()


CLIENT_UNMAPPED = _has_begun(Kind.CLIENT, _NAMED) & Q(Exists(_unmapped_clients().filter(pk=OuterRef("client_id"))))
LINE_UNMAPPED = _has_begun(Kind.ITEM, _NAMED_OR_POSTED) & Q(Exists(_unmapped_lines().filter(invoice=OuterRef("pk"))))


def unmapped_codes(invoice: Invoice) -> list[str]:
    """The item codes of its lines that are not mapped, in order; "" stands for lines without item."""
    found: QuerySet[Any, str] = _unmapped_lines().filter(invoice=invoice).values_list("item_code", flat=True)
    return sorted(set(found))
