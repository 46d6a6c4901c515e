"""The audit of made-up history: the commands real ones would have been, in order, each with the time it pretends."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jobbook.common.audit import Actor, CommandLine, Operation, canonical
from jobbook.common.models import AuditEntry, AuditItem
from jobbook.transfer.demo.sink import Sink

REASON = "Demo data"


@dataclass
class Ledger:
    """Opens one command after the other; all in one transaction."""

    sink: Sink
    operation: Operation | None = field(default=None, init=False)

    def open(self, by: Actor | None, action: str, at: datetime) -> Operation:
        """Begin a command that pretends to have been given at `at`."""
        self.operation = Operation(by or CommandLine(), action, reason=REASON)
        self.operation.at = at
        return self.operation

    def close(self, **values: Any) -> AuditEntry:
        """End the command; `values` hold for all its items."""
        self.sink.flush()
        entry = self.current.close(**values)
        self.operation = None
        return entry

    @property
    def current(self) -> Operation:
        if self.operation is None:
            raise RuntimeError("No command is open.")
        return self.operation

    def made(self, object_type: str, object_id: int, after: dict[str, Any], *, version: int | None = None) -> None:
        """An item of the open command: it made this object."""
        self.sink.add(
            AuditItem,
            entry_id=self.current.number,
            object_type=object_type,
            object_id=object_id,
            version_after=version,
            after=canonical(after),
        )
