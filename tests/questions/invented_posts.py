"""Invented exports of posts on three platforms, in which two campaigns are planted beside a group too small to list.

Nobody wrote these words: they are drawn from lists, and the slogans are those that the lexicon itself documents. Every
text says that it is invented, and every address leads to example.org.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harmattan.cli import main
from harmattan.data import RELEASES
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from tests.sources.posts_exports import KEY, as_csv

FIRST, LAST = dt.date(2021, 12, 13), dt.date(2022, 1, 26)
TURNS = (dt.date(2021, 12, 23), dt.date(2022, 1, 9))
"""Milestones of the dossier (mli-wagner-deployment-2021-12, mli-ecowas-sanctions-2022-01) that the first campaign is
planted around."""
SECOND_FROM = dt.date(2022, 1, 12)
INVENTED = "(texte inventé)"
PLATFORMS = ("telegram", "x", "facebook")
PERSONS = 120
EVERYDAY = (
    "marché mil riz prix pluie route école match equipe stade musique fête mariage village puits santé vaccin bus "
    "radio film photo concert coton récolte mangue poisson fleuve pirogue moto garage atelier couture tissu salon "
    "bureau examen élève maître classe livre journal cuisine sauce thé sucre farine four pain boutique client vente "
    "téléphone réseau courant lampe soleil chaleur vent sable nuit matin soir dimanche lundi voisin cousin tante"
)
WORDS = EVERYDAY.split()
SLOGANS = (
    "À bas la France",
    "Barkhane dehors",
    "France dégage du pays",
    "Vive la Russie",
    "Nous voulons la Russie",
)
OTHER_SLOGANS = ("MINUSMA dégage", "à bas la Minusma", "MINUSMA, rentrez chez vous")
REPLIES = ("Merci la France", "Vive la démocratie", "À bas la France", "Vive la Russie")


@dataclass(frozen=True)
class Said:
    """One invented post; `at` in seconds since 1970."""

    platform: str
    account: int
    at: int
    text: str
    url: str = ""
    tag: str = ""
    views: int = 0


@dataclass(frozen=True)
class Planted:
    """A campaign: who is in it, what it says, and on which days it acts."""

    name: str
    members: tuple[tuple[str, int], ...]
    slogans: tuple[str, ...]
    days: tuple[dt.date, ...]
    tag: str
    joins: float = 0.75


def _members(first: int, **of: int) -> tuple[tuple[str, int], ...]:
    names = [platform for platform in PLATFORMS for _ in range(of.get(platform, 0))]
    return tuple((platform, first + n) for n, platform in enumerate(names))


def _around(turns: Sequence[dt.date], offsets: Sequence[int]) -> tuple[dt.date, ...]:
    return tuple(turn + dt.timedelta(days=offset) for turn in turns for offset in offsets)


CAMPAIGNS = (
    Planted("first", _members(1000, telegram=3, x=5, facebook=6), SLOGANS,
            _around(TURNS, (0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 7, 10)), "inventionun"),
    Planted("second", _members(2000, facebook=5, x=2), OTHER_SLOGANS,
            _around((SECOND_FROM,), tuple(range(0, 14))), "inventiondeux"),
    Planted("small", _members(3000, telegram=4), ("le match de dimanche",),
            _around((FIRST,), tuple(range(0, 42, 3))), "inventiontrois"),
)  # fmt: skip


def said(seed: int = 8) -> list[Said]:
    """Every post, by time."""
    rng = np.random.default_rng(seed)
    posts = [*_everyday(rng), *(post for plan in CAMPAIGNS for post in _acting(rng, plan))]
    return sorted(posts, key=lambda post: (post.at, post.account))


def _second(day: dt.date, hour: float) -> int:
    return int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp() + 3600 * hour)


def _text(rng: Any, n: int = 14) -> str:
    return " ".join(str(word) for word in rng.choice(WORDS, n))


def _everyday(rng: Any) -> Iterator[Said]:
    """What persons and the members of campaigns write on other occasions, each with one of the addresses of the day."""
    people = [(PLATFORMS[n % 3], n) for n in range(PERSONS)]
    people += [member for plan in CAMPAIGNS for member in plan.members]
    days = (LAST - FIRST).days + 1
    for platform, account in people:
        for _ in range(int(min(200, 25 + rng.pareto(1.3) * 12)) if account < 1000 else 10):
            day = FIRST + dt.timedelta(days=int(rng.integers(days)))
            at = _second(day, float(np.clip(rng.normal(14, 5), 0, 23.9)))
            words = _text(rng)
            if rng.random() < 0.06:
                words = f"{words} {rng.choice(REPLIES)}"
            url = f"https://example.org/jour/{day.isoformat()}/{int(rng.integers(9))}"
            yield Said(platform, account, at, words, url, "", int(rng.integers(20, 400)))


def _acting(rng: Any, plan: Planted) -> Iterator[Said]:
    """A campaign's actions: most members share one address within seconds of each other, Telegram first."""
    for n, day in enumerate(plan.days):
        start = _second(day, 8 + 10 * float(rng.random()))
        slogan = plan.slogans[n % len(plan.slogans)]
        words = f"{slogan} {_text(rng, 8)}"
        for platform, account in plan.members:
            if rng.random() < plan.joins:
                at = start + 12 * PLATFORMS.index(platform) + int(rng.integers(10))
                url = f"https://example.org/{plan.name}/{n}"
                yield Said(platform, account, at, words, url, plan.tag, int(rng.integers(200, 1500)))


