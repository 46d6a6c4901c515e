"""Drawn signatures: strokes of whole numbers in a box, kept as text and shown as a path of our own making.

The text is "x,y x,y ...;x,y ...": strokes between ";", points between blanks, x from 0 to 1000, y from 0 to 300.
Nothing else ever reaches a page or a PDF, so no drawing can carry markup.
"""

import re

WIDTH, HEIGHT = 1000, 300
MOST_POINTS = 3_000
_STROKE = re.compile(r"[0-9]{1,4},[0-9]{1,3}(?: [0-9]{1,4},[0-9]{1,3})*", re.ASCII)

Point = tuple[int, int]


class BadDrawing(ValueError):
    """The text is no drawing."""


def strokes(text: str) -> list[list[Point]]:
    """The points of each stroke. BadDrawing for anything that is not exactly a drawing; [] for ''."""
    if not text:
        return []
    found: list[list[Point]] = []
    for part in text.split(";"):
        if not _STROKE.fullmatch(part):
            raise BadDrawing("The drawing is damaged. Draw it again.")
        found.append([_point(pair) for pair in part.split(" ")])
    if sum(map(len, found)) > MOST_POINTS:
        raise BadDrawing("The drawing has too many points. Draw it again, more simply.")
    return found


def _point(pair: str) -> Point:
    x, y = map(int, pair.split(","))
    if x > WIDTH or y > HEIGHT:
        raise BadDrawing("The drawing leaves its box. Draw it again.")
    return x, y


def svg_path(text: str) -> str:
    """The `d` of an SVG path in a viewBox of 1000 x 300; a dot is a stroke of no length."""
    return " ".join(
        f"M{stroke[0][0]} {stroke[0][1]}" + "".join(f"L{x} {y}" for x, y in stroke[1:] or stroke[:1])
        for stroke in strokes(text)
    )
