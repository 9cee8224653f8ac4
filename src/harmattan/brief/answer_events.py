"""Answers on violence that have a picture of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harmattan.brief.answer_kinds import LINES, about, bars_of
from harmattan.brief.answer_plots import Plots
from harmattan.brief.answer_rows import MOST_BARS, MOST_PANELS, Material, caption, day_of, is_number, labels_of
from harmattan.brief.charts import Rows
from harmattan.brief.harm_charts import HarmCharts
from harmattan.brief.index_charts import IndexCharts, Panel
from harmattan.brief.living_charts import LivingCharts
from harmattan.brief.outline import Picture
from harmattan.brief.sections import BOUNDARIES, HARM_CAPTION, TARGET_CAPTION
from harmattan.brief.spread_charts import SpreadCharts
from harmattan.brief.turning_charts import TurningCharts
from harmattan.questions.build import KIND_WORDS
from harmattan.text import CountryName, T, Verbatim


def civilian_harm(material: Material) -> Picture | None:
    """Civilians killed by perpetrator, and in fighting between others, apart."""
    if "period" in material.names or not material.rows:
        return None
    targeted = any(row["harm"] == "targeted" for row in material.rows)
    column = "deaths_best" if targeted else "deaths_civilians"
    rows = [row for row in material.rows if (row[column] or 0) > 0]
    if not rows:
        return None
    unsaid = material.speaker.words("perpetrator not said")
    named = [row | {"who": row["perpetrator"] or row["dyad"] or unsaid} for row in rows]
    found = bars_of(material, named, "who", column, "harm")
    return Picture(found.spec, TARGET_CAPTION if targeted else HARM_CAPTION)


def actors(material: Material) -> Picture | None:
    """Events by actor, one bar for each country the actor was seen in."""
    rows = [row for row in material.rows if is_number(row["events"])]
    count: dict[str, int] = {}
    for row in rows:
        count[row["actor"]] = count.get(row["actor"], 0) + row["events"]
    first = sorted(count, key=lambda name: -count[name])[:14]
    if len(first) < len(count):
        material = material.without(T("Only the largest {n} of {all} are drawn.", n=len(first), all=len(count)))
    kept = sorted((row for row in rows if row["actor"] in first), key=lambda row: first.index(row["actor"]))
    return bars_of(material, kept[: MOST_BARS * 2], "actor", "events", "country") if kept else None


def border_violence(material: Material) -> Picture | None:
    """Strips along borders by year; without years, deaths by strip."""
    rows = [row for row in material.rows if row.get("within_km") is not None and row["deaths_best"] is not None]
    borders = [row for row in rows if row["area"] == "border" and row["name"]]
    yearly = [row for row in borders if len(str(row["period"])) == 4]
    if yearly:
        names = _busiest(yearly)
        if len(names) < len({row["name"] for row in yearly}):
            all_ = len({row["name"] for row in yearly})
            material = material.without(T("Only the largest {n} of {all} are drawn.", n=len(names), all=all_))
        titles = {name: _border(material, name) for name in names}
        shown = [row for row in yearly if row["name"] in names]
        spec = SpreadCharts(material.speaker, material.source).strips(shown, titles)
        return Picture(spec, about(material, "deaths_best"))
    listed = [row | {"name": _border(material, row["name"]) if row["name"] else material.word(row, "area")}
              for row in rows]  # fmt: skip
    if not listed or any("/" not in str(row["period"]) for row in listed):
        return None
    widest = max(row["within_km"] for row in listed)
    order = {row["name"]: row["deaths_best"] for row in listed if row["within_km"] == widest}
    first = sorted(order, key=lambda name: -order[name])[: MOST_BARS // 2]
    if len(first) < len(order):
        material = material.without(T("Only the largest {n} of {all} are drawn.", n=len(first), all=len(order)))
    kept = sorted((row for row in listed if row["name"] in first),
                  key=lambda row: (first.index(row["name"]), row["within_km"]))  # fmt: skip
    words = [row | {"within_km": _strip(material, row)} for row in kept]
    return bars_of(material, words, "name", "deaths_best", "within_km")


def _strip(material: Material, row: Mapping[str, Any]) -> str:
    """A strip from the line on by how far it reaches; one that begins behind another by both its bounds."""
    if row["beyond_km"]:
        return f"{row['beyond_km']:g}–{row['within_km']:g} km"
    return material.speaker.say(T("within {km} km", km=Verbatim(f"{row['within_km']:g}")))


def _busiest(rows: Rows) -> list[str]:
    count: dict[str, int] = {}
    for row in rows:
        count[row["name"]] = count.get(row["name"], 0) + row["deaths_best"]
    return sorted(count, key=lambda name: -count[name])[:MOST_PANELS]


def _border(material: Material, name: str) -> str:
    return "–".join(material.speaker.say(CountryName(code)) for code in name.split("-"))


def expansion(material: Material) -> Picture | None:
    """Cells by the year in which a group was first seen there; without cells, first appearances as dots over time."""
    by_cell = [row for row in material.rows if row.get("cell") is not None and row.get("first")]
    if by_cell and material.countries and all(row.get("period") is None for row in by_cell):
        firsts: dict[str, str] = {}
        for row in sorted(by_cell, key=lambda row: str(row["first"])):
            code = row.get("country") or material.countries.get(row["cell"])
            if code:
                firsts.setdefault(code, str(row["first"]))
        spec = SpreadCharts(material.speaker, material.source).appearances(
            by_cell, firsts, material.countries, material.inside
        )
        return Picture(spec, caption(T("Drawn: cells by the year of the group's first event there."), BOUNDARIES))
    dated = [row for row in material.rows if day_of(row.get("first")) and row.get("new_cells") is None]
    if not dated:
        return None
    label = "admin1" if any(row.get("admin1") for row in dated) else "country"
    shown = sorted(
        ({"label": material.word(row, label), "day": str(day_of(row["first"])), "series": material.word(row, "actor"),
          "words": f"{row['first']}: {material.word(row, label)}"} for row in dated),
        key=lambda one: one["day"],
    )[:40]  # fmt: skip
    names = list(dict.fromkeys(one["series"] for one in shown))[:6]
    shown = [one for one in shown if one["series"] in names]
    first, last = shown[0]["day"], shown[-1]["day"]
    days = (f"{int(first[:4]) - 1}-01-01", f"{int(last[:4]) + 2}-01-01")
    spec = Plots(material.speaker, material.source).moments(shown, names, days)
    return Picture(spec, T("Drawn: when each group was first seen where."))


def activity_range(material: Material) -> Picture | None:
    """Cells in which each group was active, in this window and in the one before."""
    if any(row.get("cell") is not None for row in material.rows):
        return None
    rows = [row for row in material.rows if is_number(row.get("cells"))]
    largest: dict[str, int] = {}
    for row in rows:
        largest[row["actor"]] = max(largest.get(row["actor"], 0), row["cells"])
    first = sorted(largest, key=lambda name: -largest[name])[: MOST_BARS // 2]
    kept = sorted((row for row in rows if row["actor"] in first),
                  key=lambda row: (first.index(row["actor"]), row["window"] != "this"))  # fmt: skip
    if len(first) < len(largest):
        material = material.without(T("Only the largest {n} of {all} are drawn.", n=len(first), all=len(largest)))
    return bars_of(material, kept, "actor", "cells", "window") if kept else None


def conflict_index(material: Material) -> Picture | None:
    """Ranks with their range, and the four inputs."""
    ranked = [row for row in material.rows if row["rank"] is not None]
    if not ranked:
        return None
    charts = IndexCharts(material.speaker, material.source)
    panels = [
        Panel("deaths_best", charts.say("deadliness:\ndeaths"), low="deaths_low", high="deaths_high"),
        Panel("danger", charts.say("danger: events\nagainst civilians")),
        Panel("diffusion", charts.say("diffusion: % of\nsquares"), format=".2~f"),
        Panel("fragmentation", charts.say("fragmentation:\narmed groups")),
    ]
    panels = [panel for panel in panels if any(row[panel.column] is not None for row in ranked)]
    slim = ("rank", "rank_from", "rank_to", "deaths_best", "deaths_low", "deaths_high", "danger", "diffusion",
            "fragmentation")  # fmt: skip
    rows = [{"name": material.word(row, "country")} | {name: row[name] for name in slim} for row in ranked]
    return Picture(charts.index(rows, panels), T("Drawn: ranks with their range over all choices, and the inputs."))


def exposure(material: Material) -> Picture | None:
    """People near violence by year and distance."""
    rows = [row for row in material.rows if is_number(row.get("people")) and row.get("km") is not None]
    yearly = [row for row in rows if len(str(row.get("period"))) == 4]
    if not yearly:
        return None
    shown = [
        {"km": row["km"], "reach": f"{row['km']:g} km", "year": row["period"], "people": row["people"],
         "country": material.word(row, "country") if row.get("country") else material.speaker.words("all countries")}
        for row in yearly
        if row.get("admin1") is None and row.get("cell") is None
    ]  # fmt: skip
    if not shown:
        return None
    return Picture(LivingCharts(material.speaker, material.source).exposed(shown), about(material, "people"))


def mines(material: Material) -> Picture | None:
    """Sites with the deaths near each on a map."""
    sites = [row for row in material.rows if row.get("site") and row.get("lat") is not None
             and row["deaths_best"] is not None]  # fmt: skip
    once = {row["site"]: row for row in sorted(sites, key=lambda row: row["km"] or 0)}
    if not once or not material.countries:
        return None
    slim = [{name: row[name] for name in ("site", "lat", "lon", "deaths_best")} for row in once.values()]
    spec = LivingCharts(material.speaker, material.source).mines(slim, [], material.countries, material.inside)
    return Picture(spec, caption(T("Drawn: mines, and deaths near each."), BOUNDARIES))


def alert_history(material: Material) -> Picture | None:
    """How often each rule's alerts came true, with intervals, beside how often it comes true anyway."""
    rows = [row for row in material.rows if is_number(row.get("precision")) and row["of"] != "alert"]
    if not rows:
        return None
    points = [
        {"label": " · ".join(w for w in (material.word(row, "rule"), material.word(row, "country")) if w != "–"),
         "value": row["precision"], "low": row["precision_low"], "high": row["precision_high"],
         "series": material.speaker.words("after an alert")}
        for row in rows
    ]  # fmt: skip
    plain = material.speaker.words("after any day looked at")
    points += [dict(one) | {"value": row["base_rate"], "low": None, "high": None, "series": plain}
               for one, row in zip(list(points), rows, strict=True) if row["base_rate"] is not None]  # fmt: skip
    names = list(dict.fromkeys(one["series"] for one in points))
    spec = Plots(material.speaker, material.source).dots(points, material.head("precision"), names)
    return Picture(spec, caption(about(material, "precision"), T("The line is the 95 % interval.")))


