"""A table on its way out: columns, rows, and what must be said with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harmattan.questions.answer import EVIDENCE_DESCRIPTION, Answer, spoken
from harmattan.questions.citations import SHOWN as CITED
from harmattan.questions.evidence import Rows
from harmattan.text import T, Text, Verbatim, counted, msg
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.vocabulary.posts import POSTS
from harmattan.vocabulary.schema import CONTRACTS, EVENTS


@dataclass(frozen=True)
class SheetColumn:
    """A column with its meaning in the reader's language."""

    name: str
    unit: str
    description: str


@dataclass(frozen=True)
class Sheet:
    """A table with its title, notes and attributions, in the reader's language."""

    name: str
    title: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]

    def column(self, name: str) -> list[Any]:
        """The values of a column."""
        return [row.get(name) for row in self.rows]

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        return [column.name for column in self.columns]


def of_answer(answer: Answer, speaker: Speaker) -> Sheet:
    """An answer as a table; its last column has the evidence ids."""
    columns = [SheetColumn(c.name, c.unit, speaker.say(c.description)) for c in answer.columns]
    columns.append(SheetColumn("evidence", "", speaker.say(EVIDENCE_DESCRIPTION)))
    rows = tuple(spoken(row, speaker) | {"evidence": answer.row_id(n)} for n, row in enumerate(answer.rows))
    notes = tuple(speaker.say(caveat) for caveat in answer.caveats)
    title = speaker.say(answer.headline)
    return Sheet(answer.question, title, tuple(columns), rows, notes, attributions(answer.releases, speaker))


def of_rows(rows: Rows, speaker: Speaker, name: str) -> Sheet:
    """The records behind a number as a table: events, or records of a dossier with their sources.

    Records of several kinds stand in one table, whose column `of` says of which kind each is.
    """
    if rows.beside is not None:
        return _of_several([of_rows(replace(part, beside=None), speaker, name) for part in rows.parts], rows, speaker)
    if rows.cited:
        return _of_cited(rows, speaker, name)
    if rows.of:
        return _of_table(rows, speaker, name)
    columns = _of_events(rows.table.column_names, speaker)
    records = tuple(rows.table.to_pylist())
    events = sum(record["n_events"] for record in records)
    title = speaker.say(
        T(
            "Evidence {id}: {records} with {events} and {deaths} (best estimate).",
            id=Verbatim(name),
            records=counted(len(records), "{n} record", "{n} records"),
            events=counted(events, "{n} event", "{n} events"),
            deaths=counted(sum(record["deaths_best"] for record in records), "{n} death", "{n} deaths"),
        )
    )
    return Sheet("evidence", title, tuple(columns), records, (), attributions(rows.answer.releases, speaker))


def _of_events(names: Sequence[str], speaker: Speaker) -> list[SheetColumn]:
    about = {column.name: column for column in EVENTS.columns}
    return [
        SheetColumn(n, about[n].unit, speaker.words(about[n].description))
        if n in about
        else SheetColumn(n, "", speaker.words("the release the record stands in"))
        for n in names
    ]


def of_events(
    table: Any, title: Text, releases: Sequence[ReleaseRef], caveats: Sequence[Text], speaker: Speaker
) -> Sheet:
    """Records of events, an Arrow table with the columns that evidence has, as a table on its way out."""
    columns = _of_events(table.column_names, speaker)
    notes = tuple(speaker.say(caveat) for caveat in caveats)
    rows = tuple(table.to_pylist())
    return Sheet("events", speaker.say(title), tuple(columns), rows, notes, attributions(releases, speaker))


