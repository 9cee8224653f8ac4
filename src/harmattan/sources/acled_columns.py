"""ACLED's columns, in every layout they come in, as the columns of the contract EVENTS: SQL over text columns.

Codebook: https://acleddata.com/knowledge-base/codebook/. Every cell may be text or a number.

- Place: `geo_precision` 1 is a particular town with its coordinates (`exact`); 2 is a small part of a region or an area
  near a town, coded to that town (`near`: the point stands for the area around it); 3 is a larger region, coded to its
  capital or a natural location (`admin1`: the point stands for a region, and is never drawn as a place).
- Day: `time_precision` 1 is the day; 2 a week, 3 a month, of which `event_date` is a day within.
- `actor1` and `actor2` say nothing of who attacked, except in violence against civilians, where the perpetrator is the
  side that is not civilian. The pair is the two names in the order of letters.
- `fatalities` is one number for the whole event: it is the best estimate, without low, high, sides or civilians.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harmattan.sources.engine import literal, quoted
from harmattan.sources.files import BEYOND, TextTable
from harmattan.sources.rows import need
from harmattan.vocabulary.cell import COLUMNS, ROWS
from harmattan.vocabulary.country import ISO3_BY_NUMERIC, PLACES, codes_by_name
from harmattan.vocabulary.event_types import CIVILIANS
from harmattan.vocabulary.schema import EVENTS

CURRENT = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type", "actor1",
    "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting", "iso",
    "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision", "source",
    "source_scale", "notes", "fatalities", "tags", "timestamp",
)  # fmt: skip
"""The 31 columns since March 2023."""
ON_REQUEST = ("population_1km", "population_2km", "population_5km", "population_best")
DROPPED = ("data_id", "event_id_no_cnty", "iso3")
"""Columns of the layout before March 2023, which lacks `disorder_type`, `civilian_targeting` and `tags`."""
JOINED = ("disorder_type", "civilian_targeting", "tags")
NEEDED = (
    "event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "actor2", "country", "latitude",
    "longitude", "geo_precision", "time_precision", "fatalities",
)  # fmt: skip
ID = "event_id_cnty"
_PREFIX = "file "
"""Keeps the file's columns apart from ours, which have some of the same names."""

WHERE = {"1": "exact", "2": "near", "3": "admin1"}
WHEN = {"1": "day", "2": "week", "3": "month"}
INTER = {
    "1": "State forces", "2": "Rebel group", "3": "Political militia", "4": "Identity militia", "5": "Rioters",
    "6": "Protesters", "7": "Civilians", "8": "External/Other forces",
}  # fmt: skip
"""Kinds of actors by their codes."""
UNREAD_DATE = "the date cannot be read"
AT_SEA = "at sea: it happened in no country"
HYPHENS = "[-'’]"
SEA = r"(?i).*\b(sea|ocean|gulf|strait|bay|channel|waters)|(gulf|strait|bay) of .*"
_AT_SEA = f"coalesce(regexp_full_match(trim(country_as_written), {literal(SEA)}), false)"
_WHOLE = r"\s*\d{1,15}(\.0+)?\s*"
_DAYS = ("%Y-%m-%d", "%d %B %Y", "%d-%B-%Y")


def check_layout(columns: Sequence[str], path: Path) -> None:
    """Raises WrongFile naming the columns that a file of ACLED's events needs and this one has not."""
    need(columns, NEEDED, path, "a file of ACLED's events")


def schema_changes(columns: Sequence[str]) -> list[str]:
    """What is new or gone against the columns that are known, as plain sentences."""
    legacy = bool(set(DROPPED[:2]) & set(columns))
    known = {*CURRENT, *ON_REQUEST, *DROPPED, BEYOND}
    new = [name for name in columns if name not in known]
    gone = [name for name in CURRENT if name not in columns and not (legacy and name in JOINED)]
    told = [f"Columns that are new in ACLED's events: {', '.join(new)}."] if new else []
    return told + ([f"Columns that are missing in ACLED's events: {', '.join(gone)}."] if gone else [])


def _text(columns: Sequence[str], name: str) -> str:
    return quoted(_PREFIX + name) if name in columns else "CAST(NULL AS VARCHAR)"


def _number(text: str) -> str:
    """A whole number that is not negative, or null."""
    return (
        f"CASE WHEN regexp_full_match({text}, {literal(_WHOLE)}) THEN CAST(CAST(trim({text}) AS DOUBLE) AS BIGINT) END"
    )


