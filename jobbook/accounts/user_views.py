"""Users: the list, a new one, one to change, and single-use links, which are shown once and never sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobbook.accounts.http import user_of
from jobbook.accounts.links import make_link
from jobbook.accounts.models import User
from jobbook.accounts.roles import Permission, requires
from jobbook.accounts.transitions import change_user, create_user, note_link
from jobbook.accounts.user_forms import UserForm
from jobbook.common.audit import Actor, Origin
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.common.record_pages import Attempt, Column, RecordPages, form_context, form_of, list_page
from jobbook.common.views import conflict

USERS = RecordPages(
    slug="user",
    model=User,
    title="Users",
    about="Who logs in, and as what. Job Book sends no mail: you pass each invitation on.",
    form=UserForm,
    heading=Column("User", "name"),
    columns=(Column("E-mail", "email", "lo"), Column("Role", "role")),
    searched=("name", "email"),
    words={
        "user.link": "Link to set a password made",
        "user.set_password": "Password set by a link",
        "user.change_password": "Password changed",
    },
)


class UserAttempt(Attempt):
    def run(self, by: Actor, origin: Origin) -> User:
        values: dict[str, Any] = self.form.values()
        if self.form.is_new:
            return create_user(**values, by=by, origin=origin)
        version = self.form.cleaned_data["version"]
        return change_user(self.form.instance.pk, values, version=version, by=by, origin=origin)


@require_safe
@requires(Permission.ADMINISTER)
def user_list(request: HttpRequest) -> HttpResponse:
    return list_page(request, USERS)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def user_new(request: HttpRequest) -> HttpResponse:
    """A new user; then the invitation, in the answer itself: no redirect, so it is in no address and no session."""
    sheet = UserAttempt(form_of(request, UserForm, User()))
    context = form_context(USERS, sheet)
    saved = sheet.save(user_of(request), origin_of(request)) if sheet.form.is_bound else None
    return _link_page(request, saved) if saved else _form_page(request, sheet, context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ADMINISTER)
def user_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, e-mail, role, and whether the user may log in."""
    sheet = UserAttempt(form_of(request, UserForm, get_object_or_404(User, pk=pk)))
    context = form_context(USERS, sheet)
    saved = sheet.save(user_of(request), origin_of(request)) if sheet.form.is_bound else None
    if saved is None:
        return _form_page(request, sheet, context)
    messages.success(request, f"User {saved} is saved.")
    return redirect("user_list")


def _form_page(request: HttpRequest, sheet: Attempt, context: dict[str, Any]) -> HttpResponse:
    person = None if sheet.form.is_new else User.objects.get(pk=sheet.form.instance.pk)
    return render(request, "accounts/user_form.html", {**context, "person": person}, status=sheet.status)


@require_POST
@requires(Permission.ADMINISTER)
def user_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link: an invitation, or for a password that was forgotten."""
    person = get_object_or_404(User, pk=pk)
    try:
        note_link(person, by=user_of(request), origin=origin_of(request))
    except Refused as refused:
        back = reverse("user_edit", args=[pk])
        return conflict(request, refused.message, refusals=refused.refusals, back=back)
    return _link_page(request, person)


def _link_page(request: HttpRequest, person: User) -> HttpResponse:
    return render(request, "accounts/user_link.html", {"person": person, "link": make_link(person)})
