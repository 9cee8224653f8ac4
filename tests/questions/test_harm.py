"""Civilians killed per month, and beside which foreign force by the dossier's dates: known answers and laws."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from harmattan.errors import UsageError
from harmattan.ingest import ingest
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import Kept, answer_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from tests.lake.factory import BY_MONTH, Row, day, event, put
from tests.questions.dossiers import take_in
from tests.questions.test_laws import split
from tests.questions.worlds import asked, assert_opens, event_rows, numbers, world_in, world_of
from tests.sources.acled_rows import attack, battle, write_csv

SOME = settings(max_examples=3, derandomize=True, deadline=None)
Y2022: dict[str, Any] = {"start": dt.date(2022, 1, 1), "end": dt.date(2022, 12, 31)}
GOV = {"violence": "one_sided", "dyad": "Government of A - Civilians", "dyad_id": "9", "actors_a": ["Government of A"],
       "actors_b": [], "perpetrator": "Government of A"}  # fmt: skip
BANDITS = {"violence": "one_sided", "dyad": "B - Civilians", "actors_a": ["B"], "actors_b": [], "perpetrator": "B"}
FORCES = """\
actors:
  - {id: gov-a, kind: government, label: {en: Government of A, fr: Gouvernement de A}, countries: [MLI],
     names: [{text: Government of A, source: made}], cite: [{source: early}]}
  - {id: helpers, kind: mercenary, label: {en: The Helpers, fr: Les Aides}, short: HLP, cite: [{source: early}]}
  - {id: peace, kind: multilateral_force, label: {en: Peace Mission, fr: Mission de paix}, cite: [{source: early}]}
  - {id: rebels, kind: armed_group, label: {en: Rebels, fr: Rebelles}, cite: [{source: early}]}
  - {id: army-n, kind: state_force, label: {en: Army of N, fr: Armée de N}, countries: [NER], cite: [{source: early}]}
presence:
  - {force: helpers, country: MLI, kind: mission, from: 2022-04, to: 2022-07-15, end: withdrawn, status: reported,
     cite: [{source: book}]}
  - {force: helpers, country: MLI, place: Gao, from: 2022-01-01, cite: [{source: book}]}
  - {force: peace, country: MLI, place: Sévaré, from: 2022-02-01, to: 2022-03-31, end: withdrawn, lat: 14.5,
     lon: -4.25, cite: [{source: book}]}
  - {force: peace, country: MLI, place: Kidal, from: 2022-06-01, cite: [{source: book}]}
  - {force: rebels, country: MLI, place: Ber, from: 2022-01-01, cite: [{source: book}]}
  - {force: army-n, country: NER, place: Abala, from: 2022-01-01, cite: [{source: book}]}
