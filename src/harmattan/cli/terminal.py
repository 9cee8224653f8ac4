"""How answers look in a terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from rich import box
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text as Styled

from harmattan.cli.layout import ColumnNeed, heading, widths
from harmattan.text import T, Verbatim, listing
from harmattan.text.speaker import Speaker

if TYPE_CHECKING:
    from harmattan.export.sheet import Sheet
    from harmattan.lake.shelf import Held
    from harmattan.questions.answer import Answer
    from harmattan.sources.line import Progress

MOST_ROWS = 60
MOST_LETTERS = 100
"""Longer cells are cut."""
MOST_TEXTS = 500
STEERING = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
"""Signs that steer a terminal, and those that turn the order of letters around for all that follows."""
PIPE_WIDTH = 200
"""The width where nobody says one."""
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


PLAIN = {"records": 1, "status": "asserted", "holds": "yes", "qualifier": "exact", "unit": "people"}
"""What goes without saying in an answer from a dossier where it is the same all the way down."""


TINY = ("level", "at_level", "p", "p_family", "p_campaigns", "expected")
"""Columns whose smallest numbers differ by powers of ten."""


ACCOUNTS, WHOLE_PSEUDONYM = ("account", "id", "to_id", "surface", "repost_of_account"), 37
"""Columns whose pseudonyms are told apart by their first letters; every file has them whole."""


@contextmanager
def working(words: str) -> Iterator[None]:
    """A moving sign on standard error while something takes long; silent where nobody watches."""
    if not sys.stderr.isatty():
        yield
        return
    with Console(stderr=True).status(words):
        yield


@contextmanager
def moving(speaker: Speaker) -> Iterator[Callable[[Progress], None]]:
    """Shows how far a fetch has come, on standard error; silent where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda _progress: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(speaker.words("asking"), total=None, told="")

        def show(progress: Progress) -> None:
            size = 1_000_000 if progress.unit == "bytes" else 1
            unit = "MB" if progress.unit == "bytes" else progress.unit
            done, total = progress.done / size, None if progress.total is None else progress.total / size
            told = speaker.number(done, 1 if size > 1 else 0)
            told += "" if total is None else f" / {speaker.number(total, 1 if size > 1 else 0)}"
            bar.update(task, description=progress.what, completed=done, total=total, told=f"{told} {unit}")

        yield show


def answer(found: Answer, sheet: Sheet, speaker: Speaker, *, kept: bool) -> None:
    """Headline, table, caveats, sources, and how to open the numbers."""
    console = console_of()
    _say(console, sheet.title, "bold")
    told = _telling(sheet)
    table([{"#": n} | {name: row.get(name) for name in told} for n, row in enumerate(sheet.rows, start=1)], speaker)
    for note in sheet.notes:
        _say(console, f"· {note}")
    for source in sheet.sources:
        _say(console, source, "dim")
    if kept and found.rows:
        opens = T(
            "Rows behind the numbers: harmattan evidence {id} (all), {row} (row 1).",
            id=Verbatim(found.id),
            row=Verbatim(found.row_id(0)),
        )
        _say(console, speaker.say(opens), "dim")
    elif not kept:
        _say(console, speaker.words("The home cannot be written, so the evidence id is not kept."), "yellow")


def rows(sheet: Sheet, speaker: Speaker) -> None:
    """The records behind a number."""
    console = console_of()
    _say(console, sheet.title, "bold")
    told = _telling(sheet)
    narrow = [name for name in NARROW if name in told] if "event_id" in told else told
    table([{name: row[name] for name in narrow} for row in sheet.rows], speaker)
    _notes(console, sheet)


def posts(sheet: Sheet, speaker: Speaker) -> None:
    """Posts with their texts, whole, one below the other."""
    console = console_of()
    _say(console, sheet.title, "bold")
    for n, row in enumerate(sheet.rows[:MOST_TEXTS], start=1):
        at = row["posted_at"]
        moment = "–" if at is None else at.strftime("%Y-%m-%d %H:%M:%S")
        parts = (moment, row["platform"], row["account"] or "–", row["account_name"], row["row_id"])
        _say(console, f"{n}  {' · '.join(plain(str(part)) for part in parts if part)}", "dim")
        _say(console, "–" if row["text"] is None else plain(row["text"]))
    if len(sheet.rows) > MOST_TEXTS:
        said = T("… and {n} more; ask for a row with fewer: ID.N.", n=len(sheet.rows) - MOST_TEXTS)
        _say(console, speaker.say(said))
    _notes(console, sheet)


def plain(words: str) -> str:
    r"""Words that others wrote, on one line and without signs that would move or colour what a screen shows.

    >>> plain("a\x1b[2Jb\n c")
    'a[2Jb c'
    """
    return " ".join(STEERING.sub("", words).split())


