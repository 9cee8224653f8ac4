"""UCDP GED's columns, in every layout they come in, as the columns of the contract EVENTS: SQL over text columns.

Codebook: https://ucdp.uu.se/downloads/ged/ged241.pdf. Numbers may be written as 1 or 1.0; days as 2022-10-31, with
`T00:00:00` or ` 00:00:00.000` after them, or as `10/31/2022 00:00:00`, the way UCDP's site exports a country. Other
ways of writing a day are not guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harmattan.errors import WrongFile
from harmattan.sources.engine import literal, quoted
from harmattan.sources.files import BEYOND, TextTable
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.cell import COLUMNS, ROWS
from harmattan.vocabulary.country import ISO3_BY_GW
from harmattan.vocabulary.schema import EVENTS

ALIASES = {"best": ("best", "best_est"), "high": ("high", "high_est"), "low": ("low", "low_est")}
"""The same column under the names of different exports."""

_PREFIX = "file "
"""Keeps the file's columns apart from ours, which have some of the same names."""

NEEDED = (
    "id", "type_of_violence", "side_a", "side_b", "dyad_name", "where_prec", "latitude", "longitude", "country_id",
    "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown",
    "best", "high", "low",
)  # fmt: skip

_USED = (
    *NEEDED, "conflict_name", "dyad_new_id", "country", "adm_1", "adm_2", "where_coordinates", "where_description",
    "event_clarity", "code_status", "number_of_sources", "source_article", "source_office", "source_date",
    "source_headline", "source_original", "region", "ged_version",
)  # fmt: skip

ONE_ACTOR = (
    "Military Junta for the Consolidation of Democracy, Peace and Justice",
    "Military faction (forces of Augusto Pinochet, Toribio Merino and Leigh Guzman)",
    "Military faction (forces of Honasan, Abenina & Zumel)",
    "Opposition coalition (Febreristas, Liberals and Communists)",
    "SAO Eastern Slavonia, Baranja and Western Symria",
)
"""Names with a comma that are one actor: all those of the UCDP Actor Dataset 22.1 that it does not call a coalition."""

VIOLENCE = {"1": "state_based", "2": "non_state", "3": "one_sided"}
WHERE = {"1": "exact", "2": "near", "3": "admin2", "4": "admin1", "5": "area", "6": "country", "7": "international"}
WHEN = {"1": "day", "2": "days", "3": "week", "4": "month", "5": "longer"}
CLARITY = {"1": "high", "2": "low"}

UNREAD_DATE = "a date cannot be read"
_DAY_TEXT = r"\s*\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?\s*"
_DAY_EXPORT = r"\s*\d{2}/\d{2}/\d{4} 00:00:00\s*"
DAY_FIRST = r"\s*(1[3-9]|2\d|3[01])/(0[1-9]|1[0-2])/\d{4} 00:00:00\s*"
MONTH_FIRST = r"\s*(0[1-9]|1[0-2])/(1[3-9]|2\d|3[01])/\d{4} 00:00:00\s*"
_WHOLE = r"\s*\d{1,15}(\.0+)?\s*"


def check_layout(columns: Sequence[str], path: Path) -> None:
    """Raises WrongFile naming the columns that a GED file needs and this one has not, with the nearest it has."""
    from rapidfuzz import process

    missing = [name for name in NEEDED if _found(columns, name) is None]
    if not missing:
        return
    nearest = {
        found
        for name in missing
        for found, _score, _place in process.extract(name, list(columns), limit=1, score_cutoff=70)
        if not any(found in ALIASES.get(needed, (needed,)) for needed in NEEDED)
    }
    shown = sorted(nearest) or list(columns)[:8]
    raise WrongFile(
        T(
            "{file} is not a UCDP GED file: it has no column {missing}.",
            file=Verbatim(path.name),
            missing=listing([Verbatim(name) for name in missing[:6]]),
        ),
        available=T("It has {found}.", found=listing([Verbatim(name) for name in shown])),
        do=T("Take the file as UCDP publishes it and do not rename its columns."),
    )


def _found(columns: Sequence[str], name: str) -> str | None:
    return next((alias for alias in ALIASES.get(name, (name,)) if alias in columns), None)


