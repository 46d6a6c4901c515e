"""Each rule of docs/data-import.md broken once: the exact problem, all problems at once, and nothing written."""

import pytest
from django.apps import apps

from tests.transfer.bad_cells import CELLS, FILES_AND_HEADERS, Case
from tests.transfer.bad_rules import AMOUNTS, FACTS, REFERENCES, WORK
from tests.transfer.folders import SMALL, problems_of, replaced

pytestmark = pytest.mark.django_db
CASES = {**FILES_AND_HEADERS, **CELLS, **REFERENCES, **WORK, **AMOUNTS, **FACTS}


def row_counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models() if model._meta.managed}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_broken_rule_is_named_and_nothing_is_written(case: Case) -> None:
    name, old, new, expected = case
    before = row_counts()
    assert problems_of({**SMALL, name: replaced(SMALL[name], old, new)}) == expected
    assert row_counts() == before


def test_the_small_firm_is_right() -> None:
    assert problems_of(SMALL) == []
