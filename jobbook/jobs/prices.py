"""What an item costs on a job. The nearest wins, item by item: the job's billable items, else its rate sheet (else
the client's), else the item itself. Each level carries both prices, by the hour and by the unit that is billed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jobbook.common.money import round_quantity
from jobbook.jobs.models import Item, Job, JobItem, RateLine, Section


@dataclass(frozen=True)
class Price:
    """unit: of the billing unit; hourly: what an hour comes to, None for what is not billed by hours."""

    unit: Decimal
    hourly: Decimal | None


def prices_of(job: Job, items: Iterable[Item]) -> dict[int, Price]:
    """The prices of `items` on `job`, by item id. An item without any price is left out. Two queries."""
    wanted = {item.pk: item for item in items}
    own = JobItem.objects.filter(job=job, item__in=wanted)
    sheet = job.rate_sheet_id or job.client.rate_sheet_id
    agreed = RateLine.objects.filter(sheet_id=sheet, item__in=wanted) if sheet else RateLine.objects.none()
    nearer: list[dict[int, JobItem | RateLine]] = [
        {row.item_id: row for row in own},
        {row.item_id: row for row in agreed},
    ]
    found = {}
    for pk, item in wanted.items():
        levels = [*(rows[pk] for rows in nearer if pk in rows), item]
        level = next((each for each in levels if each.unit_price is not None), item)
        if level.unit_price is not None:
            found[pk] = Price(level.unit_price, level.hourly_price)
    return found


def billed_quantity(hours: Decimal, price: Price) -> Decimal:
    """Hours x hourly price / price of the billing unit; the hours themselves where there is no hourly price."""
    if price.hourly is None or not price.unit:
        return hours
    return round_quantity(hours * price.hourly / price.unit)


def price_problems(item: Item, unit: Decimal | None, hourly: Decimal | None) -> dict[str, str]:
    """What is wrong with an agreed price of `item`, by field: both prices are taken from one level or none."""
    if hourly is not None and item.section != Section.LABOUR:
        return {"hourly_price": f"{item.code} is not labour: it has no hourly price."}
    if hourly is not None and not unit:
        return {"unit_price": f"Give {item.code} the price of its unit too: both are taken together."}
    if unit is not None and hourly is None and item.hourly_price is not None:
        return {"hourly_price": f"{item.code} is booked by the hour: give its hourly price too."}
    return {}
