"""`forecast-skill`: how forecasts of past months came out beside the benchmark, which is said also where they lose."""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import ibis

from harmattan.lake.shelf import Held
from harmattan.models.history import BENCHMARK
from harmattan.models.pooled import POOLED
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import RECORDS, Line
from harmattan.questions.extract import RELEASE, Extract
from harmattan.questions.holding import Holding
from harmattan.questions.library import hindsight
from harmattan.questions.parameters import Params
from harmattan.questions.question import Question
from harmattan.questions.skill_standing import Standing, standing
from harmattan.questions.skill_table import Track, speaking, tracks
from harmattan.questions.skill_words import ABOUT_DATA, COVERAGE_NOTE, IN_SHORT, NOT_COVERED, alone, judged, named
from harmattan.questions.world import World
from harmattan.text import CountryName, T, Text, Verbatim, joined, listing
from harmattan.vocabulary.origin import ReleaseRef
from harmattan.vocabulary.skill import LOSSES, SKILL

ACCEPTS = ("country", "cell", "by", "measure", "start", "end", "source", "as_of", "known_by", "release")
BY = ("model", "window", "unit")
COLUMNS = (
    RELEASE,
    AnswerColumn("level", T("what the places are: country or cell")),
    AnswerColumn("target", T("what was forecast")),
    AnswerColumn("model", T("the model")),
    AnswerColumn("steps", T("months ahead that were scored, from the first to the last"), "months"),
    AnswerColumn("window_start", T("the first day that was forecast")),
    AnswerColumn("window_end", T("the last day that was forecast")),
    AnswerColumn("unit", T("the country (ISO 3166 alpha-3) or the cell (PRIO-GRID gid); empty: all together")),
    AnswerColumn("measure", T("the score that is compared; lower is better")),
    AnswerColumn("ratio", T("the mean score over that of the benchmark on the same months: below 1 is better")),
    AnswerColumn("ratio_low", T("low end of the ratio's 95 % interval, by a bootstrap over places; empty: too few")),
    AnswerColumn("ratio_high", T("high end of that interval")),
    AnswerColumn("score", T("the mean score of the model, by month and place")),
    AnswerColumn("score_benchmark", T("that of the benchmark")),
    AnswerColumn("windows", T("windows in which both were scored"), "windows"),
    AnswerColumn("windows_better", T("windows in which the model scored lower"), "windows"),
    AnswerColumn("units", T("places in which both were scored"), "places"),
    AnswerColumn("units_better", T("places in which the model scored lower"), "places"),
    AnswerColumn("units_worse", T("places in which it scored higher; in the others both are alike"), "places"),
    AnswerColumn("largest", T("the two places with the largest scores of the benchmark")),
    AnswerColumn("ratio_without", T("the ratio without those two; empty: too few places, or not asked")),
    AnswerColumn("inside_50", T("share of the months that fell into the middle half of the draws"), "share"),
    AnswerColumn("inside_90", T("share of the months that fell into the middle 90 % of the draws"), "share"),
    AnswerColumn("verdict", T("in words: beats the benchmark, about as good, or does not beat it")),
    RECORDS,
)


@dataclass(frozen=True)
class Verdict:
    """What a model's past says of it, for beside its forecast: over all places, and over one where that is asked."""

    level: str
    model: str
    benchmark: str
    ratio: float | None
    """Its CRPS over that of the benchmark; None where the benchmark was not scored on the same months."""
    low: float | None
    high: float | None
    windows: int
    windows_won: int
    unit_ratio: float | None
    """The same for the one place; None where it was not asked for or not scored."""
    inside_90: float | None
    """Share of all months that fell into the middle 90 % of the draws."""
    words: Text
    releases: tuple[ReleaseRef, ...]

    @property
    def share_won(self) -> float | None:
        """The share of windows in which it was better."""
        return self.windows_won / self.windows if self.windows else None


def verdict(
    world: World, level: str, unit: str | None = None, *, model: str = POOLED.name, params: Params | None = None
) -> Verdict | None:
    """What past forecasts of a model came to, by CRPS; None where no release has scores of it at that level.

    `level` is country or cell, `unit` an ISO3 code or a gid. Of `params` the releases, the known-by, the as-of and the
    last day count: windows that were not over by then are left out.
    """
    said = params or Params()
    held = speaking(world, said).get(level)
    found = _whole(held, level, model, _last(said)) if held else None
    if held is None or found is None:
        return None
    track, whole = found
    words, unit_ratio = judged(whole, level), None
    if unit is not None and unit in track.units:
        own = standing(track.only([unit]), model, "crps", big=False)
        unit_ratio = own.ratio
        words = joined((words, alone(own, level, unit))) if own.ratio is not None else words
    return Verdict(
        level, model, BENCHMARK.name, whole.ratio, whole.low, whole.high, whole.windows, whole.won, unit_ratio,
        whole.inside_90, words, (ReleaseRef.to(held.release),),
    )  # fmt: skip


