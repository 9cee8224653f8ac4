"""Population by administrative unit: OCHA's common operational datasets (COD-PS), in the layouts they come in."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from harmattan.errors import UsageError, WrongFile
from harmattan.sources.engine import engine
from harmattan.sources.files import TextTable, open_table
from harmattan.sources.publication import dated, named
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, number_of, rows_of, take, text_of, whole_of
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.country import is_iso3, iso3_from_iso2
from harmattan.vocabulary.origin import Coverage, Licence, Origin
from harmattan.vocabulary.places import POPULATION

ORIGIN = Origin(
    dataset="population",
    publisher="OCHA and UNFPA",
    title="Common Operational Datasets: subnational population statistics (COD-PS)",
    title_in_french="Jeux de données opérationnels communs : statistiques de population (COD-PS)",
    url="https://data.humdata.org/dashboards/cod",
    licence=Licence(name="CC BY-IGO 3.0", url="https://creativecommons.org/licenses/by/3.0/igo/", redistributable=True),
    citation="OCHA, Common Operational Datasets - Population Statistics (COD-PS), https://data.humdata.org/dashboards/cod",
    contract="population",
)
SEX = {"t": "all", "f": "female", "m": "male"}
WIDE = re.compile(r"([tfm])_(tl|\d\d_\d\d|\d\d_?plus)")
LEVELS = ("country", "admin1", "admin2", "admin3")
Unit = Callable[[Row], Iterator[Mapping[str, Any]]]


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads tables of population into `into`/population.parquet and rejects.parquet.

    Taken are: a column for each sex and age (T_TL, F_00_04, M_80Plus), a row for each of them (Gender, Age_range,
    Population), and iso3, adm1, pcode, year, pop, f, m. A year that is in no column is taken from the file's name or
    from `options.start`. Raises WrongFile for other tables.
    """
    odd: Counter[str] = Counter()
    units: dict[str, Unit] = {}
    with engine(into) as duck:

        def rows() -> Iterator[Row]:
            for number, path in enumerate(named(files)):
                table = open_table(path, duck, number)
                units[path.name] = _layout(table, options, odd)
                yield from rows_of(table, duck)

        def make(row: Row) -> list[Mapping[str, Any]]:
            return list(units[row.file](row))

        taken = take(rows(), {"population": (POPULATION, make)}, into)["population"]
        if not taken.rows:
            why = taken.rejects[0]["reason"] if taken.rejects else "it has no rows"
            raise WrongFile(
                T("Nothing of {file} can be taken: {why}.", file=Verbatim(files[0].name), why=Verbatim(why))
            )
        when = dated(options)
        kept = pq.read_table(into / "population.parquet", columns=["iso3", "year"]).to_pydict()
    return Reading(
        label=when.label,
        status="final" if options.label else "rolling",
        published=when.published,
        published_basis=when.basis,
        citation=ORIGIN.citation,
        coverage=years_covered(kept["iso3"], kept["year"]),
        rows=taken.rows,
        events=0,
        rejects=len(taken.rejects),
        range_broken=0,
        tables=("population",),
        notices=tuple(f"{words} in {n} rows." for words, n in sorted(odd.items())),
    )


def years_covered(iso3: list[str], years: list[int]) -> Coverage:
    """What numbers of people speak about: the countries and years that they have."""
    return Coverage(
        places=tuple(sorted(set(iso3))),
        start=dt.date(min(years), 1, 1),
        end=dt.date(max(years), 12, 31),
        dimensions=(),
        basis="places and years: seen in the file; not every country has every year",
    )


def _layout(table: TextTable, options: Options, odd: Counter[str]) -> Unit:
    """How a row of this table becomes records."""
    columns = frozenset(table.columns)
    wide = sorted(name for name in columns if WIDE.fullmatch(name))
    level = max((int(name[3]) for name in columns if re.fullmatch(r"adm[0-3]_?pcode", name)), default=None)
    long = {"gender", "age_range", "population"} <= columns and level is not None
    plain = {"iso3", "adm1", "pcode", "pop"} <= columns
    if not (long or plain or (wide and level is not None)):
        raise WrongFile(
            T("{file} is not a table of population by administrative unit.", file=Verbatim(table.path.name)),
            available=T("It has {found}.", found=listing([Verbatim(name) for name in table.columns[:10]])),
            do=T("Take a table of COD-PS with P-codes and T_TL, F_TL, M_TL."),
        )
    year = _year(table, options)
    if level is None:
        return lambda row: _plain(row, year, odd)
    if long:
        return lambda row: _long(row, level, year)
    return lambda row: _wide(row, level, wide, year, odd)


