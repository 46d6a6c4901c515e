"""F75 in Chromium: hostile text on every page runs nothing, loads nothing, and breaks no rule of the CSP."""

from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from exports.models import ExportRun
from jobbook.accounts.models import User
from tests.browser.conftest import LogIn
from tests.factories import make_user
from tests.hostile.corpus import SCRIPTS, TEXTS
from tests.hostile.world import act_on, fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LISTEN = """addEventListener("securitypolicyviolation", event => {
  console.error("CSP", event.violatedDirective, event.blockedURI);
})"""
BACKLOG = "/invoices/backlog/"


@pytest.fixture
def admin() -> User:
    return make_user(name=SCRIPTS[0])


def watch(page: Page, site: str) -> list[str]:
    """What must not happen: a dialog, a request to anywhere else, a violation."""
    seen: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith((site, "data:")):
            seen.append(f"asked for {request.url}")

    page.add_init_script(LISTEN)
    page.on("request", asked)
    page.on("dialog", lambda dialog: seen.append(f"dialog {dialog.message}"))
    return seen


def test_nothing_runs_and_nothing_is_loaded(log_in: LogIn, live_server: Any, admin: User) -> None:
    invoices = fill(TEXTS)
    batch, _ = act_on(invoices, admin, SCRIPTS[0])
    page = log_in(admin, "/help/")
    seen = watch(page, live_server.url)
    pages = ["/", "/profile/", "/invoices/?tab=all", "/batches/", f"/batches/{batch.number}/", "/runs/"]
    pages += [f"/runs/{key}/" for key in ExportRun.objects.values_list("pk", flat=True)]
    pages += [f"/invoices/{invoice.pk}/" for invoice in invoices[:6]]
    for address in pages:
        page.goto(address)
        assert page.evaluate("window.hacked") is None, address
    in_the_grid(page)
    assert page.evaluate("window.hacked") is None
    assert seen == []


def in_the_grid(page: Page) -> None:
    """What scripts put on the page: groups, details, search chips, windows, what left meanwhile."""
    page.goto(f"{BACKLOG}?group=client&size=50")
    expect(page.locator("#results tr.r")).to_have_count(len(TEXTS) - 2)
    page.get_by_role("button", name="Expand All").click()
    expect(page.locator(".det")).to_have_count(len(TEXTS) - 2)
    page.mouse.move(400, 400)
    page.locator("#add-filter").click()
    expect(page.locator("#filter-panel form")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("searchbox").fill(SCRIPTS[2])
    expect(page.locator("#grid-chips")).to_contain_text(SCRIPTS[2])
    page.get_by_role("link", name="Clear all").first.click()
    expect(page.locator("#results tr.r")).to_have_count(len(TEXTS) - 2)
    page.locator("#tick-all").check()
    page.get_by_role("button", name="Process Selected Invoices").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("with warnings")
    page.keyboard.press("Escape")
    page.goto(f"{BACKLOG}?q=%22%3E%3Cscript%3Ewindow.hacked%3D1%3C%2Fscript%3E&sort=%3Cimg+src%3Dx%3E")
    expect(page.locator("#grid-problems")).to_contain_text("<img src=x>")
