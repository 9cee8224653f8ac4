"""The registry of questions: name, meaning, parameters, source. It makes the command line and its own reference."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from harmattan.dossier.records import Indicator
from harmattan.errors import UsageError
from harmattan.lake.shelf import standing_still
from harmattan.questions import (
    activity_range,
    actors,
    alert_history,
    alerts,
    aligned,
    border_violence,
    campaign,
    campaigns,
    card,
    casualties,
    competition,
    conflict_index,
    coordination_network,
    coverage,
    cross_border_groups,
    displacement,
    effect,
    expansion,
    exposure,
    figures,
    force_months,
    forecast,
    forecast_skill,
    funding,
    harm,
    harm_partner,
    harm_rate,
    incidents,
    milestones,
    mines,
    narratives,
    needs,
    network,
    posts_and_events,
    presence,
    records,
    relations,
    reproduction,
    revisions,
    scenario,
    shock,
    sources,
    spillover,
    tally,
    tension,
    vacuum,
    what_changed,
    who_is,
)
from harmattan.questions.answer import Answer
from harmattan.questions.parameters import BY_FIELD, COUNTED, EVENT_BY, Params
from harmattan.questions.parsing import nearest, one_of
from harmattan.questions.question import Question
from harmattan.questions.world import World
from harmattan.text import T, Verbatim
from harmattan.vocabulary.country import did_you_mean
from harmattan.vocabulary.people import NEEDS_INDICATORS

_CITED = "Each record cites its own sources"
_GED = "Sundberg & Melander (2013), doi:10.1177/0022343313484347"

_STATED = "Each number is its publisher's own; see the citation of its release"
_BOOKKEEPING = "Harmattan's own bookkeeping, not an estimate"
_TABLES = (
    Question(
        "displacement",
        T(
            "How many people are displaced: of each data set, group and country the newest stock by the as-of date; "
            "with --from or --to every stock in the period. People in the country and people from it who are in "
            "another are told apart. Stocks are never added over rounds, operations, data sets or groups. The places "
            "of one round are added up only where the publisher has no row for the country, and that is said."
        ),
        _STATED,
        displacement.ACCEPTS,
        displacement.COLUMNS,
        displacement.displacement,
        "tables",
        {"by": displacement.BY},
    ),
    Question(
        "needs",
        T(
            "How many people need help, are to be helped and were: of each data set, indicator, country and kind of "
            "plan the newest number that began by the as-of date, with food phases. A regional plan is listed and "
            "never added to the plans of its countries. A total is given only over country plans of one kind for one "
            "period."
        ),
        _STATED,
        needs.ACCEPTS,
        needs.COLUMNS,
        needs.needs,
        "tables",
        {"by": needs.BY, "indicator": tuple(NEEDS_INDICATORS)},
    ),
    Question(
        "funding",
        T(
            "What plans ask for and what they have: requirements, funding and coverage (funding divided by "
            "requirements, in percent) by plan and year, and flows by status. What is pledged, committed and paid is "
            "never added up."
        ),
        _STATED,
        funding.ACCEPTS,
        funding.COLUMNS,
        funding.funding,
        "tables",
        {"by": funding.BY},
    ),
    Question(
        "sources",
        T(
            "Which data sets there are, under which licence, what the lake has of each, what a licence hides, and how "
            "to get it: by fetch and with which keys, or from a file."
        ),
        _BOOKKEEPING,
        sources.ACCEPTS,
        sources.COLUMNS,
        sources.sources,
        "releases",
    ),
)

_CRISIS: tuple[Question, ...] = (
    # Each in the module of its own, as QUESTION.
    border_violence.QUESTION,
    cross_border_groups.QUESTION,
    expansion.QUESTION,
    harm_rate.QUESTION,
    harm_partner.QUESTION,
    incidents.QUESTION,
    conflict_index.QUESTION,
    competition.QUESTION,
    activity_range.QUESTION,
    exposure.QUESTION,
    mines.QUESTION,
    tension.QUESTION,
    network.QUESTION,
    alerts.QUESTION,
    alert_history.QUESTION,
    force_months.QUESTION,
    vacuum.QUESTION,
    effect.QUESTION,
    aligned.QUESTION,
    posts_and_events.QUESTION,
    forecast.QUESTION,
    what_changed.QUESTION,
    forecast_skill.QUESTION,
    scenario.QUESTION,
    tally.QUESTION,
    spillover.QUESTION,
    shock.QUESTION,
    reproduction.QUESTION,
    campaigns.QUESTION,
    campaign.QUESTION,
    narratives.QUESTION,
    coordination_network.QUESTION,
)

QUESTIONS: dict[str, Question] = {
    question.name: question
    for question in (
        Question(
            "casualties",
            T(
                "Events of organised violence and the deaths in them: sums of the events, of the low, best and high "
                "estimates of deaths and of the civilians among the dead, by whatever they are to be told apart by. An "
                "event counts in the month of its first day. A month without an event is 0 where a release covers it "
                "and empty where none does."
            ),
            _GED,
            casualties.ACCEPTS,
            casualties.COLUMNS,
            casualties.casualties,
            choices={"by": EVENT_BY},
        ),
        Question(
            "records",
            T(
                "Whether a window of months is the deadliest there has been: the sum over every window of that length "
                "that ends at the end of a month and lies wholly in what is covered, and over the window that ends on "
                "the as-of date. The rank is 1 plus the number of windows with more."
            ),
            _GED,
            records.ACCEPTS,
            records.COLUMNS,
            records.records,
            choices={"measure": COUNTED},
        ),
        Question(
            "civilian-harm",
            T(
                "Civilians killed. In one-sided violence, which is the deliberate use of force against civilians, the "
                "perpetrator is the source's side a. Civilians killed in fighting between others are given by pair of "
                "actors, since the source does not say who killed them. The two are never mixed."
            ),
            "Eck & Hultman (2007), doi:10.1177/0022343307075124",
            harm.ACCEPTS,
            harm.COLUMNS,
            harm.civilian_harm,
        ),
        Question(
            "actors",
            T(
                "Who is active where: every party that the source names on either side, with its events, the deaths in "
                "them on all sides, the first and the last day it is seen in the period, and whom it met."
            ),
            _GED,
            actors.ACCEPTS,
            actors.COLUMNS,
            actors.actors,
        ),
        Question(
            "relations",
            T(
                "Who stood how to whom: members, parts, affiliates, allies, rivals, leaders, each with the days it is "
                "known to have held. With an as-of date alone, what held on that day; with a period, what held on any "
                "day of it. Where a date is known in part, a relation may hold possibly."
            ),
            _CITED,
            relations.ACCEPTS,
            relations.COLUMNS,
            relations.relations,
            "dossier",
        ),
        Question(
            "actor",
            T(
                "The card of one actor: its names, what it belongs to and what belongs to it, its relations, presence "
                "and milestones, and by country the events in which it is a party with the first and the last day."
            ),
            _CITED,
            card.ACCEPTS,
            card.COLUMNS,
            card.card,
            "dossier",
        ),
        Question(
            "presence",
            T(
                "Which forces stood where: missions by country and bases by place, from when to when, how they ended "
                "and who took over, with the last strength reported by the as-of date."
            ),
            _CITED,
            presence.ACCEPTS,
            presence.COLUMNS,
            presence.presence,
            "dossier",
        ),
        Question(
            "milestones",
            T(
                "What happened when: coups, mandates, interventions, withdrawals, agreements, sanctions, mergers, "
                "massacres and other events that one aligns things to."
            ),
            _CITED,
            milestones.ACCEPTS,
            milestones.COLUMNS,
            milestones.milestones,
            "dossier",
        ),
        Question(
            "figures",
            T(
                "Numbers that somebody reported: displaced, people in need, troops, dead, each with its date, its "
                "publisher and the words it was given in. They are never added up or averaged; where publishers "
                "disagree, each figure stands for itself."
            ),
            _CITED,
            figures.ACCEPTS,
            figures.COLUMNS,
            figures.figures,
            "dossier",
            {"indicator": get_args(Indicator)},
        ),
        Question(
            "who-is",
            T(
                "Whom a name means: by the names that the dossier has in several languages, scripts and data sets, as "
                "of a date and of a country where these are said. A name that only resembles one is never taken for it."
            ),
            _CITED,
            who_is.ACCEPTS,
            who_is.COLUMNS,
            who_is.who_is,
            "dossier",
        ),
        Question(
            "coverage",
            T(
                "Which release answers for which country and period, by what it can tell records apart, and where "
                "nothing is covered. Silence outside what is covered is not peace."
            ),
            _BOOKKEEPING,
            coverage.ACCEPTS,
            coverage.COLUMNS,
            coverage.coverage,
        ),
        Question(
            "revisions",
            T(
                "What a publisher changed: the records that are new, gone or revised between the two newest releases "
                "of one data set that speak about the same countries and days, or between two that are named, with "
                "the events and deaths (best) before and after. Where only sums are at hand, sums are compared. Each "
                "version of a record counts in the country and year of its first day."
            ),
            _BOOKKEEPING,
            revisions.ACCEPTS,
            revisions.COLUMNS,
            revisions.revisions,
            opens=revisions.opened,
        ),
        *_TABLES,
        *_CRISIS,
    )
}


def question(name: str) -> Question:
    """A question by its name. Raises UsageError with the nearest names."""
    return QUESTIONS[one_of(name, QUESTIONS, "There is no question {words}.")]


def ask(world: World, name: str, params: Params) -> Answer:
    """Asks a question of a world, which stands still meanwhile.

    Raises UsageError for a parameter that the question does not take.
    """
    asked = question(name)
    blank = Params()
    for name_, parameter in BY_FIELD.items():
        if getattr(params, name_) != getattr(blank, name_) and name_ not in asked.accepts:
            flags = [BY_FIELD[accepted].flag for accepted in asked.accepts]
            raise UsageError(
                T("The question {name} takes no {flag}.", name=Verbatim(name), flag=Verbatim(parameter.flag)),
                available=T("It takes {flags}.", flags=Verbatim(", ".join(flags))),
                do=did_you_mean(nearest(parameter.flag, flags, limit=1)),
            )
    for name_, choices in asked.choices.items():
        said_ = getattr(params, name_)
        wrong = [said for said in ((said_,) if isinstance(said_, str) else said_) if said not in choices]
        if wrong and said_ != getattr(blank, name_):
            flag = f"{BY_FIELD[name_].flag} {wrong[0]}"
            raise UsageError(
                T("The question {name} takes no {flag}.", name=Verbatim(name), flag=Verbatim(flag)),
                available=T("It takes {flags}.", flags=Verbatim(", ".join(choices))),
            )
    if "measure" in asked.accepts and not params.measure:
        params = replace(params, measure=asked.measure)
    with standing_still():
        return asked.ask(world, params)
