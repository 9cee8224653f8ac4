"""A year of invented posts: two campaigns, one of which acts in the week from each massacre on and one on any day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from harmattan.questions.world import World
from tests.lake.factory import event, put, put_tables, row_of
from tests.questions.dossiers import take_in
from tests.questions.turning import BASES
from tests.questions.worlds import put_closed, world_in

FIRST, DAYS = dt.date(2022, 1, 1), 365
STRUCK = (dt.date(2022, 3, 15), dt.date(2022, 8, 2), dt.date(2022, 10, 4))
"""The days of the massacres, of at least 30 civilians each."""
SMALL = dt.date(2022, 9, 20)
"""A day with fewer civilians killed than a massacre has."""
AWAKE, STEADY = 8, 6
"""Accounts of the campaign that acts after massacres, and of the one that acts on days drawn at random."""
LISTS = ("urls", "hashtags", "mentions", "media", "objects")


def planted(folder: Path, *, closed: bool = False) -> World:
    """The world: events of a year with three massacres and a small one, and the posts; of a closed release of events
    no record may be handed on.
    """
    rng = np.random.default_rng(5)
    rows = [
        event(f"e{day}-{n}", _day(day).isoformat(), "MLI", 1, violence="state_based", deaths_civilians=0)
        for day in range(DAYS)
        for n in range(rng.poisson(0.7))
    ]
    for n, day in enumerate((*STRUCK, SMALL)):
        killed = 30 + n if day in STRUCK else 4
        rows.append(event(f"m{n}", day.isoformat(), "MLI", killed, deaths_civilians=killed, place_as_written=f"M{n}"))
    world = world_in(folder)
    (put_closed if closed else put)(world.lake, "1", rows)
    take_in(world.lake, folder, "bases", BASES)
    put_tables(world.lake, "1", {"posts": list(_posts(rng))}, dataset="posts", redistributable=False, places=(),
               start=FIRST.isoformat(), end="2022-12-31")  # fmt: skip
    return world


def _day(n: int) -> dt.date:
    return FIRST + dt.timedelta(days=n)


def _posts(rng: Any) -> Iterator[dict[str, Any]]:
    acting = {"awake": [(day - FIRST).days + after for day in STRUCK for after in range(7)],
              "steady": sorted(rng.choice(DAYS, 40, replace=False).tolist())}  # fmt: skip
    members = {"awake": AWAKE, "steady": STEADY}
    names = [f"acct-{name}{n}" for name, many in members.items() for n in range(many)]
    names += [f"acct-person{n}" for n in range(150)]
    n = 0
    for day in range(DAYS):
        for who in rng.choice(names, rng.poisson(60)):
            at, link = int(rng.integers(86_400)), f"https://news.example/{day}/{rng.integers(9)}"
            n += 1
            yield _post(n, str(who), day, at, link)
        for name, days in acting.items():
            for again in range(2 * days.count(day)):
                start = int(rng.integers(80_000))
                for member in range(members[name]):
                    n += 1
                    yield _post(n, f"acct-{name}{member}", day, start + member, f"https://{name}.example/{day}/{again}")


def _post(n: int, who: str, day: int, second: int, link: str) -> dict[str, Any]:
    at = dt.datetime.combine(_day(day), dt.time(), dt.UTC) + dt.timedelta(seconds=second)
    lists: dict[str, list[str]] = {name: [] for name in LISTS} | {"urls": [link]}
    return row_of("posts", f"x:{n}", platform="x", post_id=str(n), account=who, text="invented words", posted_at=at,
                  **lists)  # fmt: skip
