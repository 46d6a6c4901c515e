"""F81: what is kept of an upload, with real files: bombs, other formats, polyglots, damage, colours, metadata."""

import hashlib
import time
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from jobbook.jobs import reencode, uploads
from jobbook.jobs.models import FileType, StoredFile
from jobbook.jobs.uploads import LOGO, RECEIPT, BadUpload, FileGone, keep_picture, keep_picture_or_pdf
from tests.jobs.pictures import GPS, HTML, PDF, SVG, opened, photo_of_a_telephone, picture, png_bomb

pytestmark = pytest.mark.django_db


def kept(data: bytes) -> bytes:
    return uploads.read_kept(keep_picture_or_pdf(data, RECEIPT))


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    """As JPEG keeps colours."""
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("data", [picture(), picture("PNG")], ids=["jpeg", "png"])
def test_a_picture_becomes_a_jpeg(data: bytes) -> None:
    file = keep_picture(data, RECEIPT)
    found = opened(uploads.path_of(file).read_bytes())
    assert (found.format, found.mode, found.size) == ("JPEG", "RGB", (60, 40))
    assert near(found.getpixel((10, 20)), (200, 0, 0))
    assert near(found.getpixel((50, 20)), (255, 255, 255))
    assert (file.type, file.size) == (FileType.JPEG, len(uploads.read_kept(file)))
    assert file.sha256 == hashlib.sha256(uploads.read_kept(file)).hexdigest()


def test_a_large_photo_is_made_smaller() -> None:
    found = opened(kept(picture(size=(4000, 3000))))
    assert found.size == (2000, 1500)
    assert opened(uploads.read_kept(keep_picture(picture(size=(1200, 300)), LOGO))).size == (600, 150)


def test_where_a_photo_was_taken_is_gone_and_it_stands_upright() -> None:
    data = photo_of_a_telephone(orientation=6)
    assert opened(data).getexif().get_ifd(GPS)
    found = opened(kept(data))
    assert found.size == (40, 60)  # turned by a quarter, clockwise: what was left is above
    assert near(found.getpixel((20, 10)), (200, 0, 0))
    assert near(found.getpixel((20, 50)), (255, 255, 255))
    assert dict(found.getexif()) == {}
    assert not {"exif", "icc_profile", "comment"} & set(found.info)
    assert b"Maker" not in kept(data)


def test_comments_and_profiles_are_gone() -> None:
    data = picture(comment=b"written at home", icc_profile=b"p" * 200_000)
    assert b"written at home" not in kept(data)
    assert len(kept(data)) < 20_000


@pytest.mark.parametrize("side", [7_100, 12_800])
def test_a_bomb_is_refused_at_once(side: int) -> None:
    bomb = png_bomb(side, side)
    assert len(bomb) < 40_000
    began = time.monotonic()
    with pytest.raises(BadUpload, match="more than 50,000,000 pixels"):
        keep_picture(bomb, RECEIPT)
    assert time.monotonic() - began < 5


def test_the_most_that_is_decoded() -> None:
    """49 million pixels are decoded, in memory that is bounded."""
    assert opened(kept(png_bomb(7_000, 7_000))).size == (2000, 2000)


@pytest.mark.parametrize(
    "data",
    [SVG, b"<?xml version='1.0'?>" + SVG, picture("GIF"), picture("BMP"), picture("TIFF"), picture("WEBP"), HTML, b"x"],
    ids=["svg", "svg with head", "gif", "bmp", "tiff", "webp", "html", "x"],
)
def test_other_formats_are_refused(data: bytes) -> None:
    with pytest.raises(BadUpload, match="no PNG, JPEG or PDF"):
        keep_picture_or_pdf(data, RECEIPT)
    with pytest.raises(BadUpload, match="no PNG or JPEG"):
        keep_picture(data, RECEIPT)
    assert not StoredFile.objects.exists()


def test_of_a_polyglot_only_the_picture_stays() -> None:
    for data in (picture(comment=HTML) + HTML, picture("PNG") + HTML, picture() + b"PK\x03\x04archive"):
        assert b"script" not in kept(data)
        assert b"archive" not in kept(data)
        assert opened(kept(data)).size == (60, 40)
    with pytest.raises(BadUpload):
        keep_picture_or_pdf(b"GIF89a" + picture(), RECEIPT)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_truncated_picture_is_refused(kind: str) -> None:
    data = picture(kind, size=(900, 900), quality=95, compress_level=0)
    for part in (len(data) // 2, len(data) - 900):
        with pytest.raises(BadUpload, match="damaged"):
            keep_picture(data[:part], RECEIPT)
    with pytest.raises(BadUpload):
        keep_picture(data[:12], RECEIPT)


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "L"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "1")]
)
def test_every_kind_of_colour(kind: str, mode: str) -> None:
    found = opened(kept(picture(kind, mode=mode)))
    assert found.mode == "RGB"
    assert near(found.getpixel((50, 20)), (255, 255, 255))
    dark = found.getpixel((10, 20))
    assert isinstance(dark, tuple)
    assert dark[1] < 120


