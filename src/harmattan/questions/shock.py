"""`shock`: what a hundred more events in one unit bring to each unit in the months ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from harmattan.errors import UsageError
from harmattan.models.spillover.counts import A_YEAR
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import RECORDS, Draft, Line
from harmattan.questions.counted_units import BY, needs_of
from harmattan.questions.counted_units import COUNTED as SO_MANY
from harmattan.questions.coupled import ACCEPTS, Coupled, coupled
from harmattan.questions.parameters import COUNTED, Params
from harmattan.questions.question import Question
from harmattan.questions.spillover_words import (
    RESTS,
    SOURCE,
    UNIT,
    VERDICT,
    caveats,
    rounded,
    tally,
    verdict_of,
    whats,
)
from harmattan.questions.world import World
from harmattan.text import T, Text, joined, msg

if TYPE_CHECKING:
    from harmattan.models.spillover.shock import Response

SIZE = 100
MOST_AHEAD = 36
MOST_SOURCES, LEAST = 5, 0.05
"""Between areas or cells: shocks in so many units, those with the most counts, and what brings so little is left."""
SHOCK = (
    AnswerColumn("ahead", T("periods after the shock; empty: all of them together"), "periods"),
    AnswerColumn("extra", T("further counts expected in the unit for {n} more in the source, beyond what would have "
                            "come anyway; empty where nothing that may be called spillover leads there", n=SIZE),
                 "counts"),
    AnswerColumn("extra_low", T("lower end of its 95 % interval"), "counts"),
    AnswerColumn("extra_high", T("upper end of its 95 % interval"), "counts"),
    AnswerColumn("way", T("own: the source itself; direct: by the pair's own coupling, others' too where they lead "
                          "there; through: through other units alone; none: no coupling that passed leads there")),
    AnswerColumn("half_life", T("until half of all that follows the shock, in all units, has come; empty: there is no "
                                "end of it, or nothing follows"), "periods"),
    AnswerColumn("half_life_low", T("lower end of its 95 % interval"), "periods"),
    AnswerColumn("half_life_high", T("upper end of its 95 % interval; empty: the data do not bound it"), "periods"),
)  # fmt: skip
COLUMNS = (*SOURCE, *UNIT, *SHOCK, *VERDICT, *RESTS, RECORDS)
TAKES = (*ACCEPTS, "window")


def shock(world: World, params: Params) -> Answer:
    """Of each source what follows in each unit: all together, then by period ahead."""
    if params.window > MOST_AHEAD:
        raise UsageError(
            T("A shock is not followed for {n} months.", n=params.window), do=T("Say --window 1 to {n}.", n=MOST_AHEAD)
        )
    scope, model = coupled(world, params)
    draft = Draft("shock", scope, TAKES)
    if model is None:
        return draft.not_covered(COLUMNS, world.places(params, needs_of(params)))
    every = model.counted.counts.every
    shocks = Shocks(model, max(1, round(params.window * A_YEAR[every] / 12)))
    lines = list(shocks.lines())
    chart = Chart("fan", x="ahead", y="extra", low="extra_low", high="extra_high", series="unit")
    said = [*_about(model, lines), *caveats(model)]
    return draft.finish(lines, COLUMNS, _headline(draft, shocks, lines), chart=chart, caveats=said)


@dataclass(frozen=True)
class Shocks:
    """Shocks in each unit, as rows."""

    model: Coupled
    ahead: int

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The units that shocks are in."""
        counts = self.model.counted.counts
        there = [key for key in self.model.counted.listed if key not in self.model.fitted.fit.left_out]
        if self.model.fitted.free:
            return tuple(there)
        total = dict(zip(counts.units, np.nansum(counts.values, axis=1), strict=True))
        return tuple(sorted(there, key=lambda key: (-total[key], key))[:MOST_SOURCES])

    def response(self, source: str) -> Response:
        """What follows a shock, by the couplings that passed their tests."""
        from harmattan.models.spillover.shock import response

        return response(self.model.fitted.trusted, source, self.ahead, SIZE, drawn=self.model.fitted.trusted_drawn)

    def lines(self) -> Iterator[Line]:
        """Of each source and unit all periods together, then each; where nothing leads one row says so."""
        for source in self.sources:
            found = self.response(source)
            for key in self.model.counted.listed:
                if key not in self.model.fitted.fit.left_out:
                    yield from self._pair(found, source, key, found.units.index(key))

    def _pair(self, found: Response, source: str, key: str, at: int) -> Iterator[Line]:
        made = self.model.counted
        way = self._way(source, key, float(found.cumulated.value[at, -1]))
        test = self.model.fitted.tested.get((source, key))
        if not self.model.fitted.free and way == "none":
            return
        values: dict[str, Any] = dict.fromkeys(column.name for column in COLUMNS)
        values |= {"source": made.unit(source).name, "source_id": source, "unit": made.unit(key).name, "unit_id": key}
        if not self.model.fitted.free and source != key:
            test = self.model.fitted.together
        values |= {"way": way} | verdict_of(None if test is None else test.verdict)
        life = {"half_life": found.half_life, "half_life_low": found.half_life_low,
                "half_life_high": found.half_life_high}  # fmt: skip
        units = list(dict.fromkeys([source, key]))
        if way == "none":
            yield made.line(values, units)
            return
        yield made.line(values | life | _extra(found.cumulated, at, -1), units)
        for step in range(self.ahead):
            yield made.line(values | {"ahead": step + 1} | _extra(found.extra, at, step), units)

    def _way(self, source: str, key: str, extra: float) -> str:
        if source == key:
            return "own"
        if not self.model.fitted.free:
            return "direct" if extra >= LEAST else "none"
        if (source, key) in self.model.fitted.passed:
            return "direct"
        return "through" if extra > 0 else "none"


