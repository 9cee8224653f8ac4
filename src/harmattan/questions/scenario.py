"""`scenario`: deaths in the months after a path that is laid down, beside those without it. Never an effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

import numpy as np

from harmattan.lake.kept import keep, key_of, recall
from harmattan.measures.events import matching, totals
from harmattan.models.draws import Draws, Forecast, Model
from harmattan.models.links import Link, link, quiet
from harmattan.models.paths import Followed, follow
from harmattan.models.registry import model_called
from harmattan.questions.answer import Answer, AnswerColumn, Chart
from harmattan.questions.build import EVENTS_COUNTED, RECORDS, Draft, Line, refuse_uncovered
from harmattan.questions.forecast import QUANTILES
from harmattan.questions.forecast_skill import Verdict, verdict
from harmattan.questions.foreseen import DRAWS, MODEL, MOST_AHEAD, SEED, arrays_of, drawing_of
from harmattan.questions.laid_down import MONTHS, RECENT, Asked, Laid, laid_down
from harmattan.questions.parameters import ALWAYS, Params
from harmattan.questions.question import Question
from harmattan.questions.scenario_words import LABEL, caveats, headline
from harmattan.questions.world import Scope, World
from harmattan.text import T
from harmattan.vocabulary.criteria import Criteria
from harmattan.vocabulary.likelihood import likelihood
from harmattan.vocabulary.period import Month

ACCEPTS = ("country", "path", "path_months", "window", "source", *ALWAYS)
COLUMNS = (
    AnswerColumn("country", T("the country that the row is about"), "ISO 3166 alpha-3"),
    AnswerColumn("group", T("the group whose deaths as a party the row counts; empty: all deaths")),
    AnswerColumn("part", T("after: the months after the path; path: its own months, in the country that it is of; "
                           "known: past deaths that the path rests on")),
    AnswerColumn("path", T("along: with the path; without: as the model forecasts it")),
    AnswerColumn("period", T("the month, or the first and the last of all of them together")),
    AnswerColumn("ahead", T("months after the last one that is known; empty: all of them together"), "months"),
    AnswerColumn("deaths", T("deaths that are known, best estimate"), "deaths"),
    AnswerColumn("median", T("deaths: as many draws have more as have fewer"), "deaths"),
    AnswerColumn("low50", T("deaths: one draw in four has fewer"), "deaths"),
    AnswerColumn("high50", T("deaths: one draw in four has more"), "deaths"),
    AnswerColumn("low90", T("deaths: one draw in twenty has fewer"), "deaths"),
    AnswerColumn("high90", T("deaths: one draw in twenty has more"), "deaths"),
    AnswerColumn("difference", T("deaths along the path less those without it in the same draw: the median"), "deaths"),
    AnswerColumn("difference_low90", T("one draw in twenty has a smaller difference"), "deaths"),
    AnswerColumn("difference_high90", T("one draw in twenty has a larger difference"), "deaths"),
    AnswerColumn("chance_more", T("chance that the deaths along the path are more than in another draw without it, "
                                  "equal ones half: 50 where the path changes nothing"), "%"),
    AnswerColumn("likelihood", T("the same in words, by the scale of ICD 203")),
    AnswerColumn("times", T("by what the path multiplies the violence that is forecast")),
    AnswerColumn("conditional", T("what a row along the path is conditional on, and what it is not")),
    AnswerColumn("origin", T("the last month that the model knows")),
    AnswerColumn("model", T("what made the draws")),
    AnswerColumn("ratio", T("the model's CRPS on past months in the country over that of the strongest simple "
                            "benchmark, without any path: below 1 it beats it; empty: no backtest is on record")),
    AnswerColumn("events", T("that the row's evidence lists: of the past until the origin, or of the known deaths; "
                             "{what}", what=EVENTS_COUNTED), "events"),
    RECORDS,
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A path, what came of it, and the records that it rests on."""

    laid: Laid
    followed: Followed
    link: Link | None
    """Of a neighbour's path, where one can be estimated and holds for levels such as theirs."""
    verdict: Verdict | None
    scope: Scope

    def lines(self) -> list[Line]:
        """The months after the path together, each of them, the months of the path, and what it rests on."""
        return [*self._after(), *self._path(), *self._known()]

    @cached_property
    def span(self) -> tuple[Month, Month]:
        """The first and the last month after the path."""
        months = self.followed.base.months
        return months[0], months[-1]

    def _after(self) -> Iterator[Line]:
        asked, found = self.laid.asked, self.followed
        base, along = found.base.of(asked.country), found.along.of(asked.country)
        told = {"country": asked.country, "part": "after"}
        criteria = self.scope.criteria.narrowed(countries=(asked.country,))
        span = {"period": f"{self.span[0]}/{self.span[1]}", "ahead": None}
        yield from self._pair(told | span, base.sum(axis=0), along.sum(axis=0), criteria)
        for at, (month, step) in enumerate(zip(found.base.months, found.base.steps, strict=True)):
            yield from self._pair(told | {"period": str(month), "ahead": step}, base[at], along[at], criteria)

    def _path(self) -> Iterator[Line]:
        asked, origin = self.laid.asked, self.laid.panel.last
        told = {"country": asked.whose, "part": "path", "period": f"{origin + 1}/{origin + asked.months}",
                "ahead": None}  # fmt: skip
        criteria = self.scope.criteria.narrowed(countries=(asked.whose,))
        yield from self._pair(told, self.followed.on_base.sum(axis=0), self.followed.on_path.sum(axis=0), criteria)

    def _known(self) -> Iterator[Line]:
        for basis in self.laid.bases:
            period = basis.period
            criteria = self.scope.criteria.narrowed(
                countries=(self.laid.asked.whose,), start=period.start, end=period.end,
                actors=(basis.group,) if basis.group else (),
            )  # fmt: skip
            told = {"country": self.laid.asked.whose, "group": basis.group, "part": "known", "path": None,
                    "period": f"{period.first_month}/{period.last_month}", "deaths": basis.deaths}  # fmt: skip
            yield Line(self._row(told, criteria), criteria)

    def _pair(self, told: dict[str, Any], base: Draws, along: Draws, criteria: Criteria) -> Iterator[Line]:
        fixed = told | {"origin": str(self.laid.panel.last), "model": self.followed.base.model,
                        "ratio": self.verdict.unit_ratio if self.verdict else None}  # fmt: skip
        yield Line(self._row(fixed | {"path": "along"} | spread(along) | compared(base, along)
                             | {"times": round(self.followed.factor, 3)}, criteria), criteria)  # fmt: skip
        yield Line(self._row(fixed | {"path": "without"} | spread(base), criteria), criteria)

    def _row(self, told: dict[str, Any], criteria: Criteria) -> dict[str, Any]:
        blank: dict[str, Any] = dict.fromkeys(column.name for column in COLUMNS)
        return blank | self._counts(criteria) | {"conditional": LABEL if told["path"] == "along" else None} | told

    def _counts(self, criteria: Criteria) -> dict[str, int]:
        if criteria not in self._counted:
            row = totals(matching(self.scope.rows, criteria)).to_pyarrow().to_pylist()[0]
            self._counted[criteria] = {"events": row["events"] or 0, "records": row["records"]}
        return self._counted[criteria]

    @cached_property
    def _counted(self) -> dict[Criteria, dict[str, int]]:
        return {}


