"""One path through everything, the same each time: every command does what it is for at least once."""

from fractions import Fraction

from tests.model.arithmetic import FIXED, Line, rounded
from tests.model.facts import Doc, Edit, Piece
from tests.model.process_moves import SINGLE, LifeCycle
from tests.model.world import GOODS

WRONG = {  # what may not be done where a document is
    "pm": ("client_approve", "unsign", "tick", "untick", "pay", "unpay"),
    "ticket": ("sign", "tick", "untick", "pay", "unpay"),
    "admin": ("sign", "client_approve", "release", "untick", "pay", "unpay"),
    "processed": ("sign", "unsign", "client_approve", "release", "take_release_back", "tick", "unpay"),
    "paid": ("sign", "unsign", "client_unapprove", "tick", "untick", "pay"),
}
LUMP = Line(FIXED, "", ("GST", "PST"), amount=Fraction("333.33"))


def walk(firm: LifeCycle) -> None:
    clerk, tech = firm.person("M. Tran"), firm.person("T. Ek")
    firm.all_submitted(clerk, tech)
    roy = firm.person("R. Roy")
    firm.settle(firm.approval_window("record", ["1", "4"], roy), roy, at_once=True)  # the first is not of his job
    firm.all_approved(clerk, tech)
    back_and_forth(firm)
    expenses(firm)
    firm.all_approved(clerk, tech)
    move(firm, "reopen", "4")
    firm.all_invoiced(clerk, tech)  # 26-3 is left out
    drafts(firm)
    wrong_turns(firm)
    firm.all_vouched_for(clerk, tech)
    open_windows(firm)
    handed_over(firm)
    wrong_turns(firm)
    imports(firm)


def wrong_turns(firm: LifeCycle) -> None:
    """Everything that one document of each queue refuses, with the version as it is; and a DWR that is invoiced."""
    clerk = firm.person("M. Tran")
    for each in {each.queue: each for each in firm.book.docs.values()}.values():
        for act in WRONG[each.queue]:
            (firm.moved if act in SINGLE else firm.vouched)(act, each.number, each.version, clerk)
        if not each.is_open:
            edit(firm, each.number, Edit(memo="Late"))
            firm.deleted(each.number, each.version, clerk)
    move(firm, "reopen", next(each.number for each in firm.book.pieces["record"].values() if each.invoice))


def open_windows(firm: LifeCycle) -> None:
    """A window is pressed after a change: refused, and so is another's; once used it answers the same again."""
    clerk, other = firm.person("M. Tran"), firm.person("K. Osei")
    window = firm.process_window([*firm.book.docs], clerk)
    firm.press(window, other)
    edit(firm, next(iter(firm.book.docs)), Edit(memo="Later"))
    firm.press(window, clerk)
    window = firm.process_window([*firm.book.docs], clerk)
    for _ in range(2):
        firm.press(window, clerk)
    window = firm.undo_window(firm.book.batches[-1], clerk)
    for _ in range(2):
        firm.press(window, clerk)


def back_and_forth(firm: LifeCycle) -> None:
    clerk, tech = firm.person("M. Tran"), firm.person("T. Ek")
    firm.settle(firm.approval_undo_window(firm.book.approvals[-1], clerk), clerk, at_once=True)
    version = piece(firm, "1").version
    firm.changed("1", [(GOODS["CREW"], Fraction("7.75"))], "Corrected", version, clerk, submit=False)
    move(firm, "send_back", "1")
    version = piece(firm, "1").version
    firm.changed("1", [(goods, Fraction("2.5")) for goods in GOODS.values()], "", version, tech, submit=False)
    move(firm, "submit", "1")
    predicted = firm.book.enter_record("26-1", "2020-07-01", [], submit=False, by=tech)
    firm.do(predicted, lambda: firm.product_enters("26-1", [], tech, submit=False))
    move(firm, "delete", "5")


def expenses(firm: LifeCycle) -> None:
    clerk = firm.person("M. Tran")
    for amount in ("42.50", "8.05", "19.99"):
        firm.expense_entered("26-1", Fraction(amount), clerk, submit=amount != "8.05")
    move(firm, "submit", "2", "expense")
    move(firm, "send_back", "2", "expense")
    move(firm, "delete", "2", "expense")
    firm.settle(firm.approval_window("expense", ["1", "3"], clerk), clerk, at_once=True)
    firm.settle(firm.approval_undo_window(firm.book.approvals[-1], clerk), clerk, at_once=True)
    firm.settle(firm.approval_window("expense", ["1", "3"], clerk), clerk, at_once=True)
    for act in ("process_expense", "unprocess_expense", "reopen"):
        move(firm, act, "3", "expense")
    firm.settle(firm.approval_window("expense", ["3"], clerk), clerk, at_once=True)


