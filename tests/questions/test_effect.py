"""`effect`: a milestone in one country beside donors, and places that a force left beside places that it did not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harmattan.errors import UsageError
from harmattan.questions.answer import Answer
from harmattan.questions.effect_cases import case_of, excluded
from harmattan.questions.effect_panels import pool
from harmattan.questions.evidence import answer_of, find, keep, opened, rows_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.vocabulary.period import Period
from tests.lake.factory import event, put
from tests.questions.effects import DONORS, RARE, SAME_FORCE, SAME_KIND, SMALL, countries, records, series
from tests.questions.worlds import assert_opens

WAGNER = "mli-wagner-deployment-2021-12"
USED = Period(dt.date(2019, 1, 1), dt.date(2022, 12, 31))


@pytest.fixture(scope="module")
def higher(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Twenty deaths a month more from the start on."""
    return countries(tmp_path_factory.mktemp("higher"), 20.0)


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> World:
    """No effect at all."""
    return countries(tmp_path_factory.mktemp("nothing"))


def effect(world: World, **params: Any) -> Answer:
    return ask(world, "effect", Params(**({"milestone": ("arrival",)} | params)))


def refused(world: World, **params: Any) -> str:
    """What a question that cannot be answered is told, in one line."""
    with pytest.raises(UsageError) as found:
        effect(world, **params)
    said = str(found.value)
    assert "\n" not in said
    return said


def test_an_effect_that_is_there_is_found_by_the_designs_that_compare(higher: World) -> None:
    answer = effect(higher)
    rows = {row["design"]: row for row in answer.rows}
    assert list(rows) == ["synthetic", "sdid", "interrupted"]
    for design in ("synthetic", "sdid"):
        row = rows[design]
        assert row["verdict_key"] == "raised", (row["failed"], str(row["verdict"]))
        assert row["low"] < 20 < row["high"]
        assert abs(row["estimate"] - 20) < 4
        assert row["estimate"] == pytest.approx(row["observed"] - row["expected"], abs=2)
        assert (row["treated"], row["start"], row["before"], row["after"]) == ("MLI", "2022-01", 36, 12)
    headline = str(answer.headline)
    assert headline.startswith("Mali, January 2022 to December 2022: ")
    assert "Higher than expected" in headline
    assert "cause" not in headline.casefold()


def test_no_effect_is_none_that_stands_out(nothing: World) -> None:
    row = effect(nothing, design="synthetic").rows[0]
    assert row["verdict_key"] in ("cannot_tell", "refused")
    assert row["low"] < 0 < row["high"]
    assert "zero in it" in str(row["verdict"]) or row["verdict_key"] == "refused"


def test_a_country_that_did_not_run_like_the_others_is_refused(tmp_path: Path) -> None:
    answer = effect(countries(tmp_path, 60.0, trend=1.6), design="synthetic")
    (row,) = answer.rows
    assert row["verdict_key"] == "refused"
    assert {"pre_trend", "pre_fit"} & set(row["failed"].split(", "))
    assert str(row["verdict"]).startswith("No effect is named")
    assert "were to be expected" not in str(answer.headline), "a number that does not hold is not said"


def test_the_rule_of_the_donors(higher: World) -> None:
    donors = {row["donor"] for row in effect(higher, by=("donor",)).rows}
    told = higher.told(Params())
    one, _ = pool(
        higher, told, Params(milestone=("arrival",), measure="deaths_best"), case_of(told, Params(), "arrival")
    )
    assert donors <= set(one.donors)
    assert set(one.donors) == set(DONORS) - {SAME_FORCE, SAME_KIND, SMALL, RARE}
    assert one.excluded.forces == {SAME_FORCE}
    assert one.excluded.events == {SAME_KIND}
    weights = [row["weight"] for row in effect(higher, by=("donor",)).rows]
    assert sum(weights) == pytest.approx(1, abs=0.01)
    assert weights == sorted(weights, reverse=True)


def test_a_donor_with_a_gap_is_none_and_is_named(tmp_path: Path) -> None:
    world = countries(tmp_path, 20.0)
    rows = [event("gap", "2020-06-01", "XKX", 40)]
    more = [dict(row) | {"iso3": "XKX", "event_id": f"x{row['event_id']}"} for row in records(series())
            if row["iso3"] == "MLI" and row["date_start"] >= dt.date(2020, 6, 1)]  # fmt: skip
    put(world.lake, "2", [*rows, *more], places=("XKX",), start="2020-06-01", end="2023-12-31")
    answer = effect(world, design="synthetic")
    assert "XKX" not in {row["donor"] for row in effect(world, by=("donor",)).rows}
    assert "some months are not covered: Kosovo" in " ".join(map(str, answer.caveats))


def test_donors_can_be_named_and_one_with_the_same_treatment_refuses(higher: World) -> None:
    named = DONORS[4:12]
    rows = effect(higher, donor=named, by=("donor",)).rows
    assert {row["donor"] for row in rows} <= set(named)
    (row,) = effect(higher, donor=(*named, SAME_FORCE), design="sdid").rows
    assert (row["verdict_key"], row["failed"]) == ("refused", "contaminated")