def _year(table: TextTable, options: Options) -> Callable[[Row], int]:
    """The year of a row: a column's, else the one year in the file's name, else the stated one."""
    column = next((name for name in ("year", "reference_year") if name in table.columns), None)
    named = {int(year) for name in table.names for year in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", name)}
    stated = options.start.year if options.start else next(iter(named)) if len(named) == 1 else None
    if column is None and stated is None:
        raise UsageError(
            T("{file} does not say which year its numbers are for.", file=Verbatim(table.path.name)),
            do=T("Say it with {option}.", option=Verbatim("--from YYYY-01-01")),
        )

    def year(row: Row) -> int:
        found = whole_of(row, column) if column else stated
        if found is None or not 1900 <= found <= 2200:
            raise BadRow(f"the year is not one: {found}")
        return found

    return year


def _record(unit: Mapping[str, Any], year: int, sex: str, age: str | None, people: float) -> dict[str, Any]:
    if people < 0:
        raise BadRow(f"the number of people is negative: {people}")
    whom = f"{unit['level']}/{unit['code'] or unit['name'] or unit['iso3']}"
    id_ = f"{unit['iso3']}/{whom}/{year}/{sex}/{age or 'all'}"
    return {"row_id": id_, **unit, "year": year, "sex": sex, "age": age, "people": people}


def _unit(row: Row, level: int) -> dict[str, Any]:
    """The unit of a row: of the deepest level that has a code."""
    for depth in range(level, -1, -1):
        code = text_of(row, f"adm{depth}_pcode") or text_of(row, f"adm{depth}pcode")
        if code or depth == 0:
            break
    names = [f"adm{depth}_name", *(f"adm{depth}_{language}" for language in ("en", "fr", "pt", "es"))]
    name = next((words for column in names if (words := text_of(row, column))), None)
    return {"iso3": _country(row), "level": LEVELS[depth], "name": name, "code": code}


def _country(row: Row) -> str:
    letters = text_of(row, "iso3") or text_of(row, "adm0_pcode") or text_of(row, "adm0pcode") or ""
    if len(letters) == 2:
        try:
            return iso3_from_iso2(letters)
        except UsageError as fault:
            raise BadRow(f"the country is not known: {letters}") from fault
    if not is_iso3(letters.upper()):
        raise BadRow(f"the country is not an ISO3 code: {letters or 'empty'}")
    return letters.upper()


def _wide(
    row: Row, level: int, columns: list[str], year: Callable[[Row], int], odd: Counter[str]
) -> Iterator[Mapping[str, Any]]:
    unit, when = _unit(row, level), year(row)
    totals: dict[str, float] = {}
    for column in columns:
        people = number_of(row, column)
        if people is None:
            continue
        sex, age = column[0], column[2:]
        if age == "tl":
            totals[sex] = people
        yield _record(unit, when, SEX[sex], None if age == "tl" else age, people)
    _compare(totals, odd)


def _long(row: Row, level: int, year: Callable[[Row], int]) -> Iterator[Mapping[str, Any]]:
    people = number_of(row, "population")
    if people is None:
        raise BadRow("the number of people is missing")
    said = (text_of(row, "gender") or "all").lower()
    sex = {"all": "all", "t": "all", "f": "female", "female": "female", "m": "male", "male": "male"}.get(said)
    if sex is None:
        raise BadRow(f"the sex is not known: {said[:20]}")
    age = (text_of(row, "age_range") or "all").lower()
    yield _record(_unit(row, level), year(row), sex, None if age == "all" else age, people)


def _plain(row: Row, year: Callable[[Row], int], odd: Counter[str]) -> Iterator[Mapping[str, Any]]:
    unit = {"iso3": _country(row), "level": "admin1", "name": text_of(row, "adm1"), "code": text_of(row, "pcode")}
    found = {sex: number_of(row, column) for sex, column in (("t", "pop"), ("f", "f"), ("m", "m"))}
    if found["t"] is None:
        raise BadRow("the number of people is missing")
    totals = {sex: people for sex, people in found.items() if people is not None}
    for sex, people in totals.items():
        yield _record(unit, year(row), SEX[sex], None, people)
    _compare(totals, odd)


def _compare(totals: Mapping[str, float], odd: Counter[str]) -> None:
    """Notes where women and men do not add up to all; the numbers stay as they are published."""
    if len(totals) == 3 and abs(totals["f"] + totals["m"] - totals["t"]) > max(2, 0.001 * totals["t"]):
        odd["Women and men do not add up to all people"] += 1
