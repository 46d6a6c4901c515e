"""What the audit keeps of an import: one item per object made or changed."""

from collections.abc import Iterator
from typing import Any

from invoices.models import Invoice
from jobbook.common.audit import Operation
from jobbook.common.models import AuditItem
from jobbook.transfer.book import Book, Change
from jobbook.transfer.columns import FileSpec
from jobbook.transfer.layout import FILES
from jobbook.transfer.write import BATCH, VERSIONED


def record(book: Book, operation: Operation) -> None:
    """Write the items. The caller closes the operation."""
    items = (_item(spec, change, operation) for spec in FILES for change in book.changes[spec.name].values())
    AuditItem.objects.bulk_create(items, batch_size=BATCH)


def _item(spec: FileSpec, change: Change, operation: Operation) -> AuditItem:
    target = change.object
    versions: tuple[int | None, int | None] = (None, None)
    if spec in VERSIONED:
        before = target.version - ("version" in change.fields)
        versions = (None if change.made else before, target.version)
    after = {**dict(_made(spec, target)), **change.after} if change.made else change.after
    return operation.item(spec.noun, target.pk, versions=versions, before=change.before, after=after)


def _made(spec: FileSpec, target: Any) -> Iterator[tuple[str, Any]]:
    """What a new object is known by."""
    for name in spec.key:
        yield name, getattr(target, spec.by_name[name].field)
    if isinstance(target, Invoice):
        yield "total", target.total
