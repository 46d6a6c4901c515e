"""Where a problem of a file is mended: the invoice, the settings of the format, or the row of one of its mappings."""

from urllib.parse import urlencode

from django.urls import reverse

from exports.formats.base import Mend, Problem
from exports.problems import Cause


def address_of(problem: Problem, slug: str) -> str:
    """The page, with the row or field that mends `problem` in a file of the format `slug`."""
    if problem.mend == Mend.INVOICE:
        return reverse("invoice_page", args=[problem.invoice_id])
    if problem.mend == Mend.SETTING:
        return f"{reverse('accounting_settings', args=[slug])}#id_{problem.key}"
    return f"{_mapping(problem.mend, slug)}?{urlencode({'only': problem.key})}#rows"


def address_of_cause(cause: Cause, slug: str) -> str:
    """The one page that mends all problems of a cause: a row, or the rows that need a name; "" for several pages."""
    addresses = {address_of(problem, slug) for problem in cause.problems}
    if len(addresses) == 1:
        return addresses.pop()
    mends = {problem.mend for problem in cause.problems}
    if len(mends) > 1 or Mend.INVOICE in mends:
        return ""
    (mend,) = mends
    if mend == Mend.SETTING:
        return reverse("accounting_settings", args=[slug])
    return f"{_mapping(mend, slug)}?show=needed#rows"


def _mapping(mend: Mend, slug: str) -> str:
    return reverse("accounting_mapping", args=[slug, mend.value])
