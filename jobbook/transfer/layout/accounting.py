"""What accounting packages call what is ours, and the settings of their files."""

from exports.formats import accounting_formats
from exports.formats.profile import Kind
from exports.models import ProfileEntry
from jobbook.transfer.columns import FileSpec, column, texts
from jobbook.transfer.values import choice, text

ACCOUNTING = FileSpec(
    "accounting.csv",
    ProfileEntry,
    "profile_entry",
    ("format", "kind", "ours"),
    (
        column("format", choice([each.slug for each in accounting_formats()]), required=True),
        column("kind", choice([each.value for each in Kind]), required=True),
        column("ours", text(ProfileEntry, "ours"), required=True, may_be_empty=True),
        column("theirs", text(ProfileEntry, "theirs"), required=True, may_be_empty=True),
        *texts(ProfileEntry, "account extra"),
    ),
)
