"""Rendering ahead: an idle worker makes the PDFs that invoices of the Admin Queue lack, newest first."""

import logging
import time
from collections import deque

from invoices.document import InvoiceData, load
from invoices.models import Invoice
from invoices.pdf.store import is_kept, read_pdf
from jobbook.common.printing.assets import PdfError
from jobbook.jobs.models import Company

_LOOK_SECONDS = 5.0  # at least so long between two looks at the queue,
_LOOK_SHARE = 50  # and fifty times as long as a look takes: at most 2 % of a core
_CHUNK = 20
log = logging.getLogger(__name__)


class Prerender:
    """What one process knows: (invoice, content version) seen to be kept or impossible, and those to look at."""

    def __init__(self) -> None:
        self.seen: set[tuple[int, int]] = set()
        self.waiting: deque[int] = deque()
        self.documents: deque[InvoiceData] = deque()  # the next of those waiting; a stale one does no harm
        self.next_look = 0.0

    def render(self, limit: int) -> int:
        """Render up to `limit` missing PDFs; how many it were. Looks at one chunk of candidates a call."""
        paper, rendered = Company.current().paper, 0
        for _ in range(_CHUNK):
            document = self._next() if rendered < limit else None
            if document is None:
                break
            self.seen.add((document.id, document.content_version))
            if not is_kept(document, paper=paper):
                rendered += _made(document, paper)
        return rendered

    def _next(self) -> InvoiceData | None:
        if not self.documents:
            if not self.waiting:
                self._look()
            ids = [self.waiting.popleft() for _ in range(min(len(self.waiting), _CHUNK))]
            self.documents.extend(load(Invoice.objects.filter(pk__in=ids).order_by("-invoice_date", "-number")))
        return self.documents.popleft() if self.documents else None

    def _look(self) -> None:
        started = time.monotonic()
        if started < self.next_look:
            return
        queue = Invoice.objects.admin_queue().order_by("-invoice_date", "-number", "-pk")
        rows = list(queue.values_list("pk", "content_version"))
        self.seen.intersection_update(rows)
        self.waiting.extend(row[0] for row in rows if row not in self.seen)
        ended = time.monotonic()
        self.next_look = ended + max(_LOOK_SECONDS, _LOOK_SHARE * (ended - started))


def _made(document: InvoiceData, paper: str) -> bool:
    try:
        read_pdf(document, paper=paper)
    except (PdfError, OSError):
        log.exception("The PDF of %s could not be made ahead.", document.number)
        return False
    return True


_of_this_process = Prerender()


def render_one(invoice_id: int) -> bool:
    """Make the PDF of one invoice, if it is in the Admin Queue still; whether that was done."""
    document = next(load(Invoice.objects.admin_queue().filter(pk=invoice_id)), None)
    return document is not None and _made(document, Company.current().paper)


def render_missing(limit: int) -> int:
    """Render up to `limit` missing PDFs of the Admin Queue and answer how many. Cheap when there is nothing to do."""
    return _of_this_process.render(limit)
