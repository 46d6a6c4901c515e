"""The import page: a ZIP is looked at first, then imported by a button."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from jobbook.accounts.http import user_of
from jobbook.accounts.links import make_link
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.common.http import origin_of
from jobbook.transfer.importing import Count, ImportResult, run_import
from jobbook.transfer.layout import FILES
from jobbook.transfer.upload import MOST_BYTES, MOST_UNPACKED, BadUploadError, files_of, keep, take

SHOWN_PROBLEMS = 200


class UploadForm(forms.Form):
    file = forms.FileField(
        label="ZIP of the import folder",
        help_text=f"At most {MOST_UNPACKED // 10**6} MB, unpacked. More is imported on the server, by import_data.",
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip", "data-most": MOST_BYTES}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def import_page(request: HttpRequest) -> HttpResponse:
    """Show the form (GET); look at an upload, writing nothing; or import the one that was looked at (`sha256`)."""
    if request.method != "POST":
        return _page(request, UploadForm())
    return _import(request) if "sha256" in request.POST else _look(request)


def _look(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        data = _bytes(form.cleaned_data["file"])
        result = run_import(files_of(data), by=user_of(request), dry_run=True)
    except BadUploadError as error:
        form.add_error("file", str(error))
        return _page(request, form, status=422)
    if result.problems:
        return _page(request, form, status=422, **_problems(result))
    sha256 = keep(user_of(request), data)
    return _page(request, UploadForm(), counts=_rows(result.counts), new_users=result.new_users, sha256=sha256)


def _bytes(upload: Any) -> bytes:
    if upload.size > MOST_BYTES:
        raise BadUploadError(f"The file has {upload.size:,} bytes; at most {MOST_BYTES:,} can be uploaded.")
    return bytes(upload.read())


def _import(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    try:
        files = files_of(take(user, request.POST["sha256"]))
    except BadUploadError as error:
        return _page(request, UploadForm(), status=409, gone=str(error))
    result = run_import(files, by=user, origin=origin_of(request))
    if result.problems:  # the firm has changed since the dry run
        return _page(request, UploadForm(), status=409, **_problems(result))
    links = [(each, make_link(each)) for each in result.new_users if each.is_active]
    context = {"counts": _rows(result.counts), "links": links, "batch_number": result.batch_number}
    return render(request, "transfer/imported.html", context)


def _problems(result: ImportResult) -> dict[str, Any]:
    return {"problems": result.problems[:SHOWN_PROBLEMS], "problem_count": len(result.problems)}


def _rows(counts: Mapping[str, Count]) -> list[tuple[str, Count]]:
    return list(counts.items())


def _page(request: HttpRequest, form: UploadForm, *, status: int = 200, **context: Any) -> HttpResponse:
    names = [spec.name for spec in FILES]
    new_users: list[User] = context.pop("new_users", [])
    invited = [each for each in new_users if each.is_active]
    context = {"form": form, "names": names, "status": status, "invited": invited, **context}
    return render(request, "transfer/import.html", context, status=status)
