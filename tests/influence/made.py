"""Small tables of shares for tests: organic traffic, and groups that are known to act together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

DAY = 86_400
START = 1_600_000_000


def shares(rows: Iterable[tuple[str, str, float]], layer: str = "url", platform: str = "x") -> pa.Table:
    """Shares from (account, object, seconds since the start); the posts are numbered in that order."""
    listed = list(rows)
    return pa.table(
        {
            "layer": pa.array([layer] * len(listed), pa.string()),
            "object": pa.array([object for _, object, _ in listed], pa.string()),
            "account": pa.array([account for account, _, _ in listed], pa.string()),
            "platform": pa.array([platform] * len(listed), pa.string()),
            "post": pa.array([f"{layer}-{n}" for n in range(len(listed))], pa.string()),
            "at": pa.array([round((START + at) * 1e6) for _, _, at in listed], pa.int64()),
        }
    )


def organic(
    n: int, rng: np.random.Generator, days: int = 10, accounts: int | None = None
) -> list[tuple[str, str, float]]:
    """Shares of accounts that know nothing of each other: some very busy, some objects very popular for hours."""
    people = accounts or n // 10
    busy = rng.pareto(1.5, people) + 0.1
    popular = rng.pareto(1.1, n // 5) + 0.05
    who = rng.choice(people, size=n, p=busy / busy.sum())
    what = rng.choice(n // 5, size=n, p=popular / popular.sum())
    born = rng.uniform(0, days * DAY, n // 5)
    when = np.mod(born[what] + rng.exponential(1, n) * 4 * 3_600, days * DAY)
    return [(f"a{a}", f"o{o}", float(t)) for a, o, t in zip(who, what, when, strict=True)]


def acting(
    members: Sequence[str], actions: int, joining: float, rng: np.random.Generator, name: str = "k"
) -> list[tuple[str, str, float]]:
    """Shares of a group: in each action some of its members share an object of their own within a minute."""
    rows: list[tuple[str, str, float]] = []
    for number in range(actions):
        start = rng.uniform(0, 10 * DAY)
        for member in members:
            if rng.random() < joining:
                rows.append((member, f"{name}{number}", start + min(rng.exponential(15), 55)))
    return rows


def opened(table: pa.Table) -> Any:
    """The shares as a table of the embedded engine."""
    engine = ibis.duckdb.connect(threads=2)
    engine.con.register("shares", table)
    return engine.table("shares")
