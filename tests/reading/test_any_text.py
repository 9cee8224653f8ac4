"""Whatever the text: offsets are exact, nothing overlaps, nothing fails, and time grows with length only."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.reading.date_atoms import atoms
from harmattan.reading.dates import dates
from harmattan.reading.figures import figures
from harmattan.reading.mentions import Mention
from harmattan.reading.sentences import sentences
from tests.reading.said import DATES, FIGURES, PUBLISHED, rows

PIECES = [text for _, text, _ in rows(DATES) + rows(FIGURES)]
WORDS = ["du", "au", "à", "entre", "and", "between", "mars", "May", "2022", "31", "1er", "12", "000", "%", "$", "million",
         "une trentaine", "tués", "killed", "last", "year", "il y a", "ago", "two", "deux", "-", ",", ".", "\n", "\u00a0",
         "«", "»", "[...]", "M.", "0000-00-00", "99/99/9999", "l’été", "millions", "cent", "vingt"]  # fmt: skip
texts = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
)
days = st.one_of(st.none(), st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)))


def exact(text: str, mentions: tuple[Mention, ...]) -> None:
    end = 0
    for mention in mentions:
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        end = mention.end


@settings(max_examples=300, deadline=None)
@given(text=texts, language=st.sampled_from(["en", "fr"]), published=days)
def test_offsets_are_exact_and_nothing_fails(text: str, language: str, published: dt.date | None) -> None:
    found = dates(text, language, published)  # type: ignore[arg-type]
    exact(text, found)
    for mention in found:
        start, end = mention.meaning.start, mention.meaning.end  # type: ignore[union-attr]
        assert start is not None or end is not None
        assert start is None or end is None or start <= end
    exact(text, figures(text, language))  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(text=texts, language=st.sampled_from(["en", "fr"]))
def test_sentences_hold_every_letter_once(text: str, language: str) -> None:
    spans = sentences(text, language)  # type: ignore[arg-type]
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        assert not text[span.start].isspace()
        assert not text[span.end - 1].isspace()
        end = span.end


def seconds(text: str, language: str) -> float:
    begun = time.perf_counter()
    sentences(text, language)  # type: ignore[arg-type]
    dates(text, language, PUBLISHED)  # type: ignore[arg-type]
    figures(text, language)  # type: ignore[arg-type]
    return time.perf_counter() - begun


@pytest.mark.parametrize(
    "piece", ["1", " ", "the ", "1 ", "du ", "March ", "2022-", "killed 5 ", ". ", "une ", "1,000 ", "\n"]
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_time_grows_with_length_only(piece: str, language: str) -> None:
    small, large = (piece * (size // len(piece)) for size in (20_000, 160_000))
    base = min(seconds(small + "x", language), seconds(small + "y", language))
    assert seconds(large, language) < 8 * max(base, 0.02) * 3


@pytest.mark.data
def test_ten_thousand_words_are_read_at_once(data_dir: Path) -> None:
    article = data_dir.parent / "documents" / "mali-deepening-extremist-crisis.txt"
    if not article.exists():
        pytest.skip("the article is not at hand")
    text = (article.read_text("utf-8") + "\n") * 10
    assert len(text.split()) > 10_000
    taken = []
    for _ in range(3):
        atoms.cache_clear()
        taken.append(seconds(text, "en"))
    assert min(taken) < 1.2  # 0.3 s on an idle core; others may be at work here
