"""The form of the company."""

import functools
import re
import zoneinfo
from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Model

from jobbook.common.forms import RecordForm
from jobbook.common.money import has_two_decimals
from jobbook.jobs.company import SERIES, UNSAVED, has_invoices, next_numbers, version_of
from jobbook.jobs.forms.setup import ADDRESS, ADDRESS_LABELS
from jobbook.jobs.models import Company
from jobbook.jobs.uploads import MOST_BYTES

_LONGEST_NUMBER = 10**15
_FIELDS = (
    *("name", "tax_number", *ADDRESS, "phone", "email", "currency", "time_zone", "books_closed_through"),
    *("invoice_prefix", "credit_prefix", "paper", "printed_terms", "author_may_approve"),
)
_SECTIONS = (
    ("Name and address", ("name", "tax_number", *ADDRESS, "phone", "email", "picture", "remove_logo")),
    ("Money and time", ("currency", "time_zone", "books_closed_through")),
    (
        "Invoices",
        ("invoice_prefix", "next_invoice_number", "credit_prefix", "next_credit_number", "paper", "printed_terms"),
    ),
    ("Approval", ("author_may_approve",)),
)


@functools.cache
def time_zones() -> list[tuple[str, str]]:
    """All that can be shown; reading them walks through a folder."""
    return [(name, name) for name in sorted(zoneinfo.available_timezones())]


class NextNumberField(forms.IntegerField):
    """The number in digits that the next document gets. The form sends the one it showed too: it may move meanwhile."""

    def __init__(self, label: str) -> None:
        hint = "A number in use is stepped over."
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label=label, min_value=1, max_value=_LONGEST_NUMBER, help_text=hint, widget=widget)
        self.show_hidden_initial = True


class CompanyForm(RecordForm):
    version = forms.IntegerField(min_value=UNSAVED, widget=forms.HiddenInput)
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    time_zone = forms.ChoiceField(label="Time zone", choices=time_zones)
    next_invoice_number = NextNumberField("Next invoice number")
    next_credit_number = NextNumberField("Next credit note number")
    picture = forms.FileField(
        label="Logo",
        required=False,
        help_text="A PNG or JPEG. It is printed on invoices, at most 600 pixels wide or high.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg", "data-most": MOST_BYTES}),
    )
    remove_logo = forms.BooleanField(label="Remove the logo", required=False)

    class Meta:
        model = Company
        fields = _FIELDS
        labels = {
            **ADDRESS_LABELS,
            "tax_number": "Tax number",
            "invoice_prefix": "Prefix of invoices",
            "credit_prefix": "Prefix of credit notes",
            "printed_terms": "Terms and conditions",
            "books_closed_through": "Books closed through",
            "author_may_approve": "Who wrote a DWR or an expense may approve it",
        }
        help_texts = {
            "currency": "Three letters, for example CAD.",
            "books_closed_through": "Invoices dated up to this day can't be made, changed or deleted.",
            "printed_terms": "Printed at the foot of invoices.",
            "author_may_approve": "For small firms, where nobody else could.",
        }
        widgets = {
            "books_closed_through": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "printed_terms": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = self.base_fields["version"]
        self.initial = {**self.initial, "version": version_of(self.instance), **next_numbers()}
        if not self.instance.logo_id:
            del self.fields["remove_logo"]
        if has_invoices():
            self.fields["currency"].disabled = True
            self.fields["currency"].help_text = "It stays: there are invoices in it."

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"])
        if not re.fullmatch("[A-Z]{3}", currency):
            raise forms.ValidationError("Three capital letters, for example CAD.")
        if not has_two_decimals(currency):
            raise forms.ValidationError(f"{currency} does not have two decimals.")
        return currency

    @property
    def sections(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for title, names in _SECTIONS:
            yield title, [self[name] for name in names if name in self.fields]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in _FIELDS}

    def numbers(self) -> dict[str, int]:
        """The next numbers that the user changed. The others may have moved since, and stay where they are."""
        return {name: self.cleaned_data[name] for name in SERIES if name in self.changed_data}

    def seen(self) -> dict[str, int]:
        """The next numbers as the form showed them."""
        sent = {name: str(self.data.get(self[name].html_initial_name, "")) for name in SERIES}
        return {name: int(number) for name, number in sent.items() if number.isdecimal() and len(number) < 19}

    def take_version(self, version: int) -> None:
        super().take_version(version)
        changed, present = self.numbers(), next_numbers()
        self.put_back({self[name].html_initial_name: str(number) for name, number in present.items()})
        self.put_back({name: str(number) for name, number in present.items() if name not in changed})

    @classmethod
    def labels(cls) -> dict[str, str]:
        return {**super().labels(), "logo": "Logo"}

    def differing(self, stored: Model) -> Iterator[tuple[str, str, str]]:
        yield from super().differing(stored)
        present = next_numbers()
        for name, number in self.numbers().items():
            if number != present[name]:
                yield str(self.fields[name].label), str(present[name]), str(number)
        if self.cleaned_data["picture"]:
            yield "Logo", "", "the picture you chose: choose it again"
