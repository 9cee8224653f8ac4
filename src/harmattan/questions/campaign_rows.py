"""What is said of a group of accounts in one row: its size, what it did together, how sure it is, by which objects."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harmattan.influence.groups import Group
from harmattan.influence.near import MICRO
from harmattan.questions.answer import AnswerColumn
from harmattan.questions.build import RECORDS, Line
from harmattan.questions.posted import LAYERS, Campaigns, Posted
from harmattan.questions.shared_things import named
from harmattan.text import T
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.posts import POSTS

CAMPAIGN = AnswerColumn("campaign", T("id of the group; the same accounts have the same id"))
JOINT_POSTS = AnswerColumn("joint_posts", T("those of them that are part of an action"), "posts")
ACTIONS = AnswerColumn(
    "actions",
    T("runs of posts of two or more of its accounts that share an object, each within the window of the one before"),
    "actions",
)
FIRST = AnswerColumn("first", T("the first day with a joint post"))
LAST = AnswerColumn("last", T("the last day with a joint post"))
COLUMNS = (
    CAMPAIGN,
    AnswerColumn("accounts", T("accounts in the group"), "accounts"),
    AnswerColumn("platforms", T("where its joint posts stand, most of them first")),
    AnswerColumn("posts", T("all posts of its accounts"), "posts"),
    JOINT_POSTS,
    ACTIONS,
    FIRST,
    LAST,
    AnswerColumn("links", T("pairs of its accounts that met more often than chance explains"), "pairs"),
    AnswerColumn("occasions", T("on how many occasions the linked pairs shared the same object within the window"),
                 "occasions"),
    AnswerColumn("expected", T("on how many chance would have had them meet, by their activity and the objects'"),
                 "occasions"),
    AnswerColumn("ratio", T("occasions divided by those expected; empty where none is expected")),
    AnswerColumn("speed", T("from the first to the last share of an action, median"), "seconds"),
    AnswerColumn("membership", T("share of the other members that a member is linked with, mean; 0 to 1")),
    AnswerColumn("level", T("the level of false discoveries at which it still hangs together")),
    AnswerColumn("layers", T("by what objects, with the share of its joint posts that have such a one"), "%"),
    AnswerColumn("top_object", T("the object in most joint posts; of texts and pictures never the thing itself")),
    RECORDS,
)  # fmt: skip


def rows(found: Campaigns, groups: Iterable[Group]) -> list[Line]:
    """One row for each group, in the order given; each rests on its joint posts."""
    wanted = list(groups)
    together = by_group(found.joint)
    written = members_posts(found.posted, wanted).group_by("group").aggregate([("n", "sum")])
    posts = dict(zip(written["group"].to_pylist(), written["n_sum"].to_pylist(), strict=True))
    linked = links_of(found, wanted)
    return [_row(found, group, together.get(group.id, found.joint.slice(0, 0)), posts, linked) for group in wanted]


def _row(found: Campaigns, group: Group, own: pa.Table, posts: Mapping[str, int], linked: pa.Table) -> Line:
    pairs = linked.filter(pc.equal(linked["group"], group.id))
    occasions, expected = (sum(pairs[name].to_pylist()) for name in ("occasions", "expected"))
    people = found.posted.counted.as_written > 0
    return line(found.posted, own, {
        "campaign": group.id,
        "accounts": len(group.accounts),
        "platforms": ", ".join(platforms(own)),
        "posts": posts.get(group.id, 0),
        **joint_of(own),
        "links": group.links,
        "occasions": int(occasions),
        "expected": significant(expected),
        "ratio": significant(occasions / expected) if expected else None,
        "speed": speed(own),
        "membership": round(float(np.mean(group.membership)), 3),
        "level": significant(group.level),
        "layers": layers(own),
        "top_object": top(own, people=people),
    })  # fmt: skip


def line(ground: Posted, own: pa.Table, values: dict[str, Any]) -> Line:
    """A row that rests on the posts of some rows of JOINT."""
    return resting(ground, own["post"].to_pylist(), values)


def resting(ground: Posted, posts: Iterable[str], values: dict[str, Any]) -> Line:
    """A row that rests on some posts."""
    keys = ground.keys(posts)
    return Line(values | {"records": len(keys)}, Criteria(table=POSTS.name, keys=keys))


def by_group(joint: pa.Table) -> dict[str, pa.Table]:
    """The rows of JOINT of each group; they stand by group."""
    return parted(joint, "group")


def parted(table: pa.Table, *columns: str) -> dict[Any, pa.Table]:
    """The rows of a table by what stands in some columns, in the order in which that first comes up."""
    keys = [table[name].to_pylist() for name in columns]
    places: dict[Any, list[int]] = defaultdict(list)
    for place, key in enumerate(keys[0] if len(keys) == 1 else zip(*keys, strict=True)):
        places[key].append(place)
    return {key: table.take(pa.array(found, pa.int64())) for key, found in places.items()}


def members_posts(ground: Posted, groups: Sequence[Group], *by: Any) -> pa.Table:
    """`group`, `account`, the names in `by` and `n`: how many posts the members wrote, joint or not."""
    names = [(account, group.id) for group in groups for account in group.accounts]
    members = pa.table(
        {
            "account": pa.array([name for name, _ in names], pa.string()),
            "group": pa.array([id_ for _, id_ in names], pa.string()),
        }
    )
    own = ground.posts.join(ibis.memtable(members), "account")
    return own.group_by("group", "account", *by).agg(n=own.count()).order_by("group", "account").to_pyarrow()


def links_of(found: Campaigns, groups: Iterable[Group]) -> pa.Table:
    """The links between members of one group, as LINKS with `group`: of each pair and layer the window with the least
    p.
    """
    links = found.found.links
    of = {account: group.id for group in groups for account in group.accounts}
    one, other = ([of.get(name, "") for name in links[end].to_pylist()] for end in ("account", "other"))
    inside = pa.array([a == b != "" for a, b in zip(one, other, strict=True)], pa.bool_())
    own = links.append_column("group", pa.array(one, pa.string())).filter(inside)
    order = [("account", "ascending"), ("other", "ascending"), ("layer", "ascending"), ("p", "ascending"),
             ("window", "ascending")]  # fmt: skip
    own = own.sort_by(order)
    keys = list(zip(*(own[name].to_pylist() for name in ("account", "other", "layer")), strict=True))
    surest = [n == 0 or keys[n] != keys[n - 1] for n in range(len(keys))]
    return own.filter(pa.array(surest, pa.bool_()))


def joint_of(own: pa.Table) -> dict[str, Any]:
    """How many joint posts and actions there are, and the days they span."""
    if not own.num_rows:
        return {"joint_posts": 0, "actions": 0, "first": None, "last": None}
    first, last = pc.min(own["at"]).as_py(), pc.max(own["at"]).as_py()
    return {
        "joint_posts": different(own["post"]),
        "actions": different(own["action"]),
        "first": day_of(first),
        "last": day_of(last),
    }


def different(column: Any) -> int:
    """How many different values a column has."""
    return int(pc.count_distinct(column).as_py())


def platforms(own: pa.Table) -> list[str]:
    """Where the joint posts stand, most of them first."""
    return [name for name, _ in _most(own, "platform")]


def layers(own: pa.Table) -> str:
    """By what objects, with the share of the joint posts that have one of them in common."""
    whole = different(own["post"]) if own.num_rows else 0
    return ", ".join(f"{name} {100 * n / whole:.0f}" for name, n in _most(own, "layer"))


def top(own: pa.Table, *, people: bool) -> Any:
    """The object that stands in most joint posts, as readers are shown it."""
    if not own.num_rows:
        return None
    counted = own.group_by(["layer", "object"]).aggregate([("post", "count_distinct")])
    rank = list(LAYERS)
    first = min(
        counted.to_pylist(),
        key=lambda row: (-row["post_count_distinct"], rank.index(row["layer"]), row["object"]),
    )
    return named(first["layer"], first["object"], first["post_count_distinct"], people=people)


def _most(own: pa.Table, column: str) -> list[tuple[str, int]]:
    counted = own.group_by([column]).aggregate([("post", "count_distinct")])
    found = zip(counted[column].to_pylist(), counted["post_count_distinct"].to_pylist(), strict=True)
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def speed(own: pa.Table) -> float | None:
    """Seconds from the first to the last share of an action, the median over actions."""
    if not own.num_rows:
        return None
    runs = own.group_by("action").aggregate([("at", "min"), ("at", "max")])
    return significant(float(np.median(runs["at_max"].to_numpy() - runs["at_min"].to_numpy())) / MICRO)


def significant(number: float, digits: int = 3) -> float:
    """A number with so many digits that mean something.

    >>> significant(0.000123456), significant(1234.56), significant(0.0)
    (0.000123, 1230.0, 0.0)
    """
    return float(f"{number:.{digits}g}")


def day_of(at: int) -> str:
    """The day of microseconds since 1970, in UTC.

    >>> day_of(0)
    '1970-01-01'
    """
    return (dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=at)).date().isoformat()
