"""What a group pushes, as rows: terms, objects, stances, platforms and hours, each with the posts behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harmattan.influence.groups import Group
from harmattan.influence.lexicon import Lexicon
from harmattan.influence.narratives import Narratives, narratives
from harmattan.influence.reach import CROSSING, METRICS, amplification, order, timing
from harmattan.influence.sides import Texts, hour_of, of_group, texts_of_both
from harmattan.influence.terms import Terms, distinctive
from harmattan.questions.answer import AnswerColumn
from harmattan.questions.build import RECORDS, Line
from harmattan.questions.campaign_rows import (
    CAMPAIGN,
    JOINT_POSTS,
    by_group,
    different,
    parted,
    resting,
    significant,
)
from harmattan.questions.posted import Campaigns
from harmattan.questions.shared_things import named
from harmattan.text import Bilingual, T, Verbatim

Values = dict[str, Any]
EVERY_POST = 10**9
"""Every row leads to all of its posts, not to the first of them."""
MOST_TERMS = 30
"""So many terms and objects of a kind are listed of a group."""
LEAST_Z = 2.0
"""What stands out by less is not listed."""
WORDS = ("word", "bigram")
POSTS_OF = AnswerColumn("posts", T("posts of its accounts in this row"), "posts")
SHARE = AnswerColumn("share", T("of the group's posts with a text, those in this row"), "%")
OTHERS = AnswerColumn(
    "others_share", T("the same of the others' posts with a text, on days on which the group posts"), "%"
)
ACCOUNTS = AnswerColumn("accounts", T("accounts of the group with such a post"), "accounts")
TEXTS = AnswerColumn("texts", T("different texts among these posts: 1 means one text, copied"), "texts")


def _ends(name: str, what: str) -> tuple[AnswerColumn, AnswerColumn]:
    unit = "" if name == "ratio" else "%"
    low = T("low end of the 95 % interval of {what}; posts of one account count as one sample", what=Verbatim(what))
    high = T("high end of the 95 % interval of {what}; empty where the data set none", what=Verbatim(what))
    return AnswerColumn(f"{name}_low", low, unit), AnswerColumn(f"{name}_high", high, unit)


_COUNTED = (
    AnswerColumn("z", T("log-odds ratio with an informative prior, in standard deviations: an order and no test")),
    AnswerColumn("log_odds", T("the log-odds ratio, shrunk by the prior")),
    AnswerColumn("group_count", T("counts in the group: a text once per account, an object once per account and day"),
                 "counts"),
    AnswerColumn("group_total", T("counts of all terms of the kind in the group"), "counts"),
    AnswerColumn("others_count", T("counts among the others, on days on which the group posts"), "counts"),
    AnswerColumn("others_total", T("counts of all terms of the kind among the others"), "counts"),
)  # fmt: skip
BY: Mapping[str, tuple[AnswerColumn, ...]] = {
    "term": (
        CAMPAIGN,
        AnswerColumn("kind", T("a word, or a bigram: two words beside each other")),
        AnswerColumn("term", T("as the group writes it most often")),
        *_COUNTED, POSTS_OF, ACCOUNTS, TEXTS, RECORDS,
    ),
    "object": (
        CAMPAIGN,
        AnswerColumn("kind", T("an address, its domain, or a hashtag")),
        AnswerColumn("object", T("the object")),
        *_COUNTED, POSTS_OF, ACCOUNTS, RECORDS,
    ),
    "stance": (
        CAMPAIGN,
        AnswerColumn("stance", T("the stance of words that the lexicon knows; not of people")),
        AnswerColumn("stance_key", T("its id in the lexicon")),
        AnswerColumn("with_text", T("posts of the group with a text"), "posts"),
        POSTS_OF, ACCOUNTS, TEXTS, SHARE, *_ends("share", "share"),
        AnswerColumn("others_with_text", T("posts of the others with a text, on days of the group's"), "posts"),
        AnswerColumn("others_posts", T("posts of the others with such words"), "posts"),
        OTHERS, *_ends("others_share", "others_share"),
        AnswerColumn("ratio", T("share divided by others_share; empty where the latter is 0")),
        *_ends("ratio", "ratio"),
        AnswerColumn("both", T("of these posts, those with words of the opposite stance too"), "posts"),
        AnswerColumn("phrases", T("phrases of the lexicon for it: with few, little can be found"), "phrases"),
        RECORDS,
    ),
    "platform": (
        CAMPAIGN,
        AnswerColumn("platform", T("the platform")),
        AnswerColumn("ahead_of", T("in rows on the order of two platforms, the one that more often has things later")),
        ACCOUNTS, POSTS_OF,
        AnswerColumn("share", T("of all posts of the group"), "%"),
        AnswerColumn("others_share", T("the same of all posts of the others, on days on which the group posts"), "%"),
        JOINT_POSTS,
        AnswerColumn("objects", T("addresses, texts and pictures that the group shared on both platforms"), "objects"),
        AnswerColumn("earlier", T("of those, the ones that this platform had before the other"), "objects"),
        AnswerColumn("later", T("of those, the ones that the other platform had before"), "objects"),
        AnswerColumn("p", T("two-sided sign test of as many earlier as later")),
        AnswerColumn("lag", T("from this platform to the other, median"), "seconds"),
        AnswerColumn("lag_low", T("low end of its 95 % interval; empty where there are fewer than six"), "seconds"),
        AnswerColumn("lag_high", T("high end of its 95 % interval"), "seconds"),
        RECORDS,
    ),
    "hour": (
        CAMPAIGN,
        AnswerColumn("hour", T("the hour of the day, UTC, from 0 to 23")),
        POSTS_OF,
        AnswerColumn("share", T("of all posts of the group with a time"), "%"),
        AnswerColumn("others_share", T("the same of all posts of the others, on days on which the group posts"), "%"),
        JOINT_POSTS, RECORDS,
    ),
}  # fmt: skip


SLIM = ("row_id", "platform", "account", "posted_at", "text", *METRICS)


@dataclass(frozen=True)
class Pushed:
    """A group of some posts and what it is compared by."""

    found: Campaigns
    group: Group
    lexicon: Lexicon
    posts: Any
    """The posts asked about with the columns that are needed (`SLIM`), put together once: an Ibis table."""

    @property
    def members(self) -> frozenset[str]:
        """Its accounts."""
        return frozenset(self.group.accounts)

    @property
    def joint(self) -> pa.Table:
        """What they did together, as `influence.actions.JOINT`."""
        return by_group(self.found.joint).get(self.group.id, self.found.joint.slice(0, 0))

    def row(self, posts: Iterable[str], values: Values) -> Line:
        """A row that rests on posts of the group."""
        return resting(self.found.posted, posts, {"campaign": self.group.id} | values)

    def written(self) -> pa.Table:
        """All its posts: `row_id`, `account`, `platform` and `hour` (UTC; empty without a time)."""
        own = of_group(self.posts, self.members)
        return own.select("row_id", "account", "platform", hour=hour_of(own)).order_by("row_id").to_pyarrow()

    def reach(self) -> pa.Table:
        """What share of posts and reach it makes, as `influence.reach.AMPLIFICATION`."""
        return amplification(self.posts, self.members)

    @cached_property
    def texts(self) -> tuple[Texts, Texts]:
        """Its texts, and those of all others on its days."""
        return texts_of_both(self.posts, self.members)

    def terms(self, shares: Any = None) -> Terms:
        """Its distinctive terms, and with `shares` its objects."""
        return distinctive(self.posts, self.members, shares, most=MOST_TERMS, rows=EVERY_POST, sides=self.texts)

    def stances(self) -> Narratives:
        """The stances of its words."""
        return narratives(self.posts, self.members, self.lexicon, rows=EVERY_POST, sides=self.texts)


def by_term(pushed: Pushed) -> Iterator[Line]:
    """Words and pairs of words, each kind by z."""
    for row in pushed.terms().table.to_pylist():
        if row["kind"] in WORDS and row["z"] >= LEAST_Z:
            yield pushed.row(row["row_ids"], _term(row) | {"term": row["written"], "texts": row["texts"]})


def by_object(pushed: Pushed, shares: Any) -> Iterator[Line]:
    """Addresses, domains and hashtags, each kind by z."""
    people = pushed.found.posted.counted.as_written > 0
    for row in pushed.terms(shares).table.to_pylist():
        if row["kind"] not in WORDS and row["z"] >= LEAST_Z:
            shown = named(row["kind"], row["term"], row["posts"], people=people)
            yield pushed.row(row["row_ids"], _term(row) | {"object": shown})


def _term(row: Mapping[str, Any]) -> Values:
    said = {name: row[name] for name in ("kind", "group_count", "group_total", "others_count", "others_total")}
    return said | {"posts": row["posts"], "accounts": row["accounts"],
                   "z": round(row["z"], 2), "log_odds": round(row["log_odds"], 2)}  # fmt: skip


def by_stance(pushed: Pushed) -> Iterator[Line]:
    """Every stance of the lexicon in its order, be it found or not."""
    said = pushed.stances()
    labels = {stance.id: Bilingual(stance.label.en, stance.label.fr) for _, stance, _ in pushed.lexicon.stances}
    for row in said.stances.to_pylist():
        yield pushed.row(row["row_ids"], {
            "stance": labels[row["stance"]],
            "stance_key": row["stance"],
            "with_text": said.group_with_text,
            "others_with_text": said.others_with_text,
            "phrases": row["entries"],
            **{name: row[name] for name in ("posts", "accounts", "texts", "others_posts", "both")},
            **{name: percent(row[name]) for name in SHARES},
            **{name: None if row[name] is None else round(row[name], 2) for name in RATIOS},
        })  # fmt: skip


SHARES = ("share", "share_low", "share_high", "others_share", "others_share_low", "others_share_high")
RATIOS = ("ratio", "ratio_low", "ratio_high")


def percent(share: float | None, digits: int = 2) -> float | None:
    """A share in percent, rounded.

    >>> percent(0.12345), percent(None)
    (12.35, None)
    """
    return None if share is None else round(100 * share, digits)


def by_platform(pushed: Pushed) -> Iterator[Line]:
    """The group's platforms, most posts first, then each two of them: which has what is shared before the other."""
    mine, when = pushed.written(), timing(pushed.posts, pushed.members)
    there = when.platforms.to_pylist()
    whole = {who: sum(row[f"{who}_posts"] for row in there) for who in ("group", "others")}
    joint = parted(pushed.joint, "platform")
    for row in sorted(there, key=lambda row: (-row["group_posts"], row["platform"])):
        if row["group_posts"]:
            own, name = joint.get(row["platform"], pushed.joint.slice(0, 0)), row["platform"]
            yield pushed.row(mine.filter(pc.equal(mine["platform"], name))["row_id"].to_pylist(), {
                "platform": name,
                "ahead_of": None,
                "accounts": row["group_accounts"],
                "posts": row["group_posts"],
                "share": percent(row["group_posts"] / whole["group"]),
                "others_share": percent(row["others_posts"] / whole["others"]) if whole["others"] else None,
                "joint_posts": different(own["post"]) if own.num_rows else 0,
                **dict.fromkeys(ORDERED),
            })  # fmt: skip
    yield from _orders(pushed)


