"""The printed invoice: WeasyPrint, one bundled font, a fetcher that refuses everything else, a store of files."""