def drafts(firm: LifeCycle) -> None:
    """Of DWRs, deleted, and made again; by hand; with every signature on and off."""
    clerk, tech, manager = firm.person("M. Tran"), firm.person("T. Ek"), firm.person("P. Lind")
    edit(firm, "INV-10001", Edit(memo="Thanks", drop=0, measure=(1, Fraction("2.25")), expenses=("1", "3")))
    edit(firm, "INV-10001", Edit(expenses=("1",)))
    firm.deleted("INV-10001", doc(firm, "INV-10001").version, clerk)
    move(firm, "reopen", "1")
    firm.all_approved(clerk, tech)
    firm.all_invoiced(clerk, tech)  # refused: 26-2 stands on an invoice; the others are made
    firm.made("26-4", Edit(add=(LUMP, LUMP), day="2020-08-01"), clerk)
    number = [*firm.book.docs][-1]
    firm.close("2020-08-31")
    edit(firm, number, Edit(memo="Late"))  # refused
    firm.deleted(number, doc(firm, number).version, clerk)  # refused
    firm.close("")
    for act in ("sign", "unsign", "release", "take_release_back", "sign", "client_approve", "unsign"):
        firm.vouched(act, number, doc(firm, number).version, clerk if "release" in act else manager)
    for act in ("sign", "client_approve", "client_unapprove"):
        firm.vouched(act, number, doc(firm, number).version, manager)
    edit(firm, number, Edit(add=(LUMP,)))  # takes the signature off
    firm.made("26-1", Edit(add=(LUMP,), expenses=("3",)), clerk)


def handed_over(firm: LifeCycle) -> None:
    """Processed one by one and together, undone, unticked, paid, credited."""
    clerk = firm.person("M. Tran")
    first, second, *others = firm.book.docs
    edit(firm, first, Edit(add=(LUMP,)))  # the signature stays
    for act in ("tick", "untick", "tick", "pay", "unpay", "untick"):
        firm.moved(act, first, doc(firm, first).version, clerk)
    for _ in range(2):
        firm.settle(firm.process_window([*firm.book.docs], clerk), clerk, at_once=True)
        firm.settle(firm.undo_window(firm.book.batches[-1], clerk), clerk, at_once=True)
    firm.settle(firm.process_window([first, second], clerk), clerk, at_once=True)
    firm.moved("untick", first, doc(firm, first).version, clerk)
    firm.settle(firm.undo_window(firm.book.batches[-1], clerk), clerk, at_once=True)
    firm.settle(firm.process_window([first, second], clerk), clerk, at_once=True)
    firm.moved("pay", second, doc(firm, second).version, clerk)
    firm.settle(firm.undo_window(firm.book.batches[-1], clerk), clerk, at_once=True)  # refused: one is paid
    lines = doc(firm, second).sums.lines
    third = {place: rounded(line.quantity / 3, 4) for place, line in enumerate(lines) if line.quantity}
    for _ in range(2):
        firm.credited(second, third, clerk)
    whole = {place: line.amount if line.quantity is None else line.quantity for place, line in enumerate(lines)}
    firm.credited(second, whole, clerk)  # refused: less is left
    firm.deleted(others[-1], doc(firm, others[-1]).version, clerk)  # refused: it was processed


def imports(firm: LifeCycle) -> None:
    clerk = firm.person("M. Tran")
    firm.imported_again(clerk)
    firm.imported_record("7", GOODS["CREW"], Fraction("2.5"), clerk)
    firm.imported_doc("INV-10020", "26-1", Fraction("100.05"), "2020-08-01", clerk, processed=True)
    firm.imported_again(clerk)


def move(firm: LifeCycle, act: str, number: str, kind: str = "record") -> None:
    clerk = firm.person("M. Tran")
    firm.moved_on(act, kind, number, piece(firm, number, kind).version, clerk)


def edit(firm: LifeCycle, number: str, what: Edit) -> None:
    firm.edited(number, what, doc(firm, number).version, firm.person("M. Tran"))


def piece(firm: LifeCycle, number: str, kind: str = "record") -> Piece:
    return firm.book.pieces[kind][number]


def doc(firm: LifeCycle, number: str) -> Doc:
    return firm.book.docs[number]
