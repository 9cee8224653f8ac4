"""The labelled set: what its marks say, and that none of them says what cannot be."""

from __future__ import annotations

import datetime as dt
import doctest
from collections import Counter
from pathlib import Path

import pytest
from quality.labelled import Days, Figure, Gold, Mislabelled, days, known_actors, stripped, texts

from quality import labelled, scoring

TEXT = """
[[text]]
id = "one"
style = "wire report"
published = 2022-04-05
text = '''{marked}{words}'''
"""


def written(folder: Path, marked: str, words: int = 120) -> Path:
    (folder / "dev-en.toml").write_text(TEXT.format(marked=marked, words=" word" * words), encoding="utf-8")
    return folder


def test_the_set_is_large_enough_and_balanced() -> None:
    """At least 24 texts, half of them French, in each split; and enough of every kind to tell shares apart."""
    found = texts()
    counts = Counter((text.split, text.language) for text in found)
    assert len(found) >= 24
    assert counts["dev", "en"] == counts["dev", "fr"] >= 4
    assert counts["test", "en"] == counts["test", "fr"] >= 7
    kinds = Counter(gold.kind for text in texts("test") for gold in text.gold)
    assert all(kinds[kind] >= 60 for kind in ("actor", "place", "date", "figure"))
    assert kinds["new_name"] >= 20


def test_spans_stand_where_the_words_stand_and_no_mark_is_left() -> None:
    for text in texts():
        assert "[[" not in text.text
        assert all(text.text[gold.start : gold.end] == gold.text for gold in text.gold)
        assert [gold.start for gold in text.gold] == sorted(gold.start for gold in text.gold)


def test_what_a_text_of_our_own_says() -> None:
    """A known answer, checked by hand."""
    (text,) = [one for one in texts("dev") if one.id == "dev-en-3"]
    moura = Gold(text.text.index("Moura"), text.text.index("Moura") + 5, "Moura", "place", "MLI")
    assert moura in text.gold
    (first, *_) = text.of("figure")
    span = Days(dt.date(2022, 3, 27), dt.date(2022, 3, 31))
    assert first.meaning == Figure(300, None, "about", ("civilians_killed",), "Moura", span)
    assert {gold.meaning for gold in text.of("actor")} >= {"wagner", "mali-armed-forces", "katiba-macina", "jnim"}


@pytest.mark.parametrize(
    ("mark", "start", "end"),
    [
        ("2022", "2022-01-01", "2022-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2022-03-27", "2022-03-27", "2022-03-27"),
        ("2018..2021", "2018-01-01", "2021-12-31"),
        ("2012..", "2012-01-01", None),
        ("..2020-05", None, "2020-05-31"),
    ],
)
def test_days(mark: str, start: str | None, end: str | None) -> None:
    read = days(mark)
    assert (read.start and str(read.start), read.end and str(read.end)) == (start, end)


@pytest.mark.parametrize(
    "marked",
    [
        "[[actor:nobody-known|the band]]",
        "[[actor|JNIM]]",
        "[[place:XYZ|Nowhere]]",
        "[[place|Gao]]",
        "[[date:2022-13|a month]]",
        "[[date:2022-03..2022-01|backwards]]",
        "[[date:..|always]]",
        "[[figure:300|300]]",
        "[[figure:many:exact:deaths|many]]",
        "[[figure:300:roughly:deaths|300]]",
        "[[figure:300:exact:camels|300 camels]]",
        "[[figure:300:exact:deaths:Gao|300 dead]]",
        "[[figure:300:exact:deaths::2022|300 dead]]",
        "[[rumour|so they say]]",
        "[[place:MLI|Gao]",
        "[[new|A [[place:MLI|Gao]] group]]",
    ],
)
def test_a_mark_that_says_what_cannot_be_is_refused(marked: str, tmp_path: Path) -> None:
    with pytest.raises(Mislabelled, match=r"dev-en\.toml, one: "):
        texts(folder=written(tmp_path, marked))


def test_a_text_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Mislabelled, match="12 words"):
        texts(folder=written(tmp_path, "", words=12))


def test_a_figure_may_have_two_ends_and_two_indicators() -> None:
    _, (gold,) = stripped("[[figure:20-30:up_to:deaths/none|20 to 30 dead]]", ())
    assert gold.meaning == Figure(20, 30, "up_to", ("deaths", None))


def test_actors_are_those_of_the_dossier() -> None:
    assert {"jnim", "is-sahel", "mali-armed-forces"} <= known_actors()


@pytest.mark.parametrize("module", [labelled, scoring])
def test_the_examples_of_the_docstrings_run(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0
