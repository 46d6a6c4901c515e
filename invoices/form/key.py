"""The key of a form that makes something: sending it twice, or again after Back, makes one."""

import uuid

from django.http import QueryDict

from jobbook.common.models import AuditEntry

FIELD = "form_key"


def key_of(data: QueryDict) -> uuid.UUID:
    """The key that was sent; a new one for a form that is opened, or whose key is none."""
    try:
        return uuid.UUID(data.get(FIELD, ""))
    except ValueError:
        return uuid.uuid4()


def was_used(key: uuid.UUID) -> bool:
    """Did a command run with this key already?"""
    return AuditEntry.objects.filter(operation=key).exists()
