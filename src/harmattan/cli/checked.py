"""How checked claims look in a terminal: a table with a line for each part, then the sentences."""

from __future__ import annotations

from collections import Counter

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from harmattan.checks.verdict import OVERALL_RULE, OVERALL_WORDS, VERDICT_WORDS, Checked, ClaimResult, PartResult
from harmattan.cli.terminal import console_of
from harmattan.text import T, Text, Verbatim, counted, listing
from harmattan.text.speaker import Speaker

SEVERAL = 3
SIGNS = {
    "supported": ("●", "green"),
    "supported_in_part": ("◐", "cyan"),
    "different_figure": ("◆", "yellow"),
    "contradicted": ("×", "red"),
    "no_record": ("○", ""),
    "not_checkable": ("–", "dim"),
}


def show(checked: Checked, speaker: Speaker) -> None:
    """The head, the table, the sentences and how to open the numbers."""
    console = console_of()
    about = checked.claims.document
    told = [part for part in (about.authors, about.publisher, str(about.date or "")) if part]
    _say(console, f"{about.title}" + (f" ({', '.join(told)})" if told else ""), "bold")
    _say(console, speaker.say(_counts(checked)))
    console.print(_table(checked, speaker))
    once = _common(checked, speaker)
    for number, result in enumerate(checked.results, start=1):
        _claim(console, number, result, speaker, once)
    console.print()
    for words in once:
        _say(console, f"· {words}", "dim")
    _say(console, speaker.say(OVERALL_RULE), "dim")
    names = [Verbatim(ref.name) for ref in checked.releases]
    if names:
        _say(console, speaker.say(T("Releases: {names}.", names=listing(names))), "dim")


def _counts(checked: Checked) -> Text:
    verdicts: Counter[str] = Counter(result.verdict for result in checked.results)
    there = [T("{n} {words}", n=verdicts[name], words=words) for name, words in OVERALL_WORDS.items() if verdicts[name]]
    claims = counted(len(checked.results), "{n} claim", "{n} claims")
    return T("As of {as_of}, {claims}: {counts}.", as_of=checked.claims.as_of, claims=claims, counts=listing(there))


def _table(checked: Checked, speaker: Speaker) -> Table:
    """A line for each part; the claim's number and name stand at its first."""
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
    shown.add_column("#", justify="right", no_wrap=True)
    for head in (T("claim"), T("check"), T("verdict"), T("found")):
        shown.add_column(speaker.say(head), overflow="fold", justify="left")
    for number, result in enumerate(checked.results, start=1):
        for n, part in enumerate(result.parts):
            sign, style = SIGNS[part.verdict]
            words = speaker.say(VERDICT_WORDS[part.verdict])
            shown.add_row(
                "" if n else str(number),
                Styled("" if n else result.claim.id),
                part.part.check,
                Styled(f"{sign} {words}", style=style),
                Styled(_found(part, speaker)),
            )
    return shown


def _found(part: PartResult, speaker: Speaker) -> str:
    first = part.number
    if first is None or first.best is None:
        return speaker.say(part.found) if part.found else ""
    digits = 0 if float(first.best).is_integer() or abs(first.best) >= 100 else 2 if abs(first.best) >= 0.1 else 3
    value = speaker.number(first.best, digits)
    if first.low is not None and first.high is not None and first.low < first.high:
        value += f" ({speaker.number(first.low, digits)}–{speaker.number(first.high, digits)})"
    return f"{value} {speaker.say(part.unit)}" if part.unit else value


def _claim(console: Console, number: int, result: ClaimResult, speaker: Speaker, once: list[str]) -> None:
    sign, style = SIGNS[result.verdict]
    console.print()
    _say(console, f"{number}. “{result.claim.quote}”", "bold")
    _say(console, f"{sign} {speaker.say(OVERALL_WORDS[result.verdict])}", style)
    note = result.claim.note.get("fr" if speaker.language == "fr" else "en", "")
    if note:
        _say(console, note, "dim")
    for part in result.parts:
        sign, style = SIGNS[part.verdict]
        words = Styled(f"{sign} ", style=style)
        words.append(speaker.say(part.sentence), style="not dim")
        _indented(console, words, 2)
        if speaker.say(part.coverage) not in once:
            _indented(console, Styled(speaker.say(part.coverage), style="dim"), 4)
        ids = [way.evidence for way in part.reckonings if way.evidence] or [answer.id for answer in part.answers]
        if ids:
            _indented(console, Styled(f"harmattan evidence {ids[0]}", style="dim"), 4)


def _common(checked: Checked, speaker: Speaker) -> list[str]:
    """What is said of the coverage of several parts: it is printed once, at the end."""
    told = Counter(speaker.say(part.coverage) for result in checked.results for part in result.parts)
    return [words for words, parts in told.items() if parts >= SEVERAL]


def _say(console: Console, words: str, style: str = "") -> None:
    """A sentence, wrapped on a screen and on one line in a pipe."""
    console.print(Styled(words, style=style), soft_wrap=not console.is_terminal)


def _indented(console: Console, words: Styled, spaces: int) -> None:
    if console.is_terminal:
        console.print(Padding(words, (0, 0, 0, spaces)))
    else:
        console.print(Styled(" " * spaces) + words, soft_wrap=True)
