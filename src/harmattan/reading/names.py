"""Finds the names of a dossier's actors in a text, and offers names that it does not know."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harmattan.dossier.book import Book
from harmattan.dossier.names import Resolved, Resolver
from harmattan.dossier.senses import is_short
from harmattan.reading.countries import spoken_of
from harmattan.reading.folding import Finder, Folded, fold, folded
from harmattan.reading.introduced import Introduced, introduced
from harmattan.reading.mentions import ActorMeaning, Mention, without_overlaps
from harmattan.reading.name_words import GENERIC, KEPT_WITH, NO_NAMES, NOT_AN_ARMY, PARTICLES, SUBJECTS, TITLES, WORDS_TOO
from harmattan.reading.new_names import new_names
from harmattan.reading.surface import Taken, starts_sentence, words_after, words_before
from harmattan.text.speaker import LANGUAGES, country_name

RULE, BOUND, SURNAME, SPELLED = "reading.names", "reading.names.bound", "reading.names.surname", "reading.names.spelled"
NOT_FOUND = frozenset({"community", "civilians"})
"""Kinds of actors that are no names: peoples, and civilians."""
TEXTUAL = ("exact", "acronym", "alias", "transliteration")


@dataclass(frozen=True)
class _Known:
    """A name that is looked for."""

    text: str
    actors: frozenset[str]
    own: frozenset[str] = frozenset()
    """Those that the dossier calls so itself, and not only in a data set's words."""
    derived: str | None = None
    """The actor that a form belongs to which the dossier itself does not list."""


