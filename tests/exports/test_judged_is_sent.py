"""What is exported is what was looked at, also when another user undoes or processes a batch in that moment."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from backlog import export_views
from backlog.export_offer import Offer
from exports.models import ExportMark, ExportRun
from exports.work import work_on
from invoices.models import Invoice, ProcessBatch
from jobbook.accounts.models import User
from tests.backlog.grids import logged_in
from tests.commands import assert_sound, process, undo
from tests.exports.windows import EXPORT, HTMX, PDFS, exported, post, start, text_of
from tests.factories import make_company, make_invoice, make_user

pytestmark = pytest.mark.django_db(transaction=True)
AfterTheLook = Callable[[Callable[[], Any]], None]


@pytest.fixture
def admin() -> User:
    return make_user()


@pytest.fixture
def client(admin: User) -> Client:
    return logged_in(admin)


@pytest.fixture
def after_the_look(monkeypatch: pytest.MonkeyPatch) -> AfterTheLook:
    """The other one's command comes in once, when the selection has been judged and nothing is frozen yet."""

    def arrange(act: Callable[[], Any]) -> None:
        for name in ("export_offer", "pdf_offer"):
            monkeypatch.setattr(export_views, name, then(getattr(export_views, name)))
        acts.append(act)

    def then(look: Callable[..., Offer]) -> Callable[..., Offer]:
        def looked(*given: Any, **named: Any) -> Offer:
            offer = look(*given, **named)
            if acts:
                acts.pop()()
            return offer

        return looked

    acts: list[Callable[[], Any]] = []
    return arrange


def sent_and_processed(client: Client) -> tuple[list[Invoice], ProcessBatch]:
    """Two invoices that accounting has already."""
    old = [make_invoice(), make_invoice()]
    exported(client, *old)
    return old, process(make_user(), old)


def post_all(client: Client, path: str = EXPORT, **fields: str) -> Any:
    form = {"mode": "all", "filters": "", "excluded": "", "form_key": str(uuid.uuid4()), **fields}
    return client.post(path, form, headers=HTMX)


def items_of(run: ExportRun) -> list[Invoice]:
    return [item.invoice for item in run.items.all()]


def test_what_an_undo_brings_back_is_not_sent_again_unseen(client: Client, after_the_look: AfterTheLook) -> None:
    old, batch = sent_and_processed(client)
    new = make_invoice()
    after_the_look(lambda: undo(make_user(), batch))
    post_all(client)
    run = ExportRun.objects.latest("number")
    assert items_of(run) == [new]
    work_on(run.pk)
    assert {mark.run.number for mark in ExportMark.objects.filter(invoice__in=old)} == {1}
    assert_sound()


def test_nor_is_it_in_the_window(client: Client, after_the_look: AfterTheLook) -> None:
    _, batch = sent_and_processed(client)
    new = make_invoice()
    after_the_look(lambda: undo(make_user(), batch))
    window = post_all(client, window="1")
    assert "Export 1 invoice?" in text_of(window)
    assert "Left out" not in text_of(window)
    start(client, window)
    assert items_of(ExportRun.objects.latest("number")) == [new]


def test_nor_in_the_zip(client: Client, after_the_look: AfterTheLook) -> None:
    make_company()
    _, batch = sent_and_processed(client)
    new = make_invoice()
    after_the_look(lambda: undo(make_user(), batch))
    post_all(client, PDFS)
    assert items_of(ExportRun.objects.latest("number")) == [new]


def test_what_comes_back_later_is_judged_in_the_next_window(client: Client, after_the_look: AfterTheLook) -> None:
    _, batch = sent_and_processed(client)
    make_invoice()
    after_the_look(lambda: undo(make_user(), batch))
    post_all(client)
    window = text_of(post_all(client))
    assert "Export 3 invoices?" in window
    assert "Exported before: 3" in window


@pytest.mark.parametrize("path", [EXPORT, PDFS])
def test_what_left_in_that_moment_is_said_before_the_others_go(
    client: Client, after_the_look: AfterTheLook, path: str
) -> None:
    stays, leaves = make_invoice(), make_invoice()
    after_the_look(lambda: process(make_user(name="K. Osei"), [leaves]))
    window = post(client, path, [stays, leaves])
    assert not ExportRun.objects.exists()
    words = text_of(window)
    assert "left the Admin Queue a moment ago" in words
    assert f"{leaves.number} was processed by K. Osei" in words
    start(client, window)
    assert items_of(ExportRun.objects.get()) == [stays]


def test_when_all_left_there_is_no_button(client: Client, after_the_look: AfterTheLook) -> None:
    invoice = make_invoice()
    after_the_look(lambda: process(make_user(), [invoice]))
    window = post_all(client)
    assert "Nothing can be exported" in text_of(window)
    assert not ExportRun.objects.exists()
