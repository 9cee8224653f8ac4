"""A small whole file of every kind that a source reads: where the contract test and the fuzzer start from."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.sources.reading import Options
from tests.sources import ged_rows
from tests.sources.context_seeds import CONTEXT_SEEDS
from tests.sources.more_seeds import MORE_SEEDS
from tests.sources.people_seeds import PEOPLE_SEEDS
from tests.sources.place_seeds import PLACE_SEEDS

DAY = dt.date(2026, 11, 26)
TODAY = Options(retrieved=DAY)


@dataclass(frozen=True)
class Seed:
    """A file that a source takes, invented, and what is said beside."""

    file: str
    content: bytes
    options: Options = TODAY
    rows: int = 1
    """Records of the first table that come of it at least."""


def table(rows: Sequence[Mapping[str, Any]], delimiter: str = ",") -> bytes:
    """Rows as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def lines(header: Iterable[str], *rows: Iterable[Any], delimiter: str = ",") -> bytes:
    """A header and rows as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([header, *rows])
    return out.getvalue().encode()


COUNTRY_MONTHS = lines(
    ("country_iso3", "year_month", "ucdp_event_count", "ucdp_fatalities_best", "ucdp_fatalities_high",
     "ucdp_civilian_deaths"),
    ("MLI", "2020-01", "3.0", "10.0", "15.0", "4.0"),
    ("MLI", "2020-02", "0.0", "0.0", "0.0", "0.0"),
)  # fmt: skip

MORE = PEOPLE_SEEDS | CONTEXT_SEEDS | PLACE_SEEDS | MORE_SEEDS

SEEDS: dict[str, tuple[Seed, ...]] = {
    "ucdp-ged": (Seed("ged.csv", table(ged_rows.rows(5)), Options(label="24.1", retrieved=DAY), 5),),
    "ucdp-ged-country-month": (Seed("months.csv", COUNTRY_MONTHS, Options(label="25.1", retrieved=DAY)),),
    **{name: tuple(Seed(*one) for one in seeds) for name, seeds in MORE.items()},
}
"""By data set; several where a source reads several layouts."""
