"""What a document seems to say, by the dossiers and the names of places of a world: candidates for the desk."""

from __future__ import annotations

import datetime as dt

from harmattan.questions.gazetteer import gazetteer
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.reading.assertions import candidates, claims
from harmattan.reading.checkable import ranked
from harmattan.reading.names import Names
from harmattan.reading.read import Reading, read
from harmattan.text import Text
from harmattan.vocabulary.assertion import Assertion
from harmattan.vocabulary.document import Document


def reading_of(document: Document, world: World) -> Reading:
    """What a document says, by the dossiers and the names of places of a lake."""
    told = world.told(Params())
    return read(document, Names(told.book, told.resolver), gazetteer(world, Params()))


def proposals(
    document: Document, world: World, at: dt.datetime
) -> tuple[tuple[Assertion, ...], tuple[Text, ...]]:  # fmt: skip
    """Candidates, those for claims among them, and what could not be read."""
    reading = reading_of(document, world)
    return (*candidates(reading, at), *claims(reading, ranked(reading), at)), reading.unread
