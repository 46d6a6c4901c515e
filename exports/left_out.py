"""What a window leaves out of a file, kept with its reasons: with the intent first, with the run once it starts."""

from collections import defaultdict
from collections.abc import Iterable

from exports.earlier import Earlier
from exports.models import LeftOut
from exports.problems import Cause
from jobbook.common.models import Intent

_REASONS = 5  # named for one invoice


def note_left_out(intent: Intent, causes: Iterable[Cause], earlier: Iterable[Earlier]) -> None:
    """Keep which invoices the window of `intent` leaves out: for their problems, or since these runs sent them."""
    rows = [
        LeftOut(intent=intent, invoice_id=pk, number=number, why=LeftOut.Why.PROBLEM, reason=_joined(reasons))
        for (pk, number), reasons in _by_invoice(causes).items()
    ]
    runs: dict[tuple[int, str], int] = {}
    for each in earlier:
        for sent in each.sent:
            runs.setdefault((sent.invoice_id, sent.number), each.run.number)
    rows += [
        LeftOut(intent=intent, invoice_id=pk, number=number, why=LeftOut.Why.EXPORTED, reason=f"exported in run {run}")
        for (pk, number), run in runs.items()
    ]
    LeftOut.objects.bulk_create(rows, batch_size=500)


def left_out_of(intent: Intent) -> set[int]:
    """The invoices that the window of `intent` left out."""
    rows = LeftOut.objects.filter(intent=intent, invoice__isnull=False)
    return {pk for pk in rows.values_list("invoice_id", flat=True) if pk is not None}


def leaves_out_exported(intent: Intent) -> bool:
    """Whether the user of this window chose to leave out what was exported before."""
    return LeftOut.objects.filter(intent=intent, why=LeftOut.Why.EXPORTED).exists()


def _by_invoice(causes: Iterable[Cause]) -> dict[tuple[int, str], list[str]]:
    """Each reason once, by invoice number."""
    found: dict[tuple[int, str], dict[str, None]] = defaultdict(dict)
    for cause in causes:
        for problem in cause.problems:
            found[problem.invoice_id, problem.number][problem.reason] = None
    return {invoice: list(reasons) for invoice, reasons in sorted(found.items(), key=lambda each: each[0][1])}


def _joined(reasons: list[str]) -> str:
    more = len(reasons) - _REASONS
    return "; ".join(reasons[:_REASONS]) + (f"; and {more} more" if more > 0 else "")
