"""Texts of our own in the style of news, with their actors and places marked: [[FAMa|mali-armed-forces]], ((Gao))."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = re.compile(r"\[\[(?P<actor>[^|\]]+)\|(?P<id>[^\]]+)\]\]|\(\((?P<place>[^)]+)\)\)")

ENGLISH = (
    "At least 14 soldiers of the [[Malian army|mali-armed-forces]] were killed on Saturday when a convoy hit a mine "
    "between ((Boni)) and ((Hombori)), in the ((Mopti)) region, security sources said. [[JNIM|jnim]], the local branch of "
    "[[al-Qaeda|al-qaida]], claimed the attack. Colonel [[Assimi Goïta|assimi-goita]], who leads the transition in "
    "((Bamako)), has promised revenge. [[Goïta|assimi-goita]] took power in August 2020.",
    "The [[UN Security Council|un-security-council]] voted on 30 June to end the mandate of [[MINUSMA|minusma]]. The "
    "mission had lost more than 170 peacekeepers since 2013, most of them around ((Kidal)), ((Aguelhok)) and "
    "((Tessalit)). ((Mali))'s foreign minister, Abdoulaye Diop, had asked for it to leave \"without delay\". Russia's "
    "[[Wagner Group|wagner]] stayed.".replace("Russia's", "((Russia))'s"),
    "Gunmen raided the town of ((Solhan)) in ((Burkina Faso))'s ((Yagha)) province overnight, killing 132 people, the "
    "government said. It was the deadliest attack since 2015. Neither [[Ansaroul Islam|ansaroul-islam]] nor the "
    "[[Islamic State in the Greater Sahara|is-sahel]] ([[ISGS|is-sahel]]) has claimed it. President "
    "[[Roch Marc Christian Kaboré|roch-kabore]] declared three days of mourning. [[Kaboré|roch-kabore]] was overthrown "
    "in January 2022.",
    "Two years on, ((Niger))'s junta, the [[National Council for the Safeguard of the Homeland|cnsp-niger]], still holds "
    "[[Mohamed Bazoum|mohamed-bazoum]]. [[ECOWAS|ecowas]] lifted most sanctions in February 2024 after ((Mali)), "
    "((Burkina Faso)) and ((Niger)) had announced that they would leave the bloc and formed the "
    "[[Alliance of Sahel States|aes]]. Turkish drones and Russian instructors from the [[Africa Corps|africa-corps]] "
    "arrived in ((Niamey)).",
    "In the ((Diffa)) region, fighters of [[Boko Haram|jas]] and of the [[Islamic State West Africa Province|iswap]] "
    "abducted 30 women near ((Toumour)). Soldiers of the [[Multinational Joint Task Force|mnjtf]] pursued them towards "
    "((Nigeria)). OCHA counts 130,000 displaced people in the region; Niger river floods made it worse.",
    "((Djibo)) has been cut off since February 2022. Convoys escorted by the army and by the "
    "[[VDP|vdp]] need days from ((Kongoussi)); one was ambushed at ((Gaskindé)). Nice words from "
    "((Ouagadougou)) change nothing, a resident told AFP. Say what they like, they will not come. Human Rights Watch "
    "accused [[Burkinabe army|burkina-armed-forces]] units of killing 223 civilians in ((Nondin)) and ((Soro)).".replace(
        "((Nondin)) and ((Soro))", "Nondin and Soro"
    ),
    "France ended [[Operation Barkhane|barkhane]] in November 2022; [[Serval|serval]] had begun it all in January 2013. "
    "The last soldiers of [[Task Force Takuba|takuba]] had left ((Gossi)) and ((Ménaka)) by then. "
    "[[Iyad Ag Ghaly|iyad-ag-ghali]] was not caught; [[Abdelmalek Droukdel|abdelmalek-droukdel]] was, near "
    "((Tessalit)), in June 2020.".replace("France ended", "((France)) ended"),
    "The [[CSP-PSD|csp-psd]] said that 84 [[Wagner|wagner]] fighters and 47 Malian soldiers had died at "
    "((Tinzaouaten)), close to ((Algeria)). [[JNIM|jnim]] claimed to have taken part. Earlier, the "
    "[[CMA|cma]] and [[GATIA|gatia]] had signed the ((Algiers)) accord. The [[MNLA|mnla]] was among the first.",
)
FRENCH = (
    "Le [[Groupe de soutien à l'islam et aux musulmans|jnim]] ([[GSIM|jnim]]) a revendiqué l'attaque du camp de "
    "((Boulikessi)), près de la frontière avec le ((Burkina Faso)). L'[[armée malienne|mali-armed-forces]] dit avoir "
    "perdu 33 hommes. Selon l'[[ONU|united-nations]], plus de 375 000 personnes sont déplacées au ((Mali)).",
    "À ((Seytenga)), dans la province du ((Séno)), 86 civils ont été tués dans la nuit du 11 au 12 juin. Les "
    "[[Volontaires pour la défense de la patrie|vdp]] avaient quitté le village. Le lieutenant-colonel "
    "[[Paul-Henri Sandaogo Damiba|paul-henri-damiba]] s'est rendu sur place. [[Damiba|paul-henri-damiba]] sera renversé "
    "en septembre par le capitaine [[Ibrahim Traoré|ibrahim-traore]].",
    "La [[Cédéao|ecowas]] a levé ses sanctions contre le ((Mali)) le 3 juillet 2022 à ((Accra)). L'[[Union africaine|"
    "african-union]] et l'[[UE|european-union]] ont salué la décision. ((Paris)) et ((Moscou)) se sont affrontés au "
    "[[Conseil de sécurité de l'ONU|un-security-council]] sur le rôle du [[groupe Wagner|wagner]].".replace(
        "[[groupe Wagner|wagner]]", "groupe [[Wagner|wagner]]"
    ),
    "Dans la région de ((Tillabéri)), à l'ouest du ((Niger)), l'[[État islamique au Grand Sahara|is-sahel]] "
    "([[EIGS|is-sahel]]) a tué plus de cent villageois à ((Tchoma Bangou)) et ((Zaroumdareye)), le 2 janvier 2021. "
    "L'[[armée nigérienne|niger-armed-forces]] et la force [[Barkhane|barkhane]] ont ratissé la zone autour de "
    "((Ouallam)) et de ((Banibangou)).".replace("((Zaroumdareye))", "Zaroumdareye"),
    "Les [[Famas|mali-armed-forces]] et leurs partenaires russes ont été accusés d'avoir exécuté 300 civils à "
    "((Moura)), dans le cercle de ((Djenné)), fin mars 2022. La [[Minusma|minusma]] n'a pas pu s'y rendre. La "
    "[[Katiba Macina|katiba-macina]] d'[[Amadou Koufa|amadou-koufa]] y prélevait la zakat. Un soldat a dit oui.",
    "Au nord du ((Togo)), dans les ((Savanes)), huit soldats sont morts à ((Kpekankandi)). Au ((Bénin)), les départements "
    "de l'((Alibori)) et de l'((Atacora)) sont touchés. Le [[JNIM|jnim]] descend vers le golfe de Guinée, estime un "
    "diplomate à ((Cotonou)). ((Côte d'Ivoire)) : l'attaque de ((Kafolo)) avait fait 14 morts.".replace(
        "dans les ((Savanes))", "dans la région des ((Savanes))"
    ),
    "Le général [[Abdourahamane Tiani|abdourahamane-tiani]] a reçu à ((Niamey)) une délégation du ((Tchad)). "
    "[[Tiani|abdourahamane-tiani]] a dénoncé l'accord avec ((Washington)) : les [[Forces américaines au Niger|us-forces-niger]] "
    "ont quitté la base d'((Agadez)) en août 2024. Mardi, à ((Tahoua)), des inconnus ont tué un préfet.",
    "Le groupe d'autodéfense [[Dan Na Ambassagou|dan-na-ambassagou]], dirigé par [[Youssouf Toloba|youssouf-toloba]], a "
    "nié toute implication dans le massacre d'((Ogossagou)), près de ((Bankass)). Les [[chasseurs dozos|dozos-mali]] "
    "patrouillent à ((Koro)), à ((Bandiagara)) et à ((Sévaré)). ((Ségou)) reste calme, ((Niono)) beaucoup moins.",
)


@dataclass(frozen=True)
class Marked:
    """A text without its marks, with the spans and ids of its actors and the spans of its places."""

    text: str
    language: str
    actors: frozenset[tuple[int, int, str]]
    places: frozenset[tuple[int, int]]


def marked() -> Iterator[Marked]:
    """The texts."""
    for language, texts in (("en", ENGLISH), ("fr", FRENCH)):
        for written in texts:
            yield _read(written, language)


def _read(written: str, language: str) -> Marked:
    text, at = "", 0
    actors: set[tuple[int, int, str]] = set()
    places: set[tuple[int, int]] = set()
    for match in _MARK.finditer(written):
        text += written[at : match.start()]
        words = match["actor"] or match["place"]
        if match["actor"]:
            actors.add((len(text), len(text) + len(words), match["id"]))
        else:
            places.add((len(text), len(text) + len(words)))
        text, at = text + words, match.end()
    return Marked(text + written[at:], language, frozenset(actors), frozenset(places))
