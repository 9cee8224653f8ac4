"""The section on how forecasts of past months came out: each model beside the benchmark, also where it loses."""

from __future__ import annotations

from harmattan.brief.charts import source_line
from harmattan.brief.desk import Desk
from harmattan.brief.outline import Picture, Section, TableView, or_dash
from harmattan.brief.skill_charts import SkillCharts
from harmattan.questions.answer import Answer
from harmattan.text import CountryName, T, Text, Value, Verbatim, listing, msg

MOST_MODELS = 3
"""So many models are drawn, those with the lowest ratios; the table has all."""
LEVEL = "country"


def track_record(desk: Desk) -> Section:
    """The ratio to the benchmark by window, and a table of the models over all windows."""
    title = T("How forecasts of past months came out")
    found = desk.ask("forecast-skill")
    shown = [n for n, row in enumerate(found.rows) if row["level"] == LEVEL]
    if not shown:
        return Section("track-record", title, (found.headline if found.releases else NO_RECORD,))
    by_window = desk.ask("forecast-skill", by=("window",))
    models = [row["model"] for row in (found.rows[n] for n in shown) if row["ratio_low"] is not None][:MOST_MODELS]
    drawn = [row for row in by_window.rows if row["level"] == LEVEL and row["model"] in models and row["ratio"]]
    picture = None
    if drawn:
        charts = SkillCharts(desk.speaker, desk.speaker.say(source_line(by_window.releases)))
        slim = ("model", "window_start", "window_end", "ratio", "ratio_low", "ratio_high")
        picture = Picture(charts.ratios([{name: row[name] for name in slim} for row in drawn], models), CAPTION)
    return Section(
        "track-record",
        title,
        (found.headline,),
        picture=picture,
        table=_table(found, shown),
        notes=_notes(found, shown),
    )


def _table(found: Answer, shown: list[int]) -> TableView:
    rows = tuple(
        (
            Verbatim(found.rows[n]["model"]),
            _ratio(found, n),
            or_dash(found, n, "ratio_without", 3),
            T(
                "{better} of {n}",
                better=found.number(n, "windows_better"),
                n=found.number(n, "windows"),
            ),
            or_dash(found, n, "inside_90", 2),
            found.rows[n]["verdict"],
        )
        for n in shown
    )
    header = (T("model"), T("ratio"), T("without two"), T("better in"), T("inside 90 %"), T("verdict"))
    return TableView(header, rows, (False, True, True, True, True, False))


def _ratio(found: Answer, n: int) -> Value:
    if found.rows[n]["ratio_low"] is None:
        return or_dash(found, n, "ratio", 3)
    return T(
        "{ratio} ({low}–{high})",
        ratio=found.number(n, "ratio", 3),
        low=found.number(n, "ratio_low", 3),
        high=found.number(n, "ratio_high", 3),
    )


def _notes(found: Answer, shown: list[int]) -> tuple[Text, ...]:
    """How to read the table, with the two countries that weigh most."""
    big = next((row["largest"] for row in (found.rows[n] for n in shown) if row["largest"]), None)
    if big is None:
        return (READING,)
    names = listing([CountryName(code) for code in str(big).split(", ")])
    return (READING, T(WITHOUT, countries=names))


NO_RECORD = T(
    "Not covered: no release here says how forecasts of past months came out. {backtest} scores them, and {ingest} "
    "takes the scores in.",
    backtest=Verbatim("harmattan backtest"),
    ingest=Verbatim("harmattan ingest forecast-skill"),
)
READING = T(
    "The ratio is a model's mean CRPS over that of the benchmark, which is each country's own last twelve months; "
    "below 1 the model was better; in brackets its 95 % interval. Better in says in how many windows. Inside 90 % is "
    "the share of months that fell into the middle 90 % of the draws."
)
WITHOUT = msg("Without two means: without {countries}, where the benchmark's error was largest.")
CAPTION = T(
    "The ratio of each model's error to the benchmark's, by the window that was forecast; below the line at 1 the "
    "model was better. Bars are 95 % intervals by a bootstrap over countries, cut where they leave 0.5 to 2."
)
