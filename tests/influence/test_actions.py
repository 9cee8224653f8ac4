"""What a group did together: runs of shares within the window."""

from __future__ import annotations

import numpy as np
import pytest

from harmattan.influence.actions import ACTIONS, JOINT, actions, joint
from harmattan.influence.groups import Group
from harmattan.influence.rule import Rule
from tests.influence.made_shares import opened, shares

GROUP = Group(("a", "b", "c"), (1.0, 1.0, 1.0), 3, 0.01)
ROWS = [
    ("a", "o", 0.0), ("b", "o", 50.0), ("c", "o", 100.0),  # one run, each within a minute of the one before
    ("a", "o", 5_000.0), ("b", "o", 5_061.0),  # too far apart
    ("a", "p", 10.0), ("a", "p", 20.0),  # one account alone
    ("b", "q", 30.0), ("c", "q", 30.0), ("z", "q", 30.0),  # with a stranger, who is no member
]  # fmt: skip


def test_that_actions_are_runs_of_members() -> None:
    shared = joint(opened(shares(ROWS)), [GROUP], Rule())
    assert shared.schema == JOINT
    assert shared.select(["account", "object"]).to_pylist() == [
        {"account": name, "object": what} for name, what in
        [("a", "o"), ("b", "q"), ("c", "q"), ("b", "o"), ("c", "o")]]  # fmt: skip
    listed = actions(shared)
    assert listed.schema == ACTIONS
    assert [(row["object"], row["accounts"], row["last"] - row["first"]) for row in listed.to_pylist()] == [
        ("o", 3, 100_000_000), ("q", 2, 0)]  # fmt: skip


@pytest.mark.parametrize("window", [1.0, 10.0, 60.0])
def test_that_actions_are_those_of_a_plain_loop(window: float) -> None:
    """Of each object the members' shares in order of time; a run ends where the next is further off than the window."""
    rng = np.random.default_rng(8)
    rows = [(f"{'abcz'[rng.integers(4)]}", f"o{rng.integers(5)}", float(rng.integers(900))) for _ in range(200)]
    found = set()
    for thing in {row[1] for row in rows}:
        own = sorted((at, account, n) for n, (account, what, at) in enumerate(rows) if what == thing and account != "z")
        runs = [[own[0]]]
        for one in own[1:]:
            if one[0] - runs[-1][-1][0] <= window:
                runs[-1].append(one)
            else:
                runs.append([one])
        found |= {f"url-{n}" for run in runs if len({account for _, account, _ in run}) > 1 for _, _, n in run}
    assert set(joint(opened(shares(rows)), [GROUP], Rule(), window)["post"].to_pylist()) == found
    assert 0 < len(found) < 200


def test_that_a_crowd_is_no_action() -> None:
    crowd = [(f"z{n}", "o", 1.0) for n in range(10)]
    shared = joint(opened(shares(ROWS + crowd)), [GROUP], Rule(crowd=8))
    assert set(shared["object"].to_pylist()) == {"q"}


def test_that_no_groups_did_nothing() -> None:
    assert joint(opened(shares(ROWS)), [], Rule()).num_rows == 0
    assert actions(JOINT.empty_table()).num_rows == 0
