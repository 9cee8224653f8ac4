"""Documents and assertions to test a desk with."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from harmattan.vocabulary.assertion import Assertion, Origin, id_of
from harmattan.vocabulary.document import Document
from harmattan.vocabulary.partial import PartialDate

AT = dt.datetime(2022, 10, 31, 9, 0, tzinfo=dt.UTC)
TEXT = (
    "On 2 March JNIM attacked the market of Tarwal, killing at least 12 people. « Le GSIM » est resté 🕊 à Tarwal.\n"
    "قال الجيش إن ثلاثة جنود قتلوا. O'Brien said: \"'); DROP TABLE assertions; --\" and 100% of it_ was quoted.\n"
)
RULE = Origin(kind="rule", name="reading.names", version="1")


def document(text: str = TEXT, **said: Any) -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    plain: dict[str, Any] = {
        "kind": "txt", "title": "Market attacked", "language": "en", "file": "market.txt",
        "published": PartialDate.parse("2022-03-04"), "published_basis": "said", "publisher": "The Valley Courier",
    }  # fmt: skip
    return Document(digest=digest, text=text, **plain | said)


def assertion(words: str, kind: Any, canonical: dict[str, Any], *, of: Document | None = None, nth: int = 0,
              origin: Origin = RULE, **said: Any) -> Assertion:  # fmt: skip
    of = of or document()
    start = -1
    for _ in range(nth + 1):
        start = of.text.index(words, start + 1)
    citation = of.cite(start, start + len(words))
    plain: dict[str, Any] = {
        "id": id_of(of.digest, citation, kind, origin, canonical), "document": of.digest, "citation": citation,
        "kind": kind, "as_written": {kind: words}, "canonical": canonical, "origin": origin, "at": AT,
    }  # fmt: skip
    return Assertion(**plain | said)


def some() -> list[Assertion]:
    """One of each kind that the text has."""
    claim = {"id": "market", "quote": "JNIM attacked the market of Tarwal",
             "part": [{"check": "exists", "country": ["MLI"], "actor": ["jnim"], "from": "2022-03-02"}]}  # fmt: skip
    return [
        assertion("2 March", "date", {"start": "2022-03-02", "end": "2022-03-02"}),
        assertion("JNIM", "actor", {"actor": "jnim"}),
        assertion("Tarwal", "place", {"place": "Tarwal", "iso3": "MLI"}),
        assertion("at least 12 people", "figure", {"value": 12, "qualifier": "at_least", "indicator": "deaths"}),
        assertion("JNIM attacked the market of Tarwal", "claim", claim),
        assertion("الجيش", "actor", {"actor": None, "candidates": ["fama", "fds"]}),
    ]
