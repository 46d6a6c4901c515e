"""Who may do what: one table. Views start with `@requires(Permission.X)`."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponseBase


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", "Administrator"
    PROJECT_MANAGER = "project_manager", "Project Manager"
    ACCOUNTING = "accounting", "Accounting"
    TECHNICIAN = "technician", "Technician"


class Permission(StrEnum):
    """An action. The value is the phrase used in refusals: "Only an Administrator may ..."."""

    SEE_MONEY = "see amounts"
    WRITE_WORK = "write daily work records and expenses"
    APPROVE = "approve daily work records and expenses"
    SEE_JOBS = "see clients and jobs"
    INVOICE = "make and change invoices"
    SIGN = "sign invoices"
    OPEN_BACKLOG = "open the Invoice Process Backlog"
    SEE_INVOICES = "see invoices"
    EXPORT = "export invoices and download their PDFs in bulk"
    PROCESS = "process invoices and undo a batch"
    UNTICK = "untick Processed"
    SEE_BATCHES = "see process batches"
    SEE_RUNS = "see export runs"
    DOWNLOAD = "download the files of exports"
    CONFIRM_RUNS = "confirm what accounting imported"
    SET_REFERENCE = "enter accounting references"
    SET_PAID = "set and clear Paid"
    SEE_WIP = "see the Active Job Dashboard and the WIP Report"
    SEE_WORK_REPORTS = "see reports of time and expenses"
    ENTER_PROGRESS = "enter contract amounts and per cent complete"
    PROCESS_EXPENSES = "tick expenses processed"
    ADMINISTER = "change clients, jobs, users and settings"


_ACCOUNTING = {
    Permission.SEE_MONEY,
    Permission.SEE_JOBS,
    Permission.OPEN_BACKLOG,
    Permission.SEE_INVOICES,
    Permission.SEE_BATCHES,
    Permission.SEE_RUNS,
    Permission.DOWNLOAD,
    Permission.CONFIRM_RUNS,
    Permission.SET_REFERENCE,
    Permission.SET_PAID,
    Permission.SEE_WIP,
}
_MANAGER = {
    Permission.SEE_MONEY,
    Permission.WRITE_WORK,
    Permission.APPROVE,
    Permission.SEE_JOBS,
    Permission.SIGN,
    Permission.OPEN_BACKLOG,
    Permission.SEE_INVOICES,
    Permission.SEE_WIP,
    Permission.SEE_WORK_REPORTS,
    Permission.ENTER_PROGRESS,
}
_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.PROJECT_MANAGER: frozenset(_MANAGER),
    Role.ACCOUNTING: frozenset(_ACCOUNTING),
    Role.TECHNICIAN: frozenset({Permission.WRITE_WORK}),
}


def permissions_of(role: str) -> frozenset[Permission]:
    return _PERMISSIONS.get(role, frozenset())


def roles_with(permission: Permission) -> list[str]:
    """The labels of the roles that have a permission, for the 403 page."""
    return [Role(role).label for role, granted in _PERMISSIONS.items() if permission in granted]


def refuse(permission: Permission) -> PermissionDenied:
    """The 403 that names the roles needed."""
    return PermissionDenied(f"Only {' or '.join(roles_with(permission))} may {permission}.")


View = Callable[..., HttpResponseBase]


def requires(permission: Permission) -> Callable[[View], View]:
    """403 for a role without `permission`. An object the user may not see is a 404, see `visible_to`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not (request.user.is_authenticated and request.user.can(permission)):
                raise refuse(permission)
            return view(request, *args, **kwargs)

        checked.permission = permission  # type: ignore[attr-defined]
        return checked

    return decorate
