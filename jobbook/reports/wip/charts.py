"""The geometry of the report's charts: figures in, places in an SVG out. The templates only write them down.

Everything is worked out in Decimal to a tenth of a unit. The edges of a bar's parts are rounded, not their widths,
so parts meet exactly and a bar ends where its sum does. What is not above zero has no length; its number stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jobbook.common.templatetags.jobbook import money_text
from jobbook.reports.wip.columns import APPROVED, DRAFT, ON_INVOICES, SUBMITTED, WorkColumn, largest_first
from jobbook.reports.wip.figures import Age, JobLine

MOST_BARS = 12
PARTS: tuple[tuple[str, WorkColumn], ...] = (
    ("on", ON_INVOICES),
    ("approved", APPROVED),
    ("submitted", SUBMITTED),
    ("draft", DRAFT),
)
COLOURS = {"on": "#1456a8", "approved": "#b4540a", "submitted": "#7c8897", "draft": "#ffffff"}  # without a style sheet
_TENTH = Decimal("0.1")
_LETTER = Decimal("6.4")  # the width of a letter, about


@dataclass(frozen=True)
class Layout:
    """Widths of a chart, in units of its viewBox: beside each bar its label, or over it when there is no room."""

    width: int
    labels: int  # 0: over the bars
    numbers: int

    @property
    def step(self) -> int:
        return 26 if self.labels else 40

    @property
    def most_letters(self) -> int:
        return int((self.labels or self.width - self.numbers) / _LETTER)


WIDE = Layout(660, 206, 92)
NARROW = Layout(340, 0, 92)


@dataclass(frozen=True)
class Box:
    """A rectangle. kind: what it stands for, a class and a colour."""

    kind: str
    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal

    @property
    def colour(self) -> str:
        return COLOURS[self.kind]

    @property
    def is_hollow(self) -> bool:
        return self.kind == "draft"


@dataclass(frozen=True)
class Bar:
    """A bar with its label and the number behind it."""

    label: str
    number: str
    boxes: list[Box]
    label_y: int
    number_x: Decimal
    number_y: int
    line_y: int


@dataclass(frozen=True)
class Bars:
    """A chart of bars, one under the other. more: how many are not drawn."""

    width: int
    height: int
    bars: list[Bar]
    more: int = 0
    more_amount: Decimal = Decimal("0.00")


@dataclass(frozen=True)
class Column:
    box: Box
    middle: Decimal
    label: str
    number: str
    number_y: Decimal


@dataclass(frozen=True)
class Columns:
    """A chart of columns on a ground line."""

    width: int
    height: int
    ground: int
    columns: list[Column]


def bars_message(lines: Sequence[JobLine]) -> str:
    """What the bars say, in a sentence."""
    recorded = sum((line.work.recorded for line in lines), Decimal("0.00"))
    unbilled = sum((line.work.unbilled for line in lines), Decimal("0.00"))
    said = f"{money_text(unbilled)} of {money_text(recorded)} recorded is unbilled."
    most = next((line for line in largest_first(lines) if line.work.unbilled > 0), None)
    return f"{said} The most is {money_text(most.work.unbilled)}, of job {most.job_number}." if most else said


def ages_message(ages: Sequence[Age]) -> str:
    """What the columns say, in a sentence."""
    return "; ".join(f"{age.label}: {money_text(age.amount)}" for age in ages) + "."


def job_bars(lines: Sequence[JobLine], layout: Layout = WIDE) -> Bars:
    """The jobs with the most unbilled work: each bar its recorded work by where it stands, the number unbilled."""
    drawn = [line for line in largest_first(lines) if line.work.recorded > 0]
    shown, rest = drawn[:MOST_BARS], drawn[MOST_BARS:]
    rows = [
        (
            f"{line.job_number} {line.project_name}",
            money_text(line.work.unbilled),
            [(kind, column.of(line.work)) for kind, column in PARTS],
        )
        for line in shown
    ]
    more = sum((line.work.unbilled for line in rest), Decimal("0.00"))
    return Bars(layout.width, layout.step * len(rows) + 2, _bars(rows, layout), len(rest), more)


def age_bars(ages: Sequence[Age], layout: Layout = NARROW) -> Bars:
    """Unbilled work by age, for a narrow screen."""
    rows = [(age.label, money_text(age.amount), [("approved", age.amount)]) for age in ages]
    return Bars(layout.width, layout.step * len(rows) + 2, _bars(rows, layout))


def age_columns(ages: Sequence[Age], *, width: int = 660, height: int = 242) -> Columns:
    """Unbilled work by age, a column each."""
    ground, top = height - 30, 24
    most = max((age.amount for age in ages), default=Decimal(0))
    slot = Decimal(width) / (len(ages) or 1)
    columns = []
    for at, age in enumerate(ages):
        tall = _length(age.amount, most, ground - top)
        box = Box("approved", _round(slot * at + slot * 22 / 100), ground - tall, _round(slot * 56 / 100), tall)
        middle = _round(slot * at + slot / 2)
        columns.append(Column(box, middle, age.label, money_text(age.amount), ground - tall - 6))
    return Columns(width, height, ground, columns)


def _bars(rows: Sequence[tuple[str, str, list[tuple[str, Decimal]]]], layout: Layout) -> list[Bar]:
    room = layout.width - layout.labels - layout.numbers
    most = max((_positive(parts) for _, _, parts in rows), default=Decimal(0))
    bars = []
    for at, (label, number, parts) in enumerate(rows):
        top = layout.step * at
        y = top + (6 if layout.labels else 18)
        boxes = _boxes(parts, most, room, layout.labels, y)
        end = boxes[-1].x + boxes[-1].width if boxes else Decimal(layout.labels)
        name = label if len(label) <= layout.most_letters else f"{label[: layout.most_letters - 1].rstrip()}…"
        label_y = top + (18 if layout.labels else 12)
        bars.append(Bar(name, number, boxes, label_y, end + 6, y + 12, top + layout.step))
    return bars


def _boxes(parts: Sequence[tuple[str, Decimal]], most: Decimal, room: int, left: int, y: int) -> list[Box]:
    """The parts of a bar from left to right, those that have a length."""
    boxes, reached, edge = [], Decimal(0), Decimal(0)
    for kind, amount in parts:
        reached += max(amount, Decimal(0))
        end = _length(reached, most, room)
        if end > edge:
            boxes.append(Box(kind, left + edge, Decimal(y), end - edge, Decimal(15)))
        edge = end
    return boxes


def _positive(parts: Sequence[tuple[str, Decimal]]) -> Decimal:
    return sum((max(amount, Decimal(0)) for _, amount in parts), Decimal(0))


def _length(amount: Decimal, most: Decimal, room: int) -> Decimal:
    return _round(amount * room / most) if most > 0 and amount > 0 else Decimal("0.0")


def _round(value: Decimal) -> Decimal:
    return value.quantize(_TENTH)