def _of_several(sheets: Sequence[Sheet], rows: Rows, speaker: Speaker) -> Sheet:
    kinds = [part.of or ("dossier" if part.cited else EVENTS.name) for part in rows.parts]
    columns = {column.name: column for sheet in reversed(sheets) for column in sheet.columns}
    names = dict.fromkeys(column.name for sheet in sheets for column in sheet.columns)
    of = SheetColumn("of", "", speaker.words("the kind of record"))
    blank: dict[str, Any] = dict.fromkeys(names)
    listed = tuple(
        {"of": kind} | blank | dict(row) for kind, one in zip(kinds, sheets, strict=True) for row in one.rows
    )
    title = " ".join(sheet.title for sheet in sheets)
    sources = tuple(dict.fromkeys(line for sheet in sheets for line in sheet.sources))
    notes = tuple(line for sheet in sheets for line in sheet.notes)
    return Sheet("evidence", title, (of, *(columns[name] for name in names)), listed, notes, sources)


def _of_cited(rows: Rows, speaker: Speaker, name: str) -> Sheet:
    columns = [SheetColumn(n, "", speaker.words(CITED[n])) for n in rows.table.column_names]
    listed = tuple(rows.table.to_pylist())
    records = {(row["list"], row["record"]) for row in listed}
    title = T(
        "Evidence {id}: {records} of a dossier, {sources}.",
        id=Verbatim(name),
        records=counted(len(records), "{n} record", "{n} records"),
        sources=counted(len(listed), "{n} citation", "{n} citations"),
    )
    return Sheet(
        "evidence", speaker.say(title), tuple(columns), listed, (), attributions(rows.answer.releases, speaker)
    )


FILES = {
    "release": msg("the release the record stands in"),
    "path": msg("the file"),
    "rows": msg("its rows"),
    "bytes": msg("its size"),
    "sha256": msg("its SHA-256"),
}


def _of_table(rows: Rows, speaker: Speaker, name: str) -> Sheet:
    about = {c.name: c for c in CONTRACTS[rows.of].columns} if rows.of in CONTRACTS else {}
    own = [SheetColumn(n, "", speaker.words(FILES.get(n, n))) for n in rows.table.column_names]
    columns = [
        SheetColumn(c.name, about[c.name].unit, speaker.words(about[c.name].description)) if c.name in about else c
        for c in own
    ]
    listed = tuple(rows.table.to_pylist())
    used = {row["release"] for row in listed}
    title = T(
        "Evidence {id}: {rows} of {table}.",
        id=Verbatim(name),
        rows=counted(len(listed), "{n} row", "{n} rows"),
        table=Verbatim(rows.of),
    )
    refs = [ref for ref in rows.answer.releases if ref.name in used]
    notes = tuple(speaker.say(note) for note in _about_posts(rows, name)) if rows.of == POSTS.name else ()
    return Sheet("evidence", speaker.say(title), tuple(columns), listed, notes, attributions(refs, speaker))


def _about_posts(rows: Rows, name: str) -> Iterator[Text]:
    """How many texts there are, or that they are not shown and how to see them."""
    if not rows.table.num_rows:
        return
    if not rows.texts:
        yield T(
            "What they say and who wrote it is not shown; harmattan evidence {id} --texts shows it, on a screen only.",
            id=Verbatim(name),
        )
        return
    written = rows.table.num_rows - rows.table["text"].null_count
    accounts = {who for who in rows.table["account"].to_pylist() if who is not None}
    yield T(
        "{texts} by {accounts}, for this screen only: they may name people.",
        texts=counted(written, "{n} text", "{n} texts"),
        accounts=counted(len(accounts), "{n} account", "{n} accounts"),
    )


def attributions(releases: Sequence[ReleaseRef], speaker: Speaker) -> tuple[str, ...]:
    """How each publisher asks to be cited, with release, digest and licence."""
    said: Text = T("{citation}. Release {name}, SHA-256 {digest}, published by {published}, licence {licence}.")
    return tuple(
        speaker.say(
            Text(
                said.template,
                {
                    "citation": Verbatim(ref.citation),
                    "name": Verbatim(ref.name),
                    "digest": Verbatim(ref.digest[:12]),
                    "published": ref.published,
                    "licence": Verbatim(ref.licence),
                },
            )
        )
        for ref in releases
    )