def _extra(band: Any, at: int, step: int) -> dict[str, Any]:
    ends = (None if end is None else end[at, step] for end in (band.low, band.high))
    return {name: rounded(value, 2) for name, value in
            zip(("extra", "extra_low", "extra_high"), (band.value[at, step], *ends), strict=True)}  # fmt: skip


def _about(model: Coupled, lines: Sequence[Line]) -> list[Text]:
    """What a shock is, and by which couplings it goes."""
    said = [
        T("A shock is {n} more counts in one period in one unit, and nothing else: what follows is what the model then "
          "expects beyond what would have come anyway. It is an association carried forward, and no forecast.", n=SIZE)
    ]  # fmt: skip
    if model.fitted.free:
        said.append(
            T("Only couplings that passed both tests carry a shock on: the model is fitted again with these alone, "
              "which keeps to what was found and so may look surer than it is.")
        )  # fmt: skip
    endless = [line.values for line in lines if line.values["ahead"] is None and line.values["way"] == "own"]
    if any(row["half_life"] is None and row["extra"] for row in endless):
        said.append(
            T(
                "Where a unit's own coefficient comes near to 1 or above, the model takes growth over the years for "
                "excitation: what follows a shock there restates that growth and does not say what one burst would do."
            )
        )
    return said


def _headline(draft: Draft, shocks: Shocks, lines: Sequence[Line]) -> Text:
    """What follows a shock in the source from which most comes to others; else in the first unit."""
    model = shocks.model
    whole = [(n, line.values) for n, line in enumerate(lines) if line.values["ahead"] is None]
    reach = [(n, row) for n, row in whole if row["way"] in ("direct", "through")]
    source = max(reach, key=lambda one: (one[1]["extra"], -one[0]))[1]["source_id"] if reach else shocks.sources[0]
    own = [(n, row) for n, row in whole if row["source_id"] == source]
    parts = [_followed(draft, n, row) for n, row in own if row["extra"] is not None]
    every = model.counted.counts.every
    said: dict[str, Any] = {
        "n": SIZE,
        "what": whats(draft.scope.params.measure),
        "source": model.counted.unit(source).name,
        "ahead": SO_MANY[every](shocks.ahead),
        "parts": joined(parts, msg("{first}; {second}")),
    }
    told = [tally(draft, model)]
    if model.counted.by == "group":
        told.append(T("{n} more {what} of {source} are followed within {ahead} by further {what}: {parts}.", **said))
    else:
        told.append(T("{n} more {what} in {source} are followed within {ahead} by further {what}: {parts}.", **said))
    return joined([*told, *_life(draft, own, every)])


def _followed(draft: Draft, n: int, row: Mapping[str, Any]) -> Text:
    numbers = {name: draft.number(row[f"extra{end}"], n, 1) for name, end in
               (("extra", ""), ("low", "_low"), ("high", "_high"))}  # fmt: skip
    return T("{unit} {extra} ({low} to {high})", unit=row["unit"], **numbers)


def _life(draft: Draft, own: Sequence[tuple[int, Mapping[str, Any]]], every: Any) -> list[Text]:
    n, row = own[0]
    if row["half_life"] is None:
        return [T("There is no half-life: by the model what follows does not die out.")]
    return [
        T("Half of all that follows has come within {time}.", time=SO_MANY[every](draft.number(row["half_life"], n)))
    ]


QUESTION = Question(
    "shock",
    T(
        "What {n} more events, or deaths, in one unit bring to each unit in the months ahead (--window, twelve where "
        "nothing is said), and after how long half of all that follows has come: the response of the model of the "
        "question spillover to an impulse, carried on by those couplings alone that passed its tests. Pairs that "
        "failed them are listed and have no response. An association carried forward, and no forecast.",
        n=SIZE,
    ),
    "Held & Paul (2012), doi:10.1002/bimj.201200037; Lütkepohl (2005), doi:10.1007/978-3-540-27752-1",
    TAKES,
    COLUMNS,
    shock,
    choices={"by": BY, "measure": COUNTED},
    measure="events",
    slow=True,
)
