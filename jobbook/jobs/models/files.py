"""Uploads that are kept: logos, receipts, attachments. The row names the file by its hash (jobs/uploads.py)."""

from django.db import models


class FileType(models.TextChoices):
    JPEG = "jpg", "Picture"
    PDF = "pdf", "PDF"


class StoredFile(models.Model):
    """One content, kept once, below FILES_DIR/uploads. Whoever names it gives it its own name.

    uploaded_at: the last time. Empty: it stays for good, since invoices and exports name logos by their hash.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    type = models.CharField(max_length=4, choices=FileType.choices)
    size = models.PositiveIntegerField()  # bytes
    uploaded_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.sha256[:16]}.{self.type}"
