"""What the PDF renderer may load: the assets handed to it, by name, and nothing else.

WeasyPrint's own fetcher reads files and the network for whoever gets a tag or a CSS url into a document.
"""

from collections.abc import Mapping
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from jobbook.common.printing.assets import Asset


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Answers the names of `assets` and stops the render at any other; `used` are the names asked for."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        super().__init__(timeout=1, allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.assets = assets
        self.used: set[str] = set()

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url not in self.assets:
            # A BaseException: WeasyPrint swallows ordinary ones and leaves an empty place.
            raise FatalURLFetchingError(f"The document asks for {url[:200]!r}.")
        self.used.add(url)
        content_type, data = self.assets[url]
        return URLFetcherResponse(url, data, {"Content-Type": content_type})
