"""WorldPop's gridded population (R2025A, 1 km, constrained), by file or fetched by country and year."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harmattan.errors import FetchError, UsageError
from harmattan.sources.engine import engine, write_parquet, write_rejects
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.line import Line
from harmattan.sources.population import years_covered
from harmattan.sources.publication import dated, named
from harmattan.sources.raster import Grid, opened
from harmattan.sources.reading import Options, Reading
from harmattan.text import T, Verbatim
from harmattan.vocabulary.cell import COLUMNS, ROWS, SIZE_DEG
from harmattan.vocabulary.country import is_iso3
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.places import POPULATION

VERSION = "R2025A"
FIRST_YEAR, LAST_YEAR = 2015, 2030
ADDRESS = "https://data.worldpop.org/GIS/Population/Global_2015_2030"
LARGEST_PEOPLE = 10_000_000
"""More people than this in one point of a grid are an error of the file: the densest square kilometre has fewer."""

ORIGIN = Origin(
    dataset="worldpop",
    publisher="WorldPop",
    title="WorldPop gridded population, constrained, 1 km",
    title_in_french="Population par maille WorldPop, version contrainte, 1 km",
    url="https://www.worldpop.org/",
    licence=Licence(name="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/", redistributable=True),
    citation="WorldPop, Global 2015-2030 gridded population, R2025A, doi:10.5258/SOTON/WP00839",
    contract="population",
)


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads GeoTIFF (needs `harmattan[raster]`) or ESRI ASCII grids into `into`/population.parquet, a row a point.

    Country and year are read from the name ({iso3}_pop_{year}_...), else from the one place of `options.places` and
    the year of `options.start`. Points without people are left out. The file is read in strips: memory does not grow
    with it. Raises WrongFile for other files and coordinate systems.
    """
    said = [_named(path, options) for path in named(files)]
    twice = sorted({one for one in said if said.count(one) > 1})
    if twice:
        raise UsageError(T("{what} is there twice.", what=Verbatim(f"{twice[0][0]} {twice[0][1]}")))
    versions = set(re.findall(r"R20\d\d[A-Z]", " ".join(path.name for path in files)))
    version = _label(said, versions)
    when = dated(options, version)
    notices: list[str] = []

    def batches() -> Iterator[Any]:
        for path, (iso3, year) in zip(files, said, strict=True):
            with opened(path) as grid:
                yield from _points(grid, iso3, year, notices)

    with engine(into):
        rows = write_parquet(batches(), into / "population.parquet", POPULATION)
        rejects = write_rejects([], into / "rejects.parquet")
    return Reading(
        label=when.label,
        status="final" if options.label or version else "rolling",
        published=when.published,
        published_basis=when.basis,
        citation=ORIGIN.citation,
        coverage=years_covered([iso3 for iso3, _year in said], [year for _iso3, year in said]),
        rows=rows,
        events=0,
        rejects=rejects,
        range_broken=0,
        tables=("population",),
        notices=tuple(notices),
    )


def _named(path: Path, options: Options) -> tuple[str, int]:
    found = re.match(r"([a-z]{3})_(?:pop|ppp)_(\d{4})_", path.name.lower())
    if found and is_iso3(found[1].upper()):
        return found[1].upper(), int(found[2])
    if options.places and len(options.places) == 1 and options.start:
        return options.places[0], options.start.year
    raise UsageError(
        T("{file} does not say in its name which country and year it is for.", file=Verbatim(path.name)),
        do=T("Say it with {option}.", option=Verbatim("--places ISO3 --from YYYY-01-01")),
    )


def _label(said: list[tuple[str, int]], versions: set[str]) -> str | None:
    """Version, years and countries, such as R2025A-2020-BFA-MLI; nothing where that would say too much."""
    places, years = sorted({iso3 for iso3, _ in said}), sorted({year for _, year in said})
    if len(versions) != 1 or len(places) > 6:
        return None
    span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    return "-".join([next(iter(versions)), span, *places])


def _points(grid: Grid, iso3: str, year: int, notices: list[str]) -> Iterator[Any]:
    """The grid's points with people, as record batches of the contract."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    beyond = 0
    for first_row, strip in grid.strips():
        peopled = np.isfinite(strip) & (strip > 0) & (strip <= LARGEST_PEOPLE)
        beyond += int((np.isfinite(strip) & ((strip < 0) | (strip > LARGEST_PEOPLE))).sum())
        row, column = np.nonzero(peopled)
        lat, lon = grid.middle(row + first_row, column)
        n = len(row)
        cell = (
            np.minimum(np.floor((lat + 90) / SIZE_DEG), ROWS - 1) * COLUMNS
            + np.minimum(np.floor((lon + 180) / SIZE_DEG), COLUMNS - 1)
            + 1
        )
        numbers = (pa.array(values).cast(pa.string()) for values in (row + first_row, column))
        columns = {
            "row_id": pc.binary_join_element_wise(f"{iso3}/{year}", *numbers, "/"),
            "iso3": pa.repeat(iso3, n),
            "level": pa.repeat("grid", n),
            "lat": lat,
            "lon": lon,
            "cell": cell.astype("int64"),
            "year": pa.array(np.full(n, year)),
            "sex": pa.repeat("all", n),
            "people": strip[row, column].astype("float64"),
        }
        nothing = {"name", "code", "age"}
        yield pa.RecordBatch.from_arrays(
            [pa.nulls(n, pa.string()) if name in nothing else pa.array(columns[name]) for name in POPULATION.names],
            schema=POPULATION.schema,
        )
    if beyond:
        notices.append(
            f"{beyond} points of {iso3} {year} were left out: their number of people is negative or too large."
        )


def fetch(wanted: Wanted, line: Line, journal: Journal, secrets: Secrets) -> Fetched:
    """Fetches one file a country and year; a cut file goes on where it was cut. Raises UsageError, FetchError."""
    if not wanted.places:
        raise UsageError(
            T("Say for which countries."), do=T("Say it with {option}.", option=Verbatim("--country MLI BFA"))
        )
    for year in _years(wanted):
        for iso3 in sorted(wanted.places):
            name = f"{iso3.lower()}_pop_{year}_CN_1km_{VERSION}_UA_v1.tif"
            if name in journal.names:
                continue
            url = f"{wanted.base or ADDRESS}/{VERSION}/{year}/{iso3}/v1/1km_ua/constrained/{name}"
            if not line.download(url, journal.folder / name):
                raise FetchError(
                    T("WorldPop has no file for {iso3} in {year}.", iso3=Verbatim(iso3), year=Verbatim(str(year))),
                    do=T("Ask for another country or year."),
                )
            journal.note(name)
    return Fetched(journal.files)


def _years(wanted: Wanted) -> range:
    first = wanted.start or wanted.end or dt.date(min(max(wanted.today.year, FIRST_YEAR), LAST_YEAR), 1, 1)
    last = wanted.end or first
    if not FIRST_YEAR <= first.year <= last.year <= LAST_YEAR:
        raise UsageError(
            T("WorldPop {version} has no {year}.", version=Verbatim(VERSION),
              year=Verbatim(str(first.year if first.year < FIRST_YEAR else last.year))),
            available=T("It has {first} to {last}.", first=Verbatim(str(FIRST_YEAR)), last=Verbatim(str(LAST_YEAR))),
        )  # fmt: skip
    return range(first.year, last.year + 1)


FETCH = fetch
