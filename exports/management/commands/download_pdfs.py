"""`manage.py download_pdfs (--admin-queue | --invoice NUMBER ...) --output FILE.zip [--by EMAIL]`."""

from typing import Any

from exports.command_line import FileCommand
from exports.formats import PDF_ZIP


class Command(FileCommand):
    help = "Writes a ZIP with a PDF of each invoice and an index: a numbered run like the page's."

    def act(self, **options: Any) -> None:
        self.make_file(PDF_ZIP, options)
