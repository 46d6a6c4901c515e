"""Company, offices, people, taxes, items, rates, clients and jobs of an import."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import Model

from invoices.models import Invoice, InvoiceTax
from jobbook.accounts.models import User
from jobbook.accounts.transitions import (
    administrators_besides,
    is_administrator,
    last_administrator,
    stops_administering,
)
from jobbook.common.errors import Refusal
from jobbook.common.money import format_quantity
from jobbook.common.records import Difference
from jobbook.jobs.company import next_numbers
from jobbook.jobs.models import JobTax
from jobbook.jobs.pages.job_rules import what_is_on, why_it_stays
from jobbook.transfer.belongings import build_belongings, place_billing_addresses
from jobbook.transfer.book import Book, Entry, chunks
from jobbook.transfer.columns import FileSpec
from jobbook.transfer.layout import (
    BY_FILE,
    CLIENT_ADDRESSES,
    CLIENT_CONTACTS,
    CLIENTS,
    COMPANY,
    EMPLOYEES,
    ITEMS,
    JOB_FEES,
    JOB_ITEMS,
    JOBS,
    OFFICES,
    RATE_LINES,
    RATE_SHEETS,
    TAXES,
    USERS,
)
from jobbook.transfer.sheets import Row
from jobbook.transfer.values import shown


def build_firm(book: Book) -> None:
    """Everything that documents and work refer to. Owners are noted, and so written, before what belongs to them."""
    _build_company(book)
    book.build(OFFICES)
    _check_administrators(book, book.build(USERS, _new_user))
    _check_rates(book, book.build(TAXES))
    for spec in (ITEMS, EMPLOYEES, RATE_SHEETS, CLIENTS):
        book.build(spec)
    _note(book, COMPANY, OFFICES, USERS, TAXES, ITEMS, EMPLOYEES, RATE_SHEETS, CLIENTS)
    for spec in (RATE_LINES, CLIENT_CONTACTS, CLIENT_ADDRESSES):
        build_belongings(book, spec)
    _build_jobs(book)
    _note(book, JOBS)
    for spec in (JOB_ITEMS, JOB_FEES):
        build_belongings(book, spec)


def _note(book: Book, *specs: FileSpec) -> None:
    for spec in specs:
        for entry in book.entries[spec.name]:
            if entry.moved:
                book.note(spec.name, entry)


def _build_company(book: Book) -> None:
    for row in book.rows(COMPANY.name):
        values = book.resolve(COMPANY, row)
        currency = values.get("currency", book.company.currency)
        if currency != book.company.currency:
            _check_currency(book, row, currency)
        existing = None if book.company_is_new else book.company
        entry = book.enter(COMPANY, row, existing, values)
        book.company = entry.object
        for column, number in next_numbers().items():
            said = row.values.get(column, number)
            if said != number:
                entry.before[column], entry.after[column] = number, said
        book.entries[COMPANY.name].append(entry)


def _check_currency(book: Book, row: Row, currency: str) -> None:
    other = Invoice.objects.exclude(currency=currency).order_by("pk").first()
    if other:
        book.problems.add(row, "currency", f"there are invoices in {other.currency}; it cannot become {currency}")


def _new_user(row: Row, existing: User | None, values: dict[str, Any]) -> None:
    if existing is None:
        values["password"] = make_password(None)  # none is accepted until the invitation is used
    else:
        values.pop("email", None)  # compared without regard to case, kept as it is


def _check_administrators(book: Book, entries: list[Entry]) -> None:
    """An active administrator is left; it is told at the row of the last one that stops being one."""
    stopping = [entry for entry in entries if stops_administering(entry.object, entry.before)]
    if not stopping or any(is_administrator(entry.object) for entry in entries):
        return
    if not administrators_besides(entry.object.pk for entry in entries if not entry.made):
        _refuse(book, stopping[-1], last_administrator(stopping[-1].object, stopping[-1].before))


def _refuse(book: Book, entry: Entry, refusal: Refusal) -> None:
    """What a page refuses is a problem of the column of that field."""
    column = next(each.name for each in BY_FILE[entry.row.file].columns if each.field == refusal.code)
    book.problems.add(entry.row, column, refusal.reason)


def _check_rates(book: Book, entries: list[Entry]) -> None:
    """The rate of a tax that stands on a job or an invoice never changes."""
    changed = {entry.object.pk: entry for entry in entries if "rate" in entry.after}
    used = {pk for model in (JobTax, InvoiceTax) for pk in _referred(model, "tax_id", changed)}
    for pk in sorted(used):
        entry = changed[pk]
        rate = format_quantity(entry.before["rate"])
        reason = f"{shown(entry.object.code)} is in use with the rate {rate}; a new rate is a new code"
        book.problems.add(entry.row, "rate", reason)


def _referred(model: type[Model], name: str, keys: Iterable[int]) -> Iterator[int]:
    """Those of the keys that rows of `model` refer to."""
    for chunk in chunks(sorted(keys)):
        rows = model._default_manager.filter(**{f"{name}__in": chunk})
        yield from rows.order_by().values_list(name, flat=True).distinct()


def _build_jobs(book: Book) -> None:
    entries = book.build(JOBS)
    existing = {entry.object.pk: entry for entry in entries if not entry.made}
    _check_jobs(book, existing)
    codes = job_tax_codes(existing)
    for pk, entry in existing.items():
        there = ";".join(codes.get(pk, []))
        if entry.row.values.get("taxes", there) != there:
            entry.before["taxes"], entry.after["taxes"] = there, entry.row.values["taxes"]
    place_billing_addresses(book)


def job_tax_codes(job_ids: Iterable[int]) -> dict[int, list[str]]:
    """The codes of the taxes of each job, in their order."""
    codes: dict[int, list[str]] = {}
    for chunk in chunks(sorted(job_ids)):
        rows = JobTax.objects.filter(job_id__in=chunk).order_by("job_id", "position")
        for job_id, code in rows.values_list("job_id", "tax__code"):
            codes.setdefault(job_id, []).append(code)
    return codes


def _check_jobs(book: Book, existing: dict[int, Entry]) -> None:
    """A job with work or documents stays of its billing type, and one with invoices stays with its client."""
    moved = {pk: entry for pk, entry in existing.items() if {"billing_type", "client"} & entry.after.keys()}
    for chunk in chunks(sorted(moved)):
        for pk, there in what_is_on(chunk).items():
            entry, difference = moved[pk], Difference()
            for name in ("billing_type", "client"):
                if name in entry.after:
                    difference.note(name, entry.before[name], entry.after[name])
            for refusal in why_it_stays(entry.object, difference, there):
                _refuse(book, entry, refusal)
