"""`coordination-network`: who is linked with whom beyond chance, or by the thresholds of another tool."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pyarrow as pa

from harmattan.influence.groups import Group
from harmattan.questions import campaign_rows, posted
from harmattan.questions.answer import Answer, AnswerColumn
from harmattan.questions.build import RECORDS, Line
from harmattan.questions.campaign import chosen
from harmattan.questions.campaign_rows import by_group, joint_of, links_of, members_posts, resting, significant
from harmattan.questions.campaigns import ALWAYS, ASKED, Drawn, about, cautions, check_size, smaller
from harmattan.questions.centrality import shape
from harmattan.questions.parameters import Params
from harmattan.questions.posted import Campaigns
from harmattan.questions.question import Question
from harmattan.questions.thresholds import COLUMNS as THRESHOLDS
from harmattan.questions.thresholds import ENDS, KIND, PART, SHAPE, blank, by_thresholds, shaped
from harmattan.questions.world import World
from harmattan.text import T, Text, counted, joined

ACCEPTS = ("semantics", "campaign", "by", *ASKED, *ALWAYS)
COLUMNS = (
    PART,
    *ENDS,
    KIND,
    AnswerColumn("campaign", T("the group of the account; of an edge, of both ends")),
    AnswerColumn("platforms", T("of an account: where its joint posts stand")),
    AnswerColumn("degree", T("of an account: others it is linked with"), "accounts"),
    AnswerColumn("membership", T("of an account: share of the other members that it is linked with; 0 to 1")),
    AnswerColumn("posts", T("of an account: all its posts"), "posts"),
    AnswerColumn("joint_posts", T("of an account: its posts that are part of an action"), "posts"),
    AnswerColumn("layers", T("of an edge: by what objects, with the occasions")),
    AnswerColumn("occasions", T("of an edge: how often the two shared the same object within the window"), "occasions"),
    AnswerColumn("expected", T("how often chance would have had them meet"), "occasions"),
    AnswerColumn("ratio", T("occasions divided by those expected; empty where none is expected")),
    AnswerColumn("outside", T("meetings outside the window, in the same slice of time"), "occasions"),
    AnswerColumn("p", T("p-value in the layer and window where it is least")),
    AnswerColumn("level", T("the level of false discoveries at which the two are linked")),
    *SHAPE,
    RECORDS,
)
EVERY = (*COLUMNS, *(column for column in THRESHOLDS if column.name not in {own.name for own in COLUMNS}))
SEMANTIC = ("coortweet", "toolkit")


def coordination_network(world: World, params: Params) -> Answer:
    """The graph, its accounts by group, its links; by object, one link for each layer."""
    if params.semantics in SEMANTIC:
        return by_thresholds(world, params, ACCEPTS)
    check_size(params)
    ground = posted.posted(world, params)
    drawn = Drawn("coordination-network", ground, ACCEPTS)
    if not ground.held:
        return drawn.not_covered(COLUMNS)
    found = posted.campaigns(world, params)
    groups = chosen(found, params.campaign) if params.campaign else list(found.listed.values())
    made = Made(drawn, found, groups, layered="object" in params.by)
    lines = list(made.lines())
    said = [about(drawn, found), made.said(), *smaller(found)]
    caveats = [*cautions(found), *made.outside_groups()]
    return drawn.finish(lines, COLUMNS, joined(said), caveats)


@dataclass(frozen=True)
class Made:
    """The network of some groups in the making."""

    drawn: Drawn
    found: Campaigns
    groups: Sequence[Group]
    layered: bool

    def lines(self) -> Iterator[Line]:
        """The rows: the graph, the accounts, the links."""
        links = links_of(self.found, self.groups)
        ends = list(zip(links["account"].to_pylist(), links["other"].to_pylist(), strict=True))
        names = [name for group in self.groups for name in group.accounts]
        whole, _ = shape(names, ends)
        own = by_group(self.found.joint)
        posts = [post for group in self.groups if group.id in own for post in own[group.id]["post"].to_pylist()]
        yield resting(self.drawn.posted, posts, blank(COLUMNS) | {"part": "graph"} | shaped(whole))
        written = members_posts(self.drawn.posted, self.groups)
        wrote = dict(zip(written["account"].to_pylist(), written["n"].to_pylist(), strict=True))
        degree: dict[str, set[str]] = {}
        for one, other in ends:
            degree.setdefault(one, set()).add(other)
            degree.setdefault(other, set()).add(one)
        parts = {name: part for table in own.values() for name, part in campaign_rows.parted(table, "account").items()}
        for group in self.groups:
            for name, share in zip(group.accounts, group.membership, strict=True):
                part = parts.get(name, self.found.joint.slice(0, 0))
                yield resting(self.drawn.posted, part["post"].to_pylist(), blank(COLUMNS) | {
                    "part": "node",
                    "id": name,
                    "campaign": group.id,
                    "platforms": ", ".join(campaign_rows.platforms(part)),
                    "degree": len(degree.get(name, ())),
                    "membership": round(share, 3),
                    "posts": wrote.get(name, 0),
                    "joint_posts": joint_of(part)["joint_posts"],
                })  # fmt: skip
        yield from self._edges(links.to_pylist(), Together(parts))

    def _edges(self, links: Iterable[Mapping[str, Any]], together: Together) -> Iterator[Line]:
        """The links, as they stand by their two ends; one for each layer, or one for all."""

        def pair(link: Mapping[str, Any]) -> tuple[str, ...]:
            return (link["account"], link["other"], *([link["layer"]] if self.layered else []))

        for _, same in groupby(links, pair):
            of = list(same)
            first, occasions = of[0], sum(link["occasions"] for link in of)
            expected = sum(link["expected"] for link in of)
            layers = {link["layer"]: link["occasions"] for link in of}
            posts = together.posts(first["account"], first["other"], layers)
            yield resting(self.drawn.posted, posts, blank(COLUMNS) | {
                "part": "edge",
                "id": first["account"],
                "to_id": first["other"],
                "kind": "beyond_chance",
                "campaign": first["group"],
                "layers": first["layer"] if self.layered else ", ".join(f"{name} {n}" for name, n in layers.items()),
                "occasions": occasions,
                "expected": significant(expected),
                "ratio": significant(occasions / expected) if expected else None,
                "outside": sum(link["outside"] for link in of),
                "p": significant(min(link["p"] for link in of)),
                "level": significant(min(link["level"] for link in of)),
            })  # fmt: skip

    def said(self) -> Text:
        """How large the network is."""
        accounts = sum(len(group.accounts) for group in self.groups)
        if not accounts:
            return T("No group that is large enough to be listed acts together beyond what chance explains.")
        return T(
            "{accounts} in {groups}, with {links} between two of one group.",
            accounts=counted(self.drawn.number(accounts, 0), "{n} account", "{n} accounts"),
            groups=counted(len(self.groups), "{n} group", "{n} groups"),
            links=counted(self.drawn.number(sum(group.links for group in self.groups), 0), "{n} link", "{n} links"),
        )

    def outside_groups(self) -> list[Text]:
        """Says how many linked pairs are in no group that is shown."""
        rest = self.found.found.pairs - sum(group.links for group in self.groups)
        if not rest:
            return []
        return [T("Counted and not listed, since in no group that is shown: {pairs} beyond chance.",
                  pairs=counted(rest, "{n} linked pair", "{n} linked pairs"))]  # fmt: skip


class Together:
    """What two accounts did in the same actions."""

    def __init__(self, parts: Mapping[str, pa.Table]) -> None:
        self._parts = parts
        self._of: dict[str, dict[tuple[int, str], list[str]]] = {}

    def posts(self, one: str, other: str, layers: Iterable[str]) -> list[str]:
        """The posts of both in the actions that both take part in, of some layers."""
        own, others, wanted = self._actions(one), self._actions(other), set(layers)
        both = [key for key in own.keys() & others.keys() if key[1] in wanted]
        return [post for key in both for post in (*own[key], *others[key])]

    def _actions(self, account: str) -> dict[tuple[int, str], list[str]]:
        if account not in self._of:
            found: dict[tuple[int, str], list[str]] = {}
            rows = self._parts.get(account)
            columns = [] if rows is None else [rows[name].to_pylist() for name in ("action", "layer", "post")]
            for action, layer, post in zip(*columns, strict=True):
                found.setdefault((action, layer), []).append(post)
            self._of[account] = found
        return self._of[account]


QUESTION = Question(
    "coordination-network",
    T(
        "The network of accounts that act together: the accounts of the groups that campaigns lists, and the links "
        "between them, each with the occasions on which the two shared the same object within the window, how many "
        "chance would give, the p-value and the level of false discoveries; by object, one link for each layer. With "
        "--semantics coortweet the network that CooRTweet gives (Righetti & Balluff 2025, "
        "doi:10.5117/CCR2025.1.7.RIGH; --seconds is its time window, 10 where nothing is said, --at-least its least "
        "participation, 2), with --semantics toolkit the networks of QUT's coordination network toolkit (Graham, Hames "
        "& Alpert 2024, doi:10.1007/s42001-024-00260-z; 60 seconds, a weight of 2): fixed thresholds without a test "
        "against chance. Parts of fewer than five accounts are counted and not listed."
    ),
    None,
    ACCEPTS,
    EVERY,
    coordination_network,
    "tables",
    {"by": ("object",)},
    accounts=("id", "to_id"),
    slow=True,
)
