"""UNHCR's population figures: who was where at the end of each year, by country of origin and of asylum.

The publisher's table is wide; each of its numbers becomes a record. A 0 is left out: the table fills with 0 whatever a
pair of countries has none of. UNHCR has country codes of its own, which are never taken for ISO's.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harmattan.errors import FetchError, HarmattanError
from harmattan.sources.counted import Columns, is_json, json_rows, people_of, reading, table, within, year_of
from harmattan.sources.engine import Engine, engine
from harmattan.sources.fetching import Fetched, Journal, Secrets, Wanted
from harmattan.sources.line import Line
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, json_of, take, text_of
from harmattan.sources.walk import Page, walk
from harmattan.text import T, Verbatim
from harmattan.vocabulary.codes import iso3_from_unhcr
from harmattan.vocabulary.country import is_iso3
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.people import DISPLACEMENT

WHAT = "UNHCR population"
ORIGIN = Origin(
    dataset="unhcr-population",
    publisher="UNHCR",
    title="Refugee population statistics",
    title_in_french="Statistiques de population du HCR",
    url="https://www.unhcr.org/refugee-statistics/",
    licence=Licence(name="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/", redistributable=True),
    citation="UNHCR, Refugee Data Finder, population figures. https://www.unhcr.org/refugee-statistics/",
    contract="displacement",
)
BASE = "https://api.unhcr.org"
ROWS_A_PAGE = 10_000
GROUPS = {
    "refugees": "refugees",
    "asylum_seekers": "asylum_seekers",
    "returned_refugees": "returned_refugees",
    "idps": "idps",
    "returned_idps": "returned_idps",
    "stateless": "stateless",
    "ooc": "others_of_concern",
    "oip": "others_in_need_of_protection",
    "hst": "host_community",
}
"""Our group by UNHCR's column."""
AT_HOME = ("idps", "returned_idps", "returned_refugees")
"""Groups that are in their country of origin; refugees who returned came back from their country of asylum."""
NEEDED = ("year",)
KNOWN = ("year", "coo_id", "coo_name", "coo", "coo_iso", "coa_id", "coa_name", "coa", "coa_iso", *GROUPS)
NONE = (None, "-", 0, "0", "0.0")
"""How the table writes that there are none, or that nothing is known."""
NOWHERE = {"", "-", "UNK", "UKN", "XXA", "STA", "TIB", "VAR"}
"""What stands for an origin that is no country: unknown, stateless, Tibetan, various."""


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads pages of the API (JSON) and tables (CSV, Parquet) into `into`/displacement.parquet."""
    seen = Columns(KNOWN, ("year", "coo_iso", "coa_iso", *GROUPS))
    with engine(into) as duck:
        found = (part for row in seen.watch(_rows(files, duck)) for part in _parts(row))
        taken = take(found, {"displacement": (DISPLACEMENT, _records)}, into)
    return reading(
        files, into, options, taken, what=WHAT, citation=ORIGIN.citation, notices=seen.notices(),
        basis="stocks at 31 December; a 0 in the publisher's table is not taken",
    )  # fmt: skip


def _rows(files: list[Path], duck: Engine) -> Iterator[Row]:
    for number, path in enumerate(files):
        if not is_json(path):
            yield from table(path, duck, number, (*NEEDED, "refugees"), WHAT)
            continue
        answer = json_of(path)
        yield from json_rows(path, answer if isinstance(answer, list) else within(answer, "items"), WHAT)


def _parts(row: Row) -> list[Row]:
    """A row whose one end is no country as two: who is at the other end is known, whoever is at this one is not."""
    codes = [str(row[f"{end}_iso"] or row[end] or "").strip().upper() for end in ("coo", "coa")]
    if (codes[0] in NOWHERE) == (codes[1] in NOWHERE):
        return [row]
    home = {name: value for name, value in row.values.items() if name not in GROUPS or name in AT_HOME}
    away = {name: value for name, value in row.values.items() if name not in AT_HOME}
    return [Row(row.file, row.line, values, row.fault) for values in (home, away)]


def _records(row: Row) -> Iterator[Mapping[str, Any]]:
    counts = {name: value for name in GROUPS if row[name] not in NONE and (value := people_of(row, name))}
    if not counts:
        return
    year = year_of(row, "year")
    origin, from_ = _country(row["coo_iso"], row["coo"], "coo")
    asylum, in_ = _country(row["coa_iso"], row["coa"], "coa")
    if from_ == "-":
        raise BadRow("it adds up all countries of origin; ask UNHCR with coo_all=true")
    for column, value in counts.items():
        home, group = column in AT_HOME, GROUPS[column]
        place, other = (origin, asylum) if home else (asylum, origin)
        if place is None:
            raise BadRow(f"where they are is not a country: {text_of(row, 'coo_name' if home else 'coa_name')}")
        yield {
            "row_id": f"{year}|{from_}|{in_}|{group}",
            "population": group,
            "iso3": place,
            "origin_iso3": None if group == "host_community" else other,
            "level": "country",
            "as_of": dt.date(year, 12, 31),
            "as_of_precision": "year",
            "value": value,
        }


def _country(iso: Any, own: Any, end: str) -> tuple[str | None, str]:
    """The country at one end, None where it is none, and its code as written.

    UNHCR's own code counts only where there is no ISO code.
    """
    return _known(str(iso or "").strip().upper(), str(own or "").strip().upper(), end)


@functools.lru_cache(maxsize=1_000)
def _known(iso: str, own: str, end: str) -> tuple[str | None, str]:
    if (iso or own) in NOWHERE:
        return None, iso or own
    if iso:
        if not is_iso3(iso):
            raise BadRow(f"{end}_iso is not the ISO3 code of a country: {iso[:40]}")
        return iso, iso
    try:
        return iso3_from_unhcr(own), own
    except HarmattanError as fault:
        raise BadRow(str(fault)) from fault


def fetch(wanted: Wanted, line: Line, journal: Journal, secrets: Secrets) -> Fetched:
    """All years and pairs of countries, or those from and in some countries; no key is needed."""
    url = f"{(wanted.base or BASE).rstrip('/')}/population/v1/population/"
    years = {"yearFrom": wanted.start, "yearTo": wanted.end}
    common = {"cf_type": "ISO", "limit": ROWS_A_PAGE, "coo_all": "true", "coa_all": "true"}
    common |= {name: str(day.year) for name, day in years.items() if day}
    ends = ("coa", "coo") if wanted.places else ("",)

    def get(end: str, at: Any) -> Page:
        page = int(at or 1)
        asked = {**common, "page": page}
        if end:
            asked = {**asked, end: ",".join(wanted.places)}
            del asked[f"{end}_all"]
        reply = line.get(url, params=asked)
        pages = within(reply.json, "maxPages")
        if not isinstance(pages, int) or not isinstance(within(reply.json, "items"), list):
            raise FetchError(
                T("UNHCR answered without {name}: the interface has changed.", name=Verbatim("maxPages, items"))
            )
        return Page(reply.content, page + 1 if page < pages else None, within(reply.json, "total"))

    return Fetched(walk(line, journal, WHAT, ends, get))


FETCH = fetch
