"""Grids of numbers in degrees, read in strips: GeoTIFF through rasterio where it is installed, ESRI ASCII without."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.errors import WrongFile
from harmattan.text import T, Verbatim

Array = npt.NDArray[Any]

TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
STRIP_POINTS = 2_000_000
MOST_POINTS = 4_000_000_000
HEADER = ("ncols", "nrows", "xllcorner", "xllcenter", "yllcorner", "yllcenter", "cellsize", "nodata_value")


@dataclass(frozen=True)
class Grid:
    """A grid from the north-west corner: rows go south, columns east; what is not known is NaN."""

    west: float
    north: float
    step_lon: float
    step_lat: float
    rows: int
    columns: int
    read: Callable[[int, int], Array]
    """The numbers of some rows: from a row, how many; (rows, columns)."""

    def strips(self) -> Iterator[tuple[int, Array]]:
        """The number of a strip's first row, and its numbers."""
        height = max(1, STRIP_POINTS // self.columns)
        for first in range(0, self.rows, height):
            yield first, self.read(first, min(height, self.rows - first))

    def middle(self, row: Array, column: Array) -> tuple[Array, Array]:
        """Latitude and longitude of the middles of points."""
        return self.north - (row + 0.5) * self.step_lat, self.west + (column + 0.5) * self.step_lon


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Grid]:
    """A grid from a file. Raises WrongFile for what is no grid in WGS 84, and where rasterio is needed and missing."""
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as fault:
        raise WrongFile(T("There is no file {file}.", file=Verbatim(path.name)), do=T("Check the path.")) from fault
    if start.startswith(TIFF):
        with _tiff(path) as grid:
            yield _checked(grid, path)
    elif start.lower().startswith(b"ncols"):
        with path.open("r", encoding="ascii", errors="replace") as text:
            yield _checked(_ascii(text, path), path)
    else:
        raise _not_grid(path)


def _checked(grid: Grid, path: Path) -> Grid:
    south, east = grid.north - grid.rows * grid.step_lat, grid.west + grid.columns * grid.step_lon
    sizes = (grid.rows, grid.columns, grid.step_lat, grid.step_lon)
    slack = 1e-6
    if not (np.isfinite([*sizes, south, east]).all() and min(sizes) > 0 and grid.rows * grid.columns <= MOST_POINTS):
        raise _not_grid(path)
    if grid.west < -180 - slack or east > 180 + slack or south < -90 - slack or grid.north > 90 + slack:
        raise WrongFile(
            T("{file} is not in degrees of longitude and latitude.", file=Verbatim(path.name)),
            do=T("Save it in WGS 84 (EPSG:4326)."),
        )
    return grid


@contextlib.contextmanager
def _tiff(path: Path) -> Iterator[Grid]:
    try:
        import rasterio
    except ImportError as fault:
        raise WrongFile(
            T("{file} is a GeoTIFF, which the base installation does not read.", file=Verbatim(path.name)),
            do=T("Install {what}, or save the file as an ESRI ASCII grid (.asc).", what=Verbatim("harmattan[raster]")),
        ) from fault
    try:
        with rasterio.open(path, driver="GTiff") as file:
            if file.crs is None or file.crs.to_epsg() != 4326 or file.transform.b or file.transform.d:
                raise WrongFile(
                    T("{file} is not in WGS 84 but in {crs}.", file=Verbatim(path.name), crs=Verbatim(str(file.crs))),
                    do=T("Save it in WGS 84 (EPSG:4326)."),
                )

            def read(first: int, height: int) -> Array:
                window = rasterio.windows.Window(0, first, file.width, height)
                return np.asarray(file.read(1, window=window, masked=True).astype("float64").filled(np.nan))

            at = file.transform
            yield Grid(at.c, at.f, at.a, -at.e, file.height, file.width, read)
    except (rasterio.errors.RasterioError, ValueError, OSError) as fault:
        raise WrongFile(
            T("{file} is damaged or was cut off.", file=Verbatim(path.name)), do=T("Download it again.")
        ) from fault


def _ascii(text: Any, path: Path) -> Grid:
    """The grid of an ESRI ASCII file: six header lines, then rows from the north."""
    said: dict[str, float] = {}
    for _line in range(6):
        here = text.tell()
        words = text.readline(1_000).split()
        if len(words) != 2 or words[0].lower() not in HEADER:
            text.seek(here)
            break
        said[words[0].lower()] = _number(words[1], path)
    try:
        rows, columns, step = int(said["nrows"]), int(said["ncols"]), said["cellsize"]
        west = said["xllcorner"] if "xllcorner" in said else said["xllcenter"] - step / 2
        south = said["yllcorner"] if "yllcorner" in said else said["yllcenter"] - step / 2
    except (KeyError, ValueError, OverflowError) as fault:
        raise _not_grid(path) from fault
    nothing = said.get("nodata_value", np.nan)

    def read(_first: int, height: int) -> Array:
        made = np.empty((height, columns))
        for row in range(height):
            words = text.readline().split()
            if len(words) != columns:
                raise WrongFile(
                    T("{file} is damaged or was cut off.", file=Verbatim(path.name)), do=T("Download it again.")
                )
            try:
                made[row] = np.asarray(words).astype("float64")
            except ValueError as fault:
                raise _not_grid(path) from fault
        made[made == nothing] = np.nan
        return made

    return Grid(west, south + rows * step, step, step, rows, columns, read)


def _number(word: str, path: Path) -> float:
    try:
        return float(word)
    except ValueError as fault:
        raise _not_grid(path) from fault


def _not_grid(path: Path) -> WrongFile:
    return WrongFile(
        T("{file} is not a grid of numbers.", file=Verbatim(path.name)),
        available=T("What can be read is GeoTIFF and ESRI ASCII grid (.asc)."),
    )
