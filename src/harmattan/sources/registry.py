"""The one list of sources. A source module is loaded when it is asked for, not before."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

from harmattan.errors import UsageError
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.country import did_you_mean
from harmattan.vocabulary.family import OWN

if TYPE_CHECKING:
    from harmattan.sources.reading import Source

MODULES: Mapping[str, str] = {
    name: f"harmattan.sources.{module}"
    for name, module in {
        "boundaries": "boundaries",
        "cod-ab": "cod_ab",
        "geoboundaries": "geoboundaries",
        "geonames": "geonames",
        "natural-earth-areas": "natural_earth_areas",
        "natural-earth-places": "natural_earth_places",
        "ocha-pcodes": "ocha_pcodes",
        "population": "population",
        "towns": "towns",
        "ucdp-ged": "ucdp_ged",
        "ucdp-ged-country-month": "ucdp_country_month",
        "ucdp-ged-sample": "ucdp_ged_sample",
        "geo-pko": "geo_pko",
        "powell-thyne-coups": "powell_thyne",
        "gsmc-facilities": "facilities",
        "gdelt-events": "gdelt",
        "polecat": "polecat",
        "iom-dtm": "iom_dtm",
        "unhcr-population": "unhcr_population",
        "hapi-displacement": "hapi_displacement",
        "hapi-needs": "hapi_needs",
        "hapi-funding": "hapi_funding",
        "hapi-conflict-events": "hapi_conflict_events",
        "ocha-hpc": "ocha_hpc",
        "ocha-fts": "ocha_fts",
        "cadre-harmonise": "cadre_harmonise",
        "reliefweb": "reliefweb",
        "posts": "posts",
        "worldpop": "worldpop",
        "acled": "acled",
        "acled-aggregates": "acled_aggregates",
        "acled-cast": "acled_cast",
        "forecast-skill": "forecast_skill",
    }.items()
}
"""The module of each data set."""
FETCHED: tuple[str, ...] = (
    "ucdp-ged",
    "powell-thyne-coups",
    "gdelt-events",
    "iom-dtm",
    "unhcr-population",
    "hapi-displacement",
    "hapi-needs",
    "hapi-funding",
    "hapi-conflict-events",
    "ocha-hpc",
    "ocha-fts",
    "reliefweb",
    "worldpop",
    "acled",
    "acled-cast",
)
"""The data sets that can be fetched."""
OWN_MODULE = "harmattan.sources.own_table"
"""The module of all tables whose data set begins with `own-`."""


class _Sources(Mapping[str, "Source"]):
    """Sources by data set; each is imported at its first use."""

    def __getitem__(self, name: str) -> Source:
        return cast("Source", importlib.import_module(MODULES[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


SOURCES: Mapping[str, Source] = _Sources()


def source(name: str) -> Source:
    """The source of a data set. Raises UsageError for a name that there is not, with those that are near."""
    if name in SOURCES:
        return SOURCES[name]
    if name.startswith(OWN) and len(name) > len(OWN):
        return cast("Source", importlib.import_module(OWN_MODULE))
    from rapidfuzz import process, utils

    near = process.extract(name, list(MODULES), processor=utils.default_process, limit=3, score_cutoff=60)
    raise UsageError(
        T("There is no data set {name}.", name=Verbatim(name)),
        available=did_you_mean([found for found, _score, _place in near])
        or T("There are {names}.", names=listing([Verbatim(known) for known in MODULES])),
    )
