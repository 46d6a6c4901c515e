"""Who gets what of the setup pages: administrators everything, nobody else anything."""

import io
from typing import Any

from PIL import Image

from jobbook.accounts.roles import Role
from jobbook.jobs.models import Company, Office
from jobbook.jobs.uploads import LOGO, keep_picture
from tests.access.row import NOBODY_ELSE, Row
from tests.factories import make_employee, make_item, make_tax, make_user

DONE = "302 403 403 403 403"
NEW = {
    "office": {"name": "Hinton"},
    "employee": {"name": "N. New"},
    "item": {"code": "NEW", "name": "New", "section": "labour"},
    "tax": {"code": "NEW", "name": "New", "rate": "7"},
}
COMPANY = {
    "name": "Northfork",
    "currency": "CAD",
    "time_zone": "UTC",
    "paper": "letter",
    "next_invoice_number": "10001",
    "next_credit_number": "10001",
    "version": "@company_version",
}
PERSON = {"name": "N. New", "email": "new@example.com", "role": "technician"}


def _pages(slug: str) -> list[Row]:
    there = f"setup_{slug}"
    return [
        Row(f"{slug}_list", NOBODY_ELSE),
        Row(f"{slug}_new", NOBODY_ELSE, DONE, data=NEW[slug]),
        Row(f"{slug}_edit", NOBODY_ELSE, DONE, at=there, data={**NEW[slug], "version": f"@{there}_version"}),
    ]


ROWS: list[Row] = [
    Row("setup", NOBODY_ELSE),
    Row("company", NOBODY_ELSE, DONE, data=COMPANY),
    Row("company_logo", NOBODY_ELSE),
    *[row for slug in NEW for row in _pages(slug)],
    Row("user_list", NOBODY_ELSE),
    Row("user_new", NOBODY_ELSE, NOBODY_ELSE, data=PERSON),  # the answer itself shows the invitation
    Row("user_edit", NOBODY_ELSE, DONE, at="colleague", data={**PERSON, "version": "@colleague_version"}),
    Row("user_link", post=NOBODY_ELSE, at="colleague"),
]


def make(world: Any) -> dict[str, Any]:
    company = Company.objects.get()
    company.logo = keep_picture(logo(), LOGO)
    company.save(update_fields=["logo"])
    return {
        "company": company,
        "setup_office": Office.objects.create(name="Whitecourt"),
        "setup_employee": make_employee("P. Present"),
        "setup_item": make_item("UNUSED"),
        "setup_tax": make_tax("UNUSED"),
        "colleague": make_user(Role.TECHNICIAN),
    }


def logo(size: tuple[int, int] = (60, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (20, 86, 168)).save(out, "PNG")
    return out.getvalue()
