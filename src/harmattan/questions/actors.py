"""`actors`: who is active where, first and last seen, and against whom."""

from __future__ import annotations

from typing import Any

from harmattan.dossier.book import Book
from harmattan.lake.measured import rows_by
from harmattan.measures.events import opponents, parties
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import COUNTS, RECORDS, Draft, Line, about
from harmattan.questions.parameters import Params
from harmattan.questions.recital import label
from harmattan.questions.world import Scope, World
from harmattan.text import Bilingual, CountryName, Number, T, Text, Verbatim, counted
from harmattan.vocabulary.origin import Dimension

ACCEPTS = ("country", "start", "end", "kind", "actor", "level", "source", "event_type", "as_of", "known_by", "release")
NEEDS: tuple[Dimension, ...] = ("actor", "dyad")
SHOWN = 5
COLUMNS = (
    AnswerColumn(
        "actor", T("party on either side, as the publisher writes it; at another level as the dossier calls it")
    ),
    AnswerColumn("actor_id", T("the dossier's id of the party; empty at the level of names, or where none is known")),
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
    found = rows_by(parties, scope.rows).to_pylist()
    if params.actor:
        found = [row for row in found if row["actor"] in scope.params.actor]
    book = scope.told.book if scope.told else None
    against = _against(book, rows_by(opponents, scope.rows).to_pylist())
    found.sort(key=lambda row: (-row["events"], row["actor"], row["country"]))
    lines = []
    for row in found:
        values = {column.name: row.get(column.name) for column in COLUMNS}
        values |= {name: row[name].isoformat() for name in ("first_seen", "last_seen")}
        values |= {"actor": party(book, row["actor"]), "actor_id": known_id(book, row["actor"])}
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
            actor=party(book, found[0]["actor"]) if book else Verbatim(found[0]["actor"]),
            country=CountryName(found[0]["country"]),
            events=Number(found[0]["events"], f"{draft.id}.1"),
        )
    return draft.finish(
        lines,
        COLUMNS,
        headline,
        chart=Chart("bars", x="events", y="actor", series="country"),
        caveats=[ABOUT_PARTIES, *level_caveats(scope)],
    )


ABOUT_PARTIES = T(
    "An event counts once for each named party. A name such as XXX436 is the publisher's code for an "
    "unidentified actor of the state with that Gleditsch-Ward number."
)


def party(book: Book | None, name: str) -> Any:
    """A party as it is called at the level of the answer; a name that the dossier does not know as it is written."""
    return label(book, name) if book and name in book.actors else name


def known_id(book: Book | None, name: str) -> str | None:
    """The dossier's id of a party, where it is one."""
    return name if book and name in book.actors else None


LEVEL_WORDS: dict[str, Text] = {
    "actor": T("the dossier's actor that the publisher's name meant there and then"),
    "parent": T("the larger body that its actor was a part or member of at the time of the event"),
    "family": T("the network that its actor, or the body above it, was affiliated to at the time of the event"),
}


def level_caveats(scope: Scope) -> list[Text]:
    """What a level means, where one was asked for."""
    if scope.told is None:
        return []
    return [T("A party is counted under {whom}. A name the dossier does not know stays as it is written.",
              whom=LEVEL_WORDS[scope.params.level])]  # fmt: skip


def _against(book: Book | None, rows: list[dict[str, Any]]) -> dict[tuple[str, str], Any]:
    met: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (-row["events"], row["against"])):
        met.setdefault((row["actor"], row["country"]), []).append(row)

    def told(most: list[dict[str, Any]], language: str) -> str:
        return ", ".join(
            f"{book.short(row['against'], language) if book else row['against']} ({row['events']})"
            for row in most[:SHOWN]
        )

    if book is None:
        return {key: told(most, "en") for key, most in met.items()}
    return {key: Bilingual(told(most, "en"), told(most, "fr")) for key, most in met.items()}
