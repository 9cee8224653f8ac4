"""The evidence of a brief: for each id that is cited, what it stands for and the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harmattan.brief.outline import Brief
from harmattan.questions.answer import Answer
from harmattan.questions.build import KIND_WORDS
from harmattan.questions.evidence import Kept
from harmattan.questions.inquiry import Inquiry
from harmattan.text import CountryName, T, Text, Verbatim, counted, joined, listing, msg
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.criteria import Criteria

MOST_ROWS = 10


@dataclass(frozen=True)
class Entry:
    """One cited id: its meaning in words, its rows (the deadliest first, some), and how to list them all."""

    id: str
    words: Text
    rows: tuple[Mapping[str, Any], ...]
    more: int
    command: str


def entries(brief: Brief, inquiry: Inquiry) -> list[Entry]:
    """Every cited id with its rows; records that may not be handed on are counted and not shown."""
    found = []
    for name, answer, which in brief.cited():
        listed = inquiry.rows(answer, which)
        table = listed.table
        open_ = all(ref.redistributable for ref in answer.releases)
        rows = table.slice(0, MOST_ROWS if open_ else 0).to_pylist()
        words = cited_meaning(answer, table) if listed.cited else meaning(answer, which, table.num_rows, _sums(table))
        found.append(Entry(name, words, tuple(rows), table.num_rows - len(rows), answer.evidence(which).command))
    return found


def kept(brief: Brief) -> list[dict[str, Any]]:
    """What each answer's id stands for, to be carried in the page: another desk can open the numbers from it."""
    return [vars(Kept.of(answer)) for answer in brief.answers]


def meaning(answer: Answer, which: int | None, records: int, sums: tuple[int, int]) -> Text:
    """Which records an id stands for, in words."""
    criteria = answer.evidence(which).criteria
    return T(
        "{question}: {records}, {events}, {deaths} (best estimate); {filter}",
        question=Verbatim(answer.question),
        records=counted(records, "{n} record", "{n} records"),
        events=counted(sums[0], "{n} event", "{n} events"),
        deaths=counted(sums[1], "{n} death", "{n} deaths"),
        filter=in_words(criteria),
    )


def cited_meaning(answer: Answer, table: Any) -> Text:
    """Which records of a dossier an id stands for, in words."""
    records = len(set(zip(table["list"].to_pylist(), table["record"].to_pylist(), strict=True)))
    return T(
        "{question}: {records} of a dossier, {sources}",
        question=Verbatim(answer.question),
        records=counted(records, "{n} record", "{n} records"),
        sources=counted(table.num_rows, "{n} citation", "{n} citations"),
    )


def in_words(criteria: Criteria) -> Text:
    """A filter in words."""
    parts: list[Text] = []
    if criteria.countries:
        parts.append(T("{countries}", countries=listing([CountryName(code) for code in criteria.countries])))
    if criteria.start and criteria.end:
        parts.append(T("first day {start} to {end}", start=criteria.start, end=criteria.end))
    for template, names in (
        (msg("{names}"), [KIND_WORDS[kind] for kind in criteria.kinds]),
        (msg("pair {names}"), [Verbatim(name) for name in criteria.dyads]),
        (msg("party {names}"), [Verbatim(name) for name in criteria.actors]),
        (msg("perpetrator {names}"), [Verbatim(name) for name in criteria.perpetrators]),
        (msg("cell {names}"), [Verbatim(str(cell)) for cell in criteria.cells]),
        (msg("not said in the source: {names}"), [Verbatim(name) for name in criteria.unsaid]),
        (msg("release {names}"), [Verbatim(name) for name in criteria.releases]),
    ):
        if names:
            parts.append(T(template, names=listing(names, "or")))
    if criteria.located is False:
        parts.append(T("coded to a region or country only"))
    if criteria.civilians_killed:
        parts.append(T("civilians among the dead"))
    return joined(parts, msg("{first}; {second}"))


def place(row: Mapping[str, Any], speaker: Speaker) -> str:
    """Where a record happened, as well as the release says."""
    if row["place_as_written"]:
        return f"{row['place_as_written']}, {speaker.say(CountryName(row['iso3']))}"
    country = speaker.say(CountryName(row["iso3"]))
    if row["cell"] is not None:
        return f"{country}, {speaker.say(T('cell {gid}', gid=Verbatim(str(row['cell']))))}"
    return country


def _sums(table: Any) -> tuple[int, int]:
    return sum(table["n_events"].to_pylist()), sum(table["deaths_best"].to_pylist())
