"""Which spellings count as the same name, and which must not."""

from __future__ import annotations

import itertools
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.dossier.spelling import Likeness, legible, plain, skeleton, spelled

LAW = settings(derandomize=True, max_examples=300, deadline=None)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
WORDS = ["jama'at", "Nusrat", "al-Islam", "Front", "de", "Libération", "du", "Nord", "KATIBAT", "gUÉRÉ"]
names = st.lists(st.sampled_from(WORDS), max_size=6)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("  Front\tdu Nord ", "front du nord"),
        ("Gue\u0301re\u0301", "GUÉRÉ"),
        ("STRASSE", "Straße"),
    ],
)
def test_case_spaces_and_codes_do_not_matter(one: str, other: str) -> None:
    assert spelled(one) == spelled(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jama´at", "Jamaʿat"),
        ("Jama’at", "Jamaat"),
        ("Guéré", "Guere"),
        ("Ganda-Iso", "Ganda Iso"),
        ("Signed‑in—Blood", "signed in blood"),
        ("G.A.T.", "GAT"),
        ("Ɓurgu", "Burgu"),
        ("Daɲa", "Danya"),
        ("ＡＢＣ", "abc"),
        ("الإسلام", "الاسلام"),
        ("Front (Nord)", "front nord"),
    ],
)
def test_accents_marks_and_joints_do_not_matter(one: str, other: str) -> None:
    assert spelled(one) != spelled(other)
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jamaat Nusrat al-Islam wal Muslimeen", "Djama'at Nousrat oul-Islam oua l-Mouslimine"),
        ("Ansarul Islam al-Jadid", "Ansaroul Islam el Djadid"),
        ("Jabhat al-Nusrah lil-Muslimin", "Jabhat an-Nosra lil Mouslimine"),
        ("Katibat Macina du Nord", "Katiba Massina Nord"),
        ("Al-Qaeda in the Islamic Maghreb", "al-Qaida in Islamik Maghrib"),
    ],
)
def test_transliterations_share_a_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Government of Niger", "Government of Nigeria"),
        ("Government of Mali", "Government of Malawi"),
        ("Government of Guinea", "Government of Guyana"),
        ("Government of Iran", "Government of Iraq"),
        ("Government of Slovakia", "Government of Slovenia"),
        ("Gouvernement nigérien", "Gouvernement nigérian"),
        ("National Front of the North", "National Front of the South"),
    ],
)
def test_different_names_do_not(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize("text", ["", "AQ", "Ansar Dine", "Supporters", "نصرة الإسلام والمسلمين", "🔥🔥🔥🔥 🔥🔥🔥🔥"])
def test_too_little_has_no_skeleton(text: str) -> None:
    assert skeleton(text) == ""


def test_what_cannot_be_seen_is_left_out_and_what_no_name_holds_is_refused() -> None:
    assert legible("\u200fنصرة\u200e") == "نصرة"
    assert legible("Front\u00ad Nord\u00a0\n") == "Front Nord  "
    assert legible("\ufeffMali") == "Mali"
    assert [legible(text) for text in ("a\x00b", "a\x07", "\ud800", "\ue000")] == [""] * 4


@LAW
@given(words)
def test_each_step_done_twice_is_done_once(text: str) -> None:
    assert spelled(spelled(text)) == spelled(text)
    assert plain(plain(text)) == plain(text)
    assert legible(legible(text)) == legible(text)


@LAW
@given(words)
def test_each_step_is_looser_than_the_one_before(text: str) -> None:
    assert plain(spelled(text)) == plain(text)
    assert skeleton(plain(text)) == skeleton(text)


@LAW
@given(names)
def test_case_joints_and_articles_do_not_change_a_skeleton(parts: list[str]) -> None:
    one = skeleton(" ".join(parts))
    assert skeleton(" ".join(parts).upper()) == one
    assert skeleton("-".join(parts)) == one
    assert skeleton(" al ".join(parts)) == one


@LAW
@given(st.lists(names.map(" ".join).map(plain), unique=True, max_size=8), names.map(" ".join).map(plain))
def test_likeness_is_sorted_bounded_and_finds_itself(texts: list[str], text: str) -> None:
    found = Likeness(texts).near(text, 80)
    assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))
    assert all(80 <= score <= 100 for _, score in found)
    if text and text in texts:
        assert found[0][1] == 100


@pytest.mark.data
def test_likeness_finds_what_comparing_everything_finds(data_dir: Path) -> None:
    """Each name of UCDP's actors with one letter left out: the name itself is found wherever it is alike enough."""
    from rapidfuzz import fuzz

    texts = sorted({plain(name) for name in ucdp_names(data_dir)})
    likeness = Likeness(texts)
    lost = []
    for number, text in enumerate(texts[::7]):
        place = number % len(text)
        typed = " ".join((text[:place] + text[place + 1 :]).split())
        if fuzz.ratio(typed, text) >= 85 and text not in [texts[n] for n, _ in likeness.near(typed, 80)]:
            lost.append(text)
    assert lost == []


@pytest.mark.data
def test_no_two_actors_of_ucdp_share_a_skeleton_but_by_their_very_names(data_dir: Path) -> None:
    """Of 1,725 actors one pair does, by a doubled letter."""
    named: dict[str, set[str]] = {}
    for name in ucdp_names(data_dir):
        if skeleton(name):
            named.setdefault(skeleton(name), set()).add(plain(name))
    shared = [same for same in named.values() if len(same) > 1]
    assert shared == [{"supporters of unp", "supporters of unpp"}]


def ucdp_names(data_dir: Path) -> list[str]:
    rows = duckdb.sql(f"SELECT NameData FROM '{data_dir}/actors/ucdp_actor_221.parquet'").fetchall()
    return list(itertools.chain.from_iterable(rows))
