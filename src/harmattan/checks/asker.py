"""Whom the checks ask: the registry of questions, as of the claims' date; and which places and actors words mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from harmattan.dossier.book import Book
from harmattan.dossier.names import Resolved, Resolver
from harmattan.questions.answer import Answer
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.library import Told
from harmattan.questions.parameters import Params
from harmattan.questions.registry import question
from harmattan.reading.mentions import PlaceName
from harmattan.vocabulary.claim import About

Places = Callable[[str, tuple[str, ...]], tuple[PlaceName, ...]]
"""Every place of a name in some countries, the likelier first."""


@dataclass(frozen=True)
class Asker:
    """Asks on behalf of a check. Every question is asked once, however many parts need it."""

    inquiry: Inquiry
    common: Params
    """As-of and known-by dates, pinned releases and the family of events, the same for every question."""
    places: Places
    about: About | None = None
    """The document that the claims are from: what it alone says is no record that vouches for it."""

    @property
    def as_of(self) -> dt.date:
        """The last day that a claim can speak of."""
        if self.common.as_of is None:
            raise ValueError("claims are checked as of a day")
        return self.common.as_of

    def ask(self, name: str, **params: Any) -> Answer:
        """The answer to a question; common parameters that it does not take are left out."""
        said, accepted = replace(self.common, **params), question(name).accepts
        for field in ("source", "as_of", "known_by", "release"):
            if field not in accepted:
                said = replace(said, **{field: getattr(Params(), field)})
        return self.inquiry.ask(name, said)

    @cached_property
    def told(self) -> Told:
        """What the dossiers say."""
        return self.inquiry.world.told(self.common)

    @property
    def book(self) -> Book:
        """The dossiers' records."""
        return self.told.book

    @property
    def resolver(self) -> Resolver:
        """Whom names mean."""
        return self.told.resolver

    def actor(self, name: str, country: str | None = None, day: dt.date | None = None) -> Resolved:
        """Whom a name means on a day (else the as-of date)."""
        return self.resolver.resolve(name, day=day or self.as_of, country=country)
