"""Confirming a run: accounting's count and total beside those of the file. A difference is named, then explained."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backlog.run_line import RunLine
from backlog.run_pages import visible_run
from exports.confirm import confirm_run, differences, may_be_confirmed
from exports.models import ExportRun
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.amounts import read_amount
from jobbook.common.errors import Refusal, Refused
from jobbook.common.forms import PlainTexts
from jobbook.common.http import origin_of
from jobbook.common.views import conflict


class AmountField(forms.CharField):
    """An amount as accounting shows it."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if text and read_amount(text) is None:
            raise forms.ValidationError("Digits and a point, as in 1,250.50.")
        return read_amount(text) if text else None


class ConfirmForm(PlainTexts, forms.Form):
    """Accounting's figures. named: those whose difference was shown, so that the note is about them. seen: the audit
    entry of the confirmation on the page.
    """

    count = forms.IntegerField(
        label="Documents that accounting shows",
        min_value=0,
        max_value=10**6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    total = AmountField(
        label="Total that accounting shows",
        help_text="Credit notes count as less than zero.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    note = forms.CharField(label="Why it differs", max_length=500, required=False)
    named = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def look(self, run: ExportRun) -> list[Refusal]:
        """How the figures differ from the file's. Those not explained yet become errors of the form."""
        figures = f"{self.cleaned_data['count']} {self.cleaned_data['total']}"
        wrong = differences(run, count=self.cleaned_data["count"], total=self.cleaned_data["total"])
        is_named = self.cleaned_data["named"] == figures
        if wrong and not (is_named and self.cleaned_data["note"]):
            self.add_error("note" if is_named else None, "Say why it differs." if is_named else "The figures differ.")
        self.put_back({"named": figures})
        return wrong


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CONFIRM_RUNS)
def run_confirm(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask for accounting's figures (GET) and keep them (POST): 422 while they differ unexplained."""
    run = visible_run(request, pk)
    if not may_be_confirmed(run):
        return conflict(request, f"Run {run.number} has no file that accounting could have imported.")
    if request.method != "POST":
        return _page(request, run, ConfirmForm(initial={"seen": _entry(run)}))
    form = ConfirmForm(request.POST)
    wrong = form.look(run) if form.is_valid() else []
    if not form.is_valid():
        return _page(request, run, form, status=422, wrong=wrong)
    values = {name: form.cleaned_data[name] for name in ("count", "total", "note", "seen")}
    try:
        confirm_run(run.pk, **values, by=user_of(request), origin=origin_of(request))
    except Refused as refused:
        form.put_back({"seen": str(_entry(run))})
        return _page(request, run, form, status=409, wrong=wrong, refused=refused)
    messages.success(request, f"Run {run.number} is confirmed.")
    return redirect("run_page", run.pk)


def _entry(run: ExportRun) -> int:
    """The audit entry of the confirmation there is now, 0 without one."""
    fresh = ExportRun.objects.with_import().get(pk=run.pk)
    return fresh.confirmation.entry_number if hasattr(fresh, "confirmation") else 0


def _page(
    request: HttpRequest, run: ExportRun, form: ConfirmForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    shown = ExportRun.objects.with_import().get(pk=run.pk)
    context = {"run": shown, "line": RunLine(shown, user_of(request)), "form": form, **context}
    return render(request, "exports/confirm.html", context, status=status)
