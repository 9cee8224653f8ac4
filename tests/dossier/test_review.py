"""The page of the fifty records that were read again is kept: they are in the dossier, and agree where it says so."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from harmattan.dossier.files import read
from harmattan.questions.citations import ref
from tests.dossier.sample import DRAWN_FROM, PAGE, SAHEL, SIZE, recorded

OUTCOMES = ("agrees", "agrees in part", "differs", "corrected", "none found")


@pytest.fixture(scope="module")
def rows() -> dict[str, str]:
    """What came of each reference of the page: the first words of its last column."""
    found = {}
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if len(cells) == 6 and re.fullmatch(r"`[a-z]+:[^`]+`", cells[1]):
            found[cells[1].strip("`")] = cells[5].partition(":")[0]
    return found


@pytest.fixture(scope="module")
def sources() -> dict[str, set[str]]:
    """The sources that each record of the embedded dossier cites."""
    written = read(SAHEL)
    return {
        ref(list_, record): {citation.source for citation in record.cite}
        for list_ in DRAWN_FROM
        for record in written.records(list_)
    }


def test_fifty_records_are_on_the_page_and_each_is_in_the_dossier(sources: dict[str, set[str]]) -> None:
    assert len(recorded()) == len(set(recorded())) == SIZE
    assert [reference for reference in recorded() if reference not in sources] == []


def test_every_row_ends_with_an_outcome(rows: dict[str, str]) -> None:
    assert list(rows) == recorded()
    assert {reference: said for reference, said in rows.items() if said not in OUTCOMES} == {}


def test_what_agrees_cites_two_sources(rows: dict[str, str], sources: dict[str, set[str]]) -> None:
    agreed = [reference for reference, said in rows.items() if said.startswith("agrees")]
    assert agreed
    assert [reference for reference in agreed if len(sources[reference]) < 2] == []


def test_what_differs_is_disputed_somewhere(rows: dict[str, str]) -> None:
    """The record itself, or one beside it that speaks of the same."""
    written = read(SAHEL)
    stands = {ref(list_, record): record for list_ in DRAWN_FROM for record in written.records(list_)}
    disputed = {_about(record) for record in stands.values() if getattr(record, "status", None) == "disputed"}
    differing = [reference for reference, said in rows.items() if said == "differs"]
    assert [reference for reference in differing if _about(stands[reference]) not in disputed] == []


def _about(record: object) -> tuple[object, ...]:
    fields = ("indicator", "subject", "relation", "object", "force", "countries", "country", "place", "actor")
    return tuple(getattr(record, field, None) for field in fields)


def test_the_counts_are_those_of_the_rows(rows: dict[str, str]) -> None:
    told = re.findall(r"^\| ([a-z ]+) \| (\d+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert {outcome: int(count) for outcome, count in told} == {o: Counter(rows.values())[o] for o in OUTCOMES}
