"""Small synthetic worlds that questions can be asked of, and the law that every row opens to its records."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from harmattan.lake.publish import publish, stage
from harmattan.lake.shelf import Lake, release_digest
from harmattan.questions.answer import Answer
from harmattan.questions.evidence import opened, rows_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import QUESTIONS, ask
from harmattan.questions.world import World
from harmattan.vocabulary.origin import Licence
from harmattan.vocabulary.schema import LOCATED
from tests.lake.factory import Row, event, lake_in, put, release_of, write_tables

EVENT_QUESTIONS = tuple(sorted(name for name, question in QUESTIONS.items() if question.rests_on == "events"))
DOSSIER_QUESTIONS = tuple(sorted(name for name, question in QUESTIONS.items() if question.rests_on == "dossier"))
POST_QUESTIONS = ("campaign", "campaigns", "coordination-network", "narratives")
APART = ("forecast-skill", *POST_QUESTIONS)
TABLE_QUESTIONS = tuple(sorted(n for n, one in QUESTIONS.items() if one.rests_on == "tables" and n not in APART))
"""Those about people and money; how forecasts came out, and what is posted, have tests of their own."""
SUMS = ("deaths_low", "deaths_best", "deaths_high", "deaths_civilians")
CELLS = (150000, 150001, 150720)
PAIRS: tuple[dict[str, Any], ...] = (
    {"violence": "state_based", "dyad": "Government of A - B", "dyad_id": "1", "actors_a": ["Government of A"],
     "actors_b": ["B"]},
    {"violence": "state_based", "dyad": "Government of A - C", "dyad_id": "2", "actors_a": ["Government of A"],
     "actors_b": ["C", "D"]},
    {"violence": "non_state", "dyad": "B - C", "dyad_id": "3", "actors_a": ["B"], "actors_b": ["C"]},
    {"violence": "one_sided", "dyad": "B - Civilians", "dyad_id": "4", "actors_a": ["B"], "actors_b": [],
     "perpetrator": "B"},
    {"violence": "one_sided", "dyad": None, "dyad_id": None, "actors_a": [], "actors_b": []},
    {"violence": None, "dyad": None, "dyad_id": None, "actors_a": None, "actors_b": None},
)  # fmt: skip
"""Who against whom, and sources that say less."""


def world_in(folder: Path) -> World:
    """A world with an empty lake and nothing embedded."""
    return World(lake_in(folder))


@contextmanager
def world_of(*releases: Sequence[Row], **said: Any) -> Iterator[World]:
    """A world of its own with one release for each list of rows, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        world = world_in(Path(folder))
        for number, rows in enumerate(releases, start=1):
            put(world.lake, str(number), rows, **said)
        yield world


def put_closed(lake: Lake, label: str, rows: Iterable[Row], dataset: str = "made-up", **said: Any) -> None:
    """Publishes a release whose records may not be handed on."""
    with stage(lake) as folder:
        found = write_tables(folder, rows)
        found["digest"] = release_digest(dataset, found["files"])
        release = release_of(label, dataset=dataset, **said, **found)
        licence = Licence(name="Closed", url="https://example.org/closed", redistributable=False)
        origin = release.origin.model_copy(update={"licence": licence})
        publish(lake, folder, release.model_copy(update={"origin": origin}))


def asked(world: World, question: str, **params: Any) -> Answer:
    """The answer to a question about Mali and Niger, where nothing else is said."""
    return ask(world, question, Params(**({"country": ("MLI", "NER")} | params)))


def numbers(answer: Answer) -> list[dict[str, Any]]:
    """The rows without what depends on how many records the events stand in."""
    return [{name: value for name, value in row.items() if name != "records"} for row in answer.rows]


def assert_opens(world: World, answer: Answer) -> None:
    """Every row of an answer is the sum of exactly the records that its evidence lists; of revisions, their number."""
    if not answer.rows:
        return
    records = opened(world, answer)
    for number, row in enumerate(answer.rows):
        listed = rows_of(records, answer, number).table.to_pylist()
        where = f"{answer.question} {dict(answer.params)} row {number + 1}: {dict(row)}"
        assert len(listed) == row["records"] == answer.evidence(number).rows, where
        if answer.question == "revisions":
            continue
        if row["events"] is None:
            assert not listed, where
            continue
        assert sum(record["n_events"] for record in listed) == row["events"], where
        for name in SUMS:
            if name in row:
                values = [record[name] for record in listed]
                assert row[name] == (None if None in values else sum(values)), f"{name} in {where}"


@st.composite
def event_rows(draw: st.DrawFn, *, complete: bool = False, most: int = 12) -> list[Row]:
    """Some synthetic events of 2022 in Mali and Niger; `complete` ones say everything."""
    rows = []
    for number in range(draw(st.integers(0, most))):
        low = draw(st.integers(0, 5))
        best = low + draw(st.integers(0, 5))
        pair = draw(st.sampled_from(PAIRS[:4] if complete else PAIRS))
        start = dt.date(2022, 1, 1) + dt.timedelta(days=draw(st.integers(0, 364)))
        cell = draw(st.sampled_from(CELLS))
        given = {"deaths_low": low} if complete or draw(st.integers(0, 9)) else {"deaths_low": None}
        rows.append(
            event(
                f"e{number:02d}",
                start.isoformat(),
                draw(st.sampled_from(("MLI", "NER"))),
                best,
                **pair,
                **given,
                deaths_high=best + draw(st.integers(0, 5)),
                deaths_civilians=draw(st.integers(0, best)),
                where_precision=draw(st.sampled_from((*LOCATED, "admin1", "country"))),
                cell=cell,
            )
        )
    return rows