def _text(columns: Sequence[str], name: str) -> str:
    found = _found(columns, name)
    return quoted(_PREFIX + found) if found else "CAST(NULL AS VARCHAR)"


def _number(text: str) -> str:
    """A whole number that is not negative, or null."""
    whole = f"CAST(CAST(trim({text}) AS DOUBLE) AS BIGINT)"
    return f"CASE WHEN regexp_full_match({text}, {literal(_WHOLE)}) THEN {whole} END"


def _day(text: str) -> str:
    return (
        f"CASE WHEN regexp_full_match({text}, {literal(_DAY_TEXT)}) THEN TRY_CAST(left(trim({text}), 10) AS DATE) "
        f"WHEN regexp_full_match({text}, {literal(_DAY_EXPORT)}) THEN TRY_CAST(concat(substr(trim({text}), 7, 4), '-', "
        f"left(trim({text}), 2), '-', substr(trim({text}), 4, 2)) AS DATE) END"
    )


def _coded(text: str, meanings: dict[str, str], otherwise: str = "NULL") -> str:
    whens = " ".join(f"WHEN {code} THEN {literal(meaning)}" for code, meaning in meanings.items())
    return f"CASE {_number(text)} {whens} ELSE {otherwise} END"


def _actors(side: str) -> str:
    """The parts of a compound side; a name of ONE_ACTOR keeps its commas."""
    kept = side
    for name in ONE_ACTOR:
        kept = f"replace({kept}, {literal(name)}, {literal(name.replace(', ', chr(1)))})"
    parts = f"list_transform(string_split({kept}, ', '), lambda part: trim(replace(part, chr(1), ', ')))"
    return (
        f"CASE WHEN {side} IS NULL OR {side} = 'Civilians' THEN CAST([] AS VARCHAR[]) "
        f"WHEN contains({side}, ', ') THEN list_filter({parts}, lambda part: part <> '') ELSE [trim({side})] END"
    )


def _iso3(text: str) -> str:
    """The country of a Gleditsch-Ward number, by position in a constant list."""
    codes = ", ".join(literal(ISO3_BY_GW.get(gw, "")) for gw in range(1, max(ISO3_BY_GW) + 1))
    return f"nullif([{codes}][{_number(text)}], '')"


_CELL = (
    f"CASE WHEN lat IS NULL OR lon IS NULL THEN NULL ELSE CAST(least(floor((lat + 90) / 0.5), {ROWS - 1}) AS BIGINT) * "
    f"{COLUMNS} + CAST(least(floor((lon + 180) / 0.5), {COLUMNS - 1}) AS BIGINT) + 1 END"
)

_RANGE_BROKEN = (
    "CAST(coalesce(deaths_low > deaths_best, false) OR coalesce(deaths_best > deaths_high, false) "
    "OR coalesce(deaths_low > deaths_high, false) AS BIGINT)"
)


def _values(columns: Sequence[str]) -> dict[str, str]:
    """SQL for each column of EVENTS over the file's text columns."""

    def text(name: str) -> str:
        return _text(columns, name)

    values = {
        "event_id": f"CAST({_number(text('id'))} AS VARCHAR)",
        "violence": _coded(text("type_of_violence"), VIOLENCE),
        "conflict": text("conflict_name"),
        "dyad": text("dyad_name"),
        "dyad_id": f"coalesce(CAST({_number(text('dyad_new_id'))} AS VARCHAR), {text('dyad_new_id')})",
        "side_a_as_written": text("side_a"),
        "side_b_as_written": text("side_b"),
        "iso3": _iso3(text("country_id")),
        "country_as_written": text("country"),
        "admin1_as_written": text("adm_1"),
        "admin2_as_written": text("adm_2"),
        "place_as_written": text("where_coordinates"),
        "place_description": text("where_description"),
        "lat": f"TRY_CAST({text('latitude')} AS DOUBLE)",
        "lon": f"TRY_CAST({text('longitude')} AS DOUBLE)",
        "where_precision": _coded(text("where_prec"), WHERE, "'unknown'"),
        "date_start": _day(text("date_start")),
        "date_end": _day(text("date_end")),
        "date_precision": _coded(text("date_prec"), WHEN, "'unknown'"),
        "clarity": _coded(text("event_clarity"), CLARITY),
        "code_status": text("code_status"),
        "n_sources": _number(text("number_of_sources")),
    }
    deaths = {"low": "low", "best": "best", "high": "high", "a": "deaths_a", "b": "deaths_b",
              "civilians": "deaths_civilians", "unknown": "deaths_unknown"}  # fmt: skip
    values |= {f"deaths_{ours}": _number(text(theirs)) for ours, theirs in deaths.items()}
    sources = ("source_article", "source_office", "source_date", "source_headline", "source_original")
    return values | {name: text(name) for name in sources}


