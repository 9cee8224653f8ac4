"""`what-changed`: why the forecast for a country moved since the month before, taken apart so that the parts add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from harmattan.lake.kept import keep, recall
from harmattan.measures.events import totals
from harmattan.models.moved import Drawing, Moved, moved
from harmattan.models.registry import model_called
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import EVENTS_COUNTED, RECORDS, Draft, Line
from harmattan.questions.forecast import judged, resting
from harmattan.questions.forecast_words import record_of
from harmattan.questions.foreseen import DRAWS, MODEL, MOST_AHEAD, SEED, Foreseen, blank, drawn_by, panel_of, steps_of
from harmattan.questions.panels import NEEDS
from harmattan.questions.parameters import Params
from harmattan.questions.question import Question
from harmattan.questions.world import World
from harmattan.text import CountryName, T, Text, Value, Verbatim, counted, joined

ACCEPTS = ("country", "window", "model", "covariate", "source", "as_of", "known_by", "release")
MOST_SAID = 4
COLUMNS = (
    AnswerColumn("country", T("the country"), "ISO 3166 alpha-3"),
    AnswerColumn("part", T(
        "before: expected a month ago for the same months; time: a month has passed; learned: the model has learned "
        "from it everywhere; deaths and events: what it did that the newest month did not have those that had been "
        "expected; now: expected now. Before and all parts add up to now"
    )),
    AnswerColumn("through", T("the part of the model through which it came: its name; empty: all of it")),
    AnswerColumn("what", T("the same in words")),
    AnswerColumn("deaths", T("expected in all months together; of a part, what it adds or takes away"), "deaths"),
    AnswerColumn("month", T("the newest month that is known")),
    AnswerColumn("seen", T("what that month had: deaths, or events as the source counts them")),
    AnswerColumn("expected", T("what it had been expected to have: the mean of the draws of a month before, or the "
                               "mean number of events in the year before it")),
    AnswerColumn("period", T("the first and the last month that are forecast")),
    AnswerColumn("model", T("what made the draws")),
    AnswerColumn("events", T("of the records that its evidence lists: {what}", what=EVENTS_COUNTED), "events"),
    RECORDS,
)  # fmt: skip
WORDS: dict[str, Text] = {
    "before": T("expected a month ago"),
    "deaths": T("the deaths of the newest month"),
    "events": T("the events of the newest month"),
    "time": T("a month has passed"),
    "learned": T("the model has learned from one more month of every country"),
    "now": T("expected now"),
}


def what_changed(world: World, params: Params) -> Answer:
    """For each country what was expected before, what each part did, and what is expected now."""
    steps = steps_of(params)
    if not world.selected(params, NEEDS["country"])[1].slices:
        scope = world.scope(params)
        return Draft("what-changed", scope, ACCEPTS).not_covered(COLUMNS, world.places(params))
    seen = blank(panel_of(world, params, "country"), model_called(params.model or MODEL["country"]), steps)
    verdicts = judged(world, params, seen)
    scope = resting(world, params, seen, verdicts)
    draft = Draft("what-changed", scope, ACCEPTS)
    origin = seen.panel.last
    known = {code: seen.monthly.known_until(code) for code in scope.params.country}
    there = [code for code in scope.params.country if known[code] == origin]
    found = _found(world, seen, there)
    counts = {
        until: {row["country"]: row for row in totals(rows, ("country",)).to_pyarrow().to_pylist()}
        for until, rows in (
            ("now", scope.rows),
            ("before", scope.rows.filter(scope.rows.date_start < origin.first_day)),
            ("new", scope.rows.filter(scope.rows.date_start >= origin.first_day)),
        )
    }
    lines = []
    for n, code in enumerate(there):
        for part in _Told(seen, found, n, code).rows():
            span = SPAN[part["part"]]
            own = counts[span].get(code, {"events": 0, "records": 0})
            days = {"before": {"end": (origin + -1).last_day}, "new": {"start": origin.first_day}, "now": {}}[span]
            criteria = scope.criteria.narrowed(countries=(code,), **days)
            lines.append(Line(part | {"events": own["events"], "records": own["records"]}, criteria))
    said = [*record_of(verdicts), *_caveats(seen, [code for code in known if code not in there])]
    return draft.finish(lines, COLUMNS, _headline(draft, lines, seen, there), chart=Chart("none"), caveats=said)


SPAN = {"before": "before", "deaths": "new", "events": "new", "time": "now", "learned": "now", "now": "now"}
"""Whose records each part rests on: those until the month before, those of the newest month, or all."""


def _found(world: World, seen: Foreseen, there: Sequence[str]) -> Moved:
    """The parts of each country's difference; drawn once and kept."""
    at = [seen.panel.units.index(code) for code in there]
    key = drawn_by("moved", seen, there)
    kept = recall(world.lake.home, key)
    if kept is not None:
        return Moved(tuple(str(name) for name in kept.pop("parts")), **kept)
    found = moved(seen.model, seen.panel, Drawing(np.array(at, np.intp), seen.forecast.steps, DRAWS, SEED))
    keep(world.lake.home, key, {name: np.array(value) for name, value in vars(found).items()})
    return found


