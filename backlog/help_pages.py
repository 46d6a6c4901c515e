"""Help: the page of the whole, and for each file format what to know before its first import, with a test file."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from exports import profiles
from exports.formats import FORMATS, UnknownFormat, get_format
from exports.formats.base import Format
from exports.formats.profile import Profile, Setting
from exports.sample import sample_of
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires

GRADES = (
    ("A", "The maker of the package says so, or a file that the package itself wrote shows it."),
    ("A-", "The package's own list of fields, or a detailed guide by somebody else."),
    ("B", "Two or more sources agree that do not depend on each other."),
    ("C", "One source, or our conclusion from others."),
    ("D", "Not settled. We chose what seems safest; try it before you rely on it."),
)


@dataclass(frozen=True)
class Chosen:
    """A setting as the firm has it now."""

    label: str
    value: str


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """For everybody; the formats for those who see what exports made."""
    formats = FORMATS if user_of(request).can(Permission.SEE_RUNS) else ()
    return render(request, "help.html", {"formats": formats})


@require_safe
@requires(Permission.SEE_RUNS)
def format_help(request: HttpRequest, slug: str) -> HttpResponse:
    """What is in the file, what must be there before, how to import and compare, what is known and how surely."""
    format_ = _format(slug)
    profile = profiles.current(format_.slug)
    context = {
        "format": format_,
        "sample": sample_of(format_) if format_.marks_exported else None,
        "chosen": [Chosen(each.label, _label(each, profile)) for each in format_.settings],
        "grades": GRADES,
    }
    return render(request, f"help/formats/{format_.slug}.html", context)


@require_safe
@requires(Permission.DOWNLOAD)
def format_test_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The test file as an attachment; the page with the reasons when neither document can be in it."""
    format_ = _format(slug)
    if not format_.marks_exported:
        raise Http404
    sample = sample_of(format_)
    if not sample.sent:
        return redirect(f"{reverse('format_help', args=[slug])}#test-file")
    response = HttpResponse(sample.written(), content_type=format_.file_type(sample.profile)[1])
    response["Content-Disposition"] = f'attachment; filename="{sample.file_name}"'
    return response


def _format(slug: str) -> Format:
    try:
        return get_format(slug)
    except UnknownFormat as error:
        raise Http404 from error


def _label(setting: Setting, profile: Profile) -> str:
    """The chosen value in words; "" when nothing is set."""
    value = profile[setting.name]
    return dict(setting.choices).get(value, value)
