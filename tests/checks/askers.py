"""Askers for tests: of a world, as of a day, with places by a hand-made list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from harmattan.checks.asker import Asker
from harmattan.checks.check import CHECKS
from harmattan.checks.verdict import PartResult
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.reading.mentions import PlaceName
from harmattan.vocabulary.claim import Claim

AS_OF = dt.date(2022, 10, 31)
MOURA, KIDAL = 150111, 156604
PLACES = (
    PlaceName("Moura", "MLI", "events", MOURA, within="Mopti region"),
    PlaceName("Kidal", "MLI", "town", KIDAL),
    PlaceName("Mopti", "MLI", "admin1"),
    PlaceName("Gao", "MLI", "admin1"),
    PlaceName("Tombouctou", "MLI", "admin1"),
    PlaceName("Nameless", "MLI", "town"),
)


def places(name: str, countries: tuple[str, ...]) -> tuple[PlaceName, ...]:
    return tuple(place for place in PLACES if place.name == name and place.iso3 in countries)


def asker_of(lake: Lake, as_of: dt.date = AS_OF, **common: Any) -> Asker:
    return Asker(Inquiry(lake), Params(as_of=as_of, **common), places)


def judged(asker: Asker, check: str, country: str | list[str] = "MLI", **said: Any) -> PartResult:
    """The result of one part; `start`, `end` and `is_` stand for the words that Python keeps."""
    words = {"start": "from", "end": "to", "is_": "is"}
    part = {words.get(name, name): value for name, value in said.items()}
    claim = Claim.model_validate({"id": "c", "quote": "q", "part": [{"check": check, "country": country, **part}]})
    return CHECKS[check](asker, claim.part[0])