def _orders(pushed: Pushed) -> Iterator[Line]:
    """Each two platforms of the group on which it shared the same thing."""
    shares = pushed.found.posted.shares.table
    for row in order(shares, pushed.members).to_pylist():
        if row["who"] == "group":
            posts, accounts = _on_both(shares, pushed, (row["first"], row["second"]))
            yield pushed.row(posts, {
                "platform": row["first"],
                "ahead_of": row["second"],
                "accounts": accounts,
                "posts": len(posts),
                **dict.fromkeys(("share", "others_share", "joint_posts")),
                "objects": row["objects"],
                "earlier": row["before"],
                "later": row["after"],
                "p": None if row["p"] is None else significant(row["p"]),
                **{name: None if row[name] is None else round(row[name], 1) for name in ("lag", "lag_low", "lag_high")},
            })  # fmt: skip


def _on_both(shares: Any, pushed: Pushed, platforms: tuple[str, str]) -> tuple[list[str], int]:
    """The group's posts on two platforms that share a thing which it shared on both, and their accounts."""
    own = shares.filter(shares.layer.isin(list(CROSSING)), shares.account.isin(sorted(pushed.members)))
    own = own.filter(own.platform.isin(list(platforms))).select("layer", "object", "platform", "post", "account")
    found = own.order_by("post").to_pyarrow()
    on: dict[Any, set[str]] = {}
    things = list(zip(found["layer"].to_pylist(), found["object"].to_pylist(), strict=True))
    for thing, platform in zip(things, found["platform"].to_pylist(), strict=True):
        on.setdefault(thing, set()).add(platform)
    both = found.filter(pa.array([len(on[thing]) == len(platforms) for thing in things], pa.bool_()))
    return sorted(set(both["post"].to_pylist())), different(both["account"]) if both.num_rows else 0


ORDERED = ("objects", "earlier", "later", "p", "lag", "lag_low", "lag_high")


def by_hour(pushed: Pushed) -> Iterator[Line]:
    """The hours of the day, all of them."""
    mine, when = pushed.written(), timing(pushed.posts, pushed.members)
    group, others = (int(when.hours[:, side].sum()) for side in (0, 1))
    joint = parted(_with_hour(pushed.joint), "hour")
    for hour in range(24):
        n, beside = (int(when.hours[hour, side]) for side in (0, 1))
        own = joint.get(hour, pushed.joint.slice(0, 0))
        yield pushed.row(mine.filter(pc.equal(mine["hour"], hour))["row_id"].to_pylist(), {
            "hour": hour,
            "posts": n,
            "share": percent(n / group) if group else None,
            "others_share": percent(beside / others) if others else None,
            "joint_posts": different(own["post"]) if own.num_rows else 0,
        })  # fmt: skip


def _with_hour(joint: pa.Table) -> pa.Table:
    return joint.append_column("hour", pc.hour(pc.cast(joint["at"], pa.timestamp("us"))))
