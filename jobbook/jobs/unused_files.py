"""Uploads that nothing names any more: the form was left, the receipt or attachment taken off. They are swept away."""

import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from jobbook.common.clock import database_now
from jobbook.common.transitions import lock_rows
from jobbook.jobs.models import StoredFile
from jobbook.jobs.uploads import path_of

LIFE = timedelta(days=2)  # after the upload: a form that is not saved yet remembers its own for one day
_A_ROUND = 500


def remove_unused() -> int:
    """One round; how many files went. Two sweepers at once do no harm."""
    for left in (Path(settings.FILES_DIR) / "uploads").glob("*/*.part"):  # of a process that was stopped
        if left.stat().st_mtime < time.time() - LIFE.total_seconds():
            left.unlink(missing_ok=True)
    return sum(_remove(pk) for pk in list(_unused().values_list("pk", flat=True)[:_A_ROUND]))


def _unused() -> "QuerySet[StoredFile]":
    """Those that no row names, of whichever app."""
    rows = StoredFile.objects.filter(uploaded_at__lt=database_now() - LIFE)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            naming = relation.field.model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            rows = rows.filter(~Exists(naming))
    return rows


def _remove(pk: int) -> bool:
    """Looked at again under its lock: the same content may have been uploaded meanwhile."""
    with transaction.atomic(durable=True):
        lock_rows(StoredFile.objects.filter(pk=pk))
        file = _unused().filter(pk=pk).first()
        if file is None:
            return False
        path = path_of(file)
        file.delete()
        path.unlink(missing_ok=True)
    return True
