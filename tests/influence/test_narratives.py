"""Stances of a group's words beside others': the texts are invented, the lexicon is the package's."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from harmattan.influence import lexicon
from harmattan.influence.narratives import PHRASES, STANCES, Narratives, narratives
from harmattan.influence.words import folded
from harmattan.vocabulary.share import ratio_interval, wilson
from tests.influence.said import posts

LEXICON = lexicon.embedded("sahel-stances")
GROUP = frozenset({"g0", "g1", "g2"})


def of(found: Narratives, stance: str) -> dict[str, object]:
    return next(row for row in found.stances.to_pylist() if row["stance"] == stance)


def world() -> list[tuple[str | None, str | None, int]]:
    mine = [(f"g{n % 3}", f"Trop c'est trop, la France dégage ! {n}", n) for n in range(6)]
    mine += [
        ("g0", "Le marché rouvre", 7),
        ("g1", "#ABasLaCEDEAO et vive la Russie", 8),
        ("g2", None, 9),
        ("g2", "", 10),
    ]
    theirs = [(f"o{n}", f"Le marché de Gao, jour {n}", n) for n in range(38)]
    theirs += [("o38", "à bas la France", 3), ("o39", "Vive la France, à bas la France ?", 4)]
    return [*mine, *theirs]


def test_shares_against_the_rest_with_their_posts() -> None:
    found = narratives(posts(world()), GROUP, LEXICON)
    assert (found.group_posts, found.group_with_text, found.others_posts, found.others_with_text) == (10, 8, 40, 40)
    row = of(found, "anti-french")
    assert (row["posts"], row["accounts"], row["texts"], row["both"]) == (6, 3, 6, 0)
    assert row["row_ids"] == [f"p{n}" for n in range(6)]
    assert (row["share"], row["others_posts"], row["others_share"], row["ratio"]) == (6 / 8, 2, 2 / 40, 15.0)
    assert row["others_row_ids"] == ["p48", "p49"]
    assert row["ratio_low"] < 15 < row["ratio_high"]
    assert [of(found, name)["posts"] for name in ("anti-ecowas", "pro-russian", "pro-french", "anti-un")] == [
        1,
        1,
        0,
        0,
    ]
    assert found.stances.schema == STANCES
    assert found.phrases.schema == PHRASES
    assert next((row["pattern"], row["posts"]) for row in found.phrases.to_pylist()) == ("{france} .. dégage*", 6)


def test_both_sides_of_a_pair_are_there_whether_found_or_not() -> None:
    found = narratives(posts([("g0", "bonjour", 0), ("o0", "bonsoir", 0)]), GROUP, LEXICON)
    rows = found.stances.to_pylist()
    assert [row["stance"] for row in rows] == [stance.id for _, stance, _ in LEXICON.stances]
    assert all(
        (row["posts"], row["share"], row["ratio"], row["ratio_low"], row["row_ids"]) == (0, 0, None, None, [])
        for row in rows
    )
    assert all(row["entries"] > 0 for row in rows)


def test_a_post_may_hold_both() -> None:
    """A quotation counts with its slogan: that is said as a caveat, and that both are there can be seen."""
    found = narratives(posts([("g0", "Ils crient « à bas la France », moi vive la France", 0)]), GROUP, LEXICON)
    assert of(found, "anti-french")["both"] == of(found, "pro-french")["both"] == 1
    assert any("quot" in str(caveat).lower() for caveat in found.caveats)


def test_accounts_count_as_clusters() -> None:
    """Thirty posts of one account are worth far less than thirty of thirty: the interval is wider."""
    many = [(f"g{n}", "à bas la France" if n < 15 else "bonjour", n) for n in range(30)]
    few = [("g0" if n < 15 else "g1", text, at) for n, (_, text, at) in enumerate(many)]
    group = frozenset(f"g{n}" for n in range(30))
    wide, narrow = (of(narratives(posts(rows), group, LEXICON), "anti-french") for rows in (few, many))
    assert wide["share"] == narrow["share"] == 0.5
    assert (narrow["share_low"], narrow["share_high"]) == pytest.approx(wilson(14.5, 29))
    assert wide["share_high"] - wide["share_low"] > 1.8 * (narrow["share_high"] - narrow["share_low"])
    one = of(narratives(posts([("g0", "à bas la France", n) for n in range(9)]), group, LEXICON), "anti-french")
    assert (one["share_low"], one["share_high"]) == pytest.approx(wilson(1, 1))


def test_nothing_to_compare_with() -> None:
    found = narratives(posts([("g0", None, 0), ("o0", None, 0)]), GROUP, LEXICON)
    row = of(found, "anti-french")
    assert (row["share"], row["share_low"], row["others_share"], row["ratio"], row["ratio_high"]) == (None,) * 5
    assert (found.group_posts, found.group_with_text) == (1, 0)


def test_the_ratio_of_shares() -> None:
    """Beside the logarithmic interval, 2 · exp(±1.96 √(0.8/20 + 0.9/10)) = 0.99 to 4.06; and 0 on either side."""
    low, high = ratio_interval(0.2, wilson(20, 100), 0.1, wilson(10, 100))
    assert (low, high) == pytest.approx((0.99, 4.06), abs=0.07)
    back = ratio_interval(0.1, wilson(10, 100), 0.2, wilson(20, 100))
    assert back == pytest.approx((1 / high, 1 / low))
    none, most = ratio_interval(0.0, wilson(0, 100), 0.1, wilson(10, 100))
    assert none == 0
    assert 0 < most < 1
    least, endless = ratio_interval(0.1, wilson(10, 100), 0.0, wilson(0, 100))
    assert least > 1
    assert endless is None


def test_the_quick_search_finds_what_the_slow_one_does() -> None:
    """Each example, in every stretch of eight words and as one hashtag, by the expression of each entry alone."""
    said = " ".join(entry.example for entry in LEXICON.entries).split()
    texts = [" ".join(said[n : n + 8]) for n in range(len(said) - 8)]
    texts += ["#" + "".join(sign for sign in entry.example if sign.isalnum()) for entry in LEXICON.entries]
    found = narratives(posts([("g0", text, n) for n, text in enumerate(texts)]), GROUP, LEXICON, rows=1000)
    plain = folded(pa.array(texts))
    for place, looked in enumerate(LEXICON.phrases):
        slow = [f"p{n}" for n, hit in enumerate(pc.match_substring_regex(plain, looked.expression).to_pylist()) if hit]
        quick = [row["row_ids"] for row in found.phrases.to_pylist() if row["entry"] == place]
        assert sorted(quick[0] if quick else []) == sorted(slow)
        assert slow, LEXICON.entries[place].pattern
