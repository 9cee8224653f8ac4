"""Words that say what kind of check a sentence calls for, in English and French."""

from __future__ import annotations

import re
from typing import Literal

from harmattan.dossier.records import MilestoneKind, RelationKind
from harmattan.reading.folding import word_set


def _words(listed: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{listed})\b", re.IGNORECASE)


HIGHEST = _words(
    r"highest|deadliest|worst|bloodiest|most violent|most lethal|record (?:number|high|level|year)|unprecedented|"
    r"le plus (?:élevé|meurtrier|haut|violent)|la plus (?:élevée|meurtrière|haute|violente)|"
    r"les plus (?:élevée?s|meurtri[eè]re?s|hautes|violente?s)|le pire|la pire|sans précédent|niveau record|record"
)
AMONG = _words(r"among (?:the|its)|one of (?:the|its)|some of (?:the|its)|parmi les|l['’]une? des")
RATES: tuple[tuple[re.Pattern[str], str, float, str], ...] = (
    (_words(r"almost (?:daily|every day)|near(?:ly)? daily|nearly every day|(?:on )?an almost daily|"
            r"presque (?:tous les "
            r"jours|quotidien\w*|chaque jour)|quasi(?:ment)?[- ]quotidien\w*"), "day", 0.9, "about"),
    (_words(r"daily|every day|each day|per day|a day|quotidien\w*|tous les jours|chaque jour|"
            r"par jour"), "day", 1.0, "about"),
    (_words(r"weekly|every week|per week|a week|each week|hebdomadaire\w*|chaque semaine|"
            r"par semaine"), "week", 1.0, "about"),
    (_words(r"monthly|every month|per month|a month|each month|mensuel\w*|chaque mois|"
            r"par mois"), "month", 1.0, "about"),
)  # fmt: skip
COMPARED: tuple[tuple[re.Pattern[str], Literal["more", "less"], float], ...] = (
    (_words(r"tripled|threefold|three times|tripl\w+|trois fois"), "more", 3.0),
    (_words(r"doubled|twofold|twice (?:as|the)|double the|doubl\w+|deux fois plus|le double"), "more", 2.0),
    (_words(r"halved|half as many|divisé par deux|moitié moins"), "less", 2.0),
    (_words(r"increased?|rose|risen|grew|surged?|soared|escalated|more than in|higher than|up from|augment\w+|"
            r"en hausse|bondi|davantage qu|plus qu['’]en|accru\w*"), "more", 1.0),
    (_words(r"decreased?|declined?|fell by|fallen|dropped|fewer than|lower than|down from|diminu\w+|en baisse|"
            r"recul\w+|moins qu['’]en|baiss\w+"), "less", 1.0),
)  # fmt: skip
DEADLY = _words(
    r"kill\w*|dead|deaths?|die[ds]?|fatalit\w+|casualt\w+|massacre\w*|execut\w+|slain|attack\w*|clash\w*|fighting|"
    r"violence|terror(?:i[sz]e[sd]?|i[sz]ing|isent|isé\w*)?|ambush\w*|raid\w*|battle\w*|bomb\w*|shot|tué\w*|tuer|tuent|morts?|décès|victimes?|"
    r"attaqu\w+|attentats?|"
    r"affrontements?|combats?|embuscades?|exécut\w+|assassin\w+|offensive\w*"
)
BY = _words(
    r"(?:killed|executed|massacred|attacked|shot|murdered|tuée?s?|exécutée?s?|massacrée?s?|"
    r"assassinée?s?)[^.;]{0,60}? (?:by|par)"
)
KILLED = _words(
    r"kill\w*|execut\w+|massacr\w+|murder\w*|slaughter\w*|tué\w*|tuer|tuent|exécut\w+|"
    r"assassin\w+|abatt\w+"
)
SAID = _words(
    r"said|says|told|reported|according to|announced|claimed|added|selon|a (?:déclaré|annoncé|indiqué|"
    r"affirmé)|d['’]après"
)
FIRST = _words(r"first (?:attack|time|such|deadly|incident|recorded|known)|for the first time|"
               r"premi[eè]re? (?:attaque|fois|attentat)|"
               r"has begun|have begun|began to operate|commenc\w+ à opérer")  # fmt: skip
