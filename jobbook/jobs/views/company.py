"""The page of the company, and its logo."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.audit import Actor, Origin
from jobbook.common.errors import Refusal, Refused
from jobbook.common.history import history
from jobbook.common.http import origin_of
from jobbook.common.record_pages import Attempt, form_of
from jobbook.jobs.company import keep_company
from jobbook.jobs.forms.company import CompanyForm
from jobbook.jobs.models import Company
from jobbook.jobs.uploads import LOGO, BadUpload, check_size, keep_picture, path_of

_WORDS = {"company.change": "Changed", "data.import": "Imported"}


class CompanyAttempt(Attempt):
    """The company with its next numbers and its logo."""

    form: CompanyForm

    def run(self, by: Actor, origin: Origin) -> Company:
        values = {**self.form.values(), **self._logo()}
        numbers, seen = self.form.numbers(), self.form.seen()
        version = self.form.cleaned_data["version"]
        return keep_company(values, numbers, seen=seen, version=version, by=by, origin=origin)

    def _logo(self) -> dict[str, Any]:
        """The logo as a value of the company, when it changes. The picture is decoded before any lock is taken."""
        upload = self.form.cleaned_data["picture"]
        if not upload:
            return {"logo": None} if self.form.cleaned_data.get("remove_logo") else {}
        try:
            check_size(upload.size)
            return {"logo": keep_picture(upload.read(), LOGO)}
        except BadUpload as error:
            raise Refused("The company was not changed.", [Refusal("picture", str(error))]) from error


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def company(request: HttpRequest) -> HttpResponse:
    """Everything that is kept of the firm itself."""
    record = Company.current()
    sheet = CompanyAttempt(form_of(request, CompanyForm, record))
    if sheet.form.is_bound and sheet.save(user_of(request), origin_of(request)):
        messages.success(request, "Company saved.")
        return redirect("company")
    context = {
        "sheet": sheet,
        "form": sheet.form,
        "logo": Company.current().logo,
        "url": reverse("company"),
        "history": list(history("company", 1, words=_WORDS, labels=CompanyForm.labels())),
    }
    return render(request, "setup/company.html", context, status=sheet.status)


@require_safe
@requires(Permission.ADMINISTER)
def company_logo(request: HttpRequest) -> HttpResponse:
    """The logo as it is printed: a JPEG we wrote ourselves."""
    logo = Company.current().logo
    if logo is None:
        raise Http404
    try:
        data = path_of(logo).read_bytes()
    except OSError as error:
        raise Http404 from error
    return HttpResponse(data, content_type="image/jpeg", headers={"X-Content-Type-Options": "nosniff"})
