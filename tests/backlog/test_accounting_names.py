"""The pages of a mapping: saved a page at a time, two people at once, the package's own list beside it."""

import re

import pytest
from django.test import Client

from exports import profiles
from exports.formats.profile import Kind, Mapped
from exports.models import PackageList
from tests.backlog.accounting import CLIENTS, LONG, ROOT, hidden, kestrel, other, save, text, upload
from tests.commands import assert_sound
from tests.factories import make_company, make_invoice, make_job, make_tax, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking() -> Client:
    make_company()
    kestrel()
    client = Client()
    client.force_login(make_user(name="Mai Tran"))
    return client


def mapped() -> dict[str, Mapped]:
    return dict(profiles.current("sage-300").maps.get(Kind.CLIENT, {}))


def test_a_page_of_names_is_saved_whole_or_not_at_all(asking: Client) -> None:
    page = asking.get(CLIENTS)
    words = text(page)
    assert "1 needs a name, 0 mapped, 1 goes by our own. 1 waiting invoice cannot be in a file before" in words
    assert f"'{LONG}' has 14 characters, at most 12" in words
    assert words.index(f"Kestrel Inc. {LONG}") < words.index("Tallgrass County C-2")
    bad = save(asking, CLIENTS, page, theirs_0="KES", theirs_1="T\x07")
    assert bad.status_code == 422
    assert "Tallgrass County (C-2), Customer number: It has a character that cannot be printed." in text(bad)
    assert 'value="KES"' in bad.content.decode()
    assert mapped() == {}
    assert save(asking, CLIENTS, bad, theirs_0="KES", theirs_1="TAL").status_code == 302
    assert mapped() == {LONG: Mapped("KES"), "C-2": Mapped("TAL")}
    told = text(asking.get(CLIENTS))
    assert "2 lines changed." in told
    assert "0 need a name, 2 mapped, 0 go by our own. No waiting invoice wants a name." in told
    assert f"Kestrel Inc. ({LONG}): KES" in told
    assert_sound()


def test_two_people_at_one_page_do_not_overwrite_one_another(asking: Client) -> None:
    page = asking.get(CLIENTS)
    other("sage-300", Kind.CLIENT, "C-2", "TALL")
    assert save(asking, CLIENTS, page, theirs_0="KES").status_code == 302  # another line
    page = asking.get(f"{CLIENTS}?show=mapped")
    other("sage-300", Kind.CLIENT, LONG, "KESTREL")
    refused = save(asking, CLIENTS, page, theirs_0="K1", theirs_1="TALL")
    assert refused.status_code == 409
    assert "it was changed by K. Osei at" in text(refused)
    assert f"Kestrel Inc. ({LONG}) KESTREL K1" in text(refused)
    assert mapped() == {LONG: Mapped("KESTREL"), "C-2": Mapped("TALL")}
    assert save(asking, CLIENTS, refused, theirs_0="K1", theirs_1="TALL").status_code == 302
    assert mapped() == {LONG: Mapped("K1"), "C-2": Mapped("TALL")}


def test_account_and_further_value_stand_where_the_package_has_them(asking: Client) -> None:
    make_invoice(job=make_job(taxes=[make_tax("GST"), make_tax("PST", "7")]))
    url = f"{ROOT}sage-300/tax/?only=GST;PST"
    page = asking.get(url)
    shown = [name for name in ("0-theirs", "0-account", "0-extra") if f'name="{name}"' in page.content.decode()]
    assert shown == ["0-theirs", "0-extra"]
    assert save(asking, url, page, theirs_0="BC", extra_0="2;1").status_code == 302
    assert profiles.current("sage-300").maps[Kind.TAX] == {"GST;PST": Mapped("BC", "", "2;1")}


def test_two_clients_under_one_name_are_told_apart(asking: Client) -> None:
    """Writing a file with both is refused (exports/formats/once.py)."""
    other("sage-300", Kind.CLIENT, "C-2", "KES")
    assert save(asking, CLIENTS, asking.get(CLIENTS), theirs_0="kes", theirs_1="KES").status_code == 302
    words = text(asking.get(CLIENTS))
    assert "Same as C-2" in words
    assert f"Same as {LONG}" in words