def spread(draws: Draws) -> dict[str, int]:
    """The quantiles of some draws."""
    found = np.quantile(draws, list(QUANTILES.values()), method="inverted_cdf")
    return {name: int(value) for name, value in zip(QUANTILES, found, strict=True)}


def compared(base: Draws, along: Draws) -> dict[str, Any]:
    """How draws along a path stand to those without it: draw k of the one goes with draw k of the other.

    >>> compared(np.array([1.0, 3.0]), np.array([1.0, 3.0]))["chance_more"]
    50.0
    """
    low, middle, high = np.quantile(along - base, [0.05, 0.5, 0.95], method="inverted_cdf")
    ordered = np.sort(base)
    below, up_to = (np.searchsorted(ordered, along, side).mean() / len(base) for side in ("left", "right"))
    more = round(float(100 * (below + up_to) / 2), 1)
    return {"difference": int(middle), "difference_low90": int(low), "difference_high90": int(high),
            "chance_more": more, "likelihood": likelihood(more)}  # fmt: skip


def scenario(world: World, params: Params) -> Answer:
    """The months after a path, along it and without it, with what it rests on."""
    if params.country and not world.selected(params)[1].slices:
        return Draft("scenario", world.scope(params), ACCEPTS).not_covered(COLUMNS, world.places(params))
    asked = Asked.of(params)
    uncovered = _uncovered(world, params, asked)
    if uncovered:
        scope = _scope(world, params, asked, None)
        words = refuse_uncovered(uncovered, scope.period, world.places(params, asked.needs))
        return Draft("scenario", scope, ACCEPTS).finish((), COLUMNS, words)
    laid = laid_down(world, params, asked)
    linked = _link(laid)
    model = model_called(MODEL["country"])
    found = _followed(world.lake.home, model, laid, linked)
    judged = verdict(world, "country", asked.country, model=model.name, params=replace(params, country=()))
    told = Told(laid, found, linked, judged, _scope(world, params, asked, laid, judged))
    draft = Draft("scenario", told.scope, ACCEPTS)
    lines = told.lines()
    chart = Chart("fan", x="period", y="median", low="low90", high="high90", series="path")
    return draft.finish(lines, COLUMNS, headline(draft, lines, told), chart=chart, caveats=caveats(told, model))


