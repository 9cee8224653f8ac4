"""An invented world of countries whose violence is known, with one event that did something, nothing, or came late."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from harmattan.questions.world import World
from harmattan.vocabulary.country import COUNTRIES
from harmattan.vocabulary.period import Month
from tests.lake.factory import Row, event, put
from tests.questions.dossiers import take_in
from tests.questions.worlds import world_in

FIRST, MONTHS, START = Month(2019, 1), 60, Month(2022, 1)
DONORS = tuple(code for code in COUNTRIES if code not in ("MLI", "NER", "BFA"))[:24]
SAME_FORCE, SAME_KIND, SMALL, RARE = DONORS[:4]
"""Donors that would do, but for a force that stood there, a milestone of that kind, their size, and quiet months."""
EVENTS = f"""\
actors:
  - {{id: gov, kind: government, label: {{en: Government, fr: Gouvernement}}, countries: [MLI],
     cite: [{{source: early}}]}}
  - {{id: blue, kind: mercenary, label: {{en: Blue Force, fr: Force bleue}}, short: BLUE, cite: [{{source: book}}]}}
  - {{id: unit, kind: foreign_force, label: {{en: Blue Unit, fr: Unité bleue}}, cite: [{{source: book}}]}}
relations:
  - {{subject: unit, relation: part_of, object: blue, cite: [{{source: book}}]}}
presence:
  - {{force: unit, country: {SAME_FORCE}, kind: mission, from: 2021, cite: [{{source: book}}]}}
milestones:
  - {{id: arrival, kind: intervention, date: 2022-01-20, countries: [MLI], actors: [blue, gov], status: disputed,
     title: {{en: Blue comes, fr: Bleue arrive}}, cite: [{{source: book}}]}}
  - {{id: vague, kind: intervention, date: 2022-01-20/2022-04-03, countries: [MLI], actors: [gov],
     title: {{en: Somebody comes, fr: Quelqu'un arrive}}, cite: [{{source: book}}]}}
  - {{id: elsewhere, kind: intervention, date: 2022-03, countries: [{SAME_KIND}],
     title: {{en: There too, fr: Là aussi}}, cite: [{{source: book}}]}}
  - {{id: coup, kind: coup, date: 2021-05-04, countries: [MLI], title: {{en: A coup, fr: Un putsch}},
     cite: [{{source: book}}]}}
  - {{id: both, kind: exit, date: 2022-02, countries: [MLI, NER], title: {{en: An exit, fr: Une sortie}},
     cite: [{{source: book}}]}}
  - {{id: nowhere, kind: statement, date: 2022-02, title: {{en: Words, fr: Des mots}}, cite: [{{source: book}}]}}
  - {{id: since-ever, kind: statement, date: ../2022-02, countries: [MLI], title: {{en: Words, fr: Des mots}},
     cite: [{{source: book}}]}}
  - {{id: early, kind: takeover, date: 2019-03, countries: [MLI],
     title: {{en: Early, fr: Tôt}}, cite: [{{source: book}}]}}
  - {{id: late, kind: takeover, date: 2024-03, countries: [MLI],
     title: {{en: Late, fr: Tard}}, cite: [{{source: book}}]}}
  - {{id: quiet, kind: takeover, date: 2022-01, countries: [NER],
     title: {{en: Quiet, fr: Calme}}, cite: [{{source: book}}]}}
"""


def series(effect: float = 0.0, *, seed: int = 5, trend: float = 0.0) -> dict[str, list[int]]:
    """Deaths by country and month: all countries share what is common, Mali has `effect` from the start on.

    `trend` is what Mali alone gains by month before.
    """
    rng = np.random.default_rng(seed)
    common = 30 + rng.normal(0, 4.0, MONTHS)
    found = {}
    for code in ("MLI", *DONORS):
        level = 1.1 if code == "MLI" else rng.uniform(0.7, 1.6)
        found[code] = np.maximum(0, level * common + rng.normal(0, 2.0, MONTHS)).round().astype(int).tolist()
    start = START - FIRST
    gained = [effect if at >= start else trend * at for at in range(MONTHS)]
    found["MLI"] = [max(0, round(value + more)) for value, more in zip(found["MLI"], gained, strict=True)]
    found[SMALL] = [1] * MONTHS
    found[RARE] = [120 if at % 4 == 0 else 0 for at in range(MONTHS)]
    return found


def records(of: Mapping[str, list[int]]) -> list[Row]:
    """One record for each country and month with a death."""
    rows = []
    for code, values in of.items():
        for at, deaths in enumerate(values):
            if deaths:
                month = FIRST + at
                rows.append(event(f"{code}-{month}", f"{month}-11", code, deaths, deaths_civilians=deaths // 2))
    return rows


def countries(folder: Path, effect: float = 0.0, **said: float) -> World:
    """A world of these countries, with Niger covered and without a death, and a dossier of what happened."""
    world = world_in(folder)
    rows = records(series(effect, **said))  # type: ignore[arg-type]
    put(world.lake, "1", rows, places=("MLI", "NER", *DONORS), start="2019-01-01", end="2023-12-31")
    take_in(world.lake, folder, "events", EVENTS)
    return world
