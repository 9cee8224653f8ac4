"""`exists`: whether there was such violence, or none."""

from __future__ import annotations

import datetime as dt

from harmattan.checks.asker import Asker
from harmattan.checks.scene import Scene, no_record, scene
from harmattan.checks.verdict import PartResult, Reckoning
from harmattan.checks.ways import BESIDE, UNITS, figure, matched, reckonings, records
from harmattan.text import T, Value
from harmattan.vocabulary.claim import Exists
from harmattan.vocabulary.period import Month


def exists(asker: Asker, part: Exists) -> PartResult:
    """Whether there is a record. That there is none supports a claim of none, and contradicts no claim of some."""
    there = scene(asker, part)
    if there.obstacle is not None:
        return there.uncheckable(part)
    found = reckonings(there, "events", None)
    return _none(there, part, found) if part.expect == "none" else _some(there, part, found)


def _some(there: Scene, part: Exists, found: tuple[Reckoning, ...]) -> PartResult:
    own = matched(found, ("said", "one_sided", "overlap"))
    if own:
        text = T("{title}: {figure}, the first of {first}; that there was such violence is supported.",
                 title=there.title, figure=figure(own[0], "events"), first=first_seen(own[0]))  # fmt: skip
        return there.result(part, "supported", text, own[0], unit=UNITS["events"])
    if not there.whole:
        text = T("{title}: no record in the part that is covered.", title=there.title)
        return there.result(part, "not_checkable", text, found[0], unit=UNITS["events"])
    for one in matched(found, ("parent",)):
        text = T("{title}: no record of it alone, and {figure} {how}; which of them are its own the source does not "
                 "tell.", title=there.title, figure=figure(one, "events"), how=one.how)  # fmt: skip
        return there.result(part, "not_checkable", text, one, unit=UNITS["events"])
    text = no_record(there)
    for one in matched(found, BESIDE)[:1]:
        text = T("{title}: covered, but without a matching record; near it there are {figure} ({how}).",
                 title=there.title, figure=figure(one, "events"), how=one.how)  # fmt: skip
    return there.result(part, "no_record", text, *found, unit=UNITS["events"])


def _none(there: Scene, part: Exists, found: tuple[Reckoning, ...]) -> PartResult:
    said, title = found[0], there.title
    if not any(records(one) for one in found if one.key in ("said", "overlap", "one_sided")):
        if there.whole:
            text = T("{title}: covered, and without a record; that there was none is supported.", title=title)
            return there.result(part, "supported", text, said, unit=UNITS["events"])
        text = T("{title}: no record in the part that is covered.", title=title)
        return there.result(part, "not_checkable", text, said, unit=UNITS["events"])
    sure = [one for one in found if one.key == "placed"] if not part.place else [said]
    if records(said) and matched(found, ("within",)) and (part.place or not sure or records(sure[0])):
        text = T("{title}: {figure}; that there was none is contradicted.", title=title,
                 figure=figure(said, "events"))  # fmt: skip
        return there.result(part, "contradicted", text, said, unit=UNITS["events"])
    text = T("{title}: there are records near, but whether they fall into this the source cannot tell.",
             title=title)  # fmt: skip
    return there.result(part, "not_checkable", text, *found, unit=UNITS["events"])


def first_seen(one: Reckoning) -> Value:
    """The day or the month of the first record of a way of counting, as it can be spoken."""
    if one.answer is None or one.row is None:
        raise ValueError("a day is told of a row")
    row = one.answer.rows[one.row]
    day = dt.date.fromisoformat(row["first_seen"])
    return day if row["first_seen"] == row["first_until"] else Month.of(day).name
