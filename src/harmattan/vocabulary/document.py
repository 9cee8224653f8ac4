"""What somebody wrote: a document with its text, and the exact places in it that one cites."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from harmattan.vocabulary.partial import PartialDate

Kind = Literal["txt", "html", "pdf", "docx"]
Language = Literal["en", "fr"]
Reliability = Literal["A", "B", "C", "D", "E", "F"]
"""Admiralty code of a source: A completely reliable … E unreliable, F cannot be judged."""
AROUND = 32
"""So many characters before and after a quotation are kept, to find it again in another copy of the text."""


@dataclass(frozen=True)
class Document:
    """One document. Offsets into `text` count Unicode code points and never change: the text is normalised once."""

    digest: str
    """SHA-256 of the bytes as they came: the document's name on the desk."""
    kind: Kind
    text: str
    title: str
    language: Language
    file: str = ""
    """The name of the file, without its folders."""
    published: PartialDate | None = None
    """Needed for relative dates ("last month"); asked for where the document does not say it."""
    published_basis: str = ""
    """How that is known: said, or which field of the document says so."""
    publisher: str = ""
    url: str = ""
    rights: str = ""
    confidential: bool = False
    """A confidential document is never sent anywhere and never quoted in an export."""
    reliability: Reliability | None = None

    @property
    def id(self) -> str:
        """The first twelve hexadecimal digits of the digest: what the desk calls it by."""
        return self.digest[:12]

    @property
    def day(self) -> dt.date | None:
        """The day on which it counts as published."""
        return self.published.latest or self.published.day if self.published else None

    def cite(self, start: int, end: int) -> Citation:
        """The citation of a span. Raises ValueError for one that is empty or not within the text."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"there is no span {start}..{end} in a text of {len(self.text)} characters")
        before, after = self.text[max(0, start - AROUND) : start], self.text[end : end + AROUND]
        return Citation(start=start, end=end, exact=self.text[start:end], prefix=before, suffix=after)


class Citation(BaseModel):
    """An exact span of a document, as the W3C's TextPositionSelector and TextQuoteSelector.

    Source: Web Annotation Data Model, W3C Recommendation 23 February 2017, https://www.w3.org/TR/annotation-model/.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: int = Field(ge=0)
    """First character, counted from zero, in code points of the document's text."""
    end: int
    """The character after the last."""
    exact: str = Field(min_length=1)
    prefix: str = ""
    suffix: str = ""
