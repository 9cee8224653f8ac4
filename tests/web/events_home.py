"""Homes with invented events: hostile words, every precision, two releases of one data set, and a closed release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi.testclient import TestClient

from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.sources.reading import Options
from harmattan.vocabulary.schema import WHERE_PRECISION
from tests.lake.factory import day, event, put
from tests.sources.acled_rows import attack, battle, rows, write_csv

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def made() -> list[dict[str, object]]:
    """Ten events: one for each precision in May, a hostile one and one of a region without deaths in June."""
    there = [
        event(f"p-{name}", "2022-05-03", best=10 + n, where_precision=name, admin1_as_written="Ségou region",
              place_as_written=f"Place {n}", source_headline=f"Headline {n}")
        for n, name in enumerate(WHERE_PRECISION)
    ]  # fmt: skip
    there.append(event("h/1?", "2022-06-01", best=5, place_as_written=HOSTILE, source_headline=HOSTILE, dyad=HOSTILE))
    there.append(event("z", "2022-06-02", "NER", best=0, where_precision="admin1", admin1_as_written="Tahoua region"))
    return there


def home_with(folder: Path, *, closed: bool = False) -> Path:
    """A home with the events, two releases of them; with `closed`, records of ACLED beside."""
    lake = Lake(folder / "home", folder / "none")
    before = [dict(row) | {"deaths_best": 3} for row in made()[:1]]
    put(lake, "23.1", before, dataset="ucdp-ged", published="2022-12-31")
    put(lake, "24.1", made(), dataset="ucdp-ged", published="2023-06-30")
    if closed:
        covered = {"places": ("MLI", "NER"), "start": day("2022-01-01"), "end": day("2022-12-31")}
        file = write_csv(folder / "acled.csv", [battle(1), battle(2), attack(3), *rows(4)])
        now = dt.datetime(2024, 6, 30, tzinfo=dt.UTC)
        ingest(lake, "acled", [file], Options(**covered), retrieved_at=now)  # type: ignore[arg-type]
    return folder / "home"


@contextmanager
def visitor_of(home: Path) -> Iterator[TestClient]:
    """The person at the machine of a home."""
    from harmattan.web.app import make_app
    from harmattan.web.settings import Settings

    app = make_app(Settings(home, "sahel", person="Awa", patience=60))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as made_:
        yield made_
