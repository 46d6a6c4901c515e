"""What only shows over all documents of a file is named before anything is built, with its field and page."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from exports.formats import accounting_formats, get_format
from exports.formats.base import Format, FormatError
from exports.problems import find_problems
from invoices.models import Invoice
from tests.exports.documents import GST, PST, document, line
from tests.exports.writing import found, profile_of, written
from tests.factories import make_client, make_invoice, make_job

SAME: dict[str, Any] = {"number": "INV-2", "id": 2, "client_number": "C-2"}


@pytest.mark.formats
@pytest.mark.parametrize("format_", accounting_formats(), ids=lambda each: each.slug)
def test_numbers_and_clients_stand_once(format_: Format) -> None:
    profile = profile_of(format_)
    across = format_.across(profile)
    assert across.take(document([line()])) == []
    twice = document([line()], id=2, number="inv-1001")
    reason = "this number stands in the selection twice"
    assert found(across.take(twice)) == [("number twice", "number", reason, "invoice", "")]
    with pytest.raises(FormatError, match=reason):
        written(format_, profile, document([line()]), twice)
    if format_.slug != "csv":  # which has columns for both
        other = document([line()], **SAME)
        (problem,) = across.take(other)
        assert (problem.field, problem.mend, problem.key) == ("client_name", "client", "C-2")
        assert problem.reason.endswith("stands for client C-1 too: map one of them")
        with pytest.raises(FormatError, match="stands for client C-1 too"):
            written(format_, profile, document([line()]), other)
    renamed: dict[str, Any] = {"client_name": "Other", "accounting_id": "OTHER"}
    assert across.take(document([line()], **{**SAME, **renamed})) == []  # what was refused counts for nothing


@pytest.mark.formats
def test_one_rate_of_a_tax_in_a_file_for_sage_50_canada() -> None:
    format_ = get_format("sage-50-ca")
    across = format_.across(profile_of(format_))
    assert across.take(document([line()], (GST,))) == []
    other = document([line()], (PST, ("GST", "GST", Decimal(6))), id=2, number="INV-2")
    reason = "'GST' stands for 5 % refundable and 6 % refundable: map one of them to another tax"
    assert found(across.take(other)) == [("two rates of one tax", "taxes.GST", reason, "tax", "GST")]
    assert across.take(document([line()], (("PST", "PST", Decimal(8)),), id=3, number="INV-3")) == []
    lost = document([line()], (GST,), id=4, number="INV-4")
    lost = replace(lost, taxes=(replace(lost.taxes[0], recoverable=False),))
    (problem,) = across.take(lost)
    assert problem.reason == "'GST' stands for 5 % refundable and 5 % not refundable: map one of them to another tax"


@pytest.mark.django_db
def test_the_window_is_told_before_anything_is_built() -> None:
    for number in ("C-1", "C-2", "C-3"):
        make_invoice(job=make_job(client=make_client(name="Alder Mills", client_number=number)))
    bad = Invoice.objects.earliest("pk")
    Invoice.objects.filter(pk=bad.pk).update(number="x" * 22)  # so that its client's name is free for the others
    problems = list(find_problems(Invoice.objects.all(), "quickbooks-online"))
    assert sorted((each.cause, each.key) for each in problems) == [
        ("number too long", ""),
        ("two clients share a name", "C-3"),
    ]