@functools.lru_cache(maxsize=32)
def _whole(held: Held, level: str, model: str, last: dt.date) -> tuple[Track, Standing] | None:
    """The track of a model over all places and the windows that were over by a day, and what it comes to."""
    found = [track.only(end=last) for track in tracks(held, level) if model in track.scores]
    there = [track for track in found if track.origins]
    return (there[0], standing(there[0], model, "crps")) if there else None


def _last(params: Params) -> dt.date:
    """The day by which a window has to be over."""
    return min(params.end or dt.date.max, params.as_of or dt.date.max)


def forecast_skill(world: World, params: Params) -> Answer:
    """Each model beside the benchmark: pooled, or by window, by place or both."""
    params = replace(params, measure=params.measure if params.measure in LOSSES else "crps")
    levels = {level: held for level, held in speaking(world, params).items() if _asks(params, level)}
    found = [track for level, held in levels.items() for track in _tracks(held, level, params)]
    used = tuple({track.release.release.name: track.release for track in found}.values())
    empty = ibis.memtable(SKILL.schema.empty_table())
    extract = Extract("forecast-skill", Holding(params, SKILL.name, empty, used, tuple(levels.values()), ()), ACCEPTS)
    there = [track for track in found if track.units and track.origins]
    if not there:
        return extract.finish((), COLUMNS, _nothing(params, found))
    pooled = [{model: standing(track, model, params.measure) for model in track.scores} for track in there]
    lines = [
        _line(extract, track, part, one)
        for track, own in zip(there, pooled, strict=True)
        for part, one in _standings(track, own, params)
    ]
    headline = joined([_headline(extract, lines, track, own) for track, own in zip(there, pooled, strict=True)])
    return extract.finish(lines, COLUMNS, headline, chart=_chart(params), caveats=_caveats(params, there))


def _asks(params: Params, level: str) -> bool:
    """Whether a level is asked about: countries and cells alike where neither is named."""
    named_ = {"country": params.country, "cell": params.cell}
    return bool(named_[level]) or not any(named_.values())


def _tracks(held: Held, level: str, params: Params) -> list[Track]:
    units = [str(cell) for cell in params.cell] if level == "cell" else list(params.country)
    return [track.only(units or None, params.start, _last(params)) for track in tracks(held, level)]


def _standings(track: Track, pooled: Mapping[str, Standing], params: Params) -> Iterator[tuple[Track, Standing]]:
    """The rows of a track, each with the part of it that it is about: the best model first, the benchmark last."""
    told = [by for by in ("window", "unit") if by in params.by]
    for model in _ranked(pooled):
        if not told:
            yield track, pooled[model]
        elif model != BENCHMARK.name:
            for part in _parts(track, told):
                own = standing(part, model, params.measure, big=False)
                if own.ours is not None:
                    yield part, own


def _ranked(pooled: Mapping[str, Standing]) -> list[str]:
    """The models by their ratio, and the benchmark."""
    ratios = {model: found.ratio if found.ratio is not None else math.inf for model, found in pooled.items()}
    return sorted(ratios, key=lambda model: (model == BENCHMARK.name, ratios[model], model))


def _parts(track: Track, told: Sequence[str]) -> Iterator[Track]:
    windows = [(start, end) for start, end in track.windows] if "window" in told else [(None, None)]
    units = [[unit] for unit in track.units] if "unit" in told else [None]
    for unit in units:
        for start, end in windows:
            yield track.only(unit, start, end)


