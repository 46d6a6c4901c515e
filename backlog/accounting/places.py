"""What the addresses of the accounting set-up name: a format, and a kind of ours that it maps. Else 404."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from exports.formats import accounting_formats
from exports.formats.base import Format
from exports.formats.profile import Columns, Kind
from exports.profile_rules import WORDS


@dataclass(frozen=True)
class Place:
    """One mapping of one format."""

    format: Format
    kind: Kind

    @property
    def columns(self) -> Columns:
        return self.format.maps[self.kind]

    @property
    def words(self) -> str:
        """'clients'."""
        return WORDS[self.kind]

    @property
    def title(self) -> str:
        return f"{self.words.capitalize()} in {self.format.label}"

    @property
    def url(self) -> str:
        return reverse("accounting_mapping", args=[self.format.slug, self.kind.value])


def format_or_404(slug: str) -> Format:
    for each in accounting_formats():
        if each.slug == slug:
            return each
    raise Http404


def place_or_404(slug: str, kind: str) -> Place:
    format_ = format_or_404(slug)
    for each in places_of(format_):
        if each.kind == kind:
            return each
    raise Http404


def places_of(format_: Format) -> list[Place]:
    """The mappings that a format has, in one order for all."""
    return [Place(format_, kind) for kind in WORDS if kind in format_.maps]
