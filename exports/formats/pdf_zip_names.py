"""The names of what is in a ZIP of PDFs: by the firm's pattern, unique even where case is ignored."""

import re
from collections.abc import Mapping

from invoices.document import InvoiceData
from invoices.pdf.names import MAX_BYTES, PATTERN, clean, folder_name, name_by

_BACKUP_BYTES = 25  # "_DWR-8001" and what makes it unique
_INDEX = re.compile(r"index(-\d+)?")  # the index and its parts


class Names:
    """The names given so far, case folded. Numbers are unique, but two may look alike once cleaned."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.pattern = settings.get("names", PATTERN)
        self.by_client = settings.get("folders") == "client"
        backup = _BACKUP_BYTES if settings.get("backup") == "records" else 0
        self.room = MAX_BYTES - len(".pdf") - backup
        self.taken: set[str] = set()
        self.folders: dict[str, str] = {}  # client number -> folder

    def give(self, invoice: InvoiceData) -> str:
        """The name of a document: 'INV-10443_Birchline-Energy.pdf', below its client's folder if there is one."""
        folder = f"{self._folder(invoice)}/" if self.by_client else ""
        name, again = folder + self._stem(invoice, ""), 1
        while not self._take(f"{name}.pdf"):
            again += 1
            name = folder + self._stem(invoice, f"-{again}")
        return f"{name}.pdf"

    def backup(self, document: str, record_number: str) -> str:
        """The name of a DWR, right after that of its document: 'INV-10443_Birchline-Energy_DWR-8001.pdf'."""
        stem = f"{document.removesuffix('.pdf')}_DWR-{clean(record_number, 12)}"
        name, again = stem, 1
        while not self._take(f"{name}.pdf"):
            again += 1
            name = f"{stem}-{again}"
        return f"{name}.pdf"

    def _stem(self, invoice: InvoiceData, suffix: str) -> str:
        name = name_by(self.pattern, invoice, suffix=suffix, room=self.room)
        return f"doc-{name}" if _INDEX.fullmatch(name.casefold()) else name

    def _take(self, name: str) -> bool:
        key = name.casefold()
        if key in self.taken:
            return False
        self.taken.add(key)
        return True

    def _folder(self, invoice: InvoiceData) -> str:
        """One folder a client, whatever it was called on its invoices; two clients never share one."""
        if invoice.client_number not in self.folders:
            plain = name = folder_name(invoice)
            again, others = 1, {folder.casefold() for folder in self.folders.values()}
            while name.casefold() in others:
                again += 1
                name = f"{plain}-{again}"
            self.folders[invoice.client_number] = name
        return self.folders[invoice.client_number]
