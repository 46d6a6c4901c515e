"""Import folders for the tests: the real one, a small one that is right, and ways to break it."""

from pathlib import Path

REAL = Path(__file__).resolve().parent.parent / "data" / "online-retail"


def real_files() -> dict[str, bytes | Path]:
    """The files of the real data, by name."""
    return {path.name: path for path in sorted(REAL.glob("*.csv"))}
