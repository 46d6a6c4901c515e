"""`make stress`: people process, undo, untick and pay at random, some are killed; and a control that must fail."""

import os
import random
from collections import Counter

import pytest

from invoices.models import Invoice, ProcessBatch
from invoices.undo import undo_intent, undo_offer
from jobbook.accounts.models import User
from jobbook.common import failpoints
from jobbook.reports.management.commands.check_invariants import violations
from tests.commands import assert_sound, intent_for
from tests.factories import make_invoice, make_job, make_user
from tests.faults.people import Actor, outcome, race, send, wait_at

pytestmark = [pytest.mark.stress, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800)]
SEEDS = [int(seed) for seed in os.environ.get("STRESS_SEEDS", "1 2 3").split()]
ROUNDS = int(os.environ.get("STRESS_ROUNDS", "12"))
KILLS = ["after_lock", "after_items", "after_commit"]


def errand(chance: random.Random, people: list[User], invoices: list[Invoice]) -> tuple[str, object, User]:
    """Something a person might do now."""
    who = chance.choice(people)
    rows = list(Invoice.objects.filter(pk__in=[invoice.pk for invoice in invoices]))
    processed = [row for row in rows if row.queue == "processed"]
    batch = undo_offer().batch
    what = chance.choice(["process", "process", "undo", "untick", "pay"])
    if what == "undo" and batch:
        return "undo", undo_intent(user=who, batch=batch).pk, who
    if what in {"untick", "pay"} and processed:
        row = chance.choice(processed)
        return what, f"{row.pk}:{row.version}", who
    return "process", intent_for(who, chance.sample(rows, chance.randint(2, 10))).pk, who


def setting_out(chance: random.Random, errands: list[tuple[str, object, User]]) -> list[Actor]:
    """Actors that wait at the same line; one in four will be killed on its way."""
    arms = [f",{act}.{chance.choice(KILLS)}=kill9" if chance.random() < 0.25 else "" for act, _, _ in errands]
    return [send(*each, at=f"actor.ready=barrier:start{arm}") for each, arm in zip(errands, arms, strict=True)]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_or_doubled(seed: int) -> None:
    chance = random.Random(seed)
    job = make_job()
    invoices = [make_invoice(job=job) for _ in range(30)]
    people = [make_user(name=name) for name in ("M. Tran", "K. Osei", "B. Singh")]
    results: Counter[str] = Counter()
    for _ in range(ROUNDS):
        actors = setting_out(chance, [errand(chance, people, invoices) for _ in range(4)])
        wait_at("start", len(actors))
        failpoints.release("start")
        results.update(outcome(actor)["result"] for actor in actors)
        for mark in failpoints.barriers().iterdir():
            mark.unlink()
        assert_sound()
    assert min(results[word] for word in ("done", "refused", "unknown")) > 0, results


def test_the_control_without_the_check_under_the_lock_is_caught() -> None:
    """A planted bug: the commands skip the comparison with what the window showed. The checker must see the damage."""
    job = make_job()
    invoices = [make_invoice(job=job) for _ in range(8)]
    tran, osei = make_user(), make_user()
    first, second = intent_for(tran, invoices[:5]), intent_for(osei, invoices[3:])
    os.environ["JOBBOOK_PLANT"] = "invoices.transitions._check_intent"
    try:
        results = race(("process", first.pk, tran), ("process", second.pk, osei))
    finally:
        del os.environ["JOBBOOK_PLANT"]
    assert [result["result"] for result in results] == ["done", "done"]
    assert ProcessBatch.objects.count() == 2
    assert violations()
