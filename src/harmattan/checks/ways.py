"""How verdicts on numbers are given: the ways of counting, and the rules by which a claim is held to them.

- *Not checkable*: the releases in use do not cover the place, the period or the kind; or cannot tell it (an actor that
  is never a party in them, events without a death where only lethal ones are recorded, a day of which only the sum of
  its month is at hand and the claim is less than that); or cover a part only and what they have does not support it.
- *No matching record*: covered and able to tell, but no record where and when the claim says, nor beside it. That is
  never a contradiction.
- *Supported*: what the claim's words leave open (`Amount.interval`) meets low to high of the way of counting that the
  claim says.
- *Supported with a different figure*: not that, but it meets another reasonable way, or lies between the ways, or
  within 25 % of the nearest bound of any of them.
- *Contradicted*: records exist, all is covered, and the claim lies outside low to high under every way, and farther.

The ways are those of the question `tally`. The largest record and the neighbours in time and place are ways to count
an incident (a named place, or at most two months), not a year of a country. Civilians killed have a best estimate
only. Who is a civilian is disputed, so all the dead of the same records are a way to count them: from the civilians to
all the dead. By a perpetrator, what counts as said are attacks on civilians, in which the source names who did it; the
civilians who died in fighting in which it took part are another way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from harmattan.checks.scene import Scene
from harmattan.checks.verdict import Reckoning, Verdict
from harmattan.questions.tally import DAYS_NEAR
from harmattan.text import Number, T, Text, counted
from harmattan.vocabulary.amount import Amount
from harmattan.vocabulary.claim import Measure

NEAR = 0.25
"""How far beyond the nearest bound a claim still counts as supported with a different figure."""
STRICT = ("said", "fighting", "one_sided", "record", "single", "overlap", "within", "placed", "alone")
"""Ways that look where and when the claim says, and nowhere else."""
BESIDE = ("month", "incident")
"""Ways that look beside it too: what they find is a match where it is near the claim."""
HOW: dict[str, Text] = {
    "said": T("counted as the claim says"),
    "one_sided": T("attacks on civilians alone"),
    "fighting": T("with the fighting in which it took part"),
    "record": T("the largest record"),
    "single": T("the largest record of a single event"),
    "overlap": T("records whose days touch the period"),
    "within": T("records whose days all lie in the period"),
    "month": T("the whole month"),
    "incident": T("with the cells around, and {n} days or a month before and after", n=DAYS_NEAR),
    "placed": T("records that stand for a place"),
    "unplaced": T("with records that stand for no place"),
    "wider": T("the whole country"),
    "actor": T("the single actor"),
    "parent": T("with the larger body that it is a part of"),
    "family": T("with the whole network that it belongs to"),
    "alone": T("the network by its own name only"),
    "widest": T("with everything around that may be meant"),
}
UNITS: dict[str, Text] = {"events": T("events"), "deaths": T("deaths"), "civilians": T("civilians killed")}


def reckonings(
    scene: Scene, measure: Measure, amount: Amount | None, scale: float = 1.0, *, worst: bool = False
) -> tuple[Reckoning, ...]:
    """Every way of counting with what it comes to, divided by `scale`; the claim's own way first.

    None where the source does not count that. The largest record is a way to count an incident only, or the `worst` of
    many.
    """
    if not _spans(scene.said, measure):
        return ()
    left_out = () if (scene.incident and measure != "events") or worst else ("record", "single")
    found = list(_reckoned(scene, measure, amount, scale, left_out))
    return tuple(sorted(found, key=lambda one: one.key != "said"))


def _reckoned(
    scene: Scene, measure: Measure, amount: Amount | None, scale: float, left_out: Sequence[str]
) -> Iterator[Reckoning]:
    answer, by = scene.counted, bool(scene.where.by)
    strict = measure == "civilians" and by and any(row["way"] == "one_sided" for row in answer.rows)
    for n, row in enumerate(answer.rows):
        key = row["way"]
        if key in left_out or (key == "one_sided" and not by and measure != "civilians"):
            continue
        how = HOW[key]
        if strict and key in ("said", "one_sided"):
            key = {"said": "fighting", "one_sided": "said"}[key]
            how = HOW["one_sided"] if key == "said" else HOW["fighting"]
        for suffix, span in _spans(row, measure):
            low, best, high = (value / scale for value in span)
            agrees = amount is None or (row["records"] > 0 and amount.meets(low, high))
            words = T("{way}, all the dead counted", way=how) if suffix else how
            name = key if not suffix else "all_dead" if key == "said" else f"{key}_all_dead"
            yield Reckoning(name, words, low, best, high, agrees, answer, n)


def _spans(row: Any, measure: Measure) -> list[tuple[str, tuple[float, float, float]]]:
    if measure == "events":
        return [("", (row["events"],) * 3)]
    dead, known = row["deaths_best"], [row[f"deaths_{name}"] for name in ("low", "best", "high")]
    ends = [value for value in known if value is not None]
    if measure == "deaths":
        return [("", (min(ends), dead, max(ends)))] if dead is not None else []
    civilians = row["deaths_civilians"]
    if civilians is None:
        return []
    return [("", (civilians,) * 3), ("all", (civilians, max(dead, civilians), max(*ends, dead, civilians)))]


def records(one: Reckoning) -> int:
    """How many records a way of counting takes in."""
    return 0 if one.answer is None or one.row is None else int(one.answer.rows[one.row]["records"])


def way(one: Reckoning) -> str:
    """The way of counting, whichever of the dead are counted by it."""
    return "said" if one.key == "all_dead" else one.key.removesuffix("_all_dead")


def matched(found: Sequence[Reckoning], ways: Sequence[str] = STRICT) -> list[Reckoning]:
    """The ways of counting, of some, that have records."""
    return [one for one in found if records(one) and way(one) in ways]


def judge(scene: Scene, amount: Amount, found: Sequence[Reckoning]) -> tuple[Verdict, Reckoning]:
    """The verdict on a number, and the way of counting whose figure is told."""
    said, own = found[0], matched(found)
    beside = matched(found, BESIDE)
    if not own:
        close = [one for one in beside if one.agrees or near(amount, one)]
        if close:
            return "different_figure", min(close, key=lambda one: _away(amount, one))
        part_of = matched(found, ("parent",))
        return ("no_record", said) if scene.whole and not part_of else ("not_checkable", (*part_of, said)[0])
    if said.agrees:
        return "supported", said
    none = [one for one in found if amount.meets(0, 0) and not records(one) and way(one) in STRICT]
    agreeing = [*(one for one in (*own, *beside) if one.agrees), *none]
    if agreeing:
        return "different_figure", min(agreeing, key=lambda one: _away(amount, one))
    told = min(own, key=lambda one: _gap(amount, one))
    low, high = bounds(found)
    if not _close(amount, low, high):
        below = loose(found) and amount.interval[1] < low
        told = said if records(said) else told
        return ("not_checkable" if below or not scene.whole else "contradicted"), told
    return "different_figure", told


def loose(found: Sequence[Reckoning]) -> bool:
    """Whether some records are known to a month only, of which the period is a part, and none surely lies in it."""
    return any(way(one) == "within" and not records(one) for one in found) and bool(matched(found))


def near(amount: Amount, one: Reckoning) -> bool:
    """Whether a claim lies within 25 % of a way of counting."""
    return _close(amount, one.low, one.high)


def _close(amount: Amount, low: float | None, high: float | None) -> bool:
    first, last = amount.interval
    return first <= (high or 0.0) * (1 + NEAR) and last >= (low or 0.0) * (1 - NEAR)


def _away(amount: Amount, one: Reckoning) -> tuple[bool, float]:
    """How far the best estimate is from the claim; where the largest record fits, that is what is told."""
    return way(one) not in ("record", "said"), abs((one.best or 0.0) - amount.value)


def _gap(amount: Amount, one: Reckoning) -> float:
    first, last = amount.interval
    return max(first - (one.high or 0.0), (one.low or 0.0) - last, 0.0)


def bounds(found: Sequence[Reckoning]) -> tuple[float, float]:
    """The lowest that any way comes to that looks where the claim says, and the highest of any way at all."""
    there = [one for one in found if records(one)] or list(found)
    own = matched(found) or there
    return min(one.low or 0.0 for one in own), max(one.high or 0.0 for one in there)


def figure(one: Reckoning, measure: Measure, digits: int = 0) -> Text:
    """What a way of counting comes to, with its range and evidence."""
    if one.answer is None or one.row is None:
        raise ValueError("a figure is told of a row")
    answer, row, id_ = one.answer, one.answer.rows[one.row], one.evidence
    if measure == "events":
        if digits:
            return T("{n} events", n=Number(one.best, id_, digits))
        return counted(Number(row["events"], id_), "{n} event", "{n} events")
    if measure == "civilians":
        return T("{dead} dead, {civilians} of them civilians", dead=answer.number(one.row, "deaths_best"),
                 civilians=answer.number(one.row, "deaths_civilians"))  # fmt: skip
    dead = counted(Number(row["deaths_best"], id_), "{n} death", "{n} deaths")
    if one.low == one.high:
        return dead
    return T("{deaths} (low {low}, high {high})", deaths=dead, low=Number(one.low, id_), high=Number(one.high, id_))


def spoken(amount: Amount, digits: int = 0) -> Text:
    """A number as the claim has it."""
    digits = next((n for n in range(digits) if round(amount.value, n) == amount.value), digits)
    said: dict[str, Any] = {"n": Number(amount.value, None, digits)}
    if amount.high is not None:
        return T("{n} to {high}", high=Number(amount.high, None, digits), **said)
    return {
        "exact": T("{n}", **said),
        "about": T("about {n}", **said),
        "almost": T("almost {n}", **said),
        "more_than": T("more than {n}", **said),
        "at_least": T("at least {n}", **said),
        "up_to": T("up to {n}", **said),
    }[amount.qualifier]
