"""How far the fixed-price jobs of the demo are: an entry at the end of each month, and contracts that grew."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from jobbook.jobs.models import BillingType, ContractEntry, Job, PercentEntry
from jobbook.transfer.demo.firm import Firm
from jobbook.transfer.demo.ledger import Ledger

Moment = Callable[[int, int, int], datetime]  # age in days, hour, minute
_MONTHS = 5
_GREW = 70  # days ago


def write_progress(firm: Firm, ledger: Ledger, rng: random.Random, today: date, moment: Moment) -> None:
    """Entries by the jobs' managers, as items of the command that is open."""

    def entered(job: Job, day: date) -> dict[str, Any]:
        at = moment((today - day).days, 17, 5)
        return {"job": job, "date": day, "entered_by": job.project_manager, "entered_at": at}

    for job in firm.billed(BillingType.FIXED_PRICE):
        first, last = rng.randint(5, 20), rng.randint(35, 97)
        percents = [
            PercentEntry(percent=Decimal(first + (last - first) * number // _MONTHS), **entered(job, day))
            for number, day in enumerate(_month_ends(today), start=1)
        ]
        contracts = []
        if job.contract_amount and rng.random() < 0.4:
            amount = job.contract_amount + 2_500 * rng.randint(1, 8)
            contracts = [ContractEntry(amount=amount, **entered(job, today - timedelta(days=_GREW)))]
        PercentEntry.objects.bulk_create(percents)
        ContractEntry.objects.bulk_create(contracts)
        said = {str(entry).lower().replace(" ", "_"): f"{entry.value:.2f}" for entry in (*percents, *contracts)}
        ledger.made("job", job.pk, said, version=job.version)


def _month_ends(today: date) -> list[date]:
    """The last days of the months before this one, the oldest first."""
    days = [today.replace(day=1) - timedelta(days=1)]
    while len(days) < _MONTHS:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return days[::-1]
