"""`rank`: whether a window of months was the highest, or among the highest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.checks.asker import Asker
from harmattan.checks.scene import Scene, no_record, scene, spoken_date, title
from harmattan.checks.verdict import PartResult, Reckoning, Verdict
from harmattan.checks.ways import NEAR, UNITS, figure
from harmattan.questions.answer import Answer
from harmattan.questions.records import months_before
from harmattan.text import Number, T, Text
from harmattan.vocabulary.claim import Rank
from harmattan.vocabulary.period import Month

COLUMN = {"deaths": "deaths_best", "civilians": "deaths_civilians", "events": "events"}
MOST_WINDOWS = 120
"""So many windows of narrowed records are counted one by one at most."""


@dataclass(frozen=True)
class Window:
    """A window of months, what it comes to, and the row that says so."""

    start: dt.date
    end: dt.date
    low: float
    best: float
    high: float
    answer: Answer
    row: int

    def apart(self, other: Window) -> bool:
        """Whether the two have no day in common."""
        return self.end < other.start or other.end < self.start

    def another(self, other: Window) -> bool:
        """Whether at most half of its days are the other's: a window moved by less is the same peak."""
        common = (min(self.end, other.end) - max(self.start, other.start)).days + 1
        return 2 * common <= (self.end - self.start).days + 1


def rank(asker: Asker, part: Rank) -> PartResult:
    """Whether at most `top` - 1 windows, not half of them in it and apart from each other, had more.

    Supported by the best estimates. Contradicted where too many others are surely higher: their low estimate more than
    25 % above the high one of the claim's window, and they were over before it. Higher, and less surely so, or only
    later: supported with a different figure, its rank. Where the ranges meet the source cannot tell.
    """
    there = scene(asker, part)
    if there.obstacle is not None:
        return there.uncheckable(part)
    if part.since is not None and (part.since.earliest or there.end) > there.end:
        return there.uncheckable(part, T("{title}: it ends before {since}, since when it is compared.",
                                         title=there.title, since=spoken_date(part.since)))  # fmt: skip
    plain = len(part.country) == 1 and not (part.place or part.actor or part.by or part.against)
    windows = _asked(asker, part) if plain else _stepped(asker, part, there)
    mine = next((window for window in windows if window.end <= there.end), None)
    if mine is None or (there.end - mine.end).days > 31:
        return there.uncheckable(part, T("{title}: no window of {n} months lies within what is covered.",
                                         title=there.title, n=part.window))  # fmt: skip
    if not mine.best:
        return there.result(part, "no_record", no_record(there))
    higher, verdict = _verdict(part, windows, mine)
    told = [_reckoning(mine, T("the window that the claim speaks of"), "said")]
    told += [_reckoning(one, T("a higher window"), "window") for one in higher]
    also = tuple({one.answer.id: one.answer for one in (mine, *higher)}.values())
    sentence = _sentence(part, mine, verdict, told, [*higher, windows[-1]])
    return there.result(part, verdict, sentence, *told, unit=UNITS[part.measure], also=also)


def _verdict(part: Rank, windows: Sequence[Window], mine: Window) -> tuple[list[Window], Verdict]:
    """The windows that had more, and what follows."""
    higher = _higher(windows, mine, lambda one: one.best > mine.best)
    so_far = [one for one in higher if one.end < mine.end]
    surely = _higher(windows, mine, lambda one: one.low > mine.high * (1 + NEAR))
    beaten = _higher(windows, mine, lambda one: one.low > mine.high)
    if len(higher) < part.top:
        return higher, "supported"
    if len(so_far) < part.top:
        return higher, "different_figure"
    if len(surely) >= part.top and len([one for one in surely if one.end < mine.end]) >= part.top:
        return higher, "contradicted"
    return higher, "different_figure" if len(beaten) >= part.top else "not_checkable"


def _asked(asker: Asker, part: Rank) -> list[Window]:
    """Every window of a country that ends with a month, the latest first."""
    answer = asker.ask("records", country=part.country, since=part.since.earliest if part.since else None,
                       window=part.window, measure=COLUMN[part.measure], kind=part.kind)  # fmt: skip
    return [window for n in range(len(answer.rows)) if (window := _window(answer, n, part)) is not None]


def _window(answer: Answer, n: int, part: Rank, span: tuple[dt.date, dt.date] | None = None) -> Window | None:
    row = answer.rows[n]
    best = row[COLUMN[part.measure]]
    if best is None:
        return None
    ends = [row[f"deaths_{name}"] for name in ("low", "high")] if part.measure == "deaths" else []
    there = [best, *(value for value in ends if value is not None)]
    start, end = span or (dt.date.fromisoformat(row[f"window_{side}"]) for side in ("start", "end"))
    return Window(start, end, min(there), best, max(there), answer, n)


def _stepped(asker: Asker, part: Rank, there: Scene) -> list[Window]:
    """Windows that follow each other without a gap, back from the end of what is claimed, as far as is covered."""
    since = part.since.earliest if part.since else None
    end = there.end
    found: list[Window] = []
    fields = part.model_dump(by_alias=True, include={"country", "place", "actor", "by", "against", "kind"})
    while len(found) < MOST_WINDOWS and (since is None or end >= since):
        start = months_before(end, part.window) + dt.timedelta(days=1)
        where = type(part).model_validate({"check": "rank", **fields, "from": start.isoformat(), "to": end.isoformat()})
        one = scene(asker, where)
        if one.obstacle is not None or not one.whole:
            break
        window = _window(one.counted, 0, part, (start, end))
        if window is not None:
            found.append(window)
        end = start - dt.timedelta(days=1)
    return found


def _higher(windows: Sequence[Window], mine: Window, than: Any) -> list[Window]:
    """The highest windows for which something holds, other than the claim's and apart from each other."""
    found: list[Window] = []
    for one in sorted(windows, key=lambda window: (-window.best, window.end)):
        if than(one) and one.another(mine) and all(one.apart(other) for other in found):
            found.append(one)
    return found


def _reckoning(one: Window, how: Text, key: str) -> Reckoning:
    return Reckoning(key, how, one.low, one.best, one.high, key == "said", one.answer, one.row)


def _sentence(part: Rank, mine: Window, verdict: Verdict, told: Sequence[Reckoning], others: Sequence[Window]) -> Text:
    """`others` are the higher windows and, last, the first of all."""
    whole = told[0].answer.id if told[0].answer else None
    ranked = T("{figure}, rank {rank} among the periods of {n} months that end in {first} or later",
               figure=figure(told[0], part.measure), rank=Number(len(others), whole), n=part.window,
               first=Month.of(others[-1].end).name)  # fmt: skip
    said: dict[str, Any] = {"title": title(part, mine.start, mine.end), "ranked": ranked, "claim": _claimed(part)}
    if verdict == "supported":
        return T("{title}: {ranked}; that it was {claim} is supported.", **said)
    said |= {"start": others[0].start, "end": others[0].end, "top": figure(told[1], part.measure)}
    if verdict == "different_figure":
        return T("{title}: {ranked}, after {top} from {start} to {end}; that it was {claim} is supported with a "
                 "different rank.", **said)  # fmt: skip
    if verdict == "contradicted":
        return T("{title}: {ranked}, after {top} from {start} to {end}; that it was {claim} is contradicted.", **said)
    return T("{title}: {ranked}, after {top} from {start} to {end}; the ranges meet, so whether it was {claim} the "
             "source cannot tell.", **said)  # fmt: skip


def _claimed(part: Rank) -> Text:
    return T("the highest") if part.top == 1 else T("among the {n} highest", n=part.top)
