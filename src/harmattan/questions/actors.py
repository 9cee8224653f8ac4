"""`actors`: who is active where, first and last seen, and against whom."""

from __future__ import annotations

from typing import Any

from harmattan.measures.events import opponents, parties
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, RECORDS, Draft, Line, about
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.text import CountryName, Number, T, Verbatim, counted
from harmattan.vocabulary.origin import Dimension

ACCEPTS = ("country", "start", "end", "kind", "actor", "as_of", "known_by", "release")
NEEDS: tuple[Dimension, ...] = ("actor", "dyad")
SHOWN = 5
COLUMNS = (
    AnswerColumn("actor", T("party on either side, as the publisher writes it")),
    AnswerColumn("country", T("country the events happened in"), "ISO 3166 alpha-3"),
    *COUNTS,
    AnswerColumn("first_seen", T("first day of the first record in the period asked about")),
    AnswerColumn("last_seen", T("first day of the last record in the period asked about")),
    AnswerColumn("against", T("the five it met in most events, with the number of events; civilians are no party")),
    RECORDS,
)


def actors(world: World, params: Params) -> Answer:
    """One row for each named party and country, the most events first."""
    scope = world.scope(params, needs=NEEDS)
    draft = Draft("actors", scope, ACCEPTS)
    if not scope.covered:
        return draft.not_covered(COLUMNS, world.places(params, NEEDS))
    found = parties(scope.rows).to_pyarrow().to_pylist()
    if params.actor:
        found = [row for row in found if row["actor"] in params.actor]
    against = _against(opponents(scope.rows).to_pyarrow().to_pylist())
    found.sort(key=lambda row: (-row["events"], row["actor"], row["country"]))
    lines = []
    for row in found:
        values = {column.name: row.get(column.name) for column in COLUMNS}
        values |= {name: row[name].isoformat() for name in ("first_seen", "last_seen")}
        values["against"] = against.get((row["actor"], row["country"]), "")
        to = {"actors": (row["actor"],), "countries": (row["country"],)}
        lines.append(Line(values, scope.criteria.narrowed(**to)))
    where = about(scope)
    names = len({row["actor"] for row in found})
    headline = T(
        "{where}, {start} to {end}: no named party.", where=where, start=scope.period.start, end=scope.period.end
    )
    if lines:
        headline = T(
            "{where}, {start} to {end}: {parties}; most events by {actor} in {country} ({events}).",
            where=where,
            start=scope.period.start,
            end=scope.period.end,
            parties=counted(Number(names, draft.id), "{n} named party", "{n} named parties"),
            actor=Verbatim(found[0]["actor"]),
            country=CountryName(found[0]["country"]),
            events=Number(found[0]["events"], f"{draft.id}.1"),
        )
    return draft.finish(
        lines, COLUMNS, headline, chart=Chart("bars", x="events", y="actor", series="country"), caveats=[ABOUT_PARTIES]
    )


ABOUT_PARTIES = T(
    "An event counts once for each named party. A name such as XXX436 is the publisher's code for an "
    "unidentified actor of the state with that Gleditsch-Ward number."
)


def _against(rows: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    met: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (-row["events"], row["against"])):
        met.setdefault((row["actor"], row["country"]), []).append(row)
    return {key: ", ".join(f"{row['against']} ({row['events']})" for row in most[:SHOWN]) for key, most in met.items()}
