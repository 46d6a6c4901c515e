"""What a PDF is made of besides text, and why there is none."""

from typing import NamedTuple


class Asset(NamedTuple):
    """Something printed that is not text: its media type and its bytes."""

    content_type: str
    data: bytes


class PdfError(Exception):
    """A document cannot be printed; the message says why."""
