"""Other schemes of country codes: the traps, and that all of them lead to known countries."""

from __future__ import annotations

import pytest

from harmattan.errors import UsageError
from harmattan.vocabulary.country import COUNTRIES
from harmattan.vocabulary.schemes import (
    ISO3_BY_COW,
    ISO3_BY_FIPS,
    fips_from_iso3,
    iso3_from_cow,
    iso3_from_fips,
)


@pytest.mark.parametrize(
    ("fips", "iso3"),
    [
        ("NG", "NER"), ("NI", "NGA"), ("UV", "BFA"), ("IV", "CIV"), ("BF", "BHS"), ("CD", "TCD"), ("CG", "COD"),
        ("BN", "BEN"), ("GV", "GIN"), ("SG", "SEN"), ("AG", "DZA"), ("TO", "TGO"), ("CI", "CHL"), ("ng", "NER"),
        ("WI", None), ("", None), ("XX", None),
    ],
)  # fmt: skip
def test_fips_is_not_iso(fips: str, iso3: str | None) -> None:
    assert iso3_from_fips(fips) == iso3


def test_every_country_has_one_fips_code_that_leads_back() -> None:
    assert set(ISO3_BY_FIPS.values()) == set(COUNTRIES)
    assert len(ISO3_BY_FIPS) == len(COUNTRIES)
    assert all(iso3_from_fips(fips_from_iso3(iso3)) == iso3 for iso3 in COUNTRIES)


@pytest.mark.parametrize(
    ("cow", "iso3"), [(432, "MLI"), (434, "BEN"), (436, "NER"), (439, "BFA"), (255, "DEU"), (260, "DEU"), (265, "DEU"),
                      (679, "YEM"), (817, "VNM"), (970, "NRU"), (946, "KIR"), (955, "TON"), (947, "TUV")]
)  # fmt: skip
def test_numbers_of_the_correlates_of_war(cow: int, iso3: str) -> None:
    assert iso3_from_cow(cow) == iso3


def test_a_number_of_another_scheme_is_refused() -> None:
    assert set(ISO3_BY_COW.values()) <= set(COUNTRIES)
    for number in (466, 971, 0, -1):
        with pytest.raises(UsageError, match="is not a Correlates of War state number"):
            iso3_from_cow(number)
    with pytest.raises(UsageError, match="has no FIPS"):
        fips_from_iso3("ESH")
