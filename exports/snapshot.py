"""What a run sends: each document frozen as canonical JSON on its item, and read back from there.

The file is a pure function of these texts, so making it again gives the same bytes whatever happened since.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any, get_type_hints

from django.db import connection, transaction
from django.db.models import F

from exports import profiles
from exports.formats import get_format
from exports.models import ExportItem, ExportRun
from invoices.document import InvoiceData, LineData, TaxData, load, with_records
from invoices.models import Invoice
from jobbook.common.audit import canonical
from jobbook.jobs.record_document import RecordData, RecordLineData

BATCH = 500  # documents in memory at a time


class Changed(Exception):
    """Invoices whose content is no longer what was asked for. `numbers` names them."""

    def __init__(self, numbers: list[str]) -> None:
        self.numbers = numbers
        super().__init__(", ".join(numbers))


def freeze(invoice: InvoiceData) -> str:
    """The canonical JSON of a document: sorted keys, dates and Decimals as text."""
    return canonical(_plain(invoice))


def thaw(text: str) -> InvoiceData:
    """The document of a canonical text."""
    document: InvoiceData = _build(InvoiceData, json.loads(text))
    return document


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def freeze_items(run: ExportRun, beat: Callable[[], None]) -> None:
    """Write `sent` of every item that lacks it. Raises Changed when an invoice moved on since it was asked for.

    A file made again finds all of them frozen, and nothing that happened since matters.
    """
    if run.sha256:
        return
    carries_records = get_format(run.format).carries_records(profiles.of_run(run))
    while True:
        items = dict(run.items.filter(sent="", problem="").order_by("position").values_list("invoice_id", "pk")[:BATCH])
        if not items:
            _refuse_changed(run)  # after the last was read: each was then read in one whole version
            return
        documents = list(load(Invoice.objects.filter(pk__in=items)))
        documents = with_records(documents) if carries_records else documents
        sent = [(freeze(document), items[document.id]) for document in documents]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {ExportItem._meta.db_table} SET sent = %s WHERE id = %s", sent)  # noqa: S608
        beat()


def _refuse_changed(run: ExportRun) -> None:
    changed = run.items.filter(problem="").exclude(invoice__content_version=F("content_version"))
    numbers = list(changed.order_by("position").values_list("invoice__number", flat=True))
    if numbers:
        raise Changed(numbers)


def sent_texts(run: ExportRun, *, failed: bool = False) -> Iterator[tuple[ExportItem, str]]:
    """The items in the file with their frozen text, in order, a batch in memory at a time.

    failed: with those that were to be in it and could not be written.
    """
    last = 0
    wanted = run.items.exclude(sent="").order_by("position")
    wanted = wanted if failed else wanted.filter(problem="")
    while True:
        items = list(wanted.filter(position__gt=last)[:BATCH])
        if not items:
            return
        for item in items:
            yield item, item.sent
        last = items[-1].position


def documents(run: ExportRun) -> Iterator[InvoiceData]:
    """The frozen documents of a run, in order."""
    return (thaw(text) for _, text in sent_texts(run))


def _plain(value: Any) -> Any:
    """Dataclasses and tuples as JSON knows them; the rest is left to `canonical`."""
    names = _NAMES.get(type(value))
    if names:
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _build(kind: type, values: dict[str, Any]) -> Any:
    """What a text of an earlier version lacks keeps its default."""
    return kind(**{name: reader(values[name]) for name, reader in _READERS[kind].items() if name in values})


def _reader(hint: Any) -> Callable[[Any], Any]:
    if hint == date:
        return date.fromisoformat
    if hint == Decimal:
        return Decimal
    if hint == date | None:
        return lambda text: None if text is None else date.fromisoformat(text)
    if hint == Decimal | None:
        return lambda text: None if text is None else Decimal(text)
    if hint == tuple[str, ...]:
        return tuple
    for kind in (TaxData, LineData, RecordData, RecordLineData):
        if hint == tuple[kind, ...]:  # type: ignore[valid-type]
            return lambda rows, kind=kind: tuple(_build(kind, row) for row in rows)  # type: ignore[misc]
    return lambda value: value


_KINDS = (InvoiceData, LineData, TaxData, RecordData, RecordLineData)
_NAMES = {kind: [each.name for each in fields(kind)] for kind in _KINDS}
_READERS: dict[type, dict[str, Callable[[Any], Any]]] = {
    kind: {name: _reader(get_type_hints(kind)[name]) for name in _NAMES[kind]} for kind in _KINDS
}
