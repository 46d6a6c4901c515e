"""Which of ours need a name in a package, by the format's own check; all others go by our own name or code."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from exports.faces import FACES, Faces
from exports.formats.base import Format
from exports.formats.profile import Kind, Profile


@dataclass
class Needs:
    """Of one format. reasons: by kind and key, in the words of the check. waiting: the invoices that wait for it."""

    reasons: dict[Kind, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    waiting: dict[Kind, set[int]] = field(default_factory=lambda: defaultdict(set))

    @property
    def invoice_ids(self) -> set[int]:
        return set().union(*self.waiting.values())


def all_faces(*, waiting_only: bool) -> dict[Kind, Faces]:
    """Of every kind: six queries, whatever the number of invoices."""
    return {kind: faces(waiting_only=waiting_only) for kind, faces in FACES.items()}


def needs_of(format_: Format, profile: Profile, faces: Mapping[Kind, Faces]) -> Needs:
    """What the check of the format names as mended by a mapping of one of these kinds."""
    found = Needs()
    for kind, of_kind in faces.items():
        if kind not in format_.maps:
            continue
        for face, ids in of_kind.items():
            for problem in format_.problems(face, profile):
                if problem.mend.value == kind and not problem.is_warning:
                    found.reasons[kind].setdefault(problem.key, problem.reason)
                    found.waiting[kind] |= ids
    return found