def test_what_else_happened_and_how_the_dossier_has_it_is_said(higher: World) -> None:
    said = " ".join(map(str, effect(higher).caveats))
    assert (
        "has 4 further milestones in Mali, which cannot be told apart from this one: early, coup, vague and both."
        in said
    )
    assert "has arrival as disputed" in said
    assert "Which countries lie beside Mali is not known here" in said
    assert "Whatever else changed in the same country" in said
    assert "The mean difference per month, from January 2022 to December 2022, between deaths in Mali" in said


def test_a_milestone_known_to_a_span_starts_with_its_first_month(higher: World) -> None:
    answer = effect(higher, milestone=("vague",), design="synthetic")
    assert answer.rows[0]["start"] == "2022-01"
    assert any("the first month in which it may have happened (2022-01-20/2022-04-03)" in str(one)
               for one in answer.caveats)  # fmt: skip


def test_months_follow_the_event_and_add_up_to_the_estimate(higher: World) -> None:
    (whole,) = effect(higher, design="synthetic").rows
    rows = effect(higher, by=("month",)).rows
    assert [row["month"] for row in rows] == list(range(-36, 12))
    assert (rows[0]["period"], rows[36]["period"], rows[-1]["period"]) == ("2019-01", "2022-01", "2022-12")
    after = [row["effect"] for row in rows if row["month"] >= 0]
    assert np.mean(after) == pytest.approx(whole["estimate"], abs=0.01)
    true = series(20.0)["MLI"]
    assert [row["observed"] for row in rows] == true[:48]


def test_placebos_variants_and_checks(higher: World) -> None:
    placebos = effect(higher, by=("placebo",)).rows
    space = {row["placebo"] for row in placebos if row["kind"] == "space"}
    assert space == set(DONORS) - {SAME_FORCE, SAME_KIND, SMALL, RARE}
    assert {row["month"] for row in placebos if row["placebo"] == DONORS[5]} == set(range(-36, 12))
    variants = effect(higher, by=("variant",)).rows
    assert {"leave_one_out", "window"} <= {row["variant_kind"] for row in variants}
    assert any(row["variant"].startswith("without 2022-") for row in variants)
    checks = {row["check_key"]: row for row in effect(higher, by=("check",)).rows}
    assert all(row["passed"] is not False for row in checks.values())
    assert checks["enough_before"]["found"] == 36
    assert (checks["contaminated"]["passed"], checks["contaminated"]["found"]) == (None, None), "no distance is known"


def test_one_month_alone_does_not_make_an_effect(tmp_path: Path) -> None:
    """All that is more after the event is in a single month: without it the estimate does not last."""
    world = countries(tmp_path)
    put(world.lake, "2", [*records(series()), event("massacre", "2022-03-27", "MLI", 700, deaths_civilians=600)],
        published="2024-06-30", places=("MLI", *DONORS), start="2019-01-01", end="2023-12-31")  # fmt: skip
    (row,) = effect(world, design="synthetic").rows
    assert row["estimate"] > 40
    assert row["verdict_key"] == "cannot_tell"
    assert "stable" in row["failed"]


