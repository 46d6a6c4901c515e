"""One command keeps what forms keep: version, difference, rows that belong to a record, audit."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from jobbook.accounts.models import User
from jobbook.common.errors import Refusal, Refused
from jobbook.common.models import AuditEntry, AuditItem
from jobbook.common.records import Difference, Part, change_record, make_record
from jobbook.jobs.models import Client, ClientAddress, Item, Job, JobFee, JobTax, RateLine, RateSheet
from tests.commands import assert_sound
from tests.factories import make_client, make_item, make_job, make_rate_sheet, make_tax, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    return make_user(name="K. Osei")


def addresses(*rows: tuple[int | None, str]) -> Part:
    values = [{"id": pk, "label": label, "city": "Edson"} for pk, label in rows]
    return Part("addresses", ClientAddress, "client", "id", values)


def lines(*rows: tuple[Item, str | None, str | None]) -> Part:
    values = [
        {"item": item, "unit_price": unit and Decimal(unit), "hourly_price": hourly and Decimal(hourly)}
        for item, unit, hourly in rows
    ]
    return Part("lines", RateLine, "sheet", "item", values)


def change(record: Client | RateSheet | Job, by: User, *parts: Part, version: int = 0, **values: Any) -> Any:
    noun = {Client: "client", RateSheet: "rate_sheet", Job: "job"}[type(record)]
    seen = version or record.version
    return change_record(type(record), record.pk, values, noun=noun, version=seen, parts=parts, by=by)


def newest() -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Action, before and after of the newest audit item."""
    item = AuditItem.objects.select_related("entry").order_by("-entry_id")[0]
    return item.entry.action, json.loads(item.before or "{}"), json.loads(item.after or "{}")


def test_a_new_record_is_audited_with_what_was_given(admin: User) -> None:
    made = make_record(
        Client(client_number="C-1", name="Alder Mills", terms_days=30),
        noun="client",
        parts=[addresses((None, "Plant"))],
        by=admin,
    )
    given = {"client_number": "C-1", "name": "Alder Mills", "terms_days": 30, "addresses": ["Edson, Plant"]}
    assert newest() == ("client.create", {}, given)
    assert AuditItem.objects.get().version_after == made.version == 1
    assert_sound()


def test_only_what_differs_is_written_and_audited(admin: User) -> None:
    client = make_client(name="Alder Mills", terms="Net 30", terms_days=30)
    change(client, admin, name="Alder Mills Ltd.", terms="Net 30", terms_days=45)
    assert newest() == (
        "client.change",
        {"name": "Alder Mills", "terms_days": 30},
        {"name": "Alder Mills Ltd.", "terms_days": 45},
    )
    client.refresh_from_db()
    assert (client.name, client.terms_days, client.version) == ("Alder Mills Ltd.", 45, 2)
    assert_sound()


def test_nothing_changed_writes_nothing(admin: User) -> None:
    item = make_item()
    sheet = make_rate_sheet({item: ("96.0000", "96")})
    change(sheet, admin, lines((item, "96", "96.00")), name=sheet.name, active=True)
    sheet.refresh_from_db()
    assert sheet.version == 1
    assert not AuditEntry.objects.exists()


def test_the_second_of_two_people_is_refused_and_told_who_was_first(admin: User) -> None:
    client = make_client(name="Alder Mills")
    change(client, admin, name="Alder")
    with pytest.raises(Refused) as refused:
        change(client, make_user(), name="Birch")
    assert refused.value.refusals[0].code == "moved"
    assert "changed by K. Osei at " in str(refused.value)
    client.refresh_from_db()
    assert (client.name, client.version, AuditEntry.objects.count()) == ("Alder", 2, 1)


def test_a_change_of_a_part_alone_raises_the_version(admin: User) -> None:
    client = make_client()
    change(client, admin, addresses((None, "Plant")))
    with pytest.raises(Refused):
        change(client, admin, addresses((None, "Office")))
    client.refresh_from_db()
    assert (client.version, [each.label for each in client.addresses.all()]) == (2, ["Plant"])


def test_rows_are_kept_by_their_key(admin: User) -> None:
    client = make_client()
    change(client, admin, addresses((None, "Plant"), (None, "Office")))
    plant, office = (client.addresses.get(label=label) for label in ("Plant", "Office"))
    change(client, admin, addresses((plant.pk, "Old plant"), (None, "Yard")), version=2)
    assert dict(client.addresses.values_list("label", "pk")).items() >= {"Old plant": plant.pk}.items()
    assert not ClientAddress.objects.filter(pk=office.pk).exists()
    _, before, after = newest()
    assert before == {"addresses": ["Edson, Office", "Edson, Plant"]}
    assert after == {"addresses": ["Edson, Old plant", "Edson, Yard"]}


