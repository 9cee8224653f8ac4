"""Opens files of shapes as layers: GeoJSON, GeoPackage, shapefiles with their companions, GeoParquet, and zips of them.

What a file is, is read from its first bytes: GDAL is only given files of these kinds, none that name an address.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import lzma
import math
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from harmattan.errors import WrongFile
from harmattan.sources.containers import BOMB_BYTES, CHUNK_BYTES, GZIP, PARQUET, ZIP, is_folder, plain_file
from harmattan.text import T, Text, Verbatim, listing

Array = npt.NDArray[Any]

SQLITE, SHAPEFILE = b"SQLite format 3\0", b"\x00\x00\x27\x0a"
COMPANIONS = (".dbf", ".shx", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".qix", ".xml")
KNOWN = (".shp", ".geojson", ".json", ".gpkg", ".parquet", ".geoparquet")
AREAL = ("Polygon", "Surface", "Unknown", "GeometryCollection")
POINTS = ("Point", "Unknown")
Wanted = tuple[str, ...]
"""Kinds of layers, by words of their geometry's name; layers of other kinds are left."""


@dataclass(frozen=True)
class Layer:
    """The features of one layer: their shapes (None where there is none) and what is said of each."""

    file: str
    name: str
    columns: tuple[str, ...]
    """Lower case."""
    values: Mapping[str, list[Any]]
    shapes: Array
    sure_of_degrees: bool
    """Whether the layer says that its coordinates are WGS 84; if not, that is taken from their size."""

    def row(self, place: int) -> dict[str, Any]:
        """What is said of one feature."""
        return {name: values[place] for name, values in self.values.items()}


def holds_shapes(path: Path) -> bool:
    """Whether a file is one of shapes and not a table; raises WrongFile where it cannot be opened."""
    start = _start(path, path.name)
    if start.startswith(ZIP):
        with unbroken(path.name), zipfile.ZipFile(path) as archive:
            return any(name.lower().endswith((".shp", ".geojson", ".json", ".gpkg")) for name in archive.namelist())
    return start.startswith((SQLITE, SHAPEFILE)) or start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def layers(files: list[Path], scratch: Path, wanted: Wanted = AREAL) -> Iterator[Layer]:
    """Every layer of a kind, of areas unless said otherwise, in the files.

    Raises WrongFile for what is no such file, is cut off, or is not in WGS 84.
    """
    main = [path for path in files if path.suffix.lower() not in COMPANIONS]
    if not main:
        raise _not_shapes(files[0]) if files else WrongFile(T("No file was named."))
    for number, path in enumerate(main):
        folder = scratch / f"shapes-{number}"
        folder.mkdir()
        beside = [other for other in files if other.stem == path.stem and other.suffix.lower() in COMPANIONS]
        yield from _opened(path, beside, folder, path.name, wanted=wanted)


def _opened(path: Path, beside: list[Path], folder: Path, told: str, *, wanted: Wanted) -> Iterator[Layer]:
    start = _start(path, told)
    if start.startswith(GZIP):
        path = plain_file(path, folder).path
        start = _start(path, told)
    if start.startswith(ZIP):
        yield from _unzipped(path, folder, told, wanted)
    elif start.startswith(PARQUET):
        yield _parquet(path, told)
    elif start.startswith(SQLITE):
        yield from _through_gdal(_named(path, folder / "layers.gpkg"), told, wanted)
    elif start.startswith(SHAPEFILE):
        yield from _through_gdal(_shapefile(path, beside, folder, told), told, wanted)
    elif start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield from _through_gdal(_named(path, folder / "layer.geojson"), told, wanted)
    else:
        raise _not_shapes(Path(told))


def _start(path: Path, told: str) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(64)
    except OSError as fault:
        raise WrongFile(T("There is no file {file}.", file=Verbatim(told)), do=T("Check the path.")) from fault
    if not start.strip():
        raise WrongFile(T("{file} is empty.", file=Verbatim(told)), do=T("Download it again."))
    return start


