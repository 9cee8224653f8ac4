"""The verbs and nouns that say what became of those counted, in English and French.

A cue is a verb or noun that says what became of those counted. Its form says on which side of it the figure stands:

- `done`: a participle or intransitive verb after the counted ("313 people were killed", "12 soldats tués");
- `act`: a verb before its object ("killing 300 civilians", "ont tué 12 soldats");
- `of`: a noun before the counted ("the execution of 300 civilians", "un bilan de 12 morts").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from harmattan.reading.figure_words import spaced
from harmattan.vocabulary.document import Language


@dataclass(frozen=True)
class Cue:
    """What became of those counted, and where its figure stands."""

    what: str
    form: str
    words: str


_CUES: dict[Language, tuple[Cue, ...]] = {
    "en": (
        Cue("deaths", "both",
            r"killed|murdered|executed|massacred|slaughtered|beheaded|assassinated|gunned down|shot dead"
            r"|burned alive|slain|hanged|lynched|eliminated|neutrali[sz]ed"),
        Cue("deaths", "done", r"died|dead|perished|lost their lives|lost (?:his|her) life|drowned|succumbed"),
        Cue("deaths", "act",
            r"killing|kills?|murdering|executing|massacring|slaughtering|beheading|claim(?:ed|ing"
            r"|s)? the lives of|claim(?:ed|ing|s)?(?= \S{1,20} lives)|cost(?:ing)? the lives of|lost"),
        Cue("deaths", "of",
            r"deaths? of|death toll|toll|killings? of|executions? of|massacres? of|murders? of|fatalities"
            r"|lives of|bodies of|loss of|slaughter of|casualties"),
        Cue(
            "other",
            "both",
            r"missing|unaccounted for|disappeared|released|freed|surrendered|escaped|survived|rescued|evacuated|acquitted",
        ),
        Cue("injured", "both", r"wounded|injured|maimed|hurt"),
        Cue("injured", "act", r"wounding|injuring|wounds|injures|maiming"),
        Cue("abducted", "both", r"abducted|kidnapped|taken hostage|held hostage|taken captive|seized"),
        Cue("abducted", "act", r"abducting|kidnapping|took hostage|taking hostage|kidnaps|abducts|seizing"),
        Cue("abducted", "of", r"abductions? of|kidnappings? of"),
        Cue("arrested", "both",
            r"arrested|detained|jailed|imprisoned|apprehended|rounded up|captured|taken prisoner"),
        Cue("arrested", "act", r"arresting|detaining|arrests|detains|capturing"),
        Cue("arrested", "of", r"arrests? of|detention of|capture of"),
        Cue("idps", "done", r"internally displaced|displaced internally|displaced within|displaced inside"),
        Cue("displaced", "both", r"displaced|uprooted|driven from|driven out|forced from"),
        Cue("displaced", "act", r"displacing|displaces|uprooting|drove|driving|forc(?:ed|ing)"),
        Cue("displaced", "of", r"displacements? of|flight of"),
        Cue("displaced", "done", r"fled|flee(?:ing)?|forced to (?:flee|leave)|left their homes|abandoned their"),
        Cue("refugees", "done",
            r"sought refuge|taken refuge|seeking refuge|crossed into|as refugees|fled to neighbou?ring"
            r"|crossed the border"),
        Cue("returnees", "done", r"returned|gone home|gone back|repatriated|returning|returned home"),
        Cue("people_in_need", "done",
            r"in need|(?:will )?(?:need|require)(?:s|d|ing)?|in urgent need|dependent on|depend on|rely on"
            r"|relying on"),
        Cue("people_targeted", "both", r"targeted|to be (?:reached|assisted)"),
        Cue("people_targeted", "act", r"target(?:s|ing)?|to (?:reach|assist|help)|reach(?:ing|es)?|assisting"),
        Cue("food_insecure", "done",
            r"food[- ]insecure|food insecurity|hungry|hunger|acutely food|famine|starvation|starving"
            r"|food crisis"),
        Cue("troops", "done", r"deployed|stationed|strong|withdr(?:e|a)wn?|garrisoned|serving"),
        Cue("troops", "act",
            r"deploy(?:s|ed|ing)?|send(?:s|ing)?|sent|station(?:ed|ing)|withdr(?:e|a)w(?:n|ing|s)?|number(?:s"
            r"|ed|ing)|commit(?:ted|ting)|pull(?:ed|ing) out"),
        Cue("troops", "of",
            r"force of|contingent of|deployment of|strength of|garrison of|reinforcements? of|army of"
            r"|mission of|withdrawal of|troops|ceiling of|authori[sz]ed|battalion of|column of"),
    ),
    "fr": (
        Cue("deaths", "both",
            r"tuée?s?|assassinée?s?|exécutée?s?|massacrée?s?|abattue?s?|égorgée?s?|éliminée?s?|neutralisée?s?"
            r"|décapitée?s?"),
        Cue("deaths", "done",
            r"sont mort(?:e)?s?|mort(?:e)?s?|péri|décédée?s?|perdu la vie|trouvé la mort|succombé"
            r"|perdu leur vie"),
        Cue("deaths", "act",
            r"tuant|tuent|tue|exécutant|massacrant|assassinant|abattant|coûté la vie à|coûtant la vie à|perdu"),
        Cue("deaths", "of",
            r"(?:la )?mort d|bilan|exécutions? d|massacres? d|assassinats? d|meurtres? d|décès d|la vie à"
            r"|la vie d|corps d|mise à mort d|pertes?"),
        Cue(
            "other",
            "done",
            r"portée?s? disparue?s?|disparue?s?|libérée?s?|relâchée?s?|rendue?s|évadée?s?|survécu|sauvée?s?|évacuée?s?|acquittée?s?",
        ),
        Cue("injured", "both", r"blessée?s?"),
        Cue("injured", "act", r"blessant|blessent"),
        Cue("abducted", "both",
            r"enlevée?s?|kidnappée?s?|prise?s? en otages?|retenue?s? en otages?|capturée?s?|ravie?s"),
        Cue("abducted", "act", r"enlevant|kidnappant|pris en otages?|prenant en otages?"),
        Cue("abducted", "of", r"enlèvements? d|rapts? d|kidnappings? d"),
        Cue("arrested", "both",
            r"arrêtée?s?|détenue?s?|interpellée?s?|emprisonnée?s?|incarcérée?s?|appréhendée?s?|écrouée?s?"),
        Cue("arrested", "act", r"arrêtant|interpellant|arrêtent"),
        Cue("arrested", "of", r"arrestations? d|interpellations? d|détention d|capture d"),
        Cue("idps", "done", r"déplacée?s? (?:internes?|à l['’]intérieur)"),
        Cue("displaced", "both", r"déplacée?s?|chassée?s?|déracinée?s?"),
        Cue("displaced", "act", r"déplaçant|chassant|forc(?:é|ant)|contraint|contraignant|poussé|poussant|jeté"),
        Cue("displaced", "of", r"déplacements? d|exode d|fuite d"),
        Cue("displaced", "done",
            r"fui|fuient|fuyant|quitté leurs?|(?:forcée?s?|contraint(?:e)?s?) (?:de|à) (?:fuir|quitter"
            r"|partir)|abandonné leurs?"),
        Cue("refugees", "done", r"réfugiée?s?|trouvé refuge|cherché refuge|franchi la frontière"),
        Cue("returnees", "done", r"retournée?s?|rentrée?s?|regagné|rapatriée?s?|revenue?s"),
        Cue("people_in_need", "done",
            r"ont besoin|auront besoin|avaient besoin|ayant besoin|aura besoin|dans le besoin|nécessit(?:ent"
            r"|ant|aient|eront)|requièrent|dépendent|besoin d"),
        Cue("people_targeted", "both", r"ciblée?s?|visée?s? par|à assister"),
        Cue("people_targeted", "act",
            r"cibl(?:e|ant|ent)|vis(?:e|ant|ent) à (?:aider|assister|atteindre)|vis(?:e|ant|ent)|assister"
            r"|aider|atteindre|venir en aide à"),
        Cue("food_insecure", "done",
            r"insécurité alimentaire|crise alimentaire|souffrent de (?:la )?faim|faim|famine"
            r"|alimentaire aiguë|disette"),
        Cue("troops", "done", r"déployée?s?|stationnée?s?|engagée?s?|mobilisée?s?|retirée?s?"),
        Cue("troops", "act",
            r"déplo(?:yer|yant|ie|ient|yé)|envo(?:yé|yer|ie|yant)|compt(?:e|ait|aient|ant|er)|retir(?:é|er|e"
            r"|ant)|mobilis(?:e|er|ant)"),
        Cue("troops", "of",
            r"force d|contingent d|effectifs? d|déploiement d|garnison d|renforts? d|armée d|mission d"
            r"|retrait d|envoi d|plafond|colonne d|bataillon d"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Cues:
    """All cues of a language in one pattern; group g<i> is the i-th cue of `table`."""

    table: tuple[Cue, ...]
    pattern: re.Pattern[str]


@lru_cache(maxsize=4)
def cues(language: Language) -> Cues:
    """The cues of a language, longest words first so that "forced to flee" is no "forced"."""
    rows = [(word, cue) for cue in _CUES[language] for word in _alternatives(cue.words)]
    rows.sort(key=lambda row: len(row[0]), reverse=True)
    groups = "|".join(f"(?P<g{i}>{spaced(word)}{_end(word)})" for i, (word, _) in enumerate(rows))
    return Cues(tuple(cue for _, cue in rows), re.compile(rf"(?<![\w-])(?:{groups})", re.I))


def _end(word: str) -> str:
    """French nouns that end in "d" take de, du, des or d' behind them."""
    return r"(?:(?:es?|u)(?![\w-])|['’])" if word.endswith(" d") else r"(?![\w-])"