def test_filters_search_and_one_line(asking: Client) -> None:
    other("sage-300", Kind.CLIENT, "C-2", "TALL")

    def shown(query: str) -> list[str]:
        found = hidden(asking.get(f"{CLIENTS}?{query}"))
        return [value for name, value in found.items() if name.endswith("-ours")]

    assert shown("") == shown("show=nonsense&q=") == [LONG, "C-2"]
    assert shown("show=needed") == shown("show=unmapped") == shown("q=kestrel") == [LONG]
    assert shown("show=mapped") == shown("q=tall+c-2") == shown("only=C-2") == ["C-2"]
    assert shown("only=C-9") == []


def test_a_waiting_client_leads_to_the_backlog(asking: Client) -> None:
    (address,) = re.findall(r'href="(/invoices/backlog/\?client=\d+)"', asking.get(CLIENTS).content.decode())
    assert "Kestrel Inc." in asking.get(address).content.decode()


def test_lines_that_are_not_ours_are_not_kept(asking: Client) -> None:
    data = {"0-ours": "X-9", "0-theirs": "X", "1-ours": "C-2", "1-theirs": "TAL"}
    page = asking.post(CLIENTS, data)
    assert page.status_code == 422
    assert "X-9, Customer number: It is not in use any more." in text(page)
    assert mapped() == {}
    twice = {"0-ours": LONG, "1-ours": LONG, "2-ours": "C-2", "2-theirs": "TAL"}
    assert asking.post(CLIENTS, twice).status_code == 302  # each value stays with its own line
    assert mapped() == {"C-2": Mapped("TAL")}
    assert asking.post(CLIENTS, {"7-ours": LONG, "7-theirs": "KES"}).status_code == 302
    assert mapped() == {"C-2": Mapped("TAL")}


def test_their_list_suggests_and_a_tick_takes(asking: Client) -> None:
    content = b"Customer,Name\nKES01,Kestrel\nTAL01,Tallgrass County of\n"
    assert upload(asking, content, column="Customer", description="name").status_code == 302
    page = asking.get(CLIENTS)
    assert "2 names of theirs.csv are kept." in text(page)
    assert f"For Kestrel Inc. ({LONG}) take KES01 Kestrel 100 % alike" in text(page)
    assert "TAL01 Tallgrass County of" in text(page)
    assert mapped() == {}
    both = save(asking, CLIENTS, page, take_0="KES01", theirs_0="OTHER")
    assert both.status_code == 422
    assert "A name is typed and the suggestion is ticked: leave one of them." in text(both)
    assert 'value="KES01" checked' in both.content.decode()
    assert save(asking, CLIENTS, page, take_0="KES01", theirs_1="TALL").status_code == 302
    assert mapped() == {LONG: Mapped("KES01"), "C-2": Mapped("TALL")}
    assert text(asking.get(CLIENTS)).count("Not in their list") == 1
    assert_sound()


def test_a_list_that_cannot_be_used_is_told_and_changes_nothing(asking: Client) -> None:
    assert upload(asking, b"Kestrel", name="a.txt").status_code == 302
    page = upload(asking, b"ID,Name\n1,2\n", column="Number")
    assert page.status_code == 422
    assert "Column of the name or code: The first row has no column “Number”. It has: ID, Name." in text(page)
    assert upload(asking, b"").status_code == 422
    assert upload(asking, b"x" * 2_000_001).status_code == 422
    assert asking.post(f"{CLIENTS}list/").status_code == 422
    assert PackageList.objects.get().names == [("Kestrel", "")]


def test_all_above_a_likeness_are_accepted_as_they_were_shown(asking: Client) -> None:
    upload(asking, b"Kestrel Ltd.\nTallgrass Counti\n", name="a.txt")
    assert "Accept 1 suggestion?" in text(asking.get(f"{CLIENTS}accept/?likeness=100"))
    page = asking.get(f"{CLIENTS}accept/?likeness=90")
    assert "Accept 2 suggestions?" in text(page)
    assert mapped() == {}
    other("sage-300", Kind.CLIENT, "C-2", "TALL")
    stale = asking.post(f"{CLIENTS}accept/", hidden(page))
    assert stale.status_code == 409
    assert "nothing was saved" in text(stale)
    assert asking.post(f"{CLIENTS}accept/", hidden(stale)).status_code == 302
    assert mapped() == {LONG: Mapped("Kestrel Ltd."), "C-2": Mapped("TALL")}
    assert "No suggestion" in text(asking.get(f"{CLIENTS}accept/?likeness=7"))
