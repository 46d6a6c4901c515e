"""Log-in, log-out, passwords, profile and preferences."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from jobbook.accounts.forms import (
    ChangePasswordForm,
    LogInForm,
    NewPasswordForm,
    PreferencesForm,
    SignatureForm,
)
from jobbook.accounts.links import is_valid, person_of
from jobbook.accounts.models import User
from jobbook.accounts.transitions import keep_signature, set_password
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of, safe_next

_TOKEN = "password_link"  # the key in the session that holds a link's token
_HELD = "set"  # stands in the address in place of the token


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Log in by e-mail and password, then go to `next` when it is of this site."""
    if request.headers.get("HX-Request"):
        return _whole_page(request)
    target = safe_next(request, "dashboard")
    if request.user.is_authenticated and request.method != "POST":
        return redirect(target)
    form = LogInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(target)
    status = 422 if form.errors else 200
    return render(request, "accounts/login.html", {"form": form, "next": target}, status=status)


def _whole_page(request: HttpRequest) -> HttpResponse:
    """A part was asked for after the session ended: the browser loads the log-in page, then returns."""
    page = HtmxDetails(request).current_url_abs_path or reverse("dashboard")
    return HttpResponseClientRedirect(f"{reverse('login')}?{urlencode({'next': page})}")


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session and empty what the browser kept."""
    logout(request)
    response = redirect("login")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """A new password. This session stays, all others of the user end."""
    user = _user(request)
    form = ChangePasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_password(
            user, form.cleaned_data["new_password1"], by=user, action="user.change_password", origin=origin_of(request)
        )
        update_session_auth_hash(request, user)
        messages.success(request, "Password changed. Everywhere else you are logged out.")
        return redirect("profile")
    return render(request, "accounts/password_change.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """The page of a single-use link. The token moves into the session first, so no referrer or history shows it."""
    person = person_of(uid)
    if token != _HELD:
        if not is_valid(person, token):
            return _dead_link(request)
        request.session[_TOKEN] = token
        return redirect("link", uid, _HELD)
    held = request.session.get(_TOKEN, "")
    if person is None or not is_valid(person, held):
        return _dead_link(request)
    form = NewPasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_password(person, form.cleaned_data["new_password1"], token=held, by=person, origin=origin_of(request))
        except Refused:
            return _dead_link(request)
        del request.session[_TOKEN]
        messages.success(request, "The password is set. Log in with it.")
        return redirect("login")
    context = {"form": form, "person": person}
    return render(request, "accounts/link.html", context, status=422 if form.errors else 200)


def _dead_link(request: HttpRequest) -> HttpResponse:
    """What a link shows once it was used, also by somebody quicker by a moment."""
    return render(request, "accounts/link.html", {"form": None}, status=410)


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    return _profile_page(request)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Save theme, shortcuts or page size: those that are sent. Back to `next`."""
    user = _user(request)
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _profile_page(request, form)
    if form.changes:
        User.objects.filter(pk=user.pk).update(**form.changes)
    return redirect(safe_next(request, "profile"))


@require_POST
def signature(request: HttpRequest) -> HttpResponse:
    """Keep the signature the user drew, for Add My Signature; none when the box was cleared."""
    user = _user(request)
    form = SignatureForm(request.POST)
    if not form.is_valid():
        return _profile_page(request, signature_form=form)
    drawn = form.cleaned_data["signature"]
    keep_signature(user.pk, drawn, by=user, origin=origin_of(request))
    messages.success(request, "Your signature is kept." if drawn else "No signature is kept.")
    return redirect("profile")


def _profile_page(
    request: HttpRequest, form: PreferencesForm | None = None, signature_form: SignatureForm | None = None
) -> HttpResponse:
    """The profile; with a form that was refused its errors."""
    user = _user(request)
    refused = form is not None or signature_form is not None
    context = {
        "form": form or _preferences_form(user),
        "signature_form": signature_form or SignatureForm(initial={"signature": user.signature}),
    }
    return render(request, "accounts/profile.html", context, status=422 if refused else 200)


def _preferences_form(user: User) -> PreferencesForm:
    shortcuts = "on" if user.shortcuts else "off"
    return PreferencesForm(initial={"theme": user.theme, "shortcuts": shortcuts, "page_size": user.page_size})


def _user(request: HttpRequest) -> User:
    """The person logged in: behind LoginRequiredMiddleware it is never anonymous."""
    return cast(User, request.user)
