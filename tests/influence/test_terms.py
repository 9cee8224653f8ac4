"""What a group's posts say more often than others': the texts are invented."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from harmattan.errors import UsageError
from harmattan.influence.terms import TERMS, Terms, distinctive, log_odds
from harmattan.influence.words import folded, kinds, stop_words, tokens
from tests.influence.said import posts, shares

DAY = 86_400


def plain(text: str) -> str:
    return str(folded(pa.array([text]))[0])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("L'armée d'État, qu'ils aujourd’hui", " l armee d etat qu ils aujourd hui "),
        ("𝗙𝗿𝗮𝗻𝗰𝗲 FRANCE Franc\u0065\u0301", " france france france "),
        ("Dégage ! La Russie-Mali", " degage | la russie mali "),
        ("#FranceDégage,#Mali https://t.co/a#b @quelqu_un ok", " #francedegage #mali ok "),
        ("السَّلام عليكم 🇲🇱🔥", " السلام عليكم "),
        ("œuvre", " oeuvre "),
        ("🔥🔥", "  "),
        ("", "  "),
    ],
)
def test_folding(text: str, found: str) -> None:
    assert plain(text) == found


def test_stop_words_are_folded_and_no_terms() -> None:
    listed = sorted(stop_words())
    assert folded(pa.array(listed)).to_pylist() == [f" {word} " for word in listed]
    said = tokens(folded(pa.array(["les troupes #mali 2022 x | ça f16"])))
    term, _ = kinds(said.words)
    assert [word for word, yes in zip(said.words.to_pylist(), term, strict=True) if yes] == ["troupes", "f16"]


def test_log_odds_by_hand() -> None:
    """α = 100 · 40 / 200 = 20: ln(50/150) - ln(30/170), over √(1/50 + 1/30)."""
    delta, z = log_odds(np.array([30.0]), 100, np.array([10.0]), 100, 100)
    assert delta[0] == pytest.approx(math.log(50 / 150) - math.log(30 / 170))
    assert z[0] == pytest.approx(delta[0] / math.sqrt(1 / 50 + 1 / 30))


def test_the_prior_draws_towards_what_all_say() -> None:
    """With a stronger prior a term that only the group has is less distinctive; of nothing, nothing is said."""
    weak, strong = (log_odds(np.array([5.0]), 50, np.array([0.0]), 5000, prior)[0][0] for prior in (10, 5000))
    assert weak > strong > 0
    assert log_odds(np.array([0.0]), 0, np.array([0.0]), 0, 0)[1].tolist() == [0.0]
    assert log_odds(np.array([3.0]), 3, np.array([2.0]), 2, 3)[1].tolist() == [0.0]


def world() -> list[tuple[str | None, str | None, int]]:
    """A group of three that speaks of an army of occupation among twenty who speak of the market."""
    mine = [
        (f"g{n}", text, n)
        for n, text in enumerate(
            ["L'armée d'occupation pille le Mali", "Armée d'occupation, dehors le marché", "armée d'occupation partout"]
        )
    ]
    theirs = [(f"o{n}", f"Le marché de Mopti rouvre mardi {'mil' if n % 2 else 'riz'} {n}a", n) for n in range(20)]
    return [*mine, *theirs]


def by_term(found: Terms, kind: str = "word") -> dict[str, dict[str, object]]:
    return {row["term"]: row for row in found.table.to_pylist() if row["kind"] == kind}


GROUP = frozenset({"g0", "g1", "g2"})


def test_terms_with_counts_and_posts() -> None:
    found = distinctive(posts(world()), GROUP)
    words = by_term(found)
    assert list(words) == ["armee", "occupation"]
    row = words["armee"]
    assert (row["written"], row["group_count"], row["others_count"]) == ("armée", 3, 0)
    assert (row["accounts"], row["texts"]) == (3, 3)
    assert (row["posts"], row["row_ids"]) == (3, ["p0", "p1", "p2"])
    assert (row["group_total"], row["others_total"]) == (4 + 4 + 3, 20 * 6)
    assert by_term(found, "bigram")["armee occupation"]["written"] == "armée d'occupation"
    assert found.table.schema == TERMS
    assert (found.group_posts, found.group_texts, found.others_posts, found.others_with_text) == (3, 3, 20, 20)


def test_what_all_say_is_distinctive_of_nobody() -> None:
    rows = [(f"a{n}", f"le marché de Mopti {'riz' if n % 2 else 'mil'}", n) for n in range(20)]
    found = distinctive(posts(rows), frozenset({"a0", "a1", "a2", "a3"}))
    assert found.table.num_rows == 0


def test_a_repeated_text_counts_once_per_account() -> None:
    """An account that posts one text a hundred times adds posts, not counts; other links and accents change nothing."""
    again = [("g0", f"L'ARMEE d'occupation pille le Mali https://b.ml/{n}", 50 + n) for n in range(100)]
    once, often = distinctive(posts(world()), GROUP), distinctive(posts([*world(), *again]), GROUP)
    assert by_term(often)["armee"]["group_count"] == by_term(once)["armee"]["group_count"] == 3
    assert by_term(often)["armee"]["z"] == by_term(once)["armee"]["z"]
    assert by_term(often)["armee"]["posts"] == 103
    assert len(distinctive(posts([*world(), *again]), GROUP, rows=7).table["row_ids"][0]) == 7


def test_the_words_of_one_copied_text_are_no_terms() -> None:
    copied = [(f"g{n}", "Rassemblement géant vendredi place publique", 60 + n) for n in range(3)]
    assert "rassemblement" not in by_term(distinctive(posts([*world(), *copied]), GROUP))
    other = [("g1", "Le rassemblement fut géant", 90)]
    assert "rassemblement" in by_term(distinctive(posts([*world(), *copied, *other]), GROUP))


def test_only_the_days_on_which_the_group_posts_are_compared() -> None:
    later = [(f"o{n}", "armée armée occupation", 3 * DAY + n) for n in range(50)]
    timeless = [("o1", "armée", None)]
    found = distinctive(posts([*world(), *later, *timeless]), GROUP)
    assert found.others_posts == 20
    assert by_term(found)["armee"]["others_count"] == 0
    no_times = [(who, text, None) for who, text, _ in world()]
    assert distinctive(posts(no_times), GROUP).others_posts == 20


def test_empty_texts_and_nobody() -> None:
    found = distinctive(posts([("g0", None, 0), ("g1", " ", 0), (None, "le marché", 0)]), GROUP)
    assert (found.group_posts, found.group_with_text, found.others_posts, found.table.num_rows) == (2, 0, 1, 0)
    with pytest.raises(UsageError, match="no accounts"):
        distinctive(posts(world()), frozenset())


def test_objects_count_once_per_account_and_day() -> None:
    rows = [("url", "a.ml/x", f"g{n % 3}", "x", f"p{n}", n) for n in range(9)]
    rows += [("url", "b.ml/y", f"o{n}", "x", f"q{n}", n) for n in range(20)]
    rows += [("hashtag", "mali", who, "x", f"r{n}", n) for n, who in enumerate(("g0", "g1", "o1", "o2"))]
    rows += [("url", "a.ml/x", "o5", "x", "late", 5 * DAY)]
    found = distinctive(posts(world()), GROUP, shares(rows))
    url = by_term(found, "url")["a.ml/x"]
    assert (url["group_count"], url["others_count"], url["group_total"], url["others_total"]) == (3, 0, 3, 20)
    assert (url["accounts"], url["posts"], url["texts"], url["row_ids"]) == (3, 9, None, [f"p{n}" for n in range(9)])
    assert by_term(found, "hashtag") == {}
