"""Changes of users that the audit must show."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from jobbook.accounts.links import is_valid
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.audit import NOWHERE, Actor, Operation, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.records import Difference, change_record


def set_password(
    user: User,
    password: str,
    *,
    token: str | None = None,
    by: Actor,
    action: str = "user.set_password",
    origin: Origin = NOWHERE,
) -> None:
    """Give `user` a new password. The caller has validated it; sessions of other browsers end with the old one.

    token: that of the link it is set by. Refused when the link was used meanwhile, or the log-in closed.
    """
    with transaction.atomic(durable=True):
        operation = Operation(by=by, action=action, origin=origin)
        locked = User.objects.select_for_update().get(pk=user.pk)
        if token is not None and not (locked.is_active and is_valid(locked, token)):
            raise Refused("The password was not set: the link has been used, or opens nothing any more.")
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
            return _add(operation, email, name=name, role=Role.ADMINISTRATOR), True
    if user.role != Role.ADMINISTRATOR:
        raise Refused(f"{email} belongs to {user.name}, {user.get_role_display()}. Nothing was changed.")
    if not user.is_active:
        raise Refused(f"The log-in of {email} is closed. Nothing was changed.")
    return user, False


def create_user(email: str, *, name: str, role: str, by: Actor, origin: Origin = NOWHERE) -> User:
    """A new user without a password, who needs an invitation. Refused when somebody has this address."""
    with transaction.atomic(durable=True):
        operation = Operation(by=by, action="user.create", origin=origin)
        if taken := User.objects.filter(email__iexact=email).first():
            raise Refused("No user was made.", [Refusal("email", f"{taken.name} has this e-mail.", taken.pk)])
        return _add(operation, email, name=name, role=role)


def _add(operation: Operation, email: str, *, name: str, role: str) -> User:
    user = User.objects.create_user(email, name=name, role=role)
    after = {"email": user.email, "name": user.name, "role": user.role}
    operation.item("user", user.pk, versions=(None, user.version), after=after).save()
    operation.close()
    return user


def change_user(pk: int, values: Mapping[str, Any], *, version: int, by: Actor, origin: Origin = NOWHERE) -> User:
    """Name, e-mail, role and whether the user may log in. Refused when no active administrator would be left."""
    check = _an_administrator_is_left
    return change_record(User, pk, values, noun="user", version=version, check=check, by=by, origin=origin)


def _an_administrator_is_left(user: User, difference: Difference) -> Iterable[Refusal]:
    """Every command holds the ledger head, so two administrators can't both be the second last."""
    if stops_administering(user, difference.before) and not administrators_besides([user.pk]):
        yield last_administrator(user, difference.before)


def stops_administering(user: User, before: Mapping[str, Any]) -> bool:
    """Whether a user was an active administrator and is none any more. before: what the changed fields were."""
    was_active, role = before.get("is_active", user.is_active), before.get("role", user.role)
    return bool(was_active and role == Role.ADMINISTRATOR) and not is_administrator(user)


def is_administrator(user: User) -> bool:
    return user.is_active and user.role == Role.ADMINISTRATOR


def administrators_besides(pks: Iterable[int]) -> bool:
    """Whether there are active administrators besides these users."""
    administrators = User.objects.filter(is_active=True, role=Role.ADMINISTRATOR)
    return bool(set(administrators.values_list("pk", flat=True)) - set(pks))


def last_administrator(user: User, before: Mapping[str, Any]) -> Refusal:
    """The refusal of a change after which nobody could administer, at the field that changed."""
    field = "is_active" if "is_active" in before else "role"
    reason = f"{user.name} is the last active administrator. Make another user an administrator first."
    return Refusal(field, reason, user.pk, user.name)


def note_link(user: User, *, by: Actor, origin: Origin = NOWHERE) -> None:
    """Put into the history that `by` gets a link to set `user`'s password. Refused when the log-in is closed."""
    with transaction.atomic(durable=True):
        operation = Operation(by=by, action="user.link", origin=origin)
        if not User.objects.filter(pk=user.pk, is_active=True).exists():
            reason = "the log-in is closed, so a link would open nothing. Tick Active and save first"
            raise Refused("No link was made.", [Refusal("inactive", reason, user.pk, user.name)])
        operation.item("user", user.pk).save()
        operation.close()
