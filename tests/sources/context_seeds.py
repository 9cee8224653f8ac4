"""A small whole file of every kind that the sources of presence, politics and context read."""

from __future__ import annotations

from harmattan.sources.reading import Options
from tests.sources import test_facilities, test_gdelt, test_geo_pko, test_polecat, test_powell_thyne
from tests.sources.context_rows import as_csv

TODAY = Options(retrieved=test_gdelt.TODAY)
NEWS = test_gdelt.text(test_gdelt.fields(), test_gdelt.fields(id="2", country="NG"))
POLECAT = test_polecat.content(test_polecat.fields(), test_polecat.fields(event_id="E2"))

CONTEXT_SEEDS: dict[str, tuple[tuple[str, bytes, Options, int], ...]] = {
    "geo-pko": (("pko.csv", as_csv([test_geo_pko.base(), test_geo_pko.base(location="Kidal")]), TODAY, 2),),
    "powell-thyne-coups": (("coups.txt", as_csv([test_powell_thyne.coup()], "\t"), TODAY, 1),),
    "gsmc-facilities": (("mines.csv", as_csv([test_facilities.mine()]), TODAY, 1),),
    "gdelt-events": (
        ("20220306001500.export.CSV", NEWS, TODAY, 2),
        ("20220306001500.export.CSV.zip", test_gdelt.zipped(NEWS), TODAY, 2),
    ),
    "polecat": (("polecat.txt", POLECAT, TODAY, 2),),
}
"""By data set: file, content, what is said beside, and how many records come of it at least."""
