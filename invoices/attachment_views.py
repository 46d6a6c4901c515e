"""Files of an invoice: add, download, take off. What is downloaded is never shown inline."""

import re
import unicodedata

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from invoices.attaching import attach, detach
from invoices.models import Attachment, Invoice
from jobbook.accounts.http import user_of
from jobbook.accounts.roles import Permission, requires
from jobbook.common.errors import Refused
from jobbook.common.http import inert, origin_of
from jobbook.jobs.models import FileType
from jobbook.jobs.uploads import BadUpload, Limits, check_size, keep_picture_or_pdf, path_of

TYPES = {FileType.JPEG: "image/jpeg", FileType.PDF: "application/pdf"}
_OTHER = re.compile(r"[^A-Za-z0-9_-]+")


@require_POST
@requires(Permission.INVOICE)
def invoice_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the file that was sent and add it."""
    user = user_of(request)
    invoice = get_object_or_404(Invoice.objects.visible_to(user), pk=pk)
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        messages.error(request, "Choose a file first.")
        return redirect("invoice_page", pk)
    try:
        check_size(sent.size or 0)
        file = keep_picture_or_pdf(sent.read(), Limits())
    except BadUpload as bad:
        messages.error(request, f"{_name(sent.name or '')} was not added. {bad}")
        return redirect("invoice_page", pk)
    try:
        attachment = attach(invoice.pk, file=file, name=_name(sent.name or ""), by=user, origin=origin_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("invoice_list")
    messages.success(request, f"{attachment.name} is added.")
    return redirect("invoice_page", pk)


def _name(text: str) -> str:
    """The name as it is shown: without a path, control characters or marks that reorder."""
    last = text.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip()
    return shown[:200] or "file"


@require_safe
@requires(Permission.SEE_INVOICES)
def invoice_attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bytes as they are kept, to be saved: a fixed type, a name from an allow-list, no script may run."""
    visible = Invoice.objects.visible_to(user_of(request))
    attachment = get_object_or_404(Attachment.objects.select_related("file"), pk=pk, invoice__in=visible)
    type_ = FileType(attachment.file.type)
    try:
        data = path_of(attachment.file).open("rb")
    except OSError:
        raise Http404 from None
    name = _file_name(attachment.name, type_)
    return inert(FileResponse(data, content_type=TYPES[type_]), name, disposition="attachment")


def _file_name(name: str, type_: FileType) -> str:
    plain = unicodedata.normalize("NFKD", name.rpartition(".")[0] or name).encode("ascii", "ignore").decode()
    return f"{_OTHER.sub('-', plain).strip('-_')[:80] or 'file'}.{type_.value}"


@require_POST
@requires(Permission.INVOICE)
def invoice_detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file off."""
    user = user_of(request)
    visible = Invoice.objects.visible_to(user)
    attachment = get_object_or_404(Attachment, pk=pk, invoice__in=visible)
    try:
        detach(pk, by=user, origin=origin_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{attachment.name} is taken off.")
    return redirect("invoice_page", attachment.invoice_id)
