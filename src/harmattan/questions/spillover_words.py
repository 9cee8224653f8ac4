"""What the questions on spillover say: columns, verdicts, headlines and caveats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from harmattan.models.spillover.counts import Every
from harmattan.questions.actors import level_caveats
from harmattan.questions.answer import AnswerColumn
from harmattan.questions.build import EVENTS_COUNTED, Draft, Line
from harmattan.questions.counted_units import COUNTED, LEAST
from harmattan.questions.coupled import LAGS, Coupled
from harmattan.text import Number, T, Text, Value, counted, joined, listing, msg

if TYPE_CHECKING:
    from harmattan.models.spillover.tested import SpilloverVerdict

OPEN = 50.0
"""Percent: what is estimated at zero, but may be more than this, is not said to be zero."""
DOUBT = 0.01
"""A check of the model below this p-value is said aloud."""
UNIT = (
    AnswerColumn("unit", T("the unit that receives: a country, a group in a country, an area or a cell")),
    AnswerColumn("unit_id", T("its code: ISO3; group and ISO3; the area's id; or the cell's gid")),
)
SOURCE = (
    AnswerColumn("source", T("the unit that it comes from; empty: of itself, or of all others together")),
    AnswerColumn("source_id", T("its code")),
)
VERDICT = (
    AnswerColumn("verdict", T("what the tests let be said of the coupling; only the first may be called spillover: "
                              "more than coincidence, no more than coincidence, forecasts no better, estimated at "
                              "zero, the data cannot tell")),
    AnswerColumn("verdict_key", T("spillover: both tests passed; coincidence: the source's surprises shifted in time "
                                  "give as much; no_gain: forecasts are no better with it; none: the coefficient is "
                                  "zero; cannot_tell: too little to test on")),
)  # fmt: skip
RESTS = (
    AnswerColumn("events", T("events of the units concerned in the periods counted, which its evidence lists: {what}",
                             what=EVENTS_COUNTED), "events"),
    AnswerColumn("deaths_best", T("deaths in these, best estimate"), "deaths"),
)  # fmt: skip
PARTS = (
    AnswerColumn("part", T("endemic: comes of itself, by level, trend and season; own: follows the unit's own past; "
                           "others: follows the past of others")),
    *SOURCE,
    AnswerColumn("share", T("of what the model expects of the unit in the periods fitted, by immediate origin"), "%"),
    AnswerColumn("share_low", T("lower end of its 95 % interval; empty where the endemic part goes to nothing"), "%"),
    AnswerColumn("share_high", T("upper end of its 95 % interval"), "%"),
    AnswerColumn("coefficient", T("further counts in the unit for each count in the source, over all lags")),
    AnswerColumn("coefficient_low", T("lower end of its 95 % interval")),
    AnswerColumn("coefficient_high", T("upper end of its 95 % interval")),
    AnswerColumn("expected", T("what the model expects of the part in the periods fitted"), "counts"),
    AnswerColumn("shift_p", T("the chance that any one of all pairs would give as much if the surprises of its source "
                              "came at another time: the verdict goes by it")),
    AnswerColumn("shift_alone", T("the share of such shifts in time that give as much, this pair taken alone")),
    AnswerColumn("gain", T("mean gain of the log score of forecasts one period ahead by the coupling")),
    AnswerColumn("gain_p", T("one-sided p-value of a gain of zero or less")),
    *VERDICT,
    AnswerColumn("dropped_share", T("the share with imprecise dates treated the other way: dropped where they are "
                                    "spread, spread where they are dropped"), "%"),
)  # fmt: skip
COURSE = (
    AnswerColumn("period", T("first day of the month, week or day")),
    AnswerColumn("observed", T("what was counted; empty where nobody looked"), "counts"),
    AnswerColumn("endemic", T("expected to come of itself; empty where a period was not fitted"), "counts"),
    AnswerColumn("own", T("expected to follow the unit's own past"), "counts"),
    AnswerColumn("others", T("expected to follow the past of others, or of the source"), "counts"),
)
VERDICTS: Mapping[str, Text] = {
    "spillover": T("more than coincidence"),
    "coincidence": T("no more than coincidence"),
    "no_gain": T("forecasts no better"),
    "none": T("estimated at zero"),
    "cannot_tell": T("the data cannot tell"),
}


def verdict_of(found: SpilloverVerdict | None) -> dict[str, Any]:
    """A verdict in words and by its key; empty where there is none."""
    return {"verdict": None if found is None else VERDICTS[found], "verdict_key": found}


def whats(measure: str) -> Text:
    """What is counted, in words."""
    return {
        "events": T("events"),
        "deaths_best": T("deaths (best)"),
        "deaths_civilians": T("civilian deaths"),
    }[measure]


def counted_by(model: Coupled) -> Text:
    """What is counted by which period, at the beginning of a sentence."""
    return {
        "events": {"month": T("Events by month"), "week": T("Events by week"), "day": T("Events by day")},
        "deaths_best": {
            "month": T("Deaths (best) by month"),
            "week": T("Deaths (best) by week"),
            "day": T("Deaths (best) by day"),
        },
        "deaths_civilians": {
            "month": T("Civilian deaths by month"),
            "week": T("Civilian deaths by week"),
            "day": T("Civilian deaths by day"),
        },
    }[model.counted.scope.params.measure][model.counted.counts.every]


def months_before(every: Every) -> Text:
    """The periods that the past reaches, in words."""
    words = {"month": T("the {n} months before", n=LAGS["month"]), "week": T("the {n} weeks before", n=LAGS["week"]),
             "day": T("the {n} days before", n=LAGS["day"])}  # fmt: skip
    return words[every]


BEYOND = 1e6
"""What is larger is no number that anybody could use: the data do not bound it."""


def rounded(value: Any, digits: int = 1) -> float | None:
    """A number of a row: rounded, whole where that is the same, empty where there is none.

    >>> rounded(12.04), rounded(float("nan")), rounded(0.123, 2)
    (12.0, None, 0.12)
    """
    if value is None or not abs(value) < BEYOND:
        return None
    return round(float(value), digits) + 0.0


def arrow(model: Coupled, pair: tuple[str, str]) -> Text:
    """A directed pair in words: "Mali to Burkina Faso"."""
    source, unit = (model.counted.unit(key).name for key in pair)
    return T("{source} to {unit}", source=source, unit=unit)


def tally(draft: Draft, model: Coupled) -> Text:
    """How many couplings passed their tests."""
    said: dict[str, Any] = {"what": counted_by(model), "start": draft.scope.period.start, "end": draft.scope.period.end}
    if not model.fitted.free:
        ends = {"spillover": T("what lies around a unit brings it more than coincidence would, and forecasts are "
                               "better with it"),
                "coincidence": T("what lies around a unit brings it no more than coincidence would"),
                "no_gain": T("forecasts are no better with what lies around a unit, so nothing is called spillover"),
                "none": T("nothing that lies around a unit brings it more"),
                "cannot_tell": T("whether what lies around a unit brings it more the data cannot tell")}  # fmt: skip
        found = model.fitted.together.verdict if model.fitted.together else "cannot_tell"
        return T("{what}, {start} to {end}, {units}: {found}.", found=ends[found],
                 units=counted(draft.number(len(model.counted.units)), "{n} unit", "{n} units"), **said)  # fmt: skip
    n, passed = len(model.fitted.tested), model.fitted.passed
    pairs = counted(draft.number(n), "{n} directed pair", "{n} directed pairs")
    if not passed:
        return T("{what}, {start} to {end}: of {pairs} none passes both tests, so nothing is called spillover.",
                 pairs=pairs, **said)  # fmt: skip
    names = listed([arrow(model, pair) for pair in passed])
    return T("{what}, {start} to {end}: of {pairs} {passed} both tests and may be called spillover: {names}.",
             pairs=pairs, passed=counted(draft.number(len(passed)), "{n} passes", "{n} pass"), names=names,
             **said)  # fmt: skip


def listed(items: Sequence[Value], most: int = 5) -> Value:
    """A list that stops where it grows long."""
    if len(items) <= most:
        return listing(items)
    rest = counted(len(items) - most, "{n} more", "{n} more")
    return listing([*items[:most], rest])


def caveats(model: Coupled) -> list[Text]:
    """What has to be said of every answer that rests on the model."""
    made = model.counted
    return [*_of_model(model), *_of_reading(model), *_of_dates(model), *_of_units(model), *level_caveats(made.scope)]


def _of_model(model: Coupled) -> list[Text]:
    """How counts are explained, and how well that describes them."""
    every = model.counted.counts.every
    reach = COUNTED[every](LAGS[every])
    if model.fitted.free:
        said = T(
            "The counts of each unit are taken as negative binomial about a mean that is made of a trend and season "
            "of its own, its own past and the past of every other unit, with a coefficient for each directed pair. The "
            "past reaches {reach}, with weights that fall geometrically at a rate that is estimated. A coefficient is "
            "never below zero.",
            reach=reach,
        )
    else:
        said = T(
            "The counts of each unit are taken as negative binomial about a mean that is made of its own level, a "
            "trend and season of all, its own past and the past of the units around it. The past reaches {reach}, with "
            "weights that fall geometrically at a rate that is estimated.",
            reach=reach,
        )
    found = [said]
    if not model.fitted.fit.converged:
        found.append(T("The search for the estimates did not come to an end: take the numbers with caution."))
    return found + _of_residuals(model)


def _of_residuals(model: Coupled) -> list[Text]:
    checked, found = model.fitted.residuals, []
    if checked.pit_p is not None and checked.pit_p <= DOUBT:
        found.append(
            T("The model does not describe how the counts are spread (PIT, p {p}): intervals and tests are in doubt.",
              p=small(checked.pit_p))
        )  # fmt: skip
    if checked.lag_p is not None and checked.lag_p <= DOUBT:
        found.append(
            T("Something of the past is left in the residuals (Ljung-Box, p {p}): a common course that the model does "
              "not take up may look like spillover.", p=small(checked.lag_p))
        )  # fmt: skip
    return found


def small(p: float, evidence: str | None = None) -> Text:
    """A p-value in words, with as many digits as it needs; in a headline with its evidence.

    >>> small(0.0004).template, small(0.04).template
    ('below {p}', '{p}')
    """
    if p < 0.001:
        return T("below {p}", p=Number(0.001, evidence, 3))
    return T("{p}", p=Number(p, evidence, 3 if p < 0.1 else 2))


def _of_reading(model: Coupled) -> list[Text]:
    """What spillover means here, and what it does not."""
    found = [
        T("That counts in one unit follow those in another is an association in time: it does not show that the one "
          "brought the other. What reaches several units from elsewhere, and neither trend nor season takes up, looks "
          "like spillover too."),
        T("Shares are of immediate origin: what came from a neighbour counts as the neighbour's, wherever that had it "
          "from. What comes from places that are not among the units stands with what comes of itself or with the "
          "unit's own past."),
    ]  # fmt: skip
    if model.fitted.free:
        found.append(
            T("Two tests must be passed: the surprises of the source, shifted in time, give as much in at most 5 % of "
              "cases, where the chance that any pair between which nothing flows passes is held over all pairs (Romano "
              "& Wolf 2005, doi:10.1198/016214504000000539); and forecasts one period ahead are better with the "
              "coupling on average, which is not asked to be beyond chance.")
        )  # fmt: skip
    family = {held.release.family for held in model.counted.scope.selection.holds}
    if "ucdp" in family:
        found.append(T("UCDP records events in which somebody died: violence that killed nobody is in no count."))
    if model.counted.scope.params.measure != "events":
        found.append(
            T("Deaths are counted: a single massacre may rule the whole fit. --measure events is the steadier count.")
        )
    return found


def _of_dates(model: Coupled) -> list[Text]:
    """What became of events that may lie in several periods."""
    made, every = model.counted, model.counted.counts.every
    if not made.loose:
        return []
    events = counted(made.loose, "{n} event", "{n} events")
    where = {"month": T("several months"), "week": T("several weeks"), "day": T("several days")}[every]
    if made.spread:
        said = T("{events} may lie in {where}: spread over them in proportion to their days as far as these are known, "
                 "in whole numbers; the shares without them are beside.", events=events, where=where)  # fmt: skip
    else:
        said = T("{events} may lie in {where}: left out; the shares with them spread are beside.", events=events,
                 where=where)  # fmt: skip
    found = [said]
    if any("day" not in held.release.coverage.dimensions for held in made.scope.selection.holds):
        found.append(
            T("Sums by month do not say on which days: an event that lasted longer stands in its first month.")
        )
    return found


def _of_units(model: Coupled) -> list[Text]:
    """Which units are left out, and why."""
    made, found = model.counted, []
    if made.without:
        found.append(T("Left out, with fewer than {least} events: {units}.", least=LEAST,
                       units=listed([unit.name for unit in made.without])))  # fmt: skip
    if model.fitted.fit.left_out:
        found.append(T("Left out of the model, since nothing is counted in the periods fitted: {units}.",
                       units=listed([made.unit(key).name for key in model.fitted.fit.left_out])))  # fmt: skip
    if made.by == "group":
        found.append(T("An event between two groups stands in the counts of each."))
    if made.by == "cell":
        found.append(T("Cells without an event, and events that are not known to a place, are not in the model."))
    return found


def headline(draft: Draft, model: Coupled, lines: Sequence[Line], *, rows: bool) -> Text:
    """How many couplings pass, and the largest of these; where none does, the one that is least like chance.

    `rows`: whether the lines are the answer's rows, so that numbers can be opened by them.
    """
    others = [n for n, line in enumerate(lines) if line.values["part"] == "others" and line.values["coefficient"]]
    told = [tally(draft, model), *_of_first(draft, model, lines, rows)]
    if not others:
        return joined(told)
    passed = [n for n in others if lines[n].values["verdict_key"] == "spillover"]

    def rank(n: int) -> tuple[float, float]:
        row = lines[n].values
        return (0.0 if passed else 1 if row["shift_p"] is None else row["shift_p"], -(row["share"] or 0))

    of = min(passed or others, key=rank)
    return joined([*told, _sentence(draft, model, lines[of].values, of if rows else None)])


def _of_first(draft: Draft, model: Coupled, lines: Sequence[Line], rows: bool) -> list[Text]:
    """What was found of the couplings from the unit that was named first, each with its share."""
    source = model.counted.unit(model.counted.listed[0])
    found: dict[str, list[Value]] = {}
    for n, line in enumerate(lines):
        row = line.values
        if row["part"] == "others" and row["source_id"] == source.key and row["verdict_key"]:
            at = n if rows else None
            open_ = row["verdict_key"] == "none" and (row["share_high"] or 0.0) > OPEN
            said = T("{unit} ({low} to {high} %)", unit=row["unit"], low=draft.number(row["share_low"], at, 1),
                     high=draft.number(row["share_high"], at, 1))  # fmt: skip
            found.setdefault("cannot_tell" if open_ else row["verdict_key"], []).append(said)
    parts = [T("{kind}: {count}", kind=VERDICTS[key], count=listing(found[key]))
             for key in VERDICTS if key in found]  # fmt: skip
    if not parts:
        return []
    every = joined(parts, msg("{first}; {second}"))
    return [T("Following {source}, of what is expected in the others: {parts}.", source=source.name, parts=every)]


def _sentence(draft: Draft, model: Coupled, row: Mapping[str, Any], n: int | None) -> Text:
    said = {
        "unit": row["unit"],
        "source": row["source"],
        "what": whats(draft.scope.params.measure),
        "before": months_before(model.counted.counts.every),
        "share": draft.number(row["share"], n, 1),
        "low": draft.number(row["share_low"], n, 1),
        "high": draft.number(row["share_high"], n, 1),
    }
    if not model.fitted.free:
        said |= {"one": draft.number(row["coefficient"], n, 2), "least": draft.number(row["coefficient_low"], n, 2),
                 "most": draft.number(row["coefficient_high"], n, 2)}  # fmt: skip
        first = T("For each of the {what} in a unit the model expects {one} ({least} to {most}) more in the units "
                  "around it, all of these and all later periods taken together.", **said)  # fmt: skip
    elif model.counted.by == "group":
        first = T("Of what is expected of {unit}, {share} % ({low} to {high}) follows {what} of {source} in {before}.",
                  **said)  # fmt: skip
    else:
        first = T("Of what is expected in {unit}, {share} % ({low} to {high}) follows {what} in {source} in {before}.",
                  **said)  # fmt: skip
    least = []
    if model.fitted.free and not model.fitted.passed:
        least = [
            T("Least like chance is the coupling from {source} to {unit}.", source=row["source"], unit=row["unit"])
        ]
    return joined([*least, first, _why(draft, model, row, n)])


def _why(draft: Draft, model: Coupled, row: Mapping[str, Any], n: int | None) -> Text:
    """Why a coupling may be called spillover, or may not."""
    if row["verdict_key"] == "cannot_tell" or row["shift_p"] is None:
        return T("There is too little to test that on: the data cannot tell.")
    said: dict[str, Any] = {
        "source": row["source"],
        "alone": draft.number(100 * row["shift_alone"], n, 1),
        "shift": draft.number(100 * row["shift_p"], n, 1),
        "pairs": counted(max(1, len(model.fitted.tested)), "{n} pair", "{n} pairs"),
        "p": None if row["gain_p"] is None else small(row["gain_p"], draft.number(None, n).evidence),
    }
    shifted = T("With the surprises of each unit shifted in time the data give as much in {alone} % of cases.", **said)
    if len(model.fitted.tested) > 1:
        shifted = T("Shifted in time, the surprises of {source} give as much in {alone} % of cases, and among {pairs} "
                    "chance gives one like it in {shift} %.", **said)  # fmt: skip
    ends = {
        "spillover": T(
            "On average forecasts are better with it (p {p}). Both tests are passed: that is more than coincidence.",
            **said,
        ),
        "coincidence": T("That is no more than coincidence would give."),
        "no_gain": T("But forecasts are no better with it (p {p}): it is not called spillover.", **said),
    }
    return joined([shifted, ends.get(row["verdict_key"], VERDICTS["none"])])
