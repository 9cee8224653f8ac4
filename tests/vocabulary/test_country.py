"""Countries: one outward scheme, and no number or two letters taken for it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from harmattan.errors import UsageError
from harmattan.text.speaker import country_name
from harmattan.vocabulary.country import (
    COUNTRIES,
    ISO3_BY_GW,
    did_you_mean,
    gw_from_iso3,
    is_iso3,
    iso3_from_gw,
    iso3_from_iso2,
    iso3_from_natural_earth,
    parse_country,
)

UNCODED = {"Kosovo": "XKX"}
"""States of the VIEWS list that have no ISO code there."""


@pytest.mark.data
def test_every_present_state_of_views_has_the_same_codes_here(data_dir: Path) -> None:
    with (data_dir / "views" / "views_country_ids.csv").open(encoding="utf-8") as file:
        present = [row for row in csv.DictReader(file) if row["gweyear"] == "2050"]
    theirs = {int(row["gwcode"]): row["isoab"] or UNCODED[row["name"]] for row in present}
    assert len(theirs) > 190
    assert {gw: ISO3_BY_GW.get(gw) for gw in theirs} == theirs
    assert {gw: gw_from_iso3(iso3) for gw, iso3 in theirs.items()} == {gw: gw for gw in theirs}


def test_of_two_numbers_the_present_states_is_given() -> None:
    twice = {iso3 for iso3 in COUNTRIES if list(ISO3_BY_GW.values()).count(iso3) > 1}
    assert twice == {"SRB", "YEM"}
    assert (gw_from_iso3("SRB"), gw_from_iso3("YEM")) == (340, 678)
    assert all(iso3_from_gw(gw_from_iso3(iso3)) == iso3 for iso3 in COUNTRIES)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_country_has_a_name_that_is_understood(language: str) -> None:
    for code in COUNTRIES:
        name = country_name(code, language)
        assert name != code
        assert {parse_country(words) for words in (code, code.lower(), name, name.upper(), f" {name} ")} == {code}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Cote d'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("ivory coast", "CIV"),
        ("guinee bissau", "GNB"),
        ("Sénégal", "SEN"),
        ("Tchad", "TCD"),
        ("DR Congo", "COD"),
    ],
)
def test_names_with_and_without_accents(words: str, code: str) -> None:
    assert parse_country(words) == code


@pytest.mark.parametrize("words", ["434", "466", "0", "ML", "ne"])
def test_a_bare_number_or_two_letters_are_refused(words: str) -> None:
    """434 is Benin by Gleditsch-Ward and Libya by ISO numeric; NE is Niger or Nebraska."""
    with pytest.raises(UsageError, match="do not say their scheme"):
        parse_country(words)


@pytest.mark.parametrize(
    ("words", "first"), [("Malli", "MLI Mali"), ("Nigr", "NER Niger"), ("Burkina", "BFA"), ("Séngal", "SEN")]
)
def test_near_matches_are_offered_as_a_choice(words: str, first: str) -> None:
    with pytest.raises(UsageError, match=rf"There is no country {words}\. Did you mean {first}.* or .*\?$"):
        parse_country(words)


@pytest.mark.parametrize("words", ["???", "zzzzzz", ""])
def test_nothing_is_offered_where_nothing_is_near(words: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_country(words)
    assert caught.value.available is None
    assert did_you_mean([]) is None


def test_a_known_code_outside_the_list_is_taken_as_known() -> None:
    assert parse_country("nga+ner") == "NGA+NER"
    assert parse_country("abc+xyz", ["ABC+XYZ", "MLI"]) == "ABC+XYZ"
    with pytest.raises(UsageError, match="There is no country ABC"):
        parse_country("ABC+XYZ")


def test_numbers_and_codes_that_there_are_not() -> None:
    with pytest.raises(UsageError, match="1 is not a Gleditsch-Ward state number"):
        iso3_from_gw(1)
    with pytest.raises(UsageError, match="There is no country MLL"):
        gw_from_iso3("MLL")


def test_codes_of_countries_and_territories() -> None:
    assert all(is_iso3(code) for code in COUNTRIES)
    assert [code for code in ("XXX", "QQQ", "ZZZ", "AAA", "ZAR", "mli", "ML", "") if is_iso3(code)] == []
    assert [iso3_from_iso2(code) for code in ("NE", "ng", "CD", "XK")] == ["NER", "NGA", "COD", "XKX"]
    assert [iso3_from_natural_earth(code) for code in ("MLI", "SDS", "KOS", "SAH")] == ["MLI", "SSD", "XKX", "ESH"]


@pytest.mark.parametrize(
    ("scheme", "code"),
    [(iso3_from_iso2, "MLI"), (iso3_from_iso2, "ZZ"), (iso3_from_natural_earth, "SOL"), (iso3_from_natural_earth, "")],
)
def test_codes_of_another_scheme_are_refused(scheme: Callable[[str], str], code: str) -> None:
    with pytest.raises(UsageError):
        scheme(code)
