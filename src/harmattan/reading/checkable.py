"""Sorts the sentences of a document by whether a query can be built here that checks them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from harmattan.reading.dossier_drafts import of_dossier
from harmattan.reading.drafts import Said, of_figures, of_words
from harmattan.reading.mentions import ActorMeaning, DateMeaning, FigureMeaning, PlaceMeaning, Sentence
from harmattan.reading.read import Reading
from harmattan.text import T, Text

WORTH = {
    "value": 0.9, "figure": 0.85, "share": 0.7, "rank": 0.75, "compare": 0.7, "count": 0.65, "milestone": 0.65,
    "first": 0.65, "relation": 0.6, "presence": 0.6, "exists": 0.5,
}  # fmt: skip
"""What a draft of each check is worth where it says when; how well such a check tells right from wrong."""
UNDATED, STANDING = 0.65, 0.9
"""A draft without a date is worth so much of it; where it may hold as of the publication, so much."""
MORE = 0.03
"""Each further draft adds so much."""
REASONS: dict[str, Text] = {
    "value": T("a number of dead, with a place"),
    "figure": T("a number of a kind that the dossier and the tables keep, with a country"),
    "share": T("a share of violence"),
    "rank": T("a superlative: whether a time was the worst can be reckoned"),
    "compare": T("a comparison of two times"),
    "count": T("a number of events, or how often they are said to happen"),
    "milestone": T("an event such as a coup or a withdrawal, with a country or a date"),
    "first": T("a first time, with a date"),
    "relation": T("how an actor stands to another, or where it operates"),
    "presence": T("that a force stands somewhere, or has left"),
    "exists": T("violence by a named actor or at a named place"),
}


@dataclass(frozen=True)
class Checkable:
    """A sentence, how well it can be checked here (0 to 1), why, and drafts of claim parts, the best first."""

    sentence: Sentence
    score: float
    reasons: tuple[Text, ...]
    drafts: tuple[dict[str, Any], ...]
    worths: tuple[float, ...] = ()
    """What each draft is worth, 0 to 1."""


def ranked(reading: Reading) -> tuple[Checkable, ...]:
    """Every sentence, the best to check first, of those alike the earlier; one without a draft has 0 to 0.2."""
    found = [_judged(reading, sentence) for sentence in reading.sentences]
    return tuple(sorted(found, key=lambda one: (-one.score, one.sentence.start)))


def _judged(reading: Reading, sentence: Sentence) -> Checkable:
    text = reading.document.text[sentence.start : sentence.end]
    told = Said(text, sentence.start, reading.within(sentence), reading.mentions, reading.document.day)
    drafts = sorted(_valid(told), key=lambda draft: -_worth(draft))
    if not drafts:
        return Checkable(sentence, _hints(told), tuple(_lacking(told)), ())
    score = min(1.0, _worth(drafts[0]) + MORE * (len(drafts) - 1))
    reasons = [REASONS[check] for check in dict.fromkeys(draft["check"] for draft in drafts)]
    return Checkable(
        sentence, round(score, 3), (*reasons, *_undated(drafts)), tuple(drafts), tuple(map(_worth, drafts))
    )


def _valid(told: Said) -> Iterator[dict[str, Any]]:
    """The drafts that the vocabulary of claims takes, each once."""
    from pydantic import ValidationError

    seen: list[dict[str, Any]] = []
    for draft in (*of_figures(told), *of_words(told), *of_dossier(told)):
        try:
            _parts().validate_python(draft)
        except ValidationError:
            continue
        if draft not in seen:
            seen.append(draft)
            yield draft


@cache
def _parts() -> Any:
    from pydantic import TypeAdapter

    from harmattan.vocabulary.claim import Part

    return TypeAdapter(Part)


def _dated(draft: dict[str, Any]) -> bool:
    return any(draft.get(key) for key in ("from", "to", "date", "on", "until", "since"))


def _worth(draft: dict[str, Any]) -> float:
    less = STANDING if draft["check"] in ("relation", "presence") else UNDATED
    worth = WORTH[draft["check"]] * (1.0 if _dated(draft) else less)
    worth += 0.05 * bool(draft.get("place")) + 0.03 * bool(draft.get("by") or draft.get("actor"))
    return round(min(1.0, worth), 3)


def _undated(drafts: list[dict[str, Any]]) -> Iterator[Text]:
    if not any(_dated(draft) or draft["check"] in ("relation", "presence") for draft in drafts):
        yield T("it says no date: say which time it speaks of")


def _hints(told: Said) -> float:
    kinds = (ActorMeaning, PlaceMeaning, DateMeaning, FigureMeaning)
    return 0.05 * sum(bool(told.of(kind)) for kind in kinds)


def _lacking(told: Said) -> Iterator[Text]:
    if told.of(FigureMeaning) and not told.countries:
        yield T("it has a number but says no place")
    elif told.of(ActorMeaning) or told.of(PlaceMeaning):
        yield T("it names somebody or a place but says nothing that can be asked")
