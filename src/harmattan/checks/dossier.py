"""What the checks of dossier facts share: records that may vouch, whom names mean, dates against dates, and sentences.

A dossier holds what its editors found. That it does not name something says nothing: such a part has no matching
record and is never contradicted. A record whose only source is the document under check never vouches for it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from harmattan.checks.asker import Asker
from harmattan.checks.verdict import PartResult, Reckoning, Verdict
from harmattan.dossier.book import Book
from harmattan.dossier.lineage import LOOSE
from harmattan.dossier.records import Source
from harmattan.dossier.spelling import plain
from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.naming import actor_of
from harmattan.questions.parsing import one_of
from harmattan.questions.recital import INCOMPLETE, called
from harmattan.questions.words import in_words
from harmattan.text import T, Text, Value, Verbatim, counted, joined, msg
from harmattan.vocabulary.claim import DossierPart
from harmattan.vocabulary.country import parse_country
from harmattan.vocabulary.partial import PartialDate

LONG_AGO = dt.date(1000, 1, 1)
"""Questions are asked from here on: with an as-of date alone they tell what held on that day only."""
BELONGING = ("member_of", "part_of")
"""Relations that say the same here: that a body is within a larger one."""
NEAR = dt.timedelta(days=31)
"""Two dates are near each other within the same year, or within so many days."""
NAMED_SOURCES = 2
"""So many sources of a record are named in a sentence; the evidence lists them all."""
_P = TypeVar("_P")


@dataclass(frozen=True)
class Found:
    """A record, and the row of the answer that it stands in."""

    answer: Answer
    row: int
    record: Any

    @property
    def disputed(self) -> bool:
        """Whether sources contradict each other about it."""
        return bool(self.record.status == "disputed")

    @property
    def asserted(self) -> bool:
        """Whether its sources say so themselves."""
        return bool(self.record.status == "asserted")

    def reckoned(self, how: Text, *, agrees: bool) -> Reckoning:
        """The record as something that was weighed."""
        return Reckoning("record", how, None, None, None, agrees, self.answer, self.row)


def actor_named(asker: Asker, name: str, country: str | None = None, day: dt.date | None = None) -> str:
    """The dossier's id of whom a name means: on the day, else at any time; a country means its government.

    Raises UnknownActor where that is not certain.
    """
    if name in asker.book.actors:
        return name
    found = asker.actor(name, country, day)
    if found.actor is not None:
        return found.actor
    government = _government(asker.book, name)
    if government is not None:
        return government
    return actor_of(asker.told, name)


def _government(book: Book, name: str) -> str | None:
    """The government of a country that goes by a name; of several the one that is not of some years only."""
    try:
        code = parse_country(name)
    except UsageError:
        return None
    found = [actor for actor in book.actors.values() if actor.kind == "government" and actor.countries == (code,)]
    lasting = [actor for actor in found if actor.start is None and actor.end is None]
    return lasting[0].id if len(lasting) == 1 else None


def code_of(words: str, known: Collection[str], what: str) -> str:
    """A code of the dossier as a claims file writes it. Raises UsageError with the nearest for any other."""
    return one_of(words.strip().casefold().replace("-", "_").replace(" ", "_"), known, what)


def vouching(asker: Asker, question: str, list_: str, **params: Any) -> tuple[Answer, list[Found]]:
    """The answer to a question of the dossier, and its records that may vouch for the document under check."""
    answer = asker.ask(question, **params)
    known = records_by_ref(asker, list_)
    found = []
    for row, criteria in enumerate(answer.row_criteria):
        record = known.get(criteria.records[0]) if criteria.records else None
        if record is not None and publishers(asker, record):
            found.append(Found(answer, row, record))
    return answer, found


def records_by_ref(asker: Asker, list_: str) -> dict[str, Any]:
    """The records of a list of the dossier, by how criteria name them."""
    return {f"{list_}:{record.id}": record for record in getattr(asker.book, list_)}


def publishers(asker: Asker, record: Any) -> frozenset[str]:
    """Who says so, but for the document under check itself."""
    sources = [asker.book.sources[citation.source] for citation in record.cite]
    return frozenset(source.publisher for source in sources if not _is_document(asker, source))


def _is_document(asker: Asker, source: Source) -> bool:
    """Whether a source is the document under check: the same address, or the same title."""
    about = asker.about
    if about is None:
        return False
    if about.url and source.url and _address(about.url) == _address(source.url):
        return True
    return _bare(about.title) == _bare(source.title) and (
        not about.publisher or plain(about.publisher) == plain(source.publisher)
    )


def _address(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url.strip().casefold()).rstrip("/")


def _bare(title: str) -> str:
    return re.sub(r"\W+", " ", plain(title)).strip()


def parts_of(book: Book, actor: str, day: dt.date) -> frozenset[str]:
    """The bodies that were within an actor on a day; persons and the states of an organisation are none."""
    found: set[str] = set()
    open_ = [actor]
    while open_:
        whole = open_.pop()
        known = book.actors.get(whole)
        if known is None or known.kind in LOOSE:
            continue
        for relation in book.below(whole, day):
            part = book.actors.get(relation.subject)
            inside = relation.relation in BELONGING and part is not None and part.kind != "person"
            if inside and relation.subject not in found:
                found.add(relation.subject)
                open_.append(relation.subject)
    return frozenset(found - {actor})


def wholes_of(book: Book, actor: str, day: dt.date) -> frozenset[str]:
    """The larger bodies that an actor was within on a day."""
    found: set[str] = set()
    open_ = [actor]
    while open_:
        for relation in book.above(open_.pop(), day):
            if relation.relation in BELONGING and relation.object and relation.object not in found:
                found.add(relation.object)
                open_.append(relation.object)
    return frozenset(found - {actor})


def edges(start: PartialDate | None, end: PartialDate | None) -> tuple[dt.date, dt.date]:
    """The first and the last day that two dates known in part leave open."""
    return (start.earliest if start else None) or LONG_AGO, (end.latest if end else None) or dt.date.max


def meet(one: tuple[dt.date, dt.date], other: tuple[dt.date, dt.date]) -> bool:
    """Whether two spans of days have a day in common."""
    return one[0] <= other[1] and other[0] <= one[1]


def apart(one: tuple[dt.date, dt.date], other: tuple[dt.date, dt.date]) -> dt.timedelta:
    """How far apart two spans of days are; nothing where they meet."""
    if meet(one, other):
        return dt.timedelta(0)
    return one[0] - other[1] if one[0] > other[1] else other[0] - one[1]


def near(one: tuple[dt.date, dt.date], other: tuple[dt.date, dt.date]) -> bool:
    """Whether two spans of days are near each other: within the same year, or within a month.

    >>> day = lambda words: (dt.date.fromisoformat(words),) * 2
    >>> near(day("2022-01-05"), day("2022-12-01")), near(day("2021-12-20"), day("2022-01-05"))
    (True, True)
    >>> near(day("2021-05-15"), day("2022-05-15"))
    False
    """
    years = one[0].year <= other[1].year and other[0].year <= one[1].year
    return years or apart(one, other) <= NEAR


def who_says(asker: Asker, record: Any) -> Text:
    """Who says so and when, but for the document under check; and whether that is reported or disputed."""
    sources = [asker.book.sources[citation.source] for citation in record.cite]
    told = [source for source in sources if not _is_document(asker, source)] or sources
    said = dict.fromkeys((source.publisher, _side(source.date)) for source in told)
    named: list[Text] = [
        T("{publisher}, {day}", publisher=Verbatim(who), day=in_words(day)) for who, day in list(said)[:NAMED_SOURCES]
    ]
    if len(said) > NAMED_SOURCES:
        named.append(counted(len(said) - NAMED_SOURCES, "{n} other source", "{n} other sources"))
    names = joined(named, msg("{first}; {second}"))
    if record.status == "reported":
        return T("reported by {names}", names=names)
    if record.status == "disputed":
        return T("disputed: {names}", names=names)
    return T("{names}", names=names)


def _side(day: PartialDate) -> str:
    """The known side of a date, the first of two."""
    low, _, high = str(day).partition("/")
    return high if low == ".." else low


def span_words(record: Any, last: dt.date) -> Text:
    """From when to when something held, in words; an end after `last` is not told."""
    start, end = record.start, record.end if record.end is not None and record.end.day <= last else None
    if start and end and start.exact and end.exact:
        return T("from {first_day} to {last_day}", first_day=start.day, last_day=end.day)
    since = (
        T("since {day}", day=start.day) if start and start.exact else start and T("since {date}", date=_bound(start))
    )
    until = T("until {day}", day=end.day) if end and end.exact else end and T("until {date}", date=_bound(end))
    if since and until:
        return T("{since} {until}", since=since, until=until)
    return since or until or T("without dates")


def _bound(day: PartialDate) -> Value:
    """A bound in words; one that is an interval as such."""
    low, slash, high = str(day).partition("/")
    if slash and ".." not in (low, high):
        return T("a day between {first} and {last}", first=in_words(low), last=in_words(high))
    return in_words(str(day))


def coverage() -> Text:
    """What a dossier can and cannot tell."""
    return INCOMPLETE


def judged(
    part: DossierPart,
    verdict: Verdict,
    sentence: Text,
    answers: Iterable[Answer],
    reckonings: Iterable[Reckoning] = (),
    *,
    unit: Text | None = None,
) -> PartResult:
    """A verdict with everything that was looked at."""
    seen = {answer.id: answer for answer in answers}
    return PartResult(part, verdict, sentence, coverage(), tuple(reckonings), unit, tuple(seen.values()))


def short(asker: Asker, actor: str) -> Value:
    """What an actor is called where there is little room."""
    return called(asker.book, actor)
