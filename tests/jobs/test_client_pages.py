"""Clients: who sees which, the form with its rows, what is wrong named at its field, two people at once."""

import html
from typing import Any

import pytest

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.common.models import AuditEntry, AuditItem
from jobbook.jobs.models import Client, ClientAddress, ClientContact
from tests.commands import assert_sound
from tests.factories import make_client, make_job, make_rate_sheet, make_user
from tests.jobs.posting import Rows, browser, client_data, errors

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> User:
    return make_user(name="K. Osei")


def shown(user: User, path: str) -> str:
    return html.unescape(browser(user).get(path).content.decode())


def test_all_that_is_entered_is_kept(admin: User) -> None:
    sheet = make_rate_sheet(name="Rates 2027")
    data = client_data(
        email="ap@alder.example",
        phone="780",
        contact="D. Okafor",
        terms="Net 45",
        terms_days=45,
        accounting_id="ALDER",
        rate_sheet=sheet.pk,
        address_1="1 Main",
        city="Edson",
        region="AB",
        address_2="Unit 4",
        postal_code="T7E",
        country="Canada",
        contacts=[{"name": "R. Cardinal", "duty": "Accounts payable", "email": "r@alder.example", "phone": "1"}, {}],
        addresses=[{"label": "Plant", "address_1": "LSD 06", "city": "Hinton"}],
    )
    response = browser(admin).post("/clients/new/", data)
    client = Client.objects.get()
    assert response["Location"] == f"/clients/{client.pk}/"
    assert (client.client_number, client.terms_days, client.rate_sheet, client.active) == ("C-1", 45, sheet, True)
    assert client.address_lines == ["1 Main", "Unit 4", "Edson", "AB", "T7E", "Canada"]
    assert list(client.contacts.values_list("name", "duty")) == [("R. Cardinal", "Accounts payable")]
    assert list(client.addresses.values_list("label", "address_1", "city")) == [("Plant", "LSD 06", "Hinton")]
    page = shown(admin, f"/clients/{client.pk}/")
    for text in ("Rates 2027", "ALDER", "R. Cardinal", "Plant", "LSD 06, Hinton", "Net 45", "Made", "by K. Osei"):
        assert text in page
    assert_sound()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"client_number": ""}, "Client number: This field is required."),
        ({"client_number": "C-9"}, "Client number: Another client has this number."),
        ({"client_number": "x" * 65}, "Client number: Ensure this value has at most 64 characters (it has 65)."),
        ({"name": ""}, "Name: This field is required."),
        ({"name": "A\x07B"}, "Name: It has a character that cannot be printed."),
        ({"email": "nobody"}, "E-mail: Enter a valid email address."),
        ({"terms_days": ""}, "Days until due: This field is required."),
        ({"terms_days": "-1"}, "Days until due: Ensure this value is greater than or equal to 0."),
        ({"terms_days": "32768"}, "Days until due: Ensure this value is less than or equal to 32767."),
        ({"rate_sheet": "99"}, "Default rate sheet: Select a valid choice. That choice is not one of the available"),
        ({"contacts": [{"duty": "x"}]}, "Contact 1, Name: This field is required."),
        ({"contacts": [{"name": "A"}, {"name": "B", "email": "x"}]}, "Contact 2, E-mail: Enter a valid email address."),
        ({"addresses": [{"label": "", "city": "E"}]}, "Address 1, Label: This field is required."),
        ({"addresses": [{"label": "A"}, {"label": "A"}]}, "Address 2, Label: Another address has the label “A”."),
    ],
)
def test_what_is_wrong_is_named_at_its_field(admin: User, fields: dict[str, Any], error: str) -> None:
    make_client(client_number="C-9")
    response = browser(admin).post("/clients/new/", client_data(**fields))
    assert response.status_code == 422
    found = errors(response)
    assert len(found) == 1
    assert html.unescape(found[0]).startswith(error)
    assert Client.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_texts_are_kept_composed(admin: User) -> None:
    browser(admin).post("/clients/new/", client_data(name="Cafe\u0301"))
    assert Client.objects.get().name == "Caf\u00e9"


def test_a_row_is_added_without_javascript_and_nothing_is_kept_or_complained_of(admin: User) -> None:
    data = client_data(client_number="", name="Half", contacts=[{"name": "A"}]) | {"add": "contacts"}
    response = browser(admin).post("/clients/new/", data)
    page = response.content.decode()
    assert (response.status_code, Client.objects.count(), errors(response)) == (200, 0, [])
    assert 'name="contacts-1-name"' in page
    assert 'value="Half"' in page
    assert 'name="contacts-TOTAL_FORMS" value="2"' in page


