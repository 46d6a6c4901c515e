"""The dashboard's cards: three rows in a fixed order, each role sees its own. A link shows when its page exists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, Role, permissions_of
from jobbook.common.http import page_url
from jobbook.jobs.models import Client, Job
from jobbook.reports.work.declared import REPORTS
from jobbook.reports.workflow import WorkflowLine, lines

OFFICE = frozenset({Role.ADMINISTRATOR, Role.PROJECT_MANAGER, Role.ACCOUNTING})
ALL = frozenset(Role)


@dataclass(frozen=True)
class Link:
    label: str
    url_name: str
    permission: Permission | None = None
    args: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """A declared card."""

    slug: str
    title: str
    about: str
    roles: frozenset[Role] = ALL
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class ShownLink:
    label: str
    url: str


@dataclass(frozen=True)
class ShownCard:
    slug: str
    title: str
    about: str
    links: list[ShownLink]
    figure: str
    lines: list[WorkflowLine]


ROWS: tuple[tuple[Card, ...], ...] = (
    (
        Card(
            "clients",
            "Clients",
            "Who is billed, where to and on which terms",
            OFFICE,
            (
                Link("All clients", "client_list", Permission.SEE_JOBS),
                Link("New client", "client_new", Permission.ADMINISTER),
            ),
        ),
        Card(
            "jobs",
            "Jobs",
            "Orders, their managers, rates and taxes",
            OFFICE,
            (
                Link("Active Job Dashboard", "active_jobs", Permission.SEE_WIP),
                Link("All jobs", "job_list", Permission.SEE_JOBS),
                Link("New job", "job_new", Permission.ADMINISTER),
            ),
        ),
        Card(
            "records",
            "Daily Work Records",
            "What the crews did, day by day",
            links=(
                Link("Create new", "record_new", Permission.WRITE_WORK),
                Link("Explore", "record_list", Permission.WRITE_WORK),
            ),
        ),
    ),
    (
        Card(
            "invoices",
            "Invoices",
            "From the draft to paid",
            OFFICE,
            (
                Link("All invoices", "invoice_list", Permission.SEE_INVOICES),
                Link("Process batches", "process_batches", Permission.SEE_BATCHES),
            ),
        ),
        Card(
            "rates",
            "Rate Sheets",
            "Prices by client and job",
            OFFICE,
            (
                Link("All rate sheets", "rate_sheet_list", Permission.SEE_JOBS),
                Link("New rate sheet", "rate_sheet_new", Permission.ADMINISTER),
            ),
        ),
        Card("workflow", "Workflow", "", OFFICE),
        Card(
            "time",
            "Time & Expense Reports",
            "Who worked when, on what, and what was paid",
            frozenset(role for role in Role if Permission.SEE_WORK_REPORTS in permissions_of(role)),
            tuple(
                Link(report.title, "work_report", Permission.SEE_WORK_REPORTS, (slug,))
                for slug, report in REPORTS.items()
            ),
        ),
        Card(
            "costs",
            "Cost Reports",
            "Work in progress by job",
            OFFICE,
            (Link("WIP Report", "wip_report", Permission.SEE_WIP),),
        ),
    ),
    (
        Card(
            "expenses",
            "Expenses",
            "Paid by employees, billed or reimbursed",
            links=(
                Link("Create new", "expense_new", Permission.WRITE_WORK),
                Link("Explore", "expense_list", Permission.WRITE_WORK),
            ),
        ),
        Card(
            "exports",
            "Exports",
            "Runs and their files",
            OFFICE,
            (Link("Export runs", "run_list", Permission.SEE_RUNS),),
        ),
        Card(
            "administration",
            "Administration",
            "Company, users, items, taxes, import",
            frozenset({Role.ADMINISTRATOR}),
            (
                Link("All pages", "setup", Permission.ADMINISTER),
                Link("Users", "user_list", Permission.ADMINISTER),
                Link("Company", "company", Permission.ADMINISTER),
            ),
        ),
    ),
)


def cards(user: User, today: date) -> list[list[ShownCard]]:
    """The three rows with the cards of the user's role."""
    return [[_shown(card, user, today) for card in row if user.role in card.roles] for row in ROWS]


def _shown(card: Card, user: User, today: date) -> ShownCard:
    workflow = lines(user, today) if card.slug == "workflow" else []
    return ShownCard(card.slug, card.title, card.about, _links(card.links, user), _figure(card.slug, user), workflow)


def _links(links: Sequence[Link], user: User) -> list[ShownLink]:
    allowed = [link for link in links if link.permission is None or user.can(link.permission)]
    return [ShownLink(link.label, url) for link in allowed if (url := page_url(link.url_name, *link.args))]


def _figure(slug: str, user: User) -> str:
    if slug == "clients":
        return _counted(Client.objects.visible_to(user).filter(active=True).count(), "active client")
    if slug == "jobs":
        return _counted(Job.objects.visible_to(user).filter(active=True).count(), "active job")
    return ""


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
