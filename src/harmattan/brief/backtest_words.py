"""What a backtest comes to, in sentences: whether a model beats the benchmark, and whether it does so everywhere."""

from __future__ import annotations

from harmattan.backtest.summary import Record, Summary
from harmattan.text import Number, T, Text, Value, Verbatim

NEAR = 0.005
"""Ratios nearer to 1 than this are called even."""


def headline(record: Record, summary: Summary) -> Text:
    """In one sentence how a model stands to the benchmark; it says so where it does not beat it."""
    ratio = record.ratios["crps"]
    won = sum(window.ratio.value < 1 for window in record.windows if window.n)
    values: dict[str, Value] = {
        "model": Verbatim(record.model),
        "benchmark": Verbatim(summary.benchmark),
        "ratio": Number(ratio.value, digits=3),
        "low": Number(ratio.low, digits=3),
        "high": Number(ratio.high, digits=3),
        "won": won,
        "all": sum(window.n > 0 for window in record.windows),
    }
    if not ratio.n_units:
        return T("{model} and {benchmark} have no month in common that was observed.", **values)
    if ratio.value >= 1 - NEAR:
        return T(
            "{model} does not beat {benchmark}: it has {ratio} times its CRPS ({low} to {high}), smaller in {won} of "
            "{all} windows.",
            **values,
        )
    if ratio.high >= 1:
        return T(
            "{model} has {ratio} times the CRPS of {benchmark}, smaller in {won} of {all} windows; the interval "
            "({low} to {high}) reaches 1, so that may be chance.",
            **values,
        )
    return T(
        "{model} beats {benchmark}: it has {ratio} times its CRPS ({low} to {high}), smaller in {won} of {all} "
        "windows.",
        **values,
    )
