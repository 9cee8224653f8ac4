"""`campaigns`: groups of accounts that act together beyond what their activity and the objects' popularity explain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harmattan.errors import UsageError
from harmattan.influence.detect import stricter
from harmattan.influence.rule import Rule
from harmattan.questions import campaign_rows, posted
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import RECORDS, Line, Making
from harmattan.questions.parameters import Params
from harmattan.questions.posted import LAYERS, LEAST_ACCOUNTS, Campaigns, Posted
from harmattan.questions.question import Question
from harmattan.questions.world import World
from harmattan.text import T, Text, Verbatim, counted, joined, listing
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.posts import POSTS

ASKED = ("object", "seconds", "platform", "start", "end", "at_least")
ALWAYS = ("as_of", "known_by", "release")
ACCEPTS = ("by", *ASKED, *ALWAYS)
WINDOWS = (10.0, 30.0, 60.0, 300.0, 3600.0)
"""Seconds: the windows that are tried where the answer is told apart by them and none is named."""
LEVELS = (0.05, 0.01, 0.001)
"""The levels of false discoveries that are tried beside."""
SENSITIVITY = (
    AnswerColumn("seconds", T("the window within which two accounts share the same object"), "seconds"),
    AnswerColumn("at_level", T("the level of false discoveries: links that are less sure are left out")),
    AnswerColumn("groups", T("groups that are large enough to be listed"), "groups"),
    AnswerColumn("in_groups", T("accounts in these groups"), "accounts"),
    AnswerColumn("largest", T("accounts in the largest of them"), "accounts"),
    AnswerColumn("smaller", T("groups that are not large enough to be listed"), "groups"),
    AnswerColumn("linked", T("pairs of accounts that met more often than chance explains, in groups or not"), "pairs"),
    AnswerColumn("kept", T("of the accounts in groups under the rule asked for, the share that is in one here too"),
                 "%"),
    RECORDS,
)  # fmt: skip
COLUMNS = campaign_rows.COLUMNS
EVERY = (*COLUMNS, *(column for column in SENSITIVITY if column is not RECORDS))


@dataclass(frozen=True)
class Drawn(Making):
    """An answer from posts in the making."""

    question: str
    posted: Posted
    accepted: tuple[str, ...]

    @property
    def ground(self) -> Posted:
        """The posts it is about."""
        return self.posted

    def finish(
        self,
        lines: Sequence[Line],
        columns: Sequence[AnswerColumn],
        headline: Text,
        caveats: Iterable[Text] = (),
        chart: Chart | None = None,
    ) -> Answer:
        """The whole answer; it rests on the posts behind all its rows."""
        params = self.posted.params
        keys = {key for line in lines for key in line.criteria.keys}
        return self.answer(
            lines,
            columns,
            headline,
            criteria=Criteria(table=POSTS.name, start=params.start, end=params.end),
            records=len(keys),
            caveats=(*self.posted.caveats, *caveats),
            chart=chart,
        )

    def not_covered(self, columns: Sequence[AnswerColumn]) -> Answer:
        """The answer where no release has posts, or none of the days asked about: no rows, and how to get them."""
        return self.finish((), columns, self.posted.not_covered)


def campaigns(world: World, params: Params) -> Answer:
    """One row for each group that is listed, the largest first; by seconds, how many there are under which window."""
    check_size(params)
    if params.by:
        return _by_seconds(world, params)
    ground = posted.posted(world, params)
    drawn = Drawn("campaigns", ground, ACCEPTS)
    if not ground.held:
        return drawn.not_covered(COLUMNS)
    found = posted.campaigns(world, params)
    lines = campaign_rows.rows(found, found.listed.values())
    chart = Chart("bars", "campaign", "accounts")
    return drawn.finish(lines, COLUMNS, _headline(drawn, found, lines), cautions(found), chart)


def check_size(params: Params) -> None:
    """Raises UsageError where groups are to be listed that are too small for it."""
    if params.at_least is not None and params.at_least < LEAST_ACCOUNTS:
        raise UsageError(
            T("Groups of fewer than {n} accounts are counted and never listed: who they are could be guessed.",
              n=LEAST_ACCOUNTS),
            do=T("Say --at-least {n} or more.", n=LEAST_ACCOUNTS),
        )  # fmt: skip


def _headline(drawn: Drawn, found: Campaigns, lines: Sequence[Line]) -> Text:
    listed = list(found.listed.values())
    said = about(drawn, found)
    if not listed:
        said = joined([said, T("No group of {least} accounts or more acts together beyond what chance explains.",
                               least=least_of(drawn.posted))])  # fmt: skip
    else:
        said = joined([said, _found(drawn, len(listed), sum(len(group.accounts) for group in listed), lines)])
    return joined([said, *smaller(found)])


def _found(drawn: Drawn, groups: int, accounts: int, lines: Sequence[Line]) -> Text:
    least, most = least_of(drawn.posted), drawn.number(lines[0].values["accounts"], 0)
    if groups == 1:
        return T("{one} group of at least {least} accounts acts together beyond what chance explains; it has {most}.",
                 one=drawn.number(groups), least=least, most=most)  # fmt: skip
    return T("{groups} groups of at least {least} accounts act together beyond what chance explains, {accounts} "
             "accounts in all; the largest has {most}.",
             groups=drawn.number(groups), least=least, accounts=drawn.number(accounts), most=most)  # fmt: skip


def about(drawn: Drawn, found: Campaigns) -> Text:
    """The posts that were looked at, and the windows."""
    seen, windows = drawn.posted.counted, [f"{window:g}" for window in found.found.rule.windows]
    values: dict[str, Any] = {
        "posts": counted(seen.posts, "{n} post", "{n} posts"),
        "accounts": counted(seen.accounts, "{n} account", "{n} accounts"),
        "windows": listing([Verbatim(window) for window in windows]),
    }
    if seen.first is None or seen.last is None:
        return T("{posts} by {accounts}, none with a time that could be read.", **values)
    if seen.first == seen.last:
        return T("{posts} by {accounts} on {day}, looked at within {windows} seconds.", day=seen.first, **values)
    return T("{posts} by {accounts} from {first} to {last}, looked at within {windows} seconds.",
             first=seen.first, last=seen.last, **values)  # fmt: skip


def least_of(ground: Posted) -> int:
    """How many accounts a group has that is listed."""
    return ground.params.at_least or LEAST_ACCOUNTS


def smaller(found: Campaigns) -> list[Text]:
    """Says how many groups are not listed."""
    n = len(found.found.groups) - len(found.listed)
    if not n:
        return []
    return [T("Counted and not listed, with fewer accounts: {groups}.", groups=counted(n, "{n} group", "{n} groups"))]


def cautions(found: Campaigns) -> list[Text]:
    """What has to be said of groups: what chance keeps, what was left out, and in which layers they were sought."""
    said = [TOGETHER, NULL]
    sought = found.found.layers
    if sought:
        said.append(T("Looked for by: {layers}.", layers=listing([LAYERS[layer].name for layer in sought])))
    if found.found.crowded:
        said.append(T("{shares} of objects that more than {crowd} accounts shared within one slice of time are left "
                      "out: what everybody shares tells nobody apart.",
                      shares=counted(found.found.crowded, "{n} share", "{n} shares"),
                      crowd=found.found.rule.crowd))  # fmt: skip
    return [*said, *found.posted.shares.unused.said()]


def _by_seconds(world: World, params: Params) -> Answer:
    ground = posted.posted(world, params)
    drawn = Drawn("campaigns", ground, ACCEPTS)
    if not ground.held:
        return drawn.not_covered(SENSITIVITY)
    asked = posted.campaigns(world, replace(params, seconds=()))
    base = _members(asked)
    lines = []
    for window in sorted(params.seconds or WINDOWS):
        loose = posted.campaigns(world, params, Rule(windows=(window,)))
        for level in LEVELS:
            found = Campaigns(ground, stricter(loose.found, level)) if level < loose.found.rule.level else loose
            lines.append(_sensitivity(found, window, level, base))
    n = [line.values["groups"] for line in lines]
    number = (
        T("{n} each time", n=drawn.number(min(n))) if min(n) == max(n)
        else T("between {fewest} and {most}", fewest=drawn.number(min(n)), most=drawn.number(max(n)))
    )  # fmt: skip
    said = T("{about} Groups of at least {least} accounts under {windows} and {levels} of false discoveries: {number}; "
             "by the rule itself ({seconds} seconds, {level}): {usual}.",
             about=about(drawn, replace(asked, found=replace(asked.found, rule=_windows(lines)))),
             windows=counted(len(lines) // len(LEVELS), "{n} window", "{n} windows"),
             levels=counted(len(LEVELS), "{n} level", "{n} levels"),
             number=number, least=least_of(ground),
             seconds=Verbatim(f"{max(asked.found.rule.windows):g}"), level=Verbatim(f"{asked.found.rule.level:g}"),
             usual=len(asked.listed))  # fmt: skip
    chart = Chart("trend", "seconds", "in_groups", series="at_level")
    return drawn.finish(lines, SENSITIVITY, said, [*cautions(asked), ONE_BY_ONE], chart)


def _windows(lines: Sequence[Line]) -> Rule:
    return Rule(windows=tuple(dict.fromkeys(line.values["seconds"] for line in lines)))


def _members(found: Campaigns) -> set[str]:
    return {account for group in found.listed.values() for account in group.accounts}


def _sensitivity(found: Campaigns, window: float, level: float, base: set[str]) -> Line:
    listed, members = list(found.listed.values()), _members(found)
    own = posted.together(found.posted, listed, found.found.rule)
    return campaign_rows.line(found.posted, own, {
        "seconds": window,
        "at_level": level,
        "groups": len(listed),
        "in_groups": len(members),
        "largest": len(listed[0].accounts) if listed else 0,
        "smaller": len(found.found.groups) - len(listed),
        "linked": found.found.pairs,
        "kept": round(100 * len(base & members) / len(base), 1) if base else None,
    })  # fmt: skip


TOGETHER = T(
    "Coordinated means: together beyond what activity and popularity explain. Accounts that mirror one feed, or that "
    "one person or office runs, act together too; nobody's intention is shown, nor that anybody gave an order."
)
NULL = T(
    "Chance keeps how many things each account shared in each slice of time and when each thing was shared; interests "
    "that two accounts have in common are learned from what they share outside the window. It does not keep who "
    "follows whom: accounts that see the same post first meet more often."
)
ONE_BY_ONE = T(
    "Each window is looked at alone, as if no other had been tried; a window chosen because of this table is no test."
)

QUESTION = Question(
    "campaigns",
    T(
        "Groups of accounts that act together: they share the same objects (addresses, texts, near-identical texts, "
        "pictures, posts repeated or answered) within seconds of each other, more often than their activity in each "
        "slice of time and each object's popularity explain. Of a pair the expected occasions are the sum over slices "
        "of n_a n_b W / P (n the shares of each, W the occasions and P the pairs of shares of all accounts); p is the "
        "upper tail of a Poisson, or where the two have interests in common the negative binomial that their meetings "
        "outside the window predict; false discoveries are controlled over all pairs that there could be (Benjamini & "
        "Yekutieli 2001, doi:10.1214/aos/1013699998), layers and windows by Bonferroni. Groups are the communities "
        "(Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008) of linked pairs in which each account is linked "
        "with two others or more. By seconds: how many groups there are under which window and level. Groups of fewer "
        "than five accounts are counted and not listed."
    ),
    None,
    ACCEPTS,
    EVERY,
    campaigns,
    "tables",
    {"by": ("seconds",)},
    slow=True,
)
