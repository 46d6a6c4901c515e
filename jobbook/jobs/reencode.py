"""A program, not a module of the site: a PNG or JPEG comes in on stdin, a JPEG without metadata goes out on stdout.

It runs in a process of its own (jobs/uploads.py), with little memory and time, since pictures are made by strangers
and decoders have faults. It answers with exit code 2 and a sentence on stderr for what can't be kept.

    python -I reencode.py LONGER_SIDE MOST_PIXELS
"""

import io
import resource
import sys
import warnings

from PIL import Image, ImageOps

MEMORY = 1_000_000_000  # bytes of address space: a PNG of 50 million pixels with transparency takes 200 MB, twice
SECONDS = 20  # of CPU
REFUSED = 2  # the exit code that comes with a sentence


class BadPicture(ValueError):
    """The sentence is for the user."""


def limit() -> None:
    """Within these the kernel stops a picture that wants more than any photo does."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file


def opened(data: bytes, most_pixels: int) -> Image.Image:
    """The picture, not yet decoded: by its content, whatever its name says."""
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture(f"The picture has more than {most_pixels:,} pixels. Make it smaller.") from error
    except Exception as error:  # damaged headers fail in many ways
        raise BadPicture("The file is no PNG or JPEG picture.") from error
    if picture.width * picture.height > most_pixels:
        raise BadPicture(f"The picture has more than {most_pixels:,} pixels. Make it smaller.")
    return picture


def as_jpeg(picture: Image.Image, side: int) -> bytes:
    """Upright, its longer side `side` pixels at most, on white since JPEG knows no transparency."""
    picture.draft("RGB", (side, side))  # a large JPEG is decoded at a fraction of its size
    if picture.mode.startswith("I"):  # 16 bits of grey, which `convert` would cut off at 255
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in {"1", "P"}:  # made smaller as they are, their letters lose strokes
        picture = picture.convert("RGBA")
    picture.thumbnail((side, side))
    shown = ImageOps.exif_transpose(picture).convert("RGBA")
    page = Image.new("RGB", shown.size, "white")
    page.paste(shown, mask=shown.getchannel("A"))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=85)
    return out.getvalue()


def main(side: int, most_pixels: int) -> None:
    limit()
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    picture = opened(sys.stdin.buffer.read(), most_pixels)
    try:
        written = as_jpeg(picture, side)
    except Exception as error:
        raise BadPicture("The picture is damaged.") from error
    sys.stdout.buffer.write(written)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), int(sys.argv[2]))
    except BadPicture as wrong:
        sys.stderr.write(str(wrong))
        sys.exit(REFUSED)
