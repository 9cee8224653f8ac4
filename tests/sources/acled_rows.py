"""Invented rows in the layouts of ACLED, seeded; none of them is or resembles a real event. Used by tests and bench."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from harmattan.sources import acled
from harmattan.sources.acled_columns import CURRENT, INTER
from harmattan.sources.reading import Options, Reading
from harmattan.vocabulary.event_types import CIVILIANS, TAXONOMY

Row = dict[str, str]

LEGACY = (
    "data_id", "iso", "event_id_cnty", "event_id_no_cnty", "event_date", "year", "time_precision", "event_type",
    "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "region",
    "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision", "source",
    "source_scale", "notes", "fatalities", "timestamp", "iso3",
)  # fmt: skip
"""The layout of 2020, as HDX published it."""
HXL = ("#meta+id", "#country+num", *("#meta" for _ in LEGACY[2:-1]), "#country+code")

COUNTRIES = (("466", "Mali", "MLI"), ("854", "Burkina Faso", "BFA"), ("562", "Niger", "NER"))
ARMED = ("Alpha Front", "Beta Front", "Military Forces of Arid Land", "Gamma Guard; West Wing", "Élan du Nord")
WORDS = "on a made up day the invented group met another near a well that is not there and nobody was counted"
RETRIEVED = dt.date(2024, 6, 30)
STARTED = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def row(number: int = 1, **changes: str) -> Row:
    """An invented event; the same number gives the same event, and `changes` replace columns of it."""
    dice = random.Random(number)
    kind = TAXONOMY[dice.randrange(len(TAXONOMY))]
    iso, country, _ = COUNTRIES[number % len(COUNTRIES)]
    day = dt.date(2022, 1, 1) + dt.timedelta(days=dice.randrange(700))
    one, other = dice.sample(ARMED, 2)
    inter1, inter2 = str(dice.randrange(1, 5)), str(dice.randrange(1, 5))
    if kind.event_type == CIVILIANS:
        other, inter2 = f"Civilians ({country})", "7"
    notes = " ".join(dice.choice(WORDS.split()) for _ in range(58))
    made = {
        "event_id_cnty": f"{country[:3].upper()}{number}", "event_date": day.isoformat(), "year": str(day.year),
        "time_precision": str(dice.choice((1, 1, 1, 2, 3))), "disorder_type": "Political violence",
        "event_type": kind.event_type, "sub_event_type": kind.sub_event_type, "actor1": one,
        "assoc_actor_1": "Delta Band; Epsilon Band" if number % 4 == 0 else "", "inter1": INTER[inter1],
        "actor2": other, "assoc_actor_2": "", "inter2": INTER[inter2], "interaction": f"{inter1}{inter2}",
        "civilian_targeting": "Civilian targeting" if kind.event_type == CIVILIANS else "", "iso": iso,
        "region": "Western Africa", "country": country, "admin1": "North", "admin2": "Well", "admin3": "",
        "location": "Puits-Neuf", "latitude": f"{dice.uniform(11, 17):.4f}", "longitude": f"{dice.uniform(-4, 4):.4f}",
        "geo_precision": str(dice.choice((1, 1, 2, 3))), "source": "Wire; Radio", "source_scale": "National",
        "notes": f'{notes}, said "one".', "fatalities": str(dice.randrange(6)), "tags": "",
        "timestamp": str(int(STARTED.timestamp()) + number),
    }  # fmt: skip
    return made | changes


def rows(count: int, start: int = 1) -> list[Row]:
    """Some invented events."""
    return [row(number) for number in range(start, start + count)]


def battle(number: int = 1, **changes: str) -> Row:
    """An invented battle in Mali with two dead."""
    said = {
        "event_id_cnty": f"MLI{number}", "event_type": "Battles", "sub_event_type": "Armed clash", "fatalities": "2",
        "iso": "466", "country": "Mali", "event_date": "2022-03-27", "actor1": "Beta Front", "actor2": "Alpha Front",
        "inter1": "2", "inter2": "2", "time_precision": "1", "geo_precision": "1", "civilian_targeting": "",
    }  # fmt: skip
    return row(number, **(said | changes))


def attack(number: int = 1, **changes: str) -> Row:
    """An invented attack on civilians in Mali with three dead."""
    said = {
        "event_type": CIVILIANS, "sub_event_type": "Attack", "actor1": "Beta Front", "inter1": "2", "fatalities": "3",
        "actor2": "Civilians (Mali)", "inter2": "7", "civilian_targeting": "Civilian targeting",
    }  # fmt: skip
    return battle(number, **(said | changes))


def protest(number: int = 1, **changes: str) -> Row:
    """An invented peaceful protest in Mali."""
    said = {
        "event_type": "Protests", "sub_event_type": "Peaceful protest", "actor1": "Protesters (Mali)", "inter1": "6",
        "actor2": "", "inter2": "0", "fatalities": "0",
    }  # fmt: skip
    return battle(number, **(said | changes))


def write_csv(
    path: Path, made: Iterable[Mapping[str, str]], columns: Sequence[str] = CURRENT, *, delimiter: str = ",",
    below: Sequence[Sequence[str]] = (), encoding: str = "utf-8",
) -> Path:  # fmt: skip
    """A CSV file as the website exports it; `below` are rows right below the header."""
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(below)
        writer.writerows([event.get(name, "") for name in columns] for event in made)
    return path


def page(made: Iterable[Mapping[str, Any]], **envelope: Any) -> dict[str, Any]:
    """An answer of the interface, in the form of October 2026; every cell is a string."""
    return {
        "status": 200, "success": True, "last_update": 3, "messages": [], "data": list(made), "filename": "acled",
        "data_query_restrictions": {}, "next_cursor": None,
    } | envelope  # fmt: skip


RECENCY = {"date_recency": {"quantity": 12, "unit": "Months", "date": "2023-06-30"}}


def write_page(path: Path, made: Iterable[Mapping[str, Any]], **envelope: Any) -> Path:
    """A kept page of the interface."""
    path.write_text(json.dumps(page(made, **envelope)), encoding="utf-8")
    return path


def read(into: Path, *files: Path, **options: Any) -> Reading:
    """Reads files into a folder that need not be there yet."""
    into.mkdir(exist_ok=True)
    return acled.read(list(files), into, Options(**({"retrieved": RETRIEVED} | options)))


def events(into: Path) -> list[dict[str, Any]]:
    """The events of a folder, as dictionaries."""
    return list(pq.read_table(into / "events.parquet").to_pylist())


def reasons(into: Path) -> list[tuple[str, int, str | None, str]]:
    """File, line, id and reason of each rejected row."""
    found = pq.read_table(into / "rejects.parquet").to_pylist()
    return [(one["file"], one["line"], one["id_as_written"], one["reason"]) for one in found]
