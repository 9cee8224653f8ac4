"""A backtest as one page: how models did on past months. Self-contained: no network, no script."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from harmattan import __version__
from harmattan.backtest.summary import LARGEST, QUIET_MONTHS, Summary
from harmattan.brief.backtest_charts import BacktestCharts, name_of, rivals_of, unit_name
from harmattan.brief.backtest_words import headline
from harmattan.brief.html import TEMPLATES, svg, template
from harmattan.brief.outline import Picture, Section, TableView
from harmattan.text import Number, T, Text, Value, Verbatim, listing
from harmattan.text.speaker import Speaker

MOST_WINDOWS = 24
"""Windows that are listed; those between are in the tables that lie beside the page."""


def render(summary: Summary, meanings: Mapping[str, Text], notes: Sequence[Text], speaker: Speaker) -> bytes:
    """The page as UTF-8. `meanings` says of each model how it comes to its draws, `notes` what a reader must know."""
    words = Speaker(speaker.language, escape=lambda text: html.escape(text, quote=True))
    page = template("backtest.html.j2").render(
        title=speaker.words("Forecasts tested on past months"),
        subtitle=_subtitle(summary),
        sections=list(_sections(summary, meanings, notes, speaker)),
        say=lambda value: Markup(words.say(value)),
        plain=speaker.say,
        t=speaker.words,
        language=speaker.language,
        version=__version__,
        svg=lambda spec, n, caption: Markup(svg(spec, speaker.language, n, caption)),
        style=Markup((TEMPLATES / "brief.css").read_text("utf-8")),
    )
    return page.encode("utf-8")


def _subtitle(summary: Summary) -> Text:
    return T(
        "{n} {units}, {windows} windows from {first} to {last}, {near} to {far} months ahead, {draws} draws",
        n=summary.n_units,
        units=T("cells") if summary.level == "cell" else T("countries"),
        windows=len(summary.origins),
        first=Verbatim(summary.records[0].windows[0].first),
        last=Verbatim(summary.records[0].windows[-1].last),
        near=summary.steps[0],
        far=summary.steps[-1],
        draws=summary.draws,
    )


def _sections(
    summary: Summary, meanings: Mapping[str, Text], notes: Sequence[Text], speaker: Speaker
) -> Iterator[Section]:
    source = T(
        "Panel {digest}, {first} to {last}. Figures: Harmattan.",
        digest=Verbatim(summary.panel[:12]),
        first=Verbatim(summary.first),
        last=Verbatim(summary.last),
    )
    charts = BacktestCharts(speaker, speaker.say(source))
    rivals = rivals_of(summary)
    yield _verdict(summary, charts)
    if any(record.units for record in rivals):
        yield _gains(summary, charts)
    yield _calibration(summary, charts)
    yield Section(
        "chances",
        T("What a chance meant"),
        (_quiet(summary),),
        picture=Picture(
            charts.chances(summary),
            T("Forecasts of a chance, against how often it came true; larger points stand for more months. On the "
              "dashed line what was said is what came."),
        ),
    )  # fmt: skip
    yield _method(summary, meanings, notes)


def _verdict(summary: Summary, charts: BacktestCharts) -> Section:
    rivals = rivals_of(summary)
    picture = None
    if rivals:
        bars = T(" Bars hold 95 % of bootstrap samples of the units.") if len(rivals) == 1 else T("")
        caption = T(
            "The CRPS of each window as a multiple of that of {benchmark}: below the dashed line the model was "
            "better.{bars}",
            benchmark=Verbatim(summary.benchmark),
            bars=bars,
        )
        picture = Picture(charts.ratios(summary), caption)
    lead = tuple(headline(record, summary) for record in rivals)
    names = listing([unit_name(unit, summary) for unit in summary.largest])
    note = T(
        "Ratios are sums of scores over those of {benchmark}; below 1 is better. The largest parts of its CRPS are "
        "those of {names}; one column leaves them out.",
        benchmark=Verbatim(summary.benchmark),
        names=names,
    )
    return Section("verdict", T("Against the benchmark"), lead, picture=picture, table=_overall(summary), notes=(note,))


def _overall(summary: Summary) -> TableView:
    header = (
        T("model"), T("CRPS"), T("95 % interval"),
        T("without {n} largest", n=LARGEST), T("log score"), T("MIS 90"), T("CRPS of log"),
    )  # fmt: skip
    rows = []
    for record in summary.records:
        if record.model == summary.benchmark:
            continue
        ratios = record.ratios
        span = T("{low} – {high}", low=_number(ratios["crps"].low), high=_number(ratios["crps"].high))
        others = [_number(ratios[name].value) for name in ("log_score", "mis90", "crps_log")]
        rows.append(
            (Verbatim(record.model), _number(ratios["crps"].value), span,
             _number(record.without_largest.value), *others)
        )  # fmt: skip
    return TableView(header, tuple(rows), (False, *[True] * 6))


def _gains(summary: Summary, charts: BacktestCharts) -> Section:
    rows: list[tuple[Value, ...]] = []
    for window in summary.records[0].windows[:MOST_WINDOWS]:
        at = summary.records[0].windows.index(window)
        told = [_number(record.windows[at].ratio.value) for record in rivals_of(summary)]
        rows.append((Verbatim(name_of(window)), _number(window.benchmark, 2), *told))
    header = (T("window"), T("CRPS of {benchmark}", benchmark=Verbatim(summary.benchmark)))
    names = tuple(T("{model}", model=Verbatim(record.model)) for record in rivals_of(summary))
    table = TableView((*header, *names), tuple(rows), (False, True, *[True] * len(names)))
    caption = T(
        "The units that change the sum most: to the left the model is better than {benchmark}, to the right worse, in "
        "percent of the whole CRPS of {benchmark}.",
        benchmark=Verbatim(summary.benchmark),
    )
    return Section(
        "gains", T("Where it gains and loses"), (), picture=Picture(charts.gains(summary), caption), table=table
    )


def _calibration(summary: Summary, charts: BacktestCharts) -> Section:
    header = (
        T("model"), T("inside 50 %"), T("inside 90 %"), T("mean forecast"),
        T("mean that came"),
    )  # fmt: skip
    rows = [
        (
            Verbatim(record.model),
            _percent(record.inside_50),
            _percent(record.inside_90),
            _number(record.expected, 1),
            _number(record.observed, 1),
        )
        for record in summary.records
    ]
    caption = T(
        "How often what came fell into each tenth of the forecast, ties spread at random: even bars are calibrated, a "
        "hump is too wide, two towers at the ends are too narrow."
    )
    note = T("Where most draws are 0, more than the stated share lie inside an interval, since its ends belong to it.")
    return Section(
        "calibration",
        T("Whether the spread was right"),
        (),
        picture=Picture(charts.truth(summary), caption),
        table=TableView(header, tuple(rows), (False, True, True, True, True)),
        notes=(note,),
    )


def _quiet(summary: Summary) -> Text:
    """What was said of places that had been quiet, and what came."""
    told = [
        T("{model} {said}", model=Verbatim(record.model), said=_percent(record.quiet.said, 1))
        for record in summary.records
    ]
    first = summary.records[0].quiet
    return T(
        "Places without a death in the {n} months before the origin had one in {came} of the months that followed. "
        "What was said of that: {told}.",
        n=QUIET_MONTHS,
        came=_percent(first.came, 1),
        told=listing(told),
    )


def _method(summary: Summary, meanings: Mapping[str, Text], notes: Sequence[Text]) -> Section:
    told = [T("{model}: {meaning}", model=Verbatim(name), meaning=meaning) for name, meaning in meanings.items()]
    how = T(
        "Each model saw the panel up to the origin and nothing after it. Intervals hold 95 % of 2,000 bootstrap "
        "samples of whole units. CRPS is in deaths; MIS 90 is the mean interval score at 90 %; the log score uses "
        "the eleven bins of the VIEWS challenge."
    )
    hindsight = T(
        "The panel is as it was known when it was published: figures that were corrected later are known earlier here "
        "than they were then. Whoever made the models knew years that they are tested on here."
    )
    return Section("method", T("How this was done"), (how, hindsight), notes=(*told, *notes))


def _number(value: float, digits: int = 3) -> Value:
    return Number(value, digits=digits) if math.isfinite(value) else Verbatim("–")


def _percent(value: float, digits: int = 0) -> Value:
    if not math.isfinite(value):
        return Verbatim("–")
    return T("{share} %", share=Number(100 * value, digits=digits))
