"""Geo-PKO: where United Nations peacekeepers were, read by its makers from the UN's deployment maps.

Traps: maps come at irregular times, and two maps of one month are two states, never to be added. A unit that is split
over several places counts in parts. A row may name two countries; it is then refused, since it is in one of them.
`zone.de.confidence` says whether a place lies in a buffer zone, not how sure the makers are.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

from harmattan.errors import UsageError
from harmattan.sources.engine import engine
from harmattan.sources.points import point_of
from harmattan.sources.publication import Keys, Seen, coverage, dated, refuse_empty, rows_and_notices
from harmattan.sources.reading import Options, Reading
from harmattan.sources.rows import BadRow, Row, number_of, take, text_of, whole_of
from harmattan.vocabulary.context import DEPLOYMENTS
from harmattan.vocabulary.country import iso3_from_gw, parse_country
from harmattan.vocabulary.origin import Licence, Origin
from harmattan.vocabulary.period import Month

ADDRESS = "https://www.uu.se/en/department/peace-and-conflict-research/research/research-data/geo-pko-dataset"
ORIGIN = Origin(
    dataset="geo-pko",
    publisher="Uppsala University, Department of Peace and Conflict Research",
    title="Geocoded Peacekeeping Operations (Geo-PKO)",
    title_in_french="Opérations de maintien de la paix géocodées (Geo-PKO)",
    url=ADDRESS,
    licence=Licence(name="no licence stated", url=ADDRESS, redistributable=False),
    citation=(
        "Cil, Deniz, Hanne Fjelde, Lisa Hultman & Desirée Nilsson (2020) Mapping blue helmets: Introducing the "
        "Geocoded Peacekeeping Operations (Geo-PKO) dataset. Journal of Peace Research 57(2): 360–370, "
        "doi:10.1177/0022343319871978"
    ),
    contract="deployments",
)
NEEDED = ("source", "mission", "year", "month", "location", "country", "latitude", "longitude", "no.troops")
UNITS = {"battalion": ("battalion", "battalions", 650), "company": ("company", "companies", 150),
         "platoon": ("platoon", "platoons", 35)}  # fmt: skip
"""The sizes of units, in one and in many words, and the people that the makers count for each."""
ROLES = {
    "inf": "infantry",
    "fpu": "formed police unit",
    "res": "reserve",
    "fp": "force protection",
    "rpf": "regional protection force",
    "eng": "engineers",
    "sig": "signals",
    "trans": "transport",
    "riv": "riverine",
    "he.sup": "he.sup",
    "sf": "special forces",
    "med": "medical",
    "maint": "maintenance",
    "recon": "reconnaissance",
    "avia": "aviation",
    "mp": "military police",
    "demining": "demining",
    "uav": "drones",
    "armor": "armour",
    "other.type": "other",
}
HEADQUARTERS = {0: "none", 1: "contingent", 2: "sector", 3: "mission"}
NAMES = {"DRC": "COD", "Ivory Coast": "CIV"}
"""What the makers call countries, where it is no usual name."""
CONTRIBUTORS = tuple(f"nameoftcc_{n}" for n in range(1, 18))
_KNOWN = """
source mission year month location geosplit country latitude longitude old_xy geocomment zone.de.confidence battalion
company platoon other.size comment.on.unit no.troops rpf rpf.no inf inf.no fpu fpu.no res res.no fp fp.no eng sig
trans riv he.sup sf med maint recon avia mp demining uav obs.base cantonment disarmament other.type armor he.sup.lw
troop.type no.tcc unpol.dummy unmo.dummy unmo.coding.quality hq lo jmco security.group.dummy comments cow_code adm1.id
adm1.name prioid
"""
KNOWN = tuple(re.findall(r"\S+", _KNOWN))
"""The columns that all versions have, but for those of each contributor."""
VARYING = ("date", "gnwo", "gwno")
"""Columns that some versions have; the number of the state is written gnwo in older ones."""
PER_CONTRIBUTOR = [f"{name}{n}" for n in range(1, 18) for name in ("nameoftcc_", "notroopspertcc_", "tcc")]


def read(files: list[Path], into: Path, options: Options) -> Reading:
    """Reads location maps of Geo-PKO (CSV or Parquet, v2) into DEPLOYMENTS. Raises WrongFile, UsageError."""
    seen, keys = Seen(), Keys()
    with engine(into) as duck:
        rows, notices = rows_and_notices(
            files, duck, "Geo-PKO", NEEDED, known=(*KNOWN, *PER_CONTRIBUTOR), varying=VARYING
        )
        taken = take(rows, {"deployments": (DEPLOYMENTS, lambda row: [_deployment(row, seen, keys)])}, into)
        done = taken["deployments"]
        refuse_empty(done.rows, files, "Geo-PKO", done.rejects)
        label = next((label for path in files if (label := label_in_name(path.name))), None)
        release = dated(options, label)
        return Reading(
            label=release.label,
            status="final",
            published=release.published,
            published_basis=release.basis,
            citation=ORIGIN.citation,
            coverage=coverage(
                options, seen.places, min(seen.days), Month.of(max(seen.days)).last_day,
                why="countries with peacekeepers and months of maps in the file; between two maps nothing is known",
            ),
            rows=done.rows,
            events=0,
            rejects=len(done.rejects),
            range_broken=0,
            tables=("deployments",),
            notices=notices,
        )  # fmt: skip


def label_in_name(name: str) -> str | None:
    """The version in a file's name, or None.

    >>> label_in_name("Geo_PKO_v2_3_location_map.csv"), label_in_name("geopko_v2x.parquet")
    ('2.3', None)
    """
    found = re.search(r"geo[-_]?pko[-_ ]?v[-_.]?(\d+)[-_.](\d+)(?!\d)", name, re.IGNORECASE)
    return f"{found[1]}.{found[2]}" if found else None


def _deployment(row: Row, seen: Seen, keys: Keys) -> dict[str, Any]:
    mission, source, place = text_of(row, "mission"), text_of(row, "source"), text_of(row, "location")
    month = _month(row)
    sizes = {name: number_of(row, name) or 0.0 for name in UNITS}
    troops = _troops(row)
    record = {
        "mission": mission,
        "iso3": _country(row),
        "as_of": month,
        "source": source,
        "place": place,
        **point_of(row, "latitude", "longitude"),
        "troops": troops,
        "troops_as_written": text_of(row, "no.troops"),
        "troops_estimated": _estimated(sizes) if troops is None else None,
        "units": _in_words(sizes) or None,
        "roles": [words for name, words in ROLES.items() if (number_of(row, name) or 0) > 0],
        "contributors": [name for column in CONTRIBUTORS if (name := text_of(row, column)) and name != "unknown"],
        "headquarters": _headquarters(row),
        "police": _flag(row, "unpol.dummy"),
        "observers": _flag(row, "unmo.dummy"),
    }
    key = f"{mission} {month:%Y-%m} {source} {place} {record['lat']} {record['lon']}"
    record["row_id"] = keys.of(key, record)
    seen.note(record["iso3"], month)
    return record


def _month(row: Row) -> dt.date:
    year, month = whole_of(row, "year"), whole_of(row, "month")
    if year is None or month is None or not (1 <= month <= 12 and 1900 <= year <= 2200):
        raise BadRow(f"year and month of the map are {row['year']} and {row['month']}")
    return dt.date(year, month, 1)


def _country(row: Row) -> str:
    """By the Gleditsch-Ward number, else by the name. A row that names two countries is refused."""
    number, name = text_of(row, "gnwo") or text_of(row, "gwno"), text_of(row, "country") or ""
    if number and "," in number:
        raise BadRow(f"it names two countries: {name} ({number})")
    try:
        if number and re.fullmatch(r"\d+(\.0)?", number):
            return iso3_from_gw(int(float(number)))
        return NAMES.get(name) or parse_country(name)
    except UsageError as fault:
        raise BadRow(f"the country is not known: {name} ({number})") from fault


def _troops(row: Row) -> float | None:
    return None if (text_of(row, "no.troops") or "").lower() == "unknown" else number_of(row, "no.troops")


def _estimated(sizes: dict[str, float]) -> float | None:
    """The people of its units by the makers' sizes; nothing where no unit is known."""
    return sum(UNITS[name][2] * size for name, size in sizes.items()) or None


def _in_words(sizes: dict[str, float]) -> str:
    return ", ".join(f"{size:g} {UNITS[name][size > 1]}" for name, size in sizes.items() if size > 0)


def _headquarters(row: Row) -> str | None:
    code = whole_of(row, "hq")
    if code is None:
        return None
    if code not in HEADQUARTERS:
        raise BadRow(f"hq is {code}, not one of 0 to 3")
    return HEADQUARTERS[code]


def _flag(row: Row, name: str) -> bool | None:
    value = number_of(row, name)
    return None if value is None else value > 0
