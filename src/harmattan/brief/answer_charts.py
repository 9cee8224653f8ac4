"""The picture of any answer: as the brief draws its question where it does, else as its kind of chart is drawn.

A picture shows every value with its range where the answer has one, says what it leaves out, and carries its source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from harmattan.brief.answer_events import (
    activity_range,
    actors,
    alert_history,
    aligned,
    border_violence,
    civilian_harm,
    conflict_index,
    cross_border_groups,
    expansion,
    exposure,
    harm_partner,
    incidents,
    mines,
    revisions,
    tally,
    vacuum,
)
from harmattan.brief.answer_kinds import bars, cells, fan, over_time, ratios, stocks, windows
from harmattan.brief.answer_models import (
    displacement_violence,
    effect,
    figures,
    forecast_skill,
    narratives,
    posts_and_events,
    spillover,
    what_changed,
)
from harmattan.brief.answer_network import coordination, network
from harmattan.brief.answer_rows import Material
from harmattan.brief.answer_time import coverage, force_months, milestones, presence, relations, sources
from harmattan.brief.outline import Picture
from harmattan.questions.answer import Answer
from harmattan.text.speaker import Speaker

Drawing = Callable[[Material], Picture | None]

OWN: Mapping[str, Drawing] = {
    "civilian-harm": civilian_harm,
    "actors": actors,
    "border-violence": border_violence,
    "cross-border-groups": cross_border_groups,
    "harm-partner": harm_partner,
    "forecast-skill": forecast_skill,
    "expansion": expansion,
    "activity-range": activity_range,
    "conflict-index": conflict_index,
    "exposure": exposure,
    "mines": mines,
    "alert-history": alert_history,
    "incidents": incidents,
    "vacuum": vacuum,
    "aligned": aligned,
    "spillover": spillover,
    "effect": effect,
    "figures": figures,
    "displacement-violence": displacement_violence,
    "network": network,
    "coordination-network": coordination,
    "narratives": narratives,
    "posts-and-events": posts_and_events,
    "revisions": revisions,
    "what-changed": what_changed,
    "tally": tally,
    "presence": presence,
    "relations": relations,
    "milestones": milestones,
    "coverage": coverage,
    "sources": sources,
    "force-months": force_months,
}
"""Questions that are drawn in a way of their own; where that has nothing to draw, their kind of chart is tried."""
KINDS: Mapping[str, Drawing] = {
    "trend": over_time,
    "bars": bars,
    "cells": cells,
    "windows": windows,
    "stocks": stocks,
    "fan": fan,
    "ratios": ratios,
}


def drawn(answer: Answer, speaker: Speaker, countries: Mapping[int, str]) -> Picture | None:
    """The picture of an answer as Vega-Lite in the reader's language, with its caption; None where there is nothing.

    `countries` has the ISO3 code of each PRIO-GRID cell (`Inquiry.cell_countries`); without it there are no maps.
    """
    if not answer.rows:
        return None
    material = Material(answer, speaker, countries)
    picture = OWN[answer.question](material) if answer.question in OWN else None
    if picture is None and answer.chart.kind in KINDS:
        picture = KINDS[answer.chart.kind](material)
    return None if picture is None else replace(picture, spec=_plain(picture.spec))


def _plain(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification with a description of its own left out: what a picture shows is said beside it."""
    return {name: part for name, part in spec.items() if name != "description"}
