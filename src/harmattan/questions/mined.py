"""What dossiers say of mining: reported figures, milestones and relations about a commodity or concessions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from harmattan.dossier.book import Book
from harmattan.questions.answer import AnswerColumn
from harmattan.questions.build import Line
from harmattan.questions.citations import ref, sources_of
from harmattan.questions.library import Told
from harmattan.questions.recital import SOURCES, called, ended, written
from harmattan.questions.words import INDICATORS
from harmattan.questions.world import Scope
from harmattan.text import Bilingual, T, Text, msg
from harmattan.vocabulary.criteria import Criteria

DOSSIER_COLUMNS = (
    AnswerColumn("what", T("what a dossier says")),
    AnswerColumn("since", T("when, or since when, as far as known")),
    AnswerColumn("until", T("until when, as far as known")),
    AnswerColumn("value", T("the reported figure"), "as what says"),
    AnswerColumn("status", T("asserted, reported (the source says that others say so) or disputed")),
    SOURCES,
)
DIGGING = r"mining|concessions?"


def mined(told: Told, scope: Scope, commodities: Sequence[str]) -> Iterator[Line]:
    """The records about mining that were known to hold by the last day of the period.

    They are of the countries asked about, or name an actor that was ever present in one of them.
    """
    book, last = told.book, scope.period.end
    about = re.compile(rf"\b({'|'.join([DIGGING, *map(re.escape, commodities)])})\b", re.IGNORECASE)
    around: set[Any] = {p.force for p in book.presence if p.country in scope.params.country}
    around |= set(scope.params.country)
    for figure in book.figures:
        mine = any(figure.indicator.startswith(f"{word.casefold()}_") for word in commodities)
        if mine and set(figure.countries) & set(scope.params.country) and _over(figure) <= last:
            yield _line(book, "figures", figure, figure.countries, what=_figure(figure), since=figure.start or
                        figure.as_of, until=figure.end, value=figure.value)  # fmt: skip
    for one in sorted(book.milestones, key=lambda m: (m.date.day, m.id)):
        ours: Any = {*one.countries, *one.involved} & around
        if about.search(one.title["en"]) and ours and one.date.day <= last:
            title = Bilingual(one.title["en"], one.title["fr"])
            yield _line(book, "milestones", one, one.countries, what=title, since=one.date, until=ended(one, last))
    for tie in book.relations:
        note = (tie.note or {}).get("en", "")
        ours = {*tie.countries, tie.subject, tie.object} & around
        if about.search(note) and ours and (tie.start is None or tie.start.day <= last):
            yield _line(book, "relations", tie, tie.countries, what=_tie(book, tie), since=tie.start,
                        until=ended(tie, last))  # fmt: skip


def _over(figure: Any) -> Any:
    """The day on which it can be known: of a stock its day, of a flow its last day."""
    return figure.when.day if figure.as_of else figure.when.latest or figure.when.day


def _figure(figure: Any) -> Text:
    words = INDICATORS[figure.indicator]
    return T(QUALIFIERS[figure.qualifier], indicator=words) if figure.qualifier in QUALIFIERS else words


QUALIFIERS = {
    "about": msg("{indicator}, about"),
    "almost": msg("{indicator}, almost"),
    "more_than": msg("{indicator}, more than"),
    "at_least": msg("{indicator}, at least"),
    "up_to": msg("{indicator}, up to"),
}


def _tie(book: Book, tie: Any) -> Bilingual:
    note = tie.note or {}
    names = [called(book, tie.subject), called(book, tie.object)]
    english, french = (
        " – ".join(str(getattr(name, language)) for name in names if name)
        + f": {note.get(language, note.get('en', ''))}"
        for language in ("en", "fr")
    )
    return Bilingual(english, french)


def _line(book: Book, list_: str, record: Any, countries: Iterable[str], **said: Any) -> Line:
    values = {"scope": "dossier", "country": ", ".join(countries) or None, "status": record.status}
    values |= {"what": said["what"], "value": said.get("value"), "sources": sources_of(book, record), "records": 1}
    values |= {name: written(said[name]) for name in ("since", "until")}
    return Line(values, Criteria(records=(ref(list_, record),)))
