"""A person at the running site over real HTTP, for what must be asked by many at once. Needs `live_server`."""

import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.test import Client

from jobbook.accounts.models import User

BACKLOG = "/invoices/backlog/"


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: dict[str, str]

    @property
    def intent(self) -> str:
        """The intent that the OK button of a window posts."""
        found = re.search(r'name="intent" value="([0-9a-f-]{36})"', self.text)
        assert found, self.text
        return found[1]


class Person:
    """Someone who is logged in, with the CSRF token of the page before them."""

    def __init__(self, address: str, user: User) -> None:
        client = Client()
        client.force_login(user)
        self.host = urlsplit(address).netloc
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        page = self.get(BACKLOG)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, page.text[:2000]
        self.token = token[1]
        self.cookies += "; " + page.headers["Set-Cookie"].partition(";")[0]

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, data: dict[str, str]) -> Answer:
        """As the page's script posts."""
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": self.token, **data}))

    def post_at_once(self, path: str, data: dict[str, str], times: int) -> list[Answer]:
        """The same form so many times, all let go at the same moment."""
        gate = Barrier(times)

        def one(_: int) -> Answer:
            gate.wait()
            return self.post(path, data)

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(one, range(times)))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Cookie": self.cookies, "HX-Request": "true" if body else "false"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.read().decode(), dict(response.headers))
        finally:
            connection.close()