@dataclass(frozen=True)
class _Told:
    """The rows of one country."""

    seen: Foreseen
    found: Moved
    n: int
    code: str

    def rows(self) -> list[dict[str, Any]]:
        """Before, each part through each part of the model, the rest, and now."""
        at, found = self.seen.panel.units.index(self.code), self.found
        deaths = {"seen": int(self.seen.panel.values[at, -1]), "expected": float(found.expected_deaths[self.n])}
        rows = [self._row("before", found.before[self.n]), self._row("time", found.time[self.n]),
                self._row("learned", found.learned[self.n])]  # fmt: skip
        rows += [self._row("deaths", value, name, deaths) for name, value in self._each(found.deaths)]
        if "events" in self.seen.panel.beside:
            seen = int(self.seen.panel.beside["events"][at, -1])
            events = {"seen": seen, "expected": float(found.expected_events[self.n])}
            rows += [self._row("events", value, name, events) for name, value in self._each(found.events) if value]
        return [*rows, self._row("now", found.now[self.n])]

    def _each(self, values: Any) -> list[tuple[str, float]]:
        return list(zip(self.found.parts, (float(value) for value in values[:, self.n]), strict=True))

    def _row(
        self, part: str, value: float, through: str | None = None, newest: Mapping[str, float | None] | None = None
    ) -> dict[str, Any]:
        months = self.seen.forecast.months
        given = newest or {"seen": None, "expected": None}
        expected = given["expected"]
        return {
            "country": self.code,
            "part": part,
            "through": through,
            "what": WORDS[part] if through is None else T("{what}, {through}", what=WORDS[part], through=_way(through)),
            "deaths": round(float(value), 3) + 0.0,
            "month": str(self.seen.panel.last),
            "seen": given["seen"],
            "expected": None if expected is None else round(expected, 1),
            "period": f"{months[0]}/{months[-1]}",
            "model": self.seen.model.name,
        }  # fmt: skip


def _way(name: str) -> Text:
    """The part of a model through which a value came, in words."""
    if name.startswith("fading"):
        return T("through its own past")
    return (
        T("through what followed such months anywhere")
        if name == "forest"
        else T("through {model}", model=Verbatim(name))
    )


def _headline(draft: Draft, lines: Sequence[Line], seen: Foreseen, there: Sequence[str]) -> Text:
    first, last = seen.forecast.months[0].name, seen.forecast.months[-1].name
    if not there:
        return T("No country asked about is covered in {month}, so nothing new is known.", month=seen.panel.last.name)
    return joined([_said(draft, lines, seen, code, first=first, last=last) for code in there[:MOST_SAID]])


def _said(draft: Draft, lines: Sequence[Line], seen: Foreseen, code: str, **span: Value) -> Text:
    own = [(n, line.values) for n, line in enumerate(lines) if line.values["country"] == code]
    at = {row["part"]: (n, row) for n, row in own}
    before, now = at["before"][1]["deaths"], at["now"][1]["deaths"]
    n, newest = at["deaths"]
    parts = [
        T("{what}: {change}", change=_change(draft, row["deaths"], n), what=row["what"])
        for n, row in own
        if row["part"] not in ("before", "now") and round(row["deaths"])
    ]
    words: dict[str, Value] = {
        "country": CountryName(code),
        "now": counted(draft.number(round(now), at["now"][0]), "{n} death", "{n} deaths"),
        "before": draft.number(round(before), at["before"][0]),
        "change": _change(draft, now - before, at["now"][0]),
        "month": seen.panel.last.name,
        "seen": counted(draft.number(newest["seen"], n), "{n} death", "{n} deaths"),
        "expected": draft.number(round(newest["expected"]), n),
        **span,
    }
    told = T(
        "{country}, {first} to {last}: {now} expected, {before} a month ago ({change}). {month} had {seen}, {expected} "
        "had been expected.",
        **words,
    )
    return joined([told, T("What made the difference: {parts}.", parts=_listed(parts))]) if parts else told


def _listed(parts: Sequence[Text]) -> Text:
    return joined(parts, "{first}; {second}")


def _change(draft: Draft, value: float, n: int) -> Text:
    """A difference in words: "120 more", "120 fewer", "no change"."""
    whole = round(abs(value))
    if not whole:
        return T("no change")
    number = draft.number(whole, n)
    return T("{number} more", number=number) if value > 0 else T("{number} fewer", number=number)


def _caveats(seen: Foreseen, stale: Sequence[str]) -> list[Text]:
    found = [HOW, NO_CAUSE]
    for code in stale:
        found.append(
            T("{country} is not covered in {month}: nothing new is known of it.", country=CountryName(code),
              month=seen.panel.last.name)
        )  # fmt: skip
    return found


HOW = T(
    "The inputs are replaced one at a time: a month passes as it had been expected to, in the model as it was (the "
    "months ahead are one nearer, an older one has faded); then the model is as it has become, with the chance that is "
    "in learning anew; then the newest month has its deaths, then its events. In another order the parts would differ "
    "somewhat."
)
NO_CAUSE = T("This says what went into the forecast and not why violence rose or fell.")

QUESTION = Question(
    "what-changed",
    T(
        "Why the forecast for a country moved since the month before: the deaths expected in the next --window months "
        "by the forecast after the newest month, and in the same months by that of a month earlier, and the "
        "difference taken apart by replacing inputs one at a time in the fitted model. Deaths and events: what it did "
        "that the newest month did not have those that had been expected, through each part of the model (the unit's "
        "own past, the forest). Time: a month has passed as it had been expected to. Learned: the model has learned "
        "from one more month of every country. Before and all parts add up to now. At most {most} months.",
        most=MOST_AHEAD,
    ),
    None,
    ACCEPTS,
    COLUMNS,
    what_changed,
    slow=True,
)
