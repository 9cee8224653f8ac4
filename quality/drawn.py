"""True claims drawn from answers, and what becomes of them when a number, a year, a place or an actor is changed."""

from __future__ import annotations

import copy
import datetime as dt
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.checks.asker import Asker
from harmattan.questions.records import months_before

COUNTRIES = ("MLI", "BFA", "NER", "BEN", "CIV", "TGO")
CENTRAL = COUNTRIES[:3]
SINCE = dt.date(2012, 1, 1)
MOST = 28
"""So many true claims of each kind."""
LEAST = 10
"""Smaller numbers of dead are left alone: half or twice of them is within their range."""
CELL = "cell {gid}"
MUTATIONS = ("number x2", "number x0.5", "year +1", "year -1", "place swapped", "actor swapped")
Part = dict[str, Any]


@dataclass(frozen=True)
class Drawn:
    """A claim's part as a claims file writes it, the kind of true claim it comes from, and what was changed in it."""

    kind: str
    part: Part
    mutation: str = "none"


def drawn(asker: Asker, seed: int) -> tuple[Drawn, ...]:
    """True claims of every kind, the same for the same seed and releases."""
    chance = random.Random(seed)
    found: list[Drawn] = []
    for kind, source in SOURCES.items():
        parts = list(source(asker))
        chosen = chance.sample(parts, min(MOST, len(parts)))
        found += [Drawn(kind, part) for part in chosen]
    return tuple(found)


def mutated(claims: Sequence[Drawn], seed: int) -> Iterator[Drawn]:
    """Every change of every claim that its kind allows."""
    chance = random.Random(seed)
    for claim in claims:
        others = [other.part for other in claims if other.kind == claim.kind]
        for name in MUTATIONS:
            part = _changed(claim.part, name, others, chance)
            if part is not None and part != claim.part:
                yield Drawn(claim.kind, part, name)


def _changed(part: Part, mutation: str, others: Sequence[Part], chance: random.Random) -> Part | None:
    new = copy.deepcopy(part)
    what, _, how = mutation.partition(" ")
    if what == "number":
        return _times(new, 2.0 if how == "x2" else 0.5)
    if what == "year":
        return _shifted(new, int(how))
    if what == "place":
        return _placed(new, others, chance)
    return _acted(new, others, chance)


def _times(part: Part, factor: float) -> Part | None:
    for field in ("value", "count", "factor"):
        if field in part:
            number = part[field] * factor
            if field == "count" and number != int(number):
                return None
            if part["check"] == "share" and number > 100:
                return None
            part[field] = number if field == "factor" else int(number)
            return part
    return None


def _shifted(part: Part, years: int) -> Part | None:
    def shift(words: str) -> str:
        moved = re.sub(r"(?<![\d-])\d{4}(?!\d)", lambda year: str(int(year[0]) + years), words)
        return moved.replace("-02-29", "-02-28")

    dates = [field for field in ("from", "to", "on", "date", "since") if field in part]
    if part["check"] == "rank":
        dates = ["from", "to"]
    if not dates:
        return None
    for field in dates:
        part[field] = shift(part[field])
    if isinstance(part.get("than"), dict):
        part["than"] = {key: shift(value) if key in ("from", "to") else value for key, value in part["than"].items()}
    return part if all(int(re.findall(r"\d{4}", part[field])[0]) <= 2023 for field in dates) else None


def _placed(part: Part, others: Sequence[Part], chance: random.Random) -> Part | None:
    if "place" in part:
        places = sorted(
            {other["place"] for other in others if "place" in other and other["country"] == part["country"]}
        )
        places = [place for place in places if place != part["place"]]
        if places:
            part["place"] = chance.choice(places)
            return part
    if not part.get("country"):
        return None
    spare = [code for code in CENTRAL if code not in part["country"]] or [
        c for c in COUNTRIES if c not in part["country"]
    ]
    part["country"] = [chance.choice(spare), *part["country"][1:]]
    return part


def _acted(part: Part, others: Sequence[Part], chance: random.Random) -> Part | None:
    for field in ("actor", "by", "subject", "force"):
        mine = part.get(field)
        if not mine:
            continue
        pool = sorted({str(other[field][0] if isinstance(other[field], list) else other[field])
                       for other in others if other.get(field)})  # fmt: skip
        pool = [name for name in pool if name not in (mine, *(mine if isinstance(mine, list) else ()))]
        pool = [name for name in pool if name != part.get("object")]
        if not pool:
            return None
        part[field] = [chance.choice(pool)] if isinstance(mine, list) else chance.choice(pool)
        return part
    return None


