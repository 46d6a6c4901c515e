"""The reports there are, in the order they are shown."""

from jobbook.reports.work.expenses import EXPENSES
from jobbook.reports.work.line_items import LINE_ITEMS
from jobbook.reports.work.report import Report
from jobbook.reports.work.time_card import TIME_CARD
from jobbook.reports.work.time_grid import TIME_GRID

REPORTS: dict[str, Report] = {report.slug: report for report in (TIME_CARD, TIME_GRID, LINE_ITEMS, EXPENSES)}
