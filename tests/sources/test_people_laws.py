"""Laws of the sources of people and money: broken bytes end in one clear line, whole fetches become releases."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from harmattan.errors import FetchError
from harmattan.fetch import fetch, unfinished
from harmattan.lake.shelf import Lake
from harmattan.lake.verify import verify
from harmattan.sources.fetching import Secrets
from harmattan.sources.reading import Options
from harmattan.sources.registry import source
from tests.sources import (
    test_hapi,
    test_iom_dtm,
    test_ocha_fts,
    test_ocha_hpc,
    test_reliefweb,
    test_unhcr_population,
)
from tests.sources.loopback import CANARY, TODAY, no_secret_in, quick_line, reasons, wanted

ROWS: dict[str, tuple[dict[str, Any], Callable[..., Any]]] = {
    "iom-dtm": (test_iom_dtm.stock(admin1Name="Gao"), test_iom_dtm.answer),
    "unhcr-population": (test_unhcr_population.row(), test_unhcr_population.page),
    "ocha-hpc": (test_ocha_hpc.summary(), lambda *plans: {"data": {"planData": plans}}),
    "ocha-fts": (test_ocha_fts.flow(), test_ocha_fts.answer),
    "reliefweb": (test_reliefweb.report(), test_reliefweb.answer),
    **{name: (row, lambda *rows: {"data": rows}) for name, row in test_hapi.ROWS.items()},
}
"""A sound row of each interface, and the answer that some rows make."""
ODD: list[Any] = ["\ud800 half", 10**400, -1, 1e300, True, [], {}, None, float("nan"), "x" * 9_000]


@pytest.mark.parametrize("dataset", ROWS)
def test_any_value_in_any_place_is_taken_or_refused_for_a_reason(tmp_path: Path, dataset: str) -> None:
    row, answer = ROWS[dataset]
    spoilt = [other for value in ODD for other in spoil(row, value) if isinstance(other, dict)]
    assert len(spoilt) > 50
    path, into = tmp_path / "a.json", tmp_path / "into"
    path.write_text(json.dumps(answer(row, *spoilt)), encoding="utf-8")
    into.mkdir()
    got = source(dataset).read([path], into, Options(retrieved=TODAY))
    assert got.rows >= 1
    assert got.rejects == len(reasons(into))
    assert all(reasons(into))


def spoil(value: Any, with_: Any) -> list[Any]:
    """A JSON value with each of its parts replaced once."""
    if isinstance(value, dict):
        parts: list[tuple[Any, Any]] = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    else:
        return [with_]
    found = []
    for name, part in parts:
        for other in spoil(part, with_):
            copy = dict(value) if isinstance(value, dict) else list(value)
            copy[name] = other
            found.append(copy)
    return [*found, with_]


def test_a_fetch_that_was_cut_becomes_one_release_with_both_tables(httpserver: HTTPServer, tmp_path: Path) -> None:
    lake = Lake(tmp_path, tmp_path / "none")
    wish = wanted(httpserver, start=dt.date(2024, 1, 1), end=dt.date(2024, 12, 31))
    moment = dt.datetime(2026, 11, 26, 8, tzinfo=dt.UTC)

    def once() -> Any:
        with quick_line() as line:
            return fetch(lake, "ocha-hpc", wish, line, Secrets(lambda _name: CANARY), retrieved_at=moment)

    httpserver.expect_request("/v2/public/plan").respond_with_json(test_ocha_hpc.PLANS)
    httpserver.expect_request("/v2/public/planSummary").respond_with_data("busy", status=500)
    with pytest.raises(FetchError):
        once()
    assert list(lake.releases("ocha-hpc")) == []
    httpserver.clear()
    summary = {"data": {"planData": [test_ocha_hpc.summary()]}}
    httpserver.expect_request("/v2/public/planSummary").respond_with_json(summary)
    (done,) = once()
    release = done.held.release
    assert [request.path for request, _ in httpserver.log] == ["/v2/public/planSummary"]
    assert (release.name, release.status, release.rows) == ("ocha-hpc@2026-11-26", "rolling", 5)
    assert {file.path for file in release.files} == {"needs.parquet", "funding.parquet", "rejects.parquet"}
    assert release.coverage.dimensions == ()
    assert "silence is nothing" in release.coverage.basis
    assert not any(unfinished(lake).iterdir())
    assert [verdict.faults for verdict in verify(lake)] == [()]
    no_secret_in(tmp_path)