def exports(into: Path, seed: int = 8) -> list[Path]:
    """The posts as three files: CrowdTangle's, the archive of X, and 4CAT's of Telegram."""
    posts = list(enumerate(said(seed)))
    files = []
    for platform, maker in (("facebook", _facebook), ("x", _x), ("telegram", _telegram)):
        path = into / f"invented-{platform}.csv"
        path.write_bytes(as_csv([maker(n, post) for n, post in posts if post.platform == platform]))
        files.append(path)
    return files


def _written(post: Said) -> str:
    return f"{post.text}{' #' + post.tag if post.tag else ''} {INVENTED}"


def _moment(post: Said) -> str:
    return dt.datetime.fromtimestamp(post.at, dt.UTC).strftime("%Y-%m-%d %H:%M:%S")


def _facebook(n: int, post: Said) -> dict[str, Any]:
    return {
        "Page Name": f"Invented page {post.account}",
        "User Name": f"invented.page.{post.account}",
        "Facebook Id": str(100_000_000 + post.account),
        "Page Category": "INVENTED",
        "Followers at Posting": "500",
        "Post Created": f"{_moment(post)} UTC",
        "Type": "Link",
        "Total Interactions": "3",
        "Likes": "3",
        "Comments": "0",
        "Shares": "1",
        "Post Views": str(post.views),
        "URL": f"https://www.facebook.com/invented.page.{post.account}/posts/{10**15 + n}",
        "Message": _written(post),
        "Link": post.url,
        "Final Link": post.url,
    }


def _x(n: int, post: Said) -> dict[str, Any]:
    return {
        "tweetid": str(1_400_000_000_000_000_000 + n),
        "userid": str(900_000_000 + post.account),
        "user_display_name": f"Invented {post.account}",
        "user_screen_name": f"invented_{post.account}",
        "follower_count": "100",
        "account_creation_date": "2020-01-01",
        "tweet_language": "fr",
        "tweet_text": f"{_written(post)} {post.url}".strip(),
        "tweet_time": _moment(post),
        "is_retweet": "false",
        "like_count": "2",
        "reply_count": "0",
        "retweet_count": "1",
        "hashtags": f"[{post.tag}]",
        "urls": f"[{post.url}]",
        "user_mentions": "[]",
    }


def _telegram(n: int, post: Said) -> dict[str, Any]:
    return {
        "id": f"invented{post.account}-{n}",
        "thread_id": f"invented{post.account}",
        "chat": f"invented{post.account}",
        "author": str(700_000_000 + post.account),
        "author_username": f"invented{post.account}",
        "author_name": f"Invented {post.account}",
        "author_is_bot": "no",
        "body": _written(post),
        "reply_to": "",
        "views": str(post.views),
        "reactions": "",
        "timestamp": _moment(post),
        "unix_timestamp": post.at,
        "author_forwarded_from_username": "",
        "link_attached": post.url,
    }


def asked_of_invented(folder: Path) -> Inquiry:
    """The embedded releases and the invented posts, taken in by the program under one key."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARMATTAN_PSEUDONYM_KEY", KEY.decode())
        files = [str(path) for path in exports(folder)]
        words = ["ingest", "posts", *files, "--release", "invented", "--published", "2022-02-01"]
        assert main([*words, "--home", str(folder / "home")]) == 0
    return Inquiry(Lake(folder / "home", RELEASES))
