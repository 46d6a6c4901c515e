"""The progress of a fixed-price job on its page: what holds today, the entries, and the form for one more."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from jobbook.accounts.models import User
from jobbook.common.errors import Refused
from jobbook.jobs.models import PROGRESS, BillingType, Job, ProgressEntry, contract_on, earned, percent_on
from jobbook.jobs.pages.fields import DayField, NumberField
from jobbook.jobs.transitions.progress import may_enter


class ProgressForm(forms.Form):
    """A per cent, a contract amount, or both, from a day on."""

    on = DayField("As of")
    percent = NumberField("Per cent complete", least=Decimal(0), most=Decimal(100))
    amount = NumberField("Contract amount", places=2, least=Decimal(0))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"on": today}, auto_id="progress-%s", use_required_attribute=False)
        self.fields["on"].required = True
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and cleaned["percent"] is None and cleaned["amount"] is None:
            self.add_error("percent", "Enter a per cent, a contract amount, or both.")
        return cleaned


@dataclass(frozen=True)
class Progress:
    """form: None for who may not enter. refused: what was entered and why it was not taken."""

    contract: Decimal | None
    percent: Decimal | None
    entries: list[ProgressEntry]
    form: ProgressForm | None
    refused: Refused | None = None

    @property
    def earned(self) -> Decimal | None:
        return earned(self.contract, self.percent)


def progress_of(
    job: Job, user: User, today: date, form: ProgressForm | None = None, refused: Refused | None = None
) -> Progress | None:
    """None for a job that is not of a fixed price. Four queries. form: the one that was sent and not taken."""
    if job.billing_type != BillingType.FIXED_PRICE:
        return None
    contract, percent = Job.objects.filter(pk=job.pk).values_list(contract_on(today), percent_on(today)).get()
    if form is None and may_enter(user, job):
        form = ProgressForm(today=today)
    return Progress(contract, percent, entries_of(job), form, refused)


def entries_of(job: Job) -> list[ProgressEntry]:
    """Of both kinds, the newest day first."""
    entries = [
        entry
        for kind in PROGRESS.values()
        for entry in kind._default_manager.filter(job=job).select_related("entered_by")
    ]
    return sorted(entries, key=lambda entry: (entry.date, entry.entered_at, entry.label), reverse=True)