def test_sixteen_bits_of_grey_keep_their_shades(tmp_path: Path) -> None:
    row = (20_000).to_bytes(2, "little") * 30 + b"\xff\xff" * 30
    image = Image.frombytes("I;16", (60, 40), row * 40)
    name = tmp_path / "grey.png"
    image.save(name)
    found = opened(kept(name.read_bytes()))
    assert near(found.getpixel((10, 20)), (78, 78, 78))
    assert near(found.getpixel((50, 20)), (255, 255, 255))


def test_what_is_transparent_becomes_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    image.paste((0, 0, 200, 255), (0, 0, 30, 40))
    name = tmp_path / "clear.png"
    image.save(name)
    found = opened(kept(name.read_bytes()))
    assert near(found.getpixel((10, 20)), (0, 0, 200))
    assert near(found.getpixel((50, 20)), (255, 255, 255))


def test_too_large_and_empty_files_are_refused() -> None:
    for data in (PDF + b"\0" * 20_000_000, picture() + b"\0" * 20_000_000):
        with pytest.raises(BadUpload, match="at most 15,000,000"):
            keep_picture_or_pdf(data, RECEIPT)
    with pytest.raises(BadUpload, match="empty"):
        keep_picture_or_pdf(b"", RECEIPT)


def test_a_pdf_is_kept_as_it_is() -> None:
    file = keep_picture_or_pdf(PDF, RECEIPT)
    assert (file.type, uploads.read_kept(file)) == (FileType.PDF, PDF)
    assert uploads.path_of(file).suffix == ".pdf"


@pytest.mark.parametrize("head", [b"", b"\n", b"%PDF1.7", b"%!PS-Adobe-3.0\n", HTML], ids=range(5))
def test_a_pdf_with_another_head_is_refused(head: bytes) -> None:
    with pytest.raises(BadUpload, match="no PNG, JPEG or PDF"):
        keep_picture_or_pdf(head + PDF[1:] if not head else head + PDF, RECEIPT)


def test_a_pdf_is_no_picture() -> None:
    with pytest.raises(BadUpload, match="no PNG or JPEG"):
        keep_picture(PDF, LOGO)


def test_equal_contents_are_kept_once(settings: Settings) -> None:
    files = {keep_picture_or_pdf(data, RECEIPT).pk for data in (picture(), picture(), PDF, PDF)}
    assert len(files) == StoredFile.objects.count() == 2
    found = [path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file()]
    assert len(found) == 2
    assert {oct(path.stat().st_mode & 0o777) for path in found} == {"0o640"}


def test_a_kept_file_that_is_lost_or_changed_is_said_and_mended_by_the_same_upload() -> None:
    file = keep_picture_or_pdf(PDF, RECEIPT)
    uploads.path_of(file).write_bytes(PDF.replace(b"1.7", b"1.6"))
    with pytest.raises(FileGone):
        uploads.read_kept(file)
    assert uploads.read_kept(keep_picture_or_pdf(PDF, RECEIPT)) == PDF
    uploads.path_of(file).unlink()
    with pytest.raises(FileGone):
        uploads.read_kept(file)
    assert keep_picture_or_pdf(PDF, RECEIPT).pk == file.pk
    assert uploads.read_kept(file) == PDF


def test_the_decoder_is_stopped_when_it_takes_too_much(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = Path(reencode.__file__).read_text()
    small = tmp_path / "small.py"
    small.write_text(text.replace("MEMORY = 1_000_000_000", "MEMORY = 250_000_000"))
    monkeypatch.setattr(reencode, "__file__", str(small))
    with pytest.raises(BadUpload):
        keep_picture(png_bomb(7_000, 7_000), RECEIPT)
    assert opened(kept(picture())).size == (60, 40)


def test_the_decoder_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PATIENCE", 0.01)
    with pytest.raises(BadUpload, match="too long"):
        keep_picture(picture(), RECEIPT)


def test_the_decoder_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "spy.py"
    program.write_text("import os, sys\nsys.stderr.write(' '.join(os.environ))\nsys.exit(2)\n")
    monkeypatch.setattr(reencode, "__file__", str(program))
    with pytest.raises(BadUpload) as refused:
        keep_picture(picture(), RECEIPT)
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(str(refused.value).split())
