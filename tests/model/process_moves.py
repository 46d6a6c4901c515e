"""Moves with what is handed over: processed, undone, unticked, paid, imported; and windows that stayed open."""

from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from invoices import transitions
from invoices.models import Invoice, ProcessBatch
from invoices.references import set_accounting_reference
from invoices.transitions import process_invoices
from invoices.undo import undo_batch, undo_intent
from jobbook.transfer.exporting import run_export
from jobbook.transfer.importing import ImportResult, run_import
from tests.commands import intent_for
from tests.model.arithmetic import Goods, cents
from tests.model.compare import word_of
from tests.model.document_moves import DocumentMoves
from tests.model.facts import Answer, Batch, Person, refused
from tests.model.machine import Opened, some
from tests.model.work_moves import DAYS
from tests.model.world import GOODS, day_of, exact

STAGES = ("nothing", "submitted", "approved", "invoiced", "vouched for", "processed")
FIRST = st.sampled_from(["vouched for", "approved", "processed", "invoiced", "nothing"])
SINGLE: dict[str, Any] = {
    "tick": transitions.tick_processed,
    "untick": transitions.untick_processed,
    "pay": lambda pk, **given: transitions.mark_paid(pk, paid_on=day_of("2020-09-01"), **given),
    "unpay": transitions.clear_paid,
}
WHERE = {"admin": ["tick"], "processed": ["untick", "pay", "pay"], "paid": ["unpay"]}


