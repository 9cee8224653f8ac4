"""Names of actors: whom they mean as of a day and a country, with exact spans, and nobody where it is not certain."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.dossier.book import Book
from harmattan.dossier.names import Resolver
from harmattan.dossier.records import Actor, Name
from harmattan.reading.folding import fold, folded
from harmattan.reading.introduced import introduced
from harmattan.reading.mentions import ActorMeaning, Mention, NewNameMeaning
from harmattan.reading.names import Names

DAY = dt.date(2022, 10, 31)


def found(names: Names, text: str, language: str = "en", day: dt.date | None = DAY) -> list[tuple[str, str | None]]:
    mentions = names.find(text, language, day)
    assert all(text[m.start : m.end] == m.text for m in mentions)
    return [(m.text, actor(m)) for m in mentions]


def actor(mention: Mention) -> str | None:
    assert isinstance(mention.meaning, ActorMeaning)
    return mention.meaning.actor


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("It IS so: one UN post, an EU plane.", "en", [("UN", "united-nations"), ("EU", "european-union")]),
        ("that is, un, ue, one and msa are words; ONE too.", "en", []),
        ("UN SOLDAT TUE, UN BLESSE", "fr", []),
        ("IS THIS A COUP?", "en", []),
        ("MSA and IS clashed.", "en", [("MSA", "msa"), ("IS", "islamic-state")]),
        ("L'ONU et l’UE", "fr", [("ONU", "united-nations"), ("UE", "european-union")]),
        ("Pressure on the U.N. grew.", "en", [("U.N.", "united-nations")]),
        ("MINUSMA's and JNIM’s camps", "en", [("MINUSMA", "minusma"), ("JNIM", "jnim")]),
        ("Les Famas et la Minusma", "fr", [("Famas", "mali-armed-forces"), ("Minusma", "minusma")]),
        ("les forces armées maliennes", "fr", [("forces armées maliennes", "mali-armed-forces")]),
        ("l'armée du Niger", "fr", [("armée du Niger", "niger-armed-forces")]),
        ("Wagner mercenaries and the Wagner Group", "en", [("Wagner", "wagner"), ("Wagner Group", "wagner")]),
        ("la force Barkhane, the Takuba force", "fr", [("Barkhane", "barkhane"), ("Takuba", "takuba")]),
        ("al-Qaeda-linked men", "en", [("al-Qaeda", "al-qaida")]),
        ("Jama’at Nusrat ul-Islam wa al-Muslimin attacked", "en", [("Jama’at Nusrat ul-Islam wa al-Muslimin", "jnim")]),
        ("the Malian military government fell", "en", []),
        ("Fulani herders and civilians fled from the junta", "en", []),
        ("The platform heels were high. Platform shoes.", "en", []),
    ],
)  # fmt: skip
def test_names_are_found_as_they_are_written(
    names: Names, text: str, language: str, wanted: list[tuple[str, str]]
) -> None:
    assert found(names, text, language) == wanted


def test_an_acronym_means_whom_it_means_in_the_countries_spoken_of(names: Names) -> None:
    assert ("FDS", "niger-armed-forces") in found(names, "In Niger the FDS were hit.")
    assert ("FDS", "burkina-armed-forces") in found(names, "In Burkina Faso the FDS were hit.")
    mention = next(m for m in names.find("In Mali and Niger the CNSP took power.", "en", dt.date(2024, 1, 1)))
    assert isinstance(mention.meaning, ActorMeaning)
    assert mention.meaning.actor == "cnsp-niger" or set(mention.meaning.candidates) >= {"cnsp-mali", "cnsp-niger"}


def test_who_is_dead_or_dissolved_is_still_named(names: Names) -> None:
    later = dt.date(2025, 1, 1)
    assert ("Serval", "serval") in found(names, "Later, Serval became Barkhane.", day=later)
    assert ("CMA", "cma") in found(names, "In Mali the CMA had signed.", day=later)


def test_a_text_binds_its_own_acronyms(names: Names) -> None:
    text = "The Movement for the Salvation of Ansongo (MSA) signed. The MSA left Gao in Mali."
    assert found(names, text) == []
    (new, *others) = names.new(text, "en", ())
    assert isinstance(new.meaning, NewNameMeaning)
    assert (new.meaning.long, new.meaning.acronym) == ("Movement for the Salvation of Ansongo", "MSA")
    assert [m.text for m in others if m.text == "MSA"] == ["MSA", "MSA"]
    bound = "The Group for Support of Islam and Muslims (GSIMU) attacked. GSIMU claimed it."
    assert [pair for pair in found(names, bound) if pair[0] == "GSIMU"] == [("GSIMU", "jnim")] * 2


def test_a_surname_counts_after_the_full_name_or_a_title(names: Names) -> None:
    assert found(names, "Bazoum spoke.") == []
    told = found(names, "Mohamed Bazoum was held in Niger. Bazoum refused. Aïcha Bazoum did too.")
    assert told == [("Mohamed Bazoum", "mohamed-bazoum"), ("Bazoum", "mohamed-bazoum")]
    assert ("Bazoum", "mohamed-bazoum") in found(names, "In Niger, President Bazoum spoke.")


def test_names_unknown_here_are_offered_and_words_are_not(names: Names) -> None:
    text = "On Monday Human Rights Watch met Boubacar Cissé. However, officials of the French army said in March: No."
    offered = [m.text for m in names.new(text, "en", names.find(text, "en", DAY))]
    assert offered == ["Human Rights Watch", "Boubacar Cissé"]


def test_several_actors_of_one_name_are_candidates() -> None:
    label = {"en": "Front", "fr": "Front"}
    actors = [Actor(id=name, kind="armed_group", label=label) for name in ("one", "other")]
    called = tuple(Name(actor=one.id, text="Northern Front") for one in actors)
    book = Book({one.id: one for one in actors}, called, (), (), (), (), {})
    (mention,) = Names(book, Resolver(book)).find("The Northern Front won.", "en", None)
    assert isinstance(mention.meaning, ActorMeaning)
    assert (mention.meaning.actor, mention.meaning.candidates) == (None, ("one", "other"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("the Coordination of Azawad Movements (CMA)", [("Coordination of Azawad Movements", "CMA")]),
        ("l'Union des forces du Mandé (UFM, dissoute)", [("Union des forces du Mandé", "UFM")]),
        ("in Paris (AFP)", []),
        ("killed (KIA) in Gao (MLI)", []),
    ],
)
def test_long_names_with_acronyms(text: str, wanted: list[tuple[str, str]]) -> None:
    assert [(one.long, one.acronym) for one in introduced(text)] == wanted


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_every_folded_sign_knows_where_it_comes_from(text: str) -> None:
    signs = folded(text)
    assert len(signs.at) == len(signs.text)
    assert list(signs.at) == sorted(signs.at)
    for place in range(len(signs.text)):
        start, end = signs.span(place, place + 1)
        assert 0 <= start < end <= len(text)
    assert fold(fold(text)) == fold(text)


PIECES = st.sampled_from(
    ["JNIM", "Gao", "l'", "d’", " ", "\n", "(", ")", "Mali's", "al-", "Iyad Ag Ghaly", "IS", "é", "\u0301", "İ", "ﬁ", ".",
     "ß", "\u200f", "\x00", "President ", "Bazoum", "(ABC)", "Alliance Beta Camp", "-", "—", "𝔊ao", "Union africaine"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join)), st.sampled_from(["en", "fr"]))
def test_any_text_is_read_with_exact_spans(text: str, language: str) -> None:
    names = _names()
    mentions = names.find(text, language, DAY)
    offered = names.new(text, language, mentions)
    for listed in (mentions, offered):
        assert all(text[m.start : m.end] == m.text and m.text for m in listed)
        assert all(one.end <= other.start for one, other in zip(listed, listed[1:], strict=False))


def _names() -> Names:
    if not _KEPT:
        from harmattan.data import RELEASES
        from harmattan.lake.shelf import Lake
        from harmattan.questions.parameters import Params
        from harmattan.questions.world import World

        told = World(Lake(RELEASES / "no-home", RELEASES)).told(Params())
        _KEPT.append(Names(told.book, told.resolver))
    return _KEPT[0]


_KEPT: list[Names] = []
