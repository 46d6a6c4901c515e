"""A run in words: what the line under the bar, the list and its page say about it."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from exports.confirm import WAIT, may_be_confirmed
from exports.formats import FORMATS
from exports.models import ExportRun, RunState
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission

_CHIPS = {  # state -> class, icon
    RunState.QUEUED: ("info", "clock"),
    RunState.RUNNING: ("info", "job"),
    RunState.SUCCEEDED: ("ok", "check"),
    RunState.FAILED: ("bad", "alert"),
    RunState.CANCELLED: ("warn", "x"),
    RunState.EXPIRED: ("warn", "clock"),
}
SLOW = timedelta(seconds=10)  # a run that waits longer says so
_POLLS = ((timedelta(seconds=3), 500), (timedelta(seconds=15), 1000))  # age up to -> milliseconds


@dataclass(frozen=True)
class RunLine:
    """A run as `user` sees it. `place`: "watch" where it was started, "page" on its own page, "" elsewhere."""

    run: ExportRun
    user: User
    place: str = ""

    @property
    def label(self) -> str:
        """The format's name; its slug when the format is no longer there."""
        return next((each.label for each in FORMATS if each.slug == self.run.format), self.run.format)

    @property
    def content(self) -> str:
        """13 PDFs, 1 invoice: what is in the file, before that what was asked for."""
        is_there = self.run.state in (RunState.SUCCEEDED, RunState.EXPIRED)
        count = self.run.done if is_there else self.run.item_count
        nouns = next((each.noun for each in FORMATS if each.slug == self.run.format), ("invoice", "invoices"))
        return f"{count:,} {nouns[0] if count == 1 else nouns[1]}"

    @property
    def title(self) -> str:
        return f"{self.label}, run {self.run.number}"

    @property
    def is_accounting(self) -> bool:
        """Whether its file is for accounting's import."""
        return any(each.slug == self.run.format and each.marks_exported for each in FORMATS)

    @property
    def doing(self) -> str:
        """Where an unfinished run is."""
        run = self.run
        if run.state == RunState.RUNNING:
            return f"{run.done:,} of {run.item_count:,} done"
        if run.error:
            return f"Attempt {run.attempts} failed, the next one follows"
        waited = timezone.now() - run.created_at
        return "Waiting for a worker, none has taken it yet" if waited > SLOW and not run.attempts else "Waiting"

    @property
    def size(self) -> str:
        return size_text(self.run.size or 0)

    @property
    def chip(self) -> tuple[str, str]:
        return _CHIPS[RunState(self.run.state)]

    @property
    def poll(self) -> int:
        """Milliseconds to the next look."""
        age = timezone.now() - self.run.created_at
        return next((pause for limit, pause in _POLLS if age < limit), 3000)

    @property
    def progress_url(self) -> str:
        query = f"?place={self.place}" if self.place else ""
        return reverse("run_progress", args=[self.run.pk]) + query

    @property
    def starts_download(self) -> bool:
        """The download starts by itself only where the run was started."""
        return self.place == "watch" and self.is_ready and self.may_download

    @property
    def is_ready(self) -> bool:
        return self.run.state == RunState.SUCCEEDED

    @property
    def may_download(self) -> bool:
        return self.user.can(Permission.DOWNLOAD)

    @property
    def may_cancel(self) -> bool:
        return not self.run.is_finished and self.user.can(Permission.EXPORT)

    @property
    def may_retry(self) -> bool:
        return self.run.state in (RunState.FAILED, RunState.CANCELLED) and self.user.can(Permission.EXPORT)

    @property
    def may_retry_failed(self) -> bool:
        """Bundles go on without what cannot be made; an accounting file is not patched."""
        return self.run.is_finished and not self.is_accounting and self.user.can(Permission.EXPORT)

    @property
    def may_make_again(self) -> bool:
        return self.run.state == RunState.EXPIRED and self.may_download

    @property
    def import_chip(self) -> tuple[str, str, str] | None:
        """Class, icon and words for what accounting says of the file. Of a run read `with_import`."""
        run = self.run
        if not may_be_confirmed(run):
            return None
        if hasattr(run, "confirmation"):
            if run.confirmation.agrees:
                return "ok", "check", "Confirmed"
            return "warn", "alert", "Confirmed with a difference"
        if not run.is_newest:  # type: ignore[attr-defined]
            return "info", "refresh", "Exported again since"
        assert run.finished_at is not None
        waited = timezone.now() - run.finished_at
        if waited < WAIT:
            return "info", "clock", "Not confirmed yet"
        return "warn", "clock", f"Not confirmed for {waited.days} days"

    @property
    def may_confirm(self) -> bool:
        return may_be_confirmed(self.run) and self.user.can(Permission.CONFIRM_RUNS)

    @property
    def reference(self) -> str:
        """What support asks for."""
        return f"{self.run.number}-{str(self.run.pk)[:8]}"


def size_text(size: int) -> str:
    """Bytes in words: 812 bytes, 4.2 KB, 36 MB."""
    if size < 1000:
        return f"{size} bytes"
    power = 1 if size < 999_950 else 2 if size < 999_950_000 else 3
    tenths = (size * 10 + 1000**power // 2) // 1000**power
    shown = f"{tenths // 10}.{tenths % 10}" if tenths < 100 else f"{tenths // 10:,}"
    return f"{shown} {('KB', 'MB', 'GB')[power - 1]}"
