"""A user's own signature: drawn once on the profile, audited without the drawing itself."""

import json

import pytest
from django.test import Client

from jobbook.accounts.roles import Role
from jobbook.common.models import AuditEntry, AuditItem
from tests.commands import assert_sound
from tests.factories import make_user

pytestmark = pytest.mark.django_db
DRAWN = "10,20 30,40;500,150"


def test_it_is_kept_shown_and_cleared() -> None:
    user, client = make_user(Role.TECHNICIAN), Client()
    client.force_login(user)
    for drawing, told, version in ((DRAWN, "Your signature is kept.", 2), ("", "No signature is kept.", 3)):
        page = client.post("/signature/", {"signature": drawing}, follow=True).content.decode()
        user.refresh_from_db()
        assert (user.signature, user.version) == (drawing, version)
        assert told in page
        assert ('d="M10 20L30 40 M500 150L500 150"' in page) == bool(drawing)
    items = list(AuditItem.objects.filter(object_type="user").order_by("id"))
    assert json.loads(items[0].before) == {"signature": ""}
    assert json.loads(items[0].after)["signature"].startswith("drawn (")
    assert "500,150" not in items[0].after
    assert_sound()


def test_the_same_again_changes_nothing() -> None:
    user, client = make_user(signature=DRAWN), Client()
    client.force_login(user)
    client.post("/signature/", {"signature": DRAWN})
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("text", ["<svg/onload=alert(1)>", "1,2 3", "1001,0", "0,301", "1,1 " * 4000, "1,2;"])
def test_what_is_no_drawing_is_refused(text: str) -> None:
    user, client = make_user(), Client()
    client.force_login(user)
    answer = client.post("/signature/", {"signature": text})
    assert answer.status_code == 422
    assert "Draw it again" in answer.content.decode()
    user.refresh_from_db()
    assert user.signature == ""
