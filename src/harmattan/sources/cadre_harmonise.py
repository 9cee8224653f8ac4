"""Food insecurity in the Sahel and West Africa: the Cadre Harmonisé, as a table of analyses since 2014.

An analysis divides a country into units and says of each how many people are in which phase, now and in the next lean
season. Its units are regions, departments and here and there a commune or a part of a department, and together they
are the whole country, each person once. So all rows of an analysis get the level of most of its units; a part of a
department has its department's name and code, and a region that is not divided has the region's.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harmattan.sources.counted import Columns, iso3_of, key, people_of, reading, table, year_of
from harmattan.sources.engine import engine
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, take, text_of
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.people import NEEDS

WHAT = "Cadre Harmonisé"
ORIGIN = Origin(
    dataset="cadre-harmonise",
    publisher="CILSS",
    title="Cadre Harmonisé: food and nutrition insecurity",
    title_in_french="Cadre harmonisé : insécurité alimentaire et nutritionnelle",
    url="https://data.humdata.org/dataset/cadre-harmonise",
    licence=Licence(name="CC BY", url="https://creativecommons.org/licenses/by/4.0/", redistributable=True),
    citation="CILSS, Cadre Harmonisé. https://data.humdata.org/dataset/cadre-harmonise",
    contract="needs",
)
INDICATORS = {
    "population": "population",
    "phase1": "ipc_phase_1",
    "phase2": "ipc_phase_2",
    "phase3": "ipc_phase_3",
    "phase4": "ipc_phase_4",
    "phase5": "ipc_phase_5",
    "phase35": "ipc_phase_3_plus",
}
"""Our indicator by the publisher's column; `phase35` is phases 3 to 5 together."""
MONTHS = {"jan-may": (1, 5), "jun-aug": (6, 8), "sep-dec": (9, 12)}
"""First and last month of the periods that the labels name."""
NEEDED = (
    "adm0_pcod3", "adm1_name", "adm2_name", "exercise_label", "exercise_year", "chtype", "reference_label",
    "reference_year", "usethisperiod", *INDICATORS,
)  # fmt: skip
UNITS = ("adm0_pcod3", "adm0_5_name", "adm1_pcod2", "adm1_name", "adm1_5_name", "adm2_pcod2", "adm2_name",
         "adm2_5_name", "adm3_pcod2", "adm3_name")  # fmt: skip
ANALYSIS = ("adm0_pcod3", "exercise_year", "exercise_label", "chtype", "reference_year", "reference_label")
KNOWN = (
    *NEEDED, *UNITS, "adm0_name", "adm0_pcod2", "adm0_5_pcod2", "adm1_5_pcod2", "adm2_5_pcod2", "exercise_code",
    "reference_code", "phase_class", "foodconsumption_phase", "livelihoods_phase", "nutrition_phase",
    "mortality_phase", "fcg_poor", "fcg_borderline", "fcg_acceptable", "fcg_finalphase", "hdds_phase1", "hdds_phase2",
    "hdds_phase3", "hdds_phase4", "hdds_phase5", "hdds_finalphase", "hhs_phase1", "hhs_phase2", "hhs_phase3",
    "hhs_phase4", "hhs_phase5", "hhs_finalphase", "lhhcscat_nostrategies", "lhhcscat_stressstrategies",
    "lhhcscat_crisisstategies", "lhhcscat_emergencystrategies", "lhhcscat_finalphase", "rcsi_phase1", "rcsi_phase2",
    "rcsi_phase3", "rcsi_finalphase", "notes",
)  # fmt: skip


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads tables of analyses (CSV, Excel, Parquet) into `into`/needs.parquet."""
    seen = Columns(KNOWN, NEEDED)
    with engine(into) as duck:
        rows = [row for n, path in enumerate(files) for row in seen.watch(table(path, duck, n, NEEDED, WHAT))]
        levels = _levels(rows)
        made = {"needs": (NEEDS, lambda row: _records(row, levels))}
        taken = take(rows, made, into)
    return reading(
        files, into, options, taken, what=WHAT, citation=ORIGIN.citation, notices=seen.notices(),
        basis="rows of one analysis and period add up to the country, those of two analyses never",
    )  # fmt: skip


def _levels(rows: list[Row]) -> dict[tuple[Any, ...], str]:
    """The level at which each analysis divides its country: that of most of its rows."""
    found: dict[tuple[Any, ...], Counter[str]] = {}
    for row in rows:
        level = "admin2" if row["adm2_name"] else "admin1" if row["adm1_name"] else "country"
        found.setdefault(_analysis(row), Counter())[level] += 1
    return {analysis: max(sorted(levels), key=lambda one: levels[one]) for analysis, levels in found.items()}


def _analysis(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ANALYSIS)


def _records(row: Row, levels: Mapping[tuple[Any, ...], str]) -> Iterator[Mapping[str, Any]]:
    iso3 = iso3_of(row, "adm0_pcod3")
    label, year = text_of(row, "exercise_label"), year_of(row, "exercise_year")
    start, end = _period(row)
    common = {
        "countries": [iso3],
        "level": levels[_analysis(row)],
        "admin1_as_written": text_of(row, "adm1_name"),
        "admin1_code": text_of(row, "adm1_pcod2"),
        "admin2_as_written": text_of(row, "adm2_name"),
        "admin2_code": text_of(row, "adm2_pcod2"),
        "plan": f"Cadre Harmonisé {label} {year}",
        "plan_code": f"{year}-{MONTHS.get((label or '').lower(), (0, 0))[0]:02d}",
        "start": start,
        "end": end,
        "period": _standing(row),
    }
    unit = key(*(text_of(row, name) for name in UNITS), year, label, text_of(row, "chtype"), start)
    for column, indicator in INDICATORS.items():
        value = people_of(row, column)
        if value is not None:
            yield {**common, "row_id": key(unit, indicator), "indicator": indicator, "value": value}


def _period(row: Row) -> tuple[dt.date, dt.date]:
    """The days that a row is about: those of the months that the reference label names, in the reference year."""
    label = text_of(row, "reference_label") or ""
    months = MONTHS.get(label.lower())
    if months is None:
        raise BadRow(f"reference_label is not a period that is known: {label[:40] or 'empty'}")
    year = year_of(row, "reference_year")
    return dt.date(year, months[0], 1), dt.date(year, months[1], calendar.monthrange(year, months[1])[1])


def _standing(row: Row) -> str:
    """Current or projected; superseded where the publisher says that another analysis of the period counts."""
    kind = (text_of(row, "chtype") or "").lower()
    if kind not in ("current", "projected"):
        raise BadRow(f"chtype is neither current nor projected: {kind[:40] or 'empty'}")
    used = (text_of(row, "usethisperiod") or "").upper()
    if used not in ("Y", "N"):
        raise BadRow(f"usethisperiod is neither Y nor N: {used[:40] or 'empty'}")
    return kind if used == "Y" else "superseded"
