"""Headers of every answer."""

import pytest
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


@pytest.mark.parametrize("path", ["/log-in/", "/", "/nothing-here/", "/profile/"])
@pytest.mark.parametrize("logged_in", [True, False])
def test_every_answer_has_the_headers(client: Client, path: str, logged_in: bool) -> None:
    if logged_in:
        client.force_login(make_user())
    response = client.get(path)
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert "no-store" in response["Cache-Control"]
    assert "HX-Request" in response["Vary"]
    assert len(response["X-Request-ID"]) == 32


def test_htmx_is_configured_and_comes_from_here(client: Client) -> None:
    page = client.get("/log-in/").content.decode()
    assert (
        '\'{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,'
        '"attributesToSettle":["class","width","height"],"historyCacheSize":0,"refreshOnHistoryMiss":true,'
        '"historyRestoreAsHxRequest":false,"selfRequestsOnly":true,"responseHandling":['
    ) in page
    assert '<script src="/static/django_htmx/htmx-2.min.js" defer></script>' in page
    assert "nonce" not in page