def _line(extract: Extract, track: Track, part: Track, found: Standing) -> Line:
    keys = [
        f"{track.release.release.name}:{row}"
        for model in dict.fromkeys((found.model, BENCHMARK.name))
        for row in (part.rows[model].ravel() if model in part.rows else ())
        if row is not None
    ]
    told = extract.holding.params.by
    values = {
        "dataset": track.release.release.dataset,
        "release": track.release.release.name,
        "level": track.level,
        "target": track.target,
        "model": found.model,
        "steps": f"{track.steps[0]}-{track.steps[1]}",
        "window_start": min(start for start, _end in part.windows).isoformat(),
        "window_end": max(end for _start, end in part.windows).isoformat(),
        "unit": part.units[0] if "unit" in told else None,
        "measure": found.measure,
        "ratio": found.ratio,
        "ratio_low": found.low,
        "ratio_high": found.high,
        "score": found.ours,
        "score_benchmark": found.theirs,
        "windows": found.windows,
        "windows_better": found.won,
        "units": found.units,
        "units_better": found.units_won,
        "units_worse": found.units_lost,
        "largest": ", ".join(found.big) or None,
        "ratio_without": found.without,
        "inside_50": found.inside_50,
        "inside_90": found.inside_90,
        "verdict": IN_SHORT[found.kind],
    }
    return extract.line(values, keys)


def _headline(extract: Extract, lines: Sequence[Line], track: Track, pooled: Mapping[str, Standing]) -> Text:
    """The verdict on the pool, or on the best model where that was not scored; then which others beat the benchmark."""
    ranked = sorted((model for model in _ranked(pooled) if model != BENCHMARK.name), key=lambda m: m != POOLED.name)
    if not ranked:
        return T("Only the benchmark {model} was scored.", model=Verbatim(BENCHMARK.name))
    alike = {"level": track.level, "target": track.target, "model": ranked[0], "ratio": pooled[ranked[0]].ratio}
    row = next((n for n, line in enumerate(lines) if alike.items() <= line.values.items()), None)
    said = [judged(pooled[ranked[0]], track.level, extract.id if row is None else f"{extract.id}.{row + 1}")]
    better = listing([Verbatim(model) for model in ranked[1:] if pooled[model].kind == "beats"])
    if better.items:
        said.append(T("Other models that beat the benchmark without losing a window: {names}.", names=better))
    elif ranked[1:]:
        said.append(T("No other model here beats the benchmark without losing a window."))
    return joined(said)


def _nothing(params: Params, found: Sequence[Track]) -> Text:
    """Why nothing is said: no release has scores, or none of what was asked about."""
    if not found:
        return NOT_COVERED
    known = [track for track in found if track.origins]
    if not known:
        return T("Not covered: no window of past forecasts lies wholly in the days that were asked about.")
    asked = listing([CountryName(code) for code in params.country] + [Verbatim(f"gid {cell}") for cell in params.cell])
    return T("Not covered: no past forecasts of {places} were scored.", places=asked)


def _chart(params: Params) -> Chart:
    if "window" in params.by and "unit" not in params.by:
        return Chart("ratios", x="window_end", y="ratio", low="ratio_low", high="ratio_high", series="model")
    along = "unit" if "unit" in params.by else "model"
    return Chart("bars", x="ratio", y=along, low="ratio_low", high="ratio_high", series="model")


def _caveats(params: Params, there: Sequence[Track]) -> list[Text]:
    used = {track.release.release.name: track.release for track in there}.values()
    said = [hindsight(held, params.as_of) for held in used if params.as_of and held.release.published > params.as_of]
    said += [ABOUT_DATA, COVERAGE_NOTE]
    for track in there:
        asked = params.country if track.level == "country" else tuple(str(cell) for cell in params.cell)
        missing = [unit for unit in asked if unit not in track.units]
        if missing:
            said.append(T("Not covered, since not scored: {places}.", places=named(track.level, missing)))
        said += [
            T("{country} is only covered together with another: ask for {code}.",
              country=CountryName(code), code=Verbatim(both))
            for both in track.units
            for code in missing
            if code in both.split("+")
        ]  # fmt: skip
        if track.other_steps:
            spans = listing([Verbatim(f"{first}-{last}") for first, last in track.other_steps])
            said.append(T("The release has other spans of months ahead, which are not shown: {spans}.", spans=spans))
    return said


QUESTION = Question(
    "forecast-skill",
    T(
        "How forecasts of past months came out: of each model the mean score over that of the benchmark, which is each "
        "place's own last twelve months, on the same months; pooled, by window or by place, with a bootstrap interval "
        "over places, without the two places that weigh most, and the share of months inside the middle of the draws. "
        "A model that does not beat the benchmark says so. Of several backtests the newest answers."
    ),
    "Hegre et al. (2025), doi:10.1177/00223433241300862; Gneiting & Raftery (2007), doi:10.1198/016214506000001437",
    ACCEPTS,
    COLUMNS,
    forecast_skill,
    "tables",
    {"by": BY, "measure": LOSSES},
)
