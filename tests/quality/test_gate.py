"""Reading stays as good as it is held out to be: on the test split, which nobody tunes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from quality.__main__ import scores
from quality.headlines import ANY, COUNTRY, FIGURE, PLACE, VALUE, Headline, Shares, headlines, measured
from quality.page import AIMS, HEADLINE_AIMS, By, error_counts, headline_table, missed, reading
from quality.readers import Reader, embedded, ingested

HEADLINE_LEAST = {**HEADLINE_AIMS, VALUE: 0.9, ANY: 0.97}
"""What must not be fallen below; one headline in fifty names only another country than its row's."""


@pytest.fixture(scope="module")
def by(tmp_path_factory: pytest.TempPathFactory) -> By:
    return scores(embedded(tmp_path_factory.mktemp("quality")))


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Reader:
    return ingested(tmp_path_factory.mktemp("quality"), data_dir)


@pytest.mark.parametrize("kind", AIMS)
def test_reading_reaches_its_aims_with_what_the_package_carries(by: By, kind: str) -> None:
    tally = by["test", "all"].tallies[kind]
    assert tally.gold >= 60
    assert tally.f1 >= AIMS[kind], f"{kind}: precision {tally.precision:.3f}, recall {tally.recall:.3f}"


@pytest.mark.data
@pytest.mark.slow
def test_more_places_at_hand_make_reading_no_worse_than_its_aims(wide: Reader) -> None:
    assert missed(scores(wide)) == []


@pytest.mark.data
@pytest.mark.slow
def test_headlines_tell_country_place_and_dead(wide: Reader, data_dir: Path) -> None:
    shares = measured(wide, data_dir)
    told = {what: (right / n, n) for (what, language), (right, n) in shares.counts.items() if language == "all"}
    assert all(told[what][1] >= 500 for what in (COUNTRY, PLACE, FIGURE))
    assert {what: share for what, (share, _n) in told.items() if share < HEADLINE_LEAST[what]} == {}
    assert "NOT met" in headline_table(Shares({(PLACE, "all"): [8, 10]}))


@pytest.mark.data
def test_what_a_headline_names_is_told_without_the_reader(data_dir: Path) -> None:
    """Known answers, from the event file."""
    found = {one.text: one for one in headlines(data_dir)}
    sienso: Headline = found["Mali: three dead in a terrorist attack in Sienso"]
    assert [sienso.text[start:end] for start, end in sienso.place_spans] == ["Sienso"]
    assert [number for *_span, number in sienso.death_spans] == [3]
    french = found["Mali : au moins 2 soldats morts dans une nouvelle embuscade revendiquée par le JNIM à Koro"]
    assert (french.language, french.iso3) == ("fr", "MLI")
    assert [number for *_span, number in french.death_spans] == [2]


def test_errors_on_the_test_split_are_only_counted(by: By) -> None:
    page = reading(by) + error_counts(by)
    words = {slip.around for slip in by["test", "all"].slips}
    assert words
    assert not any(around in page for around in words)