def _coded(text: str, meanings: dict[str, str], otherwise: str) -> str:
    whens = " ".join(f"WHEN {code} THEN {literal(meaning)}" for code, meaning in meanings.items())
    return f"CASE {_number(text)} {whens} ELSE {otherwise} END"


def _day(text: str) -> str:
    """The day, as 2022-03-27 (a time after it is left out), 27 March 2022 or 27-March-2022."""
    bare = f"regexp_replace(trim({text}), '[ T]\\d{{2}}:\\d{{2}}(:\\d{{2}}(\\.\\d+)?)?Z?$', '')"
    formats = ", ".join(map(literal, _DAYS))
    return f"CAST(try_strptime({bare}, [{formats}]) AS DATE)"


def _moment(text: str) -> str:
    """The moment of a timestamp: seconds or milliseconds since 1970, or a written one in UTC."""
    whole = f"CAST(CAST(trim({text}) AS DOUBLE) AS BIGINT)"
    seconds = f"CASE WHEN {whole} > 100000000000 THEN {whole} ELSE {whole} * 1000 END"
    return (
        f"CASE WHEN regexp_full_match({text}, {literal(_WHOLE)}) THEN make_timestamp(1000 * ({seconds})) "
        f"ELSE date_trunc('second', TRY_CAST({text} AS TIMESTAMP)) END"
    )


def _kind(text: str) -> str:
    """The kind of an actor: the words for a code, else as written; 0 is nobody."""
    return f"CASE WHEN trim({text}) IN ('0', '0.0') THEN NULL ELSE {_coded(text, INTER, f'trim({text})')} END"


def _iso3(columns: Sequence[str]) -> str:
    """The country by its ISO number, else by its letters, else by its name; none where the name is that of a sea."""
    numbers = ", ".join(literal(ISO3_BY_NUMERIC.get(number, "")) for number in range(1, max(ISO3_BY_NUMERIC) + 1))
    by_number = f"nullif([{numbers}][{_number(_text(columns, 'iso'))}], '')"
    letters = f"upper(trim({_text(columns, 'iso3')}))"
    places = ", ".join(map(literal, PLACES))
    by_letters = f"map([{places}], [{places}])[{letters}]"  # not IN: of that DuckDB makes a join, which loses the order
    known = codes_by_name()
    keys, codes = ", ".join(map(literal, known)), ", ".join(map(literal, known.values()))
    bare = "strip_accents(lower(replace(country_as_written, '&', ' and ')))"
    plain = f"trim(regexp_replace(regexp_replace({bare}, {literal(HYPHENS)}, ' ', 'g'), ' +', ' ', 'g'))"
    by_name = f"map([{keys}], [{codes}])[{plain}]"
    return f"CASE WHEN {_AT_SEA} THEN NULL ELSE coalesce({by_number}, {by_letters}, {by_name}) END"


_CELL = (
    f"CASE WHEN lat IS NULL OR lon IS NULL THEN NULL ELSE CAST(least(floor((lat + 90) / 0.5), {ROWS - 1}) AS BIGINT) * "
    f"{COLUMNS} + CAST(least(floor((lon + 180) / 0.5), {COLUMNS - 1}) AS BIGINT) + 1 END"
)


def _civilian(side: str) -> str:
    """Whether a side is civilians, by the kind that is said, else by the name that ACLED gives them."""
    return f"coalesce(type_{side} = 'Civilians', starts_with(side_{side}_as_written, 'Civilians'), false)"


def _party(side: str) -> str:
    name = f"side_{side}_as_written"
    return f"CASE WHEN {name} IS NULL OR {_civilian(side)} THEN CAST([] AS VARCHAR[]) ELSE [{name}] END"


def _names(text: str) -> str:
    """The names in a list that ACLED joins by semicolons."""
    parts = f"list_transform(string_split({text}, ';'), lambda part: trim(part))"
    return (
        f"CASE WHEN {text} IS NULL THEN CAST([] AS VARCHAR[]) WHEN contains({text}, ';') "
        f"THEN list_filter({parts}, lambda part: part <> '') ELSE [trim({text})] END"
    )


