"""`value` and `count`: how many died or how many events there were, held to every reasonable way of counting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from harmattan.checks.asker import Asker
from harmattan.checks.scene import Scene, no_record, not_counted, scene
from harmattan.checks.verdict import PartResult, Reckoning, Verdict
from harmattan.checks.ways import UNITS, bounds, figure, judge, matched, near, reckonings, spoken, way
from harmattan.questions.build import KIND_WORDS
from harmattan.text import Number, T, Text, Verbatim, joined
from harmattan.vocabulary.amount import Amount
from harmattan.vocabulary.claim import Count, Measure, Value

SMALL = 0.1
"""Rates below this are told with a decimal more."""
DAYS_IN = {"day": 1.0, "week": 7.0, "month": 365.25 / 12}


def value(asker: Asker, part: Value) -> PartResult:
    """Whether so many died: in all of it, or in the worst single incident."""
    there = scene(asker, part)
    if there.obstacle is not None:
        return there.uncheckable(part)
    found = reckonings(there, part.measure, part.amount, worst=part.take == "max")
    if part.take == "max" and matched(found):
        found = _worst(found)
    if not found:
        return there.uncheckable(part, not_counted(there))
    verdict, told = judge(there, part.amount, found)
    sentence = with_coding(told, sentence_of(Held(there, part.measure, part.amount, found, verdict, told)))
    return there.result(part, verdict, sentence, *told_first(told, found), unit=UNITS[part.measure])


def _worst(found: tuple[Reckoning, ...]) -> tuple[Reckoning, ...]:
    """The ways of counting the worst incident: the largest single event is what is said, the largest record else."""
    keys = {one.key for one in found}
    first = "single" if "single" in keys else "record"
    ways = ("record", "single", "incident")
    kept = [one for one in found if one.key.removesuffix("_all_dead") in ways]
    return tuple(sorted((replace(one, key="said" if one.key == first else one.key) for one in kept),
                        key=lambda one: one.key != "said"))  # fmt: skip


def count(asker: Asker, part: Count) -> PartResult:
    """Whether there were so many events, or so many a day, week or month."""
    there = scene(asker, part)
    if there.obstacle is not None:
        return there.uncheckable(part)
    scale = 1.0
    if part.per is not None:
        first = there.start or _first_day(there)
        scale = max(((there.end - first).days + 1) / DAYS_IN[part.per], 1.0)
    found = reckonings(there, "events", part.amount, scale)
    verdict, told = judge(there, part.amount, found)
    more = part.amount.interval[0] > (found[0].high or 0.0)
    if there.lethal_only and more and not (verdict == "no_record" or told.agrees):
        verdict, told = "not_checkable", found[0]
    sentence = sentence_of(Held(there, "events", part.amount, found, verdict, told, part.per))
    unit = UNITS["events"] if part.per is None else T("{unit} {per}", unit=UNITS["events"], per=PER[part.per])
    return there.result(part, verdict, sentence, *told_first(told, found), unit=unit)


def _first_day(there: Scene) -> dt.date:
    return dt.date.fromisoformat(str(there.counted.rows[0]["period"]).partition("/")[0])


def told_first(told: Reckoning, found: tuple[Reckoning, ...]) -> tuple[Reckoning, ...]:
    """The way of counting whose figure is told, then the others."""
    return (told, *(one for one in found if one is not told))


PER: dict[str, Text] = {"day": T("a day"), "week": T("a week"), "month": T("a month")}


@dataclass(frozen=True)
class Held:
    """A number held to the ways of counting, and what came of it."""

    scene: Scene
    measure: Measure
    amount: Amount
    found: tuple[Reckoning, ...]
    verdict: Verdict
    told: Reckoning
    per: str | None = None


def sentence_of(held: Held) -> Text:
    """The sentence that can be printed."""
    there, told, verdict = held.scene, held.told, held.verdict
    digits = 0 if held.per is None else 2 if (told.best or 0) >= SMALL else 3
    said: dict[str, Any] = {"title": there.title, "claim": spoken(held.amount, digits)}
    said["figure"] = figure(told, held.measure, digits)
    if held.per is not None:
        said["figure"] = T("{figure} {per}", figure=said["figure"], per=PER[held.per])
    if told.key != "said":
        said["figure"] = T("{figure} ({how})", figure=said["figure"], how=told.how)
    if verdict == "no_record":
        return no_record(there)
    if verdict == "supported":
        return T("{title}: {figure}; the claim of {claim} is supported.", **said)
    if verdict == "different_figure" and not (told.agrees or near(held.amount, told)):
        return T("{title}: {figure}, and from {low} to {high} by other ways of counting; the claim of {claim} lies "
                 "between and is supported with a different figure.", **said, **_ends(held, digits))  # fmt: skip
    if verdict == "different_figure":
        return T("{title}: {figure}; the claim says {claim} and is supported with a different figure.", **said)
    if verdict == "contradicted":
        return T("{title}: {figure}, and from {low} to {high} by every way of counting; the claim of {claim} is "
                 "contradicted.", **said, **_ends(held, digits))  # fmt: skip
    return _open(held, said)


def with_coding(told: Reckoning, sentence: Text) -> Text:
    """The sentence, and where its figure is that of one record how that is coded: who fought, or was attacked by whom.

    What a claim calls an execution may be coded as fighting.
    """
    row: Any = told.answer.rows[told.row] if told.answer is not None and told.row is not None else {}
    if not (row and row["violence"] and row["side_a"]):
        return sentence
    said: dict[str, Any] = {"kind": KIND_WORDS[row["violence"]], "a": Verbatim(row["side_a"])}
    if row["side_b"] and row["violence"] != "one_sided":
        coded = T("That record is coded as fighting between {a} and {b} ({kind}).", b=Verbatim(row["side_b"]), **said)
    else:
        coded = T("That record is coded as {kind} by {a}.", **said)
    return joined((sentence, coded))


def _ends(held: Held, digits: int) -> dict[str, Number]:
    low, high = bounds(held.found)
    return {"low": Number(low, held.scene.counted.id, digits), "high": Number(high, held.scene.counted.id, digits)}


def _open(held: Held, said: dict[str, Any]) -> Text:
    """The sentence where the source cannot tell: what it has, and what it lacks."""
    if way(held.told) == "parent":
        return T("{title}: no record of it alone, and {figure}; which of them are its own the source does not tell.",
                 **said)  # fmt: skip
    if not held.scene.whole:
        return T("{title}: {figure} in the part that is covered; the claim of {claim} cannot be checked with that.",
                 **said)  # fmt: skip
    if held.measure == "events":
        return T("{title}: {figure} with at least one death; whether the claim of {claim} holds the source cannot "
                 "tell, since events without a death are not in it.", **said)  # fmt: skip
    return T("{title}: {figure}, whose days reach beyond the period; whether {claim} fall into it the source "
             "cannot tell.", **said)  # fmt: skip
