"""`reproduction`: whether violence keeps itself alive: by how much a burst is multiplied, in moving windows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmattan.models.spillover.counts import A_YEAR
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import RECORDS, Draft, Line
from harmattan.questions.counted_periods import DAY
from harmattan.questions.counted_units import BY, LEAST, needs_of
from harmattan.questions.coupled import ACCEPTS, SEED, Coupled, coupled
from harmattan.questions.parameters import COUNTED, Params
from harmattan.questions.question import Question
from harmattan.questions.spillover_words import RESTS, caveats, rounded, tally, whats
from harmattan.questions.world import World
from harmattan.text import T, Text, joined
from harmattan.vocabulary.period import Period

if TYPE_CHECKING:
    from harmattan.models.spillover.reproduction import Reproduction

MONTHS, SHORTEST, STEP, DRAWS = 60, 24, 6, 200
"""Windows are so long where nothing is said, or too little; and each begins so many months after the one before."""
COLUMNS = (
    AnswerColumn("window_start", T("first day of the window; the first row is of all periods together")),
    AnswerColumn("window_end", T("last day of the window")),
    AnswerColumn("unit", T("a unit by itself; empty: all that have counts enough in the window")),
    AnswerColumn("unit_id", T("its code: ISO3; group and ISO3; the area's id; or the cell's gid")),
    AnswerColumn("value", T("reproduction number of all units together: the largest eigenvalue of the matrix of "
                            "coefficients, by how much a burst is multiplied from one generation to the next")),
    AnswerColumn("low", T("lower end of its 95 % interval")),
    AnswerColumn("high", T("upper end of its 95 % interval")),
    AnswerColumn("own", T("further counts in the unit for each count of its own past")),
    AnswerColumn("own_low", T("lower end of its 95 % interval")),
    AnswerColumn("own_high", T("upper end of its 95 % interval")),
    AnswerColumn("says", T("below: the whole interval is below 1, a burst dies out; above: the whole interval is above "
                           "1, a burst feeds on itself; unclear: 1 lies in it")),
    *RESTS,
    RECORDS,
)  # fmt: skip
TAKES = (*ACCEPTS, "window")


def reproduction(world: World, params: Params) -> Answer:
    """The reproduction number over all periods and in each window, each with every unit's own part."""
    scope, model = coupled(world, params)
    draft = Draft("reproduction", scope, TAKES)
    if model is None:
        return draft.not_covered(COLUMNS, world.places(params, needs_of(params)))
    months = params.window if params.window >= SHORTEST else MONTHS
    numbers = Numbers(model, months)
    lines = list(numbers.lines())
    chart = Chart("fan", x="window_end", y="value", low="low", high="high", series="unit")
    said = [*_about(model, months, numbers), *caveats(model)]
    return draft.finish(lines, COLUMNS, _headline(draft, numbers, lines), chart=chart, caveats=said)


@dataclass(frozen=True)
class Numbers:
    """Reproduction numbers as rows."""

    model: Coupled
    months: int

    @property
    def least(self) -> int:
        """The fewest counts of a unit in a window."""
        return LEAST if self.model.fitted.free else 1

    def lines(self) -> Iterator[Line]:
        """Of all periods, then of each window: all units together, then each."""
        for days, found in self.found():
            yield self._together(days, found)
            for key in self.model.counted.listed if self.model.fitted.free else ():
                if key in found.own and key not in self.model.fitted.fit.left_out:
                    yield self._own(days, found, key)

    def found(self) -> Iterator[tuple[Period, Reproduction]]:
        """All periods, then each window that could be fitted; the last ends with the counts."""
        from harmattan.models.spillover.reproduction import windows, within

        made, spec = self.model.counted, self.model.fitted.trusted_spec
        yield made.periods.days, within(self.model.fitted.trusted, self.model.fitted.trusted_drawn)
        months = A_YEAR[made.counts.every] / 12
        length, step = round(self.months * months), round(STEP * months)
        if length >= len(made.counts.starts):
            return
        starts = [*made.periods.starts, made.periods.last_day + DAY]
        for one in windows(made.counts, spec, length, step, draws=DRAWS, least=self.least, seed=SEED):
            if one.found is not None and one.first > 0:
                yield Period(starts[one.first], starts[one.end] - DAY), one.found

    def _line(self, days: Period, keys: Sequence[str], values: dict[str, Any]) -> Line:
        empty = dict.fromkeys(column.name for column in COLUMNS)
        span = {"window_start": days.start.isoformat(), "window_end": days.end.isoformat()}
        return self.model.counted.line(empty | span | values, keys, days)

    def _together(self, days: Period, found: Reproduction) -> Line:
        values = {"value": rounded(found.value, 3), "low": rounded(found.low, 3), "high": rounded(found.high, 3)}
        return self._line(days, list(found.own), values | {"says": _says(found.low, found.high)})

    def _own(self, days: Period, found: Reproduction, key: str) -> Line:
        value, low, high = found.own[key]
        made = self.model.counted.unit(key)
        values = {"own": rounded(value, 3), "own_low": rounded(low, 3), "own_high": rounded(high, 3)}
        return self._line(days, [key], {"unit": made.name, "unit_id": key, "says": _says(low, high)} | values)