class LifeCycle(DocumentMoves):
    @initialize(author_may_approve=st.booleans(), closed=st.sampled_from(["", "2020-06-30"]), stage=FIRST)
    def open_the_firm(self, author_may_approve: bool, closed: str, stage: str) -> None:
        """With some work that has come a part of the way."""
        self.open_firm(author_may_approve=author_may_approve, closed=closed)
        clerk, tech = self.person("M. Tran"), self.person("T. Ek")
        for step in STAGES[1 : STAGES.index(stage) + 1]:
            getattr(self, f"all_{step.replace(' ', '_')}")(clerk, tech)

    def all_submitted(self, clerk: Person, tech: Person) -> None:
        for job, much in (("26-1", "7.75"), ("26-2", "0.3333"), ("26-2", "8"), ("26-3", "11.1111")):
            works = [(goods, Fraction(much)) for goods in GOODS.values()]
            predicted = self.book.enter_record(job, DAYS[0], works, submit=True, by=tech)
            self.tried(predicted, lambda: self.product_enters(job, works, tech))  # noqa: B023 - called at once
        self.compare()

    def all_approved(self, clerk: Person, tech: Person) -> None:
        chosen = [*self.book.pieces["record"]]
        self.settle(self.approval_window("record", chosen, clerk), clerk, at_once=True)

    def all_invoiced(self, clerk: Person, tech: Person) -> None:
        self.settle(self.invoicing_window([*self.book.pieces["record"]], clerk), clerk, at_once=True)

    def all_vouched_for(self, clerk: Person, tech: Person) -> None:
        for number, doc in self.book.docs.items():
            if doc.queue != "pm":
                continue
            self.vouched("sign", number, doc.version, clerk)
            if doc.is_ticket:
                self.vouched("client_approve", number, doc.version, clerk)

    def all_processed(self, clerk: Person, tech: Person) -> None:
        self.settle(self.process_window([*self.book.docs], clerk), clerk, at_once=True)

    @precondition(lambda self: self.any_doc("admin"))
    @rule(data=st.data(), at_once=st.sampled_from([True, True, False]))
    def process_selected(self, data: st.DataObject, at_once: bool) -> None:
        docs = self.book.docs.values()
        likely = [doc.number for doc in docs if doc.queue == "admin"]
        source = data.draw(st.sampled_from([likely] * 4 + [[doc.number for doc in docs]]), label="of")
        chosen = source if data.draw(st.booleans(), label="all") else some(data, source, "invoices")
        by = self.administrator(data)
        self.settle(self.process_window(chosen, by), by, at_once=at_once)

    def process_window(self, chosen: list[str], by: Person) -> Opened:
        rows = Invoice.objects.filter(number__in=chosen)
        return self.book.processing(chosen, by=by), intent_for(self.user(by), rows)

    @precondition(lambda self: self.book.last_batch())
    @rule(data=st.data(), at_once=st.sampled_from([True, True, False]))
    def undo_a_batch(self, data: st.DataObject, at_once: bool) -> None:
        last = self.book.last_batch()
        assert last
        batch = data.draw(st.sampled_from([last] * 4 + self.book.batches), label="batch")
        by = self.administrator(data)
        self.settle(self.undo_window(batch, by), by, at_once=at_once)

    def undo_window(self, batch: Batch, by: Person) -> Opened:
        row = ProcessBatch.objects.get(number=batch.number)
        return self.book.undoing(batch, by=by), undo_intent(user=self.user(by), batch=row)

    @precondition(lambda self: self.windows)
    @rule(data=st.data())
    def press_the_button_of_an_open_window(self, data: st.DataObject) -> None:
        """After whatever happened since; a second time; or as somebody else."""
        unused = [each for each in self.windows if not each[0].answer]
        opened = data.draw(st.sampled_from(unused * 3 + self.windows), label="window")
        self.press(opened, self.anybody(data, [opened[0].by] * 4))

    def press(self, opened: Opened, by: Person) -> None:
        window, intent = opened
        user = self.user(by)
        if window.action == "invoice.process":
            self.do(self.book.process(window, by=by), lambda: word_of(process_invoices(intent.pk, by=user).repeated))
        elif window.action == "invoice.undo":
            self.do(self.book.undo(window, by=by), lambda: word_of(undo_batch(intent.pk, by=user).repeated))
        elif window.action == "record.invoice":
            self.press_invoicing(opened, by)
        else:
            self.press_approval(opened, by)

    @precondition(lambda self: self.any_doc("admin"))
    @rule(data=st.data())
    def tick_one(self, data: st.DataObject) -> None:
        self.move_one(data, "admin")

    @precondition(lambda self: self.any_doc("processed", "paid"))
    @rule(data=st.data())
    def pay_or_take_back(self, data: st.DataObject) -> None:
        self.move_one(data, "processed", "paid")

    def move_one(self, data: st.DataObject, *queues: str) -> None:
        number, doc = self.document(data, lambda doc: doc.queue in queues)
        likely = WHERE.get(doc.queue, []) if doc else []
        act = data.draw(st.sampled_from(likely * 4 + [*SINGLE]), label="act")
        self.moved(act, number, self.version(data, doc), self.administrator(data))

    def moved(self, act: str, number: str, version: int, by: Person) -> None:
        predicted = getattr(self.book, act)(number, version=version, by=by)
        pk = self.pk("invoice", number)
        self.do(predicted, lambda: _none(SINGLE[act](pk, version=version, by=self.user(by))))

    @precondition(lambda self: self.any_doc(*WHERE))
    @rule(data=st.data(), reference=st.sampled_from(["QB-1", "QB-2", ""]))
    def note_a_reference(self, data: st.DataObject, reference: str) -> None:
        number, _ = self.document(data, lambda doc: doc.queue in WHERE)
        by = self.administrator(data)
        predicted = self.book.refer(number, reference, by=by)
        pk = self.pk("invoice", number)
        self.do(predicted, lambda: set_accounting_reference(pk, reference=reference, by=self.user(by)))

    @rule(data=st.data(), what=st.sampled_from(["again", "a_record", "an_invoice", "a_memo"]))
    def import_a_folder(self, data: st.DataObject, what: str) -> None:
        getattr(self, f"import_{what}")(data)

    def import_again(self, data: st.DataObject) -> None:
        self.imported_again(self.administrator(data))

    def imported_again(self, by: Person) -> None:
        """What was exported says nothing new."""

        def act() -> Answer:
            with TemporaryDirectory() as folder:
                run_export(Path(folder))
                files = {path.name: path for path in Path(folder).iterdir()}
                return _imported(run_import(files, by=self.user(by)))

        self.do(self.book.import_again(), act)

    def import_a_record(self, data: st.DataObject) -> None:
        """With a number that the counter has not reached."""
        hours, ahead = Fraction(data.draw(st.sampled_from(["1", "2.5"]))), data.draw(st.integers(1, 2))
        number = str(self.highest("dwr") + ahead)
        goods = data.draw(st.sampled_from([GOODS["LAB"], GOODS["CREW"]]))
        self.imported_record(number, goods, hours, self.administrator(data))

    def imported_record(self, number: str, goods: Goods, hours: Fraction, by: Person) -> None:
        predicted = self.book.import_record(number, "26-1", "2020-07-03", goods, hours, by=by)
        texts = {
            "dwrs.csv": f"dwr_number,job_number,date,created_by,submitted_on\n"
            f"{number},26-1,2020-07-03,{self.user(by).email},2020-07-03\n",
            "dwr_lines.csv": f"dwr_number,line_number,section,item_code,employee,hours\n"
            f"{number},1,labour,{goods.code},J. Lavoie,{exact(hours)}\n",
        }
        self.do(predicted, lambda: self.imported(texts, by))

    def import_an_invoice(self, data: st.DataObject) -> None:
        processed, ahead = data.draw(st.booleans(), label="processed"), data.draw(st.integers(1, 2))
        number, by = f"INV-{max(self.highest('invoice'), 10_000) + ahead}", self.administrator(data)
        job = data.draw(st.sampled_from(["26-1", "26-2"]))
        day = data.draw(st.sampled_from(["2020-08-01", "2020-05-01"]))
        net = Fraction(data.draw(st.integers(1, 99_999), label="cents"), 100)
        self.imported_doc(number, job, net, day, by, processed=processed)

    def imported_doc(self, number: str, job: str, net: Fraction, day: str, by: Person, *, processed: bool) -> None:
        [tax, *_] = self.book.jobs[job].taxes
        added = cents(net * tax.rate / 100)
        predicted = self.book.import_doc(number, job, net, day, processed=processed, by=by)
        client = day if self.book.jobs[job].is_ticket else ""
        head = "invoice_number,job_number,invoice_date,signed_by,signed_on,client_approved_on,processed_on"
        facts = f"{number},{job},{day},A. B.,{day},{client},{day if processed else ''}"
        texts = {
            "invoices.csv": f"{head},subtotal,tax,total\n{facts},{exact(net)},{exact(added)},{exact(net + added)}\n",
            "invoice_lines.csv": "invoice_number,line_number,section,description,amount,taxes\n"
            f"{number},1,labour,Work,{exact(net)},{tax.code}\n",
        }
        self.do(predicted, lambda: self.imported(texts, by))

    def import_a_memo(self, data: st.DataObject) -> None:
        """For a document that does not change any more."""
        settled = [doc for doc in self.book.docs.values() if doc.queue in ("processed", "paid")]
        if not settled:
            return
        doc, memo = data.draw(st.sampled_from(settled), label="invoice"), data.draw(st.sampled_from(["Other", ""]))
        row, by = Invoice.objects.get(number=doc.number), self.administrator(data)
        predicted = self.book.import_memo(doc.number, memo)
        head = "invoice_number,job_number,invoice_date,due_date,kind,credits,memo,subtotal,tax,total"
        cells = (row.number, doc.job.number, row.invoice_date, row.due_date, row.kind, doc.credits or "", memo)
        text = ",".join(map(str, (*cells, row.subtotal, row.tax, row.total)))
        self.do(predicted, lambda: self.imported({"invoices.csv": f"{head}\n{text}\n"}, by))

    def imported(self, texts: dict[str, str], by: Person) -> Answer:
        return _imported(run_import({name: text.encode() for name, text in texts.items()}, by=self.user(by)))

    def highest(self, kind: str) -> int:
        return max((int(number.removeprefix("INV-")) for number in self.known(kind) if "CN-" not in number), default=0)


def _imported(result: ImportResult) -> Answer:
    return refused("; ".join(map(str, result.problems))) if result.problems else Answer(True)


def _none(_: object) -> None:
    """A command's result says nothing more than its rows."""
