"""Changes of users that the audit must show."""

import hashlib

from django.db import transaction

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.audit import NOWHERE, Actor, Operation, Origin
from jobbook.common.errors import Refused


def set_password(
    user: User, password: str, *, by: Actor, action: str = "user.set_password", origin: Origin = NOWHERE
) -> None:
    """Give `user` a new password. The caller has validated it; sessions of other browsers end with the old one."""
    with transaction.atomic(durable=True):
        operation = Operation(by=by, action=action, origin=origin)
        locked = User.objects.select_for_update().get(pk=user.pk)
        locked.set_password(password)
        locked.save(update_fields=["password"])
        operation.item("user", locked.pk).save()
        operation.close()
    user.password = locked.password


def keep_signature(user_id: int, signature: str, *, by: Actor, origin: Origin = NOWHERE) -> None:
    """Keep what a user drew for Add My Signature, or nothing for ''. What was signed before keeps its drawing."""
    with transaction.atomic(durable=True):
        operation = Operation(by=by, action="user.signature", origin=origin)
        user = User.objects.select_for_update().get(pk=user_id)
        if user.signature == signature:
            return
        versions = (user.version, user.version + 1)
        before, after = {"signature": _fingerprint(user.signature)}, {"signature": _fingerprint(signature)}
        operation.item("user", user_id, versions=versions, before=before, after=after).save(force_insert=True)
        User.objects.filter(pk=user_id).update(signature=signature, version=versions[1])
        operation.close()


def _fingerprint(signature: str) -> str:
    """How the audit names a drawing: drawn, and by the start of its SHA-256 which."""
    return f"drawn ({hashlib.sha256(signature.encode()).hexdigest()[:12]})" if signature else ""


def create_administrator(email: str, *, name: str, by: Actor) -> tuple[User, bool]:
    """The active administrator with this address and whether it was made now. Refused when it is someone else's."""
    with transaction.atomic(durable=True):
        operation = Operation(by=by, action="user.create")
        user = User.objects.select_for_update().filter(email__iexact=email).first()
        if user is None:
            user = User.objects.create_user(email, name=name, role=Role.ADMINISTRATOR)
            after = {"email": user.email, "name": user.name, "role": user.role}
            operation.item("user", user.pk, after=after).save()
            operation.close()
            return user, True
    if user.role != Role.ADMINISTRATOR:
        raise Refused(f"{email} belongs to {user.name}, {user.get_role_display()}. Nothing was changed.")
    if not user.is_active:
        raise Refused(f"The log-in of {email} is closed. Nothing was changed.")
    return user, False
