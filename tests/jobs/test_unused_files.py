"""Uploads that nothing names any more are swept away, with their bytes; never one that is young, or a logo."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from invoices.models import Attachment
from jobbook.jobs.models import Company, StoredFile
from jobbook.jobs.unused_files import LIFE, remove_unused
from jobbook.jobs.uploads import LOGO, RECEIPT, keep_picture, keep_picture_or_pdf, path_of
from tests.factories import make_company, make_expense, make_invoice
from tests.jobs.pictures import PDF, picture

pytestmark = pytest.mark.django_db(transaction=True)


def old(file: StoredFile) -> StoredFile:
    StoredFile.objects.filter(pk=file.pk).exclude(uploaded_at=None).update(uploaded_at=timezone.now() - LIFE * 2)
    return file


def is_there(file: StoredFile) -> bool:
    rows = StoredFile.objects.filter(sha256=file.sha256).exists()
    assert path_of(file).is_file() == rows
    return rows


def test_what_nothing_names_goes_after_two_days() -> None:
    file = keep_picture_or_pdf(PDF, RECEIPT)
    assert remove_unused() == 0
    StoredFile.objects.update(uploaded_at=timezone.now() - LIFE + timedelta(minutes=1))
    assert remove_unused() == 0
    assert is_there(file)
    old(file)
    assert remove_unused() == 1
    assert not is_there(file)
    assert keep_picture_or_pdf(PDF, RECEIPT).pk != file.pk
    assert is_there(file)


def test_what_is_named_stays() -> None:
    receipt, file = (old(keep_picture_or_pdf(data, RECEIPT)) for data in (picture(), PDF))
    make_expense(receipt=receipt)
    Attachment.objects.create(invoice=make_invoice(), file=file, name="a.pdf", added_at=timezone.now())
    assert remove_unused() == 0
    Attachment.objects.all().delete()
    assert remove_unused() == 1
    assert is_there(receipt)
    assert not is_there(file)


def test_a_logo_stays_for_good() -> None:
    """Invoices and kept exports name it by its hash, and are printed again with it."""
    first, second = keep_picture(picture(), LOGO), keep_picture(picture("PNG", size=(30, 30)), LOGO)
    make_company()
    for logo in (first, second):
        old(logo)
        Company.objects.update(logo=logo)
    assert remove_unused() == 0
    Company.objects.update(logo=None)
    old(keep_picture(picture(), RECEIPT))  # the same content as a receipt
    assert remove_unused() == 0
    assert is_there(first)
    assert is_there(second)


def test_an_upload_renews_what_is_there() -> None:
    file = old(keep_picture_or_pdf(PDF, RECEIPT))
    assert keep_picture_or_pdf(PDF, RECEIPT).pk == file.pk
    assert remove_unused() == 0
    old(file)
    keep_picture_or_pdf(picture(), LOGO)
    assert remove_unused() == 1


def test_what_a_stopped_process_left_goes() -> None:
    folder = path_of(keep_picture_or_pdf(PDF, RECEIPT)).parent
    for name, age in (("young.part", timedelta(hours=1)), ("old.part", LIFE * 2)):
        (folder / name).write_bytes(b"half")
        moment = (timezone.now() - age).timestamp()
        os.utime(folder / name, (moment, moment))
    remove_unused()
    assert not (folder / "old.part").exists()
    assert (folder / "young.part").exists()