@pytest.mark.parametrize("by", [(), ("month",), ("placebo",), ("donor",), ("variant",), ("check",)])
def test_every_row_opens_to_its_records(higher: World, by: tuple[str, ...]) -> None:
    answer = effect(higher, by=by, measure="deaths_civilians", design="synthetic")
    assert answer.rows
    some = slice(0, None, max(1, len(answer.rows) // 6))
    assert_opens(higher, replace(answer, rows=answer.rows[some], row_criteria=answer.row_criteria[some]))


def test_a_kept_answer_is_found_again(higher: World) -> None:
    answer = effect(higher, by=("month",))
    keep(higher.lake.home, answer)
    again = answer_of(World(higher.lake), find(higher.lake.home, answer.id))
    assert again.rows == answer.rows
    assert again.rows[0]["records"] == 1 + len(effect(higher, by=("donor",)).rows)


def test_months_that_are_not_covered_are_said(higher: World) -> None:
    answer = effect(higher, window=40, before=50, design="synthetic")
    (row,) = answer.rows
    assert (row["before"], row["after"]) == (36, 24)
    said = " ".join(map(str, answer.caveats))
    assert "Of the months from the event on that were asked for, the last 16 are not covered." in said
    assert "Of the months before it that were asked for, the first 14 are not covered." in said
    cut = effect(higher, as_of=dt.date(2022, 7, 14), design="synthetic").rows[0]
    assert cut["after"] == 6


def test_wrong_asking_is_told_in_one_line(higher: World) -> None:
    assert "Milestones, among others: coup, arrival and vague" in refused(higher, milestone=(), country=("MLI",))
    assert "Did you mean arrival?" in refused(higher, milestone=("arivals",))
    assert "not both" in refused(higher, force=("blue",))
    assert "Leave --km out" in refused(higher, km=(50.0,))
    assert "--from and --to" in refused(higher, start=dt.date(2020, 1, 1))
    assert "cannot be its own donor" in refused(higher, donor=("MLI",))
    assert "about Afghanistan by itself" in refused(higher, donor=("SYR", "AFG")) or "Syria" in refused(
        higher, donor=("SYR",)
    )
    assert "The design staggered is one of places" in refused(higher, design="staggered")
    assert "--country MLI" in refused(higher, milestone=("both",))
    assert "about no country" in refused(higher, milestone=("nowhere",))
    assert "not about the countries asked about" in refused(higher, country=("NER",))
    assert "not known from when on" in refused(higher, milestone=("since-ever",))
    assert "With 2 months of Mali before March 2019" in refused(higher, milestone=("early",))
    assert "speaks about Mali in March 2024" in refused(higher, milestone=("late",))
    assert "Nothing of this kind is on record in Niger" in refused(higher, milestone=("quiet",))
    assert "not over by 5 January 2022" in refused(higher, as_of=dt.date(2022, 1, 5))
    assert "one thing at a time" in refused(higher, by=("month", "donor"))


def test_figures_that_cannot_tell_kinds_are_no_donors_and_that_is_said(embedded: World) -> None:
    said = refused(embedded, milestone=(WAGNER,), kind=("one_sided",), country=("MLI",))
    assert "Kinds of violence can be told apart in Benin, Burkina Faso" in said
    assert "Leave --kind out" in said
    row = effect(embedded, milestone=(WAGNER,), kind=("one_sided",), design="interrupted").rows[0]
    assert row["observed"] > 0


def test_the_foreign_partner_in_mali_beside_the_worlds_countries(embedded: World) -> None:
    """The worked case, from what the package carries: the sums are those of UCDP GED 24.1."""
    answer = effect(embedded, milestone=(WAGNER,), measure="deaths_civilians", country=("MLI", "BFA", "NER"))
    rows = {row["design"]: row for row in answer.rows}
    assert rows["synthetic"]["observed"] == pytest.approx(1732 / 12, abs=0.01)
    assert rows["synthetic"]["verdict_key"] == "cannot_tell"
    told = embedded.told(Params())
    case = case_of(told, Params(), WAGNER)
    one, _ = pool(embedded, told, Params(milestone=(WAGNER,), measure="deaths_civilians"), case)
    assert not {"BFA", "NER", "DZA", "MRT", "SEN", "GIN", "CIV", "CAF", "NGA+NER", "MLI"} & set(one.donors)
    assert {"CMR", "SOM", "YEM"} <= set(one.donors)
    assert excluded(embedded, told, Params(), case, USED).forces >= {"CAF"}
    said = " ".join(map(str, answer.caveats))
    assert "mli-coup-2020-08, mli-coup-2021-05" in said
    assert "Mali is counted by ucdp-ged-cells@24.1, donors by ucdp-ged-country-month@25.1 too" in said
    assert "Other designs do not agree" in str(answer.headline)
    months = effect(embedded, milestone=(WAGNER,), measure="deaths_civilians", by=("month",)).rows
    moura = next(row for row in months if row["period"] == "2022-03")
    assert moura["observed"] == 932
    assert_opens(embedded, answer)


def test_a_withdrawal_is_refused_or_open_where_the_checks_say_so(embedded: World) -> None:
    for milestone in ("mli-barkhane-last-unit-2022-08", "bfa-coup-2022-09"):
        answer = effect(embedded, milestone=(milestone,), design="synthetic")
        (row,) = answer.rows
        checks = effect(embedded, milestone=(milestone,), by=("check",)).rows
        failed = {one["check_key"] for one in checks if one["passed"] is False}
        assert set((row["failed"] or "").split(", ")) - {""} == failed
        assert (row["verdict_key"] in ("raised", "lowered")) == (not failed and not row["low"] <= 0 <= row["high"])


def test_donors_of_a_coup_had_none_in_those_months(embedded: World) -> None:
    told = embedded.told(Params())
    out = excluded(embedded, told, Params(), case_of(told, Params(), "bfa-coup-2022-09"), USED)
    assert {"MLI", "NER"} <= out.events
    assert "BFA" not in out.all


def test_records_of_one_month_are_those_of_that_month(higher: World) -> None:
    answer = effect(higher, by=("month",))
    listed = rows_of(opened(higher, answer), answer, 36).table.to_pylist()
    assert {row["date_start"] for row in listed} == {dt.date(2022, 1, 11)}
    assert "MLI" in {row["iso3"] for row in listed}


def test_an_estimate_that_its_own_interval_rejects_has_none(embedded: World) -> None:
    """Niger from July 2023 on beside Sudan at war: weights fitted to all months say another effect."""
    (row,) = effect(embedded, milestone=("ner-coup-2023-07",), design="synthetic").rows
    assert (row["low"], row["high"], row["verdict_key"]) == (None, None, "cannot_tell")
    assert "no interval can be given" in str(row["verdict"])
