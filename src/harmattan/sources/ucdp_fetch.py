"""Gets UCDP GED from its publisher: whole files without a key, or some countries from the interface with a token.

What is wanted without a version is UCDP's own recipe: the newest yearly file, then the candidates from January on in
one file as far as there is one, then the files of the months after it. Each is a release of its own; those that the
lake has are not asked for again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from harmattan.errors import FetchError, UsageError
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.line import Line, shown
from harmattan.sources.reading import Options
from harmattan.sources.ucdp_api import Api, extract_label, walk
from harmattan.sources.ucdp_ged_release import labelled_period
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import COUNTRIES, unknown_country
from harmattan.vocabulary.period import Month, Period

DOWNLOADS = "https://ucdp.uu.se/downloads"
TOKEN = "UCDP_TOKEN"
YEARS_BACK = 3
"""How many yearly versions are tried before the newest counts as not found."""

Get = Callable[[str], Fetched | None]
"""One version, or None where UCDP has none of that name yet."""


def fetch(wanted: Wanted, line: Line, journal: Journal, secrets: Secrets) -> list[Fetched]:
    """The releases that are wanted and not in the lake yet, each with its files, the yearly one first.

    With countries and a token (UCDP_TOKEN) the interface is asked for them; else whole files are downloaded. Raises
    UsageError for a version that UCDP cannot have, FetchError where it is not out or has changed.
    """
    for place in wanted.places:
        if place not in COUNTRIES:
            raise unknown_country(place, COUNTRIES)
    token = secrets.get(TOKEN) if wanted.places else None
    get = _from_pages(wanted, line, journal, token) if token else _from_files(wanted, line, journal)
    if wanted.label is None:
        return _recipe(wanted, get, by_country=bool(token))
    if labelled_period(wanted.label) is None or "-" in wanted.label:
        raise UsageError(
            T("{label} is not a version of UCDP GED.", label=Verbatim(wanted.label)),
            available=T("Versions are written {forms}.", forms=Verbatim("26.1, 26.0.8, 26.01.26.06")),
        )
    found = get(wanted.label)
    if found is None:
        raise FetchError(
            T("UCDP has no version {label}, or not yet.", label=Verbatim(wanted.label)),
            do=T("Leave the version out to get the newest there is."),
        )
    return [found]


def file_name(version: str) -> str:
    """The name of a version's file below UCDP's downloads.

    >>> file_name("26.1"), file_name("26.0.8")
    ('ged/ged261-csv.zip', 'candidateged/GEDEvent_v26_0_8.csv')
    """
    if version.count(".") == 1:
        return f"ged/ged{version.replace('.', '')}-csv.zip"
    return f"candidateged/GEDEvent_v{version.replace('.', '_')}.csv"


def asked_days(wanted: Wanted, version: str) -> Period | None:
    """The days of a version that are wanted, or None."""
    whole = labelled_period(version)
    if whole is None:
        return None
    return whole.meet(Period(wanted.start or dt.date.min, wanted.end or dt.date.max))


def _recipe(wanted: Wanted, get: Get, *, by_country: bool) -> list[Fetched]:
    found: list[Fetched] = []

    def there(version: str) -> bool:
        if (extract_label(version, wanted) if by_country else version) in wanted.have:
            return True
        got = get(version)
        if got is not None and (not by_country or asked_days(wanted, version)):
            found.append(got)
        return got is not None

    this = wanted.today.year
    yearly = next((year for year in range(this + 1, this - YEARS_BACK, -1) if there(f"{year % 100:02d}.1")), None)
    if yearly is None:
        raise FetchError(
            T("No yearly version of UCDP GED was found, from {first} to {last}.",
              first=Verbatim(f"{(this - YEARS_BACK + 1) % 100}.1"), last=Verbatim(f"{(this + 1) % 100}.1")),
            do=T("Name one with {option}.", option=Verbatim("--release 26.1")),
        )  # fmt: skip
    newest = Month.of(wanted.today) + -1
    for year in range(yearly, newest.year + 1):
        last, short = newest.month if year == newest.year else 12, f"{year % 100:02d}"
        upto = next((m for m in range(last, 0, -1) if there(f"{short}.01.{short}.{m:02d}")), 0)
        for month in range(upto + 1, last + 1):
            there(f"{short}.0.{month}")
    return found


def _from_files(wanted: Wanted, line: Line, journal: Journal) -> Get:
    base = (wanted.base or DOWNLOADS).rstrip("/")

    def get(version: str) -> Fetched | None:
        url = f"{base}/{file_name(version)}"
        path = journal.folder / url.rpartition("/")[2]
        if path.name not in journal.names:
            if not line.download(url, path):
                return None
            if _is_web_page(path):
                path.unlink()
                return None
            _refuse_cut(path, url)
            journal.note(path.name)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        known = wanted.have.get(version, frozenset())
        if known and digest not in known:
            journal.start_again()
            raise _changed(version, url, digest, known)
        return Fetched([path], Options(label=version))

    return get


def _from_pages(wanted: Wanted, line: Line, journal: Journal, token: str) -> Get:
    api = Api(line, token, wanted.base)

    def get(version: str) -> Fetched | None:
        pages = walk(api, journal, version, wanted)
        if pages is None:
            return None
        days = asked_days(wanted, version)
        label, places = extract_label(version, wanted), tuple(sorted(set(wanted.places)))
        start, end = (days.start, days.end) if days else (None, None)
        return Fetched(pages, Options(label=label, places=places, start=start, end=end))

    return get


def _is_web_page(path: Path) -> bool:
    """Whether a server sent a page for people in place of a file that it does not have."""
    with path.open("rb") as file:
        return file.read(200).lstrip().lower().startswith((b"<!doctype", b"<html"))


def _refuse_cut(path: Path, url: str) -> None:
    """Raises FetchError for a zip that is not whole, and forgets it."""
    if path.suffix != ".zip":
        return
    try:
        with zipfile.ZipFile(path) as archive:
            whole = archive.testzip() is None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
        whole = False
    if not whole:
        path.unlink()
        raise FetchError(
            T("{where} came cut off or damaged; nothing was taken.", where=Verbatim(shown(url))),
            do=T("Say the same again later."),
        )


def _changed(version: str, url: str, digest: str, known: frozenset[str]) -> FetchError:
    return FetchError(
        T(
            "UCDP has changed its file of version {version}: its SHA-256 begins with {now}, that of the one in the "
            "lake with {then}. A release never changes; nothing was taken.",
            version=Verbatim(version),
            now=Verbatim(digest[:12]),
            then=Verbatim(sorted(known)[0][:12]),
        ),
        do=T(
            "To have both, download {where} and say harmattan ingest ucdp-ged FILE --release {label} --published DATE.",
            where=Verbatim(shown(url)),
            label=Verbatim(f"{version}-changed"),
        ),
    )
