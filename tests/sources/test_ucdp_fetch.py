"""UCDP's whole files, fetched from a server on loopback that fails in every known way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from harmattan.errors import FetchError, HarmattanError, UsageError
from harmattan.fetch import fetch, unfinished
from harmattan.lake.shelf import Lake
from harmattan.sources.fetching import Fetched, Journal, Wanted
from harmattan.sources.ucdp_ged import FETCH
from tests.lake.factory import lake_in
from tests.sources.ged_rows import row, rows
from tests.sources.ucdp_server import NO_SECRETS, NOW, TODAY, Downloads, candidate, csv_bytes, line, zipped

YEARLY, HALF = "ged/ged261-csv.zip", "candidateged/GEDEvent_v26_01_26_06.csv"
JULY, AUGUST = "candidateged/GEDEvent_v26_0_7.csv", "candidateged/GEDEvent_v26_0_8.csv"
RECIPE = ["26.1", "26.01.26.06", "26.0.7", "26.0.8"]


@pytest.fixture
def ucdp(httpserver: HTTPServer, tmp_path: Path) -> Downloads:
    """What stood there on the day: the yearly file, the candidates to June, July and August."""
    folder = tmp_path / "made"
    folder.mkdir()
    files = {
        YEARLY: zipped("GEDEvent_v26_1.csv", csv_bytes(folder, rows(8), mark=True)),
        HALF: csv_bytes(folder, [candidate(n, 1 + n % 6) for n in range(20, 26)]),
        JULY: csv_bytes(folder, [candidate(30, 7)]),
        AUGUST: csv_bytes(folder, [candidate(30, 7, best="9", high="9"), candidate(31, 8)], mark=True),
    }
    return Downloads(httpserver, files)


def got(ucdp: Downloads, journal: Path, **said: Any) -> list[Fetched]:
    wanted = Wanted(TODAY, base=ucdp.base, **said)
    found = FETCH(wanted, line(), Journal.opened(journal), NO_SECRETS)
    assert isinstance(found, list)
    return found


def fetched(lake: Lake, ucdp: Downloads, **said: Any) -> list[str]:
    """The names of the releases that a fetch gave."""
    wanted = Wanted(TODAY, base=ucdp.base, **said)
    done = fetch(lake, "ucdp-ged", wanted, line(), NO_SECRETS, retrieved_at=NOW)
    assert all(one.new for one in done)
    return [one.held.release.name for one in done]


def labels(lake: Lake) -> list[str]:
    return sorted(held.release.label for held in lake.releases("ucdp-ged"))


def test_the_recipe_is_the_yearly_file_and_the_candidates_beyond_it(ucdp: Downloads, tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    assert fetched(lake, ucdp) == [f"ucdp-ged@{label}" for label in RECIPE]
    assert ucdp.asked[:2] == ["ged/ged271-csv.zip", YEARLY], "the coming year's file is asked for first"
    assert ucdp.asked[2:] == [
        "candidateged/GEDEvent_v26_01_26_08.csv", "candidateged/GEDEvent_v26_01_26_07.csv", HALF, JULY, AUGUST,
    ]  # fmt: skip
    august = lake.find("ucdp-ged@26.0.8").release
    assert (august.status, august.rows, august.rejects) == ("candidate", 2, 0)
    assert (august.published, august.retrieved_at) == (NOW.date(), NOW), "it was out before its month was over"
    assert "got on that day" in august.published_basis
    assert str(lake.find("ucdp-ged@26.1").release.published) == "2026-06-30"
    assert not list(unfinished(lake).iterdir())


def test_what_the_lake_has_is_not_asked_for_again(ucdp: Downloads, tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    fetched(lake, ucdp)
    ucdp.asked.clear()
    assert fetched(lake, ucdp) == []
    assert not {YEARLY, HALF, JULY, AUGUST} & set(ucdp.asked)
    ucdp.files["candidateged/GEDEvent_v26_01_26_08.csv"] = ucdp.files[HALF]
    assert fetched(lake, ucdp) == ["ucdp-ged@26.01.26.08"]
    assert len(labels(lake)) == 5


def test_before_june_the_candidates_of_two_years_follow(
    httpserver: HTTPServer, tmp_path: Path, ucdp: Downloads
) -> None:
    yearly = ucdp.files[YEARLY]
    ucdp.files = {
        "ged/ged251-csv.zip": yearly,
        "candidateged/GEDEvent_v25_01_25_12.csv": b"a,b\n1,2\n",
        "candidateged/GEDEvent_v26_0_1.csv": b"a,b\n1,2\n",
    }
    wanted = Wanted(TODAY.replace(month=3), base=ucdp.base)
    found = FETCH(wanted, line(), Journal.opened(tmp_path / "j"), NO_SECRETS)
    assert isinstance(found, list)
    assert [part.options.label for part in found] == ["25.1", "25.01.25.12", "26.0.1"]


def test_one_version_by_its_label(ucdp: Downloads, tmp_path: Path) -> None:
    assert fetched(lake_in(tmp_path), ucdp, label="26.0.8") == ["ucdp-ged@26.0.8"]
    assert ucdp.asked == [AUGUST]


@pytest.mark.parametrize("soft", [False, True])
def test_a_version_that_is_not_out_is_said(ucdp: Downloads, tmp_path: Path, soft: bool) -> None:
    ucdp.soft = soft
    with pytest.raises(FetchError, match=r"UCDP has no version 26\.0\.9, or not yet"):
        fetched(lake_in(tmp_path), ucdp, label="26.0.9")


@pytest.mark.parametrize("label", ["26", "latest", "26.1-MLI", "../26.1", "2026"])
def test_a_label_that_is_none_of_ucdps_is_refused(ucdp: Downloads, tmp_path: Path, label: str) -> None:
    with pytest.raises(UsageError, match="is not a version of UCDP GED"):
        fetched(lake_in(tmp_path), ucdp, label=label)
    assert ucdp.asked == []


def test_no_yearly_file_at_all(ucdp: Downloads, tmp_path: Path) -> None:
    ucdp.files = {}
    with pytest.raises(FetchError, match=r"No yearly version of UCDP GED was found, from 24\.1 to 27\.1"):
        fetched(lake_in(tmp_path), ucdp)


@pytest.mark.parametrize("cut", [30, -40])
def test_a_truncated_zip_changes_nothing_and_is_not_kept(ucdp: Downloads, tmp_path: Path, cut: int) -> None:
    lake, whole = lake_in(tmp_path), ucdp.files[YEARLY]
    ucdp.files[YEARLY] = whole[:cut]
    with pytest.raises(FetchError, match=r"ged261-csv\.zip came cut off or damaged; nothing was taken"):
        fetched(lake, ucdp)
    assert labels(lake) == []
    ucdp.files[YEARLY] = whole
    assert fetched(lake, ucdp) == [f"ucdp-ged@{label}" for label in RECIPE]


def test_a_cut_candidate_file_is_refused_and_not_kept(ucdp: Downloads, tmp_path: Path) -> None:
    lake, whole = lake_in(tmp_path), ucdp.files[HALF]
    ucdp.files[HALF] = whole[:-30]
    with pytest.raises(HarmattanError, match=r"GEDEvent_v26_01_26_06\.csv ends within a row"):
        fetched(lake, ucdp)
    assert labels(lake) == ["26.1"], "a release that was whole stays"
    ucdp.files[HALF] = whole
    assert fetched(lake, ucdp) == [f"ucdp-ged@{label}" for label in RECIPE[1:]]


def test_a_file_that_changed_under_its_version_is_said(ucdp: Downloads, tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    fetched(lake, ucdp)
    before = lake.find("ucdp-ged@26.0.8").release
    ucdp.files[AUGUST] = csv_bytes(tmp_path, [candidate(31, 8, best="50", high="50")])
    with pytest.raises(FetchError, match=r"UCDP has changed its file of version 26\.0\.8.*nothing was taken"):
        fetched(lake, ucdp, label="26.0.8")
    assert lake.find("ucdp-ged@26.0.8").release == before
    assert labels(lake) == sorted(RECIPE)


def test_the_same_file_again_is_no_news(ucdp: Downloads, tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    fetched(lake, ucdp, label="26.0.8")
    wanted = Wanted(TODAY, base=ucdp.base, label="26.0.8")
    (done,) = fetch(lake, "ucdp-ged", wanted, line(), NO_SECRETS, retrieved_at=NOW)
    assert not done.new


def test_a_cut_in_the_middle_goes_on_without_loss_or_repeat(ucdp: Downloads, tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    ucdp.broken.add(JULY)
    with pytest.raises(FetchError, match=r"answered 500.*what has come is kept"):
        fetched(lake, ucdp)
    assert labels(lake) == []
    ucdp.broken.clear()
    ucdp.asked.clear()
    assert fetched(lake, ucdp) == [f"ucdp-ged@{label}" for label in RECIPE]
    assert YEARLY not in ucdp.asked
    assert HALF not in ucdp.asked


def test_without_a_token_countries_come_in_whole_files(ucdp: Downloads, tmp_path: Path) -> None:
    parts = got(ucdp, tmp_path / "j", places=("MLI",), label="26.0.8")
    assert [(part.options.label, part.options.places) for part in parts] == [("26.0.8", None)]


def test_a_country_that_there_is_not_is_refused(ucdp: Downloads, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no country XQX"):
        got(ucdp, tmp_path / "j", places=("XQX",))


def test_new_columns_are_said_in_the_release(ucdp: Downloads, tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    text = csv_bytes(tmp_path, [row(1)]).decode().splitlines()
    ucdp.files[AUGUST] = "\n".join(f"{words},{'drone' if n == 0 else 'yes'}" for n, words in enumerate(text)).encode()
    fetched(lake, ucdp, label="26.0.8")
    assert lake.find("ucdp-ged@26.0.8").release.notices == (
        "GEDEvent_v26_0_8.csv has a column that no known layout of UCDP GED has: drone.",
    )
