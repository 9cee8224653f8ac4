"""A reader over one set of releases: the names of the dossier, a gazetteer, and the rules of `reading`."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from harmattan.data import RELEASES
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.questions.gazetteer import gazetteer
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.reading.mentions import Mention
from harmattan.reading.names import Names
from harmattan.reading.read import read
from harmattan.sources.reading import Options
from harmattan.vocabulary.document import Document, Language
from harmattan.vocabulary.partial import PartialDate

EMBEDDED = "embedded releases only"
INGESTED = "with UCDP GED 24.1 and Natural Earth's places taken in"
EVENT_FILE = Path("ucdp") / "ged241_westafrica8_events.csv.gz"
PLACES_FILE = Path("geo") / "ne10m_populated_places_west_africa.csv"


@dataclass(frozen=True)
class Reader:
    """What reads a text, and which releases its gazetteer came from."""

    told: str
    world: World

    @cached_property
    def names(self) -> Names:
        """The dossier's names."""
        told = self.world.told(Params())
        return Names(told.book, told.resolver)

    @cached_property
    def gazetteer(self) -> Any:
        """The places of the releases at hand."""
        return gazetteer(self.world, Params())

    def read(self, text: str, language: Language, published: dt.date) -> tuple[Mention, ...]:
        """The mentions of a text."""
        return read(document(text, language, published), self.names, self.gazetteer).mentions


def document(text: str, language: Language, published: dt.date) -> Document:
    """A plain text as a document."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(
        digest=digest, kind="txt", text=text, title="", language=language, published=PartialDate.parse(str(published))
    )


def embedded(home: Path) -> Reader:
    """A reader with an empty home: what the package carries."""
    return Reader(EMBEDDED, World(Lake(home, RELEASES)))


def ingested(home: Path, data: Path) -> Reader:
    """A reader whose home also has the event file and the populated places of the reference data."""
    lake = Lake(home, RELEASES)
    ingest(lake, "ucdp-ged", [data / EVENT_FILE], Options(label="24.1"), retrieved_at=None)
    published = PartialDate.parse("2022").latest
    ingest(lake, "natural-earth-places", [data / PLACES_FILE], Options(published=published), retrieved_at=None)
    return Reader(INGESTED, World(lake))
