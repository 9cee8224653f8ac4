"""The page that answers an article sentence by sentence: each sentence's questions are asked, and their rows shown."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harmattan.cli.parser import parse
from harmattan.errors import HarmattanError
from harmattan.lake.shelf import Lake
from harmattan.questions.answer import Answer, spoken
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.text import T, Verbatim
from harmattan.text.speaker import Speaker

SPEAKER = Speaker("en")
TOLD: dict[str, tuple[str, ...]] = {
    "milestones": ("date", "what", "status"),
    "relations": ("subject", "relation", "object", "since", "until", "status"),
    "presence": ("force", "place", "since", "until", "state", "strength"),
    "figures": ("value", "indicator", "country", "place", "as_of", "to", "status"),
    "who-is": ("name", "actor", "reason"),
    "records": ("country", "window_end", "deaths_best", "deaths_low", "deaths_high", "rank"),
    "actors": ("actor", "country", "events", "deaths_best", "first_seen", "against"),
    "civilian-harm": ("harm", "perpetrator", "dyad", "deaths_civilians"),
    "casualties": ("country", "period", "events", "deaths_best"),
}
"""What the page tells of a row."""


MOST_ROWS = 6


def article(path: Path, embedded: Path) -> Iterator[str]:
    """The page's lines. Raises HarmattanError for a sentence that its questions do not answer."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    world = World(Lake(embedded / "no-home", embedded))
    yield from ("# An article, sentence by sentence", "")
    yield f"What {told['authors']} state as fact in *{told['title']}*"
    yield f"({told['publisher']}, {told['date']}) about actors, forces, dates and figures, in short quotations, and"
    yield "what the program answers from the embedded releases. It says which question answers a sentence; whether the"
    yield "sentence is right is for the reader to judge by the rows."
    for number, sentence in enumerate(told["sentence"], start=1):
        yield from ("", f"## {number}. “{sentence['quote']}”")
        answers = [(words, _asked(world, words)) for words in sentence["ask"]]
        wanted = list(sentence["rows"])
        for words, answer in answers:
            shown = [n for n in range(len(answer.rows)) if any(_fits(answer, n, row) for row in wanted)]
            yield from ("", f"`harmattan ask {words}`: {SPEAKER.say(answer.headline)}", "")
            yield from (f"- {_line(answer, n)}" for n in shown[:MOST_ROWS])
        missing = [row for row in wanted if not any(_fits(a, n, row) for _, a in answers for n in range(len(a.rows)))]
        if missing:
            raise HarmattanError(
                T("The sentence {quote} is not answered: {row} is in no answer.", quote=Verbatim(sentence["quote"]),
                  row=Verbatim(missing[0]))
            )  # fmt: skip


def _asked(world: World, words: str) -> Answer:
    from harmattan.cli.commands import said_params

    args = parse(["ask", *shlex.split(words)], SPEAKER)
    return ask(world, args.question, said_params(args)[0])


def _fits(answer: Answer, n: int, row: str) -> bool:
    """Whether a row is the one that a sentence rests on: by a record or by a value such as `period=2022-03`."""
    if ":" in row:
        return any(ref.startswith(row) for ref in answer.row_criteria[n].records)
    name, _, value = row.partition("=")
    return str(answer.rows[n].get(name)) == value


def _line(answer: Answer, n: int) -> str:
    row: dict[str, Any] = spoken(answer.rows[n], SPEAKER)
    told = [(name, row.get(name)) for name in TOLD[answer.question]]
    cells = [
        SPEAKER.number(v) if isinstance(v, int | float) and not isinstance(v, bool) else str(v)
        for _, v in told
        if v is not None
    ]
    sources = f" ({row['sources']})" if row.get("sources") else ""
    return "; ".join(cells) + sources
