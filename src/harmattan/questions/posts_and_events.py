"""`posts-and-events`: posting by day, of all and of each campaign, beside milestones, massacres and events."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harmattan.influence.alongside import Daily
from harmattan.influence.cross_correlation import AtLag, Crossed, crossed
from harmattan.influence.event_study import Around, Study, study
from harmattan.influence.several import times
from harmattan.lake.select import Slice
from harmattan.questions.answer import Answer, Chart
from harmattan.questions.build import Line
from harmattan.questions.joint import Grounds, Joint
from harmattan.questions.marked import Marked
from harmattan.questions.massacres import Massacres, massacres
from harmattan.questions.parameters import COUNTED, Params
from harmattan.questions.posted import NO_POSTS
from harmattan.questions.posts_by_day import TABLE, Posted, posted
from harmattan.questions.posts_words import ASSOCIATION, COLUMNS, caveats, headline, whose
from harmattan.questions.question import Question
from harmattan.questions.turns import Turn, turns
from harmattan.questions.world import Scope, World
from harmattan.text import Bilingual, T
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.period import Period

ACCEPTS = ("campaign", "country", "start", "end", "type", "milestone", "measure", "at_least", "kind", "actor", "source",
           "event_type", "as_of", "known_by", "release")  # fmt: skip
SEED = 8
"""Of the placements and the resampled series: the same releases give the same p."""


Happened = tuple[tuple[Turn, dt.date], ...]
"""The milestones whose day is known."""


@dataclass(frozen=True)
class Series:
    """The posts of all, or of one campaign, and what the tests say of them."""

    campaign: str | None
    """None: of all accounts."""
    posts: Posted
    daily: Daily
    whole: Study
    each: tuple[Study, ...]
    """Of the milestones one by one."""
    struck: Study
    """Around all incidents."""
    single: tuple[Study, ...]
    """Around each incident that may stand in a row of its own."""
    beside: Crossed
    among: int
    """With how many campaigns it shares its tests, itself among them."""

    def over(self, p_family: float) -> float:
        """A p held against all campaigns."""
        return times(p_family, self.among)


@dataclass(frozen=True)
class Laid:
    """Everything that was laid beside each other."""

    posts: Posted
    scope: Scope
    happened: Happened
    massacres: Massacres
    series: tuple[Series, ...]
    """That of all posts first, unless campaigns were named; then the campaigns, the largest first or as named."""
    undated: int
    """Milestones of which the month is known and not the day."""
    loose: int
    """Events whose day is not known: they are in no series by day."""

    @property
    def first(self) -> Series:
        """The series that the answer begins with; which days are covered is the same for all of them."""
        return self.series[0]


def posts_and_events(world: World, params: Params) -> Answer:
    """The study of all milestones by relative day, then of each, then the lags."""
    posts = posted(world, params)
    asked = _asked(params, posts)
    scope = world.scope(replace(asked, type=(), milestone=()))
    joint = Joint("posts-and-events", Grounds(params, scope, posts.releases if posts else ()), ACCEPTS)
    if posts is None or _period(params, posts) is None:
        return joint.finish((), COLUMNS, NO_POSTS, beside=Criteria(table=TABLE))
    told = world.told(params)
    found = turns(world, told, params, scope.period)
    scope = replace(scope, along=(*told.held, *found.held))
    joint = replace(joint, grounds=Grounds(params, scope, posts.releases))
    laid = _laid(posts, scope, found.all)
    lines = [line for one in laid.series for line in _overview(laid, joint, one)]
    lines += [line for one in laid.series for line in _lines(laid, joint, one)]
    said = [*found.caveats, *caveats(joint, laid), ASSOCIATION, *whose(params, laid)]
    return joint.finish(lines, COLUMNS, headline(joint, laid), beside=Criteria(table=TABLE), caveats=said,
                        chart=Chart("none", x="day", y="times", series="milestone"))  # fmt: skip


def opened(world: World, params: Params) -> Any:
    """The events that the answer's evidence cuts from: those of the days that posts are there for."""
    return world.scope(replace(_asked(params, posted(world, params)), type=(), milestone=())).rows


def _period(params: Params, posts: Posted) -> Period | None:
    """The days asked about that lie between the first and the last day covered by posts."""
    first = max(params.start or dt.date.min, posts.period.start)
    last = min(params.end or dt.date.max, posts.period.end)
    return Period(first, last) if first <= last else None


