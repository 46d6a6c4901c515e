"""Asking the pages of expenses, and reading their answers."""

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jobbook.accounts.models import User
from jobbook.jobs.models import Job


def of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def form_data(job: Job, **fields: Any) -> dict[str, Any]:
    data = {"date": "2026-11-20", "job": job.pk, "employee": "T. Okafor", "amount": "42.50", "item": "Fuel"}
    return {**data, "submit": "on", "key": str(uuid4()), **fields}


def upload(data: bytes, name: str = "IMG_0001.JPG") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")
