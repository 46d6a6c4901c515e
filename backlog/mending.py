"""Where a problem of a file is mended: the settings of the format, or the row of one of its mappings.

What is mended on the invoice itself needs no link of its own: the invoice's number is one already.
"""

from urllib.parse import urlencode

from django.urls import reverse

from exports.formats.base import Format, Mend
from exports.problems import Reason


def pages_of(reason: Reason, format_: Format) -> list[tuple[str, str]]:
    """(words, address) of each page, with the row or field, that mends `reason` in a file of `format_`."""
    return [
        (_words(each.mend, each.key, format_), address_of(each.mend, each.key, format_.slug))
        for each in reason.mends
        if each.mend != Mend.INVOICE
    ]


def _words(mend: Mend, key: str, format_: Format) -> str:
    labels = {each.name: each.label for each in format_.settings}
    return labels.get(key, "Settings") if mend == Mend.SETTING else key or "Names"


def address_of(mend: Mend, key: str, slug: str) -> str:
    """The page of the setting or the mapping, at its row `key`; of a format by its slug."""
    if mend == Mend.SETTING:
        return f"{reverse('accounting_settings', args=[slug])}#id_{key}"
    return f"{reverse('accounting_mapping', args=[slug, mend.value])}?{urlencode({'only': key})}#rows"