"""


def one_sided(found: Answer, **said: Any) -> dict[str, Any]:
    """The one row of attacks on civilians that fits."""
    (row,) = [r for r in found.rows if r["harm"] == "one_sided" and all(r[name] == said[name] for name in said)]
    return dict(row)


@pytest.mark.data
def test_mali_2022_by_perpetrator_is_what_the_data_readme_says(ingested: World) -> None:
    found = asked(ingested, "harm-rate", country=("MLI",), by=("perpetrator",), **Y2022)
    by = {row["perpetrator"]: (row["events"], row["deaths_best"]) for row in found.rows if row["harm"] == "one_sided"}
    assert {name: by[name] for name in ("IS", "JNIM", "Government of Mali")} == {
        "IS": (47, 886), "JNIM": (26, 289), "Government of Mali": (24, 269),
    }  # fmt: skip
    assert one_sided(found, perpetrator="IS")["rate"] == round(886 / 12, 2)
    assert found.rows[0]["perpetrator"] == "IS", "who killed the most civilians comes first"


def test_mali_2022_and_its_share_of_civilians(either: World) -> None:
    found = asked(either, "harm-rate", country=("MLI",), **Y2022)
    all_, attacks, fights = found.rows
    assert [row["harm"] for row in found.rows] == ["all", "one_sided", "in_fighting"]
    assert (all_["events"], all_["deaths_best"], all_["months"]) == (408, 3650, 12)
    assert all_["deaths_civilians"] == attacks["deaths_civilians"] + fights["deaths_civilians"] == 1798
    assert (all_["rate"], all_["share"]) == (149.83, 49.3)
    assert all_["share_low"] == round(100 * 1798 / all_["deaths_high"], 1)
    assert all_["share_high"] == round(100 * 1798 / all_["deaths_low"], 1)
    assert_opens(either, found)


@pytest.mark.data
@pytest.mark.parametrize(
    "by", [("month", "perpetrator"), ("year", "kind"), ("country", "year"), ("perpetrator", "kind")]
)
def test_figures_say_what_events_say_and_every_row_opens(ingested: World, embedded: World, by: tuple[str, ...]) -> None:
    params: dict[str, Any] = {"country": ("MLI", "NER"), "by": by, **Y2022}
    one, other = (asked(world, "harm-rate", **params) for world in (ingested, embedded))
    assert numbers(one) == numbers(other)
    assert_opens(ingested, one)


def test_a_month_outside_coverage_is_empty_and_one_inside_is_zero() -> None:
    with world_of([event("a", "2022-02-03", best=4, deaths_civilians=4, **GOV)]) as world:
        for by in (("month",), ("month", "perpetrator")):
            found = asked(world, "harm-rate", country=("MLI",), by=by, start=dt.date(2021, 12, 1),
                          end=dt.date(2022, 3, 31))  # fmt: skip
            (before,) = [row for row in found.rows if row["period"] == "2021-12"][:1]
            assert (before["covered"], before["events"], before["rate"]) == ("no", None, None)
            assert_opens(world, found)
        months = {row["period"]: row for row in asked(world, "harm-rate", country=("MLI",), by=("month",)).rows
                  if row["harm"] == "one_sided"}  # fmt: skip
        assert (months["2022-01"]["deaths_civilians"], months["2022-01"]["rate"]) == (0, 0.0)
        assert (months["2022-02"]["rate"], months["2022-02"]["share"]) == (4.0, 100.0)
        nowhere = asked(world, "harm-rate", country=("BFA",))
    assert nowhere.rows == ()
    assert "Not covered" in str(nowhere.headline)


def test_a_part_of_a_month_counts_by_its_days() -> None:
    with world_of([event("a", "2022-02-03", best=4, deaths_civilians=4, **GOV)]) as world:
        found = asked(world, "harm-rate", country=("MLI",), start=dt.date(2022, 1, 1), end=dt.date(2022, 2, 14))
        only = asked(world, "harm-rate", country=("MLI",), kind=("one_sided",), by=("month",))
    assert one_sided(found)["months"] == 1.5
    assert one_sided(found)["rate"] == round(4 / 1.5, 2)
    assert {row["harm"] for row in only.rows} == {"one_sided"}, "what was not asked for is no zero"


@SOME
@given(event_rows(complete=True, most=8))
def test_splitting_a_record_changes_no_rate_and_rows_open(rows: list[Row]) -> None:
    whole = [dict(row) | {"n_events": 4} for row in rows]
    for by in (("month",), ("perpetrator",)):
        with world_of(whole) as one, world_of([half for row in whole for half in split(row)]) as other:
            found = asked(one, "harm-rate", by=by)
            assert numbers(found) == numbers(asked(other, "harm-rate", by=by))
            assert_opens(one, found)


@pytest.fixture
def forces(tmp_path: Path) -> World:
    """A state force that attacks and fights each month of 2022, and foreign forces that came and went."""
    world = world_in(tmp_path)
    rows = [event(f"g{n}", f"2022-{n:02d}-10", best=n, deaths_civilians=n, **GOV) for n in range(1, 13)]
    rows += [event(f"b{n}", f"2022-{n:02d}-20", best=2 * n, deaths_civilians=1) for n in range(1, 13)]
    rows += [event("x", "2022-05-05", best=99, deaths_civilians=99, **BANDITS)]
    rows += [event("far", "2022-03-05", best=3, deaths_civilians=3, lat=18.0, where_precision="exact", **GOV)]
    rows += [event("vague", "2022-03-06", best=1, deaths_civilians=1, where_precision="admin1", **GOV)]
    put(world.lake, "1", rows)
    take_in(world.lake, tmp_path, "forces", FORCES)
    return world


def test_a_force_is_beside_by_its_dates_and_possibly_where_they_are_known_in_part(forces: World) -> None:
    found = asked(forces, "harm-partner", country=("MLI",), force=("HLP",))
    said = [(r["phase"], r["holds"], r["from"], r["to"], r["deaths_civilians"]) for r in found.rows
            if r["harm"] == "one_sided"]  # fmt: skip
    assert said == [
        ("before", "no", "2022-01-01", "2022-03-31", 1 + 2 + 3 + 3 + 1),
        ("with", "possibly", "2022-04-01", "2022-04-29", 4),
        ("with", "yes", "2022-04-30", "2022-07-15", 5 + 6 + 7),
        ("after", "no", "2022-07-16", "2022-12-31", 8 + 9 + 10 + 11 + 12),
        ("all_without", "no", None, None, 60),
    ], "the mission counts where there is one, and not the base that was opened before it"
    assert one_sided(found, phase="with", holds="yes")["rate"] == round(18 / (1 / 30 + 2 + 15 / 31), 2)
    fights = [r for r in found.rows if r["harm"] == "in_fighting" and r["phase"] == "before"]
    assert [(r["events"], r["deaths_best"], r["deaths_high"], r["deaths_civilians"]) for r in fights] == [
        (3, 12, 15, 3)
    ]
    assert {r["status"] for r in found.rows} == {"reported"}
    assert "An inference from dates of presence alone" in " ".join(map(str, found.caveats))
    assert_opens(forces, found)


def test_several_forces_overlap_and_armed_groups_and_others_are_no_partners(forces: World) -> None:
    found = asked(forces, "harm-partner", country=("MLI", "NER"))
    assert {row["partner_id"] for row in found.rows} == {"helpers", "peace"}
    row = one_sided(found, partner_id="helpers", phase="with", holds="yes")
    assert str(row["others"]) == "Peace Mission (1)", "June and half of July, as whole months"
    assert "not to be added up" in " ".join(map(str, found.caveats))
    stays = [r["phase"] for r in found.rows if r["partner_id"] == "peace" and r["harm"] == "one_sided"]
    assert stays == ["before", "with", "between", "with", "all_with", "all_without"]
    assert "Niger: the dossier names no such foreign force there." in [str(c) for c in found.caveats], "its own army"
    assert_opens(forces, found)


def test_near_its_places_is_part_of_with_it(forces: World) -> None:
    found = asked(forces, "harm-partner", country=("MLI",), km=(25.0,))
    (near,) = [r for r in found.rows if r["phase"] == "near" and r["harm"] == "one_sided"]
    with_ = [r for r in found.rows if r["partner_id"] == "peace" and r["phase"] == "with" and r["harm"] == "one_sided"]
    assert near["deaths_civilians"] == 2 + 3, "neither the far one nor the one known to a region only"
    assert sum(r["deaths_civilians"] for r in with_) == 2 + 3 + 3 + 1 + sum(range(6, 13))
    assert "No source gives coordinates of places that HLP held." in [str(c) for c in found.caveats]
    assert any("1 event of state forces" in str(c) for c in found.caveats)
    assert_opens(forces, found)
    with pytest.raises(UsageError, match="Only one --km"):
        asked(forces, "harm-partner", km=(25.0, 50.0))


def test_it_can_be_asked_again_and_names_its_dossier(forces: World) -> None:
    found = asked(forces, "harm-partner", country=("MLI",))
    assert {ref.name: ref.beside for ref in found.releases} == {"made-up@1": False, "dossier-forces@1": True}
    again = answer_of(forces, Kept.of(found))
    assert again.rows == found.rows


def test_a_month_within_which_a_force_came_is_possible_whole_in_figures(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    rows = [event(f"g{n}", f"2022-{n:02d}-01", best=n, deaths_civilians=n, date_end=day(f"2022-{n:02d}-28"),
                  date_precision="month", n_events=2, **GOV) for n in range(1, 13)]  # fmt: skip
    put(world.lake, "1", rows, dimensions=BY_MONTH, status="figures")
    take_in(world.lake, tmp_path, "forces", FORCES)
    found = asked(world, "harm-partner", country=("MLI",), force=("helpers",), **Y2022)
    said = [(r["phase"], r["holds"], r["events"], r["deaths_civilians"]) for r in found.rows
            if r["harm"] == "one_sided" and r["from"]]  # fmt: skip
    assert said == [("before", "no", 6, 6), ("with", "possibly", 2, 4), ("with", "yes", 4, 11),
                    ("with", "possibly", 2, 7), ("after", "no", 10, 50)]  # fmt: skip
    assert_opens(world, found)


@SOME
@given(event_rows(complete=True, most=8))
def test_stretches_partition_the_events_of_the_state(rows: list[Row]) -> None:
    with world_of(rows) as world:
        folder = world.lake.home
        take_in(world.lake, folder, "forces", FORCES)
        found = asked(world, "harm-partner", country=("MLI",))
        total = asked(world, "casualties", country=("MLI",), actor=("Government of A",), by=("year",)) if any(
            "Government of A" in row["actors_a"] for row in rows
        ) else None  # fmt: skip
        assert_opens(world, found)
    for partner in ("helpers", "peace") if total else ():
        own = [r for r in found.rows if r["partner_id"] == partner and not str(r["phase"]).startswith("all_")]
        assert sum(r["events"] for r in own) == total.rows[0]["events"]
        assert sum(r["deaths_best"] for r in own) == total.rows[0]["deaths_best"]


def test_mali_beside_wagner(either: World) -> None:
    found = ask(either, "harm-partner", Params(country=("MLI",), start=dt.date(2012, 1, 1), end=dt.date(2023, 12, 31)))
    there = {row["partner_id"] for row in found.rows}
    assert {"wagner", "barkhane", "takuba", "minusma", "g5-joint-force"} <= there
    before = one_sided(found, partner_id="wagner", phase="before")
    assert (before["events"], before["deaths_civilians"], before["months"], before["rate"]) == (62, 367, 119, 3.08)
    with_ = one_sided(found, partner_id="wagner", phase="with", holds="yes")
    assert with_["rate"] > 18
    assert "Wagner" in str(found.headline)
    assert_opens(either, found)


@pytest.mark.data
def test_another_country_needs_no_code_and_is_not_said_to_have_had_none(data_dir: Path, tmp_path: Path) -> None:
    world = world_in(tmp_path)
    ingest(world.lake, "ucdp-ged", [data_dir / "ucdp" / "ged191_syria_events.parquet"],
           Options(label="19.1", places=("SYR",)), retrieved_at=None)  # fmt: skip
    take_in(world.lake, tmp_path, "forces", FORCES)
    params: dict[str, Any] = {"country": ("SYR",), "start": dt.date(2016, 1, 1), "end": dt.date(2018, 12, 31)}
    rates = asked(world, "harm-rate", by=("year",), **params)
    assert [row["covered"] for row in rates.rows] == ["yes"] * 9
    beside = asked(world, "harm-partner", **params)
    assert beside.rows == ()
    assert "Syria: the dossier names no such foreign force there." in [str(c) for c in beside.caveats]
    assert "That it does not name something says nothing" in " ".join(map(str, beside.caveats))


def test_acled_counts_events_that_targeted_civilians(tmp_path: Path) -> None:
    world = world_in(tmp_path)
    file = write_csv(tmp_path / "acled.csv", [battle(1), attack(2), attack(3, fatalities="5"), battle(4)])
    options = Options(places=("MLI", "NER"), start=day("2022-01-01"), end=day("2022-12-31"))
    ingest(world.lake, "acled", [file], options, retrieved_at=dt.datetime(2024, 6, 30, tzinfo=dt.UTC))
    for by in (("year",), ("perpetrator",), ("month",)):
        found = asked(world, "harm-rate", country=("MLI",), source="acled", by=by)
        assert {row["harm"] for row in found.rows} == {"targeted"}
        assert sum(row["events"] for row in found.rows) == 2
        assert {row["share"] for row in found.rows} == {None}
        assert_opens(world, found)
    who = str(next(row["perpetrator"] for row in asked(world, "harm-rate", source="acled", by=("perpetrator",)).rows))
    body = FORCES.replace("{text: Government of A, source: made}", f'{{text: "{who}", source: acled}}')
    take_in(world.lake, tmp_path, "forces", body)
    beside = asked(world, "harm-partner", country=("MLI",), source="acled")
    assert {row["harm"] for row in beside.rows} == {"targeted"}
    assert sum(r["events"] for r in beside.rows if r["partner_id"] == "helpers" and r["from"]) == 2
    assert_opens(world, beside)
