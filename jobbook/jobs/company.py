"""Changing the company, and the numbers its next invoice and credit note get."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction

from jobbook.common.audit import NOWHERE, Actor, Operation, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.models import Counter
from jobbook.common.records import Difference, changed_since
from jobbook.common.transitions import lock_rows
from jobbook.jobs.models import Company, Job

FIRST_NUMBER = 10_001
SERIES = {"next_invoice_number": "invoice", "next_credit_number": "credit_note"}  # what they are called: their counter
UNSAVED = 0  # the version of the company while its row is not there


def next_numbers() -> dict[str, int]:
    """The next number of each series. One that is in use is stepped over when it is given."""
    last = dict(Counter.objects.filter(series__in=SERIES.values()).values_list("series", "last"))
    return {name: last.get(series, FIRST_NUMBER - 1) + 1 for name, series in SERIES.items()}


def version_of(company: Company) -> int:
    return UNSAVED if company._state.adding else company.version


def has_invoices() -> bool:
    return Job.objects.filter(invoices__isnull=False).exists()


def keep_company(
    values: Mapping[str, Any],
    numbers: Mapping[str, int],
    *,
    seen: Mapping[str, int] = MappingProxyType({}),
    version: int,
    by: Actor,
    origin: Origin = NOWHERE,
) -> Company:
    """Put values (fields by name) and next numbers onto the company. Nothing is written if all are as they were.

    seen: the next numbers as the user saw them, if any. Refused when it is no longer at `version`, for another currency
    once there are invoices, and for a next number below what was given since it was seen.
    """
    with transaction.atomic(durable=True):
        operation = Operation(by, "company.change", origin=origin)
        lock_rows(Company.objects.all())
        company = Company.current()
        if version_of(company) != version:
            raise Refused("The company was not changed.", [changed_since("company", 1, company.name, version)])
        difference = _put(company, values, numbers)
        if refusals := list(_against(company, difference, seen)):
            raise Refused("The company was not changed.", refusals)
        if difference.after or version == UNSAVED:
            _write(company, numbers, difference, operation)
    return company


def _put(company: Company, values: Mapping[str, Any], numbers: Mapping[str, int]) -> Difference:
    difference = Difference()
    for name, value in values.items():
        difference.note(name, getattr(company, name), value)
        setattr(company, name, value)
    present = next_numbers()
    for name, number in numbers.items():
        difference.note(name, present[name], number)
    return difference


def _against(company: Company, difference: Difference, seen: Mapping[str, int]) -> Iterator[Refusal]:
    if "currency" in difference.after and has_invoices():
        reason = f"There are invoices in {difference.before['currency']}: the currency stays."
        yield Refusal("currency", reason, 1, company.name)
    for name in SERIES.keys() & difference.after.keys():
        present = difference.before[name]
        if max(seen.get(name, 0), difference.after[name]) < present:
            reason = f"Numbers were given since the page was opened: the next is {present}, and it does not go back."
            yield Refusal(name, reason, 1, company.name)


def _write(company: Company, numbers: Mapping[str, int], difference: Difference, operation: Operation) -> None:
    before = None if company._state.adding else company.version
    company.version = (before or UNSAVED) + 1
    company.save()
    for name, number in numbers.items():
        if name in difference.after:
            Counter.objects.update_or_create(series=SERIES[name], defaults={"last": number - 1})
    item = operation.item(
        "company", 1, versions=(before, company.version), before=difference.before, after=difference.after
    )
    item.save(force_insert=True)
    operation.close()