def _name(asker: Asker, actor: str, day: dt.date | None = None) -> str:
    """A name by which an actor is found for certain: its short one, else its label, else its id."""
    for words in (asker.book.short(actor), asker.book.label(actor, "en")):
        if asker.actor(words, None, day).actor == actor:
            return words
    return actor


def _deaths(asker: Asker, time: str, column: str) -> Iterator[tuple[str, str, int]]:
    answer = asker.ask("casualties", country=COUNTRIES, by=("country", time), start=SINCE)
    for row in answer.rows:
        if row[column] is not None and row[column] >= LEAST:
            yield row["country"], row["period"], row[column]


def by_country(time: str, column: str, measure: str) -> Callable[[Asker], Iterator[Part]]:
    """Deaths (or dead civilians) of a country in a year or a month."""

    def parts(asker: Asker) -> Iterator[Part]:
        for country, period, value in _deaths(asker, time, column):
            yield {"check": "value", "country": [country], "from": period, "measure": measure, "value": value}

    return parts


def by_actor(asker: Asker) -> Iterator[Part]:
    """Deaths of an actor's fighting in a country and year, the actor by the dossier."""
    for country in CENTRAL:
        for year in range(2013, 2024):
            first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
            answer = asker.ask("actors", country=(country,), level="actor", start=first, end=last)
            for row in answer.rows:
                if row["actor_id"] in asker.book.actors and row["deaths_best"] >= LEAST:
                    name = _name(asker, row["actor_id"], last)
                    yield {"check": "value", "country": [country], "from": str(year), "actor": [name],
                           "value": row["deaths_best"]}  # fmt: skip


def cell_months(asker: Asker) -> Iterator[Part]:
    """The worst month of a cell."""
    for country in CENTRAL:
        answer = asker.ask("casualties", country=(country,), by=("cell", "month"), start=SINCE)
        worst: dict[int, Any] = {}
        for row in answer.rows:
            if row["cell"] and row["deaths_best"] > worst.get(row["cell"], {"deaths_best": LEAST})["deaths_best"]:
                worst[row["cell"]] = row
        for gid, row in worst.items():
            yield {"check": "value", "country": [country], "place": CELL.format(gid=gid), "from": row["period"],
                   "value": row["deaths_best"]}  # fmt: skip


def first_dates(asker: Asker) -> Iterator[Part]:
    """The month in which an actor is first seen in a country."""
    for country in COUNTRIES:
        answer = asker.ask("actors", country=(country,), level="actor")
        for row in answer.rows:
            if row["actor_id"] in asker.book.actors:
                month = str(row["first_seen"])[:7]
                name = _name(asker, row["actor_id"])
                yield {"check": "first", "country": [country], "actor": [name], "date": month, "from": "1989",
                       "to": "2023"}  # fmt: skip


def counts(asker: Asker) -> Iterator[Part]:
    """Events of a country in a year."""
    for country, period, value in _deaths(asker, "year", "events"):
        yield {"check": "count", "country": [country], "from": period, "value": value}


def comparisons(asker: Asker) -> Iterator[Part]:
    """That a year had so many times the deaths of the one before, or of another country."""
    known = {(country, period): value for country, period, value in _deaths(asker, "year", "deaths_best")}
    for (country, period), value in known.items():
        before = str(int(period) - 1)
        others = [({"from": before, "to": before}, known.get((country, before)))]
        others += [({"country": [other]}, known.get((other, period))) for other in CENTRAL if other != country]
        for than, less in others:
            if less and value > less * 1.3:
                factor = int(value / less * 9) / 10
                yield {"check": "compare", "country": [country], "from": period, "to": period, "is": "more",
                       "factor": max(factor, 1.0), "than": than}  # fmt: skip


def ranks(asker: Asker) -> Iterator[Part]:
    """That a window was the deadliest of its length since 2012."""
    for window in (1, 3, 6, 12, 24):
        for country in COUNTRIES:
            answer = asker.ask("records", country=(country,), since=SINCE, window=window)
            for row in answer.rows:
                if row["rank"] == 1 and row["deaths_best"] >= LEAST:
                    yield {"check": "rank", "country": [country], "from": str(row["window_start"])[:7],
                           "to": str(row["window_end"])[:7], "window": window, "since": "2012-01"}  # fmt: skip


