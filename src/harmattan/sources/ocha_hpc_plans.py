"""The figures of one plan, as the two shapes of OCHA's answers have them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harmattan.sources.counted import within
from harmattan.sources.rows import BadRow, Row

Need = tuple[str, str | None, str | None, float]
"""Indicator, sector, group, number of people."""
Money = tuple[str, str | None, float]
"""Measure, sector, US dollars."""
OVERALL = "BP1"
"""The publisher's reference of the caseload that is the plan as a whole."""
INDICATORS = {
    "totalPopulation": "population",
    "affected": "people_affected",
    "inNeed": "people_in_need",
    "target": "people_targeted",
}


@dataclass(frozen=True)
class Figures:
    """What a plan says of people and of money."""

    needs: tuple[Need, ...]
    funding: tuple[Money, ...]


def figures_of_summary(row: Row) -> Figures:
    """The figures of planSummary: caseloads of the whole plan and of clusters, money in all and by cluster."""
    needs = tuple(need for caseload in _objects(row["caseloads"]) for need in _caseload(caseload))
    money = within(row.values, "financialData")
    totals = {
        "requirements": within(money, "requirements", "totalRequirements"),
        "funding": within(money, "funding", "totalFundingInsidePlan"),
    }
    whole = [(measure, None, amount) for measure, said in totals.items() if (amount := _number(said)) is not None]
    parts = [
        (measure, _cluster(one), amount)
        for measure in totals
        for one in _objects(within(money, measure, "breakdown", "byGlobalCluster"))
        if (amount := _number(one.get(measure))) is not None and _cluster(one)
    ]
    return Figures(needs, (*whole, *parts))


def figures_of_progress(row: Row) -> Figures:
    """The figures of the plans' overview. Of several caseloads of a plan it does not say which is the whole."""
    caseloads = _objects(row["caseLoads"])
    needs = []
    for one in caseloads:
        reference = str(one.get("customReference") or one.get("attachmentId") or "")
        group = None if len(caseloads) == 1 or reference == OVERALL else f"caseload {reference}"
        for total in _objects(one.get("totals")):
            indicator, people = INDICATORS.get(str(total.get("type"))), _people(total.get("value"))
            if indicator and people is not None:
                needs.append((indicator, None, group, people))
    money = {
        "requirements": within(row["requirements"], "revisedRequirements"),
        "funding": within(row["funding"], "totalFunding"),
    }
    totals = [(measure, None, amount) for measure, said in money.items() if (amount := _number(said)) is not None]
    return Figures(tuple(needs), tuple(totals))


def _caseload(one: Mapping[str, Any]) -> Iterator[Need]:
    """A caseload is the whole plan, or one of its clusters or groups."""
    reference = str(one.get("caseloadCustomRef") or "")
    words = one.get("caseloadDescription") or reference or one.get("caseloadId")
    cluster = one.get("availableGlobalClusterCode")
    sector = None if reference == OVERALL else str(cluster) if cluster else None
    group = None if reference == OVERALL or sector == words else str(words)
    for name, indicator in INDICATORS.items():
        people = _people(one.get(name))
        if people is not None:
            yield indicator, sector, group, people
    reached = [
        people
        for measured in _objects(one.get("measurements"))
        for name, said in measured.items()
        if name.partition("/")[0] == "cumulativeReach" and (people := _people(said)) is not None
    ]
    if reached:
        yield "people_reached", sector, group, max(reached)


def _cluster(one: Mapping[str, Any]) -> str | None:
    names = ("globalClusterName", "name", "globalClusterCode", "globalClusterId")
    return next((str(one[name]) for name in names if one.get(name)), None)


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _people(value: Any) -> float | None:
    people = _number(value)
    if people is not None and people < 0:
        raise BadRow(f"a number of people is below zero: {value}")
    return people


def _number(value: Any) -> float | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError) as fault:
        raise BadRow(f"a figure is not a number: {str(value)[:60]}") from fault
    if not math.isfinite(found):
        raise BadRow(f"a figure is not a number: {str(value)[:60]}")
    return found