def _asked(params: Params, posts: Posted | None) -> Params:
    period = _period(params, posts) if posts else None
    return replace(params, start=period.start, end=period.end) if period else params


def _laid(posts: Posted, scope: Scope, all_: Sequence[Turn]) -> Laid:
    dated = [(one, dt.date.fromisoformat(one.written)) for one in all_ if len(one.written) == len("2020-01-01")]
    happened = tuple((one, day) for one, day in dated if scope.period.start <= day <= scope.period.end)
    events, loose = _events(scope)
    struck = massacres(scope)
    one_by_one = [_series(posts.of(name), name, happened, struck, events) for name in posts.groups]
    of_all = [] if posts.named else [_series(posts, None, happened, struck, events)]
    return Laid(posts, scope, happened, struck, (*of_all, *one_by_one), len(all_) - len(dated), loose)


def _series(posts: Posted, campaign: str | None, happened: Happened, struck: Massacres, events: Daily) -> Series:
    daily = posts.daily(struck.scope.period)
    places = [daily.place(day) for _turn, day in happened]
    rng = np.random.default_rng(SEED)
    whole = study(daily.values, places, rng)
    each = tuple(study(daily.values, [place], rng) for place in places)
    beside = crossed(daily.values, events.values, rng)
    of_all = study(daily.values, [daily.place(one.day) for one in struck.all], rng)
    single = tuple(study(daily.values, [daily.place(one.day)], rng) for one in struck.open)
    among = len(posts.groups) if campaign else 1
    return Series(campaign, posts, daily, whole, each, of_all, single, beside, among)


def _events(scope: Scope) -> tuple[Daily, int]:
    """The measure by day, unknown where one of the countries is not covered, and how many events have no known day."""
    marked = Marked.of(scope, also=("date_precision",))
    precise = marked.array("date_precision") == "day"
    measure = scope.params.measure
    weights = marked.array("n_events" if measure == "events" else measure)
    values = np.zeros((scope.period.end - scope.period.start).days + 1)
    for code in scope.params.country:
        spoken = [part.period for part in scope.selection.slices if code in part.countries and _by_day(part)]
        own = precise & (marked.array("iso3") == code)
        values = values + Daily.of(marked.array("date_start")[own], scope.period, spoken, weights[own]).values
    return Daily(scope.period.start, values), int(marked.array("n_events")[~precise].sum())


def _by_day(part: Slice) -> bool:
    """Whether those who speak have events one by one: sums by month say of no day that nothing happened."""
    return all(held.release.status != "figures" for held in part.holds)


def _overview(laid: Laid, joint: Joint, series: Series) -> list[Line]:
    """The rows of one series that say most, with which the answer begins: spans around all milestones and incidents."""
    whole, struck = series.whole, series.struck
    return [
        *_around(laid, joint, series, Shown(whole, tuple(whole.spans.values()), ABOUT_ALL)),
        *_around(laid, joint, series, Shown(struck, tuple(struck.spans.values()), ABOUT_INCIDENTS)),
    ]


def _lines(laid: Laid, joint: Joint, series: Series) -> list[Line]:
    """The other rows of one series: around each milestone and incident, the days around all of them, the lags."""
    shown = []
    for (turn, _day), own in zip(laid.happened, series.each, strict=True):
        about = {"part": "around", "milestone": turn.id, "what": turn.what, "date": turn.written}
        shown.append(Shown(own, tuple(own.spans.values()), about))
    for incident, own in zip(laid.massacres.open, series.single, strict=True):
        about = {"part": "incidents", "milestone": incident.key, "what": incident.what, "date": str(incident.day)}
        shown.append(Shown(own, tuple(own.spans.values()), about))
    shown.append(Shown(series.whole, series.whole.days, ABOUT_ALL))
    shown.append(Shown(series.struck, series.struck.days, ABOUT_INCIDENTS))
    return [line for one in shown for line in _around(laid, joint, series, one)] + _lagged(laid, series)


@dataclass(frozen=True)
class Shown:
    """Rows of a study, and what it is around."""

    of: Study
    rows: tuple[Around, ...]
    about: dict[str, Any]