def incidents(material: Material) -> Picture | None:
    """Incidents as dots over time, a line for each pair of actors."""
    rows = [row for row in material.rows if is_number(row["deaths_best"]) and day_of(row["from"])][:200]
    if not rows:
        return None
    pairs: list[str] = []
    rest = material.speaker.words("other pairs")
    shown: list[dict[str, Any]] = []
    for row in rows:
        pair = str(row["dyad"] or "–")
        if pair not in pairs and len(pairs) < 12:
            pairs.append(pair)
        shown.append({"day": row["from"], "pair": pair if pair in pairs else rest, "kind": str(row["kind"]),
                      "deaths": row["deaths_best"],
                      "doubted": "battle_civilians" in str(row["doubt_codes"])})  # fmt: skip
    order = [*pairs, rest]
    shown.sort(key=lambda dot: order.index(dot["pair"]))
    kinds: Mapping[str, str] = {name: material.speaker.say(words) for name, words in KIND_WORDS.items()}
    kinds = dict(kinds) | {dot["kind"]: dot["kind"] for dot in shown if dot["kind"] not in kinds}
    first, last = min(dot["day"] for dot in shown), max(dot["day"] for dot in shown)
    days = (f"{int(first[:4])}-01-01", f"{int(last[:4]) + 1}-01-01")
    spec = HarmCharts(material.speaker, material.source).incidents(shown, *days, kinds)
    said = T("Drawn: the largest incidents, each as large as its deaths, by pair of actors.")
    return Picture(spec, caption(said, T("A ring: the numbers of that incident are in doubt.")))


