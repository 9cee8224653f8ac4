"""Nearly the same texts are found, and none that is less like than the threshold is put with another."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from harmattan.errors import UsageError
from harmattan.influence.similar import Similar, leaders

FRENCH = "le ministre de la défense a annoncé le départ des troupes étrangères de la base de gao"
ENGLISH = "the minister of defence has announced that foreign troops will leave the base at gao this week"
ARABIC = "أعلن وزير الدفاع أن القوات الأجنبية ستغادر القاعدة العسكرية في غاو خلال هذا الأسبوع"


def likeness(one: str, other: str) -> float:
    """By the definition, on the texts themselves."""
    first, second = ({text[n : n + 5] for n in range(len(text) - 4)} for text in (one, other))
    return len(first & second) / len(first | second)


def world(seed: int, n: int, changes: int) -> list[str]:
    """Texts of invented words, most of them copies of a few with words changed."""
    chance = np.random.default_rng(seed)
    words = ["".join(chr(97 + letter) for letter in chance.integers(0, 26, chance.integers(2, 9))) for _ in range(400)]
    models = [[words[w] for w in chance.integers(0, 400, 40)] for _ in range(3)]
    texts = []
    for _ in range(n):
        text = list(models[chance.integers(0, 3)])
        for _ in range(chance.integers(0, changes)):
            text[chance.integers(0, 40)] = words[chance.integers(0, 400)]
        texts.append(" ".join(text))
    return list(dict.fromkeys(texts))


@pytest.mark.parametrize("threshold", [0.7, 0.8])
def test_groups_are_those_that_comparing_all_gives(threshold: float) -> None:
    texts = world(3, 200, 6)
    found = leaders(texts, [1] * len(texts), Similar(threshold))
    order = sorted(range(len(texts)), key=texts.__getitem__)
    alike = {(a, b) for a, b in combinations(order, 2) if likeness(texts[a], texts[b]) >= threshold}
    for place, lead in enumerate(found.tolist()):
        assert place == lead or likeness(texts[place], texts[lead]) >= threshold
        assert found[lead] == lead
    heads = [place for place in order if found[place] == place]
    missed = [pair for pair in combinations(heads, 2) if pair in alike]
    assert len(alike) > 500
    assert len(heads) < 0.8 * len(texts)
    assert len(missed) <= 0.01 * len(alike)


def test_texts_do_not_chain() -> None:
    words = [f"word{n:02}" for n in range(60)]
    chain = [" ".join(words[start : start + 40]) for start in range(0, 20, 2)]
    found = leaders(chain, [100, *[1] * 9], Similar(0.8))
    assert likeness(chain[0], chain[1]) >= 0.8 > likeness(chain[0], chain[-1])
    assert found[1] == 0
    assert found[-1] != 0
    for place, lead in enumerate(found.tolist()):
        assert likeness(chain[place], chain[lead]) >= 0.8


@pytest.mark.parametrize("text", [FRENCH, ENGLISH, ARABIC])
def test_a_word_changed_or_a_sign_added_is_nearly_the_same(text: str) -> None:
    words = text.split()
    other = " ".join([*words[:4], "xyz", *words[5:]])
    assert leaders([text, f"{text} !!", other, " ".join(reversed(words))], [9, 1, 1, 1]).tolist()[:2] == [0, 0]
    assert leaders([text, other], [9, 1], Similar(0.7)).tolist() == [0, 0]
    assert leaders([text, " ".join(reversed(words[::2]))], [9, 1], Similar(0.5)).tolist() == [0, 1]


def test_the_order_in_which_texts_come_does_not_matter() -> None:
    texts = world(5, 300, 6)
    counts = np.arange(len(texts)) % 4
    found = leaders(texts, counts)
    back = np.random.default_rng(1).permutation(len(texts))
    again = leaders([texts[place] for place in back], counts[back])
    assert [texts[back[lead]] for lead in again] == [texts[found[place]] for place in back]


def test_very_many_texts_in_one_band_are_one_group() -> None:
    text = f"{ENGLISH} {FRENCH} "
    found = leaders([f"{text}{n}" for n in range(5_000)], np.ones(5_000, dtype=np.int64))
    assert len(set(found.tolist())) == 1


def test_texts_that_share_a_band_but_are_not_alike_come_to_an_end() -> None:
    chance = np.random.default_rng(2)
    texts = [f"{ENGLISH} {' '.join(map(str, chance.integers(10**5, 10**6, 4)))}" for _ in range(2_000)]
    found = leaders(texts, [1] * len(texts))
    for place, lead in enumerate(found.tolist()):
        assert place == lead or likeness(texts[place], texts[lead]) >= 0.8


def test_nothing_and_texts_shorter_than_a_shingle_stand_alone() -> None:
    assert leaders([], []).tolist() == []
    assert leaders(["", "abc", "abcd"], [1, 1, 1]).tolist() == [0, 1, 2]


def test_a_threshold_out_of_range_is_one_line() -> None:
    with pytest.raises(UsageError, match=r"Give a number from 0\.5 to 1"):
        Similar(0.3)
