"""Boundaries in every format and layout, and what is made of shapes that are not as they should be."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import shapely

from harmattan.errors import HarmattanError, UsageError, WrongFile
from harmattan.places.areas import Areas
from harmattan.sources import boundaries, cod_ab, geoboundaries, natural_earth_areas
from harmattan.sources.reading import Options, Reading
from harmattan.vocabulary.places import AREAS
from harmattan.vocabulary.schema import REJECTS
from tests.sources.boundary_files import COD, OLD_COD, PLAIN, box, geojson, parquet, written, zipped

DAY = Options(retrieved=dt.date(2026, 1, 2))


def read(
    *files: Path, into: Path, module: Any = boundaries, options: Options = DAY
) -> tuple[Reading, list[dict[str, Any]], list[dict[str, Any]]]:
    into.mkdir()
    reading = module.read(list(files), into, options)
    areas, rejects = (pq.read_table(into / f"{name}.parquet") for name in ("areas", "rejects"))
    assert AREAS.faults(areas.schema) == []
    assert areas.schema.equals(AREAS.schema)
    assert REJECTS.faults(rejects.schema) == []
    assert (reading.rows, reading.rejects, reading.tables) == (areas.num_rows, rejects.num_rows, ("areas",))
    assert sorted(path.name for path in into.iterdir()) == ["areas.parquet", "rejects.parquet"]
    return reading, areas.to_pylist(), rejects.to_pylist()


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "into"


def test_a_new_cod_ab_file_brings_its_version_and_days(tmp_path: Path, into: Path) -> None:
    reading, areas, _ = read(geojson(tmp_path / "bfa.geojson", *COD), into=into, module=cod_ab)
    assert (reading.label, reading.status, reading.published) == ("v02", "final", dt.date(2026, 1, 2))
    assert (reading.coverage.places, reading.coverage.start) == (("BFA",), dt.date(2025, 7, 2))
    first = areas[0]
    assert {name: first[name] for name in ("row_id", "iso3", "level", "code", "name", "name_in_french", "parent")} == {
        "row_id": "v02/1/BF54", "iso3": "BFA", "level": 1, "code": "BF54", "name": "Nord", "name_in_french": "Nord",
        "parent": "BF",
    }  # fmt: skip
    assert (first["valid_from"], first["valid_to"], first["division"]) == (dt.date(2025, 7, 2), None, "v02")
    assert [first[side] for side in ("west", "south", "east", "north")] == [-2, 12, -1, 13]
    assert shapely.from_wkb(first["shape"]).equals(shapely.box(-2, 12, -1, 13))
    assert first["area_km2"] == pytest.approx(12_065, rel=0.001)
    assert reading.notices == ()


def test_an_old_cod_ab_file_has_its_country_by_its_p_codes(tmp_path: Path, into: Path) -> None:
    path = written(tmp_path / "mli_admbnda_adm2.gpkg", *OLD_COD)
    reading, (area,), _ = read(path, into=into, module=cod_ab, options=Options("v01", dt.date(2024, 1, 1)))
    assert {name: area[name] for name in ("iso3", "level", "code", "name", "name_in_french", "parent")} == {
        "iso3": "MLI", "level": 2, "code": "ML0101", "name": "Premier", "name_in_french": "Premier", "parent": "ML01",
    }  # fmt: skip
    assert area["valid_from"] == dt.date(2020, 1, 1)
    assert (reading.published, reading.published_basis) == (dt.date(2024, 1, 1), "stated by the user")
    assert (area["division"], area["row_id"]) == ("mli-cod-ab-v01", "mli-cod-ab-v01/2/ML0101")


def test_the_user_says_from_when_to_when_a_division_held(tmp_path: Path, into: Path) -> None:
    options = Options("old", dt.date(2025, 1, 1), None, dt.date(1960, 8, 5), dt.date(2025, 7, 1))
    reading, areas, _ = read(geojson(tmp_path / "x.json", *PLAIN), into=into, options=options)
    assert {(area["valid_from"], area["valid_to"]) for area in areas} == {(dt.date(1960, 8, 5), dt.date(2025, 7, 1))}
    assert (reading.coverage.start, reading.coverage.end) == (dt.date(1960, 8, 5), dt.date(2025, 7, 1))


def test_a_geoboundaries_file(tmp_path: Path, into: Path) -> None:
    said = {"shapeName": "Kéné", "shapeISO": "", "shapeID": "5B1", "shapeGroup": "MLI", "shapeType": "ADM1"}
    path = geojson(tmp_path / "gb.geojson", (said, box(0, 0, 1, 1)), ({**said, "shapeType": "x"}, box(1, 0, 2, 1)))
    _, (area,), (reject,) = read(path, into=into, module=geoboundaries)
    assert (area["name"], area["code"], area["iso3"], area["level"]) == ("Kéné", "5B1", "MLI", 1)
    assert (reject["reason"], reject["line"]) == ("shapeType is not ADM0 to ADM9: x", 3)


def test_natural_earth_files(tmp_path: Path, into: Path) -> None:
    country = {"NAME": "South Sudan", "NAME_FR": "Soudan du Sud", "ADM0_A3": "SDS", "ISO_A3": "-99"}
    nowhere = country | {"NAME": "Nowhere", "ADM0_A3": "XXX"}
    region = {"name": "Lakes", "adm0_a3": "SDS", "iso_3166_2": "SS-LK", "adm1_code": "SDS-1"}
    files = [
        geojson(tmp_path / "0.geojson", (country, box(0, 0, 2, 2)), (nowhere, box(5, 5, 6, 6))),
        geojson(tmp_path / "1.geojson", (region, box(0, 0, 1, 1))),
    ]
    _, areas, (reject,) = read(*files, into=into, module=natural_earth_areas)
    assert [(area["iso3"], area["level"], area["code"], area["name_in_french"]) for area in areas] == [
        ("SSD", 0, "SDS", "Soudan du Sud"),
        ("SSD", 1, "SS-LK", None),
    ]
    assert reject["reason"] == "the country is not known: XXX"


def test_gadm_and_plain_files_and_their_levels(tmp_path: Path) -> None:
    gadm = {
        "GID_0": "MLI",
        "COUNTRY": "Mali",
        "GID_1": "MLI.1_1",
        "NAME_1": "Un",
        "GID_2": "MLI.1.1_1",
        "NAME_2": "Deux",
    }
    _, (area,), _ = read(geojson(tmp_path / "g.geojson", (gadm, box(0, 0, 1, 1))), into=tmp_path / "g")
    assert (area["level"], area["code"], area["name"], area["parent"]) == (2, "MLI.1.1_1", "Deux", "MLI.1_1")
    countries = [({"iso3": code, "name": code}, box(n, 0, n + 1, 1)) for n, code in enumerate(("MLI", "NER"))]
    _, areas, _ = read(geojson(tmp_path / "c.geojson", *countries), into=tmp_path / "c")
    assert [area["level"] for area in areas] == [0, 0]
    _, areas, _ = read(geojson(tmp_path / "p.geojson", *PLAIN), into=tmp_path / "p")
    assert [(area["level"], area["code"]) for area in areas] == [(1, "A"), (1, "B")]


def test_columns_that_the_user_names(tmp_path: Path, into: Path) -> None:
    path = geojson(tmp_path / "own.geojson", ({"Région": "Nord", "no": "07"}, box(0, 0, 1, 1)))
    mapped = Options(retrieved=DAY.retrieved, mapping={"name": "Région", "code": "no", "iso3": "MLI", "level": 2})
    _, (area,), _ = read(path, into=into, options=mapped)
    assert (area["name"], area["code"], area["iso3"], area["level"]) == ("Nord", "07", "MLI", 2)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"name": "title"}, r"names no column for name\. There are iso3, code and name\."),
        ({"code": "code"}, "names no column for name"),
        ({"nom": "name"}, r"A mapping of boundaries has no nom\. There are name, code, iso3"),
    ],
)
def test_a_mapping_that_does_not_fit(tmp_path: Path, mapping: dict[str, Any], said: str) -> None:
    path = geojson(tmp_path / "x.geojson", *PLAIN)
    with pytest.raises(UsageError, match=said):
        boundaries.read([path], tmp_path, Options(retrieved=DAY.retrieved, mapping=mapping))
    assert list(tmp_path.iterdir()) == [path]


def test_every_format_gives_the_same_areas(tmp_path: Path) -> None:
    shape = written(tmp_path / "x.shp", *PLAIN)
    shapes = [tmp_path / f"x{suffix}" for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg")]
    files = {
        "geojson": [geojson(tmp_path / "x.geojson", *PLAIN)],
        "without a known ending": [geojson(tmp_path / "x.data", *PLAIN)],
        "gpkg": [written(tmp_path / "x.gpkg", *PLAIN)],
        "shp": shapes,
        "zip": [zipped(tmp_path / "x.zip", *shapes, tmp_path / "x.geojson").rename(tmp_path / "y.zip")],
        "parquet": [parquet(tmp_path / "x.parquet", *PLAIN)],
        "parquet with crs": [
            parquet(tmp_path / "z.parquet", *PLAIN, crs={"id": {"authority": "EPSG", "code": 4326}, "name": "WGS 84"})
        ],
    }
    assert shape.exists()
    made = {}
    for number, (name, paths) in enumerate(files.items()):
        _, areas, _ = read(*paths, into=tmp_path / f"into{number}")
        made[name] = [
            (a["row_id"], a["name"], a["area_km2"], shapely.from_wkb(a["shape"]).normalize().wkt) for a in areas
        ]
    assert all(areas == made["geojson"] for areas in made.values()), made


def test_levels_in_several_layers_and_lines_beside_them(tmp_path: Path, into: Path) -> None:
    path = tmp_path / "all.gpkg"
    written(path, *COD, layer="adm1")
    deeper = [(about | {"adm2_name": "x", "adm2_pcode": about["adm1_pcode"] + "01"}, shape) for about, shape in COD]
    written(path, *deeper, layer="adm2", append=True)
    line = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    written(path, ({"adm1_name": "line"}, line), layer="lines", geometry_type="LineString", append=True)
    _, areas, _ = read(path, into=into, module=cod_ab)
    assert sorted((area["level"], area["code"], area["parent"]) for area in areas) == [
        (1, "BF54", "BF"), (1, "BF55", "BF"), (2, "BF5401", "BF54"), (2, "BF5501", "BF55"),
    ]  # fmt: skip


def test_shapes_are_repaired_cut_merged_and_counted(tmp_path: Path, into: Path) -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    over = {"type": "Polygon", "coordinates": [[[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]]}
    beyond = box(179, 5, 181, 6)
    path = geojson(
        tmp_path / "x.geojson",
        *[({"iso3": "FJI", "code": code, "name": code}, shape) for code, shape in [
            ("bow", bow), ("over", over), ("beyond", beyond), ("isles", box(10, 0, 11, 1)),
            ("isles", box(12, 0, 13, 1)),
            ("same", box(20, 0, 21, 1)), ("same", box(20, 0, 21, 1)), ("half", box(20.5, 0, 21.5, 1)),
        ]],
    )  # fmt: skip
    reading, areas, rejects = read(path, into=into)
    assert rejects == []
    assert reading.notices == (
        "Shapes that cross themselves were repaired: 1.",
        "Shapes that run over 180 degrees of longitude were cut there: 2.",
        "Features that are parts of one area were put together: 2.",
        "Features that are there twice were taken once: 1.",
        "Pairs of areas of one division that overlap by more than 0.5 % of the smaller: 1.",
    )
    by_code = {area["code"]: shapely.from_wkb(area["shape"]) for area in areas}
    assert len(areas) == len(by_code) == 6
    assert by_code["bow"].area == pytest.approx(2)
    for code in ("over", "beyond"):
        assert by_code[code].area == pytest.approx(2)
        assert by_code[code].bounds[0] == -180
        assert by_code[code].bounds[2] == 180
    assert by_code["isles"].area == 2


def test_the_whole_south_is_not_taken_for_a_shape_over_the_date_line(tmp_path: Path, into: Path) -> None:
    reading, (area,), _ = read(
        geojson(tmp_path / "x.geojson", ({"iso3": "ATA", "name": "South"}, box(-180, -90, 180, -60))), into=into
    )
    assert (reading.notices, area["west"], area["east"]) == ((), -180, 180)


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (None, "it has no shape"),
        ({"type": "Point", "coordinates": [0, 0]}, "its shape is not an area"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2], [0, 0]]]}, "its shape is not an area"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1e300], [0, 0]]]}, "not in degrees"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1e9, 0], [1, 1], [0, 0]]]}, "not in degrees"),
    ],
)  # fmt: skip
def test_a_bad_feature_is_rejected_with_its_line(
    tmp_path: Path, into: Path, shape: dict[str, Any] | None, reason: str
) -> None:
    path = geojson(tmp_path / "x.geojson", PLAIN[0], ({"iso3": "MLI", "code": "X", "name": "Bad"}, shape), PLAIN[1])
    _, areas, (reject,) = read(path, into=into)
    assert [area["code"] for area in areas] == ["A", "B"]
    assert reason in reject["reason"]
    assert (reject["line"], reject["file"]) == (3, "x.geojson")
    assert '"name": "Bad"' in reject["row_as_written"]


def test_features_without_name_country_or_with_days_turned_round(tmp_path: Path, into: Path) -> None:
    said, shape = COD[0]
    path = geojson(
        tmp_path / "x.geojson",
        COD[1],
        (said | {"adm1_name": " "}, shape),
        (said | {"iso3": "XYZ"}, shape),
        (said | {"valid_to": "2020-01-01"}, shape),
        (said | {"valid_on": "soon"}, shape),
    )
    _, _, rejects = read(path, into=into)
    assert [reject["reason"] for reject in rejects] == [
        "it has no name",
        "the country is not an ISO3 code: XYZ",
        "it ends before it begins: 2025-07-02 to 2020-01-01",
        "the first day is not a day: soon",
    ]


def test_names_that_come_twice_without_a_code_stay_two_areas(tmp_path: Path, into: Path) -> None:
    same = [({"iso3": "MLI", "code": None, "name": "San"}, box(n, 0, n + 1, 1)) for n in range(2)]
    _, areas, _ = read(geojson(tmp_path / "x.geojson", *same), into=into)
    assert [area["row_id"].rpartition("/")[2] for area in areas] == ["San", "San#2"]


def test_a_known_publishers_file_under_boundaries_says_where_its_licence_is(tmp_path: Path, into: Path) -> None:
    reading, _, _ = read(geojson(tmp_path / "x.geojson", *COD), into=into)
    assert reading.notices == (
        "The columns are those of cod-ab; harmattan ingest cod-ab takes the file under its own licence.",
    )
    assert not boundaries.ORIGIN.licence.redistributable


@pytest.mark.parametrize("module", [cod_ab, geoboundaries, natural_earth_areas])
def test_anothers_file_does_not_get_a_publishers_licence(tmp_path: Path, module: Any) -> None:
    path = geojson(tmp_path / "x.geojson", *PLAIN)
    with pytest.raises(WrongFile, match=r"x\.geojson has not the columns of .* Say harmattan ingest boundaries"):
        module.read([path], tmp_path, DAY)
    assert list(tmp_path.iterdir()) == [path]


def test_divisions_of_several_releases_stand_side_by_side(tmp_path: Path) -> None:
    old = [
        (about | {"version": "v01", "valid_on": "2001-07-02", "valid_to": "2025-07-01"}, shape) for about, shape in COD
    ]
    for name, features in (("old", old), ("new", COD)):
        read(geojson(tmp_path / f"{name}.geojson", *features), into=tmp_path / name, module=cod_ab)
    both = Areas.of(*(pq.read_table(tmp_path / name / "areas.parquet") for name in ("old", "new")))
    assert [(one.name, str(one.first), str(one.last)) for one in both.divisions()] == [
        ("v01", "2001-07-02", "2025-07-01"),
        ("v02", "2025-07-02", "9999-12-31"),
    ]


def test_what_the_files_do_not_say_is_asked_for(tmp_path: Path) -> None:
    path = geojson(tmp_path / "x.geojson", *PLAIN)
    with pytest.raises(UsageError, match=r"When these data came out is not known.*--published"):
        boundaries.read([path], tmp_path, Options("x"))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("crs", ["EPSG:32630", "EPSG:3857"])
def test_another_coordinate_system_is_refused_by_name(tmp_path: Path, crs: str) -> None:
    into = tmp_path / "into"
    into.mkdir()
    path = written(tmp_path / "x.gpkg", *PLAIN, crs=crs)
    with pytest.raises(WrongFile, match=rf"x\.gpkg is not in WGS 84 but in {crs}.*EPSG:4326"):
        boundaries.read([path], into, DAY)
    shape = written(tmp_path / "y.shp", *PLAIN, crs=crs)
    files = [shape, *(shape.with_suffix(suffix) for suffix in (".dbf", ".shx", ".prj"))]
    with pytest.raises(WrongFile, match=r"y\.shp is not in WGS 84"):
        boundaries.read(files, into, DAY)
    urn = f"urn:ogc:def:crs:{crs.replace(':', '::')}"
    named = geojson(tmp_path / "z.geojson", *PLAIN, crs={"type": "name", "properties": {"name": urn}})
    with pytest.raises(WrongFile, match=r"z\.geojson is not in WGS 84"):
        boundaries.read([named], into, DAY)
    packed = parquet(
        tmp_path / "w.parquet", *PLAIN, crs={"name": "UTM 30N", "id": {"authority": "EPSG", "code": 32630}}
    )
    with pytest.raises(WrongFile, match=r"w\.parquet is not in WGS 84 but in EPSG:32630"):
        boundaries.read([packed], into, DAY)
    assert list(into.iterdir()) == []


def test_crs84_and_none_are_taken_as_wgs_84_and_metres_are_not(tmp_path: Path) -> None:
    crs84 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    reading, _, _ = read(geojson(tmp_path / "x.geojson", *PLAIN, crs=crs84), into=tmp_path / "1")
    assert reading.notices == ()
    shape = written(tmp_path / "y.shp", *PLAIN, crs=None)
    files = [shape, shape.with_suffix(".dbf"), shape.with_suffix(".shx")]
    reading, _, _ = read(*files, into=tmp_path / "2")
    assert reading.notices == ("Layers that do not say their coordinate system were taken as WGS 84: 1.",)
    metres = [(about, box(500_000, 1_300_000, 600_000, 1_400_000)) for about, _shape in PLAIN]
    with pytest.raises(WrongFile, match=r"z\.geojson is not in degrees.*EPSG:4326"):
        boundaries.read([geojson(tmp_path / "z.geojson", *metres)], tmp_path / "1", DAY)


@pytest.mark.parametrize("missing", [".dbf", ".shx"])
def test_a_shapefile_without_its_companions(tmp_path: Path, missing: str) -> None:
    shape = written(tmp_path / "x.shp", *PLAIN)
    files = [shape, *(shape.with_suffix(s) for s in (".dbf", ".shx", ".prj") if s != missing)]
    with pytest.raises(WrongFile, match=rf"x\.shp comes without its \{missing}\..*one zip of them"):
        boundaries.read(files, tmp_path, DAY)
    with pytest.raises(WrongFile, match=rf"x\.shp comes without its \{missing}\."):
        boundaries.read([zipped(tmp_path / "x.zip", *files)], tmp_path, DAY)
    with pytest.raises(WrongFile, match=r"not a file of shapes"):
        boundaries.read([shape.with_suffix(".dbf")], tmp_path, DAY)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b"iso3,name\nMLI,Mali\n", "is not a file of shapes"),
        (b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>", "is not a file of shapes"),
        (b"https://example.org/x.geojson", "is not a file of shapes"),
        (b"{}", "cannot be read"),
        (b'{"type": "FeatureCollection", "features": []}', ""),
        (b'{"type": "FeatureCollection", "features": 3}', ""),
        (b'{"features": [{"geometry": {"type": "Polygon", "coordinates": [[1]]}}]}', ""),
        (b"SQLite format 3\0" + b"\0" * 200, "cannot be read"),
        (b"PK\x03\x04broken", "cannot be read"),
        (b"PAR1broken", "not GeoParquet"),
        (b"\x1f\x8bbroken", "damaged"),
        (b"\xff\xfe\x00", "is not a file of shapes"),
    ],
)
def test_another_file_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "wrong.geojson"
    path.write_bytes(content)
    with pytest.raises(HarmattanError) as fault:
        boundaries.read([path], tmp_path, DAY)
    assert said in str(fault.value)
    assert "wrong.geojson" in str(fault.value)
    assert "\n" not in str(fault.value)
    assert list(tmp_path.iterdir()) == [path]


def test_numbers_that_are_none_and_files_that_are_cut(tmp_path: Path) -> None:
    whole = geojson(tmp_path / "x.geojson", *PLAIN).read_text(encoding="utf-8")
    not_a_number = tmp_path / "nan.geojson"
    not_a_number.write_text(whole.replace("[0, 10]", "[NaN, 10]"), encoding="utf-8")
    into = tmp_path / "into"
    into.mkdir()
    reading = boundaries.read([not_a_number], into, DAY)
    assert (reading.rows, reading.rejects) == (1, 1)
    for path in into.iterdir():
        path.unlink()
    gpkg = written(tmp_path / "x.gpkg", *PLAIN).read_bytes()
    for name, content in (("cut.geojson", whole.encode()[:-40]), ("cut.gpkg", gpkg[: len(gpkg) // 2])):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(WrongFile, match=name):
            boundaries.read([tmp_path / name], into, DAY)
    assert list(into.iterdir()) == []
