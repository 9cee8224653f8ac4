"""The evidence of a brief: for each id that is cited, what it stands for and the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.brief.outline import Brief
from harmattan.questions.answer import Answer
from harmattan.questions.build import KIND_WORDS
from harmattan.questions.evidence import Kept, Rows, closed_in
from harmattan.questions.inquiry import Inquiry
from harmattan.text import CountryName, T, Text, Verbatim, counted, joined, listing, msg
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.criteria import Criteria

MOST_ROWS = 5


@dataclass(frozen=True)
class Entry:
    """One cited id: its meaning in words, its rows (the deadliest first, some), and how to list them all."""

    id: str
    words: Text
    rows: tuple[Mapping[str, Any], ...]
    more: int
    command: str
    of: str = ""
    """The table the rows are of, where they are neither events nor records of a dossier."""


def entries(brief: Brief, inquiry: Inquiry) -> list[Entry]:
    """Every id that a brief cites with its rows. Raises BriefError for a number without evidence."""
    return entries_of(brief.cited(), inquiry)


def entries_of(cited: Sequence[tuple[str, Answer, int | None]], inquiry: Inquiry) -> list[Entry]:
    """Every cited id (its answer, its row) with its rows; records that may not be handed on are only counted."""
    found = []
    rows_of: dict[str, dict[int | None, Rows]] = {}
    for name, answer, which in cited:
        if answer.id not in rows_of:
            asked = [n for _name, one, n in cited if one.id == answer.id]
            rows_of[answer.id] = dict(zip(asked, inquiry.rows_behind(answer, asked), strict=True))
        for n, listed in enumerate(rows_of[answer.id][which].parts):
            found.append(_entry(name + "+" * n, answer, which, listed))
    return found


def _entry(name: str, answer: Answer, which: int | None, listed: Rows) -> Entry:
    """What an id stands for; records of another kind that it rests on as well have the id with a plus sign."""
    table = listed.table
    rows = table.slice(0, 0 if closed_in(answer, which) else MOST_ROWS).to_pylist()
    if listed.cited:
        words = cited_meaning(answer, table)
    elif listed.of:
        words = held_meaning(answer, listed)
    else:
        words = meaning(answer, which, table.num_rows, _sums(table))
    more = table.num_rows - len(rows)
    return Entry(name, words, tuple(rows), more, answer.evidence(which).command, listed.of)


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


def held_meaning(answer: Answer, rows: Rows) -> Text:
    """Which rows of which table of which releases an id stands for, in words."""
    releases = list(dict.fromkeys(rows.table["release"].to_pylist()))
    return T(
        "{question}: {rows} of {table} in {releases}",
        question=Verbatim(answer.question),
        rows=counted(rows.table.num_rows, "{n} row", "{n} rows"),
        table=Verbatim(rows.of),
        releases=listing([Verbatim(release) for release in releases]) if releases else Verbatim("–"),
    )


HEADERS = (msg("release"), msg("record"), msg("what"), msg("place"), msg("when"), msg("number"))


def cells(row: Mapping[str, Any], of: str, speaker: Speaker) -> tuple[str, ...]:
    """A row of a table that holds no events as the columns of HEADERS; of bookkeeping the file and its rows."""
    if of == "files":
        rows = "–" if row["rows"] is None else speaker.number(row["rows"])
        return row["release"], row["path"], f"SHA-256 {row['sha256'][:12]}", "–", "–", rows
    if of == "skill":
        return _scored(row, speaker)
    codes = [row["iso3"]] if of == "displacement" else row["countries"]
    where = [row.get("admin2_as_written"), row.get("admin1_as_written")]
    where += [speaker.say(CountryName(code)) for code in codes]
    what = [row.get("population") if of == "displacement" else row.get("indicator") or row.get("measure")]
    what += [row.get(name) for name in ("sex", "reason", "plan", "sector", "receiver")]
    if of == "displacement" and row["origin_iso3"] not in (None, row["iso3"]):
        what.append(speaker.say(T("from {country}", country=CountryName(row["origin_iso3"]))))
    days = (row.get("as_of"), row.get("day"), row.get("start"), row.get("year"))
    when = str(next(day for day in days if day is not None)) + (f"/{row['end']}" if row.get("end") else "")
    parts = [", ".join(str(word) for word in words if word) for words in (what, where)]
    return row["release"], row["row_id"], *parts, when, speaker.number(row["value"])


def _scored(row: Mapping[str, Any], speaker: Speaker) -> tuple[str, ...]:
    """A row of skill: the model and what is scored, where, from which months, and its CRPS."""
    where = CountryName(row["unit"]) if row["level"] == "country" else T("cell {names}", names=Verbatim(row["unit"]))
    steps = f"{row['origin']} +{row['step_first']}–{row['step_last']}"
    told = (row["release"], row["row_id"], f"CRPS, {row['model']}", speaker.say(where), steps)
    return (*told, speaker.number(row["crps"], 2))


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
