"""The borders that a question measures against: by boundaries where they are taken in, else by cells."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from harmattan.lake.select import age
from harmattan.lake.shelf import Held, Lake
from harmattan.places.borders import Borders, laid_over, named, of_areas, of_cells
from harmattan.places.country import outlines
from harmattan.questions.areas import drawn
from harmattan.questions.parameters import Params
from harmattan.text import T, Text, Verbatim, listing
from harmattan.vocabulary.places import AREAS

CELLS = "cells"


@dataclass(frozen=True)
class Bordering:
    """The borders of some countries, and the releases that draw them."""

    borders: Borders
    held: tuple[Held, ...]

    @classmethod
    def none(cls) -> Bordering:
        """No borders, where none are asked about."""
        return cls(Borders({}, {}), ())

    @property
    def caveats(self) -> list[Text]:
        """How the borders are known."""
        celled = sorted(named(codes) for codes in self.borders.of_cells if len(codes) == 2)
        outlined = sorted(named(codes) for codes in self.borders.lines if codes not in self.borders.of_cells)
        said = []
        if outlined:
            said.append(
                T("Borders by boundaries: {names}. Where the outlines of two countries differ, both are taken for the "
                  "border; outlines within 5 km of each other count as a border on land, over water too.",
                  names=listing([Verbatim(name) for name in outlined]))
            )  # fmt: skip
        if celled:
            said.append(
                T("Borders by cells of half a degree, no boundaries being here: {names}. A border between cells lies "
                  "up to half a cell beside the true one.", names=listing([Verbatim(name) for name in celled]))
            )  # fmt: skip
        return said


def bordering(lake: Lake, params: Params, countries: Collection[str]) -> Bordering:
    """The borders of some countries as far as they are known here; with `params.neighbour` only those with it."""
    there = [held for held in lake.releases() if held.release.origin.contract in (AREAS.name, CELLS)]
    pinned = [held for held in there if held.release.name in params.release]
    known = [one for one in pinned or there if params.known_by is None or one.release.published <= params.known_by]
    names = tuple(sorted((one.release.name, one.release.digest) for one in known))
    whole, outlined = _all(lake, names, tuple(sorted(set(countries))))
    kept = whole.kept(countries, params.neighbour)
    used = {code for codes in {*kept.lines, *kept.meetings} - kept.of_cells for code in codes}
    held = [one for one in known if _draws(one, used & set(outlined), bool(kept.of_cells), known)]
    return Bordering(kept, tuple(held))


def _draws(one: Held, outlined: set[str], celled: bool, known: Sequence[Held]) -> bool:
    """Whether a release is one that the borders rest on."""
    if one.release.origin.contract == CELLS:
        return celled and one is _cells(known)
    return bool(outlined & set(one.release.coverage.places))


def _cells(known: Sequence[Held]) -> Held | None:
    return max((one for one in known if one.release.origin.contract == CELLS), key=age, default=None)


@functools.lru_cache(maxsize=8)
def _all(lake: Lake, names: tuple[tuple[str, str], ...], countries: tuple[str, ...]) -> tuple[Borders, tuple[str, ...]]:
    """The borders of some countries by the releases named, and the countries that have outlines."""
    known = [lake.find(name) for name, _digest in names]
    areas = tuple(one.release.name for one in known if one.release.origin.contract == AREAS.name)
    by_areas, outlined = Borders({}, {}), ()
    if areas:
        codes, shapes = outlines(drawn(lake, Params(release=areas))[1])
        by_areas, outlined = of_areas(codes, shapes, countries), tuple(sorted(set(codes.tolist())))
    held, by_cells = _cells(known), Borders({}, {})
    if held is not None:
        by_cells = _of_cells(held.file(CELLS), held.release.digest)
    return laid_over(by_areas, by_cells, outlined).kept(countries), outlined


@functools.lru_cache(maxsize=2)
def _of_cells(file: Path, _digest: str) -> Borders:
    """The borders between the cells of a release, of all its countries."""
    table = pq.read_table(file, columns=["cell", "iso3"])
    return of_cells(dict(zip(table["cell"].to_pylist(), table["iso3"].to_pylist(), strict=True)))
