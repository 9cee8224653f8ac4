"""Finds names of places in a text, and says which places a name may mean, the likelier first."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from harmattan.reading.countries import cities, countries, spoken_of
from harmattan.reading.folding import Finder, Folded, fold, folded
from harmattan.reading.loose import loose
from harmattan.reading.mentions import Mention, PlaceKind, PlaceMeaning, PlaceName
from harmattan.reading.place_words import (
    ARTICLES,
    BORDERLESS,
    DIVISIONS,
    KIND_WORDS,
    LEADING,
    LINKS,
    LOOSE_KINDS,
    MAY_FOLLOW,
    MAY_PRECEDE,
    NOT_AFTER,
    NOT_BEFORE,
    SAME,
    WEAK,
    plain_names,
)
from harmattan.reading.surface import Word, capital, heading, starts_sentence, words_after, words_before

RULE, LOOSELY, BY_KIND = "reading.gazetteer", "reading.gazetteer.alike", "reading.gazetteer.unknown"
STRONG: tuple[PlaceKind, ...] = ("country", "admin1", "admin2", "base")
SPOTS: tuple[PlaceKind, ...] = ("town", "events", "base")
WELL_KNOWN = 3.0
"""A name with neither kind nor country beside it means the town and not the region, where so many events were there."""
NEXT = 40
"""A division named right after a name says which of several places is meant."""
OF = frozenset(("of", "de", "d"))
NEAR = 400
"""Within so many characters another name tells which of several places is meant."""


_AND = re.compile(r"(?:\s*,)?(?:\s+(?:and|et))?\s+(?:de |of |d['’])?")


@dataclass(frozen=True)
class _Hit:
    start: int
    end: int
    kind: PlaceKind | None
    """What a word beside it says it is."""
    places: tuple[PlaceName, ...]
    rule: str = RULE


@dataclass(frozen=True)
class _Beside:
    before: list[Word]
    after: list[Word]
    at_start: bool
    """Whether the name begins a sentence."""


class Gazetteer:
    """Names of places, those of countries always among them.

    >>> known = Gazetteer([PlaceName("Gao", "MLI", "town"), PlaceName("Gao", "BFA", "town")])
    >>> [(m.text, m.meaning.place.iso3) for m in known.find("Two died in Gao, Mali.", "en")]
    [('Gao', 'MLI'), ('Mali', 'MLI')]
    >>> [place.iso3 for place in known.named("gao", ("BFA",))]
    ['BFA']
    """

    def __init__(self, places: Iterable[PlaceName]) -> None:
        found: dict[str, dict[tuple[str, str, int | None], PlaceName]] = {}
        for place in (*countries(), *cities(), *places):
            key = fold(place.name)
            if key in BORDERLESS and place.kind not in STRONG:
                continue
            told = found.setdefault(key, {})
            same = (place.iso3, place.kind, place.cell)
            other = told.get(same)
            told[same] = place if other is None or place.weight > other.weight else other
        found.pop("", None)
        for names in SAME:
            _share(found, [fold(name) for name in names])
        for told in found.values():
            _point(told)
        self._by_name: dict[str, tuple[PlaceName, ...]] = {
            key: tuple(sorted(told.values(), key=_worth)) for key, told in found.items()
        }
        self._finder: Finder[str] = Finder({key: key for key in self._by_name})
        self._loosely: dict[str, list[str]] = {}
        for key, there in self._by_name.items():
            bones = loose(key) if there[0].kind != "country" else ""
            if bones and key not in WEAK:
                self._loosely.setdefault(bones, []).append(key)

    def __len__(self) -> int:
        return len(self._by_name)

    def named(self, name: str, countries: tuple[str, ...] = ()) -> tuple[PlaceName, ...]:
        """Every place of a name in some countries (none said: anywhere), the likelier first; empty where there is none.

        A word for the kind beside the name ("Mopti region", "cercle de Bankass") puts places of that kind first.
        """
        for words, kind in _ways(name):
            keys = [words] if words in self._by_name else self._loosely.get(loose(words), [])
            found = [p for key in keys for p in self._by_name[key] if not countries or p.iso3 in countries]
            if found:
                return tuple(sorted(found, key=lambda place: (not _is_kind(place, kind), *_worth(place))))
        return ()

    def find(self, text: str, language: str) -> tuple[Mention, ...]:
        """The places that a text names; the span is the name without words for its kind."""
        signs = folded(text)
        hits = [*self._known(signs), *self._other(signs)]
        spoken = spoken_of(signs)
        kept = _shared_kinds(text, _longest(hits))
        return tuple(_mention(text, hit, spoken, near) for hit, near in zip(kept, _beside(kept), strict=True))

    def _known(self, signs: Folded) -> Iterator[_Hit]:
        text = signs.original
        for start, end, key in self._finder.find(signs):
            first, last = signs.span(start, end)
            surface = text[first:last]
            places = self._by_name[key]
            if not _written(surface, places[0].name) or NOT_AFTER.search(signs.text[max(0, start - 30) : start]):
                continue
            if NOT_BEFORE.match(signs.text[end : end + 12]):
                continue
            before, after = words_before(text, first), words_after(text, last)
            kind = _kind(before, after)
            if places[0].kind == "country" and not _called(before, after):
                kind = None
            if self._stands(signs.text[start:end], kind, _Beside(before, after, starts_sentence(text, first)), surface):
                yield _Hit(first, last, kind, places)

    def _stands(self, key: str, kind: PlaceKind | None, beside: _Beside, surface: str) -> bool:
        """Whether a name is likely meant as that of a place, by what stands beside it."""
        places, before = self._by_name[key], beside.before
        if key in BORDERLESS or key in DIVISIONS:
            return kind == "admin1" and key in DIVISIONS
        if places[0].kind == "country":
            return True
        led = _led(before) or bool(before and before[0].capital and _is_place(before[0].folded, self._by_name))
        if kind is None and _in_longer_name(before, beside.after, self._by_name):
            return False
        weak = key in WEAK or (len(key) <= 3 and places[0].weight < 20)
        if weak:
            return kind is not None or (led and not beside.at_start)
        if " " in key or kind is not None or led or places[0].kind in STRONG or places[0].weight >= 3:
            return True
        return not beside.at_start or not heading(surface)

    def _other(self, signs: Folded) -> Iterator[_Hit]:
        """Names that are written otherwise than any that is known, and names that a text itself calls a place."""
        text = signs.original
        for start, end in capital(text):
            surface = text[start:end]
            key = fold(surface)
            if key in self._by_name or key in BORDERLESS or key in KIND_WORDS:
                continue
            before, after = words_before(text, start), words_after(text, end)
            kind = _kind(before, after)
            led = _led(before)
            sure = led or kind or (len(key) >= 7 and not starts_sentence(text, start))
            keys = self._loosely.get(loose(key), []) if sure else []
            if keys and not _in_longer_name(before, after, self._by_name):
                places = tuple(sorted((p for k in keys for p in self._by_name[k]), key=_worth))
                yield _Hit(start, end, kind, places, LOOSELY)
            elif kind == "town" and _named_after(before) and len(key) > 2:
                yield _Hit(start, end, kind, (PlaceName(surface, "", "town"),), BY_KIND)


def _share(found: dict[str, dict[tuple[str, str, int | None], PlaceName]], keys: list[str]) -> None:
    """Every spelling of a place means all that any of them means."""
    told = {same: place for key in keys[::-1] for same, place in found.get(key, {}).items()}
    for key in keys if told else ():
        found[key] = {**told, **found.get(key, {})}


def _point(told: dict[tuple[str, str, int | None], PlaceName]) -> None:
    """What is known without a point goes to the weightiest place of the name and country that has one."""
    for same, place in list(told.items()):
        if place.cell is None and place.kind in SPOTS:
            others = [p for p in told.values() if p.cell is not None and p.iso3 == place.iso3 and p.kind in SPOTS]
            if others:
                best = max(others, key=lambda p: p.weight)
                told[best.iso3, best.kind, best.cell] = replace(best, weight=best.weight + place.weight)
                del told[same]


def _worth(place: PlaceName) -> tuple[bool, bool, float, str, str]:
    """The likelier first: countries, then spots that are known well enough, then the weightiest."""
    well = place.kind in SPOTS and place.weight >= WELL_KNOWN
    return place.kind != "country", not well, -place.weight, place.kind, place.iso3


def _is_kind(place: PlaceName, kind: PlaceKind | None) -> bool:
    if kind == "town":
        return place.kind in SPOTS
    return kind is not None and place.kind == kind


def _ways(name: str) -> Iterator[tuple[str, PlaceKind | None]]:
    """A name as it is, then without the words for its kind."""
    words = fold(name)
    yield words, None
    for bare, kind in plain_names(name):
        yield fold(bare), kind
    parts = words.split()
    if len(parts) > 1 and parts[0] in KIND_WORDS:
        rest = parts[1:]
        while len(rest) > 1 and rest[0] in LINKS:
            rest = rest[1:]
        yield " ".join(rest), KIND_WORDS[parts[0]]
    if len(parts) > 1 and parts[-1] in KIND_WORDS:
        yield " ".join(parts[:-1]), KIND_WORDS[parts[-1]]


def _written(surface: str, name: str) -> bool:
    """Whether a name is written as one: with a capital, and an acronym in capitals."""
    if name.isupper() and len(name) <= 3:
        return surface == name
    if len(surface) <= 3 and surface.isupper() and not name.isupper():
        return False
    words = [word for word in surface.replace("-", " ").split() if len(word) > 3] or [surface]
    return all(any(letter.isupper() for letter in word) for word in (words[0], words[-1])) and (
        surface[:1].isupper() or not surface[:1].isalpha() or surface[:2].lower() in ("l'", "l’")
    )


def _kind(before: list[Word], after: list[Word]) -> PlaceKind | None:
    """The kind of place that the words beside a name say: "region of Mopti", "Mopti region", "cercle de Bankass"."""
    if after and not after[0].stops and after[0].folded in KIND_WORDS:
        return KIND_WORDS[after[0].folded]
    for word in before[:4]:
        if word.stops:
            break
        if word.folded in KIND_WORDS:
            return KIND_WORDS[word.folded]
        if word.folded not in LINKS:
            break
    return None


def _called(before: list[Word], after: list[Word]) -> bool:
    """Whether a name itself is called a town or an area ("the town of Mali", "Niger state"), not what lies in it ("a
    town in Mali", and as newspapers write it, "Mali town"): a country's name comes before a town's of the same name.
    """
    if after and not after[0].stops and KIND_WORDS.get(after[0].folded) in ("admin1", "admin2"):
        return True
    for word in before[:3]:
        if word.stops or word.folded not in OF:
            return not word.stops and word.folded in KIND_WORDS
    return False


def _led(before: list[Word]) -> bool:
    """Whether a word that leads to a place stands before a name, with or without an article: "in", "dans les"."""
    if not before or before[0].stops:
        return False
    article = before[0].folded in ARTICLES and len(before) > 1 and not before[1].stops
    return before[0].folded in LEADING or (article and before[1].folded in LEADING)


def _is_place(word: str, known: dict[str, tuple[PlaceName, ...]]) -> bool:
    return word in known and word not in WEAK


def _named_after(before: list[Word]) -> bool:
    """Whether the text calls what follows a place by a word just before it: "village of Moura"."""
    return _kind(before, []) is not None and bool(before)


def _in_longer_name(before: list[Word], after: list[Word], known: dict[str, tuple[PlaceName, ...]]) -> bool:
    """Whether a capitalised word beside a name makes it part of the name of somebody or something else."""
    left, right = before[0] if before else None, after[0] if after else None
    if left and not left.stops and left.capital and not left.starts and left.folded not in MAY_PRECEDE:
        return left.folded not in known
    if left and not left.stops and left.capital and left.starts and left.folded not in MAY_PRECEDE:
        return len(left.text) > 3 and left.folded not in known and left.folded not in KIND_WORDS and not left.common
    if right and not right.stops and right.capital and right.folded not in MAY_FOLLOW:
        return right.folded not in known
    return False


def _longest(hits: Iterable[_Hit]) -> list[_Hit]:
    """The longest of hits that overlap, in the order of the text."""
    kept: list[_Hit] = []
    end = -1
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if hit.start >= end:
            kept.append(hit)
            end = hit.end
        elif hit.end - hit.start > kept[-1].end - kept[-1].start:
            kept[-1], end = hit, hit.end
    return kept


def _shared_kinds(text: str, hits: list[_Hit]) -> list[_Hit]:
    """The hits, with the kind that a word in the plural says of a list: "the regions of Gao, Kidal and Ménaka"."""
    made = list(hits)
    first = 0
    for last in range(len(hits)):
        if last + 1 < len(hits) and _AND.fullmatch(text[hits[last].end : hits[last + 1].start]):
            continue
        ends = (
            [*words_before(text, hits[first].start, 3), *words_after(text, hits[last].end, 1)] if last > first else []
        )
        many = any(word.folded.endswith("s") and word.folded in KIND_WORDS and not word.stops for word in ends)
        kind = hits[first].kind or hits[last].kind
        for number in range(first, last + 1) if many and kind else ():
            made[number] = replace(hits[number], kind=kind)
        first = last + 1
    return made


def _beside(hits: list[_Hit]) -> list[set[str]]:
    """For each place the folded names of the others that are named near it."""
    names, starts = [fold(hit.places[0].name) for hit in hits], [hit.start for hit in hits]
    found: list[set[str]] = []
    for number, hit in enumerate(hits):
        first, last = bisect_left(starts, hit.start - NEAR), bisect_right(starts, hit.start + NEAR)
        found.append({*names[first:number], *names[number + 1 : last]})
    return found


def _mention(text: str, hit: _Hit, spoken: tuple[str, ...], near: set[str]) -> Mention:
    beside = fold(text[hit.end : hit.end + NEXT]) if text[hit.end : hit.end + 1] == "," else ""
    wanted = LOOSE_KINDS.get("", ()) or ((hit.kind,) if hit.kind else ())

    def likely(place: PlaceName) -> tuple[bool, bool, bool, int, bool, float, str]:
        within = fold(place.within).rpartition(" ")[0] or fold(place.within)
        rank = spoken.index(place.iso3) if place.iso3 in spoken else len(spoken)
        kind = bool(wanted) and not any(_is_kind(place, k) for k in wanted)
        country, spot, *_ = _worth(place)
        country = country and not (within and beside.startswith(within))
        return kind, country, not (within and within in near), rank, spot, -place.weight, place.iso3

    ordered = tuple(sorted(hit.places, key=likely))
    first = ordered[0]
    if hit.rule == BY_KIND and len(spoken) == 1:
        first = replace(first, iso3=spoken[0])
        ordered = (first,)
    return Mention(hit.start, hit.end, text[hit.start : hit.end], PlaceMeaning(first, ordered[1:]), hit.rule)
