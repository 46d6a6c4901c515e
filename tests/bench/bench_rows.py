"""The same page of 100 rows made in other ways, through the same handler: what the compiled line costs and saves.

By hand: the rows from one f-string written for this table, with the same bytes; the page around them made by
the templates, or ready as text. By django-tables2: the table's own template on model instances.
"""

from collections.abc import Callable
from html import escape
from typing import Any
from unittest import mock

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from backlog import checks, invoice_columns
from backlog.grid import results as grid_results
from backlog.grid.parsing import parse
from backlog.grid.rendering import RowLine, triangle_icon
from backlog.grid.results import Results, build, ordering
from backlog.grid.views import GridView
from backlog.invoice_columns import InvoiceTable
from backlog.invoice_processing import INVOICE_PROCESSING
from jobbook.accounts.http import user_of
from jobbook.common.templatetags.jobbook import moment
from tests.bench import Result, Work, interleave
from tests.bench.bench_grid import page
from tests.bench.books import Books

QUERY = "?size=100"
NONE = '<span class="sub"><span aria-hidden="true">—</span><span class="vh">none</span></span>'


def run(books: Books, *, small: bool) -> list[Result]:
    rounds = 1 if small else 11
    product = page(books, "few", QUERY)
    by_hand, whole, tables2 = by_fstrings(product), whole_by_hand(product), by_tables2(product)
    sizes = [len(rows_of(work())) for work in (product, by_hand, whole)]
    assert max(sizes) <= 1.03 * min(sizes), f"no longer the same page: {sizes}"
    slower = interleave(product, tables2, max(1, rounds // 2))
    return [
        Result("page of 100 rows : rows by one f-string", "<= 1.30", *interleave(product, by_hand, rounds), code="G2"),
        Result(
            "page of 100 rows : nothing but its two queries and one f-string",
            "",
            *interleave(product, whole, rounds),
            code="G2",
        ),
        Result("page of 100 rows : rows by django-tables2's template", "<= 0.17", *slower, code="G2"),
    ]


def rows_of(content: bytes) -> bytes:
    return content.partition(b"<tbody")[2].partition(b"</tbody>")[0]


def patched(work: Work, target: object, name: str, other: Any) -> Work:
    def patched_work() -> Any:
        with mock.patch.object(target, name, other):
            return work()

    return patched_work


def by_fstrings(product: Work) -> Work:
    return patched(product, grid_results, "Body", HandWritten)


def whole_by_hand(product: Work) -> Work:
    """The text around the rows is ready; user, rows and sums are asked for each time."""
    content: bytes = product()
    before, _, rest = content.partition(b"<tbody")
    after = rest.partition(b"</tbody>")[2]

    def get(view: GridView, request: HttpRequest) -> HttpResponse:
        user = user_of(request)
        results = build(view.grid, user, parse(view.grid, user, request.GET))
        return HttpResponse(before + results.body.encode() + after)

    return patched(by_fstrings(product), GridView, "get", get)


def by_tables2(product: Work) -> Work:
    return patched(product, grid_results, "_fill", fill_by_tables2)


def fill_by_tables2(results: Results, rows: Any, totals: Any) -> None:
    grid, size = results.grid, results.query.size
    rows = rows.annotate(checks_mask=checks.CHECKS_MASK).select_related("job__project_manager", "export_mark")
    page = rows.order_by(*ordering(grid, results.query.sorts))[:size]
    request = RequestFactory().get("/")
    html = InvoiceTable(list(page), template_name="django_tables2/table.html", orderable=False).as_html(request)
    results.on_page = size
    results.body = mark_safe(html)


class HandWritten:
    """In place of rendering.Body: what a programmer would write for this one table."""

    def __init__(self, line: RowLine, *_: Any, **__: Any) -> None:
        self.fields = line.fields
        self.link, self.row = reverse("invoice_list"), row_function()

    def plain(self, rows: list[tuple[Any, ...]]) -> str:
        names, row = self.fields, self.row
        found = "".join([row(self.link, **dict(zip(names, each, strict=True))) for each in rows])
        return f'<tbody role="rowgroup">\n{found}</tbody>'


def money(value: Any) -> str:
    if value < 0:
        shown = f'<span class="neg"><span class="vh">minus </span>({-value:,.2f})</span>'
    else:
        shown = f"{value:,.2f}"
    return f'<data value="{value}">{shown}</data>'


def row_function() -> Callable[..., str]:
    today, detail = timezone.localdate(), reverse("invoice_detail_row", args=[0]).split("0", 1)
    triangle, chips = triangle_icon(), invoice_columns._checks_html
    css = {name: column.classes for name, column in INVOICE_PROCESSING.columns.items()}

    def row(link: str, **v: Any) -> str:
        number, client, job = escape(v["number"]), escape(v["client_name"]), escape(v["job_number"])
        project, po, manager = escape(v["project_name"]), v["po_number"], v["job__project_manager__name"]
        pk, total, day, mask = v["pk"], v["total"], v["invoice_date"], v["checks_mask"]
        age, exported = (today - day).days, v["export_mark__exported_at"]
        when = '<span class="sub">Not yet</span>' if exported is None else moment(exported)
        old = f'<span class="old">{age}<span class="vh"> days, over 30</span></span>' if age > 30 else age
        return (
            f'<tr class="r" role="row" data-id="{pk}" data-cents="{int(total * 100)}">'
            f'<td class="cb" role="cell"><label class="tick"><input type="checkbox" value="{pk}" data-tick>'
            f'<span class="vh">Select {number}, {client}, {total:,.2f}</span></label></td>'
            f'<td class="tc" role="cell"><button type="button" class="tri" aria-expanded="false"'
            f' data-detail="{detail[0]}{pk}{detail[1]}">{triangle}'
            f'<span class="vh">Accounting detail for {number}</span></button></td>'
            f'<th scope="row" class="inv" role="rowheader"><a href="{link}{pk}/">{number}</a>'
            f'<span class="m">{job} · {project}</span>'
            f'<span class="m">{escape(checks.title(mask))} · {age} day{"" if age == 1 else "s"}</span></th>'
            f'<td class="{css["date"]}" role="cell"><time datetime="{day}">{day}</time></td>'
            f'<td class="{css["client"]}" role="cell">{client}</td>'
            f'<td class="{css["job"]}" role="cell">{job} <span class="sub">{project}</span></td>'
            f'<td class="{css["po"]}" role="cell">{escape(po) if po else NONE}</td>'
            f'<td class="{css["manager"]}" role="cell">{escape(manager) if manager else NONE}</td>'
            f'<td class="{css["checks"]}" role="cell">{chips(mask)}</td>'
            f'<td class="{css["exported"]}" role="cell">{when}</td>'
            f'<td class="{css["age"]}" role="cell">{old}</td>'
            f'<td class="{css["subtotal"]}" role="cell">{money(v["subtotal"])}</td>'
            f'<td class="{css["tax"]}" role="cell">{money(v["tax"])}</td>'
            f'<td class="{css["total"]}" role="cell">{money(total)}</td></tr>\n'
        )

    return row
