"""Moves with invoices and credit notes before they are processed: made, changed, vouched for, credited, deleted."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from invoices import signing
from invoices.drafting import DraftLine, work_lines
from invoices.editing import delete_invoice, edit_invoice
from invoices.making import invoice_records, invoicing_intent, make_credit_note, make_invoice
from invoices.models import Invoice
from invoices.rows import lines_of, taxes_of, taxes_on, works_of
from jobbook.jobs.models import DailyWorkRecord, Item, Job
from tests.model.arithmetic import EQUIPMENT, FEE, FIXED, Line
from tests.model.compare import word_of
from tests.model.facts import Answer, Doc, Edit, Person
from tests.model.machine import Opened, some
from tests.model.work_moves import WorkMoves
from tests.model.world import day_of, exact

CODES = st.sampled_from([("GST", "PST"), ("GST",), ("QST",), ()])
CENTS = st.one_of(st.integers(1, 500_000), st.sampled_from([5, 10, 333, -1_000, 99_999]))
AMOUNTS = CENTS.map(lambda n: Fraction(n, 100))
QUANTITIES = st.sampled_from(["0.5", "3", "7.3333", "0.0001"]).map(Fraction)
ADDED = st.one_of(
    st.builds(lambda codes, amount: Line(FIXED, "", codes, amount=amount), CODES, AMOUNTS),
    st.builds(lambda codes, much, price: Line(EQUIPMENT, "", codes, much, price), CODES, QUANTITIES, AMOUNTS),
    st.builds(lambda codes, percent: Line(FEE, "FEE", codes, percent=percent), CODES, QUANTITIES),
)
HAND_DAYS = st.sampled_from(["2020-08-01", "2020-08-01", "2020-05-01"])
VOUCHING: dict[str, Any] = {
    "sign": lambda pk, **given: signing.sign(pk, signed_by="P. Lind", **given),
    "unsign": signing.take_signature_off,
    "client_approve": lambda pk, **given: signing.client_approve(pk, approved_on=day_of("2020-08-02"), **given),
    "client_unapprove": signing.take_client_approval_back,
    "release": lambda pk, **given: signing.release(pk, reason="Manager is away", **given),
    "take_release_back": signing.take_release_back,
}
OPEN, HANDED_OVER = ("pm", "ticket", "admin"), ("admin", "processed", "paid")
MOST = 7  # documents that are made by hand
BY_A_CLERK = ("release", "take_release_back")


class DocumentMoves(WorkMoves):
    @precondition(lambda self: self.any_piece("record", "approved"))
    @rule(data=st.data(), at_once=st.sampled_from([True, True, False]))
    def invoice_selected(self, data: st.DataObject, at_once: bool) -> None:
        pieces = self.book.pieces["record"].values()
        likely = [each.number for each in pieces if each.approved and not each.invoice and each.job.kind == "tm"]
        whole = data.draw(st.sampled_from([True, True, False]), label="all that can be")
        chosen = likely if whole else some(data, [each.number for each in pieces], "records")
        by = self.administrator(data)
        self.settle(self.invoicing_window(chosen, by), by, at_once=at_once)

    def invoicing_window(self, chosen: list[str], by: Person) -> Opened:
        rows = DailyWorkRecord.objects.filter(dwr_number__in=chosen)
        return self.book.invoicing(chosen, by=by), invoicing_intent(user=self.user(by), records=rows)

    def press_invoicing(self, opened: Any, by: Any) -> None:
        def act() -> Answer:
            done = invoice_records(intent.pk, by=self.user(by))
            words = {f"{each.code} {each.label}".strip() for each in done.refusals}
            return word_of(repeated=True) if done.repeated else Answer(True, tuple(sorted(words)))

        window, intent = opened
        self.do(self.book.invoice(window, by=by), act)

    @precondition(lambda self: len(self.book.docs) < MOST)
    @rule(data=st.data(), lines=st.lists(ADDED, min_size=1, max_size=3), day=st.one_of(st.none(), HAND_DAYS))
    def make_an_invoice(self, data: st.DataObject, lines: list[Line], day: str | None) -> None:
        job = data.draw(st.sampled_from(["26-4", "26-4", "26-4", "26-1", "26-2", "26-5"]), label="job")
        lines = data.draw(st.sampled_from([lines] * 7 + [[]]))
        edit = Edit(
            day=day, add=tuple(lines), expenses=self.some_expenses(data, job), records=self.some_records(data, job)
        )
        self.made(job, edit, self.administrator(data))

    def made(self, job: str, edit: Edit, by: Person) -> None:
        predicted = self.book.make(job, edit, by=by)
        row = self.world.rows[job]
        drafted = [*map(_draft_line, edit.add), *self._drawn_up(row, edit, taxes_of(row))]
        self.do(predicted, lambda: _none(make_invoice(row.pk, lines=drafted, by=self.user(by), **self._given(edit))))

    @precondition(lambda self: self.any_doc(*OPEN))
    @rule(data=st.data())
    def change_an_invoice(self, data: st.DataObject) -> None:
        number, doc = self.document(data, lambda doc: doc.is_open)
        version, by = self.version(data, doc), self.administrator(data)
        self.edited(number, self._edit(data, doc) if doc else Edit(), version, by)

    def edited(self, number: str, edit: Edit, version: int, by: Person) -> None:
        doc = self.book.docs.get(number)
        given = {"version": version, "by": self.user(by), **self._given(edit, doc)}
        given["lines"] = self._changed(doc, edit) if doc else []
        predicted = self.book.edit(number, edit, version=version, by=by)
        self.do(predicted, lambda: _none(edit_invoice(self.pk("invoice", number), **given)))

    def _edit(self, data: st.DataObject, doc: Doc) -> Edit:
        """One or two changes at a time, or none."""
        places = range(len(doc.sums.lines))
        kinds = ["memo", "day", "add", "expenses", "records"] + ["measure", "measure", "drop"] * bool(places)
        what = data.draw(st.lists(st.sampled_from(kinds), max_size=2, unique=True), label="changes")
        place = data.draw(st.sampled_from(places)) if places else 0
        sign = -1 if doc.credits else 1
        much = data.draw(st.sampled_from([Fraction("0.5"), Fraction("2.25"), Fraction("7.77")]))
        return Edit(
            memo=data.draw(st.sampled_from(["Thanks", ""])) if "memo" in what else None,
            day=data.draw(HAND_DAYS) if "day" in what else None,
            measure=(place, sign * much) if "measure" in what else None,
            drop=place if "drop" in what else None,
            add=tuple(data.draw(st.lists(ADDED, min_size=1, max_size=2))) if "add" in what else (),
            expenses=self.some_expenses(data, doc.job.number) if "expenses" in what else None,
            records=self.some_records(data, doc.job.number) if "records" in what and not doc.credits else (),
        )

    def some_expenses(self, data: st.DataObject, job: str) -> tuple[str, ...]:
        """Mostly none; mostly of this job and approved."""
        pieces = self.book.pieces["expense"].values()
        fit = [each.number for each in pieces if each.job.number == job and each.state == "approved"]
        rows = data.draw(st.sampled_from([[], fit, fit, [each.number for each in pieces]]), label="expenses of")
        return tuple(some(data, rows, "expenses"))

    def some_records(self, data: st.DataObject, job: str) -> tuple[str, ...]:
        pieces = self.book.pieces["record"].values()
        fit = [each.number for each in pieces if each.job.number == job and each.approved and not each.invoice]
        rows = data.draw(st.sampled_from([[], [], fit, [each.number for each in pieces]]), label="records of")
        return tuple(some(data, rows, "records"))

    def _given(self, edit: Edit, doc: Doc | None = None) -> dict[str, Any]:
        values: dict[str, Any] = {} if edit.memo is None else {"memo": edit.memo}
        if edit.day is not None:
            values |= {"invoice_date": day_of(edit.day), "due_date": day_of(edit.day)}
        own = self.book.expenses_of(doc.number) if doc else []
        ticked = own if edit.expenses is None else edit.expenses
        taken = [self.pk("dwr", number) for number in edit.records]
        versions = dict(DailyWorkRecord.objects.filter(pk__in=taken).values_list("pk", "version"))
        return {
            "values": values,
            "expenses": [self.pk("expense", number) for number in ticked],
            "records": {pk: versions.get(pk, 0) for pk in taken},
        }

    def _drawn_up(self, job: Job, edit: Edit, taxes: Any) -> list[DraftLine]:
        """The lines of DWRs that are taken by hand, as the form draws them up."""
        rows = DailyWorkRecord.objects.filter(pk__in=[self.pk("dwr", number) for number in edit.records])
        works = [work for each in works_of(rows).values() for work in each]
        return work_lines(works, line_item_type=job.line_item_type, taxes=taxes)

    def _changed(self, doc: Doc, edit: Edit) -> list[DraftLine]:
        invoice = Invoice.objects.select_related("job").get(number=doc.number)
        lines = lines_of(invoice)
        if edit.measure:
            place, much = edit.measure
            lines[place] = _measured(lines[place], much)
        if edit.drop is not None:
            del lines[edit.drop]
        return [*lines, *map(_draft_line, edit.add), *self._drawn_up(invoice.job, edit, taxes_on(invoice))]

    @precondition(lambda self: self.any_doc(*OPEN))
    @rule(data=st.data())
    def vouch(self, data: st.DataObject) -> None:
        """Signature, the client's approval, release; on, and off again."""
        number, doc = self.document(data, lambda doc: doc.is_open)
        act = data.draw(st.sampled_from(_likely(doc) * 4 + [*VOUCHING]), label="act")
        by = self.administrator(data) if act in BY_A_CLERK else self.manager(data, doc)
        self.vouched(act, number, self.version(data, doc), by)

    def vouched(self, act: str, number: str, version: int, by: Person) -> None:
        predicted = getattr(self.book, act)(number, version=version, by=by)
        pk = self.pk("invoice", number)
        self.do(predicted, lambda: VOUCHING[act](pk, version=version, by=self.user(by)))

    @precondition(lambda self: self.any_doc("pm", "ticket"))
    @rule(data=st.data())
    def delete_a_draft(self, data: st.DataObject) -> None:
        number, doc = self.document(data, lambda doc: doc.queue == "pm")
        self.deleted(number, self.version(data, doc), self.administrator(data))

    def deleted(self, number: str, version: int, by: Person) -> None:
        predicted = self.book.delete_doc(number, version=version, by=by)
        pk = self.pk("invoice", number)
        self.do(predicted, lambda: delete_invoice(pk, version=version, by=self.user(by)))

    @precondition(lambda self: self.any_doc(*HANDED_OVER))
    @rule(data=st.data(), part=st.sampled_from(["1", "1", "0.5", "0.3333"]).map(Fraction))
    def credit(self, data: st.DataObject, part: Fraction) -> None:
        """Lines of an invoice, in whole or in part."""
        number, doc = self.document(data, lambda doc: doc.queue in HANDED_OVER and not doc.credits)
        lines = doc.sums.lines if doc else ()
        priced = [place for place, line in enumerate(lines) if line.amount]
        whole = data.draw(st.booleans(), label="every line") or not priced
        chosen = priced if whole else data.draw(st.lists(st.sampled_from(priced), unique=True), label="lines")
        much = {place: _part(lines[place], part) for place in chosen}
        self.credited(number, much, self.administrator(data))

    def credited(self, number: str, much: dict[int, Fraction], by: Person) -> None:
        kept = lines_of(Invoice.objects.get(number=number)) if much else []
        lines = [_credited(kept[place], share) for place, share in much.items()]
        predicted = self.book.credit(number, much, by=by)
        pk, seen = self.pk("invoice", number), Invoice.objects.filter(number=number).first()
        given: dict[str, Any] = {"version": seen.version if seen else 0, "values": {}, "by": self.user(by)}
        self.do(predicted, lambda: _none(make_credit_note(pk, lines=lines, **given)))


