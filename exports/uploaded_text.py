"""Text that a program of accounting exported: in UTF-8, or in the code page of Western Windows."""

UTF_8_OR_WINDOWS = ("utf-8-sig", "cp1252")


def decoded(data: bytes, encodings: tuple[str, ...] = UTF_8_OR_WINDOWS) -> str | None:
    """By the first encoding that fits; None when none does."""
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
