"""Fetches ACLED's events: all of some countries and days, or what changed since a release, with what was deleted.

Pages are walked by cursor (`cursor=0`, then `next_cursor` to its end), or by number on a server that has no cursors.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harmattan.errors import FetchError
from harmattan.sources.acled_access import BASE, Access
from harmattan.sources.acled_pages import Restriction, page_of
from harmattan.sources.acled_release import FIRST_DAY
from harmattan.sources.acled_update import Before
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.line import Line, Progress
from harmattan.sources.reading import Options
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import ISO3_BY_NUMERIC, PLACES
from harmattan.vocabulary.origin import Hidden

LIMIT = 5_000
"""Rows of a page; the server gives no more."""
MOST_PAGES = 20_000


@dataclass(frozen=True)
class Plan:
    """What is asked for: places, days, the walks that get it, and the release they are laid over."""

    places: tuple[str, ...]
    start: dt.date
    end: dt.date
    walks: tuple[tuple[str, dict[str, str]], ...]
    """Endpoint and filters of each walk, in order."""
    base: Path | None

    def as_state(self) -> dict[str, Any]:
        """The plan in plain JSON, so that a fetch that goes on tomorrow asks for the same."""
        return {
            "places": list(self.places), "start": self.start.isoformat(), "end": self.end.isoformat(),
            "walks": [[endpoint, filters] for endpoint, filters in self.walks],
            "base": str(self.base) if self.base else None,
        }  # fmt: skip

    @classmethod
    def of_state(cls, said: Mapping[str, Any]) -> Plan:
        """The plan that a journal keeps."""
        return cls(
            tuple(said["places"]), dt.date.fromisoformat(said["start"]), dt.date.fromisoformat(said["end"]),
            tuple((endpoint, dict(filters)) for endpoint, filters in said["walks"]),
            Path(said["base"]) if said["base"] else None,
        )  # fmt: skip


def fetch(wanted: Wanted, line: Line, journal: Journal, secrets: Secrets) -> Fetched:
    """The pages of what is wanted, and what a licence hides of it; goes on where the journal ends.

    With a former release only what changed since its newest timestamp is asked for, days that it does not speak about,
    and what was deleted since. Raises FetchError where ACLED does not give it.
    """
    plan = Plan.of_state(journal.state["plan"]) if "plan" in journal.state else _plan(wanted)
    journal.go_on(plan=plan.as_state())
    access = Access(line, secrets, wanted.base or BASE)
    for number, (endpoint, filters) in enumerate(plan.walks):
        if number >= journal.state.get("walk", 0):
            walk(access, endpoint, filters, journal)
            journal.go_on(walk=number + 1, at=None)
    return Fetched(journal.files, _options(plan, wanted, journal.state))


def walk(access: Access, endpoint: str, filters: Mapping[str, str], journal: Journal) -> None:
    """Keeps every page of one question; where to go on is kept with each."""
    at: dict[str, Any] | None = journal.state.get("at") or {"cursor": "0"}
    while at is not None:
        reply = access.read(endpoint, {**filters, "limit": LIMIT, **_place(at)})
        page = page_of(reply.json, endpoint)
        digest = hashlib.sha256(reply.content).hexdigest()
        if page.rows and digest == journal.state.get("last_page"):
            raise FetchError(
                T("ACLED gave the same page twice: it does not turn pages."),
                do=T("Ask for fewer countries or a shorter period, so that one page is enough."),
            )
        kept = len(journal.names) + 1
        if kept > MOST_PAGES:
            raise FetchError(T("ACLED gives more than {n} pages without an end.", n=MOST_PAGES))
        at = _next(at, page.envelope, len(page.rows))
        rows = journal.state.get("rows", 0) + len(page.rows)
        journal.keep(
            f"{endpoint}-{kept:05}.json", reply.content, at=at, rows=rows, last_page=digest if page.rows else None,
            restriction=_narrower(journal.state.get("restriction"), page.restriction),
        )  # fmt: skip
        access.line.show(Progress("acled", rows, _total(page.envelope), "rows"))


def _place(at: Mapping[str, Any]) -> dict[str, Any]:
    return {"page": at["page"]} if "page" in at else {"cursor": at["cursor"]}


def _next(at: Mapping[str, Any], envelope: Mapping[str, Any], rows: int) -> dict[str, Any] | None:
    """Where the next page is, or None after the last; a server without cursors is known by its first answer."""
    cursor = envelope.get("next_cursor")
    if cursor not in (None, "", "null") and "page" not in at:
        if str(cursor) == str(at.get("cursor")):
            raise FetchError(T("ACLED's cursor does not move on."), do=T("Say the same again later."))
        return {"cursor": str(cursor)}
    by_page = "page" in at or ("next_cursor" not in envelope and at.get("cursor") == "0")
    return {"page": int(at.get("page", 1)) + 1} if by_page and rows >= LIMIT else None


def _narrower(kept: list[str] | None, found: Restriction | None) -> list[str] | None:
    """The restriction that shows the fewest days, as plain JSON."""
    if found is None or (kept is not None and kept[0] <= found.after.isoformat()):
        return kept
    return [found.after.isoformat(), found.why]


def _total(envelope: Mapping[str, Any]) -> int | None:
    """How many rows there are in all, where the server says so."""
    said = str(envelope.get("total_count") or "")
    return int(said) if said.isdigit() else None


def _plan(wanted: Wanted) -> Plan:
    """A former release is brought up to date where it has all that is wanted; else everything is asked for."""
    end = wanted.end or wanted.today
    before = _before(wanted)
    if before is None:
        start = wanted.start or FIRST_DAY
        days = _filters(wanted.places, start, end)
        return Plan(wanted.places or PLACES, start, end, (("acled", days),), None)
    release, since, places = before
    covered = release.coverage
    world = _asked_of(places)
    changed = {"timestamp": str(since), "timestamp_where": ">="}
    walks: list[tuple[str, dict[str, str]]] = []
    walks.append(("acled", _filters(world, covered.start, covered.end) | changed))
    if end > covered.end:
        walks.append(("acled", _filters(world, covered.end + dt.timedelta(days=1), end)))
    walks.append(("deleted", {"deleted_timestamp": str(since), "deleted_timestamp_where": ">="}))
    return Plan(places, covered.start, max(end, covered.end), tuple(walks), release.folder)


def _before(wanted: Wanted) -> tuple[Before, int, tuple[str, ...]] | None:
    """The former release, its newest timestamp in seconds, and its places; None where it has not all that is wanted."""
    if wanted.before is None:
        return None
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    release = Before.read(wanted.before)
    newest = pc.max(pq.read_table(release.events, columns=["updated_at"])["updated_at"]).as_py()
    hidden = release.coverage.hidden
    places = tuple(sorted({*release.coverage.places, *(hidden.places if hidden else ())}))
    more = set(wanted.places) - set(places) or (wanted.start and wanted.start < release.coverage.start)
    if newest is None or more or not release.coverage.places:
        return None
    return release, int(newest.timestamp()), places


def _asked_of(places: Sequence[str]) -> tuple[str, ...]:
    """The places to be named; none where it is all of them, since the list would be longer than an address may be."""
    return () if len(places) >= len(PLACES) - 5 else tuple(places)


def _filters(places: Sequence[str], start: dt.date, end: dt.date) -> dict[str, str]:
    """Days, and countries by their numbers."""
    found = {"event_date": f"{start.isoformat()}|{end.isoformat()}", "event_date_where": "BETWEEN"}
    numbers = {iso3: number for number, iso3 in ISO3_BY_NUMERIC.items()}
    known = [str(numbers[code]) for code in places if code in numbers]
    missing = [code for code in places if code not in numbers]
    if missing:
        raise FetchError(
            T("ACLED cannot be asked for {code} alone: it has no ISO number.", code=Verbatim(missing[0])),
            do=T("Fetch without naming countries, or export a file on the website."),
        )
    return found | ({"iso": "|".join(known)} if known else {})


def _options(plan: Plan, wanted: Wanted, state: Mapping[str, Any]) -> Options:
    """What is known beside the pages. A licence hides what was asked for after the day of its restriction."""
    hidden = None
    if kept := state.get("restriction"):
        after = dt.date.fromisoformat(kept[0])
        if after < plan.end:
            hidden = Hidden(places=tuple(sorted(plan.places)), after=after, why=kept[1])
    return Options(
        label=wanted.label, places=plan.places, start=plan.start, end=plan.end, hidden=hidden, base=plan.base
    )
