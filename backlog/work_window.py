"""What the windows of the backlogs of work share."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jobbook.common.errors import Refused

_NUMBER = re.compile(r"[0-9]{1,9}")


def batch_number(request: HttpRequest) -> int:
    """The number of the batch that a form names; 0, which no batch has, for anything else."""
    number = request.POST.get("batch", "")
    return int(number) if number.isascii() and _NUMBER.fullmatch(number) else 0


def refused_window(request: HttpRequest, heading: str, error: Refused) -> HttpResponse:
    """409: the window says what stands in the way; nothing was changed."""
    response = render(request, "backlog/_refused_work.html", {"heading": heading, "refused": error}, status=409)
    response["HX-Retarget"], response["HX-Reswap"] = "#window", "innerHTML"
    return response
