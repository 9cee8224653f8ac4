"""Made boundary files in the formats and layouts of the field. No real shape or row is in them."""

from __future__ import annotations

import json
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

Ring = list[list[float]]
Feature = tuple[dict[str, Any], dict[str, Any] | None]


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def geojson(path: Path, *features: Feature, **more: Any) -> Path:
    said = [{"type": "Feature", "properties": about, "geometry": shape} for about, shape in features]
    path.write_text(json.dumps({"type": "FeatureCollection", **more, "features": said}), encoding="utf-8")
    return path


def written(
    path: Path, *features: Feature, crs: str | None = "EPSG:4326", layer: str | None = None, **how: Any
) -> Path:
    """The same features through GDAL: a GeoPackage, a shapefile, by the name's ending."""
    names = list(features[0][0])
    shapes = shapely.from_geojson([json.dumps(shape) for _about, shape in features])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _write(path, shapes, names, features, crs=crs, layer=layer, **how)
    return path


def _write(path: Path, shapes: Any, names: list[str], features: tuple[Feature, ...], **how: Any) -> None:
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapes),
        [np.array([about[name] for about, _shape in features], dtype=object) for name in names],
        names,
        geometry_type=how.pop("geometry_type", "Polygon"),
        **how,
    )


def parquet(path: Path, *features: Feature, crs: Any = "absent") -> Path:
    shapes = shapely.to_wkb(shapely.from_geojson([json.dumps(shape) for _about, shape in features]))
    names = list(features[0][0])
    columns = {name: [about[name] for about, _shape in features] for name in names}
    column = {"encoding": "WKB"} | ({} if crs == "absent" else {"crs": crs})
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    table = pa.table({**columns, "geometry": pa.array(list(shapes), pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


def zipped(path: Path, *files: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, f"folder/{file.name}")
    return path


COD = [
    ({"adm1_name": "Nord", "adm1_pcode": "BF54", "adm0_pcode": "BF", "iso2": "BF", "iso3": "BFA", "lang": "fr",
      "version": "v02", "valid_on": "2025-07-02", "valid_to": None}, box(-2, 12, -1, 13)),
    ({"adm1_name": "Sud", "adm1_pcode": "BF55", "adm0_pcode": "BF", "iso2": "BF", "iso3": "BFA", "lang": "fr",
      "version": "v02", "valid_on": "2025-07-02", "valid_to": None}, box(-2, 11, -1, 12)),
]  # fmt: skip
OLD_COD = [
    ({"ADM2_FR": "Premier", "ADM2_PCODE": "ML0101", "ADM1_FR": "Est", "ADM1_PCODE": "ML01", "ADM0_FR": "Mali",
      "ADM0_PCODE": "ML", "validOn": "2020-01-01", "validTo": None}, box(-8, 12, -7, 13)),
]  # fmt: skip
PLAIN = [
    ({"iso3": "MLI", "code": "A", "name": "One"}, box(0, 10, 1, 11)),
    ({"iso3": "MLI", "code": "B", "name": "Two"}, box(1, 10, 2, 11)),
]
