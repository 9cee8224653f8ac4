"""The contracts of places: administrative areas with the days they were valid, towns, names, and who lives there."""

from __future__ import annotations

import pyarrow as pa

from harmattan.vocabulary.contract import Column, Contract

_text, _int, _day, _number = pa.string(), pa.int64(), pa.date32(), pa.float64()
_ROW = Column("row_id", _text, "the publisher's id of the row, or its key", nullable=False)
_POINT = (
    Column("lat", _number, "as published", "degrees, WGS 84", False),
    Column("lon", _number, "as published", "degrees, WGS 84", False),
    Column("cell", _int, "the cell of the point", "PRIO-GRID gid", False),
)

AREAS = Contract(
    "areas",
    (
        _ROW,
        Column("iso3", _text, "the country", "ISO 3166 alpha-3", False),
        Column("level", _int, "0 for a country, 1 for its first division, and so on", "", False),
        Column("code", _text, "P-code or the publisher's code; empty where it has none"),
        Column("name", _text, "as published", nullable=False),
        Column("name_in_french", _text, "where the publisher gives one"),
        Column("parent", _text, "the code of the area it is part of"),
        Column("division", _text, "the division it belongs to; at one level its areas do not overlap", "", False),
        Column("valid_from", _day, "first day the division held; empty: not known"),
        Column("valid_to", _day, "last day the division held; empty: still"),
        Column("west", _number, "of the area's bounding box", "degrees, WGS 84"),
        Column("south", _number, "of the area's bounding box", "degrees, WGS 84"),
        Column("east", _number, "of the area's bounding box", "degrees, WGS 84"),
        Column("north", _number, "of the area's bounding box", "degrees, WGS 84"),
        Column("area_km2", _number, "on the sphere", "square kilometres"),
        Column("shape", pa.binary(), "the area, as well-known binary in WGS 84; empty in a list of codes"),
    ),
    key=("row_id",),
)
TOWNS = Contract(
    "towns",
    (
        _ROW,
        Column("name", _text, "as published", nullable=False),
        Column("name_in_ascii", _text, "without accents, where the publisher gives it"),
        Column("iso3", _text, "the country", "ISO 3166 alpha-3", False),
        Column("admin1_as_written", _text, "the publisher's words"),
        Column("kind", _text, "the publisher's words"),
        *_POINT,
        Column("people", _number, "people who live there, where the publisher says", "people"),
    ),
    key=("row_id",),
)
POPULATION = Contract(
    "population",
    (
        _ROW,
        Column("iso3", _text, "the country", "ISO 3166 alpha-3", False),
        Column("level", _text, "country, admin1, admin2, admin3, or grid for a point of a raster", "", False),
        Column("name", _text, "of the area, as published"),
        Column("code", _text, "of the area: P-code or the publisher's code"),
        Column("lat", _number, "of the middle of a raster's point", "degrees, WGS 84"),
        Column("lon", _number, "of the middle of a raster's point", "degrees, WGS 84"),
        Column("cell", _int, "of a raster's point", "PRIO-GRID gid"),
        Column("year", _int, "the year it is for", "", False),
        Column("sex", _text, "female, male or all", "", False),
        Column("age", _text, "as published; empty: all"),
        Column("people", _number, "people who live there", "people", False),
    ),
    key=("row_id",),
)
PLACE_NAMES = Contract(
    "place_names",
    (
        _ROW,
        Column("name", _text, "the publisher's words for where events were coded", nullable=False),
        Column("iso3", _text, "the country", "ISO 3166 alpha-3", False),
        Column("admin1_as_written", _text, "the publisher's words"),
        Column("admin2_as_written", _text, "the publisher's words"),
        Column("where_precision", _text, "what the point of the events stands for, as in `events`", "", False),
        Column("cell", _int, "the cell of the point", "PRIO-GRID gid"),
        Column("named_in", _int, "events that were coded to it; they count nowhere", "events", False),
        Column("deaths_best", _int, "best estimate of all deaths in them", "deaths", False),
        Column("first_day", _day, "first day of the first of them", "", False),
        Column("last_day", _day, "last day of the last of them", "", False),
    ),
    key=("row_id",),
)

PLACES = (AREAS, TOWNS, POPULATION, PLACE_NAMES)