def _named(path: Path, link: Path) -> Path:
    """The file under a name by which GDAL knows its kind, with nothing else beside it."""
    link.symlink_to(path.resolve())
    return link


def _shapefile(path: Path, beside: list[Path], folder: Path, told: str) -> Path:
    """A shapefile with the companions that were named; without its table and index it says nothing of its areas."""
    there = {other.suffix.lower(): other for other in beside}
    missing = [suffix for suffix in (".dbf", ".shx") if suffix not in there]
    if missing:
        raise WrongFile(
            T("{file} comes without its {missing}.", file=Verbatim(told),
              missing=listing([Verbatim(suffix) for suffix in missing])),
            do=T("Name all its files, or one zip of them: a shapefile is .shp, .shx, .dbf and .prj together."),
        )  # fmt: skip
    for suffix, other in there.items():
        _named(other, folder / f"layer{suffix}")
    return _named(path, folder / "layer.shp")


def _unzipped(path: Path, folder: Path, told: str, wanted: Wanted) -> Iterator[Layer]:
    """Every layer in a zip; files of other kinds in it are left."""
    with unbroken(told), zipfile.ZipFile(path) as archive:
        inside = _unpack(archive, folder, told)
    if not inside:
        raise _not_shapes(Path(told))
    for number, (member, one) in enumerate(inside.items()):
        if one.suffix.lower() in KNOWN:
            within = folder / f"member-{number}"
            within.mkdir()
            beside = [
                other for name, other in inside.items() if Path(name).with_suffix("") == Path(member).with_suffix("")
            ]
            beside = [other for other in beside if other != one]
            yield from _opened(one, beside, within, f"{told}/{Path(member).name}", wanted=wanted)


@contextlib.contextmanager
def unbroken(told: str) -> Iterator[None]:
    """Turns everything that a broken zip can raise into one line; what the disk says is not the zip's fault."""
    try:
        yield
    except OSError as fault:
        if fault.errno != errno.EINVAL:
            raise
        raise _damaged(told) from fault
    except (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, ValueError,
            KeyError, struct.error, OverflowError) as fault:  # fmt: skip
        raise _damaged(told) from fault


def _unpack(archive: zipfile.ZipFile, folder: Path, told: str) -> dict[str, Path]:
    found, written = {}, 0
    for number, member in enumerate(archive.infolist()):
        suffix = Path(member.filename).suffix.lower()
        if is_folder(member) or member.filename.startswith("__MACOSX/") or suffix not in KNOWN + COMPANIONS:
            continue
        target = folder / f"{number}{suffix}"
        with archive.open(member) as packed, target.open("wb") as out:
            while chunk := packed.read(CHUNK_BYTES):
                written += len(chunk)
                if written > BOMB_BYTES:
                    raise WrongFile(T("{file} would unpack to more than 4 GB.", file=Verbatim(told)))
                out.write(chunk)
        found[member.filename] = target
    return found


def _through_gdal(path: Path, told: str, wanted: Wanted) -> Iterator[Layer]:
    import pyogrio
    import shapely

    faults = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
              pyogrio.errors.GeometryError, pyogrio.errors.FieldError, pyogrio.errors.CRSError,
              shapely.errors.GEOSException, ValueError, OSError, RuntimeError, OverflowError)  # fmt: skip
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name, kind in pyogrio.list_layers(path):
                if kind is not None and any(word in kind for word in wanted):
                    yield _layer(path, str(name), told)
    except WrongFile:
        raise
    except faults as fault:
        raise _damaged(told) from fault


