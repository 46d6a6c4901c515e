"""The form of a user."""

from django import forms

from jobbook.accounts.models import User
from jobbook.common.forms import RecordForm


class UserForm(RecordForm):
    active_field = "is_active"

    class Meta:
        model = User
        fields = ("name", "email", "role", "is_active")
        labels = {"email": "E-mail", "is_active": "Active"}
        help_texts = {
            "email": "It is the name to log in with.",
            "role": "What each may do stands on the page Help.",
            "is_active": "Whoever is not active cannot log in, and is out with the next click.",
        }

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        taken = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).first()
        if taken:
            raise forms.ValidationError(f"{taken.name} has this e-mail.")
        return email
