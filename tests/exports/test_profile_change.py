"""Settings and mappings: what may stand, what two people do to one another, what the history keeps."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exports import profiles
from exports.formats.profile import NOTHING, Kind, Mapped
from exports.models import ProfileEntry
from exports.profile_change import Wish, change_entries, fingerprint
from exports.profile_history import profile_history
from jobbook.accounts.models import User
from jobbook.common.errors import Refused
from jobbook.common.models import AuditEntry, AuditItem
from tests.commands import assert_sound
from tests.factories import make_company, make_user

pytestmark = pytest.mark.django_db
IIF = "quickbooks-desktop"


@pytest.fixture
def admin() -> User:
    return make_user(name="Mai Tran")


def named(admin: User, *, slug: str = IIF, kind: Kind = Kind.CLIENT, seen: Mapped | None = None, **names: str) -> int:
    """Map each of ours to a name; seen: what stood on the page."""
    mark = fingerprint(seen) if seen else ""
    return change_entries(slug, kind, {ours: Wish(Mapped(name), mark) for ours, name in names.items()}, by=admin)


def test_what_is_kept_is_what_a_file_is_written_with(admin: User) -> None:
    make_company(currency="USD")
    assert profiles.current(IIF)["currency"] == "USD"
    wishes = {"currency": Wish(Mapped("EUR")), "dates": Wish(Mapped("mdy")), "income_account": Wish(Mapped("Sales"))}
    assert change_entries(IIF, Kind.SETTING, wishes, by=admin) == 2  # dates are so by default
    item = {"LAB": Wish(Mapped("Work:Labour", "4010"))}
    assert change_entries(IIF, Kind.ITEM, item, by=admin) == 1
    profile = profiles.current(IIF)
    assert (profile["currency"], profile["income_account"]) == ("EUR", "Sales")
    assert profile.mapped(Kind.ITEM, "LAB") == Mapped("Work:Labour", "4010")
    assert_sound()


def test_everything_wrong_is_told_at_once_and_nothing_kept(admin: User) -> None:
    wishes = {
        "dates": Wish(Mapped("ymd")),
        "receivables": Wish(Mapped("A;R")),
        "nothing": Wish(Mapped("x")),
        "lists": Wish(Mapped("all", "4010")),
        "tax_agency": Wish(Mapped("CRA")),
    }
    with pytest.raises(Refused) as refused:
        change_entries(IIF, Kind.SETTING, wishes, by=admin)
    assert [(each.label, each.code) for each in refused.value.refusals] == [
        ("dates", "theirs"),
        ("receivables", "theirs"),
        ("nothing", "ours"),
        ("lists", "account"),
    ]
    assert not ProfileEntry.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("slug", "kind", "mapped", "column"),
    [
        ("xero", Kind.TERMS, Mapped("30D"), "kind"),
        ("csv", Kind.CLIENT, Mapped("C"), "kind"),
        ("quickbooks-online", Kind.ITEM, Mapped("Work", "4010"), "account"),
        ("sage-300", Kind.CLIENT, Mapped("C", "", "x"), "extra"),
    ],
)
def test_a_format_takes_only_what_it_knows(admin: User, slug: str, kind: Kind, mapped: Mapped, column: str) -> None:
    with pytest.raises(Refused) as refused:
        change_entries(slug, kind, {"X": Wish(mapped)}, by=admin)
    assert [each.code for each in refused.value.refusals] == [column]


def test_an_emptied_name_is_our_own_again_and_its_history_stays(admin: User) -> None:
    named(admin, C1="Kestrel", C2="Tallgrass")
    named(admin, C1="")
    profile = profiles.current(IIF)
    assert profile.maps == {Kind.CLIENT: {"C2": Mapped("Tallgrass")}}
    steps = profile_history(IIF, Kind.CLIENT, {"C1": "Kestrel Inc. (C1)"})
    told = [(step.by, [(each.label, each.before, each.after) for each in step.changes]) for step in steps]
    assert told == [
        ("Mai Tran", [("Kestrel Inc. (C1)", "Kestrel", "")]),
        ("Mai Tran", [("Kestrel Inc. (C1)", "", "Kestrel"), ("C2", "", "Tallgrass")]),
    ]
    assert_sound()


def test_equal_profiles_are_frozen_as_one_whatever_was_emptied(admin: User) -> None:
    before = profiles.freeze(profiles.current(IIF))
    named(admin, C1="Kestrel")
    named(admin, C1="")
    assert profiles.freeze(profiles.current(IIF)) == before


def test_what_two_people_change_is_refused_with_who_and_when(admin: User) -> None:
    other = make_user(name="K. Osei")
    named(other, C1="Kestrel", C2="Tallgrass", seen=NOTHING)
    with pytest.raises(Refused) as refused:
        named(admin, C1="Falcon", C2="Tallgrass", C3="Birch", seen=NOTHING)
    assert [each.label for each in refused.value.refusals] == ["C1"]  # both wrote the same beside C2
    assert "changed by K. Osei at" in refused.value.refusals[0].reason
    assert profiles.current(IIF).maps[Kind.CLIENT] == {"C1": Mapped("Kestrel"), "C2": Mapped("Tallgrass")}
    named(admin, C1="Falcon", seen=Mapped("Kestrel"))
    assert profiles.current(IIF).mapped(Kind.CLIENT, "C1") == Mapped("Falcon")


def test_what_the_user_left_alone_takes_nothing_back(admin: User) -> None:
    """A page sent with what it was filled with says nothing about the lines that were not touched."""
    named(make_user(), C1="Kestrel", seen=NOTHING)
    assert named(admin, C1="", C2="Tallgrass", seen=NOTHING) == 1
    assert profiles.current(IIF).mapped(Kind.CLIENT, "C1") == Mapped("Kestrel")


def test_nothing_changed_writes_nothing(admin: User) -> None:
    named(admin, C1="Kestrel")
    before = AuditEntry.objects.count()
    assert named(admin, C1="Kestrel", C2="") == 0
    assert AuditEntry.objects.count() == before


def test_each_line_is_audited_with_before_and_after(admin: User) -> None:
    named(admin, C1="Kestrel")
    named(admin, C1="Falcon")
    item = AuditItem.objects.order_by("-pk")[0]
    assert (json.loads(item.before), json.loads(item.after)) == (
        {"theirs": "Kestrel"},
        {"ours": "C1", "theirs": "Falcon"},
    )
    assert json.loads(AuditEntry.objects.order_by("-pk")[0].values) == {"format": IIF, "kind": "client"}


def test_many_lines_are_written_in_few_statements(admin: User) -> None:
    def statements(count: int, name: str) -> int:
        with CaptureQueriesContext(connection) as found:
            wishes = {f"C{number}": Wish(Mapped(name)) for number in range(count)}
            assert change_entries(IIF, Kind.CLIENT, wishes, by=admin) == count
        return len(found)

    statements(3, "There")
    few = statements(6, "Few")
    assert statements(100, "Many") == few
