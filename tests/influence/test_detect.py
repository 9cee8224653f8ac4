"""Groups that were planted are found, those that were not are not, and the pairs are those of a plain double loop."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import combinations

import ibis
import numpy as np
import pyarrow as pa
import pytest

from harmattan.errors import UsageError
from harmattan.influence import by_sweep
from harmattan.influence.by_engine import ByEngine, tried
from harmattan.influence.by_sweep import BySweep
from harmattan.influence.detect import LINKS, detect
from harmattan.influence.near import MICRO
from harmattan.influence.pairs import occasions, slotted
from harmattan.influence.rule import Rule
from harmattan.influence.trial import Trial
from tests.influence.made_shares import acting, opened, organic, shares

SMALL = tuple(f"m{n}" for n in range(8))


def plain(table: pa.Table, rule: Rule, window: float) -> set[tuple[str, str, str, int]]:
    """Occasions by comparing every share with every other."""
    times = table["at"].to_numpy()
    length = round(rule.slice_seconds(window, len(times), (times.max() - times.min()) / MICRO) * MICRO)
    rows = table.select(["account", "object", "at"]).to_pylist()
    crowds: dict[tuple[str, int], set[str]] = {}
    for row in rows:
        crowds.setdefault((row["object"], row["at"] // length), set()).add(row["account"])
    kept = [row for row in rows if len(crowds[row["object"], row["at"] // length]) <= rule.crowd]
    found = set()
    for one, other in combinations(sorted(kept, key=lambda row: row["at"]), 2):
        near = other["at"] - one["at"] <= window * MICRO
        if one["object"] == other["object"] and one["account"] != other["account"] and near:
            least, most = sorted((one["account"], other["account"]))
            found.add((least, most, one["object"], one["at"] // length))
    return found


@pytest.mark.parametrize(("window", "crowd"), [(60.0, 400), (0.5, 400), (5_000.0, 400), (60.0, 3)])
def test_that_pairs_are_those_of_a_double_loop(window: float, crowd: int) -> None:
    rng = np.random.default_rng(5)
    rows = [(f"a{rng.integers(12)}", f"o{rng.integers(6)}", float(rng.integers(0, 4 * 3_600))) for _ in range(400)]
    rows += [(f"a{n}", "o1", 100.0) for n in range(9)]
    table, rule = shares(rows), Rule(crowd=crowd)
    with ExitStack() as until:
        found = slotted(opened(table), rule, window, until)
        names = dict(zip(*found.accounts.to_pyarrow().select(["a", "account"]).to_pydict().values(), strict=True))
        met = occasions(found, window).to_pyarrow().to_pylist()
    mine = {(*sorted((names[row["a"]], names[row["b"]])), row["slice"]) for row in met}
    assert mine == {(one, other, part) for one, other, _, part in plain(table, rule, window)}
    assert len(met) == len(plain(table, rule, window))


@pytest.mark.parametrize("rule", [Rule(), Rule(windows=(5_000.0,), crowd=30), Rule(occasions=1, slice_hours=0.01)])
def test_that_a_sweep_in_memory_finds_what_the_engine_finds(rule: Rule) -> None:
    rng = np.random.default_rng(13)
    rows = organic(6_000, rng, accounts=300) + acting(SMALL, 12, 0.8, rng)
    table, window = opened(pa.concat_tables([shares(rows), shares(organic(500, rng), layer="text")])), rule.windows[0]
    swept, asked = BySweep.of(table), ByEngine(table)
    assert swept.layers() == asked.layers() == {"text": 500, "url": len(rows)}
    assert swept.accounts(["url"], 2) == asked.accounts(["url"], 2)
    assert swept.accounts(["text", "url"], 3) == asked.accounts(["text", "url"], 3)
    one, other = (held.tried(rule, "url", window) for held in (swept, asked))
    assert one.crowded == other.crowded
    for name in ("pairs", "occasions", "outside"):
        np.testing.assert_allclose(getattr(one.traffic, name), getattr(other.traffic, name), err_msg=name)
    assert judgements(one, rule) == pytest.approx(judgements(other, rule), rel=1e-9)
    assert len(one.pairs.met) > 20


def test_that_times_before_1970_are_times() -> None:
    rng = np.random.default_rng(13)
    table = shares(organic(2_000, rng, accounts=100) + acting(SMALL, 12, 0.8, rng))
    early = pa.array(table["at"].to_numpy() - 2_000_000_000 * MICRO)
    table = opened(table.set_column(table.schema.get_field_index("at"), "at", early))
    one, other = (held.of(table) if held is BySweep else held(table) for held in (BySweep, ByEngine))
    one, other = (held.tried(Rule(), "url", 60.0) for held in (one, other))
    assert judgements(one, Rule()) == pytest.approx(judgements(other, Rule()), rel=1e-9)


def test_that_numbers_too_large_for_one_key_are_sorted_by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(14)
    table = opened(shares(organic(3_000, rng, accounts=80) + acting(SMALL, 12, 0.8, rng)))
    narrow = BySweep.of(table).tried(Rule(), "url", 600.0)
    monkeypatch.setattr(by_sweep, "BITS", 8)
    wide = BySweep.of(table).tried(Rule(), "url", 600.0)
    assert judgements(narrow, Rule()) == judgements(wide, Rule())


def judgements(trial: Trial, rule: Rule) -> dict[str, float]:
    """Of each candidate what it is judged by."""
    judged = trial.judged(rule, trial.pairs.met >= 5)
    names = [sorted((trial.names[one], trial.names[other]))
             for one, other in zip(trial.pairs.one, trial.pairs.other, strict=True)]  # fmt: skip
    numbers = {"met": trial.pairs.met, "outside": trial.pairs.outside, "near": trial.pairs.near,
               "expected": judged.expected, "p": judged.p}  # fmt: skip
    return {f"{what} {pair}": float(value) for what, values in numbers.items()
            for pair, value in zip(names, values, strict=True)}  # fmt: skip


def test_that_a_planted_group_is_found_whole_and_alone() -> None:
    rng = np.random.default_rng(11)
    rows = organic(20_000, rng) + acting(SMALL, 12, 0.8, rng)
    found = detect(opened(shares(rows)))
    (group,) = found.groups
    assert group.accounts == tuple(sorted(SMALL))
    assert group.level < 1e-3
    assert min(group.membership) > 0.5
    assert found.links.schema == LINKS
    assert all(one < other for one, other in zip(*found.links.select(["account", "other"]).to_pydict().values(),
                                                  strict=True))  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_that_accounts_which_know_nothing_of_each_other_are_no_group(seed: int) -> None:
    assert detect(opened(shares(organic(20_000, np.random.default_rng(seed))))).groups == ()


def test_that_fans_who_share_the_same_things_at_other_times_are_no_group() -> None:
    rng = np.random.default_rng(3)
    fans = [f"f{n}" for n in range(6)]
    # Each shares the forty objects of the day within hours, as fans do, and by chance some within a minute.
    rows = [(fan, f"club{day}-{n}", day * 86_400 + float(rng.uniform(0, 4 * 3_600)))
            for day in range(10) for n in range(40) for fan in fans]  # fmt: skip
    others = [(f"a{n % 2_000}", f"own{n}", float(rng.uniform(0, 10 * 86_400))) for n in range(20_000)]
    table = opened(shares(others + rows))
    assert detect(table, Rule(windows=(600.0,))).groups == ()
    trial = tried(table, Rule(), "url", 600.0)
    nobody = np.zeros(len(trial.pairs.one), dtype=bool)
    learned, not_learned = (trial.judged(Rule(prior=prior), nobody).p for prior in (1.0, 1e9))
    of_fans = [trial.names[one] in fans and trial.names[other] in fans
               for one, other in zip(trial.pairs.one, trial.pairs.other, strict=True)]  # fmt: skip
    assert sum(of_fans) == 15
    assert np.median(learned[of_fans]) > 0.01
    assert np.median(not_learned[of_fans]) < 1e-4, "without what they share at other times they would mislead"


def test_that_a_group_is_found_in_a_collection_of_little_else() -> None:
    rng = np.random.default_rng(17)
    rows = organic(1_500, rng, days=60, accounts=150) + acting(SMALL, 15, 0.7, rng)
    assert [group.accounts for group in detect(opened(shares(rows))).groups] == [SMALL]
    assert detect(opened(shares(rows)), Rule(slice_shares=0)).groups == (), "chance is told by what else there is"


def test_that_order_and_names_change_nothing() -> None:
    rng = np.random.default_rng(11)
    rows = organic(10_000, rng) + acting(SMALL, 12, 0.8, rng)
    one = detect(opened(shares(rows)))
    other = detect(opened(shares([rows[n] for n in rng.permutation(len(rows))])))
    assert one.groups == other.groups
    assert one.links.equals(other.links)


def test_that_several_layers_and_windows_are_paid_for() -> None:
    rng = np.random.default_rng(11)
    rows = organic(10_000, rng) + acting(SMALL, 12, 0.8, rng)
    urls, texts = shares(rows), shares(organic(3_000, rng), layer="text")
    alone = detect(opened(urls))
    both = detect(opened(pa.concat_tables([urls, texts])), Rule(windows=(60.0, 600.0)))
    assert [group.accounts for group in both.groups] == [group.accounts for group in alone.groups]
    assert both.layers == ("text", "url")
    assert both.groups[0].level >= alone.groups[0].level
    assert set(both.links["window"].to_pylist()) == {60.0, 600.0}
    named = detect(opened(pa.concat_tables([urls, texts])), layers=("url",))
    assert named.links.equals(alone.links)


def test_that_a_table_of_arrow_gives_what_the_engine_gives() -> None:
    rng = np.random.default_rng(11)
    rows = organic(10_000, rng) + acting(SMALL, 12, 0.8, rng)
    rows = [rows[n] for n in rng.permutation(len(rows))]
    plain = pa.concat_tables([shares(rows), shares(organic(2_000, rng), layer="text")])
    names = ("layer", "object", "account")
    # As Parquet is read: each part has lists of names of its own.
    parts = [
        part.set_column(at, name, part[name].dictionary_encode())
        for part in (plain.slice(0, 5_000), plain.slice(5_000))
        for at, name in [(part.schema.get_field_index("layer"), "layer")]
    ]
    coded = pa.concat_tables([pa.table({name: one[name].combine_chunks().dictionary_encode() if name in names
                                        and name != "layer" else one[name] for name in one.column_names})
                              for one in parts])  # fmt: skip
    asked = detect(opened(plain))
    assert len(asked.groups) == 1
    for table in (plain, coded):
        found = detect(table)
        assert found.groups == asked.groups
        assert found.links.equals(asked.links)
        assert (found.accounts, found.shares, found.layers) == (asked.accounts, asked.shares, asked.layers)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("a", "o", 1.0)],
        [("a", "o", float(n)) for n in range(50)],
        [(f"a{n}", "o", 1.0) for n in range(2_000)],
        [(f"a{n}", f"o{n}", 1.0) for n in range(2_000)],
    ],
    ids=["nothing", "one share", "one account", "one crowd", "one second"],
)
def test_that_what_holds_no_pairs_gives_no_group(rows: list[tuple[str, str, float]]) -> None:
    found = detect(opened(shares(rows)))
    assert found.groups == ()
    assert found.links.num_rows == 0
    assert found.crowded == (2_000 if len(rows) == 2_000 and rows[0][1] == rows[1][1] else 0)


def test_that_a_hundred_thousand_posts_at_one_second_are_handled() -> None:
    rng = np.random.default_rng(2)
    rows = [(f"a{rng.integers(10_000)}", f"o{rng.integers(20_000)}", 1.0) for _ in range(100_000)]
    assert detect(opened(shares(rows))).groups == ()


def test_that_a_crowd_costs_no_memory_and_gives_no_pair() -> None:
    rows = [(f"a{n}", "viral", n / 2_000) for n in range(100_000)]
    found = detect(opened(shares(rows)))
    assert (found.groups, found.crowded) == ((), 100_000)


def test_that_the_engine_keeps_nothing() -> None:
    table = opened(shares(organic(2_000, np.random.default_rng(1))))
    detect(table)
    left = table.get_backend().raw_sql("SELECT table_name FROM duckdb_tables()").fetchall()
    assert left == []


@pytest.mark.parametrize(
    "wrong", [{"windows": ()}, {"windows": (0.0,)}, {"level": 1.0}, {"occasions": 0}, {"crowd": 1}, {"prior": 0.0}]
)
def test_that_numbers_that_mean_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        Rule(**wrong)  # type: ignore[arg-type]


def test_that_ibis_is_not_needed_for_a_view() -> None:
    table = shares(organic(2_000, np.random.default_rng(1)))
    assert detect(ibis.memtable(table)).groups == ()
