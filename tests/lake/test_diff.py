"""A diff finds exactly what was planted."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from harmattan.errors import UsageError
from harmattan.lake.diff import COMPARED, diff
from tests.lake.factory import BY_MONTH, Row, day, event, lake_in, put


def _rows(n: int) -> dict[str, Row]:
    draw = random.Random(7)
    return {
        str(i): event(
            str(i),
            f"{draw.choice((2021, 2022))}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
            draw.choice(("MLI", "NER")),
            draw.randint(0, 20),
        )
        for i in range(n)
    }


def test_planted_changes_are_found_exactly(tmp_path: Path) -> None:
    lake, old = lake_in(tmp_path), _rows(400)
    new = dict(old)
    gone = {str(i) for i in range(0, 60, 4)}
    revised = {str(i) for i in range(100, 160)}
    new = {key: row for key, row in new.items() if key not in gone}
    for key in revised:
        new[key] = dict(new[key]) | {"deaths_best": new[key]["deaths_best"] + 2, "violence": "one_sided"}
    added = {f"n{i}": event(f"n{i}", "2022-08-01", "NER", 4) for i in range(11)}
    before = put(lake, "1", old.values(), start="2021-01-01").held
    after = put(lake, "2", (new | added).values(), start="2021-01-01").held
    found = diff(before, after)
    by_change = {
        change: {r["event_id"] for r in found.records if r["change"] == change} for change in ("new", "gone", "revised")
    }
    assert by_change == {"new": set(added), "gone": gone, "revised": revised}
    assert {r["changed"] for r in found.records if r["change"] == "revised"} == {"violence deaths_best"}
    assert {r["changed"] for r in found.records if r["change"] != "revised"} == {""}
    for line in found.by_country_year:
        for side, rows in (("before", old), ("after", new | added)):
            there = [r for r in rows.values() if (r["iso3"], r["date_start"].year) == (line["iso3"], line["year"])]
            assert line[f"events_{side}"] == len(there)
            assert line[f"deaths_{side}"] == sum(r["deaths_best"] for r in there)
    totals = {name: sum(line[name] for line in found.by_country_year) for name in ("new", "gone", "revised")}
    assert totals == {"new": len(added), "gone": len(gone), "revised": len(revised)}


def test_a_release_does_not_differ_from_itself_nor_by_its_sources(tmp_path: Path) -> None:
    lake, rows = lake_in(tmp_path), _rows(50)
    before = put(lake, "1", rows.values(), start="2021-01-01").held
    cited = [dict(row) | {"source_article": "another paper", "n_sources": 3} for row in rows.values()]
    after = put(lake, "2", cited, start="2021-01-01").held
    assert diff(before, before).records == diff(before, after).records == ()
    assert diff(before, after).by_country_year == ()


@pytest.mark.parametrize("column", COMPARED)
def test_a_value_that_appears_or_vanishes_is_a_revision(tmp_path: Path, column: str) -> None:
    lake = lake_in(tmp_path)
    row = dict(event("1"))
    other = {
        "iso3": "NER",
        "cell": 1,
        "violence": "one_sided",
        "date_start": day("2022-07-01"),
        "date_end": day("2022-07-02"),
    }.get(column, "x" if isinstance(row[column], str) else 77)
    before = put(lake, "1", [row]).held
    after = put(lake, "2", [row | {column: other}]).held
    (record,) = diff(before, after).records
    assert (record["change"], record["changed"]) == ("revised", column)


def test_only_what_both_cover_is_compared(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    before = put(lake, "1", [event("1", "2021-03-01"), event("2", "2022-03-01", "NER")], start="2021-01-01").held
    after = put(lake, "2", [event("3", "2022-03-01", "NER"), event("4", "2023-02-01", "MLI")],
                places=("MLI",), end="2023-12-31").held  # fmt: skip
    assert diff(before, after).records == ()


def test_releases_without_common_ground_are_refused(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    held = put(lake, "1", [event("1")]).held
    for label, said in {"2": {"places": ("BFA",)}, "3": {"start": "2023-01-01", "end": "2023-12-31"}}.items():
        with pytest.raises(UsageError, match="cover no place and period together"):
            diff(held, put(lake, label, [event("1")], **said).held)  # type: ignore[arg-type]


def test_events_are_not_compared_with_sums(tmp_path: Path) -> None:
    lake = lake_in(tmp_path)
    held = put(lake, "1", [event("1")]).held
    sums = put(lake, "2", [event("1")], status="figures", dimensions=BY_MONTH).held
    with pytest.raises(UsageError, match="tells more apart"):
        diff(held, sums)
