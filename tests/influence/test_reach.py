"""How far a group's posts go, when, and in which order platforms follow: all invented."""

from __future__ import annotations

import pytest

from harmattan.errors import UsageError
from harmattan.influence.reach import AMPLIFICATION, DAYS, ORDER, PLATFORM, amplification, order, timing
from tests.influence.said import posts, shares

GROUP = frozenset({"g0", "g1"})
HOUR, DAY = 3_600, 86_400


def rows() -> list[dict[str, object]]:
    return [
        {"account": "g0", "second": 0, "views": 100, "shares": 0},
        {"account": "g1", "second": HOUR, "views": 200},
        {"account": "g1", "second": None, "views": None},
        {"account": "o0", "second": 2 * HOUR, "views": 700, "platform": "telegram"},
        {"account": "o1", "second": DAY, "views": None, "reactions": 5},
        {"account": None, "second": 3 * HOUR, "views": 0},
    ]


def by(table: object, key: str) -> dict[str, dict[str, object]]:
    return {row[key]: row for row in table.to_pylist()}  # type: ignore[attr-defined]


def test_missing_metrics_are_not_zero() -> None:
    found = by(amplification(posts(rows()), GROUP), "measure")
    views = found["views"]
    assert (views["group"], views["all"], views["share"]) == (300, 1000, 0.3)
    assert [views[name] for name in ("group_posts", "group_known", "all_posts", "all_known")] == [3, 2, 6, 4]
    assert (found["reactions"]["group"], found["reactions"]["all"], found["reactions"]["share"]) == (None, 5, None)
    assert (found["shares"]["group"], found["shares"]["all"], found["shares"]["share"]) == (0, 0, None)
    assert (found["comments"]["all"], found["comments"]["all_known"]) == (None, 0)
    assert (found["posts"]["group"], found["posts"]["all"], found["posts"]["share"]) == (3, 6, 0.5)
    assert (found["accounts"]["group"], found["accounts"]["all"]) == (2, 4)
    assert amplification(posts(rows()), GROUP).schema == AMPLIFICATION


def test_the_reach_of_one_object() -> None:
    about = shares(
        [("url", "a.ml", "g0", "x", "p0", 0), ("url", "a.ml", "g0", "x", "p0", 0), ("url", "a.ml", "o0", "x", "p3", 9)]
    )
    found = by(amplification(posts(rows()), GROUP, about), "measure")
    assert (found["posts"]["group"], found["posts"]["all"]) == (1, 2)
    assert found["views"]["share"] == pytest.approx(100 / 800)
    with pytest.raises(UsageError):
        amplification(posts(rows()), frozenset())


def test_hours_days_and_platforms() -> None:
    found = timing(posts(rows()), GROUP)
    assert found.hours.sum(axis=0).tolist() == [2, 2]
    assert (found.hours[:4, 0].tolist(), found.hours[:4, 1].tolist()) == ([1, 1, 0, 0], [0, 0, 1, 1])
    assert [(str(row["day"]), row["group"], row["others"]) for row in found.days.to_pylist()] == [("2022-01-01", 2, 2)]
    assert (found.posts, found.without_time) == (3, 1)
    platforms = by(found.platforms, "platform")
    assert (platforms["x"]["group_posts"], platforms["x"]["others_posts"], platforms["x"]["group_accounts"]) == (
        3,
        1,
        2,
    )
    assert (platforms["telegram"]["group_posts"], platforms["telegram"]["others_accounts"]) == (0, 1)
    assert (found.days.schema, found.platforms.schema) == (DAYS, PLATFORM)


def test_which_platform_comes_first() -> None:
    """Nine of ten objects appear on Telegram first, 60 to 600 seconds before X; the sign test gives 22 / 1024."""
    made = []
    for n in range(10):
        lead = -100.0 if n == 0 else 60.0 * (n + 1)
        made += [
            ("url", f"u{n}", "g0", "telegram", f"t{n}", 1000.0),
            ("url", f"u{n}", "g1", "x", f"x{n}", 1000.0 + lead),
        ]
        made += [("url", f"u{n}", "g1", "x", f"y{n}", 9000.0), ("domain", "d", "g1", "x", f"z{n}", 0.0)]
    made += [
        ("url", "u1", "o9", "x", "early", 0.0),
        ("url", "tie", "o9", "x", "e1", 5.0),
        ("url", "tie", "o8", "telegram", "e2", 5.0),
    ]
    table = order(shares(made), GROUP)
    group, everybody = table.to_pylist()
    assert (group["who"], group["first"], group["second"]) == ("group", "telegram", "x")
    assert [group[name] for name in ("objects", "before", "after", "ties")] == [10, 9, 1, 0]
    assert group["p"] == pytest.approx(22 / 1024)
    assert group["lag"] == pytest.approx(330)
    assert (group["lag_low"], group["lag_high"]) == pytest.approx((120, 540))
    assert (everybody["who"], everybody["objects"], everybody["before"], everybody["after"], everybody["ties"]) == (
        "all",
        11,
        8,
        2,
        1,
    )
    assert table.schema == ORDER


def test_little_is_said_of_few_objects() -> None:
    made = [("url", "u", "g0", "x", "a", 5.0), ("url", "u", "g1", "telegram", "b", 5.0)]
    row = order(shares(made), GROUP).to_pylist()[0]
    assert (row["objects"], row["ties"], row["share_before"], row["p"], row["lag"], row["lag_low"]) == (
        1,
        1,
        None,
        None,
        0.0,
        None,
    )
    assert order(shares(made[:1]), GROUP).num_rows == 0
