"""How forecasts of past months came out: the table `skill.parquet` of a backtest, or the same as CSV, as SKILL.

Nobody publishes it: whoever runs `harmattan backtest` computes it from the data that the forecasts were made from, and
those are to be credited. Where the steps of a unit were all unknown nothing was scored, and its row is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError
from harmattan.sources.engine import engine
from harmattan.sources.publication import Seen, coverage, dated, refuse_empty, rows_and_notices
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, number_of, take, text_of, whole_of
from harmattan.sources.ucdp_ged_release import DATASET_ARTICLE
from harmattan.vocabulary.cell import row_column
from harmattan.vocabulary.country import parse_country
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.period import Month
from harmattan.vocabulary.skill import CALIBRATION, LEVELS, LOSSES, SKILL

ORIGIN = Origin(
    dataset="forecast-skill",
    publisher="own computation from UCDP GED",
    title="Forecasts of past months, scored by Harmattan",
    title_in_french="Prévisions de mois passés, évaluées par Harmattan",
    url="https://ucdp.uu.se/downloads/",
    licence=Licence(name="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/", redistributable=True),
    citation=f"Computed by Harmattan from UCDP GED. {DATASET_ARTICLE}",
    contract=SKILL.name,
)
"""As the data are that it is computed from where nothing else is said: UCDP's."""
WHAT = "a table of skill"
NEEDED = (*SKILL.key, "n_months", "crps")
MOST_MONTHS = 1200


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads tables of skill into `into`/skill.parquet and `into`/rejects.parquet. Raises WrongFile, UsageError."""
    seen = Seen()
    with engine(into) as duck:
        columns = [name for name in SKILL.names if name != "row_id"]
        rows, notices = rows_and_notices(files, duck, WHAT, NEEDED, known=columns, varying=("row_id",))
        done = take(rows, {SKILL.name: (SKILL, lambda row: _scored(row, seen))}, into)[SKILL.name]
        refuse_empty(done.rows, files, WHAT, done.rejects)
        release = dated(options)
        return Reading(
            label=release.label,
            status="figures",
            published=release.published,
            published_basis=release.basis,
            citation=ORIGIN.citation,
            coverage=coverage(
                options, seen.places, min(seen.days), max(seen.days), why="the countries and windows that were scored"
            ),
            rows=done.rows,
            events=0,
            rejects=len(done.rejects),
            range_broken=0,
            tables=(SKILL.name,),
            notices=notices,
        )


def _scored(row: Row, seen: Seen) -> Iterable[dict[str, Any]]:
    """A row as it is, checked; none where no month was scored. Raises BadRow."""
    level, origin = text_of(row, "level"), _month(row)
    if level not in LEVELS:
        raise BadRow(f"level is {row['level']}, neither country nor cell")
    unit = _unit(level, text_of(row, "unit") or "")
    first, last, months = (whole_of(row, name) for name in ("step_first", "step_last", "n_months"))
    if first is None or last is None or not 1 <= first <= last <= MOST_MONTHS:
        raise BadRow(f"the steps are no span of months: {row['step_first']} to {row['step_last']}")
    if months is None or not 0 <= months <= last - first + 1:
        raise BadRow(f"n_months is {row['n_months']}, which steps {first} to {last} cannot have")
    if months == 0:
        return []
    key = {"level": level, "target": text_of(row, "target"), "model": text_of(row, "model"), "origin": str(origin),
           "unit": unit, "step_first": first, "step_last": last}  # fmt: skip
    made = key | {"n_months": months} | {name: _score(row, name) for name in (*LOSSES, "observed", "expected")}
    made |= {name: _share(row, name) for name in CALIBRATION}
    seen.note(unit if level == "country" else None, (origin + first).first_day)
    seen.note(day=(origin + last).last_day)
    return [made | {"row_id": "|".join(str(part) for part in key.values())}]


def _month(row: Row) -> Month:
    try:
        month = Month.parse((text_of(row, "origin") or "")[:7])
    except UsageError as fault:
        raise BadRow(f"origin is not a month: {str(row['origin'])[:30]}") from fault
    if not 1000 <= month.year <= 2200:
        raise BadRow(f"origin is not a month: {month}")
    return month


def _unit(level: str, words: str) -> str:
    """The ISO3 code, or the gid without a decimal point."""
    try:
        if level == "country":
            return parse_country(words)
        number = words.removesuffix(".0")
        row_column(int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0)
    except UsageError as fault:
        raise BadRow(f"there is no {level} {words[:60]}") from fault
    return str(int(number))


def _score(row: Row, name: str) -> float | None:
    found = number_of(row, name)
    if found is not None and found < 0:
        raise BadRow(f"{name} is below nothing: {row[name]}")
    return found


def _share(row: Row, name: str) -> float | None:
    found = _score(row, name)
    if found is not None and found > 1:
        raise BadRow(f"{name} is no share: {row[name]}")
    return found
