"""Columns and codes of answers in a reader's words, for axes, legends and the heads of tables."""

from __future__ import annotations

from collections.abc import Mapping

from harmattan.questions.effect_words import DESIGNS
from harmattan.questions.event_words import DATE_WORDS, PRECISION_SHORT
from harmattan.questions.words import ACTOR_KINDS, INDICATORS, MILESTONE_KINDS, NEEDS, POPULATIONS
from harmattan.text import CountryName, T, Text
from harmattan.text.speaker import Speaker

COLUMNS: Mapping[str, Text] = {
    "deaths_best": T("deaths"),
    "deaths_low": T("deaths, low"),
    "deaths_high": T("deaths, high"),
    "deaths_civilians": T("civilians killed"),
    "events": T("events"),
    "records": T("records"),
    "rate": T("civilians killed a month"),
    "deaths_rate": T("deaths a month"),
    "share": T("share, %"),
    "share_deaths": T("share of deaths, %"),
    "share_events": T("share of events, %"),
    "precision": T("% of alerts that came true"),
    "evenness": T("evenness of the groups' shares"),
    "new_cells": T("cells that are new"),
    "cells": T("cells"),
    "people": T("people"),
    "mean": T("expected deaths"),
    "median": T("deaths, median"),
    "low50": T("lower end of the middle 50 %"),
    "high50": T("upper end of the middle 50 %"),
    "low90": T("lower end of the middle 90 %"),
    "high90": T("upper end of the middle 90 %"),
    "extra": T("further events expected"),
    "ratio": T("ratio to the benchmark"),
    "others": T("due to the past of others"),
    "estimate": T("estimated effect"),
    "gap": T("observed less expected"),
    "weight": T("weight in the comparison"),
    "coverage_percent": T("% of what is asked for"),
    "value": T("value"),
    "posts": T("posts"),
    "joint_posts": T("posts made together"),
    "accounts": T("accounts"),
    "in_groups": T("accounts in groups"),
    "base_months": T("months of a base"),
    "troop_months": T("months of a soldier"),
    "country": T("country"),
    "period": T("period"),
    "covered": T("covered"),
    "actor": T("actor"),
    "groups": T("groups"),
    "deaths_best_per_place": T("deaths a place"),
    "first_seen": T("first seen"),
    "last_seen": T("last seen"),
    "deaths_change": T("deaths after less deaths before"),
    "window_start": T("from"),
    "window_end": T("until"),
    "is_record": T("a record"),
    "what": T("what"),
    "type": T("type"),
    "date": T("date"),
    "until": T("until"),
    "since": T("since"),
    "place": T("place"),
    "cell": T("cell"),
    "dyad": T("pair of actors"),
    "kind": T("kind"),
    "perpetrator": T("perpetrator"),
    "status": T("status"),
    "sources": T("sources"),
    "source": T("source"),
    "release": T("release"),
    "expected": T("expected"),
    "unit": T("unit"),
    "low": T("low"),
    "high": T("high"),
    "group": T("group"),
    "verdict": T("verdict"),
    "model": T("model"),
    "platforms": T("platforms"),
    "platform": T("platform"),
    "name": T("name"),
    "rule": T("rule"),
    "months": T("months"),
    "links": T("links"),
    "day": T("day"),
    "month": T("month"),
    "force": T("force"),
    "state": T("state"),
    "as_of": T("as of"),
    "from": T("from"),
    "published": T("published"),
    "licence": T("licence"),
    "year": T("year"),
    "population": T("population"),
    "plan": T("plan"),
    "countries": T("countries"),
    "region": T("region"),
    "places": T("places"),
    "pairs": T("pairs"),
    "relation": T("relation"),
    "belongs_to": T("belongs to"),
    "reason": T("reason"),
    "title": T("title"),
    "publisher": T("publisher"),
    "events_before": T("events before"),
    "events_after": T("events after"),
    "deaths_before": T("deaths before"),
    "deaths_after": T("deaths after"),
    "doubts": T("doubts"),
    "dataset": T("data set"),
    "admin1": T("first-order area"),
    "admin2": T("second-order area"),
    "how_ended": T("how it ended"),
    "as_written": T("as written"),
    "indicator": T("what is counted"),
    "latest": T("the latest"),
    "successor": T("who took over"),
    "qualifier": T("how exact"),
    "detail": T("detail"),
    "strength": T("strength"),
    "milestone": T("milestone"),
    "area": T("area"),
    "start": T("from"),
    "end": T("until"),
    "first": T("first day"),
    "last": T("last day"),
    "method": T("method"),
    "lag": T("months later"),
    "deaths": T("deaths"),
    "largest": T("largest"),
    "to": T("until"),
    "aspect": T("what it is about"),
}
"""What stands on an axis or over a column; a name that is not here is said as it is, without underscores."""

