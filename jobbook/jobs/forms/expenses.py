"""The form an expense is entered with, and what it makes of an upload."""

import re
import uuid
from datetime import date as day
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from jobbook.accounts.models import User
from jobbook.common.forms import come
from jobbook.jobs.forms.fields import TextField
from jobbook.jobs.forms.jobs import ActiveJobField, active_jobs, employee_names, name_of
from jobbook.jobs.models import Expense, ExpenseState, Job, StoredFile
from jobbook.jobs.transitions.expenses import Entered
from jobbook.jobs.uploads import MOST_BYTES, RECEIPT, BadUpload, check_size, keep_picture_or_pdf

USUAL_ITEMS = ("Fuel", "Meals", "Accommodation", "Parking", "Materials", "Small tools", "Freight", "Permit")
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?", re.ASCII)
_ISO = "%Y-%m-%d"
_SALT = "expense receipt"
_TEXT_IN_LISTS = 5  # items of the user's own that are suggested


class AmountField(forms.CharField):
    """An amount above zero, at most 999,999,999.99: figures, a point, two decimals at most."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        if not _AMOUNT.fullmatch(text):
            raise forms.ValidationError("Write it as 1234.50: figures and a point, at most two decimals.")
        amount = Decimal(text).quantize(Decimal("1.00"))
        if not amount:
            raise forms.ValidationError("It must be above zero.")
        return amount


class ExpenseForm(forms.Form):
    """A new expense, or one that is changed."""

    date = forms.DateField(
        input_formats=["%Y-%m-%d"], widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    job = ActiveJobField(queryset=Job.objects.none(), empty_label="Choose a job")
    employee = forms.ChoiceField(label="Paid by")
    amount = AmountField(help_text="Tax included, as on the receipt.")
    item = TextField(label="What it was", max_length=200, required=False)
    description = TextField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    receipt = forms.FileField(
        required=False,
        help_text="A photo or a PDF, 15 MB at most.",
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf", "data-most": MOST_BYTES}),
    )
    remove_receipt = forms.BooleanField(label="Without a receipt", required=False)
    submit = forms.BooleanField(label="Submit", required=False, initial=True)
    version = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)  # a receipt that came with a form sent before

    def __init__(self, *args: Any, user: User, expense: Expense | None, job: str = "", **kwargs: Any) -> None:
        self.user, self.expense = user, expense
        kwargs["initial"] = _present(expense) if expense else _new(user, job)
        super().__init__(*args, **kwargs)
        jobs, employee = self.fields["job"], self.fields["employee"]
        assert isinstance(jobs, forms.ModelChoiceField)
        assert isinstance(employee, forms.ChoiceField)
        jobs.queryset = active_jobs(expense.job_id if expense else None)
        names = employee_names(user, *([expense.employee] if expense else []))
        employee.choices = [(name, name) for name in names]
        self.fields["item"].widget.attrs["list"] = "expense-items"
        if self.receipt_kept is None:
            del self.fields["remove_receipt"]
        if expense and expense.state != ExpenseState.DRAFT:
            del self.fields["submit"]

    @property
    def receipt_kept(self) -> StoredFile | None:
        """What is kept so far: from a form sent before, else the expense's own."""
        return _unsigned(self.data.get("kept", ""), self.user) or (self.expense.receipt if self.expense else None)

    def clean_date(self) -> day:
        return come(self.cleaned_data["date"])

    def clean_receipt(self) -> StoredFile | None:
        """The upload as it is kept; it is kept at once, so that an error elsewhere does not lose the photo."""
        upload = self.cleaned_data["receipt"]
        if not isinstance(upload, UploadedFile):
            return self.receipt_kept
        try:
            check_size(upload.size or 0)
            file = keep_picture_or_pdf(upload.read(), RECEIPT)
        except BadUpload as error:
            raise forms.ValidationError(str(error)) from error
        self._show(kept=signing.dumps([self.user.pk, file.pk], salt=_SALT))
        return file

    def begin_anew(self) -> None:
        """Shown again, it is another form: saving it makes another expense."""
        self._show(key=str(uuid.uuid4()))

    def take_version(self, version: int) -> None:
        """Shown again beside what changed since, it has seen that: saving it writes over it."""
        self._show(version=str(version))

    def _show(self, **hidden: str) -> None:
        """What hidden fields hold when the form is shown again."""
        self.data = dict(self.data.items()) | hidden

    def entered(self) -> Entered:
        """What a valid form says."""
        found = self.cleaned_data
        names = ("job", "date", "employee", "amount", "item", "description")
        without = found.get("remove_receipt") and not self.files  # a file chosen now says more than the tick
        return Entered(**{name: found[name] for name in names}, receipt=None if without else found["receipt"])

    def items(self) -> list[str]:
        """Suggestions: what the user entered lately, then what is usual."""
        own = (
            Expense.objects.filter(created_by=self.user).exclude(item="").order_by("-pk").values_list("item", flat=True)
        )
        return list(dict.fromkeys([*own[:_TEXT_IN_LISTS], *USUAL_ITEMS]))


def _new(user: User, job: str) -> dict[str, Any]:
    return {"date": timezone.localdate(), "employee": name_of(user), "job": job, "submit": True, "key": uuid.uuid4()}


def _present(expense: Expense) -> dict[str, Any]:
    names = ("date", "job", "employee", "amount", "item", "description", "version")
    return {name: getattr(expense, name) for name in names} | {"submit": True, "key": uuid.uuid4()}


def _unsigned(token: str, user: User) -> StoredFile | None:
    """The file of a token that this user's form was given."""
    try:
        owner, pk = signing.loads(token, salt=_SALT, max_age=24 * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return StoredFile.objects.filter(pk=pk).first() if owner == user.pk else None
