"""How the firm wants its files, format by format: kept as rows, read as a frozen Profile, kept with each run."""

import hashlib
import json
from collections import defaultdict

from exports.formats import accounting_formats, get_format
from exports.formats.base import Format
from exports.formats.profile import CURRENCY, NOTHING, Kind, Mapped, Profile, from_plain, with_defaults
from exports.models import ExportRun, FrozenProfile, ProfileEntry
from jobbook.common.audit import canonical
from jobbook.jobs.models import Company


def kept(slug: str) -> Profile:
    """The profile of a format as the pages keep it: what was chosen, else defaults. Raises UnknownFormat."""
    format_ = get_format(slug)
    given: dict[str, str] = {}
    maps: dict[str, dict[str, Mapped]] = defaultdict(dict)
    rows = ProfileEntry.objects.filter(format=format_.slug).order_by("kind", "ours")
    for kind, ours, theirs, account, extra in rows.values_list("kind", "ours", "theirs", "account", "extra"):
        mapped = Mapped(theirs, account, extra)
        if kind == Kind.SETTING:
            given[ours] = theirs
        elif mapped != NOTHING:
            maps[kind][ours] = mapped
    return Profile(with_defaults(format_.settings, given), maps)


def default_format() -> Format:
    """The company's accounting format; the first there is when its setting names none."""
    wanted = Company.current().default_format
    known = accounting_formats()
    return next((each for each in known if each.slug == wanted), known[0])


def current(slug: str) -> Profile:
    """The profile that a file is written with now: the kept one, with the firm's currency. Raises UnknownFormat."""
    profile = kept(slug)
    if profile.settings.get(CURRENCY.name) != "":
        return profile
    return Profile({**profile.settings, CURRENCY.name: Company.current().currency}, profile.maps)


def freeze(profile: Profile) -> FrozenProfile:
    """The profile as it stands behind a run; equal ones are one row."""
    text = canonical(profile.as_plain())
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return FrozenProfile.objects.get_or_create(sha256=sha256, defaults={"text": text})[0]


def of_run(run: ExportRun) -> Profile:
    """The profile a run is written with."""
    return frozen(run.profile)


def frozen(kept: FrozenProfile) -> Profile:
    """The profile of a kept row."""
    return from_plain(json.loads(kept.text))
