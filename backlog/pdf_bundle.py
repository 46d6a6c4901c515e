"""The choices of a ZIP of PDFs: what the files are called, and what goes in beside them.

They are settings of the format. A window proposes what the firm chose last, its button sends all of them, and the run
keeps them with its profile: so the ZIP can be made again, and the next download and the command line do the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from exports import profiles
from exports.formats import PDF_ZIP, get_format
from exports.formats.pdf_zip_names import Names
from exports.formats.profile import Setting
from invoices.document import load, with_records
from invoices.models import Invoice

PREVIEWED, SHOWN = 3, 5  # invoices, names


@dataclass(frozen=True)
class Choice:
    """One setting in the window."""

    setting: Setting
    value: str
    error: str


@dataclass(frozen=True)
class Bundle:
    """All of them. `sent`: they come from a window, not from what is kept."""

    choices: list[Choice]
    sent: bool

    @property
    def values(self) -> dict[str, str]:
        return {each.setting.name: each.value for each in self.choices}

    @property
    def is_valid(self) -> bool:
        return not any(each.error for each in self.choices)


def bundle_of(data: Mapping[str, str]) -> Bundle:
    """What a window sent, else what the firm chose last."""
    settings, kept = get_format(PDF_ZIP).settings, profiles.current(PDF_ZIP).settings
    sent = all(each.name in data for each in settings)
    values = {each.name: str(data[each.name]).strip() if sent else kept[each.name] for each in settings}
    return Bundle([Choice(each, values[each.name], each.refusal(values[each.name])) for each in settings], sent)


def preview(bundle: Bundle, invoices: "QuerySet[Invoice]") -> list[str]:
    """The first names these invoices get, with their DWRs; none while a choice cannot be used."""
    if not bundle.is_valid:
        return []
    names, found = Names(bundle.values), []
    documents = list(load(invoices.in_document_order()[:PREVIEWED]))  # type: ignore[attr-defined]
    for document in with_records(documents) if bundle.values["backup"] == "records" else documents:
        found.append(names.give(document))
        found += [names.backup(found[-1], record.number) for record in document.records if record.is_signed]
    return found[:SHOWN]
