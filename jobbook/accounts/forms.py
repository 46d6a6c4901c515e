"""Log-in, passwords and preferences: Django's own forms with our words."""

from typing import Any

from django import forms
from django.contrib.auth.forms import (
    AuthenticationForm,
    PasswordChangeForm,
    SetPasswordForm,
    UsernameField,
)
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest

from jobbook.accounts.models import PAGE_SIZES, User
from jobbook.common.drawing_field import DrawingField

LONGEST_PASSWORD = 128


class LogInForm(AuthenticationForm):
    """E-mail and password. The same answer for a wrong password, an unknown and a closed log-in."""

    username = UsernameField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    error_messages = {
        "invalid_login": "E-mail and password do not belong together.",
        "inactive": "E-mail and password do not belong together.",
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "E-mail"  # Django takes the model field's name

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip()


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """A new password, twice."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        _words(self)


class ChangePasswordForm(PasswordChangeForm):
    """The old password, then a new one, twice."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["old_password"].label = "Present password"
        _words(self)


def _words(form: forms.Form) -> None:
    form.fields["new_password1"].label = "New password"
    form.fields["new_password1"].help_text = "At least 12 characters. A few words that do not belong together are good."
    form.fields["new_password2"].label = "New password again"
    form.fields["new_password2"].help_text = ""
    for name in ("new_password1", "new_password2"):
        field = form.fields[name]
        assert isinstance(field, forms.CharField)
        field.max_length = LONGEST_PASSWORD
        field.validators.append(MaxLengthValidator(LONGEST_PASSWORD))


class SignatureForm(forms.Form):
    """The user's own signature, drawn once. Empty: none is kept."""

    signature = DrawingField(required=False)


class PreferencesForm(forms.Form):
    """Any of the three may be sent alone; what is not sent stays as it is."""

    theme = forms.ChoiceField(choices=[("", "As the system"), ("light", "Light"), ("dark", "Dark")], required=False)
    shortcuts = forms.ChoiceField(label="Single-key shortcuts", choices=[("on", "On"), ("off", "Off")], required=False)
    page_size = forms.TypedChoiceField(
        label="Rows per page", choices=[(size, str(size)) for size in PAGE_SIZES], coerce=int, required=False
    )

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of the user to update, only those that were sent."""
        sent = {name: self.cleaned_data[name] for name in self.fields if name in self.data}
        if "shortcuts" in sent:
            sent["shortcuts"] = sent["shortcuts"] == "on"
        if not sent.get("page_size", True):
            del sent["page_size"]
        return sent