class Names:
    """The names of a book, to be found in texts.

    >>> from harmattan.dossier.records import Actor, Name
    >>> front = Actor(id="front", kind="armed_group", label={"en": "Northern Front", "fr": "Front du Nord"})
    >>> book = Book({"front": front}, (Name(actor="front", text="Northern Front"),), (), (), (), (), {})
    >>> found = Names(book, Resolver(book)).find("The Northern Front (NF) left. NF fighters stayed.", "en", None)
    >>> [(mention.text, mention.meaning.actor) for mention in found]
    [('Northern Front', 'front'), ('NF', 'front'), ('NF', 'front')]
    """

    def __init__(self, book: Book, resolver: Resolver) -> None:
        self._book, self._resolver = book, resolver
        known: dict[str, list[_Known]] = {}
        for key, name in _listed(book):
            known.setdefault(key, []).append(name)
        for key, name in _armies(book):
            known.setdefault(key, [name])
        self._known = known
        self._finder: Finder[list[_Known]] = Finder(known)
        self._surnames = _surnames(book)
        peoples = {actor.id for actor in book.actors.values() if actor.kind in NOT_FOUND}
        self._peoples = frozenset(fold(name.text) for name in book.names if name.actor in peoples)

    def find(self, text: str, language: str, day: dt.date | None) -> tuple[Mention, ...]:
        """The known actors that a text names, as of a day (None: any day); the span is the name alone.

        An actor is None where a name may mean several; whom it may mean is then among its candidates.
        """
        signs = folded(text)
        countries = spoken_of(signs)
        found = list(self._named(signs, language, day, countries))
        found = _outside(len(text), found, self._bound(text, found))
        found += self._spelled(text, found, day)
        found += self._by_surname(text, signs, found, countries)
        return without_overlaps(found)

    def new(self, text: str, language: str, known: Iterable[Mention]) -> tuple[Mention, ...]:
        """Capitalised names that are not among the known mentions, offered as new actors."""
        found = new_names(text, language, tuple(known))
        return tuple(mention for mention in found if fold(mention.text) not in self._peoples)

    def _named(
        self, signs: Folded, language: str, day: dt.date | None, countries: tuple[str, ...]
    ) -> Iterator[Mention]:
        text = signs.original
        for start, end, names in self._finder.find(signs, plural=True):
            first, last = signs.span(start, end)
            surface = text[first:last]
            fitting = [name for name in names if _written(surface, name.text, language)]
            if not fitting or _shouted(text, first, last, surface):
                continue
            key = signs.text[start:end]
            if key in WORDS_TOO and starts_sentence(text, first):
                continue
            after = words_after(text, last, 1)
            if key.endswith(" military") and after and not after[0].stops and after[0].folded in NOT_AN_ARMY:
                continue
            meaning = self._meaning(fitting, day, countries)
            if meaning is not None:
                first, last = self._trimmed(signs, start, end, meaning)
                last += text[last - 2 : last - 1] == "." and text[last : last + 1] == "."
                yield Mention(first, last, text[first:last], meaning, RULE)

    def _meaning(self, names: list[_Known], day: dt.date | None, countries: tuple[str, ...]) -> ActorMeaning | None:
        """Whom the dossier's resolver says that a name means on a day in the countries spoken of."""
        name = names[0]
        if name.derived is not None:
            return ActorMeaning(name.derived, (name.derived,), "alias", self._book.label(name.derived, "en"))
        found = self._resolver.resolve(name.text, day=day)
        if not found.sure:
            found = self._abroad(name.text, day, countries) or found
        actors = [c.actor for c in found.candidates if c.reason in TEXTUAL and c.fits != "not there"]
        if not actors or all(self._kind(actor) in NOT_FOUND for actor in actors):
            return None
        actor = found.actor
        if actor is None:
            possible = dict.fromkeys(c.actor for c in found.candidates if c.reason in TEXTUAL and c.fits == "not then")
            others = [c for c in found.candidates if c.reason in TEXTUAL and c.fits not in ("not then", "not there")]
            own = [a for a in possible if a in name.own] if len(possible) > 1 else list(possible)
            actor = own[0] if len(own) == 1 and not others else None
        return ActorMeaning(actor, tuple(dict.fromkeys(actors)), found.reason, found.name or name.text)

    def _abroad(self, text: str, day: dt.date | None, countries: tuple[str, ...]) -> Resolved | None:
        """Whom a name means for certain in the countries that the text speaks of, where they agree."""
        told = [self._resolver.resolve(text, day=day, country=country) for country in countries[:6]]
        sure = [found for found in told if found.sure]
        return sure[0] if sure and len({found.actor for found in sure}) == 1 else None

    def _kind(self, actor: str) -> str:
        known = self._book.actors.get(actor)
        return known.kind if known else ""

    def _trimmed(self, signs: Folded, start: int, end: int, meaning: ActorMeaning) -> tuple[int, int]:
        """The span without generic words and titles at its edges, where what is left is a name of the same actor."""
        text, words = signs.original, signs.text[start:end].split(" ")
        person = self._kind(meaning.actor or "") == "person"
        first, last = 0, len(words)
        while last - first > 1 and (words[first] in GENERIC or (person and words[first] in TITLES)):
            first += 1
        while last - first > 1 and words[last - 1] in GENERIC:
            last -= 1
        rest = " ".join(words[first:last])
        named = any(meaning.actor in name.actors for name in self._known.get(rest, ()))
        titled = person and last - first < len(words) and rest in self._surnames
        whole = signs.span(start, end)
        if len(rest) == end - start or not (named or titled):
            return whole
        before, after = words[:first], words[last:]
        if any(word in KEPT_WITH and _has_capital(text[whole[0] : whole[1]], word) for word in (*before, *after)):
            return whole
        offset = sum(len(word) + 1 for word in before)
        return signs.span(start + offset, start + offset + len(rest))

    def _bound(self, text: str, found: list[Mention]) -> list[Mention]:
        """The acronyms that the text itself introduces, wherever they stand after that."""
        ends = {mention.end: mention for mention in found}
        made: list[Mention] = []
        for told in introduced(text):
            long = ends.get(told.end)
            meaning = long.meaning if long is not None else self._long(told)
            where = re.compile(rf"(?<![\w-]){re.escape(told.acronym)}(?!\w)")
            for match in where.finditer(text, told.at):
                if isinstance(meaning, ActorMeaning):
                    made.append(Mention(match.start(), match.end(), match[0], meaning, BOUND))
                else:
                    made.append(Mention(match.start(), match.end(), match[0], _nobody(told.long), BOUND))
        return made

    def _long(self, told: Introduced) -> ActorMeaning | None:
        known = self._known.get(fold(told.long))
        return self._meaning(known, None, ()) if known else None

    def _spelled(self, text: str, found: list[Mention], day: dt.date | None) -> list[Mention]:
        """Names of several words that the dossier knows in another spelling, such as transliterations."""
        made: list[Mention] = []
        for mention in new_names(text, "en", tuple(found)):
            words = mention.text.split()
            if len(words) < 2:
                continue
            told = self._resolver.resolve(mention.text, day=day, candidates=False)
            if told.actor is not None and told.name and self._kind(told.actor) not in NOT_FOUND:
                meaning = ActorMeaning(told.actor, (told.actor,), told.reason, told.name)
                made.append(Mention(mention.start, mention.end, mention.text, meaning, SPELLED))
        return made

    def _by_surname(self, text: str, signs: Folded, found: list[Mention], countries: tuple[str, ...]) -> list[Mention]:
        """Family names alone: of persons named in full before, and after a title where one known person bears it."""
        full = {
            m.meaning.actor: m.start
            for m in reversed(found)
            if isinstance(m.meaning, ActorMeaning) and m.meaning.actor and self._kind(m.meaning.actor) == "person"
        }
        made: list[Mention] = []
        for start, end, actors in Finder(self._surnames).find(signs) if self._surnames else ():
            first, last = signs.span(start, end)
            if not text[first].isupper() and not signs.text[start:end].startswith(("al ", "ag ")):
                continue
            before = words_before(text, first, 2)
            titled = bool(before) and not before[0].stops and before[0].folded in TITLES
            beside = bool(before) and not before[0].stops and before[0].capital and before[0].folded not in NO_NAMES
            told = [actor for actor in actors if full.get(actor, first) < first]
            if not told and titled:
                told = [a for a in actors if not countries or set(self._book.actors[a].countries) & set(countries)]
            if not told or (beside and not titled):
                continue
            surface, sole = text[first:last], told[0] if len(set(told)) == 1 else None
            name = self._book.label(told[0], "en")
            made.append(Mention(first, last, surface, ActorMeaning(sole, tuple(told), "alias", name), SURNAME))
        taken = Taken(len(text), found)
        return [mention for mention in made if not taken.meets(mention.start, mention.end)]


