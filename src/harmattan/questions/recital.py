"""Puts an `Answer` together from what the dossiers say: the twin of `build.Draft`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.dossier.book import Book
from harmattan.dossier.records import Milestone
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import RECORDS, Line, Making
from harmattan.questions.citations import ref, sources_of
from harmattan.questions.library import Told
from harmattan.text import Bilingual, T, Text
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.partial import PartialDate

STATUS = AnswerColumn("status", T("asserted, reported (the source says that others say so) or disputed"))
SOURCES = AnswerColumn("sources", T("who says so, and when it was published"))
AS_WRITTEN = AnswerColumn("as_written", T("the source's words, where they matter"))
SINCE = AnswerColumn("since", T("since when, as far as known: a day, a month, a year, or an interval"))
UNTIL = AnswerColumn("until", T("until when, as far as known; empty where no end is known"))
HOLDS = AnswerColumn(
    "holds", T("whether it held on the days asked about: yes, or possibly where its dates are imprecise")
)
LAST = (STATUS, AS_WRITTEN, SOURCES, RECORDS)
"""The columns that every answer from a dossier ends with."""
INCOMPLETE = T("A dossier holds what its editors found and could cite. That it does not name something says nothing.")


@dataclass(frozen=True)
class Recital(Making):
    """An answer from dossiers in the making."""

    question: str
    told: Told
    accepted: tuple[str, ...]

    @property
    def ground(self) -> Told:
        """The dossiers it asks."""
        return self.told

    def finish(
        self,
        lines: Sequence[Line],
        columns: Sequence[AnswerColumn],
        headline: Text,
        *,
        chart: Chart | None = None,
        caveats: Iterable[Text] = (),
    ) -> Answer:
        """The whole answer; it rests on the records of all its rows."""
        refs = tuple(dict.fromkeys(ref for line in lines for ref in line.criteria.records))
        return self.answer(
            lines,
            columns,
            headline,
            criteria=Criteria(records=refs),
            records=len(refs),
            caveats=(*self.told.caveats, *caveats, INCOMPLETE),
            chart=chart,
        )


def line(book: Book, list_: str, record: Any, values: dict[str, Any], also: Sequence[str] = ()) -> Line:
    """A row that rests on a record (and on others, as `list:id`), with what every such row ends with."""
    ends = {
        "status": getattr(record, "status", None),
        "as_written": getattr(record, "as_written", None),
        "sources": sources_of(book, record),
        "records": 1 + len(also),
    }
    return Line(values | ends, Criteria(records=(ref(list_, record), *also)))


def label(book: Book, actor: str | None) -> Bilingual | None:
    """What an actor is called, in both languages."""
    if actor is None:
        return None
    return Bilingual(book.label(actor, "en"), book.label(actor, "fr"))


def called(book: Book, actor: str | None) -> Bilingual | None:
    """What an actor is called where there is little room: its short form, else its label."""
    if actor is None:
        return None
    return Bilingual(book.short(actor, "en"), book.short(actor, "fr"))


def listed(book: Book, actors: Iterable[str], between: str = ", ") -> Bilingual | None:
    """Several actors in short, as one cell of a table; None where there are none."""
    ids = list(dict.fromkeys(actors))
    if not ids:
        return None
    english, french = (between.join(book.short(id_, language) for id_ in ids) for language in ("en", "fr"))
    return Bilingual(english, french)


def ended(record: Any, last: dt.date) -> PartialDate | None:
    """When a record ended, where that had happened by a day: what came later is not said."""
    end: PartialDate | None = record.until if isinstance(record, Milestone) else record.end
    return end if end is not None and end.day <= last else None


def written(day: Any) -> str | None:
    """A date as far as it is known."""
    return None if day is None else str(day)