RELATIONS: tuple[tuple[re.Pattern[str], RelationKind], ...] = (
    (_words(r"affiliate[ds]?|linked to|loyal to|allegiance|branch of|affilié\w*|lié\w* à|allégeance|"
            r"filiale"), "affiliate_of"),
    (_words(r"part of|belongs? to|member of|under the umbrella|fait partie|membre de|font partie|"
            r"composante"), "member_of"),
    (_words(r"compet\w+ with|rival\w*|fighting (?:with|against)|clash\w* with|rivalis\w+|concurren\w+|"
            r"affront\w+"), "rival_of"),
    (_words(r"allied with|alliance with|ally of|allies of|allié\w*"), "allied_with"),
    (_words(r"cooperat\w+|partner\w*|joint(?:ly)?|alongside|together with|coopèr\w+|coopér\w+|"
            r"partenari\w+|aux côtés"), "cooperates_with"),
    (_words(r"support\w*|back(?:s|ed)|soutien\w*|soutenu\w*|appuy\w+"), "supports"),
    (_words(r"led by|headed by|leader of|dirigé\w*|chef d[ue]|mené par|emir of"), "led_by"),
    (_words(r"split from|splinter\w*|broke away|scission|dissiden\w+"), "split_from"),
    (_words(r"merged?|merger|fusionn\w+"), "merged_into"),
)  # fmt: skip
PASSIVE = _words(r"(?:supported|backed|helped|souten\w+|appuy\w+|aidée?s?) (?:\w+ )?(?:by|par)")
"""The one who supports is then the second."""
THAN = re.compile(
    r"\b(?:than(?: in| during| the)?|compared (?:to|with)(?: the)?|(?:up|down) from(?: \S+){0,3} in|"
    r"against(?: \S+){0,3} in|par rapport à(?: celle de| l['’]année)?|contre(?: \S+){0,3} en|qu['’](?:en|au|à))\s$",
    re.IGNORECASE,
)
"""Before the date with which another is compared."""
SINCE = re.compile(r"\b(?:since|depuis)(?: at least| au moins)?(?: the| le| la| l['’]|)\s?$", re.IGNORECASE)
LOCATES = re.compile(r"\b(?:in|at|en|au|aux|à|dans)\s(?:the |la |le |l['’])?$", re.IGNORECASE)
WHOLE = _words(r"(?:parts?|members?|components?) of|membres? de|partie (?:de|du)|composantes? (?:de|du)")
SUCH_AS = _words(r"such as|including|notamment|comme|tels? que")
OPERATES = _words(
    r"operat\w+|active in|presence in|expand\w+|spread\w*|opèr\w+|actifs?|actives?|présen(?:ts?|tes?|ce)|étend\w*|"
    r"implant\w+"
)
STANDS = _words(r"deploy\w*|stationed|bases?|troops in|remain\w*|déploy\w+|stationné\w*")
LEFT = _words(r"withdr[ae]w\w*|left|departed|pulled out|departure|quitt\w+|retir\w+|retrait|départ")
AGAINST = _words(r"clash\w*|fight\w*|fought|battl\w*|against|affront\w+|combat\w*|contre|oppos\w+")
SUPPOSED = re.compile(
    r"\b(?:not|never|no longer|nor|neither|den(?:y|ies|ied|ying)|without|would|(?-i:will|may)|could|might|should|if|"
    r"unless|"
    r"plan(?:s|ned|ning)?|intend\w*|threat\w*|hop(?:es?|ed|ing)|ahead of|upcoming|scheduled|postpon\w+|promis\w+|"
    r"calls? (?:for|on)|called (?:for|on)|demand\w*|urg(?:es?|ed|ing)|fears?|risks?|announc\w+|"
    r"ne|pas|jamais|ni|sans|"
    r"dément\w*|nie(?:nt)?|pourrai(?:t|ent)|devrai(?:t|ent)|serai(?:t|ent)|aurai(?:t|ent)|"
    r"(?-i:[Ss]i|va|vont)|menac\w+|compte(?:nt)?|prévoi\w+|prévue?s?|projet\w*|veu(?:t|lent)|exig\w+|réclam\w+|appel\w*|"
    r"demand\w+|craint\w*|crain\w+|report\w+ les|annonc\w+)\b|n['’]t\b|\bn['’](?=\w)",
    re.IGNORECASE,
)
"""Before what is planned, denied, asked for or supposed."""
TO_PLACES = word_set(
    "in at to from of on into across throughout over within along the its their his northern southern eastern western "
    "central north south east west northeast northwest southeast southwest centre center parts part much most all both "
    "neighbouring neighboring base bases camp town city village region province country completely entirely "
    "operations activities troops forces en au aux à a dans de du des d l la le les sur vers depuis son sa ses leur "
    "leurs nord sud est ouest camp ville région territoire totalement entièrement définitivement voisin voisins"
)
"""Words that may stand between what somebody does and the place where they do it."""
MILESTONES: tuple[tuple[re.Pattern[str], MilestoneKind], ...] = (
    (_words(r"attempted coup|failed coup|coup attempt|tentative de (?:coup|putsch)"), "coup_attempt"),
    (_words(r"coups?(?: d['’]états?)?(?!\s(?:leaders?|plotters?|makers?|attempts?|de )| d['’]éclat)|putschs?|"
            r"overthr[eo]w\w*|ousted|renvers\w+"), "coup"),
    (_words(r"plans? to (?:completely )?withdraw|announced [^.]{0,40}withdraw\w*|"
            r"annonc\w+ [^.]{0,40}retrait"), "withdrawal_announced"),
    (_words(r"withdr[ae]w\w*|pulled out|retrait|se retire|(?:s['’]est|se sont) retirée?s?"), "withdrawal"),
    (_words(r"handed over|transferred control|handover|rétrocéd\w+|transféré|remis\w* (?:la base|"
            r"le camp)"), "handover"),
    (_words(r"expelled|expulsion|expuls\w+|persona non grata"), "expulsion"),
    (_words(r"sanctions?"), "sanctions"),
    (_words(r"elections?|élections?|scrutin|referendum|référendum"), "election"),
    (_words(r"peace (?:agreement|accord|deal)|accord de paix|accords? d['’]Alger|Algiers (?:accord|"
            r"agreement)"), "agreement"),
    (_words(r"ceasefire|truce|cessez-le-feu|trêve"), "ceasefire"),
    (_words(r"massacre\w*|execution of|exécution de"), "massacre"),
    (_words(r"mandate (?:was )?(?:renewed|extended)|(?:renew|extend|adopt)\w* [^.]{0,30}mandate|"
            r"(?:renouvel|prolong)\w+ [^.]{0,30}mandat"), "mandate"),
    (_words(r"merg(?:ed|er)|fusion"), "merger"),
    (_words(r"established|founded|creat(?:ed|ion)|formed|establishment|fondé\w*|créé\w*|création"), "creation"),
    (_words(r"dissol(?:ved|ution)|dissou\w+"), "dissolution"),
    (_words(r"suspend\w*|suspension"), "suspension"),
    (_words(r"intervention|intervened|Operation Serval|Opération Serval"), "intervention"),
)  # fmt: skip
COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4,
}  # fmt: skip
COUPS = re.compile(rf"\b({'|'.join(COUNTS)}|\d)\s+(?:military |successful |)(?:coups|putschs)\b", re.IGNORECASE)