def _alternatives(words: str) -> list[str]:
    """The alternatives of a pattern at its top level."""
    found, depth, word = [], 0, ""
    for char in words:
        depth += (char in "([") - (char in ")]")
        if char == "|" and not depth:
            found.append(word)
            word = ""
        else:
            word += char
    return [*found, word]


_TALLIED: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("deaths", r"(?:civilian )?(?:deaths|fatalities|casualties|dead|killed)"), ("idps", r"IDPs|internally displaced(?: people| persons)?"),
        ("refugees", r"refugees"), ("displaced", r"displaced(?: people| persons)?|people displaced"), ("injured", r"injured|wounded|injuries"),
        ("people_in_need", r"in need"), ("arrested", r"arrests|detainees"), ("abducted", r"abductions|kidnappings"), ("returnees", "returnees"),
    ),
    "fr": (
        ("deaths", r"morts|décès|tués|victimes civiles|civils tués"), ("idps", r"déplacée?s internes|PDI"), ("refugees", r"réfugiés"),
        ("displaced", r"déplacée?s"), ("injured", r"blessés"), ("people_in_need", r"dans le besoin"), ("arrested", r"arrestations|détenus"),
        ("abducted", r"enlèvements"), ("returnees", r"retournés|rapatriés"),
    ),
}  # fmt: skip
_REACHED = {
    "en": r"(?:reach\w*|rose|risen|rising|stood|stands?|climb\w*|grew|grown|hit|exceed\w*|pass\w*|jump\w*|doubled|fell|dropped|is|was|at)",
    "fr": r"(?:attei\w*|dépass\w*|s['’](?:élève|élevait|établit)|pass\w*|grimp\w*|est|était|mont\w*|tomb\w*|franch\w*)",
}
TALLY: dict[Language, re.Pattern[str]] = {
    lang: re.compile(
        r"(?:" + "|".join(rf"(?P<{name}>\b(?:{spaced(words)}))" for name, words in rows)
        + rf")\b[^.;,\d]{{0,30}}?\b{_REACHED[lang]}\s(?:(?:to|at|by|now|about|à|de|désormais|aujourd['’]hui)\s){{0,2}}$",
        re.I,
    )
    for lang, rows in _TALLIED.items()
}  # fmt: skip
"""A number that is said of a count: "the number of civilian deaths reached 1,470", "les déplacés sont passés à"."""
