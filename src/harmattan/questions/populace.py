"""Who lives where, for questions that count people: which release, layer and year speak for a country."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from harmattan.lake.select import with_table
from harmattan.lake.shelf import Held
from harmattan.places.areas import Areas
from harmattan.places.reach import Grid, Units
from harmattan.questions.areas import divisions_of, drawn
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.text import CountryName, T, Text, Value, Verbatim, counted, listing
from harmattan.vocabulary.places import POPULATION

LEVELS = {"grid": None, "admin3": 3, "admin2": 2, "admin1": 1}
"""The levels at which people can be laid to places, the finest first, and the level of boundaries that each needs."""
ENOUGH = 0.8
"""So large a share of the people must live in units that boundaries draw; else those are of another division."""


@dataclass(frozen=True)
class Layer:
    """The people of one country, by one release, for one year, at one level."""

    iso3: str
    held: Held
    level: str
    year: int
    drawn_by: tuple[Held, ...] = ()
    """The releases of boundaries, where it is of administrative units."""
    areas: Any = None
    """Those of them that draw the units."""

    @property
    def key(self) -> tuple[str, str, int]:
        """Country, level and year."""
        return self.iso3, self.level, self.year

    @property
    def method(self) -> str:
        """How people are laid to places: by the points of a grid, or by the share of an area."""
        return "grid" if self.level == "grid" else "area_share"


@dataclass(frozen=True)
class Populace:
    """The layers that speak, one a country, and what has to be said."""

    layers: tuple[Layer, ...]
    caveats: tuple[Text, ...]

    @property
    def held(self) -> tuple[Held, ...]:
        """Every release in use, of people and of boundaries."""
        found = {one.release.name: one for layer in self.layers for one in (layer.held, *layer.drawn_by)}
        return tuple(found[name] for name in sorted(found))


def populace(world: World, params: Params) -> Populace:
    """The best layer of each country: a grid before small units before large ones, then the year that fits best.

    The year is the newest that is not after the last day asked about, else the first there is. Pins leave the
    releases that they name; where pins name none that has people, nothing speaks.
    """
    there = with_table(world.lake, POPULATION.name, known_by=params.known_by, pins=params.release)
    found: list[tuple[Any, Layer]] = []
    for age, held in enumerate(sorted(there, key=lambda one: one.release.published, reverse=True)):
        for iso3, level, year in _layers(held.file(POPULATION.name), held.release.digest):
            late = params.end is not None and year > params.end.year
            rank = (list(LEVELS).index(level), late, year if late else -year, age)
            found.append((rank, Layer(iso3, held, level, year)))
    chosen, undrawn = [], []
    boundaries = _boundaries(world, params, [layer for _rank, layer in found])
    for iso3 in params.country:
        own = [layer for _rank, layer in sorted(found, key=lambda pair: pair[0]) if layer.iso3 == iso3]
        usable = next((ready for layer in own if (ready := _ready(layer, *boundaries)) is not None), None)
        if usable is not None:
            chosen.append(usable)
        elif own:
            undrawn.append(iso3)
    caveats = [_about(layer) for layer in chosen]
    if undrawn:
        caveats.append(
            T("Of {countries} there are people by administrative unit here, but no boundaries that draw those units: "
              "harmattan ingest cod-ab FILE brings them.",
              countries=listing([CountryName(iso3) for iso3 in undrawn]))
        )  # fmt: skip
    return Populace(tuple(chosen), tuple(caveats))


@functools.lru_cache(maxsize=32)
def _layers(path: Path, _digest: str) -> tuple[tuple[str, str, int], ...]:
    """Country, level and year of each layer that a release has; releases never change."""
    everybody = (pc.field("sex") == "all") & pc.field("age").is_null()
    names = ["iso3", "level", "year"]
    rows = pq.read_table(path, columns=names, filters=everybody).group_by(names).aggregate([]).to_pylist()
    return tuple(sorted((row["iso3"], row["level"], row["year"]) for row in rows if row["level"] in LEVELS))


def _boundaries(world: World, params: Params, found: Sequence[Layer]) -> tuple[list[Held], Areas | None]:
    """The boundaries that may be used, where some layer needs them; none where pins name none."""
    if not any(layer.level != "grid" and layer.iso3 in params.country for layer in found):
        return [], None
    held, areas = drawn(world.lake, params)
    if params.release and not any(one.release.name in params.release for one in held):
        return [], None
    return held, areas


def _about(layer: Layer) -> Text:
    said: dict[str, Value] = {"country": CountryName(layer.iso3), "year": Verbatim(str(layer.year))}
    said["release"] = Verbatim(layer.held.release.name)
    if layer.method == "grid":
        return T("People of {country}: {release}, by point of a grid, of {year}, in every row.", **said)
    return T(
        "People of {country}: {release}, by {level}, of {year}, in every row. Of a unit the share of its area that is "
        "near is taken, as if people lived spread evenly over it; they do not, so this is a rough guess. A grid of "
        "people is better: harmattan fetch worldpop --country {iso3}.",
        level=Verbatim(layer.level),
        iso3=Verbatim(layer.iso3),
        **said,
    )


def _ready(layer: Layer, held: Sequence[Held], areas: Areas | None) -> Layer | None:
    """The layer with the boundaries it needs; None where there are none that fit."""
    if layer.level == "grid":
        return layer
    if areas is None:
        return None
    units = _units(layer)
    total = sum(people for _name, _code, people in units)
    own = areas.only((areas.iso3 == layer.iso3) & (areas.level == LEVELS[layer.level]))
    best: tuple[float, Areas] | None = None
    for one in own.divisions():
        part = own.only(one.places)
        part = part.only(_matched(part, units) >= 0)
        share = sum(units[n][2] for n in set(_matched(part, units).tolist())) / total if total else 0
        if share >= ENOUGH and (best is None or share >= best[0]):
            best = (share, part)
    if best is None:
        return None
    used = set(best[1].division)
    return replace(layer, drawn_by=tuple(one for one in held if used & divisions_of(one)), areas=best[1])


def _units(layer: Layer) -> tuple[tuple[str, str, float], ...]:
    """Name, code and people of the units of a layer, in order."""
    return _read_units(layer.held.file(POPULATION.name), layer.held.release.digest, *layer.key)


@functools.lru_cache(maxsize=64)
def _read_units(path: Path, _digest: str, iso3: str, level: str, year: int) -> tuple[tuple[str, str, float], ...]:
    rows = _read(path, iso3, level, year, ("name", "code", "people")).to_pylist()
    return tuple(sorted((_plain(row["name"]), row["code"] or "", row["people"]) for row in rows))


def _read(path: Path, iso3: str, level: str, year: int, columns: Sequence[str]) -> pa.Table:
    """The rows of one layer that count everybody."""
    of = pc.field
    fits = (of("iso3") == iso3) & (of("level") == level) & (of("year") == year) & (of("sex") == "all")
    return pq.read_table(path, columns=list(columns), filters=fits & of("age").is_null())


def _matched(areas: Areas, units: Sequence[tuple[str, str, float]]) -> Any:
    """For each area the place of its unit: by code, else by name without accents; -1 where it has none."""
    by_code = {code: n for n, (_name, code, _people) in enumerate(units) if code}
    by_name = {name: n for n, (name, _code, _people) in enumerate(units) if name}
    return np.array(
        [by_code.get(code, by_name.get(_plain(name), -1)) for code, name in zip(areas.code, areas.name, strict=True)],
        dtype=int,
    )


def _plain(name: str | None) -> str:
    """A name without accents, capitals and signs.

    >>> _plain("Ségou"), _plain("Hauts-Bassins")
    ('segou', 'hautsbassins')
    """
    bare = unicodedata.normalize("NFKD", name or "").casefold()
    return "".join(sign for sign in bare if sign.isalnum())


def ground(layer: Layer) -> Grid | Units:
    """The people of a layer with their places, read now."""
    path = layer.held.file(POPULATION.name)
    if layer.level == "grid":
        told = _read(path, *layer.key, columns=("lat", "lon", "people", "cell"))
        told = told.filter(pc.and_(told["lat"].is_valid(), told["lon"].is_valid()))
        return Grid(*(np.asarray(told[name].to_numpy()) for name in ("lat", "lon", "people", "cell")))
    units = _units(layer)
    place = _matched(layer.areas, units)
    several = np.bincount(place, minlength=len(units))
    people = np.array([units[n][2] for n in place]) / several[place]
    return Units(layer.areas.shapes, people)


def undrawn_words(layer: Layer) -> list[Text]:
    """Says how many people live in units that no boundaries draw, and so are near nothing."""
    if layer.level == "grid":
        return []
    units = _units(layer)
    lost = set(range(len(units))) - set(_matched(layer.areas, units).tolist())
    if not lost:
        return []
    return [
        T("Left out: {units} of {country} with {people}, which the boundaries here do not draw.",
          units=counted(len(lost), "{n} unit", "{n} units"), country=CountryName(layer.iso3),
          people=counted(round(sum(units[n][2] for n in lost)), "{n} person", "{n} people"))
    ]  # fmt: skip