def shares(asker: Asker) -> Iterator[Part]:
    """The part of a country in the deaths of the three countries of a year."""
    known = {(country, period): value for country, period, value in _deaths(asker, "year", "deaths_best")}
    for year in range(2013, 2024):
        numbers = {country: known.get((country, str(year)), 0) for country in CENTRAL}
        for country, value in numbers.items():
            percent = round(100 * value / sum(numbers.values()))
            if value and all(numbers.values()) and percent >= 5:
                yield {"check": "share", "country": list(CENTRAL), "from": str(year), "of": {"country": [country]},
                       "value": percent}  # fmt: skip


def _records(asker: Asker, list_: str) -> list[Any]:
    records = getattr(asker.book, list_)
    return [record for record in records if record.status != "disputed"]


def milestones(asker: Asker) -> Iterator[Part]:
    """What happened, where, with whom and when."""
    for record in _records(asker, "milestones"):
        if record.date.day <= asker.as_of and record.countries and record.date.earliest and record.date.latest:
            part = {"check": "milestone", "type": [record.kind], "country": list(record.countries),
                    "date": str(record.date)}  # fmt: skip
            if record.involved:
                part["actor"] = [_name(asker, record.involved[0])]
            yield part


def milestone_counts(asker: Asker) -> Iterator[Part]:
    """How often it happened in a country in some years."""
    for country in CENTRAL:
        for first in range(2012, 2024):
            for last in (first, first + 2, 2023):
                if last > 2023:
                    continue
                kinds: dict[str, int] = {}
                disputed: set[str] = set()
                for record in asker.book.milestones:
                    if country in record.countries and first <= record.date.day.year <= last:
                        kinds[record.kind] = kinds.get(record.kind, 0) + 1
                        disputed |= {record.kind} if record.status == "disputed" else set()
                for kind, count in kinds.items():
                    if kind not in disputed:
                        yield {"check": "milestone", "type": [kind], "country": [country], "from": str(first),
                               "to": str(last), "count": count}  # fmt: skip


def _day_within(record: Any, last: dt.date) -> str | None:
    """A day on which a record held for certain."""
    start = record.start.latest if record.start else None
    end = record.end.earliest if record.end else None
    day = min(end or last, last)
    if start is not None:
        day = min(day, start + dt.timedelta(days=200))
    return day.isoformat() if (start is None or start <= day) and day >= dt.date(1990, 1, 1) else None


def relations(asker: Asker) -> Iterator[Part]:
    """Who stood how to whom on a day."""
    for record in _records(asker, "relations"):
        day = _day_within(record, asker.as_of)
        if day is None or not asker.book.standing([record], *(dt.date.fromisoformat(day),) * 2):
            continue
        part: Part = {"check": "relation", "subject": record.subject, "relation": record.relation, "on": day}
        where: Part = {"country": [record.countries[0]]} if record.object is None else {"object": record.object}
        yield {**part, **where}


def presences(asker: Asker) -> Iterator[Part]:
    """Which force stood where on a day."""
    for record in _records(asker, "presence"):
        day = _day_within(record, asker.as_of)
        if day is not None:
            part = {"check": "presence", "force": record.force, "country": [record.country], "on": day}
            yield part | ({"place": record.place} if record.place else {})


def figures(asker: Asker) -> Iterator[Part]:
    """What somebody reported of a day or a time."""
    for record in _records(asker, "figures"):
        if record.when.day > months_before(asker.as_of, 1) or record.value < LEAST:
            continue
        part: Part = {"check": "figure", "indicator": record.indicator, "country": list(record.countries),
                      "value": record.value, "qualifier": record.qualifier}  # fmt: skip
        start, end = (record.as_of, record.as_of) if record.as_of else (record.start, record.end or record.start)
        if start is None or end is None or "/" in f"{start}{end}":
            continue
        part |= {"from": str(start), "to": str(end)}
        part |= {"place": record.place} if record.place else {}
        yield part | ({"actor": record.actor} if record.actor else {})


SOURCES: dict[str, Callable[[Asker], Iterator[Part]]] = {
    "deaths, country and year": by_country("year", "deaths_best", "deaths"),
    "deaths, country and month": by_country("month", "deaths_best", "deaths"),
    "civilians, country and year": by_country("year", "deaths_civilians", "civilians"),
    "deaths, actor and year": by_actor,
    "worst month of a cell": cell_months,
    "first date": first_dates,
    "count": counts,
    "compare": comparisons,
    "rank": ranks,
    "share": shares,
    "milestone": milestones,
    "milestone, count": milestone_counts,
    "relation": relations,
    "presence": presences,
    "figure": figures,
}
"""Where true claims of each kind come from."""
