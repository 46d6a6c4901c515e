"""The rows of a page as text: one line with a place for each cell, compiled from the columns.

This is the one place that makes HTML without a template. Every `cell` escapes what it shows; everything else in the
line is fixed text of this file or of a declared column.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from operator import itemgetter
from typing import Any

from backlog.grid.columns import GridColumn, cents
from backlog.grid.grouping import Group, Totals, key_text
from jobbook.common.templatetags.jobbook import icon

Row = tuple[Any, ...]


class RowLine:
    """`fields` is what `values_list` must read; calling it with such a row gives the <tr>.

    key, amount: the fields of the row's id and of the amount that a selection sums. label: fields that name the row
    for a screen reader. `leading` fields are read first, for the groups.
    """

    def __init__(
        self,
        columns: Sequence[GridColumn],
        *,
        leading: Sequence[str] = (),
        label: Sequence[str],
        amount: str,
        detail_url: str,
        detail_words: str,
        selectable: bool,
    ) -> None:
        self.fields = list(dict.fromkeys([*leading, "pk", amount, *label, *(f for c in columns for f in c.fields)]))
        self._places: list[tuple[Callable[..., str], list[int]]] = []
        line = '<tr class="r" role="row" %s>'
        self._place(_row_data, ["pk", amount])
        if selectable:
            line += '<td class="cb" role="cell"><label class="tick">%s</label></td>'
            self._place(_tick, ["pk", *label, amount])
        if detail_url:
            line += '<td class="tc" role="cell">%s</td>'
            self._place(_triangle(detail_url, detail_words), ["pk", label[0]])
        for column in columns:
            tag, role = ('th scope="row"', "rowheader") if column.row_header else ("td", "cell")
            line += f'<{tag} class="{column.classes}" role="{role}">%s</{tag[:2]}>'
            self._place(column.cell, column.fields)
        self._line = line + "</tr>\n"

    def _place(self, cell: Callable[..., str], fields: Iterable[str]) -> None:
        self._places.append((cell, [self.fields.index(name) for name in fields]))

    def __call__(self, row: Row) -> str:
        return self._line % tuple([cell(*[row[index] for index in places]) for cell, places in self._places])


def _row_data(pk: int, amount: Any) -> str:
    return f'data-id="{pk}" data-cents="{cents(amount)}"'


def _tick(pk: int, *label: Any) -> str:
    *names, amount = label
    named = escape(", ".join(str(name) for name in names))
    return f'<input type="checkbox" value="{pk}" data-tick><span class="vh">Select {named}, {amount:,.2f}</span>'


def _triangle(url: str, words: str) -> Callable[..., str]:
    """`url` has "0" in place of the id."""
    before, after = url.split("0", 1)
    drawing = triangle_icon()

    def cell(pk: int, name: Any) -> str:
        return (
            f'<button type="button" class="tri" aria-expanded="false" data-detail="{before}{pk}{after}">'
            f'{drawing}<span class="vh">{words} {escape(str(name))}</span></button>'
        )

    return cell


def triangle_icon() -> str:
    return '<svg viewBox="0 0 10 10" aria-hidden="true"><path d="M2 0.6 9 5 2 9.4z"></path></svg>'


@dataclass
class GroupHead:
    """The head row of a group. `here` is how many of its rows stand on this page."""

    path: tuple[Any, ...]
    name: str
    totals: Totals
    here: int
    noun: Callable[[int], str]

    def html(self, *, lead: int, is_open: bool, selectable: bool, tail: str) -> str:
        """`lead` is the number of columns before the sums, `tail` the cells of the sums."""
        level, name, key = len(self.path), escape(self.name), escape(key_text(self.path))
        words = [self.noun(self.totals.count)]
        if self.totals.warnings:
            words.append(f"{self.totals.warnings:,} with warnings")
        if self.here < self.totals.count:
            words.append(f"{self.here:,} of {self.totals.count:,} on this page")
        tick = (
            f'<td class="cb" role="cell"><label class="tick"><input type="checkbox" data-group-tick>'
            f'<span class="vh">Select all {self.noun(self.totals.count)} of {name}</span></label></td>'
        )
        return (
            f'<tr class="g g{level}" role="row">{tick if selectable else ""}'
            f'<th scope="rowgroup" colspan="{lead}" class="gt" role="rowheader"><span class="gh">'
            f'<button type="button" class="tri" aria-expanded="{str(is_open).lower()}" data-fold="{key}">'
            f"{triangle_icon()}"
            f'<span class="vh">Rows of {name}</span></button>'
            f'<span>{name} <span class="meta">{", ".join(words)}</span></span></span></th>{tail}</tr>\n'
        )


class SumCells:
    """The cells of a row of sums: `lead` columns before the first that is added up, then a cell for each."""

    def __init__(self, columns: Mapping[str, GridColumn], sums: Sequence[str]) -> None:
        self.sums = sums
        self.lead = next((index for index, name in enumerate(columns) if name in sums), len(columns))
        self._tail = list(columns.items())[self.lead :]

    def cells(self, values: Iterable[Decimal]) -> list[tuple[str, str]]:
        """Class and HTML of each cell after the lead; nothing in a column that is not added up."""
        sums = dict(zip(self.sums, values, strict=True))
        return [(column.classes, column.total(sums[name]) if name in sums else "") for name, column in self._tail]


class Body:
    """The <tbody> elements of a page: one without groups, else one per group with its head row."""

    def __init__(self, line: RowLine, sums: SumCells, *, detail: bool, selectable: bool) -> None:
        self.line, self.sums = line, sums
        self.lead = sums.lead + int(detail)
        self.selectable = selectable

    def plain(self, rows: Iterable[Row]) -> str:
        return '<tbody role="rowgroup">\n' + "".join(map(self.line, rows)) + "</tbody>"

    def grouped(
        self,
        rows: Sequence[Row],
        groups: Sequence[Group],
        totals: dict[tuple[Any, ...], Totals],
        closed: Sequence[str],
        noun: Callable[[int], str],
    ) -> str:
        """`rows` are in group order and begin with the fields of the groups."""
        keys = [self.line.fields.index(group.key) for group in groups]
        here = _counts(rows, keys)
        parts: list[str] = []
        current: tuple[Any, ...] = ()
        path_of = itemgetter(*keys) if len(keys) > 1 else lambda row: (row[keys[0]],)
        for row in rows:
            path = path_of(row)
            if path != current or not parts:
                for level in range(_common(current, path) if parts else 0, len(path)):
                    name = groups[level].name([row[self.line.fields.index(f)] for f in groups[level].fields])
                    part = path[: level + 1]
                    known = totals.get(part) or Totals(here[part], 0, [Decimal("0.00")] * len(self.sums.sums))
                    head = GroupHead(part, name, known, here[part], noun)
                    parts.append(self._open(head, closed, first=not parts))
                current = path
            parts.append(self.line(row))
        return "".join([*parts, "</tbody>"]) if parts else '<tbody role="rowgroup"></tbody>'

    def _open(self, head: GroupHead, closed: Sequence[str], *, first: bool) -> str:
        key = key_text(head.path)
        folds = [key_text(head.path[: level + 1]) for level in range(len(head.path))]
        css = " ".join(["folded" if key in closed else "", "inside" if set(folds[:-1]) & set(closed) else ""]).strip()
        html = head.html(lead=self.lead, is_open=key not in closed, selectable=self.selectable, tail=self._tail(head))
        return (
            "" if first else "</tbody>"
        ) + f'<tbody role="rowgroup" class="{css}" data-group="{escape(key)}" data-count="{head.totals.count}">\n{html}'

    def _tail(self, head: GroupHead) -> str:
        cells = self.sums.cells(head.totals.sums)
        return "".join(f'<td class="{css}" role="cell">{html}</td>' for css, html in cells)


def _counts(rows: Iterable[Row], keys: Sequence[int]) -> dict[tuple[Any, ...], int]:
    """How many rows of each group, at each level, are among `rows`."""
    counts: dict[tuple[Any, ...], int] = {}
    for row in rows:
        path = tuple(row[index] for index in keys)
        for level in range(1, len(path) + 1):
            counts[path[:level]] = counts.get(path[:level], 0) + 1
    return counts


def _common(one: tuple[Any, ...], other: tuple[Any, ...]) -> int:
    """How many keys two paths share from the start."""
    count = 0
    for mine, theirs in zip(one, other, strict=True):
        if mine != theirs:
            break
        count += 1
    return count


def chip(kind: str, symbol: str, text: str) -> str:
    """A status chip: colour, icon and word."""
    return f'<span class="chip {kind}">{icon(symbol)}{escape(text)}</span>'
