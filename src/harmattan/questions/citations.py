"""The evidence of what a dossier says: each record behind a number, with every source that says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from harmattan.dossier.book import Book
from harmattan.dossier.records import Actor, Figure, Milestone, Name, Presence, Relation, Source
from harmattan.dossier.tables import TABLES
from harmattan.text import msg

SHOWN = {
    "list": msg("the table of the dossier that the record stands in"),
    "record": msg("the record's id"),
    "says": msg("what the record says"),
    "status": msg("asserted, reported (the source says that others say so) or disputed"),
    "as_written": msg("the source's words, where they matter"),
    "publisher": msg("who published the source"),
    "title": msg("the source's title"),
    "published": msg("when it was published, as far as known"),
    "where": msg("where in the source"),
    "url": msg("where the source was found"),
}
"""The columns of a cited record that a reader is shown, one row for each of its sources."""
_SCHEMA = pa.schema([(name, pa.string()) for name in SHOWN])


def ref(list_: str, record: Any) -> str:
    """How criteria name a record: its list and its id."""
    return f"{list_}:{record.id}"


def cited(book: Book, refs: Iterable[str]) -> pa.Table:
    """The records as a table of the `SHOWN` columns, one row for each source."""
    by_list = {name: {record.id: record for record in _records(book, name)} for name in TABLES}
    rows: list[dict[str, Any]] = []
    for wanted in dict.fromkeys(refs):
        list_, _, id_ = wanted.partition(":")
        record = by_list.get(list_, {}).get(id_)
        if record is not None:
            rows += _rows(book, list_, record)
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def sources_of(book: Book, record: Any) -> str:
    """The sources of a record in short: publisher and date of each."""
    found = [book.sources[citation.source] for citation in record.cite]
    return "; ".join(dict.fromkeys(f"{source.publisher}, {_when(source)}" for source in found))


def _when(source: Source) -> str:
    """When a source came out, in short: of an interval the side that is known, the first of two."""
    low, _, high = str(source.date).partition("/")
    return high if low == ".." else low


def _records(book: Book, name: str) -> Iterable[Any]:
    return book.actors.values() if name == "actors" else getattr(book, name)


def _rows(book: Book, list_: str, record: Any) -> Iterator[dict[str, Any]]:
    for citation in record.cite:
        source = book.sources[citation.source]
        yield {
            "list": list_,
            "record": record.id,
            "says": says(record),
            "status": getattr(record, "status", None),
            "as_written": getattr(record, "as_written", None),
            "publisher": source.publisher,
            "title": source.title,
            "published": str(source.date),
            "where": citation.where or None,
            "url": source.url,
        }


def says(record: Any) -> str:
    """A record in one line."""
    match record:
        case Actor():
            return f"{record.label['en']} ({record.kind})"
        case Name():
            return f"{record.text} ({record.source or record.lang}) means {record.actor}"
        case Milestone():
            return f"{record.date}: {record.title['en']}"
        case Presence():
            return f"{record.force} at {record.place or record.country}{_span(record)}"
        case Relation():
            to = record.object or ", ".join(record.countries) + (f" ({record.place})" if record.place else "")
            return f"{record.subject} {record.relation} {to}{_span(record)}"
        case Figure():
            place = f" ({record.place})" if record.place else ""
            whose = f" {record.actor}" if record.actor else ""
            return (
                f"{record.value:,.10g} {record.indicator}{whose}, {', '.join(record.countries)}{place}, {record.when}"
            )
    return str(record.id)


def _span(record: Any) -> str:
    since = f", since {record.start}" if record.start else ""
    return since + (f", until {record.end}" if record.end else "")
