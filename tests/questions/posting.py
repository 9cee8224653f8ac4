"""A small world of posts in which it is known who acts together, taken in as an analyst takes in an export."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np

from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from tests.sources.posts_exports import Row, as_csv

KEY = b"a key for the tests, long enough"
DAY = dt.datetime(2022, 1, 1)
RING, CELL, TRIO = 8, 6, 3
"""Accounts of the planted groups: the first shares addresses, the second texts, the third is too small to be listed."""
ACTIONS = 12
STEP = 5
"""Seconds from one member's share to the next one's."""
TEXT = "the convoy was attacked by those who pretend to protect us, number {n} of many"


def post(n: int, who: str, at: float, link: str = "", text: str = "") -> Row:
    """A row of QUT's toolkit."""
    when = (DAY + dt.timedelta(seconds=round(at))).isoformat() + "Z"
    return {"message_id": f"m{n}", "user_id": who, "username": f"name of {who}", "message": text, "timestamp": when,
            "repost_id": "", "reply_id": "", "urls": link}  # fmt: skip


def words(rng: np.random.Generator, n: int) -> list[str]:
    """Texts that have nothing in common."""
    letters = rng.integers(97, 123, (n, 48), dtype=np.uint8)
    letters[:, 7::8] = 32
    return [bytes(row).decode() for row in letters]


def rows(organic: int = 4_000, seed: int = 8) -> list[Row]:
    """Posts of accounts that have nothing to do with each other, and of three groups that act together."""
    rng = np.random.default_rng(seed)
    accounts, things = rng.integers(0, 300, organic), rng.zipf(1.2, organic) % 900
    times, texts = rng.uniform(0, 15 * 86_400, organic), words(rng, 900)
    made = [
        post(n, f"u{accounts[n]}", times[n], f"https://news.example/{things[n]}" if n % 2 else "",
             "" if n % 2 else texts[things[n]])
        for n in range(organic)
    ]  # fmt: skip
    for group, size in (("ring", RING), ("cell", CELL), ("trio", TRIO)):
        for action, start in enumerate(rng.uniform(0, 14 * 86_400, ACTIONS)):
            link, text = f"https://{group}.example/{action}", ""
            if group == "cell":
                link, text = "", TEXT.format(n=f"{action:02d}" * 3)
            made += [post(len(made) + n, f"{group}{n}", start + STEP * n, link, text) for n in range(size)]
    return made


def taken_in(
    folder: Path, made: list[Row], label: str = "one", *, identities: bool = False, home: str = "home"
) -> World:
    """A world whose lake has the posts."""
    path = folder / f"{label}.csv"
    path.write_bytes(as_csv(made))
    lake = Lake(folder / home, folder / "embedded")
    options = Options(label=label, published=dt.date(2022, 3, 1), pseudonym_key=KEY, identities=identities)
    ingest(lake, "posts", [path], options, retrieved_at=None)
    return World(lake)