def vacuum(material: Material) -> Picture | None:
    """Deaths around places that a force left and places where one stayed: by month, or before and after."""
    words = {"closed": material.speaker.words("places that a force left"),
             "stayed": material.speaker.words("places where a force stayed")}  # fmt: skip
    if "mean_best" in material.names:
        shown = [row for row in material.rows if row["mean_best"] is not None and row["around"] in words]
        slim = ("km", "around", "month", "mean_low", "mean_best", "mean_high")
        rows = [{name: row[name] for name in slim} for row in shown]
        if not rows:
            return None
        spec = TurningCharts(material.speaker, material.source).around(rows, words)
        return Picture(spec, T("Drawn: deaths a place in each month before and after, by distance."))
    return _left(material)


def _left(material: Material) -> Picture | None:
    rows = [row for row in material.rows if row.get("place") and row["covered"] == "yes" and row["around"] == "closed"
            and row["deaths_best"] is not None]  # fmt: skip
    distances = sorted({row["km"] for row in rows})
    if not distances:
        return None
    km = distances[len(distances) // 2]
    near = [row | {"name": f"{row['place']} · {row['force']} · {row['closed']}"} for row in rows if row["km"] == km]
    listed = list(dict.fromkeys(row["name"] for row in near))[-MOST_BARS // 2 :]
    kept = [row for row in near if row["name"] in listed]
    if len(listed) < len({row["name"] for row in near}):
        material = material.without(T("Only the last {n} places are drawn.", n=len(listed)))
    found = bars_of(material, kept, "name", "deaths_best", "when")
    said = T("Drawn: deaths within {km} km of places that a force left, before and after.", km=Verbatim(f"{km:g}"))
    return Picture(found.spec, caption(said, LINES))


def aligned(material: Material) -> Picture | None:
    """The months before and after: the mean over all milestones of a type, else each milestone."""
    panels: dict[str, list[dict[str, Any]]] = {}
    means = [row for row in material.rows if row["milestone"] is None]
    for row in means or material.rows:
        title = material.word(row, "type") if means and row.get("type") else str(row.get("what") or "")[:60]
        title = title if title not in ("", "–") else material.speaker.words("mean of all")
        panels.setdefault(title, []).append(row)
    if len(means) < len(material.rows):
        for row in material.rows:
            if row["milestone"] is not None:
                panels.setdefault(f"{row['date']}: {row['what']}"[:38], []).append(row)
    kept = list(panels.items())[:MOST_PANELS]
    if len(kept) < len(panels):
        material = material.without(T("Only the first {n} of {all} are drawn.", n=len(kept), all=len(panels)))
    slim = ("offset", "value", "value_low", "value_high")
    shown = [
        {"title": title, "mean": bool(means) and n == 0, "rows": [{name: row[name] for name in slim} for row in own]}
        for n, (title, own) in enumerate(kept)
        if any(row["value"] is not None for row in own)
    ]
    if not shown:
        return None
    spec = TurningCharts(material.speaker, material.source).aligned(shown)
    return Picture(spec, T("Drawn: each month before and after, every panel on its own scale."))


def revisions(material: Material) -> Picture | None:
    """Deaths after less deaths before, by year and country."""
    rows = [row for row in material.rows if is_number(row["deaths_change"]) and row["deaths_change"] != 0]
    if not rows:
        return None
    named = [row | {"where": f"{row['year']} · {material.word(row, 'country')}"} for row in rows]
    return bars_of(material, named, "where", "deaths_change")


def tally(material: Material) -> Picture | None:
    """Deaths by every way of counting, with the range of each."""
    rows = [row for row in material.rows if is_number(row["deaths_best"])]
    if not rows:
        return None
    points = [
        {"label": words, "value": row["deaths_best"], "low": row["deaths_low"], "high": row["deaths_high"],
         "series": ""}
        for words, row in zip(labels_of(material, rows, "way", ""), rows, strict=True)
    ][:MOST_BARS]  # fmt: skip
    spec = Plots(material.speaker, material.source).dots(points, material.head("deaths_best"))
    return Picture(spec, caption(T("Drawn: deaths by each way of counting."), LINES))


def cross_border_groups(material: Material) -> Picture | None:
    """The share of deaths in which groups based in another country take part: all of them, and each."""
    rows = [row for row in material.rows if is_number(row["share_deaths"])]
    whole = [row | {"who": material.word(row, "rule")} for row in rows if row["group"] is None]
    each = [row | {"who": row["group"]} for row in rows if row["group"] is not None and row["across"] == "yes"]
    every = material.speaker.words("all groups from abroad")
    shown = [row | {"who": f"{every}, {row['who']}"} for row in whole] + [row for row in each if row["share_deaths"]]
    return bars_of(material, shown, "who", "share_deaths", "country") if shown else None


def harm_partner(material: Material) -> Picture | None:
    """Civilians killed a month by a country's forces before, with and after each foreign force."""
    rows = [row for row in material.rows if is_number(row["rate"]) and row["partner"] is not None]
    deliberate = [row for row in rows if row["harm"] in ("one_sided", "targeted")]
    named = [row | {"who": f"{row['partner']} · {material.word(row, 'country')}"} for row in deliberate]
    phases = ("before", "with", "after")
    once: dict[tuple[str, str], dict[str, Any]] = {}
    for row in named:
        if row["phase"] in phases and row["holds"] != "possibly":
            once.setdefault((row["who"], row["phase"]), row)
    most = {who: max(row["rate"] for (name, _p), row in once.items() if name == who) for who, _phase in once}
    first = sorted(most, key=lambda who: -most[who])[: MOST_BARS // 2]
    if not first:
        return None
    if len(first) < len(most):
        material = material.without(T("Only the largest {n} of {all} are drawn.", n=len(first), all=len(most)))
    kept = [once[who, phase] for who in first for phase in phases if (who, phase) in once]
    return bars_of(material, kept, "who", "rate", "phase")