def _likely(doc: Doc | None) -> list[str]:
    """What may be done where it is."""
    if doc is None:
        return []
    on = {"pm": ["sign", "sign", "release"], "ticket": ["client_approve", "client_approve", "unsign"]}.get(
        doc.queue, []
    )
    off = ["unsign"] * bool(doc.signed) + ["client_unapprove"] * doc.client_approved
    return on or off + ["take_release_back"] * doc.released


def _part(line: Line, part: Fraction) -> Fraction:
    if line.quantity is None:
        return Fraction(int(line.amount * part * 100), 100)
    return Fraction(int(line.quantity * part * 10_000), 10_000)


def _draft_line(line: Line) -> DraftLine:
    quantity = None if line.quantity is None else exact(line.quantity)
    price = None if line.price is None else exact(line.price)
    percent = None if line.percent is None else exact(line.percent)
    item = Item.objects.filter(code=line.code).values_list("pk", flat=True).first()
    more: dict[str, Any] = {
        "item_id": item,
        "quantity": quantity,
        "unit_price": price,
        "fee_percent": percent,
        "taxes": line.taxes,
    }
    return DraftLine(line.section, "By hand", item_code=line.code, amount=exact(line.amount), **more)


def _measured(line: DraftLine, much: Fraction) -> DraftLine:
    return replace(line, amount=exact(much)) if line.quantity is None else replace(line, quantity=exact(much))


def _credited(line: DraftLine, much: Fraction) -> DraftLine:
    """As the credit form gives it."""
    return replace(_measured(line, -much), id=None, fee_percent=None, is_adjustment=False, sources=())


def _none(_: object) -> None:
    """A command's result says nothing more than its rows."""
