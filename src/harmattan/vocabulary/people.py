"""The contracts of what is counted of people and money: displacement, needs, funding, and documents about them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from harmattan.vocabulary.contract import Column, Contract

_text, _int, _day, _number = pa.string(), pa.int64(), pa.date32(), pa.float64()
_words: Any = pa.list_(pa.field("element", pa.string()))

GROUPS = {
    "idps": "internally displaced, in their own country",
    "returned_idps": "internally displaced who went home",
    "refugees": "refugees, and people in a situation like theirs",
    "returned_refugees": "refugees who went home",
    "asylum_seekers": "asylum seekers without a decision",
    "others_in_need_of_protection": "others who crossed a border and need protection",
    "stateless": "stateless people",
    "others_of_concern": "others whom the publisher assists",
    "host_community": "people who live where the displaced came to",
    "all": "all groups together, as the publisher adds them up",
}
"""Whom a count of displaced people is about."""
NEEDS_INDICATORS = {
    "people_in_need": "people in need of humanitarian help",
    "people_targeted": "people whom a plan means to help",
    "people_reached": "people helped",
    "people_affected": "people affected",
    "population": "people living there",
    "ipc_phase_1": "people in food phase 1, minimal",
    "ipc_phase_2": "people in food phase 2, stressed",
    "ipc_phase_3": "people in food phase 3, crisis",
    "ipc_phase_4": "people in food phase 4, emergency",
    "ipc_phase_5": "people in food phase 5, famine",
    "ipc_phase_3_plus": "people in food phase 3 or worse",
}
"""What a count of needs is about."""
FUNDING_MEASURES = {
    "requirements": "what a plan asks for",
    "funding": "what a plan received",
    "pledge": "promised",
    "commitment": "agreed in writing",
    "paid": "paid",
}
LEVELS = ("country", "admin1", "admin2", "admin3", "site")

_ROW = Column("row_id", _text, "the publisher's id of the row, or its key", nullable=False)
_PLACE = (
    Column("level", _text, "country, admin1, admin2, admin3 or site", "", False),
    Column("admin1_as_written", _text, "the publisher's words"),
    Column("admin1_code", _text, "the publisher's P-code"),
    Column("admin2_as_written", _text, "the publisher's words"),
    Column("admin2_code", _text, "the publisher's P-code"),
)

DISPLACEMENT = Contract(
    "displacement",
    (
        _ROW,
        Column("population", _text, "who is counted: " + "; ".join(GROUPS), "", False),
        Column("iso3", _text, "the country they are in", "ISO 3166 alpha-3", False),
        Column("origin_iso3", _text, "the country they came from, empty where not said", "ISO 3166 alpha-3"),
        *_PLACE,
        Column("as_of", _day, "the day of the stock; of a year its last day", "", False),
        Column("as_of_precision", _text, "day, month, period or year", "", False),
        Column("operation", _text, "the publisher's operation; stocks of two operations are never summed"),
        Column("round", _int, "the round of the count; stocks of two rounds are never summed"),
        Column("method", _text, "how it was counted, in the publisher's words"),
        Column("sex", _text, "as published; empty: all"),
        Column("reason", _text, "why they left, in the publisher's words"),
        Column("value", _number, "a stock, not a flow", "people", False),
    ),
    key=("row_id",),
)
NEEDS = Contract(
    "needs",
    (
        _ROW,
        Column("indicator", _text, "what is counted: " + "; ".join(NEEDS_INDICATORS), "", False),
        Column("countries", _words, "the countries it is about, several where it is for all together",
               "ISO 3166 alpha-3", False),
        *_PLACE,
        Column("plan", _text, "the plan or the analysis, in the publisher's words"),
        Column("plan_code", _text, "the publisher's code of the plan"),
        Column("plan_type", _text, "the publisher's kind of plan; plans of several kinds overlap"),
        Column("sector", _text, "sector or cluster; empty: all together"),
        Column("population", _text, "the group, in the publisher's words; empty: all"),
        Column("start", _day, "first day of the period it is for", "", False),
        Column("end", _day, "last day of the period it is for", "", False),
        Column("period", _text, "current, projected, or the publisher's words"),
        Column("value", _number, "as published", "people", False),
    ),
    key=("row_id",),
)  # fmt: skip
FUNDING = Contract(
    "funding",
    (
        _ROW,
        Column("measure", _text, "what is counted: " + "; ".join(FUNDING_MEASURES), "", False),
        Column("countries", _words, "the countries it is for, several where it is for all together",
               "ISO 3166 alpha-3", False),
        Column("plan", _text, "the plan, in the publisher's words"),
        Column("plan_code", _text, "the publisher's code of the plan"),
        Column("plan_type", _text, "the publisher's kind of plan; plans of several kinds overlap"),
        Column("year", _int, "the year it is for", "", False),
        Column("day", _day, "the day of a flow"),
        Column("sector", _text, "sector or cluster; empty: all together"),
        Column("giver", _text, "the publisher's words"),
        Column("receiver", _text, "the publisher's words"),
        Column("shared", pa.bool_(), "whether the sum is shared with other countries or plans that are not named here"),
        Column("value", _number, "as published", "US dollars", False),
    ),
    key=("row_id",),
)  # fmt: skip
DOCUMENTS = Contract(
    "documents",
    (
        _ROW,
        Column("title", _text, "as published", nullable=False),
        Column("published", _day, "when it came out"),
        Column("publishers", _words, "who wrote it", "", False),
        Column("countries", _words, "what it is about", "ISO 3166 alpha-3", False),
        Column("language", _text, "its language"),
        Column("kind", _text, "the publisher's kind of document"),
        Column("url", _text, "where it is", nullable=False),
        Column("body", _text, "its text, where the interface gives it"),
    ),
    key=("row_id",),
)

PEOPLE = (DISPLACEMENT, NEEDS, FUNDING, DOCUMENTS)
