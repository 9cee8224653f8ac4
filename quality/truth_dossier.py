"""Whether a claim of the dossier can be true by any of its records, looked up in its tables and not by a check.

It errs on the side of possible: disputed records count, and bodies stand for those they ever belonged to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow.parquet as pq

from harmattan.checks.asker import Asker
from harmattan.vocabulary.amount import Amount
from harmattan.vocabulary.partial import PartialDate

SYMMETRIC = ("allied_with", "rival_of", "cooperates_with")
BELONGING = ("member_of", "part_of", "affiliate_of")
MOST = 2
"""More than a number is taken as at most so many times it."""
LAST = dt.date.max
FIRST = dt.date.min


class DossierTruth:
    """Looks up claims of the dossier."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        held = next(one for one in asker.inquiry.lake.releases() if one.release.dataset.startswith("dossier"))
        self.rows = {
            name: pq.read_table(held.path / f"{name}.parquet").to_pylist()
            for name in ("relations", "presence", "milestones", "figures")
        }
        self.inside: dict[str, set[str]] = {}
        for row in self.rows["relations"]:
            if row["relation"] in BELONGING and row["object"]:
                self.inside.setdefault(row["object"], set()).add(row["subject"])

    def possible(self, part: Mapping[str, Any]) -> bool:
        """Whether a part can be true by any record."""
        return bool(getattr(self, f"_{part['check']}")(part))

    def within(self, actor: str) -> set[str]:
        """An actor and everybody who ever belonged to it."""
        found, open_ = {actor}, [actor]
        while open_:
            for one in self.inside.get(open_.pop(), ()):
                if one not in found:
                    found.add(one)
                    open_.append(one)
        return found

    def _actor(self, name: str) -> str:
        from harmattan.checks.dossier import actor_named

        return actor_named(self.asker, name)

    def _milestone(self, part: Mapping[str, Any]) -> bool:
        first, last = _span(part.get("date") or part["from"], part.get("date") or part["to"])
        wanted = [self.within(self._actor(name)) for name in part.get("actor", ())]
        sure = there = 0
        for row in self.rows["milestones"]:
            involved = {*row["actors"], *row["by"], *row["against"]}
            if row["kind"] not in part["type"] or (
                row["countries"] and not set(row["countries"]) & set(part["country"])
            ):
                continue
            if not all(names & involved for names in wanted):
                continue
            begins = row["date_earliest"] or FIRST
            ends = (row["until_latest"] if row["until"] else row["date_latest"]) or LAST
            if begins <= last and first <= ends and begins <= self.asker.as_of:
                there += 1
                sure += first <= begins and ends <= last
        return sure <= part["count"] <= there if "count" in part else there > 0

    def _relation(self, part: Mapping[str, Any]) -> bool:
        day = dt.date.fromisoformat(part["on"])
        return any(_holds(row, day) for row in self._ties(part))

    def _ties(self, part: Mapping[str, Any]) -> Iterator[Any]:
        kind = part["relation"]
        kinds = ("member_of", "part_of") if kind in ("member_of", "part_of") else (kind,)
        one = self.within(part["subject"])
        if kind in BELONGING:
            one |= {whole for whole in self.inside if part["subject"] in self.within(whole)}
        other = self.within(part["object"]) if "object" in part else set()
        for row in self.rows["relations"]:
            if row["relation"] not in kinds:
                continue
            if kind == "operates_in":
                if row["subject"] in one and set(part["country"]) <= set(row["countries"]):
                    yield row
                continue
            ends = row["subject"], row["object"]
            straight = ends[0] in one and ends[1] in other
            if straight or (kind in SYMMETRIC and ends[0] in other and ends[1] in one):
                yield row

    def _presence(self, part: Mapping[str, Any]) -> bool:
        day = dt.date.fromisoformat(part["on"])
        forces = self.within(part["force"])
        return any(
            row["force"] in forces
            and row["country"] in part["country"]
            and ("place" not in part or row["place"] == part["place"])
            and _holds(row, day)
            for row in self.rows["presence"]
        )

    def _figure(self, part: Mapping[str, Any]) -> bool:
        first, last = _span(part["from"], part["to"])
        amount = Amount(part["value"], part["qualifier"])
        for row in self.rows["figures"]:
            same = row["indicator"] == part["indicator"] and set(row["countries"]) == set(part["country"])
            if not same or (part.get("place") and row["place"] != part["place"]):
                continue
            if part.get("actor") and row["actor"] != part["actor"]:
                continue
            begins = (row["as_of_earliest"] if row["as_of"] else row["start_earliest"]) or FIRST
            ends = (row["as_of_latest"] if row["as_of"] else row["end_latest"]) or LAST
            low, high = Amount(row["value"], row["qualifier"]).interval
            if row["qualifier"] == "exact":
                low, high = row["value"], row["value"]
            high = min(high, MOST * row["value"])
            if (
                begins <= last
                and first <= ends
                and amount.meets(min(low, row["low"] or low), max(high, row["high"] or 0))
            ):
                return True
        return False


def _span(start: str, end: str) -> tuple[dt.date, dt.date]:
    one, other = PartialDate.parse(start), PartialDate.parse(end)
    return one.earliest or FIRST, other.latest or LAST


def _holds(row: Mapping[str, Any], day: dt.date) -> bool:
    return (row["start_earliest"] or FIRST) <= day <= (row["end_latest"] or LAST)
