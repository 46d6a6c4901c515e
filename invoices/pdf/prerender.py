"""Rendering ahead: an idle worker makes the PDFs that invoices of the Admin Queue lack, newest first."""

import logging
import time
from collections import deque

from invoices.document import InvoiceData, load
from invoices.models import Invoice
from invoices.pdf.assets import PdfError
from invoices.pdf.store import is_kept, read_pdf
from jobbook.jobs.models import Company

_LOOK_SECONDS = 5.0  # at least so long between two looks at the queue,
_LOOK_SHARE = 50  # and fifty times as long as a look takes: at most 2 % of a core
_CHUNK = 20
log = logging.getLogger(__name__)


class Prerender:
    """What one process knows: (invoice, content version) seen to be kept or impossible, and those to look at."""

    def __init__(self) -> None:
        self.seen: set[tuple[int, int]] = set()
        self.waiting: deque[tuple[int, int]] = deque()
        self.next_look = 0.0

    def render(self, limit: int) -> int:
        """Render up to `limit` missing PDFs; how many it were. Looks at one chunk of candidates a call."""
        if not self.waiting:
            self._look()
        chunk = dict(self.waiting.popleft() for _ in range(min(len(self.waiting), _CHUNK)))
        paper, rendered = Company.current().paper, 0
        for document in load(Invoice.objects.filter(pk__in=chunk).order_by("-invoice_date", "-number")):
            known = (document.id, chunk[document.id])
            if is_kept(document, paper=paper):
                self.seen.add(known)
            elif rendered == limit:
                self.waiting.append(known)
            else:
                rendered += _made(document, paper)
                self.seen.add(known)
        return rendered

    def _look(self) -> None:
        started = time.monotonic()
        if started < self.next_look:
            return
        queue = Invoice.objects.admin_queue().order_by("-invoice_date", "-number", "-pk")
        rows = list(queue.values_list("pk", "content_version"))
        self.seen.intersection_update(rows)
        self.waiting.extend(row for row in rows if row not in self.seen)
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


def render_missing(limit: int) -> int:
    """Render up to `limit` missing PDFs of the Admin Queue and answer how many. Cheap when there is nothing to do."""
    return _of_this_process.render(limit)
