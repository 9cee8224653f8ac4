"""`first`: when the first such record is dated."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from harmattan.checks.asker import Asker
from harmattan.checks.exists import first_seen
from harmattan.checks.scene import Scene, no_record, scene, spoken_date
from harmattan.checks.verdict import PartResult, Reckoning, Verdict
from harmattan.checks.ways import UNITS, matched, reckonings
from harmattan.text import T, Text
from harmattan.vocabulary.claim import First

A_YEAR = dt.timedelta(days=366)
"""A first record so much earlier than the claim still tells of the same beginning."""


def first(asker: Asker, part: First) -> PartResult:
    """Whether the first record is dated on a day, month or year; by it; or not before it.

    A later first record than claimed is no contradiction: there may have been something without a record. An earlier
    one within a year is another figure. An earlier one than that contradicts a claim of "on" or "not before", where
    the earliest is earlier by every way of counting. Days before the releases begin cannot be checked.
    """
    there = scene(asker, part, until_now=True)
    if there.obstacle is not None:
        return there.uncheckable(part)
    began = _covered_from(there)
    low, high = part.date.earliest or dt.date.min, part.date.latest or dt.date.max
    found = [one for one in reckonings(there, "events", None) if one.key in ("said", "placed", "one_sided", "alone")]
    own = matched(found)
    if high < began or (part.date.earliest and low < began and part.how != "by"):
        return there.uncheckable(part, T("{title}: the releases in use begin on {began}, after {claim}.",
                                         title=there.title, began=began, claim=spoken_date(part.date)))  # fmt: skip
    if not own or own[0].key != "said":
        verdict: Verdict = "no_record" if there.whole else "not_checkable"
        return there.result(part, verdict, no_record(there), *found, unit=UNITS["events"])
    said = own[0]
    verdict = _verdict(part, low, high, said, own, whole=there.whole)
    result = there.result(part, verdict, _sentence(there, part, verdict, said), *own, unit=UNITS["events"])
    return replace(result, found=T("{first}", first=first_seen(said)))


def _verdict(
    part: First, low: dt.date, high: dt.date, said: Reckoning, own: list[Reckoning], *, whole: bool
) -> Verdict:
    earliest, until = _span(said)
    if part.how == "by":
        return "supported" if earliest <= high else "no_record"
    if part.how == "after" and until >= low:
        return "supported"
    if part.how == "on" and earliest <= high and until >= low:
        return "supported"
    if earliest > high:
        return "no_record"
    if min(low - _span(one)[1] for one in own) <= A_YEAR:
        return "different_figure"
    return "contradicted"


def _span(one: Reckoning) -> tuple[dt.date, dt.date]:
    """The days on which the first record can have begun."""
    row: Any = one.answer.rows[one.row] if one.answer is not None and one.row is not None else {}
    return dt.date.fromisoformat(row["first_seen"]), dt.date.fromisoformat(row["first_until"])


def _covered_from(there: Scene) -> dt.date:
    return dt.date.fromisoformat(str(there.said["period"]).partition("/")[0])


def _claimed(part: First) -> Text:
    date = spoken_date(part.date)
    on = T("that it was on {date}", date=date) if part.date.exact else T("that it was in {date}", date=date)
    by, after = T("that it was by {date}", date=date), T("that it was not before {date}", date=date)
    return {"on": on, "by": by, "after": after}[part.how]


def _sentence(there: Scene, part: First, verdict: Verdict, said: Reckoning) -> Text:
    told: dict[str, Any] = {"title": there.title, "first": first_seen(said), "claim": _claimed(part)}
    if verdict == "supported":
        return T("{title}: the first record is of {first}; {claim} is supported.", **told)
    if verdict == "different_figure":
        return T("{title}: the first record is of {first}; {claim} is supported with a different date.", **told)
    if verdict == "contradicted":
        return T("{title}: the first record is of {first}, more than a year earlier; {claim} is contradicted.", **told)
    return T("{title}: the first record is of {first}; {claim} has no matching record, which is no proof that nothing "
             "happened before.", **told)  # fmt: skip
