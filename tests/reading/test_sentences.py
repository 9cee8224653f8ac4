"""Sentences are parted where they end, in both languages."""

from __future__ import annotations

import pytest

from harmattan.reading.sentences import around, sentences


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ["Gen. Diallo left.", "He went to the U.S. on Monday.", "Dr. K. M. Cissé of the U.N. stayed."]),
        ("en", ["It lost 3.5 percent.", "No. 5 was closed on Aug. 15.", "“We go.”", "Was it over?", "Yes!"]),
        (
            "en",
            [
                "He left for the U.S.",
                "The base was closed.",
                "The group [...] denied it.",
                "It was so... and then it ended.",
            ],
        ),
        ("en", ["“It is over,” he said.", "“We stay!” they cried.", "(They did.)", "30 people came."]),
        (
            "en",
            [
                "The minister (b. 1962) spoke.",
                "St. Louis burned at 5 p.m. that day.",
                "It took 12 hrs.",
                "Nobody came.",
            ],
        ),
        (
            "fr",
            [
                "Le Gal. Barry est mort.",
                "M. Traoré a dit : « Nous partons. »",
                "Il est parti.",
                "Mme Sy et Mme. Ba restent.",
            ],
        ),
        (
            "fr",
            [
                "L’art. 5 le dit.",
                "Le n° 3 aussi.",
                "En 52 av. J.-C., Rome était là.",
                "Il y a env. 30 morts…",
                "C’est tout.",
            ],
        ),
        (
            "fr",
            [
                "« Est-ce fini ? » demande-t-il.",
                "Oui !",
                "« Non. »",
                "Puis [...] rien.",
                "À 14 h, la ville St. Louis dort.",
            ],
        ),
        (
            "fr",
            [
                "Il a perdu 3,5 % de sa force.",
                "J.-P. Koné est là.",
                "Le 1er mars, la route était coupée.",
                "12 soldats sont morts.",
            ],
        ),
    ],
)
def test_sentences_end_where_they_end(language: str, parts: list[str]) -> None:
    text = " ".join(parts)
    assert [text[s.start : s.end] for s in sentences(text, language)] == parts  # type: ignore[arg-type]


def test_headings_and_bullets_are_sentences() -> None:
    text = "Heading without a stop\n\n- first item\n- second item. Two of them\n\n  The text. "
    said = [text[s.start : s.end] for s in sentences(text, "en")]
    assert said == ["Heading without a stop", "first item", "second item.", "Two of them", "The text."]


def test_lines_wrapped_at_a_width_are_joined() -> None:
    text = (
        "The first line of this text is wrapped at the width of\nMali's longest lines, and goes on in the next one until\n"
        "it ends here. Another sentence follows it and is long\nenough to be wrapped as well, as one can see here now.\nA heading\n"
        "And the text goes on after the heading, as it should."
    )
    said = [text[s.start : s.end] for s in sentences(text, "en")]
    assert len(said) == 4
    assert said[2:] == ["A heading", "And the text goes on after the heading, as it should."]


def test_the_sentence_around_a_character() -> None:
    spans = sentences("One here. Two there.", "en")
    starts = [s.start for s in spans]
    assert around(spans, starts, 0) == spans[0]
    assert around(spans, starts, 12) == spans[1]
    assert around(spans, starts, 9) is None
    assert around((), [], 3) is None
