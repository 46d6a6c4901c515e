"""Ringing for the PDF of an invoice that entered the Admin Queue.

Nobody has to hear it: idle workers look for what is missing by themselves (prerender.py).
"""

import logging

from celery import current_app
from django.conf import settings

from invoices.models import Invoice

log = logging.getLogger(__name__)
PRINT = "invoices.print"


def print_soon(invoice_id: int) -> bool:
    """After a command: have the PDF made if the invoice is in the Admin Queue and there is a broker. Never raises."""
    if not settings.CELERY_BROKER_URL or not Invoice.objects.admin_queue().filter(pk=invoice_id).exists():
        return False
    try:
        current_app.send_task(PRINT, args=[invoice_id], retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker has, the page answers
        log.warning("the PDF of invoice %s waits for an idle worker, the broker is silent: %s", invoice_id, error)
        return False
    return True
