"""`compare`: whether one period, country or actor had more or less than another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harmattan.checks.asker import Asker
from harmattan.checks.scene import Scene, no_record, not_counted, scene
from harmattan.checks.verdict import PartResult, Reckoning, Verdict
from harmattan.checks.ways import NEAR, STRICT, UNITS, figure, reckonings, records, way
from harmattan.text import Number, T, Text
from harmattan.vocabulary.claim import Compare

ROUNDED = 0.95
"""A factor counts as reached at so much of it: "doubled" is said of 1.9 times as much."""
ALIKE = 0.1
"""Two numbers are the same where they differ by no more than this part."""
Pair = tuple[Reckoning, Reckoning]


def compare(asker: Asker, part: Compare) -> PartResult:
    """Whether one side had more, less or as much as another, each counted in the same way.

    Supported where the best estimates say so, counted as the claim says. With a different figure where they say so by
    another way, or where there was more but not so many times as much. Contradicted where the ranges do not meet and
    say the opposite by every way. Where the ranges meet, or the as-of date cuts short the side that is said to have
    more, the source cannot tell.
    """
    one, other = scene(asker, part), scene(asker, part.other)
    for there in (one, other):
        if there.obstacle is not None:
            return there.uncheckable(part)
    if not (one.whole and other.whole):
        there = other if one.whole else one
        return there.uncheckable(part, T("{title}: only a part is covered, so it cannot be compared.",
                                         title=there.title))  # fmt: skip
    mine, others = (reckonings(there, part.measure, None) for there in (one, other))
    if not (mine and others):
        return one.uncheckable(part, not_counted(other if mine else one))
    pairs = _pairs(mine, others)
    growing = {"more": one.cut, "less": other.cut, "same": one.cut or other.cut}[part.is_]
    verdict = _verdict(part, pairs, growing=growing)
    told = [*pairs[0], *(side for pair in pairs[1:] for side in pair)]
    sentence = _sentence(part, (one, other), verdict, pairs[0], growing=growing)
    return one.result(part, verdict, sentence, *told, unit=UNITS[part.measure], also=(other.counted,))


def _pairs(mine: Sequence[Reckoning], others: Sequence[Reckoning]) -> list[Pair]:
    """The two sides by each way; where a side counts the same records by it as it says, those."""
    left, right = ({one.key: one for one in found if way(one) in STRICT} for found in (mine, others))
    keys = [key for key in dict.fromkeys((*left, *right)) if key not in ("record", "single", "within")]
    return [(left.get(key, mine[0]), right.get(key, others[0])) for key in keys]


def _verdict(part: Compare, pairs: Sequence[Pair], *, growing: bool) -> Verdict:
    if part.is_ == "less":
        pairs = [(b, a) for a, b in pairs]
    more, less = pairs[0]
    if not records(more) and part.is_ != "same":
        return "no_record"
    if not (records(more) and records(less)) and part.is_ == "same":
        return "no_record"
    if part.is_ == "same":
        return _same(pairs, growing=growing)
    if _holds(more, less, part.factor):
        return "supported"
    if any(_holds(a, b, part.factor) for a, b in pairs) or (part.factor > 1 and _holds(more, less, 1.0)):
        return "different_figure"
    possible = any((a.high or 0.0) >= part.factor * ROUNDED * (b.low or 0.0) for a, b in pairs)
    return "not_checkable" if possible or growing else "contradicted"


def _holds(more: Reckoning, less: Reckoning, factor: float) -> bool:
    a, b = more.best or 0.0, less.best or 0.0
    return a > b if factor == 1 else a > b and a >= factor * ROUNDED * b


def _same(pairs: Sequence[Pair], *, growing: bool) -> Verdict:
    if _apart(*pairs[0]) <= ALIKE:
        return "supported"
    meet = any((a.low or 0.0) <= (b.high or 0.0) and (b.low or 0.0) <= (a.high or 0.0) for a, b in pairs)
    if meet or any(_apart(a, b) <= NEAR for a, b in pairs):
        return "different_figure"
    return "not_checkable" if growing else "contradicted"


def _apart(a: Reckoning, b: Reckoning) -> float:
    most = max(a.best or 0.0, b.best or 0.0)
    return abs((a.best or 0.0) - (b.best or 0.0)) / most if most else 0.0


def _sentence(part: Compare, scenes: tuple[Scene, Scene], verdict: Verdict, pair: Pair, *, growing: bool) -> Text:
    one, other = scenes
    if verdict == "no_record":
        return no_record(one if not records(pair[0]) else other)
    said: dict[str, Any] = {"title": one.title, "than": other.title, "figure": figure(pair[0], part.measure),
                            "other": figure(pair[1], part.measure), "claim": _claimed(part)}  # fmt: skip
    if verdict == "supported":
        return T("{title}: {figure}, against {other} in {than}; that it was {claim} is supported.", **said)
    if verdict == "different_figure":
        times = (pair[0].best or 0.0) / (pair[1].best or 1.0)
        return T("{title}: {figure}, against {other} in {than}, which is {times} times as much; that it was {claim} is "
                 "supported with a different figure.", times=Number(times, one.counted.id, 2), **said)  # fmt: skip
    if verdict == "contradicted":
        return T("{title}: {figure}, against {other} in {than}; that it was {claim} is contradicted.", **said)
    if growing:
        return T("{title}: {figure}, against {other} in {than}; it was not over by {day}, so whether it was {claim} "
                 "cannot be checked.", day=one.asker.as_of, **said)  # fmt: skip
    return T("{title}: {figure}, against {other} in {than}; the ranges meet, so whether it was {claim} the source "
             "cannot tell.", **said)  # fmt: skip


def _claimed(part: Compare) -> Text:
    if part.factor != 1 and part.is_ != "same":
        times = Number(part.factor, None, 0 if part.factor == int(part.factor) else 1)
        if part.is_ == "more":
            return T("at least {times} times as much", times=times)
        return T("at most {percent} % of that", percent=Number(100 / part.factor))
    return {"more": T("more"), "less": T("less"), "same": T("as much")}[part.is_]
