"""GDELT 2.0: fields without a header, FIPS codes, middles of countries, and files of fifteen minutes."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harmattan.errors import FetchError, UsageError, WrongFile
from harmattan.fetch import fetch, unfinished
from harmattan.sources import gdelt, gdelt_fetch
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.reading import Options
from tests.lake.factory import lake_in
from tests.sources.context_rows import line_to, read_all, tell_or_read

SECRETS = Secrets(lambda _name: None)
TODAY = dt.date(2024, 5, 1)


def fields(**changed: str) -> list[str]:
    """A made-up line of an export file."""
    told = {
        "id": "1000", "day": "20220305", "actor_a_code": "MLIMIL", "actor_a": "MALI", "actor_b_code": "UAF",
        "actor_b": "GUNMAN", "code": "190", "quad": "4", "intensity": "-10.0", "mentions": "4", "tone": "-7.25",
        "place_kind": "4", "place": "Gao, Gao, Mali", "country": "ML", "lat": "16.27", "lon": "-0.04",
        "added": "20220306001500", "url": "https://example.org/a",
    } | changed  # fmt: skip
    line = [""] * gdelt.FIELDS
    for name, at in gdelt.COLUMNS.items():
        line[at] = told[name]
    return line


def text(*lines: list[str]) -> bytes:
    return "".join("\t".join(line) + "\n" for line in lines).encode()


def zipped(content: bytes, name: str = "20220306001500.export.CSV") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def export(folder: Path, *lines: list[str], name: str = "20220306001500.export.CSV") -> Path:
    path = folder / name
    path.write_bytes(text(*lines))
    return path


def test_a_line(tmp_path: Path) -> None:
    path = tmp_path / "20220306001500.export.CSV.zip"
    path.write_bytes(zipped(text(fields())))
    reading, rows, rejects = read_all(gdelt.read, tmp_path / "out", path, options=Options())
    assert rejects == []
    assert rows == [
        {
            "row_id": "1000",
            "day": dt.date(2022, 3, 5),
            "published": dt.date(2022, 3, 6),
            "iso3": "MLI",
            "place": "Gao, Gao, Mali",
            "place_kind": "WORLDCITY",
            "lat": 16.27,
            "lon": -0.04,
            "cell": 153000,
            "actor_a": "MALI",
            "actor_b": "GUNMAN",
            "actor_a_code": "MLIMIL",
            "actor_b_code": "UAF",
            "code": "190",
            "kind": "material conflict",
            "mode": None,
            "intensity": -10.0,
            "mentions": 4,
            "tone": -7.25,
            "language": None,
            "url": "https://example.org/a",
        }
    ]
    assert (reading.label, reading.published) == ("2022-03-06_2022-03-06", dt.date(2022, 3, 6))
    assert (reading.events, reading.status, reading.tables) == (0, "rolling", ("machine_events",))
    assert "never a count of events" in reading.notices[0]


@pytest.mark.parametrize(("fips", "iso3"), [("NG", "NER"), ("NI", "NGA"), ("UV", "BFA"), ("IV", "CIV"), ("OS", None)])
def test_places_are_coded_in_fips(tmp_path: Path, fips: str, iso3: str | None) -> None:
    _reading, rows, _rejects = read_all(gdelt.read, tmp_path / "out", export(tmp_path, fields(country=fips)))
    assert rows[0]["iso3"] == iso3


@pytest.mark.parametrize(("kind", "words", "is_place"), [
    ("1", "COUNTRY", False), ("2", "USSTATE", False), ("3", "USCITY", True), ("4", "WORLDCITY", True),
    ("5", "WORLDSTATE", False), ("0", None, False),
])  # fmt: skip
def test_the_middle_of_a_country_is_no_place(tmp_path: Path, kind: str, words: str | None, is_place: bool) -> None:
    _reading, rows, _rejects = read_all(gdelt.read, tmp_path / "out", export(tmp_path, fields(place_kind=kind)))
    assert (rows[0]["place_kind"], rows[0]["lat"]) == (words, 16.27)
    assert (rows[0]["cell"] is not None) is is_place


def test_only_the_countries_that_are_wanted_and_everything_broken(tmp_path: Path) -> None:
    path = export(
        tmp_path,
        fields(),
        fields(id="1001", country="NG"),
        fields(id="1002", country="NI"),
        fields(id="1003", country=""),
        fields()[:-1],
        [*fields(), "more"],
        fields(id="x"),
        fields(id="1004", day="20221305"),
        fields(id="1005", lat="16.27#"),
        fields(id="1006", lat="91", country="FR"),
        fields(mentions="5"),
    )
    options = Options(places=("MLI", "NER"))
    reading, rows, rejects = read_all(gdelt.read, tmp_path / "out", path, options=options)
    assert [(row["row_id"], row["iso3"]) for row in rows] == [("1000", "MLI"), ("1001", "NER")]
    assert [(row["line"], row["reason"]) for row in rejects] == [
        (5, "it has 60 fields, not 61"),
        (6, "it has 62 fields, not 61"),
        (7, "the id is no number: x"),
        (8, "day is not a day: 20221305"),
        (9, "lat is not a number: 16.27#"),
        (11, "1000 is there twice with different values"),
    ]
    assert reading.label == "2022-03-06_2022-03-06_MLI-NER"
    assert reading.coverage.places == ("MLI", "NER")


def test_nothing_about_a_country_is_a_release_too(tmp_path: Path) -> None:
    reading, rows, _rejects = read_all(
        gdelt.read, tmp_path / "out", export(tmp_path, fields()), options=Options(places=("TCD",))
    )
    assert (rows, reading.coverage.places) == ([], ("TCD",))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (text(fields()[:58]), "its lines have 58 fields, as GDELT 1.0 has"),
        (b"a,b,c\n1,2,3\n", "its lines have 1 fields"),
        (text(["GLOBALEVENTID", *fields()[1:]]), "its ids are no numbers"),
        (text(fields(added="")), "no row says on which day"),
    ],
)
def test_what_it_is_not(tmp_path: Path, content: bytes, found: str) -> None:
    path = tmp_path / "file.CSV"
    path.write_bytes(content)
    (tmp_path / "out").mkdir()
    with pytest.raises(WrongFile, match=found):
        gdelt.read([path], tmp_path / "out", Options())
    assert list((tmp_path / "out").iterdir()) == []


def test_binary_and_cut_files(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    whole = zipped(text(fields()))
    for content in (whole[:-30], whole[:4] + whole[5:], b"\x00\x01\x02" * 10, b"", text(fields())[:40] + b"\0"):
        path = tmp_path / "file.zip"
        path.write_bytes(content)
        with pytest.raises(WrongFile):
            gdelt.read([path], tmp_path / "out", Options())
        assert list((tmp_path / "out").iterdir()) == []


def test_bytes_that_are_no_utf8_are_kept_with_a_sign(tmp_path: Path) -> None:
    path = tmp_path / "x.export.CSV"
    path.write_bytes(text(fields(place="Gao")).replace(b"Gao", b"G\xe9o"))
    _reading, rows, _rejects = read_all(gdelt.read, tmp_path / "out", path)
    assert rows[0]["place"] == "G\ufffdo"


def test_missing_quarters_are_told(tmp_path: Path) -> None:
    files = [export(tmp_path, fields(id=str(n)), name=f"202203060{n}0000.export.CSV") for n in (0, 1)]
    reading, _rows, _rejects = read_all(gdelt.read, tmp_path / "out", *files)
    assert reading.notices[1] == "3 quarters of an hour between 2022-03-06 00:00 and 2022-03-06 01:00 are not there."


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_broken_bytes_end_in_one_line_or_a_reading(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "20220306001500.export.CSV.zip"
    plain = text(fields(), fields(id="2", country="NG"))
    tell_or_read(gdelt.read, path, zipped(plain) if data.draw(st.booleans()) else plain, data)


STAMPS = ("20220305234500", "20220306000000", "20220306001500", "20220306003000", "20220307000000")


class Server:
    """A GDELT with one file for each stamp; some of them may be broken for a while."""

    def __init__(self, httpserver: HTTPServer) -> None:
        self.files = {
            f"{stamp}.export.CSV.zip": zipped(text(fields(id=str(n), added=stamp)), f"{stamp}.export.CSV")
            for n, stamp in enumerate(STAMPS)
        }
        self.listed = {name: hashlib.md5(content).hexdigest() for name, content in self.files.items()}
        self.asked: list[str] = []
        self.down: set[str] = set()
        httpserver.expect_request("/masterfilelist.txt").respond_with_handler(self.master)
        httpserver.expect_request("/lastupdate.txt").respond_with_handler(self.latest)
        for name in self.files:
            httpserver.expect_request(f"/{name}").respond_with_handler(self.file)
        self.base = httpserver.url_for("")

    def _line(self, name: str) -> str:
        return f"{len(self.files[name])} {self.listed[name]} http://data.example.org/gdeltv2/{name}\n"

    def master(self, _request: Request) -> Response:
        self.asked.append("master")
        other = "1 " + "0" * 32 + " http://data.example.org/gdeltv2/20220306000000.gkg.csv.zip\n"
        return Response("broken line\n\n" + other + "".join(map(self._line, self.files)))

    def latest(self, _request: Request) -> Response:
        return Response(self._line("20220307000000.export.CSV.zip"))

    def file(self, request: Request) -> Response:
        name = request.path.removeprefix("/")
        self.asked.append(name)
        return Response("down", 500) if name in self.down else Response(self.files[name])


@pytest.fixture
def server(httpserver: HTTPServer) -> Server:
    """A GDELT that answers."""
    return Server(httpserver)


def got(server: Server, tmp_path: Path, **wanted: Any) -> Fetched:
    said: dict[str, Any] = {"start": dt.date(2022, 3, 6), "end": dt.date(2022, 3, 6), "places": ("MLI",)} | wanted
    journal = Journal.opened(tmp_path / "journal")
    return gdelt_fetch.fetch(Wanted(today=TODAY, base=server.base, **said), line_to(), journal, SECRETS)


def test_the_files_of_a_day_are_got_and_read(server: Server, tmp_path: Path) -> None:
    found = got(server, tmp_path)
    assert [path.name[:14] for path in found.files] == list(STAMPS[1:4])
    reading, rows, _rejects = read_all(gdelt.read, tmp_path / "out", *found.files, options=found.options)
    assert [row["row_id"] for row in rows] == ["1", "2", "3"]
    assert reading.label == "2022-03-06_2022-03-06_MLI"
    assert (reading.coverage.start, reading.coverage.end) == (dt.date(2022, 3, 6), dt.date(2022, 3, 6))


def test_without_days_the_newest_file_is_got(server: Server, tmp_path: Path) -> None:
    found = got(server, tmp_path, start=None, end=None)
    assert [path.name for path in found.files] == ["20220307000000.export.CSV.zip"]
    assert "master" not in server.asked


def test_a_cut_in_the_middle_goes_on_without_loss_or_duplicate(server: Server, tmp_path: Path) -> None:
    server.down = {f"{STAMPS[3]}.export.CSV.zip"}
    with pytest.raises(FetchError, match="what has come is kept"):
        got(server, tmp_path)
    server.down = set()
    server.asked.clear()
    found = got(server, tmp_path)
    assert server.asked == [f"{STAMPS[3]}.export.CSV.zip"]
    _reading, rows, _rejects = read_all(gdelt.read, tmp_path / "out", *found.files, options=found.options)
    assert [row["row_id"] for row in rows] == ["1", "2", "3"]


def test_a_file_that_is_not_the_listed_one(server: Server, tmp_path: Path) -> None:
    name = f"{STAMPS[2]}.export.CSV.zip"
    server.listed[name] = "0" * 32
    with pytest.raises(FetchError, match="its MD5 is another one"):
        got(server, tmp_path)
    assert server.asked.count(name) == gdelt_fetch.TRIES
    journal = Journal.opened(tmp_path / "journal")
    assert name not in journal.names
    assert not (journal.folder / name).exists()


def test_a_fetch_becomes_a_release_and_says_nothing_twice(server: Server, tmp_path: Path) -> None:
    lake, day = lake_in(tmp_path), dt.date(2022, 3, 6)
    wanted = Wanted(today=TODAY, base=server.base, start=day, end=day, places=("MLI",))
    now = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    done = fetch(lake, "gdelt-events", wanted, line_to(), SECRETS, retrieved_at=now)
    assert (done.held.release.name, done.held.release.rows) == ("gdelt-events@2022-03-06_2022-03-06_MLI", 3)
    assert [raw.path[:14] for raw in done.held.release.raw] == list(STAMPS[1:4])
    assert list(unfinished(lake).iterdir()) == []
    assert fetch(lake, "gdelt-events", wanted, line_to(), SECRETS, retrieved_at=now).new is False


def test_too_many_days_and_days_without_files(server: Server, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="one month after the other"):
        got(server, tmp_path, start=dt.date(2022, 1, 1), end=dt.date(2022, 3, 6))
    with pytest.raises(FetchError, match="lists no files for these days"):
        got(server, tmp_path, start=dt.date(2014, 3, 6), end=dt.date(2014, 3, 6))