def _followed(home: FilePath, model: Model, laid: Laid, linked: Link | None) -> Followed:
    """What follows on a path; from what is kept, where the same was drawn before."""
    asked, panel = laid.asked, laid.panel
    steps = range(asked.months + 1, asked.months + asked.after + 1)
    key = key_of(["scenario", *drawing_of(model, panel, steps), DRAWS, repr(laid.path), asked.country, repr(linked)],
                 arrays_of(panel))  # fmt: skip
    kept = recall(home, key)
    if kept is None or set(kept) != {"base", "along", "on_base", "on_path"}:
        found = follow(model, panel, laid.path, [asked.country], asked.after, n=DRAWS, seed=SEED, link=linked)
        keep(home, key, {"base": found.base.draws, "along": found.along.draws, "on_base": found.on_base,
                         "on_path": found.on_path})  # fmt: skip
        return found
    base, along = (
        Forecast(model.name, panel.last, (asked.country,), tuple(steps), kept[name], SEED) for name in ("base", "along")
    )
    return Followed(base, along, kept["on_base"], kept["on_path"], laid.path.factor(kept["on_base"]))


def _link(laid: Laid) -> Link | None:
    """What is known of neighbours, for the path of one; None where it does not hold for places so quiet."""
    asked = laid.asked
    if asked.said.of != "neighbour" or any(quiet(laid.panel, code) for code in asked.countries):
        return None
    return link(laid.panel, asked.months, asked.after)


def _uncovered(world: World, params: Params, asked: Asked) -> Sequence[str]:
    """The countries in question about which no release speaks in the detail that is needed."""
    _settled, selection = world.selected(replace(params, country=asked.countries), asked.needs)
    return [code for code in asked.countries if not selection.spoken(code)]


def _scope(world: World, params: Params, asked: Asked, laid: Laid | None, judged: Verdict | None = None) -> Scope:
    """The events that the rows cut from; beside them the releases that were learned from and judged by."""
    end = laid.panel.last.last_day if laid else params.end
    scope = world.scope(replace(params, country=asked.countries, end=end), asked.needs)
    judging = [world.lake.find(ref.name) for ref in (judged.releases if judged else ())]
    used = {held.release.name for held in scope.selection.used}
    along = {held.release.name: held for held in (*(laid.learned if laid else ()), *judging)
             if held.release.name not in used}  # fmt: skip
    settled = replace(scope.params, country=params.country)
    return replace(scope, params=settled, along=tuple(along.values()))


def opened(world: World, params: Params) -> Any:
    """The events that the rows cut from."""
    asked = Asked.of(params)
    return world.scope(replace(params, country=asked.countries), asked.needs).rows


QUESTION = Question(
    "scenario",
    T(
        "How many deaths a country may have in the months after violence has run along a path, beside those without "
        "it. --path own=0.5 multiplies what is forecast for the country by a factor for the first --path-months "
        "({months} where nothing is said) of the --window ahead, own=2019 scales it to its mean level in a former "
        "year or month, neighbour:BFA=2 does the same to a neighbour, and group:NAME=2017 scales the part of the "
        "country's violence in which a group is a party, by its share of the deaths of the last {recent} months. "
        "Each of {draws} draws of those months is scaled and put after the real past, and the model of `forecast`, "
        "learnt from the real past alone, draws the months after it. On a neighbour's path a country reacts by the "
        "elasticity of a country's deaths to its neighbours' in the months before, one for all pairs that touch, "
        "shrunk towards none; where its 99 % interval holds none, the path changes nothing and that is said. An answer "
        "is conditional on the path and never the effect of a policy: what would bring the path about is not modelled. "
        "At most {most} months.",
        months=MONTHS,
        recent=RECENT,
        draws=DRAWS,
        most=MOST_AHEAD,
    ),
    None,
    ACCEPTS,
    COLUMNS,
    scenario,
    opens=opened,
    slow=True,
)
