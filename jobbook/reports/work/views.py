"""The one view of the reports of time and expenses."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backlog.grid.choices import Option
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.spreadsheet import file_response
from jobbook.reports.work import words
from jobbook.reports.work.asked import NO_GROUP, Asked, parse
from jobbook.reports.work.declared import REPORTS
from jobbook.reports.work.facets import facets_of
from jobbook.reports.work.period import DEFAULT, PRESETS
from jobbook.reports.work.report import FILE_ROWS, SHOWN_ROWS, TooManyRows
from jobbook.reports.work.screen import table
from jobbook.reports.work.sheets import sheets


@dataclass(frozen=True)
class Choice:
    """A field of the form with its options, the chosen one first when the days don't have it."""

    name: str
    label: str
    options: list[Option]
    chosen: str


@require_safe
@requires(Permission.SEE_WORK_REPORTS)
def work_report(request: HttpRequest, slug: str) -> HttpResponse:
    """A report as a page or, with `file`, as a file. A wrong address, or a file too long, is told on the page."""
    if slug not in REPORTS:
        raise Http404
    asked = parse(REPORTS[slug], cast(User, request.user), request.GET, timezone.localdate())
    if asked.problems:
        return _page(request, asked, status=400 if asked.file else 200)
    if not asked.file:
        return _page(request, asked)
    try:
        result = asked.report.answer(asked, FILE_ROWS, whole=True)
    except TooManyRows as refused:
        return _page(request, asked, too_many=refused.count, status=409)
    about = words.about(asked, timezone.localtime())
    return file_response(asked.file, sheets(asked, result, about), asked.report.title)


def _page(request: HttpRequest, asked: Asked, *, too_many: int = 0, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "asked": asked,
        "report": asked.report,
        "reports": [(report, _other(asked, slug), slug == asked.report.slug) for slug, report in REPORTS.items()],
        "presets": [
            (preset.label, asked.url(changes=_preset(slug)), slug == asked.period.preset)
            for slug, preset in PRESETS.items()
        ],
        "choices": _choices(asked),
        "chips": [(label, text, asked.url(changes={name: ""})) for name, label, text in words.limits(asked)],
        "of_what": words.of_what(asked),
        "grouped": words.grouped(asked),
        "as_of": words.as_of(asked, timezone.localtime()),
        "clear": asked.url(changes=dict.fromkeys(asked.chosen, "")),
        "too_many": too_many,
        "most": FILE_ROWS,
    }
    if not asked.problems:
        context["table"] = table(asked.report.answer(asked, SHOWN_ROWS, whole=False), timezone.localdate())
        context["files"] = [(kind.upper(), asked.url(changes={"file": kind})) for kind in ("xlsx", "csv")]
    return render(request, "reports/work/report.html", context, status=status)


def _preset(slug: str) -> dict[str, str]:
    """The days of a preset in place of others."""
    return {"from": "", "to": "", "period": "" if slug == DEFAULT else slug}


def _other(asked: Asked, slug: str) -> str:
    """Another report of the same days and choices; its states may be others."""
    changes = {} if REPORTS[slug].stages == asked.report.stages else {"state": ""}
    return asked.url(slug, changes)


def _choices(asked: Asked) -> list[Choice]:
    """The filters, then the grouping."""
    found = []
    for facet in facets_of(asked.report):
        options, chosen = list(asked.offers.get(facet.name, ())), asked.chosen.get(facet.name)
        if chosen and chosen not in options:
            options.insert(0, chosen)
        found.append(Choice(facet.name, facet.label, options, chosen.text if chosen else ""))
    groupings = [Option(each.slug, each.slug, each.label) for each in asked.report.groupings]
    nothing = Option(NO_GROUP, NO_GROUP, "Not grouped")
    return [*found, Choice("group", "Group by", [*groupings, nothing], asked.group)]