def test_rows_are_changed_and_removed_in_place(admin: User) -> None:
    client = make_client(client_number="C-1")
    first, second = (ClientContact.objects.create(client=client, name=name) for name in ("A", "B"))
    contacts: Rows = [{"id": first.pk, "name": "Abe"}, {"id": second.pk, "name": "B", "DELETE": "on"}, {"name": "C"}]
    browser(admin).post(f"/clients/{client.pk}/edit/", client_data(contacts=contacts, version=1))
    assert client.contacts.get(name="Abe").pk == first.pk
    assert list(client.contacts.values_list("name", flat=True)) == ["Abe", "C"]
    assert AuditItem.objects.get().version_after == 2


def test_an_id_of_another_clients_row_takes_nothing_away_from_it(admin: User) -> None:
    theirs = ClientAddress.objects.create(client=make_client(), label="Theirs", city="Hinton")
    client = make_client(client_number="C-1")
    data = client_data(addresses=[{"id": theirs.pk, "label": "Mine"}], version=1)
    assert browser(admin).post(f"/clients/{client.pk}/edit/", data).status_code == 302
    theirs.refresh_from_db()
    assert (theirs.label, theirs.client == client) == ("Theirs", False)
    assert [each.label for each in client.addresses.all()] == ["Mine"]


def test_an_address_that_a_job_is_billed_to_stays(admin: User) -> None:
    client = make_client(client_number="C-1")
    plant = ClientAddress.objects.create(client=client, label="Plant")
    job = make_job(client=client, billing_address=plant)
    data = client_data(addresses=[{"id": plant.pk, "label": "Plant", "DELETE": "on"}], version=1)
    response = browser(admin).post(f"/clients/{client.pk}/edit/", data)
    assert response.status_code == 422
    assert errors(response) == [f"Plant: it stays, because it is used by {job}"]
    client.refresh_from_db()
    assert client.version == 1


def test_a_conflict_shows_both_values_and_the_next_save_is_deliberate(admin: User) -> None:
    client = make_client(client_number="C-1", name="Alder", terms="Net 30")
    other = browser(make_user(name="A. Beaulieu"))
    other.post(f"/clients/{client.pk}/edit/", client_data(name="Alder Ltd.", addresses=[{"label": "Yard"}], version=1))
    mine = client_data(name="Alder Inc.", terms="Net 30", version=1)
    response = browser(admin).post(f"/clients/{client.pk}/edit/", mine)
    page = html.unescape(response.content.decode())
    assert response.status_code == 409
    assert "it was changed by A. Beaulieu at " in page
    for both in ("Alder Ltd.</td>", "Alder Inc.</td>", "Yard</td>"):
        assert both in page
    assert '<input type="hidden" name="version" value="2"' in page
    client.refresh_from_db()
    assert (client.name, client.version) == ("Alder Ltd.", 2)
    assert browser(admin).post(f"/clients/{client.pk}/edit/", mine | {"version": "2"}).status_code == 302
    client.refresh_from_db()
    assert (client.name, client.version, client.addresses.count()) == ("Alder Inc.", 3, 0)
    assert_sound()


def test_the_list_searches_filters_and_pages(admin: User) -> None:
    for n in range(51):
        make_client(name=f"Client {n:02}")
    make_client(name="Birch", city="Hinton", client_number="X-77")
    make_client(name="Gone", active=False)
    first = shown(admin, "/clients/")
    assert "Client 48" in first
    assert "Client 50" not in first
    assert "Gone" not in first
    assert "Client 50" in shown(admin, "/clients/?page=2")
    for query in ("q=birch", "q=x-77", "q=hinton+birch"):
        page = shown(admin, f"/clients/?{query}")
        assert "Birch" in page
        assert "Client 01" not in page
    assert "Gone" in shown(admin, "/clients/?active=no")
    assert "Gone" in shown(admin, "/clients/?active=all&q=gone")
    assert "No client matches." in shown(admin, "/clients/?q=nobody")
    for odd in ("page=x", "active=maybe", "q=%00", "q=" + "x" * 200, "page=-1"):
        assert browser(admin).get(f"/clients/?{odd}").status_code == 200


def test_a_manager_sees_clients_of_own_jobs_and_of_them_own_jobs_alone() -> None:
    manager = make_user(Role.PROJECT_MANAGER)
    shared, other = make_client(name="Shared Ltd."), make_client(name="Other Ltd.")
    mine, theirs = make_job(client=shared, project_manager=manager), make_job(client=shared)
    make_job(client=other)
    page = shown(manager, "/clients/")
    assert "Shared Ltd." in page
    assert "Other Ltd." not in page
    page = shown(manager, f"/clients/{shared.pk}/")
    assert mine.job_number in page
    assert theirs.job_number not in page
    assert "Change client" not in page
    assert browser(manager).get(f"/clients/{other.pk}/").status_code == 404


def test_the_list_costs_the_same_for_any_number(admin: User, django_assert_max_num_queries: Any) -> None:
    for _ in range(40):
        make_job()
    client = browser(admin)
    for path in ("/clients/", "/jobs/", "/rate-sheets/"):
        with django_assert_max_num_queries(9):
            client.get(path)
