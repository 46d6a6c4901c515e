"""What the forms of clients, jobs and rate sheets post."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.test import Client as Browser

from jobbook.accounts.models import User
from jobbook.jobs.models import Client, Job

Rows = Sequence[Mapping[str, Any]]


def browser(user: User) -> Browser:
    made = Browser()
    made.force_login(user)
    return made


def rows(prefix: str, values: Rows) -> dict[str, str]:
    """The fields of rows that repeat, with their management form."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(values)), f"{prefix}-INITIAL_FORMS": "0"}
    return data | {f"{prefix}-{n}-{name}": str(value) for n, row in enumerate(values) for name, value in row.items()}


def client_data(*, contacts: Rows | None = None, addresses: Rows | None = None, **fields: Any) -> dict[str, str]:
    values = {"client_number": "C-1", "name": "Alder Mills", "terms_days": "30", "active": "on", **fields}
    texts = {name: str(value) for name, value in values.items() if value is not None}
    return texts | rows("contacts", contacts or []) | rows("addresses", addresses or [])


def job_data(
    client: Client,
    manager: User,
    /,
    *,
    taxes: Rows | None = None,
    fees: Rows | None = None,
    items: Rows | None = None,
    **fields: Any,
) -> dict[str, str]:
    values = {
        "job_number": "27-1",
        "project_name": "Pipe",
        "client": client.pk,
        "project_manager": manager.pk,
        "billing_type": "time_and_material",
        "invoice_type": "invoice",
        "line_item_type": "detailed",
        "active": "on",
        **fields,
    }
    texts = {name: str(value) for name, value in values.items() if value is not None}
    return texts | rows("taxes", taxes or []) | rows("fees", fees or []) | rows("items", items or [])


def as_it_is(job: Job, **fields: Any) -> dict[str, str]:
    """The form of a job, unchanged but for `fields`. Its rows are its taxes alone."""
    taxes = [{"tax": row.tax_id} for row in job.job_taxes.all()]
    kept = {
        name: getattr(job, name) for name in ("job_number", "project_name", "billing_type", "invoice_type", "po_number")
    }
    values = {**kept, "office": job.office_id or "", "version": job.version, **fields}
    return job_data(job.client, job.project_manager, taxes=taxes, **values)


def errors(response: Any) -> list[str]:
    """The summary of problems above the form."""
    page = response.content.decode()
    summary = page[page.find('class="summary"') : page.find("</ul>", page.find('class="summary"'))]
    return [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<li>(.*?)</li>", summary)]
