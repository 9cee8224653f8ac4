"""Whole files of ACLED, of a sample of GED, and of every export of posts."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from harmattan.sources.acled_columns import CURRENT
from harmattan.sources.reading import Options
from tests.sources import acled_rows, skill_rows
from tests.sources.posts_exports import EXPORTS, KEY

DAY = dt.date(2026, 11, 26)
TODAY = Options(retrieved=DAY)
CAST = {"country": "Mali", "admin1": "North", "month": "March", "year": "2024", "total_forecast": "30",
        "battles_forecast": "10.5", "erv_forecast": "8", "vac_forecast": "12", "total_observed": "28",
        "battles_observed": "9", "erv_observed": "", "vac_observed": None, "timestamp": "1711929600"}  # fmt: skip
SAMPLE = (
    b"id,conflict_id,latitude,longitude,date,type_of_violence,best,civilian_deaths,combatant_deaths,country,region\n"
    b"77,9001,13.9,-4.3,2022-01-02,1,7,2,4,Mali,Africa\n"
)


def _workbook(*rows: Sequence[Any]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2024, 6, 10)})
        sheet = book.add_worksheet("Non_HRP")
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    return out.getvalue()


def _csv(rows: Sequence[acled_rows.Row]) -> bytes:
    lines = [",".join(f'"{row.get(name, "")}"'.replace('said "one"', "said one") for name in CURRENT) for row in rows]
    return ("\n".join((",".join(CURRENT), *lines)) + "\n").encode()


MONTHS = _workbook(
    ("Country", "Month", "Year", "Events", "Fatalities"), ("Senegal", "January", 2024, 2, 1),
    ("Senegal", "February", 2024, 0, 0),
)  # fmt: skip
MORE_SEEDS: dict[str, tuple[tuple[Any, ...], ...]] = {
    "acled": (
        ("acled.csv", _csv(acled_rows.rows(5)), TODAY, 5),
        ("page.json", json.dumps(acled_rows.page(acled_rows.rows(3))).encode(), TODAY, 3),
    ),
    "acled-cast": (("cast.json", json.dumps(acled_rows.page([CAST])).encode(), TODAY, 4),),
    "acled-aggregates": (("political-violence-events-and-fatalities-as-of-2024-06-10.xlsx", MONTHS, TODAY, 1),),
    "ucdp-ged-sample": (("sample.csv", SAMPLE, Options(label="25.1", retrieved=DAY), 1),),
    "forecast-skill": (
        ("skill.parquet", skill_rows.as_parquet(skill_rows.rows(2)), Options(label="2022-10", retrieved=DAY), 4),
        ("skill.csv", skill_rows.as_csv(skill_rows.rows(2)), Options(label="2022-10", retrieved=DAY), 4),
    ),
    "posts": tuple(
        (name, make(3), Options(label="made", retrieved=DAY, pseudonym_key=KEY), 3) for name, make in EXPORTS.values()
    ),
}
