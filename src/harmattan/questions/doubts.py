"""What is doubtful in a single record, in codes for programs and in words for readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harmattan.text import CountryName, Number, T, Text, Verbatim, counted, msg
from harmattan.vocabulary.schema import LOCATED

WIDE = 2
"""The high estimate is so many times the low one, or more: a wide range."""
LIKE = 2 / 3
"""Numbers are alike where the smaller is at least this part of the larger."""
DAYS_APART, KM_APART = 3, 25
"""So near in time and place, a record with like numbers may tell of the same incident."""
TWINS = 2
"""So many of them are named."""
LOOSE_PLACES: dict[str, Text] = {
    "admin2": T("a district, not a place"),
    "admin1": T("a region, not a place"),
    "area": T("an area or line, not a place"),
    "country": T("the country only"),
    "international": T("outside all countries"),
    "unknown": T("not known where"),
}
LOOSE_DATES: dict[str, Text] = {
    "month": T("dated to a month"),
    "longer": T("dated to more than a month"),
    "unknown": T("date not given"),
}


def doubts(row: Mapping[str, Any], near: Sequence[Mapping[str, Any]], evidence: str) -> list[tuple[str, Text]]:
    """The doubts about one record, as (code, words); `near` are records that may tell of the same incident.

    Codes: summed, battle_civilians, range_broken, wide_range, several_days, loose_date, loose_place, unclear,
    near_duplicate.
    """
    found: list[tuple[str, Text]] = []
    if row["n_events"] > 1 or row["summed"]:
        found.append(("summed", counted(Number(row["n_events"], evidence), "a sum of {n} event of the month and cell",
                                        "a sum of {n} events of the month and cell")))  # fmt: skip
    civilians = row["deaths_civilians"] or 0
    if row["violence"] in ("state_based", "non_state") and civilians > 0:
        found.append(("battle_civilians", _battle(row, civilians, evidence)))
    if row["n_range_broken"]:
        found.append(("range_broken", T("low, best and high are out of order in the source")))
    low, high = row["deaths_low"], row["deaths_high"]
    if low is not None and high is not None and high >= WIDE * max(low, 1):
        found.append(("wide_range", T("wide range, from {low} to {high} dead", low=Number(low, evidence),
                                      high=Number(high, evidence))))  # fmt: skip
    found += _when_and_where(row, evidence)
    if row["clarity"] == "low":
        found.append(("unclear", T("known from a summary report only")))
    found += [("near_duplicate", _twin(other, evidence)) for other in near[:TWINS]]
    if len(near) > TWINS:
        more = counted(Number(len(near) - TWINS, evidence), "and {n} more such record", "and {n} more such records")
        found.append(("near_duplicate", more))
    return found


def _battle(row: Mapping[str, Any], civilians: int, evidence: str) -> Text:
    said: dict[str, Any] = {"pair": Verbatim(row["dyad"] or "–"), "civilians": Number(civilians, evidence)}
    said |= {"deaths": Number(row["deaths_best"], evidence)}
    if row["deaths_unknown"]:
        return T(
            "coded as fighting ({pair}), yet {civilians} of the {deaths} dead were civilians; of {unknown} more it is "
            "not known whose they were",
            unknown=Number(row["deaths_unknown"], evidence),
            **said,
        )
    return T("coded as fighting ({pair}), yet {civilians} of the {deaths} dead were civilians", **said)


def _when_and_where(row: Mapping[str, Any], evidence: str) -> list[tuple[str, Text]]:
    found: list[tuple[str, Text]] = []
    days = (row["date_end"] - row["date_start"]).days + 1
    if not row["summed"] and row["date_precision"] in LOOSE_DATES:
        found.append(("loose_date", LOOSE_DATES[row["date_precision"]]))
    elif not row["summed"] and days > 1:
        found.append(("several_days", counted(Number(days, evidence), "over {n} day", "over {n} days")))
    if row["where_precision"] in LOOSE_PLACES:
        found.append(("loose_place", LOOSE_PLACES[row["where_precision"]]))
    return found


def _twin(other: Mapping[str, Any], evidence: str) -> Text:
    return T(
        "another record close by has like numbers ({deaths} dead, {day}, {key})",
        deaths=Number(other["deaths_best"], evidence),
        day=other["date_start"],
        key=Verbatim(f"{other['release']}:{other['event_id']}"),
    )


def alike(one: int, other: int) -> bool:
    """Whether two numbers of deaths may be counts of the same.

    >>> alike(30, 20), alike(30, 19)
    (True, False)
    """
    return min(one, other) >= LIKE * max(one, other) > 0


def place(row: Mapping[str, Any]) -> Text:
    """Where a record happened, as well as its release says."""
    written = row["place_as_written"] or row["admin2_as_written"] or row["admin1_as_written"]
    if written:
        return T("{place}, {country}", place=Verbatim(written), country=CountryName(row["iso3"]))
    if row["cell"] is not None and row["where_precision"] in LOCATED:
        return T(CELL, gid=Verbatim(str(row["cell"])), country=CountryName(row["iso3"]))
    return T("{country}", country=CountryName(row["iso3"]))


CELL = msg("{country}, cell {gid}")
