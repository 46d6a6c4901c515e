"""Cells that name a row of another file."""

from typing import Any

from jobbook.jobs.models import Item, Job, RateSheet
from jobbook.transfer.columns import Column, ref
from jobbook.transfer.values import EMAIL, text

ADDRESS = "address_1 address_2 city region postal_code country"


def job_ref() -> Column:
    return ref("job_number", "jobs.csv", text(Job, "job_number"), "job", "job__job_number", required=True)


def item_ref(**more: Any) -> Column:
    return ref("item_code", "items.csv", text(Item, "code"), "item", "item__code", **more)


def user_ref(name: str, *, field: str = "", source: str = "", **more: Any) -> Column:
    """A user by e-mail."""
    return ref(name, "users.csv", EMAIL, field or name, source or f"{name}__email", **more)


def rate_sheet_ref(field: str, **more: Any) -> Column:
    return ref("rate_sheet", "rate_sheets.csv", text(RateSheet, "name"), field, f"{field}__name", **more)
