"""The lists of packages as they were uploaded: kept one for each format and kind, audited."""

from django.db import transaction

from exports.formats import get_format
from exports.formats.profile import NOTHING, Kind
from exports.models import PackageList
from exports.package_file import Names
from exports.profile_rules import refusals_of
from jobbook.common.audit import NOWHERE, Actor, Operation, Origin, canonical
from jobbook.common.errors import Refusal, Refused

LIST = "package_list"  # object_type of audit items


def keep_list(
    slug: str, kind: Kind, names: Names, *, file_name: str, by: Actor, origin: Origin = NOWHERE
) -> PackageList:
    """Put an uploaded list in the place of the one before. Refused for a kind that the format does not map."""
    if refusals := [Refusal(column, reason) for column, reason in refusals_of(get_format(slug), kind, "", NOTHING)]:
        raise Refused("No list was kept.", refusals)
    with transaction.atomic(durable=True):
        operation = Operation(by, "profile.list", origin=origin)
        row = PackageList.objects.filter(format=slug, kind=kind).first() or PackageList(format=slug, kind=kind)
        before = {"file": row.file_name, "names": len(row.names)} if row.pk else None
        row.text, row.file_name = canonical(names), file_name
        row.uploaded_at, row.uploaded_by_name = operation.at, by.name
        row.save()
        operation.item(LIST, row.pk, before=before, after={"file": file_name, "names": len(names)}).save()
        operation.close(format=slug, kind=str(kind))
    return row


def kept_list(slug: str, kind: Kind) -> PackageList | None:
    """The list as it was uploaded last."""
    return PackageList.objects.filter(format=slug, kind=kind).first()
