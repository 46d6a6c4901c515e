"""The URL table of the site, walked."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def names() -> set[str]:
    """The name of every address; one without a name stands with its route, and so has no row."""
    return {pattern.name or f"unnamed: {pattern.pattern}" for pattern in patterns()}