CODES: Mapping[str, Text] = {
    "one_sided": T("attacked deliberately"),
    "in_fighting": T("in fighting between others"),
    "targeted": T("in events in which civilians were the target"),
    "state_based": T("fighting with a state's forces"),
    "non_state": T("fighting between other groups"),
    "before": T("before"),
    "with": T("with it there"),
    "after": T("after"),
    "all_with": T("all months with a partner"),
    "all_without": T("all months without one"),
    "this": T("this window"),
    "endemic": T("of itself (level, trend, season)"),
    "own": T("its own past"),
    "closed": T("places that a force left"),
    "stayed": T("places where a force stayed"),
    "both": T("both"),
    "any_border": T("any border"),
    "any_tri_border": T("any place where three countries meet"),
    "not_placed": T("without a place"),
    "all": T("all"),
    "asserted": T("asserted"),
    "reported": T("reported"),
    "disputed": T("disputed"),
    "base": T("base"),
    "headquarters": T("headquarters"),
    "mission": T("mission"),
    "yes": T("yes"),
    "no": T("no"),
    "partly": T("partly"),
}
"""Codes that stand in the rows of several questions."""
HIDDEN, GAP = "hidden by licence", "not covered"
STATUSES: Mapping[str, Text] = {
    "final": T("final"),
    "rolling": T("rolling"),
    "candidate": T("candidate (provisional)"),
    "figures": T("figures summed by month"),
    "curated": T("curated by editors"),
    "sample": T("sample"),
    HIDDEN: T("hidden by licence"),
    GAP: T("not covered"),
}
"""What each status of a release, and what none covers, is called, in the order of legends."""
OF_COLUMN: Mapping[str, Mapping[str, Text]] = {
    "type": MILESTONE_KINDS,
    "indicator": INDICATORS | NEEDS,
    "population": POPULATIONS,
    "kind": {**ACTOR_KINDS, "name": T("name"), "acronym": T("acronym"), "alias": T("alias")},
    "status": STATUSES,
    "reason": {
        "exact": T("exact spelling"),
        "acronym": T("acronym"),
        "alias": T("alias"),
        "transliteration": T("transliteration"),
        "fuzzy": T("resemblance only"),
        "unidentified": T("unidentified"),
    },
    "where_precision": PRECISION_SHORT,
    "date_precision": DATE_WORDS,
    "design": {str(name): words for name, words in DESIGNS.items()},
    "way": {
        "said": T("as asked"),
        "one_sided": T("deliberate attacks only"),
        "record": T("the largest record"),
        "single": T("the largest event alone"),
        "within": T("wholly within the days"),
        "placed": T("those with a place"),
    },
    "qualifier": {
        "exact": T("exactly"),
        "about": T("about"),
        "almost": T("almost"),
        "more_than": T("more than"),
        "at_least": T("at least"),
        "up_to": T("up to"),
    },
    "unit": {"people": T("people"), "schools": T("schools"), "tonnes": T("tonnes")},
    "rule": {
        "dossier": T("by the dossier"),
        "first_event": T("by the first event"),
        "most_events_before": T("by most events before"),
        "record": T("record"),
        "first": T("first appearance"),
        "surge": T("surge"),
        "quiet": T("quiet before"),
    },
}
"""Codes of one column."""
CODED = ("relation", "holds", "state", "how_ended", "tables", "kind", "population", "direction", "level", "status",
         "area", "harm", "phase", "rule", "way", "around", "when", "type", "indicator", "design", "covered", "drawn",
         "sharp", "across", "violence", "where_precision", "date_precision", "scope", "of", "subject_kind",
         "object_kind", "qualifier", "part", "reason")  # fmt: skip
"""Columns of codes: where a code has no words of its own, it is said without its underscores."""
COUNTRIES = ("country", "iso3", "neighbour_country", "donor", "base", "origin", "other", "treated", "placebo", "unit",
             "variant")  # fmt: skip
"""Columns in which three capital letters are a country."""


def head(name: str, speaker: Speaker) -> str:
    """A column in a few words.

    >>> head("deaths_best", Speaker("en")), head("km_from_centre", Speaker("en"))
    ('deaths', 'km from centre')
    """
    return speaker.say(COLUMNS[name]) if name in COLUMNS else name.replace("_", " ")


def spoken_code(value: object, column: str, speaker: Speaker) -> str:
    """A value of a column as words: countries by name, codes by what they mean, anything else as it is.

    >>> spoken_code("MLI", "country", Speaker("fr")), spoken_code("MLI, NER", "country", Speaker("en"))
    ('Mali', 'Mali, Niger')
    """
    words = str(value)
    if column in COUNTRIES and all(_is_code(part) for part in words.split(", ")):
        return ", ".join(speaker.say(CountryName(part)) for part in words.split(", "))
    if words in OF_COLUMN.get(column, {}):
        return speaker.say(OF_COLUMN[column][words])
    if words in CODES:
        return speaker.say(CODES[words])
    return words.replace("_", " ") if words.islower() and column in CODED else words


def _is_code(words: str) -> bool:
    return len(words) == 3 and words.isascii() and words.isupper() and words.isalpha()