def _values(columns: Sequence[str]) -> dict[str, str]:
    """SQL for the columns of EVENTS that the file's text columns give."""

    def text(name: str) -> str:
        return _text(columns, name)

    return {
        "event_id": f"trim({text(ID)})",
        "event_type": f"trim({text('event_type')})",
        "sub_event_type": f"trim({text('sub_event_type')})",
        "disorder_type": text("disorder_type"),
        "side_a_as_written": f"nullif(trim({text('actor1')}), '')",
        "side_b_as_written": f"nullif(trim({text('actor2')}), '')",
        "allies_a": _names(text("assoc_actor_1")),
        "allies_b": _names(text("assoc_actor_2")),
        "type_a": _kind(text("inter1")),
        "type_b": _kind(text("inter2")),
        "civilian_targeting": f"nullif(trim({text('civilian_targeting')}), '') IS NOT NULL"
        if "civilian_targeting" in columns
        else "CAST(NULL AS BOOLEAN)",
        "country_as_written": text("country"),
        "admin1_as_written": text("admin1"),
        "admin2_as_written": text("admin2"),
        "admin3_as_written": text("admin3"),
        "place_as_written": text("location"),
        "lat": f"TRY_CAST({text('latitude')} AS DOUBLE)",
        "lon": f"TRY_CAST({text('longitude')} AS DOUBLE)",
        "where_precision": _coded(text("geo_precision"), WHERE, "'unknown'"),
        "date_start": _day(text("event_date")),
        "date_precision": _coded(text("time_precision"), WHEN, "'unknown'"),
        "deaths_best": _number(text("fatalities")),
        "source_office": text("source"),
        "source_scale": text("source_scale"),
        "notes": text("notes"),
        "tags": text("tags"),
        "updated_at": _moment(text("timestamp")),
    }


_PAIR = "least(side_a_as_written, side_b_as_written) || ' - ' || greatest(side_a_as_written, side_b_as_written)"
_DERIVED = {
    "n_events": "CAST(1 AS BIGINT)",
    "n_range_broken": "CAST(0 AS BIGINT)",
    "date_end": "date_start",
    "dyad": f"CASE WHEN side_b_as_written IS NOT NULL THEN {_PAIR} END",
    "actors_a": _party("a"),
    "actors_b": _party("b"),
    "perpetrator": f"CASE WHEN event_type = {literal(CIVILIANS)} THEN CASE WHEN {_civilian('a')} AND "
    f"NOT {_civilian('b')} THEN side_b_as_written WHEN NOT {_civilian('a')} AND ({_civilian('b')} OR "
    "side_b_as_written IS NULL) THEN side_a_as_written END END",
    "cell": _CELL,
}
_SQL_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN"}


def _reason(columns: Sequence[str]) -> str:
    """Why a row cannot be taken, or null: SQL over the values and the file's columns."""
    beyond = f"{quoted(_PREFIX + BEYOND)} IS NOT NULL" if BEYOND in columns else "false"
    lat, lon = _text(columns, "latitude"), _text(columns, "longitude")
    tests = {
        "wrong number of fields": beyond,
        "no id": "coalesce(event_id, '') = ''",
        UNREAD_DATE: "date_start IS NULL",
        "no event type": "coalesce(event_type, '') = ''",
        AT_SEA: _AT_SEA,
        "unknown country": "iso3 IS NULL",
        "the number of fatalities cannot be read or is negative": "deaths_best IS NULL",
        "the coordinates cannot be read": f"(lat IS NULL AND {lat} IS NOT NULL) OR (lon IS NULL AND {lon} IS NOT NULL) "
        "OR (lat IS NULL) <> (lon IS NULL)",
        "the coordinates are not on earth": "coalesce(lat NOT BETWEEN -90 AND 90 OR lon NOT BETWEEN -180 AND 180 "
        "OR isnan(lat) OR isnan(lon), false)",
    }
    whens = " ".join(f"WHEN {test} THEN {literal(reason)}" for reason, test in tests.items())
    return f"CASE {whens} END"


def mapped(table: TextTable) -> str:
    """SQL for all rows of a file: the columns of EVENTS, `reason` (null where the row can be taken), and `region`."""
    columns = table.columns
    file = ", ".join(f"{quoted(name)} AS {quoted(_PREFIX + name)}" for name in columns)
    values = ", ".join(f"{sql} AS {name}" for name, sql in _values(columns).items())
    given = {*_values(columns), "iso3"}
    ordered = ", ".join(
        f"{_DERIVED[column.name]} AS {column.name}"
        if column.name in _DERIVED
        else column.name
        if column.name in given
        else f"CAST(NULL AS {_SQL_TYPES[str(column.type)]}) AS {column.name}"
        for column in EVENTS.columns
    )
    return (
        f"SELECT {ordered}, {_reason(columns)} AS reason, {_text(columns, 'region')} AS region "
        f"FROM (SELECT *, {_iso3(columns)} AS iso3 FROM (SELECT *, {values} FROM "
        f"(SELECT {file} FROM {table.relation})))"
    )