def test_a_row_in_use_stays_and_its_user_is_named(admin: User) -> None:
    client = make_client()
    plant = ClientAddress.objects.create(client=client, label="Plant")
    job = make_job(client=client, billing_address=plant)
    with pytest.raises(Refused, match="Plant: it stays, because it is used by") as refused:
        change(client, admin, addresses((None, "Yard")), name="Other")
    assert job.job_number in str(refused.value)
    client.refresh_from_db()
    assert (client.version, client.addresses.count(), client.name != "Other") == (1, 1, True)


def test_prices_say_which_they_are_and_only_changed_lines_are_audited(admin: User) -> None:
    labour, truck, pipe = make_item("LAB"), make_item("TRUCK"), make_item("PIPE")
    sheet = make_rate_sheet({labour: ("96", "96"), truck: ("185", None), pipe: ("34.54", None)})
    change(sheet, admin, lines((labour, "100.0000", "100"), (truck, "185", None)))
    assert newest() == (
        "rate_sheet.change",
        {"lines": ["LAB, unit price 96.00, hourly price 96.00", "PIPE, unit price 34.54"]},
        {"lines": ["LAB, unit price 100.00, hourly price 100.00"]},
    )


def test_four_decimals_are_shown_where_there_are_four(admin: User) -> None:
    change(make_rate_sheet(), admin, lines((make_item("KM"), "0.0725", None), (make_item("DAY"), "0.5", None)))
    assert newest()[2] == {"lines": ["DAY, unit price 0.50", "KM, unit price 0.0725"]}


def test_a_new_order_of_rows_is_a_change(admin: User) -> None:
    gst, pst = make_tax("GST"), make_tax("PST")
    job = make_job(taxes=[gst, pst])
    rows = [{"tax": pst, "position": 1}, {"tax": gst, "position": 2}]
    change(job, admin, Part("taxes", JobTax, "job", "tax", rows))
    assert newest() == ("job.change", {"taxes": ["GST", "PST"]}, {"taxes": ["PST", "GST"]})
    assert [each.tax.code for each in job.job_taxes.select_related("tax")] == ["PST", "GST"]


def test_rows_move_up_when_one_before_them_goes(admin: User) -> None:
    job, item = make_job(), make_item()

    def fees(*names: str) -> Part:
        rows = [
            {"position": n, "item": item, "description": name, "percent": Decimal(n)}
            for n, name in enumerate(names, start=1)
        ]
        return Part("fees", JobFee, "job", "position", rows)

    change(job, admin, fees("Fuel", "Safety"))
    change(job, admin, fees("Safety"), version=2)
    assert list(job.fees.values_list("position", "description")) == [(1, "Safety")]


def test_what_a_check_refuses_is_not_written(admin: User) -> None:
    client = make_client(name="Alder")
    seen: list[tuple[str, dict[str, Any]]] = []

    def check(record: Client, difference: Difference) -> Iterable[Refusal]:
        seen.append((record.name, difference.before))
        yield Refusal("locked", "it is locked")

    with pytest.raises(Refused, match="it is locked"):
        change_record(Client, client.pk, {"name": "Birch"}, noun="client", version=1, check=check, by=admin)
    client.refresh_from_db()
    assert (seen, client.name, client.version) == ([("Birch", {"name": "Alder"})], "Alder", 1)
    assert not AuditEntry.objects.exists()


def test_a_number_taken_meanwhile_is_refused_in_words(admin: User) -> None:
    make_client(client_number="C-1")
    with pytest.raises(Refused, match="Birch was not made") as refused:
        make_record(Client(client_number="C-1", name="Birch"), noun="client", by=admin)
    assert refused.value.refusals[0].code == "taken"
    other = make_client(client_number="C-2", name="Cedar")
    with pytest.raises(Refused, match="Cedar was not changed"):
        change(other, admin, client_number="C-1", name="Dogwood")
    assert not AuditEntry.objects.exists()
    assert_sound()


def test_rows_that_swap_names_are_refused_in_words(admin: User) -> None:
    client = make_client()
    first, second = (ClientAddress.objects.create(client=client, label=label) for label in ("A", "B"))
    with pytest.raises(Refused, match="stands in two rows"):
        change(client, admin, addresses((first.pk, "B"), (second.pk, "A")))
    assert [each.label for each in client.addresses.all()] == ["A", "B"]


def test_no_password_gets_into_the_audit(admin: User) -> None:
    user = User(email="new@example.com", name="New", role="technician")
    user.set_password("correct horse battery")
    make_record(user, noun="user", by=admin)
    assert set(newest()[2]) == {"email", "name", "role", "date_joined"}


def test_related_records_are_audited_by_name(admin: User) -> None:
    sheet, client = make_rate_sheet(name="Rates 2027"), make_client()
    change(client, admin, rate_sheet=sheet)
    assert newest()[1:] == ({"rate_sheet": None}, {"rate_sheet": "Rates 2027"})
