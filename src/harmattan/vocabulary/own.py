"""Anybody's own table: which contracts it can keep, what it has to have, and what is never taken from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from harmattan.errors import UsageError
from harmattan.vocabulary.contract import Contract
from harmattan.vocabulary.country import parse_country
from harmattan.vocabulary.people import FUNDING_MEASURES, GROUPS, LEVELS, NEEDS_INDICATORS
from harmattan.vocabulary.schema import DATE_PRECISION, WHERE_PRECISION

OWN_CONTRACTS = (
    "events", "displacement", "needs", "funding", "documents", "facilities", "towns", "population", "coups",
    "deployments", "outlooks",
)  # fmt: skip
"""The contracts that somebody's own table can keep."""
COMPUTED = frozenset({"cell", "n_range_broken", "iso3_of_point", "in_country", "usable"})
"""Columns that are worked out from others."""
RESOLVED = frozenset({"side_a", "side_b"})
"""Columns that the dossier fills when events are read; the table's own words go to side_a_as_written and so on."""
WITH_DEFAULT = frozenset({"row_id", "n_events", "date_end", "where_precision", "date_precision", "as_of_precision",
                          "gold"})  # fmt: skip
"""Columns that must be there, and are worked out or unknown where the table does not have them."""
LOCATED_CONTRACTS = ("events", "facilities", "towns")
"""The contracts in which a point can stand for the name of the country, where boundaries decide it."""
DAYS: Mapping[str, tuple[str, ...]] = {
    "events": ("date_start", "date_end"),
    "displacement": ("as_of",),
    "needs": ("start", "end"),
    "documents": ("published",),
    "coups": ("day",),
    "deployments": ("as_of",),
    "outlooks": ("start", "end"),
}
"""The columns that say which days a record speaks about; funding and population have a `year`."""
_VIOLENCE = ("state_based", "non_state", "one_sided")
WORDS: Mapping[str, Mapping[str, Iterable[str]]] = {
    "events": {"violence": _VIOLENCE, "where_precision": WHERE_PRECISION, "date_precision": DATE_PRECISION},
    "displacement": {"population": GROUPS, "level": LEVELS, "as_of_precision": ("day", "month", "period", "year")},
    "needs": {"indicator": NEEDS_INDICATORS, "level": LEVELS},
    "funding": {"measure": FUNDING_MEASURES},
    "population": {"level": (*LEVELS, "grid"), "sex": ("female", "male", "all")},
    "coups": {"outcome": ("successful", "failed")},
}
"""The columns that have a closed list of words."""
CODES = frozenset({"iso3", "origin_iso3", "countries"})
"""The columns of countries: ISO3 codes or names."""


def takes(contract: Contract) -> list[str]:
    """The columns that a table of one's own may fill."""
    return [name for name in contract.names if name not in COMPUTED | RESOLVED]


def lacking(contract: Contract, given: Iterable[str]) -> list[str]:
    """What a table with these columns still has to have, in words.

    >>> from harmattan.vocabulary.schema import CONTRACTS
    >>> lacking(CONTRACTS["coups"], ["iso3", "day"])
    ['outcome']
    """
    there = set(given)
    missing = []
    for column in contract.columns:
        if column.nullable or column.name in there | WITH_DEFAULT | COMPUTED:
            continue
        if pa.types.is_list(column.type) and column.name != "countries":
            continue
        if column.name == "iso3" and contract.name in LOCATED_CONTRACTS:
            if not {"lat", "lon"} <= there:
                missing.append("iso3, or lat and lon")
            continue
        missing.append(column.name)
    return missing


def unknown_word(contract: str, column: str, word: str) -> str | None:
    """What is wrong with a word in a column that has a closed list of them, or with a country; None: nothing.

    >>> unknown_word("coups", "outcome", "won")
    'outcome is won, not one of successful, failed'
    """
    if column in CODES:
        try:
            parse_country(word)
        except UsageError as fault:
            return f"{column}: {fault}"
    allowed = WORDS.get(contract, {}).get(column)
    if allowed is not None and word not in allowed:
        return f"{column} is {word}, not one of {', '.join(allowed)}"
    return None
