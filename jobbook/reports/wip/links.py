"""Numbers with the address of the rows behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from backlog.grid.query import encode
from jobbook.jobs.models import BillingType
from jobbook.reports.wip.asked import Asked
from jobbook.reports.wip.columns import BilledColumn, WorkColumn
from jobbook.reports.wip.figures import Age, Billed, Place, Work

Pairs = Sequence[tuple[str, Any]]  # None and "": nothing to say


@dataclass(frozen=True)
class Figure:
    """An amount; `url` is "" when there is nothing behind it."""

    amount: Decimal
    url: str


@dataclass(frozen=True)
class Links:
    """The addresses of one report. Its days are written out, so that a link means the same tomorrow."""

    pairs: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, asked: Asked) -> "Links":
        return cls(tuple(asked.pairs))

    def to(self, name: str, *more: tuple[str, Any], **kwargs: Any) -> str:
        """The address of a page about this report, with what it is limited to besides."""
        limits = urlencode([(key, value) for key, value in more if value not in {None, ""}])
        return f"{reverse(name, kwargs=kwargs or None)}?{self._query}{limits and '&'}{limits}"

    @cached_property
    def _query(self) -> str:
        return encode(list(self.pairs))

    def work(self, column: WorkColumn, work: Work, *, job: int | None = None, item: int | None = None) -> Figure:
        places = () if set(column.places) == set(Place) else column.places
        more = [("of_job", job), ("item", item), *(("place", place) for place in places)]
        return self._figure(column.of(work), "wip_work", more)

    def billed(self, column: BilledColumn, billed: Billed, *, job: int | None = None) -> Figure:
        more = [("of_job", job), ("part", column.part), ("queue", column.queue)]
        return self._figure(column.of(billed), "wip_invoices", more)

    def age(self, age: Age) -> Figure:
        return self._figure(age.amount, "wip_work", [("age", age.least)])

    def to_date(self, amount: Decimal, *, job: int) -> Figure:
        """What was billed of a fixed-price job, from its beginning until the day of the report."""
        days = {"from": "", "to": dict(self.pairs)["as_of"], "billing": BillingType.FIXED_PRICE.value}
        kept = [(name, value) for name, value in self.pairs if name not in days]
        ever = Links((*days.items(), *kept))
        return ever._figure(amount, "wip_invoices", [("of_job", str(job))])

    def _figure(self, amount: Decimal, name: str, more: Pairs) -> Figure:
        return Figure(amount, self.to(name, *more) if amount else "")
