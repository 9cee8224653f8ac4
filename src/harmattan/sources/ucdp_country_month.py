"""UCDP GED summed by country and month: figures, not single events."""

from __future__ import annotations

from pathlib import Path

from harmattan.errors import UsageError, WrongFile
from harmattan.sources.engine import EVENTS_FILE, REJECTS_FILE, Engine, engine, literal, write_rejects
from harmattan.sources.files import TextTable, open_table
from harmattan.sources.reading import Options, Reading
from harmattan.sources.ucdp_ged import ORIGIN as GED
from harmattan.sources.ucdp_ged_release import citation, publication
from harmattan.text import T, Text, Verbatim, listing
from harmattan.vocabulary.country import COUNTRIES
from harmattan.vocabulary.origin import Coverage
from harmattan.vocabulary.period import Month, Period
from harmattan.vocabulary.schema import EVENTS

ORIGIN = GED.model_copy(
    update={
        "dataset": "ucdp-ged-country-month",
        "title": "UCDP Georeferenced Event Dataset (GED), summed by country and month",
    }
)

JOINT_CODES = ("NGA+NER",)
"""Countries that a source has counted together; they stay together and are given to neither."""

NEEDED = ("country_iso3", "year_month", "ucdp_event_count", "ucdp_fatalities_best", "ucdp_fatalities_high",
          "ucdp_civilian_deaths")  # fmt: skip


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads a table of country-months into `into`/events.parquet (a row where there were events) and rejects.parquet.

    The label must be stated, since the table does not carry it. Raises WrongFile where the file is another table or
    where a month of a country is missing or stands twice: then silence could not be told from nothing known.
    """
    if len(files) != 1:
        raise UsageError(T("A table of country-months is one file, not {n}.", n=len(files)), do=T("Name one file."))
    label = _label(options)
    published, published_basis = publication(label, options)
    with engine(into) as duck:
        table = open_table(files[0], duck)
        _check_layout(table)
        places, period = _extent(table, duck)
        rows = duck.write(_mapped(table), into / EVENTS_FILE)
        rejects = write_rejects([], into / REJECTS_FILE)
        written = f"read_parquet({literal(str(into / EVENTS_FILE))})"
        events, broken = duck.row(f"SELECT sum(n_events), sum(n_range_broken) FROM {written}")
    return Reading(
        label=label,
        status="figures",
        published=published,
        published_basis=published_basis,
        citation=citation(label),
        coverage=Coverage(
            places=places,
            start=period.start,
            end=period.end,
            dimensions=(),
            basis="period: the months in the file; places: the codes in the file",
        ),
        rows=rows,
        events=int(events or 0),
        rejects=rejects,
        range_broken=int(broken or 0),
    )


def _label(options: Options) -> str:
    if options.label:
        return options.label.strip()
    raise UsageError(
        T("A table of country-months does not say of which release of UCDP GED it is the sum."),
        do=T("Say it with {option}.", option=Verbatim("--release 25.1")),
    )


def _check_layout(table: TextTable) -> None:
    missing = [name for name in NEEDED if name not in table.columns]
    if missing:
        raise WrongFile(
            T(
                "{file} is not a table of country-months: it has no column {missing}.",
                file=Verbatim(table.path.name),
                missing=listing([Verbatim(name) for name in missing]),
            ),
            available=T("It has {found}.", found=listing([Verbatim(name) for name in table.columns[:8]])),
            do=T("Take a table with {needed}.", needed=listing([Verbatim(name) for name in NEEDED])),
        )


_COUNTS = {"n": "ucdp_event_count", "best": "ucdp_fatalities_best", "high": "ucdp_fatalities_high",
           "civilians": "ucdp_civilian_deaths"}  # fmt: skip
_WHOLE = r"\d{1,12}(\.0+)?"


def _extent(table: TextTable, duck: Engine) -> tuple[tuple[str, ...], Period]:
    """The codes and the months of the table, which must be complete: each code with each month once."""
    codes, first, last, cells, rows, unnamed = duck.row(
        "SELECT list(DISTINCT country_iso3), min(year_month), max(year_month), "
        "count(DISTINCT (country_iso3, year_month)), count(*), count(*) FILTER (country_iso3 IS NULL) "
        f"FROM {table.again}"
    )
    if not rows:
        raise _wrong(table, T("It has no rows."))
    if unnamed:
        raise _wrong(table, T("It has a row without a country."))
    for code in sorted(codes):
        if code not in COUNTRIES and code not in JOINT_CODES:
            raise _wrong(table, T("{code} is not the ISO3 code of a country.", code=Verbatim(code)))
    query = f"SELECT country_iso3, year_month FROM {table.again} WHERE NOT coalesce({_sound()}, false) LIMIT 1"
    for code, month in duck.rows(query):
        raise _wrong(table, T("The numbers of {place} cannot be read.", place=Verbatim(f"{code} {month}")))
    period = Period.months(Month.parse(first), Month.parse(last))
    full = len(codes) * (period.last_month - period.first_month + 1)
    if not rows == cells == full:
        raise _wrong(table, T("It has {rows} rows, but its countries and months make {full}.", rows=rows, full=full))
    return tuple(sorted(codes)), period


def _sound() -> str:
    """SQL that holds where a row can be read."""
    whole = " AND ".join(f"regexp_full_match({column}, {literal(_WHOLE)})" for column in _COUNTS.values())
    return f"regexp_full_match(year_month, {literal(r'(19|20)[0-9]{2}-(0[1-9]|1[0-2])')}) AND {whole}"


def _wrong(table: TextTable, why: Text) -> WrongFile:
    return WrongFile(
        T("{file} cannot be taken. {why}", file=Verbatim(table.path.name), why=why),
        do=T("Take a table with every month of every country once."),
    )


def _mapped(table: TextTable) -> str:
    """SQL for the rows of EVENTS: one for each month of a country in which there were events.

    A sum with high < best holds at least one event that breaks the order; how many is not known, so one is marked.
    """
    counts = ", ".join(f"CAST(CAST({column} AS DOUBLE) AS BIGINT) AS {name}" for name, column in _COUNTS.items())
    day = "CAST(year_month || '-01' AS DATE)"
    values = {
        "event_id": "country_iso3 || '-' || year_month",
        "n_events": "n",
        "actors_a": "CAST([] AS VARCHAR[])",
        "actors_b": "CAST([] AS VARCHAR[])",
        "iso3": "country_iso3",
        "country_as_written": "country_iso3",
        "where_precision": "'country'",
        "date_start": "first_day",
        "date_end": "last_day(first_day)",
        "date_precision": "'month'",
        "deaths_best": "best",
        "deaths_high": "high",
        "deaths_civilians": "civilians",
        "n_range_broken": "CAST(high < best AS BIGINT)",
    }
    sql_types = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE"}
    columns = ", ".join(
        f"{values.get(column.name) or f'CAST(NULL AS {sql_types[str(column.type)]})'} AS {column.name}"
        for column in EVENTS.first.columns
    )
    return (
        f"SELECT {columns} FROM (SELECT country_iso3, year_month, {day} AS first_day, {counts} FROM {table.relation}) "
        "WHERE n > 0 ORDER BY country_iso3, year_month"
    )
