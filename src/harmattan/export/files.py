"""A sheet as CSV, Excel, Parquet, GeoJSON or GeoPackage. The same sheet gives the same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError
from harmattan.export.sheet import Sheet
from harmattan.text import T, Verbatim
from harmattan.vocabulary.cell import bounds
from harmattan.vocabulary.schema import LOCATED

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a text begins that a spreadsheet may take for a formula (OWASP, CSV injection)."""
LONGEST = 32_767
"""The most letters that a cell of Excel holds."""
MADE = dt.datetime(2000, 1, 1)
"""The date written into files whose format wants one, so that the same numbers are the same bytes."""


def to_csv(sheet: Sheet, language: str = "en") -> bytes:
    """CSV in UTF-8. In French as a French Excel reads it: semicolons, decimal commas, a byte order mark.

    A text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a line's end) gets a leading
    apostrophe; the other formats have it as the publisher wrote it.
    """
    french = language == "fr"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if french else ",", lineterminator="\r\n" if french else "\n")
    writer.writerow(sheet.names)
    for row in sheet.rows:
        writer.writerow([_cell_text(row.get(name), french) for name in sheet.names])
    return text.getvalue().encode("utf-8-sig" if french else "utf-8")


def to_xlsx(sheet: Sheet, language: str = "en") -> bytes:
    """An Excel workbook: the table, and a sheet that says what the columns mean and where the numbers come from."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "remove_timezone": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": sheet.title[:250], "created": MADE})
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page = book.add_worksheet(sheet.name[:31])
    for at, name in enumerate(sheet.names):
        page.write_string(0, at, name, bold)
        widest = max([len(name), *(len(str(value)) for value in sheet.column(name)[:200] if value is not None)])
        page.set_column(at, at, min(widest + 2, 60))
    for down, row in enumerate(sheet.rows, start=1):
        for at, name in enumerate(sheet.names):
            _write(page, down, at, row.get(name), day)
    page.freeze_panes(1, 0)
    about = book.add_worksheet("about")
    about.set_column(0, 0, 24)
    about.set_column(1, 1, 110)
    lines = [
        ("title", sheet.title),
        *(("note", note) for note in sheet.notes),
        *(("source", source) for source in sheet.sources),
        *((c.name, c.description + (f" [{c.unit}]" if c.unit else "")) for c in sheet.columns),
    ]
    for down, (name, words) in enumerate(lines):
        about.write_string(down, 0, name, bold)
        about.write_string(down, 1, words, wrap)
    book.close()
    return out.getvalue()


def to_parquet(sheet: Sheet, language: str = "en") -> bytes:
    """Parquet; the attribution and the notes are in the file's metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({name: pa.array(sheet.column(name)) for name in sheet.names})
    about = {"title": sheet.title, "notes": "\n".join(sheet.notes), "attribution": "\n".join(sheet.sources)}
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(about), out)
    return out.getvalue()


def to_geojson(sheet: Sheet, language: str = "en") -> bytes:
    """GeoJSON (RFC 7946): events as points, cells and summed records as squares; a row without a place as nothing."""
    _has_place(sheet)
    features = [
        {"type": "Feature", "geometry": shape, "properties": {n: _plain(row.get(n)) for n in sheet.names}}
        for row, shape in zip(sheet.rows, _geometries(sheet), strict=True)
    ]
    about = {"title": sheet.title, "attribution": list(sheet.sources), "notes": list(sheet.notes)}
    page = {"type": "FeatureCollection", **about, "features": features}
    return (json.dumps(page, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def to_gpkg(sheet: Sheet, language: str = "en") -> bytes:
    """A GeoPackage with one layer, WGS 84, drawn as the GeoJSON is."""
    import numpy as np
    import pyogrio
    import pyogrio.raw
    import shapely

    _has_place(sheet)
    shapes = [None if g is None else shapely.geometry.shape(g) for g in _geometries(sheet)]
    kind = "Point" if _has_points(sheet) else "Polygon"
    wkb = np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], dtype=object)
    columns = [[_plain(value) for value in sheet.column(name)] for name in sheet.names]
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": MADE.strftime("%Y-%m-%dT%H:%M:%S.000Z")})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "harmattan.gpkg"
        pyogrio.raw.write(
            path,
            wkb,
            [_typed(column) for column in columns],
            sheet.names,
            field_mask=[np.array([value is None for value in column]) for column in columns],
            driver="GPKG",
            layer=sheet.name,
            geometry_type=kind,
            crs="EPSG:4326",
            layer_metadata={"attribution": "\n".join(sheet.sources)},
            layer_options={"DESCRIPTION": sheet.title},
        )
        return path.read_bytes()


FORMATS: dict[str, Callable[[Sheet, str], bytes]] = {
    "csv": to_csv,
    "xlsx": to_xlsx,
    "parquet": to_parquet,
    "geojson": to_geojson,
    "gpkg": to_gpkg,
}
PLACED = ("geojson", "gpkg")
"""Those that are maps: only rows with a place can be written so."""
BINARY = ("xlsx", "parquet", "gpkg")


def _has_place(sheet: Sheet) -> None:
    if "cell" not in sheet.names:
        raise UsageError(
            T("The answer has no places to draw; it has {names}.", names=Verbatim(", ".join(sheet.names))),
            do=T("Ask by cell where the question takes --by, or list the events with harmattan evidence."),
        )


def _has_points(sheet: Sheet) -> bool:
    return any(row.get("lat") is not None for row in sheet.rows)


def _geometries(sheet: Sheet) -> list[dict[str, Any] | None]:
    """The shape of each row; a record that stands for a region or a country has none."""
    shape = _point if _has_points(sheet) else _square
    return [shape(row) if row.get("where_precision", "exact") in LOCATED else None for row in sheet.rows]


def _point(row: Any) -> dict[str, Any] | None:
    return None if row["lat"] is None else {"type": "Point", "coordinates": [row["lon"], row["lat"]]}


def _square(row: Any) -> dict[str, Any] | None:
    if row.get("cell") is None:
        return None
    west, south, east, north = bounds(row["cell"])
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _typed(column: list[Any]) -> Any:
    """The values with the narrowest type that fits them; what is empty is told by the mask beside."""
    import numpy as np

    types = {type(value) for value in column if value is not None}
    for kind in (bool, int, float):
        if types == {kind}:
            return np.array([kind() if value is None else value for value in column], dtype=kind)
    return np.array([None if value is None else str(value) for value in column], dtype=object)


def _cell_text(value: Any, french: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value).replace(".", ",") if french else str(value)
    words = str(_plain(value))
    return f"'{words}" if words.startswith(FORMULA) else words


def _write(page: Any, down: int, at: int, value: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(down, at, value)
    elif isinstance(value, int | float):
        page.write_number(down, at, value)
    elif isinstance(value, dt.date):
        page.write_datetime(down, at, dt.datetime(value.year, value.month, value.day), day)
    else:
        words = str(_plain(value))
        page.write_string(down, at, words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…")
