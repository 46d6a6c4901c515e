"""Two browsers: what one does, the other is told within ten seconds; rows stay where they are until it asks."""

import pytest
from playwright.sync_api import Page, expect

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from tests.browser.conftest import LogIn, violations
from tests.commands import process
from tests.factories import make_company, make_invoice, make_job, make_record, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOON = 10_000  # milliseconds


def clean(page: Page) -> None:
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    page.emulate_media(color_scheme="light")


def test_the_backlog_the_dashboard_and_the_job_hear_of_it(log_in: LogIn) -> None:
    make_company()
    admin, other = make_user(name="M. Tran"), make_user(name="R. Whitford")
    job = make_job()
    invoices = [make_invoice(job=job) for _ in range(3)]
    grid = log_in(admin, "/invoices/backlog/")
    home, of_job = grid.context.new_page(), grid.context.new_page()
    home.goto("/")
    of_job.goto(f"/jobs/{job.pk}/")
    line = home.locator(".flow li", has_text="Invoice Process Backlog").locator(".n")
    expect(line).to_have_text("3")
    home.locator(".flow a", has_text="Invoice Process Backlog").focus()
    grid.locator(f'tr[data-id="{invoices[2].pk}"] input').check()
    process(other, invoices[:1])
    news = grid.locator(".news")
    expect(news).to_contain_text("1 invoice gone.", timeout=SOON)
    expect(grid.locator("tr.r")).to_have_count(3)  # no row moved
    clean(grid)
    expect(line).to_have_text("2", timeout=SOON)
    expect(home.locator(".flow a:focus")).to_contain_text("Invoice Process Backlog")
    expect(of_job.locator(".news")).to_contain_text("by R. Whitford", timeout=SOON)
    clean(of_job)
    of_job.goto(f"/jobs/{job.pk}/trail/")
    expect(of_job.locator(".trail li")).to_have_count(7)
    clean(of_job)
    news.get_by_role("link", name="Refresh").click()
    expect(grid.locator("tr.r")).to_have_count(2)
    expect(news).to_be_empty()
    expect(grid.locator("[data-sum]")).to_contain_text("1 selected")  # still ticked


def test_what_project_managers_see_hears_of_it(log_in: LogIn) -> None:
    make_company()
    manager, other = make_user(Role.PROJECT_MANAGER), make_user(name="R. Whitford")
    job = make_job(project_manager=manager)
    invoice = make_invoice(job=job)
    wip = log_in(manager, "/wip/?period=all")
    trail, active = wip.context.new_page(), wip.context.new_page()
    trail.goto(f"/jobs/{job.pk}/trail/")
    active.goto("/jobs/active/")
    process(other, [invoice])
    for page in (wip, trail):
        expect(page.locator(".news")).to_contain_text(
            "This changed since the page was made, by R. Whitford", timeout=SOON
        )
    expect(active.locator(".news")).to_contain_text("1 job changed.", timeout=SOON)
    clean(wip)
    wip.locator(".news").get_by_role("link", name="Refresh").click()
    row = wip.get_by_role("table", name="From work to invoices").locator("tfoot")
    expect(row).to_contain_text("100.00")
    expect(wip.locator(".news")).to_be_empty()


def test_the_bell_and_its_page(log_in: LogIn) -> None:
    make_company()
    admin: User = make_user()
    make_record(submitted_on="2026-11-20")
    page = log_in(admin, "/")
    bell = page.get_by_role("link", name="What waits for you")
    expect(bell).to_contain_text("1")
    with page.expect_navigation():
        bell.click()
    expect(page.locator(".notices")).to_contain_text("1 DWR to approve")
    clean(page)
