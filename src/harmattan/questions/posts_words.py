"""The words of `posts-and-events`: columns, headline and what has to be said; verdicts come from the tests alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmattan.questions.answer import AnswerColumn
from harmattan.questions.build import RECORDS, about
from harmattan.questions.joint import Joint
from harmattan.questions.parameters import Params
from harmattan.text import Number, T, Text, Verbatim, counted, listing

if TYPE_CHECKING:
    from harmattan.influence.cross_correlation import Crossed
    from harmattan.influence.event_study import Study
    from harmattan.questions.posts_and_events import Laid

COLUMNS = (
    AnswerColumn("part", T("around: posts around milestones; beside: posts and events at a lag")),
    AnswerColumn("milestone", T("its id in the dossier, or in the list of coups; empty: all of them together")),
    AnswerColumn("what", T("what happened")),
    AnswerColumn("date", T("the day on which it happened")),
    AnswerColumn("day", T("the day, or the first of the days, after the milestone; negative before it"), "days"),
    AnswerColumn("to_day", T("the last of the days"), "days"),
    AnswerColumn("milestones", T("how many milestones the number is of: those with posts known on these days")),
    AnswerColumn("posts", T("posts on these days, each milestone counting its own"), "posts"),
    AnswerColumn("baseline", T("posts a day on the days -28 to -8"), "posts"),
    AnswerColumn("times", T("posts + 1 as times those of the baseline, geometric mean, weekly rhythm removed")),
    AnswerColumn("times_median", T("the same, the median over the milestones")),
    AnswerColumn("lag", T("days from the events to the posts; negative: posts first"), "days"),
    AnswerColumn("pairs", T("pairs of days with both known"), "days"),
    AnswerColumn("correlation", T("of what trend, week and the own past do not foretell, in logarithms")),
    AnswerColumn("low", T("95 % of what chance gives on this row lies between this")),
    AnswerColumn("high", T("and this")),
    AnswerColumn("band_low", T("95 % of what chance gives lies on all rows at once between this")),
    AnswerColumn("band_high", T("and this")),
    AnswerColumn("p", T("two-sided, of this row alone")),
    AnswerColumn("p_family", T("two-sided, of this row among all of its test")),
    RECORDS,
)
NO_POSTS = T(
    "Not covered: no release here has posts of these days. They come with exports of platforms: harmattan ingest posts "
    "FILE."
)
ASSOCIATION = T(
    "Association is no cause: posts may follow events, foretell them, or both may follow something that is in neither "
    "series."
)


def whose(params: Params) -> Text:
    """Whose posts are counted."""
    if not params.campaign:
        return T("Who posted is not told apart here: all posts are one series.")
    return T(
        "Only posts of the accounts of {groups} are counted. They were found by what they posted in the same days, so "
        "that days on which they act together are days with many of their posts.",
        groups=listing([Verbatim(name) for name in params.campaign]),
    )


def headline(joint: Joint, laid: Laid) -> Text:
    """What the two tests say."""
    return T(
        "{where}, {start} to {end}, {posts}: {around}; {beside}.",
        where=about(laid.scope),
        start=laid.scope.period.start,
        end=laid.scope.period.end,
        posts=counted(joint.number(float(len(laid.posts.between(laid.scope.period.start, laid.scope.period.end)))),
                      "{n} post", "{n} posts"),
        around=_around(laid.whole),
        beside=_beside(laid.beside),
    )  # fmt: skip


def _around(whole: Study) -> Text:
    if not whole.used:
        return T("no milestone has its days covered by posts")
    n = counted(len(whole.used), "{n} milestone", "{n} milestones")
    match whole.verdict:
        case "after":
            return (T("from the day of {n} on there were more posts than chance gives", n=n) if whole.after > 0
                    else T("from the day of {n} on there were fewer posts than chance gives", n=n))  # fmt: skip
        case "before":
            return (T("in the week before {n} there were more posts than chance gives", n=n) if whole.before > 0
                    else T("in the week before {n} there were fewer posts than chance gives", n=n))  # fmt: skip
        case "both":
            return T("both before and after {n} posting was other than chance gives", n=n)
        case "nothing":
            return T("around {n} posting was not other than chance gives", n=n)
    return T("around {n} nothing can be told: the posts cover too few days to compare with", n=n)


def _beside(found: Crossed) -> Text:
    largest = found.largest
    lag = Number(float(abs(largest.lag)), "") if largest else Number(0.0, "")
    match found.verdict:
        case "posts_follow":
            return T("posts follow events more than chance gives, most at {lag} days", lag=lag)
        case "events_follow":
            return T("events follow posts more than chance gives, most at {lag} days", lag=lag)
        case "both":
            return T("posts and events go together beyond chance in both directions")
        case "same_day":
            return T("posts and events go together on the same day beyond chance; which came first cannot be told")
        case "nothing":
            return T("at no lag do posts and events go together more than chance gives")
    return {
        "uncovered": T(
            "of lags nothing can be told: too few days are covered by both posts and events that are known by the day"
        ),
        "short": T("of lags nothing can be told: the posts cover too few days"),
        "quiet": T("of lags nothing can be told: on too few days something happened or was posted"),
    }[found.why or "uncovered"]


def caveats(joint: Joint, laid: Laid) -> list[Text]:
    """What the collection covers, and what was left out."""
    spans = [T("{start} to {end}", start=span.start, end=span.end) for span in dict.fromkeys(laid.posts.spans)]
    said = [
        T(
            "The posts are a collection and not all that was posted: {platforms}, {spans}.",
            platforms=listing([Verbatim(name) for name in laid.posts.platforms]),
            spans=listing(spans),
        )
    ]
    left = len(laid.whole.left_out)
    if left:
        said.append(
            T("Left out, since the posts do not cover the days around them: {n}.",
              n=counted(left, "{n} milestone", "{n} milestones"))
        )  # fmt: skip
    if laid.undated:
        said.append(
            T("Left out, since their day is not known: {n}.",
              n=counted(laid.undated, "{n} milestone", "{n} milestones"))
        )  # fmt: skip
    if laid.whole.overlapping:
        said.append(
            T("Close to each other, so that their days overlap and they are moved together in the test: {n}.",
              n=counted(laid.whole.overlapping, "{n} milestone", "{n} milestones"))
        )  # fmt: skip
    if laid.loose:
        said.append(
            T("Left out of the lags, since their day is not known: {n}.",
              n=counted(laid.loose, "{n} event", "{n} events"))
        )  # fmt: skip
    if laid.posts.untimed:
        said.append(
            T("Left out, since their time cannot be read: {n}.", n=counted(laid.posts.untimed, "{n} post", "{n} posts"))
        )  # fmt: skip
    return said
