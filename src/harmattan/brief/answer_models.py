"""Answers of models, on posts and on reported figures that have a picture of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harmattan.brief.answer_kinds import about, bars_of
from harmattan.brief.answer_plots import Plots
from harmattan.brief.answer_rows import MOST_PANELS, Material, caption, day_of, is_number, labels_of
from harmattan.brief.effect_charts import EffectCharts
from harmattan.brief.flow_charts import Arrow, Expected, FlowCharts
from harmattan.brief.influence_charts import InfluenceCharts
from harmattan.brief.outline import Picture
from harmattan.brief.standing_charts import StandingCharts
from harmattan.brief.tension import GROUPS
from harmattan.text import T

INTERVAL = T("The line is the 95 % interval.")


def spillover(material: Material) -> Picture | None:
    """Arrows between countries where there is a map; by month what is expected of each in parts."""
    if "share" not in material.names:
        units = list(dict.fromkeys(row["unit"] for row in material.rows))
        parts = ("endemic", "own", "others", "observed")
        rows = [row for row in material.rows if row.get("source") is None and row.get("endemic") is not None]
        shown = [
            Expected(unit, [{"month": row["period"]} | {name: row[name] for name in parts}
                            for row in rows if row["unit"] == unit])
            for unit in units[:MOST_PANELS]
        ]  # fmt: skip
        shown = [one for one in shown if one.rows]
        if not shown:
            return None
        spec = FlowCharts(material.speaker, material.source).flows((), {}, {}, shown)
        return Picture(spec, T("Drawn: what is expected in each month, in parts; the line is what was counted."))
    rows = [row for row in material.rows if is_number(row["share"])]
    named = [row | {"from": str(row["source"]) if row["source"] else material.word(row, "part")} for row in rows]
    if not named:
        return None
    points = [
        {"label": f"{row['unit']} ← {row['from']}", "value": row["share"], "low": row["share_low"],
         "high": row["share_high"], "series": ""}
        for row in sorted(named, key=lambda row: (row["unit"], -row["share"]))
    ][:40]  # fmt: skip
    spec = Plots(material.speaker, material.source).dots(points, material.head("share"))
    return Picture(
        spec, caption(T("Drawn: of what is expected in each unit, the part that comes from where."), INTERVAL)
    )


def arrows(material: Material) -> Picture | None:
    """What arrives where from where, as arrows on a map; for pages that have the room."""
    rows = [row for row in material.rows if row.get("source_id") and is_number(row.get("share"))]
    names = {row["unit_id"]: str(row["unit"]) for row in material.rows}
    if not rows or not material.countries:
        return None
    found = [
        Arrow(row["source_id"], row["unit_id"], row["share"], row["share_low"] or 0.0,
              row["share_high"] or row["share"], row["verdict_key"] == "spillover")
        for row in rows
    ]  # fmt: skip
    spec = FlowCharts(material.speaker, material.source).flows(found, names, material.countries, [])
    return Picture(spec, T("Drawn: of what is expected in each country, the part that comes from another."))


def effect(material: Material) -> Picture | None:
    """By what the rows are told apart by: estimates, months beside what is expected, placebos, donors, variants."""
    names = material.names
    if {"observed", "expected", "month"} <= names:
        return _months(material)
    if "gap" in names:
        return _placebos(material)
    if "weight" in names:
        rows = [row for row in material.rows if row["weight"]]
        return bars_of(material, sorted(rows, key=lambda row: -row["weight"]), "donor", "weight") if rows else None
    if "estimate" in names:
        label = "variant" if "variant" in names else "treated"
        rows = [row for row in material.rows if is_number(row["estimate"])][:40]
        points = [
            {"label": words, "value": row["estimate"], "low": row["low"], "high": row["high"], "series": ""}
            for words, row in zip(labels_of(material, rows, label), rows, strict=True)
        ]
        if not points:
            return None
        spec = Plots(material.speaker, material.source).dots(points, material.head("estimate"), line=0)
        return Picture(spec, caption(about(material, "estimate"), INTERVAL))
    return None


def _months(material: Material) -> Picture | None:
    """Counted beside expected where the months are those of one unit; the event study where they are of several."""
    cases = list(dict.fromkeys(row["case"] for row in material.rows))
    rows = [row for row in material.rows if row["case"] == cases[0] and row["observed"] is not None]
    dated = bool(rows) and all(day_of(row["period"]) and "/" not in str(row["period"]) for row in rows)
    if not dated:
        slim = ("month", "effect", "low", "high")
        panels = [
            {"title": str(case), "rows": [{name: row[name] for name in slim} for row in material.rows
                                          if row["case"] == case and row["effect"] is not None]}
            for case in cases[:6]
        ]  # fmt: skip
        panels = [panel for panel in panels if panel["rows"]]
        if not panels:
            return None
        spec = EffectCharts(material.speaker, material.source).effects(None, panels)
        return Picture(spec, T("Drawn: the effect by month, with its 95 % interval; before 0 it should lie around 0."))
    months = [{"day": f"{row['period']}-01", "observed": row["observed"], "expected": row["expected"],
               "effect": row["effect"], "month": row["month"]} for row in rows]  # fmt: skip
    start = next((row["day"] for row in months if row["month"] == 0), months[-1]["day"])
    beside = {"months": months, "placebos": [], "start": start, "treated": str(cases[0]),
              "measure": material.head(str(material.answer.params.get("measure") or "deaths_best"))}  # fmt: skip
    spec = EffectCharts(material.speaker, material.source).effects(beside, [])
    return Picture(spec, T("Above: counted and expected. Below: their difference. The dashed line is the event."))


def _placebos(material: Material) -> Picture | None:
    rows = [row for row in material.rows if is_number(row["gap"]) and row["month"] is not None]
    if not rows:
        return None
    weight: dict[str, float] = {}
    for row in rows:
        weight[str(row["placebo"])] = weight.get(str(row["placebo"]), 0.0) + abs(row["gap"])
    names = sorted(weight, key=lambda name: -weight[name])[:6]
    if len(names) < len(weight):
        material = material.without(T("Only the largest {n} of {all} are drawn.", n=len(names), all=len(weight)))
    points = [{"at": row["month"], "value": row["gap"], "series": material.word({"donor": row["placebo"]}, "donor")}
              for row in rows if str(row["placebo"]) in names]  # fmt: skip
    series = [material.word({"donor": name}, "donor") for name in names]
    along = material.speaker.words("months after the event")
    spec = Plots(material.speaker, material.source).lines(points, material.head("gap"), series, along=along, mark=0)
    return Picture(spec, about(material, "gap"))


def figures(material: Material) -> Picture | None:
    """Reported figures as points over time: those of whole countries, a row of panels for each indicator."""
    rows = [row for row in material.rows if is_number(row["value"]) and day_of(row["as_of"] or row["to"])]
    whole = [row for row in rows if row["place"] is None and row["country"] and "," not in row["country"]] or rows
    count: dict[tuple[str, str], int] = {}
    for row in whole:
        count[row["indicator"], row["country"]] = count.get((row["indicator"], row["country"]), 0) + 1
    indicators = _most([name for name, _c in count for _ in range(count[name, _c])], 5)
    countries = _most([code for _n, code in count for _ in range(count[_n, code])], 3)
    shown = [
        {"indicator": material.word(row, "indicator"), "country": material.word(row, "country"),
         "day": day_of(row["as_of"] or row["to"]), "value": row["value"]}
        for row in whole
        if row["indicator"] in indicators and row["country"] in countries
    ]  # fmt: skip
    if not shown:
        return None
    left = len({row["indicator"] for row in rows}) - len({one["indicator"] for one in shown})
    if left > 0:
        material = material.without(T("Figures of {n} further kinds are not drawn.", n=left))
    shown.sort(key=lambda one: (one["indicator"], one["country"]))
    days = sorted(str(one["day"]) for one in shown)
    spec = StandingCharts(material.speaker, material.source).stocks(shown, days[0], days[-1])
    return Picture(spec, T("Each point is one reported figure as of its day; figures are never added up."))


def _most(names: Sequence[str], most: int) -> list[str]:
    count = {name: names.count(name) for name in names}
    return sorted(count, key=lambda name: -count[name])[:most]


def displacement_violence(material: Material) -> Picture | None:
    """How changes of stocks go with violence before: rank correlations with their interval, by lag."""
    rows = [row for row in material.rows if row["row"] == "association" and is_number(row["association"])][:40]
    if not rows:
        return None
    points = []
    for row in rows:
        group = GROUPS.get((row["population"], row["direction"]))
        who = material.speaker.say(group) if group else material.word(row, "population")
        words = [material.word(row, "country"), who, str(row["dataset"]), f"+{row['lag'] or 0}"]
        points.append({"label": " · ".join(words), "value": row["association"], "low": row["interval_low"],
                       "high": row["interval_high"], "series": ""})  # fmt: skip
    title = material.speaker.words("rank correlation of change and deaths")
    spec = Plots(material.speaker, material.source).dots(points, title, line=0)
    return Picture(spec, caption(about(material, "association"), INTERVAL))


def narratives(material: Material) -> Picture | None:
    """The share of posts with each stance, in each group and among the others."""
    if not {"stance", "others_share"} <= material.names:
        return None
    names = list(dict.fromkeys(row["campaign"] for row in material.rows))
    if len(names) > 3:
        material = material.without(T("Only the first {n} of {all} are drawn.", n=3, all=len(names)))
    rows: list[dict[str, Any]] = []
    for row in material.rows:
        for who, start in (("in", ""), ("out", "others_")):
            share, low, high = (row.get(f"{start}{name}") for name in ("share", "share_low", "share_high"))
            if row["campaign"] in names[:3] and share is not None:
                rows.append({"campaign": row["campaign"], "stance": str(row["stance"]), "who": who, "share": share,
                             "low": low, "high": high})  # fmt: skip
    if not rows:
        return None
    spec = InfluenceCharts(material.speaker, material.source).stances(rows, names[:3])
    return Picture(spec, caption(about(material, "share"), INTERVAL))


def posts_and_events(material: Material) -> Picture | None:
    """Posts by day around milestones, a panel for each group, with the band of chance."""
    panels: dict[str, list[dict[str, Any]]] = {}
    for row in material.rows:
        mean = row["part"] == "around" and row["milestone"] is None and row["day"] == row["to_day"]
        if mean and row["times"] is not None:
            name = str(row["campaign"] or material.speaker.words("all posts"))
            one = {"offset": row["day"], "found": row["times"], "low": row["band_low"], "high": row["band_high"]}
            panels.setdefault(name, []).append(one)
    if not panels:
        return None
    shown = [{"title": name, "rows": own} for name, own in list(panels.items())[:4]]
    if len(shown) < len(panels):
        material = material.without(T("Only the first {n} of {all} are drawn.", n=len(shown), all=len(panels)))
    spec = InfluenceCharts(material.speaker, material.source).study(shown)
    return Picture(spec, T("Drawn: posts by day after the event, as times the usual; the band is what chance leaves."))


def what_changed(material: Material) -> Picture | None:
    """The parts by which a forecast moved, which add up."""
    rows = [row for row in material.rows if is_number(row["deaths"])]
    countries = list(dict.fromkeys(row["country"] for row in rows))
    if not rows:
        return None
    if len(countries) > 1:
        rows = [row for row in rows if row["country"] == countries[0]]
        material = material.without(
            T("Only {country} is drawn.", country=material.word({"country": countries[0]}, "country"))
        )
    points = [{"label": str(row["what"]), "value": row["deaths"], "low": None, "high": None, "series": ""}
              for row in rows[:30]]  # fmt: skip
    points = [dict(one) | {"label": _unlike(points, n)} for n, one in enumerate(points)]
    spec = Plots(material.speaker, material.source).bars(points, material.speaker.words("deaths"))
    return Picture(spec, about(material, "deaths"))


def _unlike(points: Sequence[dict[str, Any]], n: int) -> str:
    """A label of its own for each row: the same words twice would be one bar."""
    earlier = sum(one["label"] == points[n]["label"] for one in points[:n])
    return str(points[n]["label"]) + str("\N{ZERO WIDTH SPACE}" * earlier)


def forecast_skill(material: Material) -> Picture | None:
    """Ratios to the benchmark as dots about the line at one; over windows as the brief draws them."""
    if material.answer.chart.kind == "ratios":
        return None
    rows = [row for row in material.rows if is_number(row["ratio"])][:40]
    label = material.answer.chart.y
    points = [
        {"label": words, "value": row["ratio"], "low": row["ratio_low"], "high": row["ratio_high"], "series": ""}
        for words, row in zip(labels_of(material, rows, label), rows, strict=True)
    ]
    if not points:
        return None
    spec = Plots(material.speaker, material.source).dots(points, material.head("ratio"), line=1)
    return Picture(spec, caption(about(material, "ratio"), INTERVAL))
