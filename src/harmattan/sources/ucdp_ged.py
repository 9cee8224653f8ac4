"""UCDP's georeferenced events: every layout that its files have had, as the table of the contract EVENTS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harmattan.errors import UsageError, WrongFile
from harmattan.sources.engine import EVENTS_FILE, REJECTS_FILE, Engine, engine, literal, write_rejects
from harmattan.sources.files import TextTable, open_table
from harmattan.sources.reading import Options, Reading
from harmattan.sources.ucdp_ged_columns import check_layout, mapped
from harmattan.sources.ucdp_ged_rejects import (
    drop_repeats,
    refuse_day_first,
    refuse_if_most,
    rejected,
    repeats,
    unsplit,
)
from harmattan.sources.ucdp_ged_release import Seen, coverage, find_label, looks_like_label, publication, status_of
from harmattan.text import T, Verbatim
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.schema import EVENTS

ORIGIN = Origin(
    dataset="ucdp-ged",
    publisher="Uppsala Conflict Data Program (UCDP)",
    title="UCDP Georeferenced Event Dataset (GED)",
    url="https://ucdp.uu.se/downloads/",
    licence=Licence(name="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/", redistributable=True),
    citation=(
        "Davies, Shawn, Garoun Engström, Therése Pettersson & Magnus Öberg (2024) Organized violence 1989–2023, and "
        "the prevalence of organized crime groups. Journal of Peace Research 61(4): 673–693, "
        "doi:10.1177/00223433241262912; Sundberg, Ralph & Erik Melander (2013) Introducing the UCDP Georeferenced "
        "Event Dataset. Journal of Peace Research 50(4): 523–532, doi:10.1177/0022343313484347"
    ),
)


@dataclass(frozen=True)
class Survey:
    """What a first look at a file says: how many rows can be split into fields, their regions and versions."""

    rows: int
    regions: frozenset[str]
    versions: frozenset[str]


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads one release, in one file or several, into `into`/events.parquet and `into`/rejects.parquet.

    Rows keep their order. A row that cannot be taken goes to the rejects with its line and the reason. Raises
    WrongFile where a file is not UCDP GED, UsageError where neither files nor options say which release it is.
    """
    if not files:
        raise UsageError(T("No file was named."), do=T("Name the files of one release."))
    with engine(into) as duck:
        tables = [open_table(path, duck, number) for number, path in enumerate(files)]
        for table in tables:
            check_layout(table.columns, table.path)
        surveys = [_survey(table, duck) for table in tables]
        versions = {version for survey in surveys for version in survey.versions}
        label = find_label(options, versions, [name for table in tables for name in table.names])
        publication(label, options)
        events, rejects = _write(tables, sum(survey.rows for survey in surveys), into, duck)
        rows, broken, seen = _totals(events, surveys, duck)
        published, published_basis = publication(label, options, seen.last)
        return Reading(
            label=label,
            status=status_of(label),
            published=published,
            published_basis=published_basis,
            coverage=coverage(label, seen, options),
            rows=rows,
            events=rows,
            rejects=rejects,
            range_broken=broken,
        )


def _write(tables: Sequence[TextTable], rows: int, into: Path, duck: Engine) -> tuple[Path, int]:
    """Writes both tables: one pass over the files, and a second one only where a row is rejected."""
    events, rejects = into / EVENTS_FILE, into / REJECTS_FILE
    columns = ", ".join(EVENTS.names)
    accepted = " UNION ALL ".join(
        f"SELECT {columns} FROM ({mapped(table.relation, table.columns)}) WHERE reason IS NULL" for table in tables
    )
    written = duck.write(accepted, events)
    again = repeats(events, duck)
    if rows == written and not again and not any(unsplit(table, duck) for table in tables):
        return events, write_rejects([], rejects)
    for table in tables:
        refuse_day_first(table, duck)
    count = write_rejects(rejected(tables, again, duck), rejects)
    drop_repeats(events, again, duck)
    kept = written - sum(len(times) - 1 for times in again.values())
    refuse_if_most(rejects, kept, ", ".join(table.path.name for table in tables), duck)
    return events, count


def _survey(table: TextTable, duck: Engine) -> Survey:
    """How many rows a file has, and the regions and versions that they name; raises WrongFile where it has none."""
    region, version = (name if name in table.columns else "NULL" for name in ("region", "ged_version"))
    rows, regions, versions = duck.row(
        f"SELECT count(*), list(DISTINCT {region}), list(DISTINCT {version}) FROM {table.counted}"
    )
    if not rows:
        raise WrongFile(
            T("{file} has the columns of UCDP GED but no rows.", file=Verbatim(table.path.name)),
            do=T("Download it again."),
        )
    return Survey(
        int(rows),
        frozenset(name for name in regions or () if name),
        frozenset(name for name in versions or () if name and looks_like_label(name)),
    )


def _totals(events: Path, surveys: Sequence[Survey], duck: Engine) -> tuple[int, int, Seen]:
    rows, broken, first, last, countries = duck.row(
        "SELECT count(*), sum(n_range_broken), min(date_start), max(date_start), list(DISTINCT iso3) "
        f"FROM read_parquet({literal(str(events))})"
    )
    regions = frozenset(region for survey in surveys for region in survey.regions)
    return int(rows), int(broken), Seen(first, last, frozenset(countries), regions)
