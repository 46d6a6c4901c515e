"""Accounting references of a run's invoices: typed, pasted as a column, or found in accounting's own list.

A list is looked at first and writes nothing; what it would enter is posted back as it was shown.
"""

import json
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backlog.run_line import RunLine
from backlog.run_pages import PAGE, visible_run
from exports.accounting_list import BadList, Columns, Row, decode, guess, heading, key_of, rows_of
from exports.confirm import may_be_confirmed
from exports.models import ExportRun
from exports.reconcile import Found, Reconciliation, Result, reconcile, sent_of
from invoices.references import ReferenceChange, clean_reference, set_references
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import origin_of
from jobbook.common.views import conflict

SHOWN = 200  # invoices of one kind named one by one
_KINDS = (  # in the order shown: class, icon, word
    (Found.DIFFERENT, "bad", "alert", "Different"),
    (Found.TWICE, "bad", "alert", "Twice"),
    (Found.UNUSABLE, "bad", "alert", "Not usable"),
    (Found.MISSING, "warn", "info", "Missing"),
    (Found.MATCHED, "ok", "check", "Matched"),
)


class ListForm(forms.Form):
    """Accounting's list: pasted or uploaded. The columns are guessed the first time, then chosen."""

    text = forms.CharField(
        label="Paste accounting’s list",
        required=False,
        strip=False,
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text="A column of references in the order of the run, or columns with the invoice number, the reference"
        " and, better, the amount.",
    )
    file = forms.FileField(
        label="Or upload it",
        required=False,
        help_text="CSV or TXT, at most 1 MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )

    def clean(self) -> dict[str, Any]:
        """`rows` of the list, from the file if there is one."""
        data: dict[str, Any] = super().clean() or {}
        upload = data.get("file")
        try:
            if upload:
                data["text"] = decode(upload.read())
            if not (data.get("text") or "").strip():
                raise BadList("Paste the list, or choose a file.")
            data["rows"] = rows_of(data["text"])
        except BadList as error:
            self.add_error("file" if upload else "text", str(error))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SET_REFERENCE)
def run_references(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The page (GET); look at a list, enter what was shown, or enter what was typed (POST `act`)."""
    run = visible_run(request, pk)
    if not may_be_confirmed(run):
        return conflict(request, f"Run {run.number} has no file that accounting could have imported.")
    act = request.POST.get("act", "")
    if act == "look":
        return _look(request, run)
    if act in {"enter", "type"}:
        return _enter(request, run, act)
    return _page(request, run)


def _look(request: HttpRequest, run: ExportRun, *, refused: Refused | None = None) -> HttpResponse:
    """What the list says of each invoice; nothing is written. refused: what was shown before could not be entered."""
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, run, form=form, refused=refused, status=409 if refused else 422)
    rows, sent = form.cleaned_data["rows"], sent_of(run)
    totals = {key_of(each.number): each.total for each in sent}
    try:
        columns = _chosen(request, rows) or guess(rows, totals)
        found = reconcile(sent, rows, columns)
    except BadList as error:
        form.add_error("file" if form.cleaned_data["file"] else "text", str(error))
        return _page(request, run, form=form, refused=refused, status=409 if refused else 422)
    labels = heading(rows, columns.number, totals)
    context = {"text": form.cleaned_data["text"], "choices": list(_choices(rows, labels, columns)), **_shown(found)}
    context |= {"run": run, "refused": refused}
    return render(request, "exports/reconciled.html", context, status=409 if refused else 200)


def _chosen(request: HttpRequest, rows: list[Row]) -> Columns | None:
    """The columns chosen on the page of a look; None on the first look."""
    if "number" not in request.POST:
        return None
    width = len(rows[0].cells) if rows else 0
    picked = [request.POST.get(name, "") for name in ("number", "amount", "reference")]
    return Columns(*(int(each) if each.isdecimal() and int(each) < width else None for each in picked))


def _choices(rows: list[Row], labels: tuple[str, ...], columns: Columns) -> Any:
    """For each of number, amount and reference: name, label, and its options as (value, words, chosen)."""
    if len(labels) < 2:
        return
    words = [label or f"Column {at}, “{rows[-1].cells[at - 1][:20]}”" for at, label in enumerate(labels, start=1)]
    for name, label in (("number", "Invoice number"), ("amount", "Amount"), ("reference", "Reference")):
        chosen = getattr(columns, name)
        none = [] if name == "number" else [("", "none", chosen is None)]
        yield name, label, [*none, *((at, word, at == chosen) for at, word in enumerate(words))]


def _shown(found: Reconciliation) -> dict[str, Any]:
    """The results by kind, those that need a look first, and what the button would enter."""
    groups = []
    for kind, css, icon, word in _KINDS:
        results: list[Result] = [each for each in found.results if each.found == kind]
        if results:
            groups.append((css, icon, word, len(results), results[:SHOWN], len(results) - SHOWN))
    changes = [[each.invoice_id, each.before, each.after] for each in found.changes]
    return {
        "groups": groups,
        "others": found.others[:SHOWN],
        "other_count": len(found.others),
        "change_count": len(changes),
        "posted": json.dumps(changes),
    }


def _shown_changes(request: HttpRequest) -> list[ReferenceChange] | None:
    """What the page of a look showed; None when it is not that."""
    try:
        posted = json.loads(request.POST.get("changes", ""))
        changes = [ReferenceChange(int(pk), str(before), str(after)) for pk, before, after in posted]
    except (ValueError, TypeError, OverflowError):
        return None
    return changes


def _typed_changes(request: HttpRequest) -> list[ReferenceChange]:
    """The fields of the table that were changed: reference-ID beside seen-ID."""
    changes = []
    for name, seen in request.POST.items():
        key = name.removeprefix("seen-")
        if key != name and key.isdecimal():
            typed = clean_reference(str(request.POST.get(f"reference-{key}", seen)))
            if typed != seen:
                changes.append(ReferenceChange(int(key), str(seen), typed))
    return changes


def _enter(request: HttpRequest, run: ExportRun, act: str) -> HttpResponse:
    """Enter references of this run's invoices in one step, or none; what was typed or pasted is kept."""
    changes = _shown_changes(request) if act == "enter" else _typed_changes(request)
    ids = set(run.items.values_list("invoice_id", flat=True))
    if changes is None or {change.invoice_id for change in changes} - ids:
        return conflict(request, "These are not references of this run’s invoices. Open its page again.")
    try:
        count = set_references(changes, by=user_of(request), origin=origin_of(request))
    except Refused as refused:
        if act == "enter":
            return _look(request, run, refused=refused)
        typed = {change.invoice_id: change.after for change in changes}
        return _page(request, run, refused=refused, typed=typed, status=409)
    noun = "accounting reference is" if count == 1 else "accounting references are"
    messages.success(request, f"{count:,} {noun} entered." if count else "No reference was changed.")
    return redirect("run_page", run.pk)


def _page(
    request: HttpRequest,
    run: ExportRun,
    *,
    form: ListForm | None = None,
    refused: Refused | None = None,
    typed: dict[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = Paginator(sent_of(run), PAGE).get_page(request.GET.get("page"))
    context = {
        "run": run,
        "line": RunLine(run, user_of(request)),
        "form": form or ListForm(),
        "refused": refused,
        "page": page,
        "rows": [(each, (typed or {}).get(each.id, each.reference)) for each in page],
    }
    return render(request, "exports/references.html", context, status=status)
