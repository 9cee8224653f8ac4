"""The contract of the table of skill: how the forecasts of past months came out, by model, window and place."""

from __future__ import annotations

import pyarrow as pa

from harmattan.vocabulary.contract import Column, Contract

_text, _int, _number = pa.string(), pa.int64(), pa.float64()
LEVELS = ("country", "cell")
"""What a unit is: a country by its ISO3 code, or a PRIO-GRID cell by its gid."""
LOSSES = (
    "crps", "log_score", "mis90", "crps_log", "brier_0", "brier_25", "brier_100", "brier_1000",
)  # fmt: skip
"""Scores by which forecasts are compared: the lower, the better."""
CALIBRATION = ("inside_50", "inside_90")
"""Shares that should be what their names say; neither a low nor a high one is good in itself."""

SKILL = Contract(
    "skill",
    (
        Column("row_id", _text, "level, target, model, origin, unit and steps in one", nullable=False),
        Column("level", _text, "what the unit is: country or cell", "", False),
        Column("target", _text, "what was forecast: deaths_best", "", False),
        Column("model", _text, "the model, as the forecast calls it", "", False),
        Column("origin", _text, "the last month that the model knew, such as 2022-10", "", False),
        Column("unit", _text, "the country (ISO 3166 alpha-3) or the cell (PRIO-GRID gid)", "", False),
        Column("step_first", _int, "the first month ahead that is scored", "months after the origin", False),
        Column("step_last", _int, "the last month ahead that is scored", "months after the origin", False),
        Column("n_months", _int, "months that were scored: those whose value is known", "months", False),
        Column("crps", _number, "continuous ranked probability score, mean over those months; lower is better",
               "deaths", False),
        Column("log_score", _number, "logarithmic score over the eleven classes of the VIEWS challenge, mean", "nats"),
        Column("mis90", _number, "interval score of the middle 90 % of the draws, mean", "deaths"),
        Column("crps_log", _number, "the same as crps over log(1 + deaths), mean", "log deaths"),
        Column("brier_0", _number, "Brier score of more than 0 deaths, mean"),
        Column("brier_25", _number, "Brier score of more than 25 deaths, mean"),
        Column("brier_100", _number, "Brier score of more than 100 deaths, mean"),
        Column("brier_1000", _number, "Brier score of more than 1000 deaths, mean"),
        Column("inside_50", _number, "share of the months that fell into the middle 50 % of the draws", "share"),
        Column("inside_90", _number, "share of the months that fell into the middle 90 % of the draws", "share"),
        Column("observed", _number, "mean of what came, by month", "deaths"),
        Column("expected", _number, "mean of all draws, by month", "deaths"),
    ),
    key=("level", "target", "model", "origin", "unit", "step_first", "step_last"),
)  # fmt: skip
"""Computed from forecasts of months that are over; it tells of models and enters no count of events."""
