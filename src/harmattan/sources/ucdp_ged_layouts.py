"""The layouts that files of UCDP GED are known to have had, and what is new or gone against them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from harmattan.sources.files import BEYOND
from harmattan.sources.ucdp_ged_columns import ALIASES

_SHARED = (
    "id", "year", "active_year", "type_of_violence", "conflict_new_id", "conflict_name", "dyad_new_id", "dyad_name",
    "side_a_new_id", "side_a", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office",
    "source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "adm_1", "adm_2",
    "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region", "event_clarity",
    "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best",
    "high", "low",
)  # fmt: skip
_EXPORTED = (
    *_SHARED, "relid", "code_status", "conflict_dset_id", "dyad_dset_id", "side_a_dset_id", "side_b_dset_id",
    "where_description",
)  # fmt: skip
LAYOUTS: Mapping[str, frozenset[str]] = {
    "19.1": frozenset((*_SHARED, "gwnob")),
    "the export of a country": frozenset(_EXPORTED),
    "the export with versions": frozenset((*_EXPORTED, "ged_version")),
    "the file of 49 columns": frozenset((*_EXPORTED, "gwnoa", "gwnob")),
    "HDX": frozenset((*_SHARED, "gwnoa", "gwnob", "iso3")),
}
"""Columns by layout: GED 19.1, the site's exports of 24.1, the yearly and candidate files, and HDX's files."""
_KNOWN = frozenset().union(*LAYOUTS.values())
_OWN_NAMES = {alias: name for name, aliases in ALIASES.items() for alias in aliases}


def notices(files: Iterable[tuple[str, Sequence[str]]]) -> tuple[str, ...]:
    """A sentence for each way in which files (name, columns) differ from every known layout; none where they do not.

    >>> notices([("new.csv", [*sorted(LAYOUTS["HDX"]), "drone"])])
    ('new.csv has a column that no known layout of UCDP GED has: drone.',)
    """
    found: dict[tuple[tuple[str, ...], tuple[str, ...], str], list[str]] = {}
    for file, columns in files:
        own = {_OWN_NAMES.get(column, column) for column in columns} - {BEYOND}
        known = own & _KNOWN
        nearest = min(LAYOUTS, key=lambda name: (len(LAYOUTS[name] ^ known), len(known - LAYOUTS[name])))
        new, gone = tuple(sorted(own - _KNOWN)), tuple(sorted(LAYOUTS[nearest] - own))
        if new or gone:
            found.setdefault((new, gone, nearest), []).append(file)
    return tuple(_sentence(names, *difference) for difference, names in found.items())


def _sentence(names: Sequence[str], new: tuple[str, ...], gone: tuple[str, ...], nearest: str) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    has, lacks = ("have", "lack") if more else ("has", "lacks")
    parts = []
    if new:
        columns = "columns" if len(new) > 1 else "a column"
        parts.append(f"{has} {columns} that no known layout of UCDP GED has: {', '.join(new)}")
    if gone:
        parts.append(f"{lacks} what the nearest known layout ({nearest}) has: {', '.join(gone)}")
    return f"{names[0]}{more} {'; '.join(parts)}."
