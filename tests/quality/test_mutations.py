"""The measure of the checks: drawn with a seed, looked up apart from the checks, and what it must show."""

from __future__ import annotations

from collections import Counter

import pytest
from quality.drawn import Drawn, drawn, mutated
from quality.mutations import Confusion, asker_of, by_kind, measure, table
from quality.truth_dossier import DossierTruth
from quality.truth_events import EventTruth

from harmattan import data
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry

KINDS = ("deaths, country and year", "share", "milestone", "milestone, count", "relation", "presence", "figure")
"""Measured here; `python -m quality` measures them all."""


@pytest.fixture(scope="module")
def inquiry(tmp_path_factory: pytest.TempPathFactory) -> Inquiry:
    return Inquiry(Lake(tmp_path_factory.mktemp("mutations"), data.RELEASES))


@pytest.fixture(scope="module")
def confusion(inquiry: Inquiry) -> Confusion:
    return measure(inquiry, kinds=KINDS)


def test_true_claims_are_supported_and_changed_ones_are_not(confusion: Confusion) -> None:
    supported, true = confusion.true_supported
    seen, visible = confusion.seen
    assert (confusion.true_contradicted, confusion.wrongly_contradicted) == ([], [])
    assert supported >= 0.95 * true > 150
    assert seen >= 0.9 * visible > 300


def test_the_tables_count_every_claim_once(confusion: Confusion) -> None:
    rows = [line.split("|")[2:-1] for line in list(table(confusion))[2:]]
    assert sum(int(row[0]) for row in rows) == len(confusion.judged)
    assert all(int(row[0]) == sum(int(cell) for cell in row[1:]) for row in rows)
    assert len(list(by_kind(confusion))) == 2 + 2 * len(KINDS)


def test_three_hundred_true_claims_of_every_kind_are_drawn_alike(inquiry: Inquiry) -> None:
    asker = asker_of(inquiry)
    found = drawn(asker, 4)
    assert found == drawn(asker, 4) != drawn(asker, 5)
    assert len(found) >= 300
    assert min(Counter(claim.kind for claim in found).values()) >= 20
    assert {claim.mutation for claim in mutated(found, 4)} == {
        "number x2", "number x0.5", "year +1", "year -1", "place swapped", "actor swapped"
    }  # fmt: skip


def test_what_is_looked_up_is_known(inquiry: Inquiry) -> None:
    asker = asker_of(inquiry)
    events, dossier = EventTruth(asker), DossierTruth(asker)
    year = asker.ask("casualties", country=("MLI",), by=("year",)).rows[-1]
    part = {"check": "value", "country": ["MLI"], "from": year["period"], "value": year["deaths_best"]}
    assert events.possible(part)
    assert not events.possible({**part, "value": year["deaths_high"] * 3})
    exit_ = {"check": "milestone", "type": ["exit"], "country": ["MLI"], "actor": ["Mali"], "date": "2022-05-15"}
    assert dossier.possible(exit_)
    assert not dossier.possible({**exit_, "date": "2021-05-15"})


def test_changes_keep_what_they_do_not_change() -> None:
    claim = Drawn("x", {"check": "value", "country": ["MLI"], "from": "2020-02-29", "to": "2020-03", "value": 313})
    found = {one.mutation: one.part for one in mutated([claim], 1)}
    assert (found["number x2"]["value"], found["number x0.5"]["value"]) == (626, 156)
    assert (found["year -1"]["from"], found["year +1"]["to"]) == ("2019-02-28", "2021-03")
    assert found["place swapped"]["country"] != ["MLI"]
    assert "actor swapped" not in found
    assert claim.part["value"] == 313
