"""The words of `posts-and-events`: columns, headline and what has to be said; verdicts come from the tests alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmattan.influence.several import crossed_among, study_among
from harmattan.questions.answer import AnswerColumn
from harmattan.questions.build import RECORDS, about
from harmattan.questions.joint import Joint
from harmattan.questions.parameters import Params
from harmattan.text import Number, T, Text, Verbatim, counted, joined, listing, msg

if TYPE_CHECKING:
    from harmattan.influence.cross_correlation import Crossed
    from harmattan.influence.event_study import Study
    from harmattan.questions.posts_and_events import Laid, Series

COLUMNS = (
    AnswerColumn("campaign", T("the group whose posts are counted; empty: all posts")),
    AnswerColumn("part", T("around: posts around milestones; incidents: around massacres; beside: posts and events at "
                           "a lag")),
    AnswerColumn("what", T("what happened")),
    AnswerColumn("date", T("the day on which it happened")),
    AnswerColumn("day", T("the day, or the first of the days, from what happened on; negative before it"), "days"),
    AnswerColumn("to_day", T("the last of the days"), "days"),
    AnswerColumn("posts", T("posts on these days, each milestone or incident counting its own"), "posts"),
    AnswerColumn("baseline", T("posts a day on the days -28 to -8"), "posts"),
    AnswerColumn("times", T("posts + 1 as times those of the baseline, geometric mean, weekly rhythm removed")),
    AnswerColumn("lag", T("days from the events to the posts; negative: posts first"), "days"),
    AnswerColumn("correlation", T("of what trend, week and its own past do not foretell, in logarithms")),
    AnswerColumn("p_campaigns", T("the same as p_family over all campaigns asked about, by Bonferroni")),
    AnswerColumn("p_family", T("two-sided, of this row among all of its test")),
    AnswerColumn("milestone", T("its id in the dossier, or in the list of coups; of an incident its record; empty: all "
                                "of them together")),
    AnswerColumn("milestones", T("how many milestones, or days of incidents, have posts known on these days")),
    AnswerColumn("times_median", T("times, the median over the milestones")),
    AnswerColumn("pairs", T("pairs of days with both known"), "days"),
    AnswerColumn("low", T("95 % of what chance gives on this row lies between this")),
    AnswerColumn("high", T("and this")),
    AnswerColumn("band_low", T("95 % of what chance gives lies on all rows at once between this")),
    AnswerColumn("band_high", T("and this")),
    AnswerColumn("p", T("two-sided, of this row alone")),
    RECORDS,
)  # fmt: skip
ASSOCIATION = T(
    "Association is no cause: posts may follow events, foretell them, or both may follow something that is in neither "
    "series."
)


def whose(params: Params, laid: Laid) -> list[Text]:
    """Whose posts are counted, and what that means for the tests."""
    groups, listed = laid.posts.groups, laid.posts.listed
    if not groups:
        return [T("No group large enough to be listed acts together in these posts: all posts are one series.")]
    names = listing([Verbatim(name) for name in groups])
    if params.campaign:
        said = [T("Only posts of the accounts of {groups} are counted.", groups=names)]
    else:
        said = [T("Told apart beside all posts: {groups}, the largest of {listed}. --campaign names others.",
                  groups=names, listed=counted(listed, "{n} group", "{n} groups"))]  # fmt: skip
    said.append(
        T("Groups were found by what they posted within seconds of each other, so that days on which they act together "
          "are days with many of their posts; that those lie near events is not given by that.")
    )  # fmt: skip
    if len(groups) > 1:
        said.append(
            T("What is said of one of {groups} is held against all of them: p_campaigns is p_family times that number "
              "(Bonferroni). The three tests, around milestones, around incidents and at lags, stand each for itself.",
              groups=counted(len(groups), "{n} group", "{n} groups"))
        )  # fmt: skip
    return said


def headline(joint: Joint, laid: Laid) -> Text:
    """What the tests say of all posts, or of the first campaign named, and then of each campaign."""
    period, first = laid.scope.period, laid.first
    n = len(first.posts.between(period.start, period.end))
    said = T(
        "{where}, {start} to {end}, {posts}: {around}; {beside}{incidents}.",
        where=about(laid.scope),
        start=period.start,
        end=period.end,
        posts=counted(joint.number(float(n)), "{n} post", "{n} posts"),
        **_tests(laid, first),
    )
    if len(laid.series) == 1:
        return said
    rest = laid.series if first.campaign else laid.series[1:]
    if first.campaign:
        said = T("{where}, {start} to {end}.", where=about(laid.scope), start=period.start, end=period.end)
    return joined([said, *(_of_campaign(joint, laid, one) for one in rest)], msg("{first} {second}"))


def _of_campaign(joint: Joint, laid: Laid, series: Series) -> Text:
    n = len(series.posts.between(laid.scope.period.start, laid.scope.period.end))
    return T(
        "{campaign}, {posts}: {around}; {beside}{incidents}.",
        campaign=Verbatim(str(series.campaign)),
        posts=counted(n, "{n} post", "{n} posts"),
        **_tests(laid, series),
    )


def _tests(laid: Laid, series: Series) -> dict[str, Text | Verbatim]:
    """What each test says, held against all campaigns."""
    whole, struck = (study_among(one, series.among) for one in (series.whole, series.struck))
    told = T("; {around}", around=_around(struck, _incidents(len(struck.used)))) if struck.used else Verbatim("")
    milestones = counted(len(whole.used), "{n} milestone", "{n} milestones")
    around = _around(whole, milestones) if whole.used else T("no milestone has its days covered by posts")
    return {"around": around, "beside": _beside(crossed_among(series.beside, series.among)), "incidents": told}


def _incidents(days: int) -> Text:
    return counted(days, "{n} massacre", "{n} massacres")


def _around(whole: Study, n: Text) -> Text:
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
    left = len(laid.first.whole.left_out)
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
    if laid.first.whole.overlapping:
        said.append(
            T("Close to each other, so that their days overlap and they are moved together in the test: {n}.",
              n=counted(laid.first.whole.overlapping, "{n} milestone", "{n} milestones"))
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
    return [*said, _massacres(laid)]


def _massacres(laid: Laid) -> Text:
    """Which incidents were taken."""
    taken, left = laid.massacres, len(laid.first.struck.left_out)
    if not taken.counts:
        return T("The data here do not say of single days how many civilians were killed: there are no incidents to "
                 "lay posts around.")  # fmt: skip
    if not taken.all:
        return T("No incident has {n} or more civilians killed on a day that is known.", n=taken.least)
    said = T(
        "Massacres are here {incidents} with most civilians killed, at least {n} in each, the day known or the first "
        "of up to six; those of one day count once. Records whose licence does not let them be handed on stand in no "
        "row of their own.",
        incidents=counted(len(taken.all), "the {n} incident", "the {n} incidents"),
        n=taken.least,
    )
    if not left:
        return said
    out = T("Left out of them, since the posts do not cover the days around: {n}.",
            n=counted(left, "{n} day", "{n} days"))  # fmt: skip
    return joined([said, out], msg("{first} {second}"))