_DERIVED = {
    "n_events": "CAST(1 AS BIGINT)",
    "event_type": "CAST(NULL AS VARCHAR)",
    "sub_event_type": "CAST(NULL AS VARCHAR)",
    "side_a": "CAST(NULL AS VARCHAR)",
    "side_b": "CAST(NULL AS VARCHAR)",
    "actors_a": _actors("side_a_as_written"),
    "actors_b": _actors("side_b_as_written"),
    "perpetrator": "CASE WHEN violence = 'one_sided' THEN side_a_as_written END",
    "cell": _CELL,
    "n_range_broken": _RANGE_BROKEN,
}


def _reason(columns: Sequence[str]) -> str:
    """Why a row cannot be taken, or null: SQL over the values and the file's columns."""

    def text(name: str) -> str:
        return _text(columns, name)

    given = " OR ".join(
        f"(deaths_{name} IS NULL AND {text(column)} IS NOT NULL)"
        for name, column in (("low", "low"), ("high", "high"), ("a", "deaths_a"), ("b", "deaths_b"),
                             ("civilians", "deaths_civilians"), ("unknown", "deaths_unknown"))
    )  # fmt: skip
    beyond = f"{quoted(_PREFIX + BEYOND)} IS NOT NULL" if BEYOND in columns else "false"
    unread = (
        f"(lat IS NULL AND {text('latitude')} IS NOT NULL) OR (lon IS NULL AND {text('longitude')} IS NOT NULL) "
        "OR (lat IS NULL) <> (lon IS NULL)"
    )
    off_earth = "lat NOT BETWEEN -90 AND 90 OR lon NOT BETWEEN -180 AND 180"
    tests = {
        "wrong number of fields": beyond,
        "no id": f"{text('id')} IS NULL",
        "the id is not a number": "event_id IS NULL",
        "unknown type of violence": "violence IS NULL",
        "unknown country number": "iso3 IS NULL",
        UNREAD_DATE: "date_start IS NULL OR date_end IS NULL",
        "the event ends before it starts": "date_end < date_start",
        "a number of deaths cannot be read or is negative": f"deaths_best IS NULL OR {given}",
        "the coordinates cannot be read": unread,
        "the coordinates are not on earth": f"coalesce({off_earth}, false)",
    }
    whens = " ".join(f"WHEN {test} THEN {literal(reason)}" for reason, test in tests.items())
    return f"CASE {whens} END"


EXTRA = ("region", "ged_version")


def mapped(table: TextTable) -> str:
    """SQL for all rows of a file: the columns of EVENTS, `reason` (null where the row can be taken), and EXTRA."""
    columns = table.columns
    used = {found for found in (_found(columns, name) for name in _USED) if found} | ({BEYOND} & set(columns))
    file = ", ".join(f"{quoted(name)} AS {quoted(_PREFIX + name)}" for name in sorted(used))
    values = ", ".join(f"{sql} AS {name}" for name, sql in _values(columns).items())
    ordered = ", ".join(f"{_DERIVED[name]} AS {name}" if name in _DERIVED else name for name in EVENTS.first.names)
    extra = ", ".join(f"{_text(columns, name)} AS {name}" for name in EXTRA)
    return (
        f"SELECT {ordered}, {_reason(columns)} AS reason, {extra} "
        f"FROM (SELECT *, {values} FROM (SELECT {file} FROM {table.relation}))"
    )
