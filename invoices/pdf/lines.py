"""The lines of a document as they stand on paper: days, in them sections, in them lines, each with its sum."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoices.document import InvoiceData, LineData
from jobbook.common.money import total_of
from jobbook.jobs.models import LineItemType, Section

PRINTED_SECTIONS = (Section.LABOUR, Section.EQUIPMENT, Section.FIXED_PRICE)


@dataclass(frozen=True, slots=True)
class SectionBlock:
    """The priced lines of one section of a day."""

    label: str
    lines: tuple[LineData, ...]

    @property
    def amount(self) -> Decimal:
        return total_of(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class DayBlock:
    """One DWR, or one day without, or (`dwr_number` and `day` empty) what belongs to none. Notes carry no amount."""

    dwr_number: str
    day: date | None
    description: str
    sections: tuple[SectionBlock, ...]
    notes: tuple[LineData, ...]

    @property
    def amount(self) -> Decimal:
        return total_of(section.amount for section in self.sections)


def day_blocks(document: InvoiceData) -> list[DayBlock]:
    """All lines but fees, by date, those without a date last; a summarized document is one block."""
    lines = [line for line in document.lines if line.section != Section.FEE]
    if document.line_item_type == LineItemType.SUMMARIZED:
        return [_block("", None, lines)] if lines else []
    groups: dict[tuple[str, date | None], list[LineData]] = {}
    for line in lines:
        groups.setdefault((line.dwr_number, line.service_date), []).append(line)
    order = sorted(groups, key=lambda key: (key[1] is None, key[1] or date.min, groups[key][0].number))
    return [_block(number, day, groups[number, day]) for number, day in order]


def _block(dwr_number: str, day: date | None, lines: list[LineData]) -> DayBlock:
    sections = [
        SectionBlock(section.label, chosen) for section in PRINTED_SECTIONS if (chosen := _of_section(lines, section))
    ]
    description = next((line.dwr_description for line in lines if line.dwr_description), "") if dwr_number else ""
    return DayBlock(dwr_number, day, description, tuple(sections), _of_section(lines, Section.UNPRICED))


def _of_section(lines: Iterable[LineData], section: str) -> tuple[LineData, ...]:
    return tuple(line for line in lines if line.section == section)


def fees(document: InvoiceData) -> tuple[LineData, ...]:
    return _of_section(document.lines, Section.FEE)


def categories(document: InvoiceData) -> list[tuple[str, Decimal]]:
    """The sum of each section that has lines, fees last: together the subtotal."""
    sections = ((section, _of_section(document.lines, section)) for section in (*PRINTED_SECTIONS, Section.FEE))
    return [(str(section.label), total_of(line.amount for line in lines)) for section, lines in sections if lines]