def _says(low: float | None, high: float | None) -> str | None:
    if low is None or high is None:
        return None
    return "below" if high < 1 else "above" if low > 1 else "unclear"


def _about(model: Coupled, months: int, numbers: Numbers) -> list[Text]:
    said = [
        T("Windows are {months} months long and begin {step} months apart; windows shorter than {shortest} months are "
          "too short to fit, and {usual} are taken.", months=months, step=STEP, shortest=SHORTEST, usual=MONTHS),
        T("At 1 or more violence would feed on itself without anything coming of itself: in a window that means that "
          "it grew faster than trend and season explain, and not that it will grow on. Below 1 every burst dies out. "
          "Growth that the trend does not take up raises the number. A unit is in a window where it has "
          "{least} counts in it.", least=numbers.least),
    ]  # fmt: skip
    if model.fitted.free:
        said.append(T("Only couplings that passed both tests over all periods are in it; a unit's own past always is."))
        if not model.fitted.passed:
            said.append(T("Without any coupling the number is that of the one unit whose own past brings most."))
    elif model.fitted.trusted_spec.coupling is None:
        said.append(T("The coupling did not pass its tests over all periods and is not in it: a unit's own past is."))
    return said


def _headline(draft: Draft, numbers: Numbers, lines: Sequence[Line]) -> Text:
    together = [(n, line.values) for n, line in enumerate(lines) if line.values["unit_id"] is None]
    told = [tally(draft, numbers.model)]
    for place, (n, row) in enumerate([together[0], together[-1]] if len(together) > 1 else together):
        said: dict[str, Any] = {
            "value": draft.number(row["value"], n, 2),
            "low": draft.number(row["low"], n, 2),
            "high": draft.number(row["high"], n, 2),
            "end": Period(*_days(row)).end,
            "months": numbers.months,
            "what": whats(draft.scope.params.measure),
        }
        if place == 0:
            told.append(
                T("From one generation to the next a burst is multiplied by {value} ({low} to {high}).", **said)
            )
        else:
            told.append(T("In the {months} months to {end} it is {value} ({low} to {high}).", **said))
        told.append(SAYS[row["says"] or "unclear"])
    return joined(told)


def _days(row: Any) -> tuple[Any, Any]:
    import datetime as dt

    return dt.date.fromisoformat(row["window_start"]), dt.date.fromisoformat(row["window_end"])


SAYS = {
    "below": T("That is below 1: a burst dies out."),
    "above": T("That is above 1: violence grew faster than trend and season explain."),
    "unclear": T("Whether that is below 1 the data cannot tell."),
}


QUESTION = Question(
    "reproduction",
    T(
        "Whether violence keeps itself alive: the reproduction number, by which a burst is multiplied from one "
        "generation to the next when it has passed through all units, by the model of the question spillover: the "
        "spectral radius of the matrix of coefficients of own and others' past (Diekmann, Heesterbeek & Metz 1990), "
        "with those couplings alone that passed its tests; with none, that of the unit whose own past brings most. "
        "Over all periods and in moving windows of --window months, {months} where nothing is said, with each unit's "
        "own part. Below 1 every burst dies out; at 1 or more violence grew faster than trend and season explain.",
        months=MONTHS,
    ),
    "Diekmann, Heesterbeek & Metz (1990), doi:10.1007/BF00178324; Held & Paul (2012), doi:10.1002/bimj.201200037",
    TAKES,
    COLUMNS,
    reproduction,
    choices={"by": BY, "measure": COUNTED},
    measure="events",
    slow=True,
)
