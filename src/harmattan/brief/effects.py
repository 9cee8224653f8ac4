"""The section on what events did: each of the case, beside what would have been, with the verdict of its checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from harmattan.brief.desk import Desk
from harmattan.brief.effect_charts import EffectCharts
from harmattan.brief.outline import Picture, Section, TableView, or_dash, with_interval
from harmattan.case import AskedEffect
from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.effect_words import DESIGNS, MEASURES
from harmattan.text import CountryName, T, Text, Value, Verbatim, msg
from harmattan.vocabulary.period import Month


def effects(desk: Desk) -> Section:
    """The worked cases: a country beside a weighted mean of others, places that were left beside those that stayed."""
    title = T("What events changed, as far as can be told")
    if not desk.case.effects:
        return Section("effects", title, (T("The case names no event whose effect is asked for."),))
    lead: list[Text] = []
    asked: list[AskedEffect] = []
    answers: list[Answer] = []
    known = [one for one in desk.case.effects if _known(desk, one)]
    if not known:
        return Section("effects", title, (T("No event whose effect the case asks for was on record by this day."),))
    for one in known:
        try:
            answers.append(desk.ask("effect", **_said(desk, one)))
        except UsageError as fault:
            lead.append(desk.refused(fault))
            continue
        asked.append(one)
        lead.append(answers[-1].headline)
    rows = tuple(row for answer in answers for row in _rows(answer))
    table = TableView(HEADER, rows, (False, False, True, True, True, True, False)) if rows else None
    return Section(
        "effects",
        title,
        tuple(lead),
        picture=_picture(desk, asked, answers),
        table=table,
        notes=(ESTIMATED,) if rows else (),
    )


def _known(desk: Desk, one: AskedEffect) -> bool:
    """Whether an event had happened by the as-of date: a brief does not speak of what came later."""
    if one.milestone is None:
        return one.since is None or desk.common.as_of is None or one.since <= desk.common.as_of
    asked = replace(desk.common, country=one.country or desk.case.countries, source=None)
    there = desk.inquiry.ask("milestones", asked)
    return any(row["milestone"] == one.milestone for row in there.rows)


def _said(desk: Desk, one: AskedEffect, **more: Any) -> dict[str, Any]:
    said = {"country": one.country or desk.case.countries, "window": one.months or desk.case.window_months}
    return said | one.said | more


def _rows(found: Answer) -> list[tuple[Value, ...]]:
    """What each case comes to."""
    return [
        (
            _treated(row),
            DESIGNS[row["design"]],
            or_dash(found, n, "observed", 1),
            or_dash(found, n, "expected", 1),
            with_interval(found, n, ("estimate", "low", "high"), 1),
            or_dash(found, n, "p", 3),
            SHORT[row["verdict_key"]],
        )
        for n, row in enumerate(found.rows)
    ]


def _treated(row: Mapping[str, Any]) -> Value:
    """The treated country, or the places."""
    return CountryName(row["treated"]) if row["km"] is None else T("{places}", places=Verbatim(row["treated"]))


def _picture(desk: Desk, asked: Sequence[AskedEffect], answers: Sequence[Answer]) -> Picture | None:
    """Of the first milestone the observed beside the expected with the placebos; of the forces an event study each."""
    shown: list[Answer] = []
    beside: dict[str, Any] | None = None
    panels: list[dict[str, Any]] = []
    for one, answer in zip(asked, answers, strict=True):
        if not answer.rows:
            continue
        by_month = desk.ask("effect", **_said(desk, one, by=("month",)))
        shown.append(by_month)
        if one.milestone and beside is None:
            placebos = desk.ask("effect", **_said(desk, one, by=("placebo",)))
            beside = _beside(by_month, placebos, answer.rows[0])
        elif by_month.rows:
            panels.append({"title": desk.speaker.say(T("{case}", case=_treated(answer.rows[0]))),
                           "rows": [dict(row) for row in by_month.rows]})  # fmt: skip
    if beside is None and not panels:
        return None
    charts = EffectCharts(desk.speaker, desk.charts(*shown).source)
    return Picture(charts.effects(beside, panels), T(CAPTIONS[beside is not None, bool(panels)]))


def _beside(by_month: Answer, placebos: Answer, whole: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the upper picture is drawn from: months, placebos in space and the first treated month."""
    if not by_month.rows:
        return None
    start = Month.parse(whole["start"][:7])
    months = [dict(row) | {"day": str((start + row["month"]).first_day)} for row in by_month.rows]
    seen = {row["month"] for row in by_month.rows}
    clouds = [
        {"name": row["placebo"], "day": str((start + row["month"]).first_day), "gap": row["gap"]}
        for row in placebos.rows
        if row["kind"] == "space" and row["gap"] is not None and row["month"] in seen
    ]
    return {"months": months, "placebos": clouds, "start": str(start.first_day), "treated": _treated(whole),
            "measure": MEASURES[whole["measure"]]}  # fmt: skip


HEADER: tuple[Text, ...] = (
    T("where"), T("design"), T("counted a month"), T("expected"), T("difference (95 %)"), T("p"),
    T("verdict"),
)  # fmt: skip
SHORT: Mapping[str, Text] = {
    "raised": T("more than expected"),
    "lowered": T("fewer than expected"),
    "cannot_tell": T("the data cannot tell"),
    "refused": T("refused: the comparison does not hold"),
}
_BESIDE = msg(
    "Above: what was counted and what a weighted mean of other countries lets expect, and their difference in front "
    "of the same for each of those countries, where nothing happened, cut at the frame. The dashed line is the first "
    "month of the event."
)
_STUDY = msg(
    "Counted less expected by month around each place that was left, on average over the places, with 95 % intervals; "
    "before the event the points should lie around zero."
)
_BOTH = msg(
    "Above: what was counted and what a weighted mean of other countries lets expect, and their difference in front "
    "of the same for each of those countries, where nothing happened, cut at the frame. Below: counted less expected "
    "by month around each place that was left, on average over the places, with 95 % intervals; before the event the "
    "points should lie around zero. Dashed lines are the first month of the event."
)
CAPTIONS = {(True, False): _BESIDE, (False, True): _STUDY, (True, True): _BOTH}
ESTIMATED = T(
    "An estimate is counted less expected, by month. The verdict comes from the checks alone: where a design's checks "
    "fail it is refused, and where the estimate does not stand out the data cannot tell. The p of a synthetic design "
    "is a rank among placebos; where there are too few of them for one in twenty, the first rank of all is asked for."
)