def _around(laid: Laid, joint: Joint, series: Series, shown: Shown) -> list[Line]:
    """Rows of a study of all milestones or incidents together, or of a single one."""
    of, about = shown.of, shown.about
    days = [series.daily.day(place) for place in of.used]
    own = about.get("milestone")
    records = [one.key for one in laid.massacres.all if (one.key == own if own else one.day in days)]
    events = laid.massacres.criteria(records) if about["part"] == "incidents" else None
    lines = []
    for one in shown.rows:
        spans = [(day + dt.timedelta(days=one.first), day + dt.timedelta(days=one.last)) for day in days]
        beside = series.posts.criteria(_within(spans, laid.scope.period))
        values = dict.fromkeys(column.name for column in COLUMNS) | about | _values(series, of, one)
        lines.append(joint.line(values, events, len(records) if events else 0, beside))
    return lines


def _values(series: Series, of: Study, one: Around) -> dict[str, Any]:
    values = {
        "campaign": series.campaign,
        "day": one.first,
        "to_day": one.last,
        "milestones": one.events,
        "posts": int(one.posts),
        "baseline": _round(of.baseline),
        "times": _round(one.times),
        "times_median": _round(one.median),
    }
    if of.placements:
        values |= {
            "low": _round(one.low), "high": _round(one.high), "band_low": _round(one.band_low),
            "band_high": _round(one.band_high), **_ps(one, series),
        }  # fmt: skip
    return values


def _ps(one: Around | AtLag, series: Series) -> dict[str, float | None]:
    return {"p": _round(one.p, 4), "p_family": _round(one.p_family, 4),
            "p_campaigns": _round(series.over(one.p_family), 4)}  # fmt: skip


def _within(spans: Sequence[tuple[dt.date, dt.date]], period: Period) -> list[tuple[dt.date, dt.date]]:
    return [(max(first, period.start), min(last, period.end)) for first, last in spans]


ABOUT_ALL: dict[str, Any] = {
    "part": "around", "what": Bilingual("All milestones together", "Tous les jalons ensemble"),
}  # fmt: skip
ABOUT_INCIDENTS: dict[str, Any] = {
    "part": "incidents", "what": Bilingual("All incidents together", "Tous les incidents ensemble"),
}  # fmt: skip


def _lagged(laid: Laid, series: Series) -> list[Line]:
    """The rows of the lags, which all rest on all events of the period and all posts of the series."""
    if not series.beside.lags:
        return []
    posts = series.posts.criteria([(laid.scope.period.start, laid.scope.period.end)])
    whole = laid.scope.criteria.narrowed(beside=posts)
    n = laid.scope.profile["records"] + len(posts.keys)
    return [Line(_lag_values(one, series) | {"records": n}, whole) for one in series.beside.lags]


def _lag_values(one: AtLag, series: Series) -> dict[str, Any]:
    return dict.fromkeys(column.name for column in COLUMNS) | {
        "campaign": series.campaign, "part": "beside", "lag": one.lag, "pairs": one.pairs,
        "correlation": _round(one.correlation), "low": _round(one.low), "high": _round(one.high), **_ps(one, series),
    }  # fmt: skip


def _round(value: float | None, digits: int = 3) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), digits)


QUESTION = Question(
    "posts-and-events",
    T(
        "Posting beside events, by day: of all posts and of each of the five largest campaigns, or of those named with "
        "--campaign. Around the milestones (those of `aligned`; others with --type or --milestone) "
        "whose day is known: posts on each day from 14 before to 28 after as times the mean of the days -28 to -8, the "
        "weekly rhythm removed, held to the same on other days of the same weekday. The same around massacres: the ten "
        "incidents with most civilians killed, ten at least, or all with --at-least civilians killed. Beside the "
        "events, the dead or the "
        "civilian dead of each day (--measure): correlations at lags of up to 14 days either way, of what trend, week "
        "and its own past do not foretell, held to resampled blocks (Politis & Romano 1994, "
        "doi:10.1080/01621459.1994.10476870). p_family holds for all rows of a test together, p_campaigns for those of "
        "all campaigns (Bonferroni). Days that no release "
        "covers are unknown and not 0. Nothing here says that one brought about the other."
    ),
    "Hong (1996), doi:10.1093/biomet/83.3.615",
    ACCEPTS,
    COLUMNS,
    posts_and_events,
    rests_on="several",
    choices={"measure": COUNTED},
    measure="events",
    opens=opened,
    slow=True,
)
