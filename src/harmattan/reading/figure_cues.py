"""What a figure counts, by the noun behind it and by the verb or noun that governs it in its clause.

Each figure looks behind itself up to the next figure and before itself back to the one before. A participle behind it
("were killed", "blessés") is its own, unless it takes the next figure as its object; before it only a verb that takes
an object ("killing", "a tué") or a noun that is said of somebody ("the execution of") counts, and no passive. A figure
without a cue of its own takes that of the one it is joined to ("12 soldiers and three civilians were killed").
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from harmattan.reading.figure_words import NOUNS, STOPS, Cue, cues
from harmattan.reading.mentions import Sentence
from harmattan.vocabulary.document import Language

BEHIND = 130
"""How many characters behind a figure its verb may stand."""
BEFORE = 70
"""How many characters before a figure the verb or noun that governs it may stand."""
NEAR = 28
"""Within so many characters a cue before a figure goes before one behind it."""

_VICTIM = ("deaths", "injured", "abducted", "arrested")
_STATUS = ("idps", "refugees", "returnees", "displaced", "abducted", "arrested")
_PASSIVE = {
    "en": re.compile(r"\b(?:was|were|been|being|be|are|is|getting|got)\s(?:\w{1,14}ly\s|also\s|all\s|then\s)?$", re.I),
    "fr": re.compile(r"\b(?:été|être|sont|est|étaient|était|soient|furent|fut)\s(?:\w{1,14}ment\s|aussi\s|tous\s)?$", re.I),
}
_HAVING = re.compile(r"\b(?:a|ont|avait|avaient|ayant|ai|aurait|auraient|avoir|avons)\s(?:\w{1,14}ment\s|aussi\s|également\s|ainsi\s)?$", re.I)
_FREE = {
    "en": re.compile(
        r"\s*(?:$|[,.;:()—–\n!?“”\"]|(?:in|at|by|on|during|after|when|as|and|or|near|since|across|while|over|around|last|this|yesterday|today|from|to"
        r"|with|inside|outside|between|following|so|there|because|including|mostly|among|within|under|for|along|about|when|throughout|before"
        r"|against|who|here|so|also|alone|early|late|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)"
    ),
    "fr": re.compile(r""),
}
"""What may follow a participle; another word is the object of an active verb ("20 gunmen killed villagers")."""
_SMALL = {
    "en": re.compile(r"\s*(?:a total of|another|a further|its|their|the|other|further)?\s*$", re.I),
    "fr": re.compile(r"\s*(?:un total de|les|ses|leurs|d['’]|de|des|à)?\s*$", re.I),
}
_JOINT = {
    "en": re.compile(r"\b(?:and|including|as well as|plus|or)\b|,|\(|—|–|among them", re.I),
    "fr": re.compile(r"\b(?:et|dont|ainsi que|plus|parmi|ou|y compris)\b|,|\(|—|–", re.I),
}
_AGENT = re.compile(r"\b(?:by|par|when|lorsque|after|après|who|qui|in which|against|contre)\b", re.I)
_OTHERS = re.compile(
    r"\b(?:plusieurs|des|nombreux|nombreuses|quelques|d['’]autres|several|dozens|scores|many|hundreds)\s(?:were\s|de\s)?$", re.I
)
"""Before a participle that speaks of others than those counted."""
_WHO = re.compile(r"\b(?:who|qui)\s(?:\w+\s)?$", re.I)
_BREAK = re.compile(r";|\b(?:while|whereas|tandis que|alors que|but|mais)\b", re.I)
_CIVIL = re.compile(r"\bcivil(?:ian|e)?s?\b|\bvillageois\b|\bvillagers\b", re.I)
_FUNDS = re.compile(
    r"\b(?:requir\w*|need(?:s|ed)?|appeal\w*|seek(?:s|ing)?|funding|funded|response plan|humanitarian|besoins?|nécessaires?|requis\w*|financement"
    r"|appel\w*|plan de réponse|humanitaire|nécessit\w+|request\w*|réclam\w+)\b",
    re.I,
)
_CLOSED = re.compile(r"\b(?:clos(?:ed|ure|ures|ing)|shut\w*|non[- ]functional|ferm(?:ée?s?|eture|etures|er)|non fonctionnelles?|portes closes)\b", re.I)
_GOLD = re.compile(r"\bgold\b|\bd['’]or\b", re.I)


@dataclass(frozen=True)
class Counted:
    """A figure's span and unit (percent, tonnes, strong, a currency, or nothing)."""

    start: int
    end: int
    unit: str = ""


