"""The firm's own files: company, offices, people, taxes, items, rates."""

from exports.formats import accounting_formats
from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import Company, Employee, Item, Office, RateLine, RateSheet, Section, Tax
from jobbook.transfer import values
from jobbook.transfer.columns import FileSpec, column, days, needed, texts, tick
from jobbook.transfer.layout.refs import ADDRESS, item_ref, rate_sheet_ref, user_ref
from jobbook.transfer.values import EMAIL, LINES, NUMBER, choice, whole

_PAPERS = ("letter", "a4")
_counter = whole(1, 10**15)

COMPANY = FileSpec(
    "company.csv",
    Company,
    "company",
    (),
    (
        *needed(Company, "name"),
        column("currency", values.CURRENCY, required=True),
        column("time_zone", values.TIME_ZONE, required=True),
        *texts(Company, f"{ADDRESS} phone email tax_number"),
        column("paper", choice(_PAPERS), empty="letter"),
        *texts(Company, "invoice_prefix"),
        column("next_invoice_number", _counter, field="", keeps=True),
        *texts(Company, "credit_prefix"),
        column("next_credit_number", _counter, field="", keeps=True),
        column("default_format", choice([each.slug for each in accounting_formats()]), empty="csv"),
        *days("books_closed_through"),
        column("printed_terms", LINES),
        tick("author_may_approve", True),
    ),
)
OFFICES = FileSpec(
    "offices.csv", Office, "office", ("name",), (*needed(Office, "name"), *texts(Office, ADDRESS), tick("active", True))
)
USERS = FileSpec(
    "users.csv",
    User,
    "user",
    ("email",),
    (
        column("email", EMAIL, required=True),
        *needed(User, "name"),
        column("role", choice(Role.values), required=True),
        tick("active", True, field="is_active"),
    ),
    fold=True,
)
TAXES = FileSpec(
    "taxes.csv",
    Tax,
    "tax",
    ("code",),
    (
        column("code", values.TAX_CODE, required=True),
        *needed(Tax, "name"),
        column("rate", values.NUMBER_NOT_NEGATIVE, required=True),
        tick("recoverable", True),
        tick("active", True),
    ),
)
ITEMS = FileSpec(
    "items.csv",
    Item,
    "item",
    ("code",),
    (
        *needed(Item, "code name"),
        column("section", choice(Section.values[:3]), required=True),
        *texts(Item, "unit"),
        column("unit_price", NUMBER, empty=None),
        column("hourly_price", NUMBER, empty=None),
        tick("tax_exempt", False),
        *texts(Item, "account_code"),
        tick("active", True),
    ),
)
EMPLOYEES = FileSpec(
    "employees.csv",
    Employee,
    "employee",
    ("name",),
    (
        *needed(Employee, "name"),
        *texts(Employee, "employee_number"),
        user_ref("email", field="user", source="user__email"),
        item_ref(),
        tick("active", True),
    ),
)
RATE_SHEETS = FileSpec(
    "rate_sheets.csv", RateSheet, "rate_sheet", ("name",), (*needed(RateSheet, "name"), tick("active", True))
)
RATE_LINES = FileSpec(
    "rate_lines.csv",
    RateLine,
    "rate line",
    ("rate_sheet", "item_code"),
    (
        rate_sheet_ref("sheet", required=True),
        item_ref(required=True),
        column("unit_price", NUMBER, empty=None),
        column("hourly_price", NUMBER, empty=None),
    ),
)
