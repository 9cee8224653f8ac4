"""Names of places: spans without the words for their kind, words that are no places, and which place is likelier."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.questions.gazetteer import gazetteer as gazetteer_of
from harmattan.questions.gazetteer import of_events
from harmattan.questions.parameters import Params
from harmattan.questions.world import World
from harmattan.reading.gazetteer import Gazetteer
from harmattan.reading.mentions import Mention, PlaceMeaning, PlaceName
from harmattan.reading.place_words import plain_names
from tests.lake.factory import event, lake_in, put


def meaning(mention: Mention) -> PlaceName:
    assert isinstance(mention.meaning, PlaceMeaning)
    return mention.meaning.place


def found(gazetteer: Gazetteer, text: str, language: str = "en") -> list[tuple[str, str, str]]:
    mentions = gazetteer.find(text, language)
    assert all(text[m.start : m.end] == m.text for m in mentions)
    return [(m.text, meaning(m).iso3, meaning(m).kind) for m in mentions]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("the region of Mopti", [("Mopti", "MLI", "admin1")]),
        ("Mopti region", [("Mopti", "MLI", "admin1")]),
        ("le cercle de Bankass", [("Bankass", "MLI", "admin2")]),
        ("the village of Moura", [("Moura", "MLI", "town")]),
        ("la ville de Gao", [("Gao", "MLI", "town")]),
        ("les régions de Mopti, Ségou et Kidal", [("Mopti", "MLI", "admin1"), ("Ségou", "MLI", "admin1"),
                                                  ("Kidal", "MLI", "admin1")]),
        ("Bankass, Koro and Dori", [("Bankass", "MLI", "town"), ("Koro", "MLI", "town"), ("Dori", "BFA", "town")]),
        ("au Togo, dans les Savanes", [("Togo", "TGO", "country"), ("Savanes", "TGO", "admin1")]),
        ("dans la région de l'Est", [("Est", "BFA", "admin1")]),
        ("Malian and Nigerien soldiers, des Burkinabè", []),
        ("Nice people. You may say so. Man is mortal. Po, Say and Tours.", []),
        ("fighting in Say, Niger", [("Say", "NER", "admin2"), ("Niger", "NER", "country")]),
        ("the Niger River, the Niger Delta, le fleuve Niger, Lake Chad and the Gulf of Guinea", []),
        ("the Sahel, Liptako-Gourma and the Lake Chad Basin", []),
        ("Ibrahim Boubacar Keïta and Moussa Diallo", []),
        ("Djibo fell.", [("Djibo", "BFA", "town")]),
        ("the US and the us", [("US", "USA", "country")]),
        ("Aguelhoc and Tinzaouaten", [("Aguelhoc", "MLI", "town"), ("Tinzaouaten", "MLI", "town")]),
        ("Côte d’Ivoire, la RDC, Ivory Coast", [("Côte d’Ivoire", "CIV", "country"), ("RDC", "COD", "country"),
                                                ("Ivory Coast", "CIV", "country")]),
        ("Mali's north; l'Algérie", [("Mali", "MLI", "country"), ("Algérie", "DZA", "country")]),
    ],
)  # fmt: skip
def test_places_are_told_from_words(gazetteer: Gazetteer, text: str, wanted: list[tuple[str, str, str]]) -> None:
    assert found(gazetteer, text) == wanted


def test_a_place_that_only_the_text_knows_is_offered_without_a_point(gazetteer: Gazetteer) -> None:
    (mention, country) = gazetteer.find("the village of Xanadougou in Mali", "en")
    assert (mention.text, meaning(mention).iso3, meaning(mention).origin) == ("Xanadougou", "MLI", "")
    assert mention.rule == "reading.gazetteer.unknown"
    assert meaning(country).iso3 == "MLI"


def test_the_countries_spoken_of_say_which_place_is_meant() -> None:
    known = Gazetteer([PlaceName("Korou", "MLI", "town", 1, weight=9), PlaceName("Korou", "BFA", "town", 2, weight=5)])
    assert found(known, "Two died in Korou.")[0][1] == "MLI"
    assert found(known, "In Burkina Faso, two died in Korou.")[1][1] == "BFA"
    mention = known.find("In Burkina Faso, two died in Korou.", "en")[1]
    assert isinstance(mention.meaning, PlaceMeaning)
    assert [place.iso3 for place in mention.meaning.candidates] == ["MLI"]


def test_a_division_named_near_says_which_place_is_meant() -> None:
    near = PlaceName("Korou", "MLI", "town", 1, within="Gao region", weight=1)
    far = PlaceName("Korou", "MLI", "town", 2, within="Kayes region", weight=50)
    known = Gazetteer([near, far, PlaceName("Gao", "MLI", "admin1", weight=9)])
    assert meaning(known.find("at Korou, in the region of Gao", "en")[0]).cell == 1


def test_names_are_looked_up_with_or_without_their_kind(gazetteer: Gazetteer) -> None:
    assert gazetteer.named("Mopti region")[0].kind == "admin1"
    assert gazetteer.named("cercle de Bankass", ("MLI",))[0].kind == "admin2"
    assert gazetteer.named("moura", ("MLI",))[0].cell == 150111
    assert {place.name for place in gazetteer.named("Timbuktu", ("MLI",))} >= {"Tombouctou"}
    assert gazetteer.named("Aguelhoc", ("MLI",))[0].name == "Aguelhok"
    assert gazetteer.named("Mopti", ("NER",)) == ()
    assert gazetteer.named("Nowhere at all") == ()
    assert gazetteer.named("") == ()


def test_publishers_words_come_to_plain_names() -> None:
    assert plain_names("Mondoro village") == [("Mondoro", "town")]
    assert plain_names("Gao, Kidal and Ménaka regions") == [
        ("Gao", "admin1"),
        ("Kidal", "admin1"),
        ("Ménaka", "admin1"),
    ]
    assert plain_names("Markala village (Monimpebougou commune)") == [("Markala", "town")]
    for words in ("Northern Mali", "Dori-Gorgadji road", "Dangarous forest", "the Gourma", "Border Burkina Faso, Mali"):
        assert plain_names(words) == []


def test_events_weigh_their_places_and_divisions() -> None:
    row = {"iso3": "MLI", "name": "Korou village", "named_in": 4, "cell": 7, "admin1_as_written": "Gao region",
           "admin2_as_written": "Ansongo cercle"}  # fmt: skip
    told = {(p.name, p.kind): p for p in of_events([row, row | {"named_in": 2}], "made-up@1")}
    assert told["Korou", "town"].weight == 6
    assert (told["Korou", "town"].cell, told["Korou", "town"].within) == (7, "Gao region")
    assert told["Ansongo", "admin2"].weight == told["Gao", "admin1"].weight == 6


def test_single_events_of_the_lake_are_known_and_the_gazetteer_is_kept(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    put(lake, "1", [event("a", "2022-01-02", best=3) | {"place_as_written": "Korou village"}])
    world = World(lake)
    made = gazetteer_of(world, Params())
    assert [place.name for place in made.named("Korou")] == ["Korou"]
    assert gazetteer_of(world, Params()) is made


def test_the_embedded_gazetteer_is_made_fast(embedded_world: World) -> None:
    world = World(embedded_world.lake)
    begun = time.perf_counter()
    made = gazetteer_of(world, Params())
    assert time.perf_counter() - begun < 3
    assert len(made) > 2500


WORDS = st.sampled_from(
    ["Gao", "region", "of", " ", "Mali", "'s", "l'", "Est", ",", "\n\n", "Tin-Akof", "İstanbul", "e\u0301", "Ménaka",
     ".", "village of ", "Xyz", "US", "(", "—", "N'Djamena", "Nice"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map("".join)))
def test_any_text_is_read_with_exact_spans(text: str) -> None:
    if not _KEPT:
        places = [
            PlaceName("Gao", "MLI", "admin1"),
            PlaceName("Tin-Akof", "BFA", "town"),
            PlaceName("Nice", "FRA", "town"),
        ]
        _KEPT.append(Gazetteer(places))
    mentions = _KEPT[0].find(text, "en")
    assert all(text[m.start : m.end] == m.text and m.text for m in mentions)
    assert all(one.end <= other.start for one, other in pairwise(mentions))


_KEPT: list[Gazetteer] = []


@pytest.mark.parametrize(
    ("text", "kind", "iso3"),
    [
        ("Gunmen raid a village in Mali, 12 dead.", "country", "MLI"),
        ("Deux morts dans un village du Mali.", "country", "MLI"),
        ("Mali: soldiers killed near a town.", "country", "MLI"),
        ("Two died in the town of Mali.", "town", "GIN"),
        ("Two died in a central Mali town.", "country", "MLI"),
        ("Two died in Mali, Labé region.", "town", "GIN"),
    ],
)
def test_a_country_comes_before_a_town_of_its_name(text: str, kind: str, iso3: str) -> None:
    known = Gazetteer(
        [PlaceName("Mali", "GIN", "town", 145000, weight=50, within="Labé"), PlaceName("Labé", "GIN", "admin1")]
    )
    first = known.find(text, "en")[0].meaning
    assert isinstance(first, PlaceMeaning)
    assert (first.place.kind, first.place.iso3) == (kind, iso3)
