"""The import page: what is in the ZIP, looking first, importing the very upload, links shown once."""

import io
import os
import re
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jobbook.accounts.models import User
from jobbook.common.models import AuditEntry
from jobbook.jobs.models import Company, Office, Tax
from jobbook.transfer.upload import LIFE, MOST_BYTES, MOST_ENTRIES, MOST_UNPACKED, BadUploadError, files_of
from tests.commands import assert_sound
from tests.factories import make_company, make_job, make_tax, make_user
from tests.transfer.folders import SMALL

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/setup/import/"
TAXES = "code,name,rate\nGST,Goods and services tax,5\n"


def packed(files: dict[str, str | bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def asking() -> Client:
    return of(make_user(name="Mai Tran"))


def look(asking: Client, data: bytes) -> Any:
    return asking.post(PAGE, {"file": SimpleUploadedFile("firm.zip", data)})


def text(response: Any) -> str:
    return str(response.content.decode()).replace("&quot;", '"').replace("&#x27;", "'")


def sha256_in(response: Any) -> str:
    found = re.search(r'name="sha256" value="([0-9a-f]{64})"', text(response))
    assert found, text(response)
    return found[1]


def test_looked_at_first_then_imported(asking: Client, data_directory: Path) -> None:
    looked = look(asking, packed(dict(SMALL)))
    assert looked.status_code == 200
    assert "Nothing is written yet." in text(looked)
    assert re.search(r'>jobs.csv</th><td class="num">3</td><td class="num">0</td>', text(looked))
    assert "To be invited: A. Admin, R. Manager." in text(looked)
    assert not Company.objects.exists()
    assert not AuditEntry.objects.exists()
    (kept,) = (data_directory / "imports").iterdir()
    assert kept.stat().st_mode & 0o077 == 0

    done = asking.post(PAGE, {"sha256": sha256_in(looked)})
    assert done.status_code == 200
    assert Company.current().name == "Northfork Ltd."
    assert re.search(r'>users.csv</th><td class="num">3</td>', text(done))
    links = re.findall(r'readonly value="([^"]+)"', text(done))
    assert len(links) == 2  # the technician is not active
    assert all("/link/" in link for link in links)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_name, len(entry.request_id)) == ("data.import", "Mai Tran", 32)
    assert list((data_directory / "imports").iterdir()) == []
    assert_sound()

    again = asking.post(PAGE, {"sha256": sha256_in(looked)})
    assert again.status_code == 409
    assert "it was imported, or replaced" in text(again)
    assert AuditEntry.objects.count() == 1


def test_a_folder_in_the_zip_and_what_macos_adds_are_read(asking: Client) -> None:
    files: dict[str, str | bytes] = {"firm/taxes.csv": TAXES, "__MACOSX/firm/._taxes.csv": b"\x00", "firm/": b""}
    assert files_of(packed(files)) == {"taxes.csv": TAXES.encode()}


def test_every_problem_is_listed_and_nothing_kept(asking: Client, data_directory: Path) -> None:
    make_job(taxes=[make_tax("GST", "5")])
    response = look(asking, packed({"taxes.csv": "code,name,rate\nGST,G,6\nX,,x\n<b>,B,1;2\n"}))
    page = text(response)
    assert response.status_code == 422
    assert "4 problems; nothing was written" in page
    assert 'taxes.csv:2: rate: "GST" is in use with the rate 5; a new rate is a new code' in page
    assert "taxes.csv:3: name: must not be empty" in page
    assert "<b>," not in page
    assert not (data_directory / "imports").exists()
    assert Tax.objects.count() == 1


def test_many_problems_are_counted(asking: Client) -> None:
    rows = "".join(f"T{number},,1\n" for number in range(500))
    page = text(look(asking, packed({"taxes.csv": f"code,name,rate\n{rows}"})))
    assert "500 problems; nothing was written" in page
    assert page.count("must not be empty") == 200


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"readme.txt": "x"}, '"readme.txt" is not a file of the import folder.'),
        ({"../taxes.csv": TAXES, "/etc/taxes.csv": TAXES}, "is not a file of the import folder."),
        ({"a/b/taxes.csv": TAXES}, '"a/b/taxes.csv" is not a file of the import folder.'),
        ({"taxes.csv": TAXES, "a/offices.csv": "name\nEdson\n"}, "The files are in several folders."),
        ({"a/taxes.csv": TAXES, "b/taxes.csv": TAXES}, "taxes.csv is in the ZIP twice."),
        ({"TAXES.CSV": TAXES}, '"TAXES.CSV" is not a file of the import folder.'),
        ({}, "The ZIP has none of company.csv"),
        ({"__MACOSX/x": "x"}, "The ZIP has none of company.csv"),
        ({f"a{number}/": "" for number in range(MOST_ENTRIES + 1)}, "more than 40 entries"),
    ],
)
def test_foreign_names_are_refused(asking: Client, files: dict[str, str | bytes], words: str) -> None:
    response = look(asking, packed(files))
    assert response.status_code == 422
    assert words in text(response)


