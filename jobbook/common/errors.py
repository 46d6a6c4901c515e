"""Refusals: what a command answers when it does not do what was asked."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refusal:
    """Why one object stands in the way. `code` names the rule, `reason` is a sentence for the user."""

    code: str
    reason: str
    object_id: int | None = None
    label: str = ""
    url: str = ""

    def __str__(self) -> str:
        return f"{self.label}: {self.reason}" if self.label else self.reason


@dataclass
class Refused(Exception):
    """Nothing was changed; every reason is listed."""

    message: str
    refusals: list[Refusal] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join([self.message, *map(str, self.refusals)])
