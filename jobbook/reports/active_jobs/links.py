"""Where the pages of one job lead; "" for what there is none of."""

from functools import lru_cache
from urllib.parse import urlencode

from backlog.work_columns import page_address
from jobbook.common.http import page_url
from jobbook.jobs.models import BillingType

INVOICED_FROM = {BillingType.TIME_AND_MATERIAL: "dwr_invoice_backlog", BillingType.FIXED_PRICE: "invoice_new"}


@lru_cache(maxsize=8)
def _page(url_name: str) -> str:
    return page_url(url_name) or ""


def invoice_address(job_id: int, billing_type: str) -> str:
    """Where an invoice of the job is made: out of its approved DWRs, or by hand. Some jobs are never invoiced."""
    name = INVOICED_FROM.get(BillingType(billing_type))
    return f"{_page(name)}?job={job_id}" if name else ""


def trail_address(job_id: int) -> str:
    """The money trail of the job."""
    address = page_address("job_trail")
    return address % job_id if address else ""


def wip_address(job_number: str, billing_type: str) -> str:
    """The WIP Report of the job alone, from its beginning."""
    address = _page("wip_report")
    asked = urlencode({"period": "all", "billing": billing_type, "job": job_number})
    return f"{address}?{asked}" if address else ""


def invoices_address(job_id: int) -> str:
    """The job's invoices in every queue."""
    return f"{_page('invoice_list')}?job={job_id}&tab=all"
