"""How forecasts stand to the benchmark in plain sentences: a model that does not beat it says so."""

from __future__ import annotations

from collections.abc import Sequence

from harmattan.models.history import BENCHMARK
from harmattan.questions.skill_standing import Standing
from harmattan.text import CountryName, Number, T, Text, Value, Verbatim, counted, joined, listing, msg

MEASURE_WORDS: dict[str, Text] = {
    "crps": T("CRPS"),
    "log_score": T("the log score"),
    "mis90": T("the interval score at 90 %"),
    "crps_log": T("the CRPS of logarithms"),
    "brier_0": T("the Brier score of more than 0 deaths"),
    "brier_25": T("the Brier score of more than 25 deaths"),
    "brier_100": T("the Brier score of more than 100 deaths"),
    "brier_1000": T("the Brier score of more than 1000 deaths"),
}
VERDICTS = {
    "beats": msg(
        "{model} beats the benchmark {benchmark} by {measure}: the ratio is {ratio} ({low} to {high}) over {windows} "
        "and {units}, and above 1 in none of the windows."
    ),
    "loses_windows": msg(
        "{model} beats the benchmark {benchmark} by {measure} over {windows} together, with a ratio of {ratio} ({low} "
        "to {high}) for {units}, but it loses {lost} of {n}."
    ),
    "even": msg(
        "{model} is about as good as the benchmark {benchmark} by {measure}: the ratio is {ratio} over {windows} and "
        "{units}, and the interval from {low} to {high} has 1 in it, so it is not shown to beat it."
    ),
    "behind": msg(
        "{model} does not beat the benchmark {benchmark} by {measure}: the ratio is {ratio} ({low} to {high}) over "
        "{windows} and {units}; it was better in {won} of {n} windows."
    ),
    "few_ahead": msg(
        "{model} was better than the benchmark {benchmark} by {measure}: the ratio is {ratio} over "
        "{windows}, better in {won} of {n}; for {units} no interval can be given, so it is not shown to beat it."
    ),
    "few_behind": msg(
        "{model} does not beat the benchmark {benchmark} by {measure} here: the ratio is {ratio} over {windows} and "
        "{units}; it was better in {won} of {n}."
    ),
    "benchmark": msg("{model} is the benchmark."),
    "perfect": msg(
        "{model} does not beat the benchmark {benchmark} by {measure} here: over {windows} and {units} the benchmark "
        "made no error."
    ),
    "none": msg("{model} was not scored on the same months as the benchmark {benchmark}, so nothing says which is "
                "better."),
}  # fmt: skip

IN_SHORT: dict[str, Text] = {
    "beats": T("beats the benchmark"),
    "loses_windows": T("beats the benchmark, but not in every window"),
    "even": T("about as good as the benchmark"),
    "behind": T("does not beat the benchmark"),
    "few_ahead": T("better, but for too few places to tell"),
    "few_behind": T("does not beat the benchmark"),
    "none": T("cannot be compared"),
    "perfect": T("does not beat the benchmark, which made no error"),
    "benchmark": T("is the benchmark"),
}


def named(level: str, units: Sequence[str]) -> Value:
    """Units as they are spoken: countries by name, cells by gid."""
    return listing([CountryName(unit) if level == "country" else Verbatim(f"gid {unit}") for unit in units])


def judged(found: Standing, level: str, number: str | None = None) -> Text:
    """The verdict on a model; `number` is the id of the evidence behind its ratio."""
    said: dict[str, Value] = {
        "model": Verbatim(found.model),
        "benchmark": Verbatim(BENCHMARK.name),
        "ratio": Number(found.ratio, number, 3),
        "low": Number(found.low, number, 3),
        "high": Number(found.high, number, 3),
        "measure": MEASURE_WORDS[found.measure],
        "windows": counted(Number(found.windows, number), "{n} window", "{n} windows"),
        "won": Number(found.won, number),
        "lost": Number(found.lost, number),
        "n": Number(found.windows, number),
        "units": counted(Number(found.units, number), "{n} place", "{n} places"),
    }
    words = T(VERDICTS[found.kind], **said)
    if found.ratio is not None and found.without is not None and found.ratio < 1 <= found.without:
        turned = T(
            "Without {units} the ratio is {ratio}: what gain there is comes from them alone.",
            units=named(level, found.big),
            ratio=Number(found.without, number, 3),
        )
        return joined((words, turned))
    return words


def alone(found: Standing, level: str, unit: str) -> Text:
    """A sentence on one place beside the verdict over all."""
    return T(
        "For {place} alone the ratio is {ratio}, better in {won} of {n} windows.",
        place=named(level, [unit]),
        ratio=Number(found.ratio, None, 2),
        won=Number(found.won),
        n=Number(found.windows),
    )


NOT_COVERED = T(
    "Not covered: no release here says how past forecasts came out. Score them with {backtest}, then take them in with "
    "{ingest}.",
    backtest=Verbatim("harmattan backtest --panel lake --origins 2011-10..2022-10 --steps 3..14 --out DIR"),
    ingest=Verbatim("harmattan ingest forecast-skill DIR/skill.parquet --release LABEL"),
)
ABOUT_DATA = T(
    "Past months are scored on the data of today, in which later corrections stand; what was known at the time "
    "differed, and whoever made the models knew these years."
)
COVERAGE_NOTE = T(
    "Where it is quiet nearly every interval has 0 in it and holds what came: the shares inside are mostly of such "
    "places."
)
