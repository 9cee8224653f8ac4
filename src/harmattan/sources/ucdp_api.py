"""UCDP's interface: its pages one after the other, by the address of the next that each of them gives."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harmattan.errors import FetchError
from harmattan.sources.fetching import Journal, Wanted
from harmattan.sources.line import Line, Progress, Quota, Reply, shown
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import ISO3_BY_GW

BASE = "https://ucdpapi.pcr.uu.se/api"
PAGE_ROWS = 1_000
QUOTA = Quota("UCDP", 5_000)
"""Calls a day; those that fail count."""
MOST_STARTS = 4
"""How often a walk starts again because the data changed under it."""
MARGIN = dt.timedelta(days=366)
MOST_NAMED = 6
"""More countries than these are counted in an extract's label and not named."""


@dataclass
class Api:
    """The interface, spoken to with a token that goes nowhere but into its own header."""

    line: Line
    token: str
    base: str | None = None
    answered: bool = False
    """Whether it has answered before: after that, 400 means that it was asked too fast."""

    def address(self, version: str) -> str:
        """Where the events of a version are."""
        return f"{(self.base or BASE).rstrip('/')}/gedevents/{version}"

    def page(self, version: str, query: str) -> Reply | None:
        """One page, or None where there is no such version. Raises FetchError where the token is refused."""
        url = self.address(version)
        reply = self.line.get(
            f"{url}?{query}",
            headers={"x-ucdp-access-token": self.token},
            quota=QUOTA,
            accept=frozenset({200, 401, 403, 404}),
            passing=lambda reply: reply.status == 400 and self.answered,
        )
        if reply.status in (401, 403):
            raise FetchError(
                T("{where} does not accept the token in {name}.", where=Verbatim(shown(url)),
                  name=Verbatim("UCDP_TOKEN")),
                available=T("UCDP mails a token within some days to those who ask for one: {url}.",
                            url=Verbatim("https://ucdp.uu.se/apidocs/")),
                do=T("Set {name} to your token, or leave it empty: whole files need none.",
                     name=Verbatim("UCDP_TOKEN")),
            )  # fmt: skip
        self.answered = True
        return None if reply.status == 404 else reply


@dataclass(frozen=True)
class Answer:
    """What a page says: how many rows there are in all, how many it holds, and the query of the next one."""

    total: int
    rows: int
    following: str

    @classmethod
    def of(cls, reply: Reply) -> Answer:
        """A page's envelope. Raises FetchError where it is not one."""
        said = reply.json
        total = said.get("TotalCount") if isinstance(said, dict) else None
        rows = said.get("Result") if isinstance(said, dict) else None
        if not isinstance(total, int) or not isinstance(rows, list) or "NextPageUrl" not in said:
            raise FetchError(
                T("{where} answered without TotalCount, Result and NextPageUrl.", where=Verbatim(shown(reply.url))),
                do=T("Try again later; if it stays so, the interface has changed."),
            )
        return cls(total, len(rows), str(said["NextPageUrl"] or "").partition("?")[2])


def extract_label(version: str, wanted: Wanted) -> str:
    """The label of some countries and days of a version.

    >>> import datetime as dt
    >>> extract_label("26.1", Wanted(dt.date(2026, 9, 1), ("MLI", "BFA")))
    '26.1-BFA_MLI'
    """
    places = sorted(set(wanted.places))
    named = "_".join(places)
    if len(places) > MOST_NAMED:
        named = f"{len(places)}-countries-{hashlib.sha256(named.encode()).hexdigest()[:8]}"
    days = f"-{wanted.start or ''}..{wanted.end or ''}" if wanted.start or wanted.end else ""
    return f"{version}-{named}{days}"


def first_query(wanted: Wanted) -> str:
    """What is asked of a version: countries, by each Gleditsch-Ward number that they have had, and days if said.

    Whether the interface holds the first or the last day of an event against a date is not documented, so a year more
    is asked for on both sides: no event that began on a wanted day can be missing.
    """
    places = set(wanted.places)
    numbers = ",".join(str(gw) for gw, iso3 in sorted(ISO3_BY_GW.items()) if iso3 in places)
    start = f"&StartDate={wanted.start - MARGIN}" if wanted.start else ""
    end = f"&EndDate={wanted.end + MARGIN}" if wanted.end else ""
    return f"pagesize={PAGE_ROWS}&page=0&Country={numbers}{start}{end}"


def walk(api: Api, journal: Journal, version: str, wanted: Wanted) -> list[Path] | None:
    """The pages of a version as files, or None where there is no such version.

    Each is kept before the next is asked for. Where the number of rows changes on the way, or does not come out, the
    version is walked again from its start. Raises FetchError where it never holds still or runs in a circle.
    """
    for _start in range(MOST_STARTS):
        kept = _walked(api, journal, version, first_query(wanted))
        if kept is None:
            return None
        if kept["rows"] == kept["total"]:
            return [journal.folder / name for name in kept["names"]]
        journal.go_on(**{version: None})
    raise FetchError(
        T("{where} changed again and again while it was read.", where=Verbatim(shown(api.address(version)))),
        do=T("Say the same again later."),
    )


def _walked(api: Api, journal: Journal, version: str, first: str) -> dict[str, Any] | None:
    """Goes on to the last page, or to the first that speaks of another number of rows: then `rows` is -1."""
    at: dict[str, Any] = journal.state.get(version) or {"next": first, "total": None, "rows": 0, "names": []}
    api.answered = api.answered or bool(at["names"])
    asked = set()
    while at["next"]:
        if at["next"] in asked:
            raise FetchError(
                T("{where} gives the same page as the next one again.", where=Verbatim(shown(api.address(version)))),
                do=T("Try again later; if it stays so, the interface has changed."),
            )
        asked.add(at["next"])
        reply = api.page(version, at["next"])
        if reply is None:
            return None
        page = Answer.of(reply)
        if at["total"] not in (None, page.total) or (page.following and not page.rows):
            return at | {"rows": -1}
        name = f"{version}-{len(at['names']):04d}.json"
        rows = at["rows"] + page.rows
        at = {"next": page.following, "total": page.total, "rows": rows, "names": [*at["names"], name]}
        journal.keep(name, reply.content, **{version: at})
        api.line.show(Progress(f"UCDP GED {version}", rows, page.total, "rows"))
    return at
