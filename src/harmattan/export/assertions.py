"""Assertions handed on: JSON lines, CSV, FollowTheMoney entities, GraphML. The same assertions give the same bytes.

What stands in a confidential document leaves only as ids and canonical values, never as words, unless it is said that
it may. Handles of accounts leave as pseudonyms, by what the caller hands in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harmattan.dossier.book import Book
from harmattan.errors import UsageError
from harmattan.export.files import to_csv
from harmattan.export.sheet import Sheet, SheetColumn
from harmattan.text import T, Verbatim, listing, msg
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.assertion import Assertion
from harmattan.vocabulary.document import Document

FORMATS = ("jsonl", "csv", "ftm", "graphml")
WORDS_OF_CLAIM = ("quote", "citation", "note", "attributed_to")
"""What of a claim is words and no canonical value."""
ONLY_WORDS = ("new_name",)
"""The kinds whose canonical form is the document's own words."""
COLUMNS: dict[str, str] = {
    "id": msg("what the desk calls the assertion by"),
    "version": msg("its version; every version stays on the desk"),
    "document": msg("SHA-256 of the document"),
    "title": msg("the document's title"),
    "publisher": msg("who published the document"),
    "published": msg("when the document was published"),
    "kind": msg("what it is about: actor, place, date, figure, new name, relation, event, claim"),
    "quote": msg("the document's words"),
    "start": msg("first character of the quotation in the document's text, counted from zero"),
    "end": msg("the character after its last"),
    "means": msg("the canonical form, as JSON"),
    "first": msg("since when, as far as known"),
    "last": msg("until when, as far as known"),
    "modality": msg("asserted, reported, implied, planned or denied"),
    "attributed_to": msg("whom the document names as having said so"),
    "origin": msg("who or what put it there"),
    "state": msg("candidate, accepted, conflict, rejected or obsolete"),
    "reviewer": msg("who made this version"),
    "at": msg("when this version was made"),
    "note": msg("what the reviewer noted"),
    "confidential": msg("whether the document is confidential: then its words are left out"),
}
"""The columns of the CSV, and what they mean."""
QUOTED = ("title", "publisher", "published", "quote", "start", "end", "prefix", "suffix", "as_written", "attributed_to",
          "note")  # fmt: skip
"""What is left out of a confidential document."""

WORDS = ("title", "publisher", "url", "quote", "prefix", "suffix", "as_written", "attributed_to", "note", "canonical")
"""Where handles of accounts can stand."""


def as_they_are(words: str) -> str:
    """Words unchanged."""
    return words


@dataclass(frozen=True)
class Taken:
    """Assertions on their way out, with their documents by digest."""

    assertions: Sequence[Assertion]
    documents: Mapping[str, Document]
    book: Book | None = None
    """The dossier, for the names of actors."""
    language: str = "en"
    confidential_too: bool = False
    """Whether words of confidential documents may leave."""
    hide: Callable[[str], str] = field(default=as_they_are)
    """Puts pseudonyms in the place of handles."""

    def silent(self, made: Assertion) -> bool:
        """Whether the words of an assertion may not leave."""
        return self.documents[made.document].confidential and not self.confidential_too

    @property
    def quoted(self) -> bool:
        """Whether words of a confidential document leave."""
        return self.confidential_too and any(self.documents[made.document].confidential for made in self.assertions)


def hand_on(taken: Taken, format: str) -> bytes:
    """Assertions as a file of one of FORMATS. Raises UsageError for another."""
    if format == "jsonl":
        return "".join(f"{json.dumps(record(taken, made), ensure_ascii=False)}\n" for made in taken.assertions).encode()
    if format == "csv":
        return to_csv(_sheet(taken), taken.language)
    if format in ("ftm", "graphml"):
        from harmattan.export import assertion_graphs

        return (assertion_graphs.to_ftm if format == "ftm" else assertion_graphs.to_graphml)(taken)
    raise UsageError(
        T("Assertions cannot be written as {format}.", format=Verbatim(format)),
        available=T("There are {formats}.", formats=listing([Verbatim(name) for name in FORMATS])),
    )


def record(taken: Taken, made: Assertion) -> dict[str, Any]:
    """An assertion as plain JSON, with what one needs to find its words again; see `docs/desk.md`."""
    document, silent = taken.documents[made.document], taken.silent(made)
    plain = made.model_dump(mode="json")
    citation = plain.pop("citation")
    said = {name: plain[name] for name in ("id", "version", "document", "kind")}
    said |= {"title": document.title, "publisher": document.publisher}
    said |= {"published": str(document.published) if document.published else None, "url": document.url or None}
    said |= {"confidential": document.confidential, "quote": citation["exact"]}
    said |= {name: citation[name] for name in ("start", "end", "prefix", "suffix")}
    said |= {name: value for name, value in plain.items() if name not in said}
    said["origin"] = str(made.origin)
    if silent:
        said = {name: value for name, value in said.items() if name not in (*QUOTED, "url")}
        said["canonical"] = without_words(made)
    return {name: hidden(value, taken.hide) if name in WORDS else value for name, value in said.items()}


def without_words(made: Assertion) -> dict[str, Any]:
    """The canonical form without the document's own words."""
    if made.kind in ONLY_WORDS:
        return {}
    return {name: value for name, value in made.canonical.items() if made.kind != "claim" or name not in WORDS_OF_CLAIM}


def hidden(value: Any, hide: Callable[[str], str]) -> Any:
    """A value in which handles are pseudonyms."""
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, Mapping):
        return {name: hidden(part, hide) for name, part in value.items()}
    return [hidden(part, hide) for part in value] if isinstance(value, list | tuple) else value


def _sheet(taken: Taken) -> Sheet:
    speaker = Speaker(taken.language)
    columns = tuple(SheetColumn(name, "", speaker.words(meaning)) for name, meaning in COLUMNS.items())
    return Sheet("assertions", "", columns, tuple(_rows(taken)), (), ())


def _rows(taken: Taken) -> Iterable[dict[str, Any]]:
    for made in taken.assertions:
        said = record(taken, made)
        said["means"] = json.dumps(said.pop("canonical"), ensure_ascii=False, sort_keys=True)
        yield {name: said.get(name) for name in COLUMNS}