@dataclass(frozen=True)
class _Clue:
    """A cue in the text."""

    start: int
    end: int
    cue: Cue


@dataclass
class _Ask:
    """What is known of one figure while its sentence is read."""

    figure: Counted
    noun: str = ""
    """The class of noun behind it: person, force, civilian, deaths, …"""
    word: str = ""
    """The first word behind it where no noun is known."""
    civil: bool = False
    cue: str = ""
    behind: bool = False
    """Whether the cue stands behind it."""


def counted(
    text: str, sentence: Sentence, figures: Sequence[Counted], language: Language
) -> list[tuple[str | None, str]]:
    """For each figure of a sentence, in order, its indicator and unit; ("", None) where nothing is counted."""
    asks = [_Ask(figure) for figure in figures]
    clues = _clues(text, sentence, language)
    used: set[int] = set()
    for index, ask in enumerate(asks):
        end = figures[index + 1].start if index + 1 < len(figures) else sentence.end
        start = figures[index - 1].end if index else sentence.start
        _name(text, ask, min(end, sentence.end), language)
        _govern(text, ask, start, end, index + 1 < len(figures), used, clues, language)
    _share(text, asks, language)
    whole = text[sentence.start : sentence.end]
    return [_told(ask, whole) for ask in asks]


def _name(text: str, ask: _Ask, end: int, language: Language) -> None:
    """The noun behind a figure, within the words that say what is counted."""
    phrase = text[ask.figure.end : min(end, ask.figure.end + 70)]
    if stop := STOPS[language].search(phrase):
        phrase = phrase[: stop.start()]
    found = list(NOUNS[language].finditer(phrase))
    kinds = [str(one.lastgroup) for one in found]
    ask.civil = bool(_CIVIL.search(phrase)) or "civilian" in kinds
    if kinds:
        order = ("deaths", "injured", "idps", "refugees", "returnees", "displaced", "peacekeeper", "abducted", "arrested", "events", "schools")
        ask.noun = next((k for k in order if k in kinds), kinds[0])
        if ask.noun in ("events", "schools") and kinds[0] != ask.noun:
            ask.noun = kinds[0]
    if word := re.match(r"\s*(?:de\s|d['’]|of\s|autres\s|other\s|more\s)?([^\W\d_][\w'’-]{1,30})", phrase):
        ask.word = word.group(1).lower()


def _clues(text: str, sentence: Sentence, language: Language) -> list[_Clue]:
    table = cues(language)
    return [
        _Clue(found.start(), found.end(), table.table[int(str(found.lastgroup)[1:])])
        for found in table.pattern.finditer(text, sentence.start, sentence.end)
    ]


def _govern(
    text: str, ask: _Ask, start: int, end: int, more: bool, used: set[int], clues: list[_Clue], language: Language
) -> None:
    before = _cue_before(text, ask.figure.start, start, used, clues, language)
    if before is not None and before[1] <= NEAR:
        ask.cue = before[0].what
        return
    behind = _cue_behind(text, ask.figure.end, end, more, clues, language)
    if behind is not None:
        ask.cue, ask.behind = behind.cue.what, True
        used.add(behind.start)
    elif before is not None:
        ask.cue = before[0].what


def _cue_behind(text: str, at: int, end: int, more: bool, clues: list[_Clue], language: Language) -> _Clue | None:
    limit = min(end, at + BEHIND)
    if stop := _BREAK.search(text, at, limit):
        limit = stop.start()
    for clue in clues[bisect_left(clues, at, key=lambda c: c.start) :]:
        if clue.end > limit:
            return None
        if clue.cue.form in ("act", "of"):
            continue
        ahead, past = text[at : clue.start], text[clue.end : limit]
        if _OTHERS.search(ahead):
            continue
        if clue.cue.form == "both" and _takes_object(ahead, past, more and limit == end, language):
            continue
        if clue.cue.form == "both" and _WHO.search(ahead) and not _PASSIVE[language].search(ahead):
            continue
        return clue
    return None


