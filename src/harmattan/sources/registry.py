"""The one list of sources. A source module is loaded when it is asked for, not before."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import cast

from harmattan.errors import UsageError
from harmattan.sources.reading import Source
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.country import did_you_mean

MODULES: Mapping[str, str] = {
    name: f"harmattan.sources.{module}"
    for name, module in {
        "ucdp-ged": "ucdp_ged",
        "ucdp-ged-country-month": "ucdp_country_month",
        "acled": "acled",
        "acled-aggregates": "acled_aggregates",
        "acled-cast": "acled_cast",
    }.items()
}
"""The module of each data set."""
FETCHED: tuple[str, ...] = ("acled", "acled-cast")
"""The data sets that can be fetched."""


class _Sources(Mapping[str, Source]):
    """Sources by data set; each is imported at its first use."""

    def __getitem__(self, name: str) -> Source:
        return cast(Source, importlib.import_module(MODULES[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


SOURCES: Mapping[str, Source] = _Sources()


def source(name: str) -> Source:
    """The source of a data set. Raises UsageError for a name that there is not, with those that are near."""
    if name in SOURCES:
        return SOURCES[name]
    from rapidfuzz import process, utils

    near = process.extract(name, list(MODULES), processor=utils.default_process, limit=3, score_cutoff=60)
    raise UsageError(
        T("There is no data set {name}.", name=Verbatim(name)),
        available=did_you_mean([found for found, _score, _place in near])
        or T("There are {names}.", names=listing([Verbatim(known) for known in MODULES])),
    )