def _notes(console: Console, sheet: Sheet) -> None:
    for note in sheet.notes:
        _say(console, f"· {note}")
    for source in sheet.sources:
        _say(console, source, "dim")


def _telling(sheet: Sheet) -> list[str]:
    """The columns worth a place on a screen: not those that are empty, or the same all the way down as the title."""
    seen = {name: {row.get(name) for row in sheet.rows} for name in sheet.names if name != "evidence"}
    same: list[str] = [
        name for name in ("period", "country", "covered", "release") if name in seen and len(seen[name]) == 1
    ]
    if len(sheet.rows) < 2 or seen.get("covered") not in (None, {"yes"}):
        same = [name for name in same if name == "covered" and seen[name] == {"yes"}]
    if "sources" in seen:
        same += [name for name, usual in PLAIN.items() if seen.get(name) == {usual}]
        same += [name for name in seen if name.endswith(("_id", "_kind"))]
    return [name for name, values in seen.items() if name not in same and values != {None}]


def releases(there: Sequence[Held], speaker: Speaker) -> None:
    """One line a release."""
    table(
        [
            {
                speaker.words("release"): held.release.name,
                speaker.words("status"): held.release.status,
                speaker.words("published by"): held.release.published.isoformat(),
                speaker.words("covers"): _covers(held, speaker),
                speaker.words("events or records"): held.release.events or held.release.rows,
                speaker.words("rejects"): held.release.rejects,
                speaker.words("licence"): held.release.origin.licence.name,
                speaker.words("digest"): held.release.digest[:12],
                speaker.words("where"): speaker.words("embedded") if held.embedded else speaker.words("own"),
            }
            for held in there
        ],
        speaker,
    )


def table(lines: Sequence[Mapping[str, Any]], speaker: Speaker, most: int = MOST_ROWS) -> None:
    """Rows as a table, numbers to the right; what has no room is left out and named."""
    if not lines:
        return
    console = console_of()
    cells = {name: [_words(name, line[name], speaker) for line in lines[:most]] for name in lines[0]}
    numeric = {name: all(isinstance(line[name], int | float | None) for line in lines) for name in cells}
    needs = [
        ColumnNeed(name, max(map(len, (*heading(name).split("\n"), *words))), wraps=not numeric[name])
        for name, words in cells.items()
    ]
    given = widths(needs, console.width)
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
    for name, width in given.items():
        justify: Literal["left", "right"] = "right" if numeric[name] else "left"
        shown.add_column(heading(name), width=width, justify=justify, overflow="fold", vertical="top")
    for row in zip(*(cells[name] for name in given), strict=True):
        shown.add_row(*map(Styled, row))
    console.print(shown)
    hidden = [Verbatim(name) for name in cells if name not in given]
    if hidden:
        _say(console, speaker.say(T("No room here for {columns}.", columns=listing(hidden))), style="dim")
    if len(lines) > most:
        _say(console, speaker.say(T("… and {n} more rows; --format csv has all.", n=len(lines) - most)))


def _words(name: str, value: Any, speaker: Speaker) -> str:
    if isinstance(value, bool):
        return speaker.say(value)
    if isinstance(value, int | float) and name not in ("cell", "year", "#"):
        if name in TINY and 0 < abs(value) < 0.01:
            return f"{value:.0e}".replace(".", speaker.number(0.5, 1)[1])
        whole = not isinstance(value, float) or value.is_integer()
        close = name.startswith("ratio") and abs(value) < 10
        return speaker.number(value, 0 if whole else 3 if close else 1 if abs(value) >= 1 else 2)
    words = plain("" if value is None else str(value))
    if name in ACCOUNTS and len(words) == WHOLE_PSEUDONYM and words.startswith("acct-"):
        words = f"{words[:13]}…"
    if name == "sources" and "; " in words:
        first, *others = words.split("; ")
        words = f"{first} (+{len(others)})"
    return words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1]}…"


def _covers(held: Held, speaker: Speaker) -> str:
    coverage = held.release.coverage
    places = (
        ", ".join(coverage.places)
        if len(coverage.places) <= 8
        else speaker.say(T("{n} countries", n=len(coverage.places)))
    )
    if coverage.start.year == 1:
        return places
    told = f"{places}; {coverage.start} – {coverage.end}" if coverage.places else speaker.words("nothing")
    if coverage.hidden:
        told += "; " + speaker.say(T("hidden after {day}", day=Verbatim(coverage.hidden.after.isoformat())))
    return told


def say(words: str, style: str = "") -> None:
    """A line of its own."""
    _say(console_of(), words, style)


def _say(console: Console, words: str, style: str = "") -> None:
    """A sentence, wrapped on a screen and on one line in a pipe."""
    console.print(Styled(words, style=style), soft_wrap=not sys.stdout.isatty())


def console_of() -> Console:
    """Standard output, as wide as the terminal; in a pipe as wide as a table needs."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
    return Console(width=width, highlight=False, file=sys.stdout)
