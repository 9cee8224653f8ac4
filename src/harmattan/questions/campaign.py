"""`campaign`: the card of one group of accounts, and its posting told apart by account, object, action, day or hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from harmattan.errors import UsageError
from harmattan.influence.groups import Group
from harmattan.influence.near import MICRO
from harmattan.influence.sides import HOUR, hour_of
from harmattan.questions import campaign_rows, posted
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import RECORDS, Line
from harmattan.questions.campaign_rows import (
    ACTIONS,
    CAMPAIGN,
    FIRST,
    JOINT_POSTS,
    LAST,
    day_of,
    different,
    joint_of,
    members_posts,
    parted,
)
from harmattan.questions.campaigns import ALWAYS, ASKED, Drawn, cautions, check_size
from harmattan.questions.parameters import Params
from harmattan.questions.parsing import one_of
from harmattan.questions.posted import LAYERS, Campaigns
from harmattan.questions.question import Question
from harmattan.questions.shared_things import named
from harmattan.questions.world import World
from harmattan.text import T, Text, Verbatim, counted, joined, listing

ACCEPTS = ("campaign", "by", *ASKED, *ALWAYS)
POSTS_OF = AnswerColumn("posts", T("all posts of its accounts in this row"), "posts")
TAKING_PART = AnswerColumn("accounts", T("accounts of the group with a joint post in this row"), "accounts")
LAYER = AnswerColumn("layer", T("what kind of object they share"))
OBJECT = AnswerColumn("object", T("the object; of texts and pictures never the thing itself"))
BY: Mapping[str, tuple[AnswerColumn, ...]] = {
    "account": (
        CAMPAIGN,
        AnswerColumn("account", T("a pseudonym; as written where identities were asked for when posts were taken in")),
        AnswerColumn("platforms", T("where its joint posts stand, most of them first")),
        AnswerColumn("posts", T("all its posts"), "posts"),
        JOINT_POSTS,
        ACTIONS,
        AnswerColumn("membership", T("share of the other members that it is linked with; 0 to 1")),
        FIRST,
        LAST,
        RECORDS,
    ),
    "object": (CAMPAIGN, LAYER, OBJECT, TAKING_PART, JOINT_POSTS, ACTIONS, FIRST, LAST, RECORDS),
    "action": (
        CAMPAIGN,
        AnswerColumn("started", T("time of its first share, UTC")),
        AnswerColumn("took", T("from its first to its last share"), "seconds"),
        LAYER,
        OBJECT,
        TAKING_PART,
        JOINT_POSTS,
        RECORDS,
    ),
    "day": (CAMPAIGN, AnswerColumn("day", T("the day, UTC")), POSTS_OF, JOINT_POSTS, ACTIONS, TAKING_PART, RECORDS),
    "hour": (
        CAMPAIGN,
        AnswerColumn("hour", T("the hour of the day, UTC, from 0 to 23")),
        POSTS_OF,
        JOINT_POSTS,
        ACTIONS,
        TAKING_PART,
        RECORDS,
    ),
    "platform": (
        CAMPAIGN,
        AnswerColumn("platform", T("the platform")),
        POSTS_OF,
        JOINT_POSTS,
        ACTIONS,
        TAKING_PART,
        FIRST,
        LAST,
        RECORDS,
    ),
}
CHARTS = {"day": Chart("trend", "day", "joint_posts"), "hour": Chart("bars", "hour", "joint_posts")}


def campaign(world: World, params: Params) -> Answer:
    """The row of each group named, or its posting by what is said. Raises UsageError for a group that is not listed."""
    check_size(params)
    by = params.by[0] if params.by else ""
    if len(params.by) > 1:
        raise UsageError(T("The question {name} is told apart by one thing at a time.", name=Verbatim("campaign")))
    ground = posted.posted(world, params)
    drawn, columns = Drawn("campaign", ground, ACCEPTS), BY.get(by, campaign_rows.COLUMNS)
    if not ground.held:
        return drawn.not_covered(columns)
    found = posted.campaigns(world, params)
    groups = chosen(found, params.campaign)
    cards = campaign_rows.rows(found, groups)
    lines = [line for group in groups for line in ROWS[by](found, group)] if by else cards
    said = _headline(drawn, cards, ground.counted.posts, rests=not by)
    return drawn.finish(lines, columns, said, cautions(found), CHARTS.get(by))


def chosen(found: Campaigns, ids: Sequence[str]) -> list[Group]:
    """The groups named. Raises UsageError where none is named, or one that is not listed."""
    listed = found.listed
    if not listed:
        raise UsageError(
            T("No group that is large enough to be listed acts together in these posts."),
            do=T("harmattan ask campaigns says what there is."),
        )
    if not ids:
        most = 12
        names = listing([Verbatim(name) for name in list(listed)[:most]])
        rest = counted(len(listed) - most, "{n} more", "{n} more")
        more = T("There are {names}, and {rest}.", names=names, rest=rest)
        raise UsageError(
            T("No campaign is named."),
            available=more if len(listed) > most else T("There are: {all}.", all=names),
            do=T("Say --campaign {name}.", name=Verbatim(next(iter(listed)))),
        )
    return [listed[one_of(name, listed, "There is no campaign {words}.")] for name in ids]


def _headline(drawn: Drawn, cards: Sequence[Line], posts: int, *, rests: bool) -> Text:
    """What the first sentence says of each group; its numbers lead to the row of it where there is one."""
    told = []
    for n, card in enumerate(cards):
        of, row = card.values, n if rests else None
        told.append(T(
            "{id}: {accounts}, {actions} together in {joint} of their {all}, from {first} to {last}; {occasions} where "
            "chance would give {expected}.",
            id=Verbatim(of["campaign"]),
            accounts=counted(drawn.number(of["accounts"], row), "{n} account", "{n} accounts"),
            actions=counted(drawn.number(of["actions"], row), "{n} action", "{n} actions"),
            joint=drawn.number(of["joint_posts"], row),
            all=counted(of["posts"], "{n} post", "{n} posts"),
            first=Verbatim(of["first"] or "–"),
            last=Verbatim(of["last"] or "–"),
            occasions=counted(drawn.number(of["occasions"], row), "{n} occasion", "{n} occasions"),
            expected=Verbatim(f"{of['expected']:g}"),
        ))  # fmt: skip
    looked = T("Among {posts}.", posts=counted(posts, "{n} post", "{n} posts"))
    return joined([*told, looked])


def _own(found: Campaigns, group: Group) -> pa.Table:
    joint = found.joint
    return joint.filter(pc.equal(joint["group"], group.id))


def _by_account(found: Campaigns, group: Group) -> Iterator[Line]:
    own = parted(_own(found, group), "account")
    written = members_posts(found.posted, [group])
    posts = dict(zip(written["account"].to_pylist(), written["n"].to_pylist(), strict=True))
    empty = found.joint.slice(0, 0)
    members = zip(group.accounts, group.membership, strict=True)
    rows = [(name, share, own.get(name, empty)) for name, share in members]
    rows.sort(key=lambda row: (-different(row[2]["post"]) if row[2].num_rows else 0, row[0]))
    for name, share, part in rows:
        yield campaign_rows.line(found.posted, part, {
            "campaign": group.id,
            "account": name,
            "platforms": ", ".join(campaign_rows.platforms(part)),
            "posts": posts.get(name, 0),
            "membership": round(share, 3),
            **joint_of(part),
        })  # fmt: skip


def _by_object(found: Campaigns, group: Group) -> Iterator[Line]:
    people = found.posted.counted.as_written > 0
    lines = []
    for (layer, thing), part in parted(_own(found, group), "layer", "object").items():
        said = joint_of(part)
        lines.append(campaign_rows.line(found.posted, part, {
            "campaign": group.id,
            "layer": layer,
            "object": named(layer, thing, said["joint_posts"], people=people),
            "accounts": different(part["account"]),
            **said,
        }))  # fmt: skip
    yield from sorted(lines, key=lambda line: (-line.values["joint_posts"], -line.values["accounts"]))


def _by_action(found: Campaigns, group: Group) -> Iterator[Line]:
    people = found.posted.counted.as_written > 0
    lines = []
    for part in parted(_own(found, group), "action").values():
        first, last = pc.min(part["at"]).as_py(), pc.max(part["at"]).as_py()
        layers, n = sorted(set(part["layer"].to_pylist())), different(part["post"])
        layer, thing = min(zip(part["layer"].to_pylist(), part["object"].to_pylist(), strict=True), key=_plainest)
        lines.append((first, layer, thing, campaign_rows.line(found.posted, part, {
            "campaign": group.id,
            "started": _moment(first),
            "took": (last - first) / MICRO,
            "layer": ", ".join(layers),
            "object": named(layer, thing, n, people=people),
            "accounts": different(part["account"]),
            "joint_posts": n,
        })))  # fmt: skip
    yield from (row[3] for row in sorted(lines, key=lambda row: row[:3]))


def _plainest(shared: tuple[str, str]) -> tuple[int, str]:
    """Of an address and its domain the address, of a text and those near to it the text."""
    return list(LAYERS).index(shared[0]), shared[1]


def _moment(at: int) -> str:
    return (dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=at)).strftime("%Y-%m-%d %H:%M:%S")


def _in_time(found: Campaigns, group: Group, name: str, of: Callable[[int], Any], by: Any) -> list[Line]:
    """Rows by a part of the time: `of` says which from microseconds, `by` is the same as a column of posts."""
    own = _own(found, group)
    own = own.append_column("part", pa.array([of(at) for at in own["at"].to_pylist()]))
    joint = parted(own, "part")
    written = members_posts(found.posted, [group], by.name("part")).group_by("part").aggregate([("n", "sum")])
    posts = dict(zip(written["part"].to_pylist(), written["n_sum"].to_pylist(), strict=True))
    # A post without a time stands in no row.
    parts = sorted({*joint, *(part for part in posts if part is not None)})
    lines = []
    for part in parts:
        rows = joint.get(part, own.slice(0, 0))
        said = {key: value for key, value in joint_of(rows).items() if key in ("joint_posts", "actions")}
        accounts = different(rows["account"]) if rows.num_rows else 0
        values = {"campaign": group.id, name: part, "posts": posts.get(part, 0), "accounts": accounts}
        lines.append(campaign_rows.line(found.posted, rows, values | said))
    return lines


def _by_day(found: Campaigns, group: Group) -> Iterator[Line]:
    yield from _in_time(found, group, "day", day_of, ibis._.posted_at.strftime("%Y-%m-%d"))


def _by_hour(found: Campaigns, group: Group) -> Iterator[Line]:
    yield from _in_time(found, group, "hour", lambda at: at // (HOUR * MICRO) % 24, hour_of(ibis._))


def _by_platform(found: Campaigns, group: Group) -> Iterator[Line]:
    own = _own(found, group)
    joint = parted(own, "platform")
    written = members_posts(found.posted, [group], ibis._.platform).group_by("platform").aggregate([("n", "sum")])
    posts = dict(zip(written["platform"].to_pylist(), written["n_sum"].to_pylist(), strict=True))
    for name in sorted(posts, key=lambda name: (-posts[name], name)):
        rows = joint.get(name, own.slice(0, 0))
        accounts = different(rows["account"]) if rows.num_rows else 0
        values = {"campaign": group.id, "platform": name, "posts": posts[name], "accounts": accounts}
        yield campaign_rows.line(found.posted, rows, values | joint_of(rows))


ROWS: Mapping[str, Callable[[Campaigns, Group], Iterator[Line]]] = {
    "account": _by_account,
    "object": _by_object,
    "action": _by_action,
    "day": _by_day,
    "hour": _by_hour,
    "platform": _by_platform,
}


def _every() -> tuple[AnswerColumn, ...]:
    """Every column that the answer can have, each name once."""
    there = {column.name: column for columns in BY.values() for column in columns}
    there |= {column.name: column for column in campaign_rows.COLUMNS}
    return tuple(there.values())


QUESTION = Question(
    "campaign",
    T(
        "The card of one group of accounts that act together (see campaigns): how many they are, what they did "
        "together and how often chance would have had them meet; told apart by account, by the objects shared, by "
        "action (a run of shares of one object by its accounts, each within the window of the one before), by day, by "
        "hour of the day or by platform. Accounts are pseudonyms; rows of accounts whose names stand as written are "
        "not handed on."
    ),
    None,
    ACCEPTS,
    _every(),
    campaign,
    "tables",
    {"by": tuple(BY)},
    accounts=("account",),
    slow=True,
)
