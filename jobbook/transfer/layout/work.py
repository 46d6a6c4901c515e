"""The files of work: DWRs, their lines, expenses."""

from jobbook.jobs.models import DailyWorkRecord, Expense, Section, WorkLine
from jobbook.transfer.columns import FileSpec, column, days, needed, ref, texts
from jobbook.transfer.layout.refs import item_ref, job_ref, user_ref
from jobbook.transfer.values import DAY, LINES, MONEY, NUMBER, choice, text, whole

LINE_NUMBER = column("line_number", whole(1, 2_147_483_647), required=True)

DWRS = FileSpec(
    "dwrs.csv",
    DailyWorkRecord,
    "dwr",
    ("dwr_number",),
    (
        *needed(DailyWorkRecord, "dwr_number"),
        job_ref(),
        column("date", DAY, required=True),
        user_ref("created_by", required=True),
        *days("submitted_on approved_on", keeps=True),
        user_ref("approved_by", keeps=True),
        column("description", LINES),
        *texts(DailyWorkRecord, "signed_by client_signed_by"),
    ),
)
DWR_LINES = FileSpec(
    "dwr_lines.csv",
    WorkLine,
    "dwr line",
    ("dwr_number", "line_number"),
    (
        ref(
            "dwr_number",
            "dwrs.csv",
            text(DailyWorkRecord, "dwr_number"),
            "record",
            "record__dwr_number",
            required=True,
        ),
        LINE_NUMBER,
        column("section", choice(Section.values[:2]), required=True),
        item_ref(required=True),
        *texts(WorkLine, "employee"),
        column("hours", NUMBER, empty=None),
        column("quantity", NUMBER, keeps=True),
        column("unit_price", NUMBER, keeps=True),
        column("description", LINES),
    ),
)
EXPENSES = FileSpec(
    "expenses.csv",
    Expense,
    "expense",
    ("expense_number",),
    (
        *needed(Expense, "expense_number"),
        job_ref(),
        column("date", DAY, required=True),
        *needed(Expense, "employee"),
        column("amount", MONEY, required=True),
        *texts(Expense, "item"),
        column("description", LINES),
        *days("submitted_on approved_on processed_on", keeps=True),
        user_ref("created_by", keeps=True),
        user_ref("approved_by", keeps=True),
    ),
)
