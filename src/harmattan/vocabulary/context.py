"""The contracts of presence, politics and context: deployments, coups, facilities, outlooks, machine-coded news."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from harmattan.vocabulary.contract import Column, Contract

_text, _int, _day, _number = pa.string(), pa.int64(), pa.date32(), pa.float64()
_words: Any = pa.list_(pa.field("element", pa.string()))
_ROW = Column("row_id", _text, "the publisher's id of the row, or its key", nullable=False)
_POINT = (
    Column("lat", _number, "as published", "degrees, WGS 84"),
    Column("lon", _number, "as published", "degrees, WGS 84"),
    Column("cell", _int, "the cell of the point", "PRIO-GRID gid"),
)

DEPLOYMENTS = Contract(
    "deployments",
    (
        _ROW,
        Column("mission", _text, "as published", nullable=False),
        Column("iso3", _text, "the country", "ISO 3166 alpha-3", False),
        Column("as_of", _day, "the first day of the month of the map; maps come at irregular times", "", False),
        Column("source", _text, "the map or report; numbers of two of them are never added, not even of one month"),
        Column("place", _text, "as published"),
        *_POINT,
        Column("troops", _number, "as published; empty: unknown", "people"),
        Column("troops_as_written", _text, "the publisher's words"),
        Column("troops_estimated", _number, "from the sizes of its units, where the number is unknown", "people"),
        Column("units", _text, "battalions, companies and platoons, in words; parts where a unit is split over places"),
        Column("roles", _words, "what its troops are for: infantry, engineers, aviation …", "", False),
        Column("contributors", _words, "countries that gave the troops, as published", "", False),
        Column("headquarters", _text, "none, contingent, sector or mission"),
        Column("police", pa.bool_(), "whether there are police"),
        Column("observers", pa.bool_(), "whether there are military observers"),
    ),
    key=("row_id",),
)
COUPS = Contract(
    "coups",
    (
        _ROW,
        Column("iso3", _text, "the country", "ISO 3166 alpha-3", False),
        Column("day", _day, "the day", "", False),
        Column("outcome", _text, "successful or failed", "", False),
        Column("country_as_written", _text, "the publisher's words"),
    ),
    key=("row_id",),
)
FACILITIES = Contract(
    "facilities",
    (
        _ROW,
        Column("name", _text, "as published", nullable=False),
        Column("iso3", _text, "the country that the publisher says", "ISO 3166 alpha-3", False),
        *_POINT,
        Column("iso3_of_point", _text, "the country the point lies in, by the boundaries used", "ISO 3166 alpha-3"),
        Column("in_country", pa.bool_(), "whether the two agree; empty: not checked"),
        Column("where_precision", _text, "the publisher's words for what the point stands for"),
        Column("kind", _text, "the publisher's words: mine, plant …"),
        Column("commodities", _words, "what is mined or made, as published", "", False),
        Column("gold", pa.bool_(), "whether gold is among them", "", False),
        Column("status", _text, "the publisher's words"),
        Column("confidence", _number, "the publisher's, from 0 to 1"),
        Column("quality", _text, "the publisher's words"),
        Column("usable", pa.bool_(), "whether publisher and boundaries both let it be used as a place", "", False),
        Column("source", _text, "the publisher's words"),
    ),
    key=("row_id",),
)
OUTLOOKS = Contract(
    "outlooks",
    (
        _ROW,
        Column("iso3", _text, "the country", "ISO 3166 alpha-3", False),
        Column("admin1_as_written", _text, "the publisher's words; empty: the whole country"),
        Column("start", _day, "first day of the period that is forecast", "", False),
        Column("end", _day, "last day of the period that is forecast", "", False),
        Column("outcome", _text, "what is forecast: all events, battles, remote violence, civilians", "", False),
        Column("forecast", _number, "the publisher's forecast", "events"),
        Column("observed", _number, "what the publisher counted later", "events"),
        Column("updated_at", pa.timestamp("us", "UTC"), "when the publisher last changed the row"),
    ),
    key=("row_id",),
)
MACHINE_EVENTS = Contract(
    "machine_events",
    (
        _ROW,
        Column("day", _day, "the day the machine read out of the report", "", False),
        Column("published", _day, "the day of the report"),
        Column("iso3", _text, "the country of the place, where the machine read one", "ISO 3166 alpha-3"),
        Column("place", _text, "as published"),
        Column("place_kind", _text, "what the point stands for, in the publisher's words"),
        *_POINT,
        Column("actor_a", _text, "as published"),
        Column("actor_b", _text, "as published"),
        Column("actor_a_code", _text, "as published"),
        Column("actor_b_code", _text, "as published"),
        Column("code", _text, "the publisher's code of what happened"),
        Column("kind", _text, "the publisher's class of what happened"),
        Column("mode", _text, "as published"),
        Column("intensity", _number, "the publisher's scale"),
        Column("mentions", _int, "how often it was reported", "reports"),
        Column("tone", _number, "the publisher's scale"),
        Column("language", _text, "of the report"),
        Column("url", _text, "of the report"),
    ),
    key=("row_id",),
)
"""Read by machines out of news, most rows of it wrong: context, and never in a count of events."""

NEVER_COUNTED = ("machine_events",)
"""The contracts whose rows are context and enter no count of events."""

CONTEXT = (DEPLOYMENTS, COUPS, FACILITIES, OUTLOOKS, MACHINE_EVENTS)