def _takes_object(ahead: str, past: str, more: bool, language: Language) -> bool:
    """Whether a word that may be a participle is an active verb here."""
    if language == "fr":
        return _HAVING.search(ahead) is not None
    if _PASSIVE["en"].search(ahead):
        return False
    if more and _SMALL["en"].fullmatch(past):
        return True
    return not (_FREE["en"].match(past))


def _cue_before(
    text: str, at: int, start: int, used: set[int], clues: list[_Clue], language: Language
) -> tuple[Cue, int] | None:
    """The last cue before a figure that takes it as its object, and how far off it ends."""
    low = max(start, at - BEFORE)
    last = bisect_right(clues, at, key=lambda c: c.end)
    for clue in reversed(clues[max(0, last - 12) : last]):
        if clue.start < low:
            return None
        if clue.start not in used and _reaches(text, clue, at, language):
            return clue.cue, len(text[clue.end : at].strip())
    return None


def _reaches(text: str, clue: _Clue, at: int, language: Language) -> bool:
    """Whether the figure that starts at `at` can be the object of a verb, or follow a noun, before it."""
    ahead, gap = text[max(0, clue.start - 24) : clue.start], text[clue.end : at]
    form = clue.cue.form
    if form == "done" or ";" in gap or _AGENT.search(gap) or (form != "of" and _BREAK.search(gap)):
        return False
    if form == "both":
        if language == "fr":
            plain = text[clue.end - 1] not in "se"
            return _HAVING.search(ahead) is not None or (plain and re.search(r"\bet\s$", ahead) is not None)
        return _PASSIVE["en"].search(ahead) is None
    return form == "of" or len(gap) <= 50


def _share(text: str, asks: list[_Ask], language: Language) -> None:
    """Lets figures without a cue take that of the figure they are joined to."""
    for index in range(len(asks) - 2, -1, -1):
        ask, after = asks[index], asks[index + 1]
        if not ask.cue and after.cue and after.behind and _open(ask) and _open(after) and _near(text, ask, after, language):
            ask.cue, ask.behind = after.cue, True
    for index in range(1, len(asks)):
        ask, before = asks[index], asks[index - 1]
        if not ask.cue and _open(ask) and _near(text, before, ask, language):
            ask.cue = before.cue or (before.noun if before.noun in _VICTIM else "")


def _open(ask: _Ask) -> bool:
    """Whether a figure counts people and may share a verb."""
    return not ask.figure.unit and ask.noun in ("", "person", "civilian", "force", "peacekeeper", "refugees", "idps", "displaced", "returnees")


def _near(text: str, first: _Ask, last: _Ask, language: Language) -> bool:
    gap = text[first.figure.end : last.figure.start]
    return len(gap) <= 70 and _JOINT[language].search(gap) is not None and not _BREAK.search(gap)


def _told(ask: _Ask, sentence: str) -> tuple[str | None, str]:
    unit, noun, cue = ask.figure.unit, ask.noun, ask.cue
    if unit == "percent":
        return "percent", "percent"
    if unit == "tonnes":
        return ("gold_tonnes" if _GOLD.search(sentence) else None), "tonnes"
    if unit == "strong":
        return "troops", "people"
    if unit:
        return ("funding_required_usd" if unit == "USD" and _FUNDS.search(sentence) else None), unit
    if noun == "schools":
        return ("schools_closed" if _CLOSED.search(sentence) else None), "schools"
    if noun == "events":
        return "events", "events"
    indicator = _people(ask, noun, cue)
    if indicator is not None or noun:
        return indicator, "people"
    return None, ask.word


def _people(ask: _Ask, noun: str, cue: str) -> str | None:
    if noun in ("deaths", "injured"):
        return _killed(ask) if noun == "deaths" else noun
    if cue in _VICTIM:
        return _killed(ask) if cue == "deaths" else cue
    if noun in _STATUS:
        return noun
    if cue and not (cue == "troops" and noun in ("person", "civilian", "")):
        return cue
    if noun in ("force", "peacekeeper") or (cue == "troops" and ask.noun == "person"):
        return "troops"
    return None


def _killed(ask: _Ask) -> str:
    if ask.noun == "peacekeeper":
        return "peacekeepers_killed"
    return "civilians_killed" if ask.civil else "deaths"
