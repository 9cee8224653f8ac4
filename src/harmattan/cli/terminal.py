"""How answers look in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from harmattan.export.sheet import Sheet
from harmattan.lake.shelf import Held
from harmattan.questions.answer import Answer
from harmattan.text import T, Verbatim
from harmattan.text.speaker import Speaker

MOST_ROWS = 60
NARROW = (
    "release",
    "event_id",
    "date_start",
    "iso3",
    "place_as_written",
    "cell",
    "dyad",
    "n_events",
    "deaths_low",
    "deaths_best",
    "deaths_high",
    "deaths_civilians",
    "source_headline",
)


@contextmanager
def working(words: str) -> Iterator[None]:
    """A moving sign on standard error while something takes long; silent where nobody watches."""
    if not sys.stderr.isatty():
        yield
        return
    with Console(stderr=True).status(words):
        yield


def answer(found: Answer, sheet: Sheet, speaker: Speaker, *, kept: bool) -> None:
    """Headline, table, caveats, sources, and how to open the numbers."""
    console = _console()
    console.print(Styled(sheet.title, style="bold"))
    hidden = {"evidence"} | {"covered" for _ in [0] if all(row.get("covered") == "yes" for row in found.rows)}
    rows = [
        {"#": n} | {name: row.get(name) for name in sheet.names if name not in hidden}
        for n, row in enumerate(sheet.rows, start=1)
    ]
    table(rows, speaker)
    for note in sheet.notes:
        console.print(Styled(f"· {note}"))
    for source in sheet.sources:
        console.print(Styled(source, style="dim"))
    if kept and found.rows:
        console.print(
            Styled(
                speaker.say(
                    T(
                        "Rows behind the numbers: harmattan evidence {id} (all), {row} (row 1).",
                        id=Verbatim(found.id),
                        row=Verbatim(found.row_id(0)),
                    )
                ),
                style="dim",
            )
        )
    elif not kept:
        console.print(
            Styled(speaker.say(T("The home cannot be written, so the evidence id is not kept.")), style="yellow")
        )


def rows(sheet: Sheet, speaker: Speaker) -> None:
    """The records behind a number."""
    console = _console()
    console.print(Styled(sheet.title, style="bold"))
    table([{name: row[name] for name in NARROW if name in row} for row in sheet.rows], speaker)
    for source in sheet.sources:
        console.print(Styled(source, style="dim"))


def releases(there: Sequence[Held], speaker: Speaker) -> None:
    """One line a release."""
    table(
        [
            {
                speaker.words("release"): held.release.name,
                speaker.words("status"): held.release.status,
                speaker.words("published by"): held.release.published.isoformat(),
                speaker.words("covers"): _covers(held, speaker),
                speaker.words("events"): held.release.events,
                speaker.words("rejects"): held.release.rejects,
                speaker.words("licence"): held.release.origin.licence.name,
                speaker.words("digest"): held.release.digest[:12],
                speaker.words("where"): speaker.words("embedded") if held.embedded else speaker.words("own"),
            }
            for held in there
        ],
        speaker,
    )


def table(lines: Sequence[Mapping[str, Any]], speaker: Speaker) -> None:
    """Rows as a table, numbers to the right; long ones are cut and say so."""
    if not lines:
        return
    console = _console()
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in lines[0]:
        numeric = all(isinstance(line[name], int | float | None) for line in lines)
        shown.add_column(name, justify="right" if numeric else "left", overflow="fold", no_wrap=numeric)
    for line in lines[:MOST_ROWS]:
        shown.add_row(*(_cell(name, value, speaker) for name, value in line.items()))
    console.print(shown)
    if len(lines) > MOST_ROWS:
        console.print(speaker.say(T("… and {n} more rows; --format csv has all.", n=len(lines) - MOST_ROWS)))


def _cell(name: str, value: Any, speaker: Speaker) -> Styled:
    if isinstance(value, bool):
        return Styled(speaker.say(value))
    if isinstance(value, int | float) and name not in ("cell", "year", "#"):
        return Styled(speaker.number(value, 1 if isinstance(value, float) else 0))
    return Styled("" if value is None else str(value))


def _covers(held: Held, speaker: Speaker) -> str:
    coverage = held.release.coverage
    places = (
        ", ".join(coverage.places)
        if len(coverage.places) <= 8
        else speaker.say(T("{n} countries", n=len(coverage.places)))
    )
    if coverage.start.year == 1:
        return places
    return f"{places}; {coverage.start} – {coverage.end}"


def _console() -> Console:
    width = None if sys.stdout.isatty() else 200
    return Console(width=width, highlight=False, soft_wrap=False, file=sys.stdout)
