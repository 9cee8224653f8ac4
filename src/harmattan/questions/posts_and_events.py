"""`posts-and-events`: posting around milestones, and beside the events of the same, earlier and later days."""

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
from harmattan.lake.select import Slice
from harmattan.questions.answer import Answer, Chart
from harmattan.questions.build import Line
from harmattan.questions.joint import Grounds, Joint
from harmattan.questions.marked import Marked
from harmattan.questions.parameters import COUNTED, Params
from harmattan.questions.posts_by_day import TABLE, Posted, posted
from harmattan.questions.posts_words import ASSOCIATION, COLUMNS, NO_POSTS, caveats, headline, whose
from harmattan.questions.question import Question
from harmattan.questions.turns import Turn, turns
from harmattan.questions.world import Scope, World
from harmattan.text import Bilingual, T
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.period import Period

ACCEPTS = ("campaign", "country", "start", "end", "type", "milestone", "measure", "kind", "actor", "source",
           "event_type", "as_of", "known_by", "release")  # fmt: skip
SEED = 8
"""Of the placements and the resampled series: the same releases give the same p."""


@dataclass(frozen=True)
class Laid:
    """Everything that was laid beside each other."""

    posts: Posted
    scope: Scope
    series: Daily
    happened: tuple[tuple[Turn, dt.date], ...]
    """The milestones whose day is known."""
    whole: Study
    each: tuple[Study, ...]
    beside: Crossed
    undated: int
    """Milestones of which the month is known and not the day."""
    loose: int
    """Events whose day is not known: they are in no series by day."""


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
    lines = [_around(laid, joint, laid.whole, one, None) for one in _rows(laid.whole)]
    for (turn, _day), own in zip(laid.happened, laid.each, strict=True):
        lines += [_around(laid, joint, own, one, turn) for one in own.spans.values()]
    lines += _lagged(laid)
    said = [*found.caveats, *caveats(joint, laid), ASSOCIATION, whose(params)]
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
    series = posts.daily(scope.period)
    dated = [(one, dt.date.fromisoformat(one.written)) for one in all_ if len(one.written) == len("2020-01-01")]
    happened = tuple((one, day) for one, day in dated if scope.period.start <= day <= scope.period.end)
    places = [series.place(day) for _turn, day in happened]
    rng = np.random.default_rng(SEED)
    whole = study(series.values, places, rng)
    each = tuple(study(series.values, [place], rng) for place in places)
    events, loose = _events(scope)
    return Laid(posts, scope, series, happened, whole, each, crossed(series.values, events.values, rng),
                len(all_) - len(dated), loose)  # fmt: skip


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


def _rows(whole: Study) -> list[Around]:
    return [*whole.days, *whole.spans.values()]


def _around(laid: Laid, joint: Joint, of: Study, one: Around, turn: Turn | None) -> Line:
    """A row of a study: of all milestones together, or of one."""
    days = [laid.series.day(place) for place in of.used]
    spans = [(day + dt.timedelta(days=one.first), day + dt.timedelta(days=one.last)) for day in days]
    tested = bool(of.placements)
    values = dict.fromkeys(column.name for column in COLUMNS) | {
        "part": "around",
        "milestone": turn.id if turn else None,
        "what": turn.what if turn else ALL,
        "date": turn.written if turn else None,
        "day": one.first,
        "to_day": one.last,
        "milestones": one.events,
        "posts": int(one.posts),
        "baseline": _round(of.baseline),
        "times": _round(one.times),
        "times_median": _round(one.median),
    }
    if tested:
        values |= {
            "low": _round(one.low), "high": _round(one.high), "band_low": _round(one.band_low),
            "band_high": _round(one.band_high), "p": _round(one.p, 4), "p_family": _round(one.p_family, 4),
        }  # fmt: skip
    beside = laid.posts.criteria(_within(spans, laid.scope.period))
    return joint.line(values, None, 0, beside)


def _within(spans: Sequence[tuple[dt.date, dt.date]], period: Period) -> list[tuple[dt.date, dt.date]]:
    return [(max(first, period.start), min(last, period.end)) for first, last in spans]


ALL = Bilingual("All milestones together", "Tous les jalons ensemble")


def _lagged(laid: Laid) -> list[Line]:
    """The rows of the lags, which all rest on all events and posts of the period."""
    if not laid.beside.lags:
        return []
    posts = laid.posts.criteria([(laid.scope.period.start, laid.scope.period.end)])
    whole = laid.scope.criteria.narrowed(beside=posts)
    n = laid.scope.profile["records"] + len(posts.keys)
    return [Line(_lag_values(one) | {"records": n}, whole) for one in laid.beside.lags]


def _lag_values(one: AtLag) -> dict[str, Any]:
    return dict.fromkeys(column.name for column in COLUMNS) | {
        "part": "beside", "lag": one.lag, "pairs": one.pairs, "correlation": _round(one.correlation),
        "low": _round(one.low), "high": _round(one.high), "p": _round(one.p, 4), "p_family": _round(one.p_family, 4),
    }  # fmt: skip


def _round(value: float | None, digits: int = 3) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), digits)


QUESTION = Question(
    "posts-and-events",
    T(
        "Posting beside events, by day. Around the milestones (those of `aligned`; others with --type or --milestone) "
        "whose day is known: posts on each day from 14 before to 28 after as times the mean of the days -28 to -8, the "
        "weekly rhythm removed, held to the same on other days of the same weekday. Beside the events, the dead or the "
        "civilian dead of each day (--measure): correlations at lags of up to 14 days either way, of what trend, week "
        "and the own past do not foretell, held to resampled blocks (Politis & Romano 1994, "
        "doi:10.1080/01621459.1994.10476870). p_family holds for all rows of a test together. Days that no release "
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
)
