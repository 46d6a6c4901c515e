"""What the mappings of a format depend on in our documents, each combination once.

A face is a document that is sound but for the names of one kind: a client with his name and accounting ID, an item
with its account, the taxes of a document and of its lines, terms. A format's own check tells of a face what is missing
there, so thousands of documents are judged by a few dozen faces. What a check makes of a line's text is not in them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from exports.formats.profile import Kind
from invoices.document import InvoiceData, LineData, TaxData
from invoices.models import Invoice, InvoiceKind, InvoiceLine, InvoiceTax
from jobbook.jobs.models import Client, Item, Section, Tax

Faces = dict[InvoiceData, set[int]]  # face -> the ids of the waiting invoices that have it

_DAY = date(2026, 1, 1)
_ZERO, _ONE = Decimal(0), Decimal(1)
_LINE = LineData(
    1,
    Section.LABOUR,
    "ITEM",
    "Work",
    _ONE,
    "h",
    _ONE,
    _ONE,
    "1",
    (),
    service_date=None,
    dwr_number="",
    dwr_description="",
)
_TEXTS = (
    *("number", "credits", "client_number", "accounting_id", "client_name", "client_email", "bill_to_name"),
    *("seller_name", "seller_address", "seller_contact", "seller_tax_number", "office_name", "job_number"),
    *("project_name", "client_project_number", "line_item_type", "po_number", "terms", "memo", "printed_terms"),
    *("signed_by", "released_by", "release_reason"),
)
_EMPTY: dict[str, Any] = dict.fromkeys(_TEXTS, "")
_SOUND = InvoiceData(
    **_EMPTY,
    id=0,
    version=1,
    content_version=1,
    kind=InvoiceKind.INVOICE,
    invoice_date=_DAY,
    due_date=_DAY,
    currency="",
    bill_to=("",) * 6,
    signed_on=None,
    client_approved_on=None,
    released_on=None,
    subtotal=_ONE,
    tax=_ZERO,
    total=_ONE,
    lines=(_LINE,),
)


def client_faces(*, waiting_only: bool) -> Faces:
    """By client number, name as the document has it, accounting ID."""
    fields = ("client__client_number", "client_name", "client__accounting_id")
    facts = _by_fact(Invoice.objects.admin_queue().values_list("pk", *fields))
    if not waiting_only:
        _also(facts, Client.objects.filter(active=True).values_list("client_number", "name", "accounting_id"))
    return {
        replace(_SOUND, client_number=number, client_name=name, accounting_id=accounting_id): ids
        for (number, name, accounting_id), ids in facts.items()
    }


def item_faces(*, waiting_only: bool) -> Faces:
    """By item code and account of a priced line."""
    lines = InvoiceLine.objects.filter(invoice__queue="admin").exclude(section=Section.UNPRICED)
    facts = _by_fact(lines.order_by().values_list("invoice_id", "item_code", "account_code").distinct())
    if not waiting_only:
        _also(facts, Item.objects.filter(active=True).values_list("code", "account_code"))
    return {
        replace(_SOUND, lines=(replace(_LINE, item_code=code, account_code=account),)): ids
        for (code, account), ids in facts.items()
    }


def terms_faces(*, waiting_only: bool) -> Faces:
    """By the text of the terms; credit notes apart, since some packages know no terms of theirs."""
    rows = Invoice.objects.admin_queue().exclude(terms="")
    facts = _by_fact(rows.values_list("pk", "terms", "kind"))
    if not waiting_only:
        clients = Client.objects.filter(active=True).exclude(terms="")
        _also(facts, ((terms, InvoiceKind.INVOICE) for terms in clients.values_list("terms", flat=True)))
    return {replace(_SOUND, terms=terms, kind=kind): ids for (terms, kind), ids in facts.items()}


def tax_faces(*, waiting_only: bool) -> Faces:
    """By the taxes of a document in their order, and by the combinations that its lines carry."""
    of_documents: dict[int, list[TaxData]] = defaultdict(list)
    rows = InvoiceTax.objects.filter(invoice__queue="admin").order_by("invoice_id", "position")
    for pk, code, name, rate, recoverable in rows.values_list("invoice_id", "code", "name", "rate", "recoverable"):
        of_documents[pk].append(_tax(code, name, rate, recoverable))
    of_lines: dict[int, set[str]] = defaultdict(set)
    lines = InvoiceLine.objects.filter(invoice__queue="admin").exclude(section=Section.UNPRICED)
    for pk, codes in lines.order_by().values_list("invoice_id", "taxes").distinct():
        of_lines[pk].add(codes)
    facts: dict[Any, set[int]] = defaultdict(set)
    for pk, taxes in of_documents.items():
        facts[tuple(taxes), frozenset(of_lines[pk])].add(pk)
    if not waiting_only:
        for tax in Tax.objects.filter(active=True).values_list("code", "name", "rate", "recoverable"):
            facts.setdefault(((_tax(*tax),), frozenset([tax[0]])), set())
    return {_taxed(taxes, combinations): ids for (taxes, combinations), ids in facts.items()}


def _tax(code: str, name: str, rate: Decimal, recoverable: bool) -> TaxData:  # noqa: FBT001 - a row of the database
    return TaxData(code, name, rate, recoverable, _ONE, _ZERO)


def _taxed(taxes: tuple[TaxData, ...], combinations: Iterable[str]) -> InvoiceData:
    """A document with a line for each combination."""
    lines = [
        replace(_LINE, number=number, taxes=tuple(tax for tax in taxes if tax.code in codes.split(";")))
        for number, codes in enumerate(sorted(combinations), start=1)
    ]
    return replace(_SOUND, taxes=taxes, lines=tuple(lines))


def _by_fact(rows: Iterable[tuple[Any, ...]]) -> dict[Any, set[int]]:
    """Invoices by what stands behind their id in each row."""
    facts: dict[Any, set[int]] = defaultdict(set)
    for pk, *fact in rows:
        facts[tuple(fact)].add(pk)
    return facts


def _also(facts: dict[Any, set[int]], more: Iterable[tuple[Any, ...]]) -> None:
    """Facts that no invoice may wait with."""
    for fact in more:
        facts.setdefault(fact, set())


FACES: dict[Kind, Callable[..., Faces]] = {
    Kind.CLIENT: client_faces,
    Kind.ITEM: item_faces,
    Kind.TAX: tax_faces,
    Kind.TERMS: terms_faces,
}


def keys_of(kind: Kind, face: InvoiceData) -> set[str]:
    """What a mapping of this kind could name in a face."""
    if kind == Kind.CLIENT:
        return {face.client_number}
    if kind == Kind.TERMS:
        return {face.terms}
    if kind == Kind.ITEM:
        return {line.item_code for line in face.lines}
    carried = [face.taxes, *(line.taxes for line in face.lines)]
    return {tax.code for tax in face.taxes} | {";".join(tax.code for tax in taxes) for taxes in carried if taxes}
