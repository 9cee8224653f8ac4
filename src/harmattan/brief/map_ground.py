"""The ground of a map as plain numbers, for a page that draws it itself, and a map of cells as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harmattan.brief.charts import Charts, source_line
from harmattan.brief.ground import box_of, inner_edges, runs
from harmattan.questions.answer import Answer
from harmattan.text import CountryName
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.cell import middle

FEWEST = 12
"""A country of which fewer cells are seen is not named."""


def map_ground(countries: Mapping[int, str], inside: Sequence[str], speaker: Speaker) -> dict[str, Any]:
    """Land as rectangles (west, south, east, north), those of the countries asked about apart; borders as lines (lon,
    lat, lon, lat); names of countries with where to write them. In degrees, WGS 84.
    """
    own = {gid: iso3 for gid, iso3 in countries.items() if iso3 in inside}
    return {
        "land": _rectangles([gid for gid in countries if gid not in own]),
        "own": _rectangles(own),
        "borders": [list(edge) for edge in inner_edges(countries, box_of(countries))] if countries else [],
        "names": [_name(code, countries, speaker) | {"own": code in inside} for code in _named(countries)],
        "box": _around(own),
    }


def _rectangles(cells: Any) -> list[list[float]]:
    return [[run["x"], run["y"], run["x2"], run["y2"]] for run in runs(cells)]


def _named(countries: Mapping[int, str]) -> list[str]:
    codes = list(countries.values())
    return [code for code in sorted(set(codes)) if codes.count(code) >= FEWEST]


def _name(code: str, countries: Mapping[int, str], speaker: Speaker) -> dict[str, Any]:
    points = [middle(gid) for gid, iso3 in countries.items() if iso3 == code]
    lat, lon = (sum(point[at] for point in points) / len(points) for at in (0, 1))
    return {"lat": round(lat, 2), "lon": round(lon, 2), "name": speaker.say(CountryName(code))}


def _around(own: Mapping[int, str]) -> list[float]:
    west, south, east, north = box_of(own) if own else (-180.0, -60.0, 180.0, 75.0)
    return [west, south, east, north]


def cells_picture(
    answer: Answer, countries: Mapping[int, str], inside: Sequence[str], speaker: Speaker
) -> dict[str, Any]:
    """Deaths by cell as the brief draws them, a Vega-Lite specification; `answer` has them by cell."""
    charts = Charts(speaker, speaker.say(source_line(answer.releases)))
    return charts.cells([row for row in answer.rows if row["cell"] is not None], countries, inside)
