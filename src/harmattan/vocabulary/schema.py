"""The contract of every table: column, type, unit, whether it may be empty, the key. Checked once, at the border."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from harmattan.vocabulary.context import CONTEXT
from harmattan.vocabulary.contract import Column, Contract
from harmattan.vocabulary.dossier import DOSSIER
from harmattan.vocabulary.people import PEOPLE
from harmattan.vocabulary.places import PLACES
from harmattan.vocabulary.posts import POSTS
from harmattan.vocabulary.skill import SKILL

LOCATED = ("exact", "near", "admin2")
"""Precisions at which a point stands for a place: exact, within about 25 km, second-order unit."""

WHERE_PRECISION = {
    "exact": "the place itself",
    "near": "within about 25 km of a known point",
    "admin2": "a second-order administrative unit",
    "admin1": "a first-order administrative unit; the point stands for a region",
    "area": "a line or area such as 'between two towns', a park, or a smaller unit; not ordered between the others",
    "country": "the country only; the point stands for a country",
    "international": "international waters or air space",
    "unknown": "not given",
}
DATE_PRECISION = {
    "day": "the day",
    "days": "two to six days",
    "week": "a week",
    "month": "a month; summed figures are by month",
    "longer": "more than a month",
    "unknown": "not given",
}


_text, _int, _day = pa.string(), pa.int64(), pa.date32()
_names: Any = pa.list_(pa.field("element", pa.string()))

EVENTS = Contract(
    "events",
    (
        Column("event_id", _text, "the publisher's id of the record; for summed figures its key", nullable=False),
        Column("n_events", _int, "events in the record; more than 1 where figures are summed", "events", False),
        Column("violence", _text, "state_based, non_state, one_sided, or empty where the source does not say"),
        Column("event_type", _text, "as published"),
        Column("sub_event_type", _text, "as published"),
        Column("conflict", _text, "the publisher's name of the conflict"),
        Column(
            "dyad", _text, "the publisher's name of the pair, or its names of the two sides in the order of letters"
        ),
        Column("dyad_id", _text, "the publisher's id of the pair"),
        Column("side_a", _text, "dossier id, empty where not resolved"),
        Column("side_b", _text, "dossier id, empty where not resolved"),
        Column("side_a_as_written", _text, "the publisher's words"),
        Column("side_b_as_written", _text, "the publisher's words"),
        Column("actors_a", _names, "the parts of side a, as written"),
        Column("actors_b", _names, "the parts of side b, as written; empty list where side b are civilians"),
        Column("perpetrator", _text, "who did it, only where the source says so (one-sided violence: side a)"),
        Column("iso3", _text, "the country the event happened in", "ISO 3166 alpha-3", False),
        Column("country_as_written", _text, "the publisher's words"),
        Column("admin1_as_written", _text, "the publisher's words"),
        Column("admin2_as_written", _text, "the publisher's words"),
        Column("place_as_written", _text, "the publisher's words for where it was coded"),
        Column("place_description", _text, "the publisher's words for where it happened"),
        Column("lat", pa.float64(), "as published; empty in summed figures", "degrees, WGS 84"),
        Column("lon", pa.float64(), "as published; empty in summed figures", "degrees, WGS 84"),
        Column("where_precision", _text, "what the point stands for: " + "; ".join(WHERE_PRECISION), "", False),
        Column("cell", _int, "the cell of the point", "PRIO-GRID gid"),
        Column("date_start", _day, "first day", "", False),
        Column("date_end", _day, "last day", "", False),
        Column("date_precision", _text, "how well the date is known: " + "; ".join(DATE_PRECISION), "", False),
        Column("deaths_low", _int, "low estimate of all deaths; empty where the source gives none", "deaths"),
        Column("deaths_best", _int, "best estimate of all deaths", "deaths", False),
        Column("deaths_high", _int, "high estimate of all deaths", "deaths"),
        Column("deaths_a", _int, "deaths on side a, best estimate", "deaths"),
        Column("deaths_b", _int, "deaths on side b, best estimate", "deaths"),
        Column("deaths_civilians", _int, "civilians killed, best estimate", "deaths"),
        Column("deaths_unknown", _int, "deaths of unknown affiliation, best estimate", "deaths"),
        Column("n_range_broken", _int, "events that break low <= best <= high in the source", "events", False),
        Column("clarity", _text, "high, or low where the event is known from a summary report only"),
        Column("code_status", _text, "the publisher's check status"),
        Column("n_sources", _int, "sources the publisher used; empty where not counted", "sources"),
        Column("source_article", _text, "the publisher's words"),
        Column("source_office", _text, "the publisher's words"),
        Column("source_date", _text, "the publisher's words"),
        Column("source_headline", _text, "the publisher's words"),
        Column("source_original", _text, "the publisher's words"),
        Column("disorder_type", _text, "as published", later=True),
        Column("allies_a", _names, "who acted together with side a, as written", later=True),
        Column("allies_b", _names, "who acted together with side b, as written", later=True),
        Column("type_a", _text, "what kind of actor side a is, in the publisher's words", later=True),
        Column("type_b", _text, "what kind of actor side b is, in the publisher's words", later=True),
        Column("civilian_targeting", pa.bool_(), "whether civilians were the target, if the source says", later=True),
        Column("admin3_as_written", _text, "the publisher's words", later=True),
        Column("source_scale", _text, "the publisher's words for the reach of the sources", later=True),
        Column("notes", _text, "the publisher's description of the event", later=True),
        Column("tags", _text, "as published", later=True),
        Column("updated_at", pa.timestamp("us", "UTC"), "when the publisher last changed the record", later=True),
    ),
    key=("event_id",),
)

REJECTS = Contract(
    "rejects",
    (
        Column("file", _text, "the file the row stood in", nullable=False),
        Column("line", _int, "the row's number in the file, the header being 1; a repaired file's physical line"),
        Column("id_as_written", _text, "the id, where one could be read"),
        Column("reason", _text, "why it was not taken", nullable=False),
        Column("row_as_written", _text, "the row"),
    ),
    key=("file", "line"),
)

CELLS = Contract(
    "cells",
    (
        Column("cell", _int, "half-degree cell", "PRIO-GRID gid", False),
        Column("iso3", _text, "the country with the largest part of the cell's land", "ISO 3166 alpha-3", False),
        Column("land_share", pa.float64(), "that country's part of the cell", "share of the cell's area", False),
    ),
    key=("cell",),
)

CONTRACTS = {
    contract.name: contract for contract in (EVENTS, REJECTS, CELLS, *DOSSIER, *PEOPLE, *PLACES, *CONTEXT, POSTS, SKILL)
}
