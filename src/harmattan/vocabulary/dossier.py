"""The contracts of a dossier's tables: actors, names, relations, presence, milestones, figures, citations."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from harmattan.vocabulary.contract import Column, Contract

_text, _day, _number = pa.string(), pa.date32(), pa.float64()
_words: Any = pa.list_(pa.field("element", pa.string()))
_degrees: Any = pa.list_(pa.field("element", pa.float64()))
PARTIAL = "a date known in part: 2017, 2017-03, 2017-03-02, or an interval some time within which it lies"


def _partial(name: str, meaning: str, *, nullable: bool = True) -> tuple[Column, ...]:
    return (
        Column(name, _text, f"{meaning}; {PARTIAL}", "", nullable),
        Column(f"{name}_earliest", _day, "the earliest day it can have been"),
        Column(f"{name}_latest", _day, "the latest day it can have been"),
    )


_SPAN = (*_partial("start", "since when"), *_partial("end", "until when; empty: no end is known"))
_SAID = (
    Column("status", _text, "asserted, reported (the source says that others say so) or disputed", "", False),
    Column("as_written", _text, "the source's words, where they matter"),
    Column("note_en", _text, "an editor's note"),
    Column("note_fr", _text, "an editor's note"),
)
_RECORD = Column("record", _text, "the record's id", nullable=False)
_COUNTRIES = Column("countries", _words, "the countries it is about", "ISO 3166 alpha-3", False)

ACTORS = Contract(
    "actors",
    (
        _RECORD,
        Column("kind", _text, "government, state_force, armed_group, network, person …", nullable=False),
        Column("label_en", _text, "what it is called in English", nullable=False),
        Column("label_fr", _text, "what it is called in French", nullable=False),
        Column("short", _text, "a short form, for charts"),
        Column("short_in_french", _text, "the short form in French, where it is another"),
        Column("countries", _words, "its main countries", "ISO 3166 alpha-3", False),
        *_SPAN,
        *_SAID,
    ),
    key=("record",),
)
NAMES = Contract(
    "names",
    (
        _RECORD,
        Column("actor", _text, "whose name it is", nullable=False),
        Column("text", _text, "the name", nullable=False),
        Column("lang", _text, "its language (BCP 47)", nullable=False),
        Column("kind", _text, "name, acronym or alias", nullable=False),
        Column("source", _text, "the data set that uses it: ucdp, acled, un; empty: anybody"),
        Column("source_id", _text, "that data set's id of the actor"),
        Column("countries", _words, "it means this actor only of these countries", "ISO 3166 alpha-3", False),
        Column("area", _degrees, "it means this actor only within west, south, east, north", "degrees, WGS 84", False),
        *_SPAN,
    ),
    key=("record",),
)
RELATIONS = Contract(
    "relations",
    (
        _RECORD,
        Column("subject", _text, "an actor", nullable=False),
        Column("relation", _text, "member_of, part_of, affiliate_of, rival_of …", nullable=False),
        Column("object", _text, "an actor; empty for operates_in"),
        Column("countries", _words, "where it operates", "ISO 3166 alpha-3", False),
        Column("place", _text, "where in them"),
        *_SPAN,
        *_SAID,
    ),
    key=("record",),
)
PRESENCE = Contract(
    "presence",
    (
        _RECORD,
        Column("force", _text, "an actor", nullable=False),
        Column("country", _text, "where it stands", "ISO 3166 alpha-3", False),
        Column("place", _text, "the base or town; empty for the whole mission in a country"),
        Column("kind", _text, "base, mission or headquarters", nullable=False),
        Column("how_ended", _text, "handed_over, withdrawn, dissolved, expelled or lost"),
        Column("successor", _text, "the actor that took over"),
        Column("lat", _number, "of the place, where a source gives it", "degrees, WGS 84"),
        Column("lon", _number, "of the place, where a source gives it", "degrees, WGS 84"),
        *_SPAN,
        *_SAID,
    ),
    key=("record",),
)
MILESTONES = Contract(
    "milestones",
    (
        _RECORD,
        Column("kind", _text, "coup, withdrawal, mandate, agreement, massacre …", nullable=False),
        *_partial("date", "when it happened or began", nullable=False),
        *_partial("until", "its last day, where it took longer"),
        _COUNTRIES,
        Column("place", _text, "where"),
        Column("actors", _words, "actors involved", "", False),
        Column("by", _words, "actors that did it", "", False),
        Column("against", _words, "actors it was done to", "", False),
        Column("title_en", _text, "what happened, in English", nullable=False),
        Column("title_fr", _text, "what happened, in French", nullable=False),
        *_SAID,
    ),
    key=("record",),
)
FIGURES = Contract(
    "figures",
    (
        _RECORD,
        Column("indicator", _text, "what is counted: troops, idps, people_in_need, deaths …", nullable=False),
        _COUNTRIES,
        Column("place", _text, "where in them"),
        Column("actor", _text, "whose troops; killed by whom"),
        Column("milestone", _text, "the milestone it belongs to"),
        *_partial("as_of", "the day of a stock"),
        Column("value", _number, "as reported; the unit is the indicator's", nullable=False),
        Column("low", _number, "lower end, where the source gives a range"),
        Column("high", _number, "upper end, where the source gives a range"),
        Column("qualifier", _text, "exact, about, almost, more_than, at_least or up_to", nullable=False),
        *_SPAN,
        *_SAID,
    ),
    key=("record",),
)
CITATIONS = Contract(
    "citations",
    (
        Column("list", _text, "the table the record stands in", nullable=False),
        _RECORD,
        Column("number", pa.int64(), "first, second … citation of the record", nullable=False),
        Column("source", _text, "the source's key", nullable=False),
        Column("publisher", _text, "who published it", nullable=False),
        Column("title", _text, "its title", nullable=False),
        *_partial("published", "when it was published", nullable=False),
        Column("url", _text, "where it was found"),
        Column("language", _text, "its language (BCP 47)", nullable=False),
        Column("where", _text, "where in it"),
    ),
    key=("list", "record", "number"),
)
DOSSIER = (ACTORS, NAMES, RELATIONS, PRESENCE, MILESTONES, FIGURES, CITATIONS)
DOSSIER_CONTRACT = "dossier"
"""What a release of a dossier says its contract is; its tables keep those above."""
