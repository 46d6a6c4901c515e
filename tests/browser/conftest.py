"""Pages in Chromium: logged in, and at the end of a test no script failed and no rule of the CSP was broken."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from jobbook.accounts.models import User

expect.set_options(timeout=15_000)  # a busy machine is no failure; what is promised in seconds names its own
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # what differs in the dark theme
# A refusal's status; a request given up because its page was left, or because its answer is late, which htmx tells in
# two lines (no connection would have a second line of its own: htmx:sendError).
EXPECTED = ("Failed to load resource", "Response Status Error", "htmx:afterRequest", "htmx:sendAbort", "htmx:timeout")
_RUN = """async rules => {
  const answer = await axe.run({ runOnly: rules, resultTypes: ["violations"] });
  return answer.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`));
}"""
LogIn = Callable[..., Page]


@pytest.fixture
def log_in(new_context: Callable[..., BrowserContext], live_server: Any) -> Iterator[LogIn]:
    """`log_in(user, path, **options of the context)` opens a page in a session of `user`."""
    wrong: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            wrong.append(message.text)

    def opened(user: User, path: str = "/", **options: Any) -> Page:
        client = Client()
        client.force_login(user)
        context = new_context(base_url=live_server.url, **options)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(path)
        return page

    yield opened
    assert wrong == [], "\n".join(wrong)


def follow(link: Locator) -> None:
    """Click a link and wait until the page it leads to is loaded, scripts too."""
    with link.page.expect_navigation():
        link.click()


def violations(page: Page, rules: list[str] = RULES) -> list[str]:
    """What axe finds: the rule and the element."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(_RUN, rules)
    return found
