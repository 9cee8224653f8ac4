"""The French catalogue: complete, nothing stale, and every place of a template is there in French too."""

from __future__ import annotations

import string

from tests.text.messages import keys, translations


def test_french_is_complete_and_has_nothing_stale() -> None:
    known, french = keys(), translations()
    assert sorted(set(known) - {key for key, words in french.items() if words}) == []
    assert sorted(set(french) - set(known)) == []


def test_french_keeps_every_place() -> None:
    def places(words: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(words) if name}

    wrong = {key: words for key, words in translations().items() if places(key) != places(words)}
    assert wrong == {}


def test_french_typography() -> None:
    wrong = [
        words
        for words in translations().values()
        if any(f"{letter}{mark}" in words for letter in "abcdefghijklmnopqrstuvwxyzé}" for mark in (" :", " ;", " ?"))
        or "..." in words
    ]
    assert wrong == []
