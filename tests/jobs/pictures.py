"""Files as they come in: photos of telephones, and what is no photo."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

GPS = 0x8825
ORIENTATION = 0x0112


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    """A picture whose left half is red and whose right half is white."""
    image = Image.new("RGB", size, "white")
    image.paste((200, 0, 0), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.convert(mode).save(out, kind, **options)
    return out.getvalue()


def photo_of_a_telephone(*, orientation: int = 6) -> bytes:
    """With the place it was taken at, and turned by its EXIF only."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "Maker of telephones"
    exif.get_ifd(GPS).update({1: "N", 2: (53.0, 35.0, 12.0), 3: "W", 4: (116.0, 26.0, 0.0)})
    return picture(exif=exif)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_bomb(width: int = 12_800, height: int = 12_800) -> bytes:
    """A whole, valid PNG of one colour: 163.8 million pixels in 20 KB."""
    row = zlib.compressobj(9)
    line = b"\0" * (1 + width // 8)  # one bit a pixel
    body = b"".join(row.compress(line) for _ in range(height)) + row.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
HTML = b"<html><script>alert(document.domain)</script></html>"
