"""Drafts that the dossier answers: relations, where somebody operates or stands, and what happened.

A wrong draft costs more than none, so that each rule wants its words close together and in one clause, and drafts
nothing of what is only planned, denied or supposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from harmattan.reading import claim_words as said
from harmattan.reading.drafts import CLOSE, Draft, Said, name_of, where
from harmattan.reading.folding import fold
from harmattan.reading.mentions import ActorMeaning, DateMeaning, Mention

_BOUND = re.compile(r"\)?,?(?:\s(?:which|who|that|qui))?[^,;:—()]{0,50}")
"""What may stand between somebody and what is said of them."""
_CLAUSE = re.compile(r"[.;:—,]")
_BREAK = re.compile(r"[.;—]")
_THEIR = re.compile(r"\b(?:their|its|his|leurs?|son|sa|ses)\s$", re.IGNORECASE)
_FROM = re.compile(r"\s(?:from|du|de|des|de la)\s(?:the\s|la\s|l['’])?|\s(?:de\s)?(?:l['’]|d['’])")
_WORD = re.compile(r"[^\W_]+")
AHEAD = 48
"""So many signs before a word may say that what it tells is planned, denied or supposed."""
OF_SOMEBODY = ("creation", "merger", "dissolution", "exit")
"""Milestones that say nothing without those who were made, merged, dissolved or left."""


def of_dossier(told: Said) -> Iterator[Draft]:
    """Drafts that the dossier answers."""
    yield from _relations(told)
    yield from _operating(told)
    yield from _standing(told)
    yield from _milestones(told)


def _supposed(told: Said, at: int) -> bool:
    """Whether words shortly before a position say that what it tells is planned, denied or supposed."""
    before = re.split(r"[.;—]", told.cut(at - AHEAD, at))[-1]
    return said.SUPPOSED.search(before) is not None


def _relations(told: Said) -> Iterator[Draft]:
    """How actors that are named one after the other stand to each other, by the words between them."""
    actors = [m for m in told.of(ActorMeaning) if _actor(m)]
    whole = said.WHOLE.search(told.text)
    for number, (one, other) in enumerate(pairwise(actors)):
        if _actor(one) == _actor(other) or (number and _apposed(told, one, other)):
            continue
        if whole and whole.end() <= one.start - told.start <= whole.end() + 4 and said.SUCH_AS.search(told.text):
            parts = {_actor(part): part for part in actors[actors.index(other) :][::-1]}
            for part in sorted(parts.values(), key=lambda m: m.start):
                yield _relation(told, part, "member_of", one)
            return
        between = told.cut(one.end, other.start)
        found = next(((match, kind) for words, kind in said.RELATIONS if (match := words.search(between))), None)
        if found is None or len(between) > 2 * CLOSE or _supposed(told, one.end + found[0].start()):
            continue
        if not _BREAK.search(between) or _THEIR.search(between[: found[0].start()]):
            swapped = found[1] == "supports" and said.PASSIVE.search(between)
            yield _relation(told, other, found[1], one) if swapped else _relation(told, one, found[1], other)


def _apposed(told: Said, one: Mention, other: Mention) -> bool:
    """Whether what follows is said of somebody before: "Ansaroul Islam, founded by Malam Dicko, is linked to JNIM"."""
    return re.match(r"\s?,\s(?!which|who|qui)", told.cut(one.end, other.start)) is not None


def _relation(told: Said, one: Mention, relation: str, other: Mention) -> Draft:
    days = told.dated(one.end)
    on = {"on": days.get("to", days["from"])} if "from" in days else {}
    return {"check": "relation", "subject": name_of(one), "relation": relation, "object": name_of(other), **on}


def _actor(mention: Mention) -> str | None:
    return mention.meaning.actor if isinstance(mention.meaning, ActorMeaning) else None


def _after(told: Said, words: re.Pattern[str]) -> Iterator[tuple[Mention, int]]:
    """Each actor of whom such a word is said, in one clause and before another actor, with where the word ends."""
    actors = sorted(told.of(ActorMeaning), key=lambda m: m.start)
    for number, mention in enumerate(actors):
        stop = actors[number + 1].start if number + 1 < len(actors) else told.start + len(told.text)
        found = words.search(told.cut(mention.end, min(stop, mention.end + CLOSE)))
        if found is None or not _actor(mention) or _supposed(told, mention.end + found.start()):
            continue
        if _BOUND.fullmatch(told.cut(mention.end, mention.end + found.start())):
            yield mention, mention.end + found.end()


def _there(told: Said, at: int) -> list[Mention]:
    """The places that follow a position with nothing but small words between, and those they are listed with."""
    for place in told.places:
        gap = told.cut(at, place.start)
        if place.start >= at:
            small = not _CLAUSE.search(gap) and all(word in said.TO_PLACES for word in _WORD.findall(fold(gap)))
            return told.listed(place) if small else []
    return []


def _operating(told: Said) -> Iterator[Draft]:
    for mention, at in _after(told, said.OPERATES):
        countries = where(_there(told, at)).get("country")
        if countries:
            days = told.dated(at)
            on = {"on": days.get("to", days["from"])} if "from" in days else {}
            subject = name_of(mention)
            yield {"check": "relation", "subject": subject, "relation": "operates_in", "country": countries, **on}


def _standing(told: Said) -> Iterator[Draft]:
    for words, state in ((said.LEFT, "gone"), (said.STANDS, "present")):
        for mention, at in _after(told, words):
            spot = where(_there(told, at))
            if spot:
                days = told.dated(at)
                on = {"on": days.get("to", days["from"])} if "from" in days else {}
                since = {"until": days["from"]} if state == "gone" and "from" in days else _since(told, at) or on
                yield {"check": "presence", "force": name_of(mention), **spot, "state": state, **since}
                return


def _since(told: Said, at: int) -> Draft:
    """Since when, where the nearest date is said to be that."""
    near = min(told.dates, key=lambda m: abs(m.start - at), default=None)
    if near is None or not isinstance(near.meaning, DateMeaning) or near.meaning.start is None:
        return {}
    since = near.meaning.end is None and said.SINCE.search(told.cut(near.start - CLOSE, near.start))
    precise = {"year": "%Y", "month": "%Y-%m"}.get(near.meaning.precision, "%Y-%m-%d")
    return {"since": near.meaning.start.strftime(precise)} if since else {}


def _milestones(told: Said) -> Iterator[Draft]:
    """The first that is told of, where it has a date and one can say who or where."""
    for words, kind in said.MILESTONES:
        match = words.search(told.text)
        if not match:
            continue
        start, end = told.start + match.start(), told.start + match.end()
        if kind in ("withdrawal_announced", "suspension") or not _supposed(told, start):
            yield from _milestone(told, kind, start, end)
        return


def _milestone(told: Said, kind: str, start: int, end: int) -> Iterator[Draft]:
    days = told.dated(start)
    whom = _left(told, end) if kind == "withdrawal" else None
    kind, actor = ("exit", whom) if whom else (kind, _nearest(told, start, end))
    country = where(told.near(end)).get("country") or (told.countries if len(told.countries) == 1 else [])
    found: Draft = {"check": "milestone", "type": ["creation", "merger"] if kind == "creation" else [kind]}
    found |= {"country": country}
    count = said.COUPS.search(told.text) if kind == "coup" else None
    if count:
        word = count[1].casefold()
        found |= {"count": said.COUNTS.get(word) or int(word), **days}
    elif "from" in days:
        found |= days if "to" in days else {"date": days["from"]}
    if actor is not None and kind != "coup":
        found["actor"] = [name_of(actor)]
    ahead = told.day is not None and days.get("from", "") > str(told.day)
    named = "actor" in found or (country and kind not in OF_SOMEBODY)
    if named and not ahead and ("date" in found or "from" in found or count):
        yield found


def _left(told: Said, end: int) -> Mention | None:
    """Whom it is that is left, where that is somebody and no place: "withdrew from the G5 Sahel"."""
    for mention in told.actors:
        if 0 <= mention.start - end <= CLOSE and _FROM.fullmatch(told.cut(end, mention.start)):
            return mention
    return None


def _nearest(told: Said, start: int, end: int) -> Mention | None:
    """The actor that is nearest to a word, close by and in its sentence's part."""
    found: list[tuple[int, Mention]] = []
    for mention in told.of(ActorMeaning):
        gap = told.cut(mention.end, start) if mention.end <= start else told.cut(end, mention.start)
        if _actor(mention) and len(gap) <= CLOSE and not _BREAK.search(gap):
            found.append((len(gap), mention))
    return min(found, key=lambda one: one[0])[1] if found else None