def _layer(path: Path, name: str, told: str) -> Layer:
    import pyogrio
    import shapely

    said = pyogrio.read_info(path, layer=name, force_feature_count=True)
    degrees = _wgs84(said["crs"], told)
    meta, _ids, shapes, values = pyogrio.raw.read(path, layer=name, force_2d=True, datetime_as_string=True)
    if shapes is None or len(shapes) != said["features"] or not len(shapes):
        raise _damaged(told)
    columns = tuple(str(field).strip().lower() for field in meta["fields"])
    cleaned = {column: _plain(array.tolist()) for column, array in zip(columns, values, strict=True)}
    return Layer(told, name, columns, cleaned, shapely.from_wkb(shapes, on_invalid="ignore"), degrees)


def _parquet(path: Path, told: str) -> Layer:
    import pyarrow as pa
    import pyarrow.parquet as pq
    import shapely

    try:
        table = pq.read_table(path)
        geo = json.loads((table.schema.metadata or {})[b"geo"])
        shape = geo["primary_column"]
        said = geo["columns"][shape]
        degrees = _wgs84(_projjson(said.get("crs", "OGC:CRS84")), told)
        shapes = np.array(table[shape].to_pylist(), dtype=object)
        cleaned = {
            name.strip().lower(): _plain(table[name].to_pylist()) for name in table.column_names if name != shape
        }
        return Layer(told, "", tuple(cleaned), cleaned, shapely.from_wkb(shapes, on_invalid="ignore"), degrees)
    except (
        pa.ArrowException,
        KeyError,
        TypeError,
        AttributeError,
        ValueError,
        OSError,
        shapely.errors.GEOSException,
    ) as fault:
        raise WrongFile(
            T("{file} is not GeoParquet: no shapes can be read from it.", file=Verbatim(told)),
            do=T("Download it again, or save it as GeoPackage."),
        ) from fault


def _projjson(crs: Any) -> str | None:
    if not isinstance(crs, dict):
        return None if crs is None else str(crs)
    id_ = crs.get("id") or {}
    return f"{id_['authority']}:{id_['code']}" if id_ else str(crs.get("name", "?"))


def _wgs84(crs: str | None, told: str) -> bool:
    """Whether a layer says that it is in WGS 84; False where it says nothing. Raises WrongFile for another system."""
    if not crs:
        return False
    if re.fullmatch(r"(EPSG:(4326|4979)|OGC:CRS84h?)", crs):
        return True
    name = crs if ":" in crs and '"' not in crs else next(iter(re.findall(r'"([^"]*)"', crs)), crs[:60])
    if re.match(r"\s*(GEOG|GEOD)", crs) and re.search(r"WGS[ _]?(19)?84", name):
        return True
    raise WrongFile(
        T("{file} is not in WGS 84 but in {crs}.", file=Verbatim(told), crs=Verbatim(name)),
        do=T("Save it in WGS 84 (EPSG:4326), for example with QGIS or ogr2ogr -t_srs EPSG:4326."),
    )


def _plain(values: list[Any]) -> list[Any]:
    """Values without the signs for nothing: NaN and blank text become None, bytes are left out."""
    return [
        None
        if isinstance(value, bytes) or (isinstance(value, float) and math.isnan(value))
        else (value.strip() or None)
        if isinstance(value, str)
        else value
        for value in values
    ]


def kinds() -> Text:
    """What files of shapes can be read."""
    return T("What can be read is GeoJSON, GeoPackage, a shapefile with its companions, GeoParquet, or a zip of them.")


def _not_shapes(path: Path) -> WrongFile:
    return WrongFile(T("{file} is not a file of shapes.", file=Verbatim(path.name)), available=kinds())


def _damaged(told: str) -> WrongFile:
    return WrongFile(
        T("{file} is damaged or was cut off: its shapes cannot be read.", file=Verbatim(told)),
        do=T("Download it again."),
    )


def numbered(names: list[str]) -> list[str]:
    """Names made different by a number where one comes again.

    >>> numbered(["a", "b", "a"])
    ['a', 'b', 'a#2']
    """
    seen: dict[str, itertools.count[int]] = {}
    made = []
    for name in names:
        again = next(seen.setdefault(name, itertools.count(1)))
        made.append(name if again == 1 else f"{name}#{again}")
    return made