def test_a_bomb_is_read_to_the_limit_only(asking: Client) -> None:
    bomb = packed({"taxes.csv": b"0" * (MOST_UNPACKED + 1)})
    assert len(bomb) < 100_000
    assert "The files in the ZIP have more than 25,000,000 bytes." in text(look(asking, bomb))


def test_the_limit_is_of_all_files_together_whatever_sizes_the_zip_says() -> None:
    half = b"0" * (MOST_UNPACKED // 2 + 1)
    with pytest.raises(BadUploadError, match="more than 25,000,000 bytes"):
        files_of(packed({"taxes.csv": half, "offices.csv": half}))
    small = packed({"taxes.csv": b"0" * 5000})
    at = small.index(b"PK\x01\x02") + 24  # the size it says, in the directory
    with pytest.raises(BadUploadError, match="damaged"):
        files_of(small[:at] + (10).to_bytes(4, "little") + small[at + 4 :])


@pytest.mark.parametrize("data", [b"no zip", b"PK\x05\x06", b"PK\x05\x06" + b"\xff" * 18, b""])
def test_what_is_no_zip_is_refused(asking: Client, data: bytes) -> None:
    response = look(asking, data)
    assert response.status_code == 422
    assert "ZIP of the import folder: The " in text(response)


def test_a_damaged_or_strange_zip_is_refused() -> None:
    whole = packed({"taxes.csv": os.urandom(5000)})
    for broken in (whole[:60] + b"\xff" * 200 + whole[260:], whole[:-40] + whole[-30:]):
        with pytest.raises(BadUploadError):
            files_of(broken)
    with pytest.raises(BadUploadError, match="packed in a way"):
        files_of(packed({"taxes.csv": TAXES}, zipfile.ZIP_LZMA))
    encrypted = bytearray(packed({"taxes.csv": TAXES}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.index(mark) + offset] |= 1
    with pytest.raises(BadUploadError, match="encrypted"):
        files_of(bytes(encrypted))


def test_a_directory_of_many_entries_is_not_even_listed() -> None:
    many = packed({f"{number}.csv": "" for number in range(3000)})
    at = many.rindex(b"PK\x05\x06")
    locator = b"PK\x06\x07" + bytes(16)  # of ZIP64: the list it names may be longer than the one named here
    hidden = many[:at] + locator + many[at : at + 12] + bytes(4) + many[at + 16 :]
    for data in (many, hidden):
        with pytest.raises(BadUploadError, match="list is too long"):
            files_of(data)


def test_more_bytes_than_allowed_are_refused(asking: Client) -> None:
    assert "at most 25,000,000 can be uploaded" in text(look(asking, b"0" * (MOST_BYTES + 1)))


def test_another_file_than_the_one_shown_is_not_imported(asking: Client) -> None:
    first = sha256_in(look(asking, packed({"taxes.csv": TAXES})))
    look(asking, packed({"offices.csv": "name\nHinton\n"}))  # in another tab
    response = asking.post(PAGE, {"sha256": first})
    assert response.status_code == 409
    assert "Another file was uploaded after the one shown." in text(response)
    assert not Tax.objects.exists()
    assert not Office.objects.exists()


def test_nobody_imports_the_upload_of_another(asking: Client) -> None:
    sha256 = sha256_in(look(asking, packed({"taxes.csv": TAXES})))
    assert of(make_user()).post(PAGE, {"sha256": sha256}).status_code == 409
    assert not Tax.objects.exists()
    assert asking.post(PAGE, {"sha256": sha256}).status_code == 200


def test_an_upload_is_kept_for_an_hour(asking: Client, data_directory: Path) -> None:
    sha256 = sha256_in(look(asking, packed({"taxes.csv": TAXES})))
    (kept,) = (data_directory / "imports").iterdir()
    long_ago = time.time() - LIFE - 5
    os.utime(kept, (long_ago, long_ago))
    response = asking.post(PAGE, {"sha256": sha256})
    assert "older than an hour" in text(response)
    assert not kept.exists()


def test_forgotten_uploads_go_with_the_next(asking: Client, data_directory: Path) -> None:
    look(of(make_user()), packed({"taxes.csv": TAXES}))
    (forgotten,) = (data_directory / "imports").iterdir()
    long_ago = time.time() - LIFE - 5
    os.utime(forgotten, (long_ago, long_ago))
    look(asking, packed({"taxes.csv": TAXES}))
    assert not forgotten.exists()
    assert len(list((data_directory / "imports").iterdir())) == 1


def test_what_became_wrong_since_is_told_and_not_imported(asking: Client) -> None:
    make_company()
    tax = make_tax("GST", "7")
    sha256 = sha256_in(look(asking, packed({"taxes.csv": TAXES})))
    make_job(taxes=[tax])
    response = asking.post(PAGE, {"sha256": sha256})
    assert response.status_code == 409
    assert "is in use with the rate 7" in text(response)
    tax.refresh_from_db()
    assert tax.rate == 7


def test_nothing_chosen_is_named(asking: Client) -> None:
    assert "ZIP of the import folder: This field is required." in text(asking.post(PAGE))