def _nobody(long: str) -> ActorMeaning:
    return ActorMeaning(None, (), "none", long)


def _outside(size: int, found: list[Mention], bound: list[Mention]) -> list[Mention]:
    """The mentions but those that are an acronym the text binds; and of the bound ones those that mean somebody."""
    acronyms = Taken(size, bound)
    kept = [mention for mention in found if not acronyms.holds(mention.start, mention.end)]
    others = Taken(size, kept)
    told = [b for b in bound if isinstance(b.meaning, ActorMeaning) and b.meaning.candidates]
    return kept + [mention for mention in told if not others.meets(mention.start, mention.end)]


def _listed(book: Book) -> Iterator[tuple[str, _Known]]:
    """Every name of the book that can be looked for, by how it is folded."""
    there: dict[str, set[str]] = {}
    own = {(name.text, name.actor) for name in book.names if name.source is None}
    listed = {fold(name.text) for name in book.names}
    for name in book.names:
        there.setdefault(name.text, set()).add(name.actor)
    for text, actors in there.items():
        if all(book.actors[a].kind in NOT_FOUND for a in actors if a in book.actors):
            continue
        known = _Known(text, frozenset(actors), frozenset(a for a in actors if (text, a) in own))
        bare = re.sub(r"\s*\([^)]*\)", "", text).strip()
        forms = (text, bare) if known.own and fold(bare) not in listed else (text,)
        for form in dict.fromkeys(forms):
            if len(fold(form)) > 1 and ": " not in form:
                yield fold(form), known


