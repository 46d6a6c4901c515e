"""What stands in a form beside what somebody else has saved meanwhile."""

from dataclasses import dataclass

from invoices.drafting import DraftLine
from invoices.form.fields import FIELDS
from invoices.form.numbers import as_price, as_typed
from invoices.form.sheet import Sheet
from jobbook.common.money import format_money
from jobbook.jobs.models import Section

NOTHING = "nothing"


@dataclass(frozen=True)
class Difference:
    """One field or line in both versions, as text."""

    label: str
    yours: str
    theirs: str


def differences(yours: Sheet, theirs: Sheet) -> list[Difference]:
    """The fields and lines in which the two differ; totals last."""
    found = [
        Difference(str(yours.form[name].label), _field(yours, name), _field(theirs, name))
        for name in FIELDS
        if _field(yours, name) != _field(theirs, name)
    ]
    found += _lines(yours, theirs)
    if sorted(yours.expenses) != sorted(theirs.expenses):
        counts = [f"{len(sheet.expenses)} ticked" for sheet in (yours, theirs)]
        found.append(Difference("Expenses accounted for", *counts))
    found.append(Difference("Total", format_money(yours.draft_now.total), format_money(theirs.draft_now.total)))
    return found


def _field(sheet: Sheet, name: str) -> str:
    value = sheet.form[name].value()
    return str("" if value is None else value).replace("\r\n", "\n").strip()


def _lines(yours: Sheet, theirs: Sheet) -> list[Difference]:
    mine, others = _by_id(yours), _by_id(theirs)
    found = []
    for key in [*others, *(key for key in mine if key not in others)]:
        texts = [_line(side.get(key)) for side in (mine, others)]
        if texts[0] != texts[1]:
            found.append(Difference(f"Line in {_section(mine.get(key) or others[key])}", *texts))
    return found


def _by_id(sheet: Sheet) -> dict[object, DraftLine]:
    sheet.draft_now  # noqa: B018 - works the lines out
    assert sheet.draft is not None
    return {line.id or ("new", place): line for place, line in enumerate(sheet.draft.lines)}


def _section(line: DraftLine) -> str:
    return str(Section(line.section).label)


def _line(line: DraftLine | None) -> str:
    if line is None:
        return NOTHING
    priced = f"{as_typed(line.quantity)} {line.unit} × {as_price(line.unit_price)} = " if line.quantity else ""
    return f"{line.description or line.item_code}: {priced}{format_money(line.amount)}"