def _armies(book: Book) -> Iterator[tuple[str, _Known]]:
    """The usual forms for a state's army: "Mali's army", "armed forces of Mali", "l'armée du Mali"."""
    for actor in book.actors.values():
        if actor.kind != "state_force" or len(actor.countries) != 1 or not _is_army(book, actor.id):
            continue
        english, french = (country_name(actor.countries[0], language) for language in LANGUAGES)
        adjectives = {n.text.rpartition(" ")[0] for n in book.names if n.actor == actor.id and n.text.endswith(" army")}
        forms = [f"{adj} {what}" for adj in adjectives for what in ("army", "armed forces", "military")]
        forms += [f"{english}'s {what}" for what in ("army", "armed forces", "military")]
        forms += [f"{english} army", *(f"{what} of {english}" for what in ("army", "armed forces"))]
        forms += [f"{w} {of}{french}" for w in ("armée", "forces armées") for of in ("du ", "de la ", "de l'", "de ")]
        for form in forms:
            yield fold(form), _Known(form, frozenset({actor.id}), derived=actor.id)


def _is_army(book: Book, actor: str) -> bool:
    return any(
        name.actor == actor and name.text.casefold().startswith(("armée", "forces armées")) for name in book.names
    )


def _surnames(book: Book) -> dict[str, list[str]]:
    """The persons who bear each folded family name, with and without the particle before it."""
    found: dict[str, dict[str, None]] = {}
    for name in book.names:
        actor = book.actors.get(name.actor)
        if actor is None or actor.kind != "person" or name.source is not None:
            continue
        words = fold(re.sub(r"\s*\([^)]*\)", "", name.text)).split()
        if len(words) < 2 or not words[-1].isascii() or len(words[-1]) < 3:
            continue
        found.setdefault(words[-1], {})[actor.id] = None
        if words[-2] in PARTICLES:
            found.setdefault(" ".join(words[-2:]), {})[actor.id] = None
    return {surname: list(actors) for surname, actors in found.items()}


def _has_capital(surface: str, word: str) -> bool:
    return any(fold(piece) == word and piece[:1].isupper() for piece in re.split(r"[\s-]+", surface))


def _written(surface: str, name: str, language: str) -> bool:
    """Whether a name is written as names are: acronyms in capitals, words that have a capital with at least one."""
    if is_short(name) or (len(name) <= 4 and sum(c.isupper() for c in name) >= 2):
        if len(fold(name)) <= 2 and not _of_language(name, language):
            return False
        letters = surface.removesuffix("s")
        as_word = len(fold(name)) >= 4 and surface[:1].isupper() and surface[1:].islower()
        return sum(c.isupper() for c in letters) >= max(2, len(fold(name)) - 2) or as_word or surface == name
    words = [piece for piece in re.split(r"[\s\-‐‑]+", name) if piece]
    if len(words) == 1:
        return surface[:1].isupper() or any(c.isupper() for c in surface) or not any(c.isupper() for c in name)
    inner = [word for word in words[1:] if word[:1].isupper()]
    if not inner and not any(len(w) > 1 and w.isupper() for w in words):
        return True
    return any(c.isupper() for c in surface)


_TWO_LETTERS = {"UN": "en", "EU": "en", "AU": "en", "IS": "en", "UE": "fr", "UA": "fr", "EI": "fr", "AQ": ""}


def _of_language(name: str, language: str) -> bool:
    return _TWO_LETTERS.get(name, language) in (language, "")


def _shouted(text: str, first: int, last: int, surface: str) -> bool:
    """Whether a short acronym stands in a line that is all in capitals, where capitals say nothing."""
    if len(surface) > 4 or not surface.isupper():
        return False
    near, least = (1, 2) if len(surface) == 2 else (2, 4)
    beside = [*words_before(text, first, near), *words_after(text, last, near)]
    if surface == "IS" and beside and beside[0].folded in SUBJECTS:
        return True
    loud = [w for w in beside if not w.stops and len(w.text) >= least and w.text.isalpha() and w.text.isupper()]
    return len(loud) >= (1 if len(surface) == 2 else 2)
