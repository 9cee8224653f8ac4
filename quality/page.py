"""The figures as Markdown tables, the same on the terminal and in RESULTS.md."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from quality.headlines import ANY, COUNTRY, FIGURE, PLACE, Shares
from quality.scoring import KINDS, Scores, Slip, Tally, wilson

AIMS = {"actor": 0.88, "place": 0.90, "date": 0.82, "figure with indicator": 0.75}
"""Least F1 on the test split, both languages together."""
HEADLINE_AIMS = {COUNTRY: 0.98, ANY: 0.98, PLACE: 0.85, FIGURE: 0.80}
"""Least share, both languages together. Both ways of asking for the country are held against the same aim."""
By = Mapping[tuple[str, str], Scores]
"""Scores by split and language ("all" for both)."""


def table(header: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """A Markdown table; columns after the first `left` ones are numbers."""
    lines = [header, ["---"] * left + ["---:"] * (len(header) - left), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def share(right: int, n: int, digits: int = 2) -> str:
    """A proportion with its 95 % interval."""
    if n == 0:
        return "-"
    low, high = wilson(right, n)
    return f"{right / n:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def verdict(value: float, aim: float | None) -> str:
    """The aim and whether it is met; nothing where there is none."""
    if aim is None:
        return ""
    return f"{aim:.2f} {'met' if value >= aim else 'NOT met'}"


def at_most(value: float, limit: float) -> str:
    """The limit and whether it is kept."""
    return f"at most {limit:g} {'met' if value <= limit else 'NOT met'}"


def _row(kind: str, split: str, language: str, tally: Tally) -> list[str]:
    f1 = "-" if math.isnan(tally.precision) and math.isnan(tally.recall) else f"{tally.f1:.2f}"
    aim = AIMS.get(kind) if (split, language) == ("test", "all") else None
    return [
        kind, split, language, str(tally.gold), share(tally.met, tally.gold), str(tally.said),
        share(tally.right, tally.said), f1, verdict(tally.f1, aim),
    ]  # fmt: skip


def reading(by: By) -> str:
    """Precision, recall and F1 of every kind by split and language."""
    header = ["", "split", "language", "n", "recall (95 %)", "found", "precision (95 %)", "F1", "aim"]
    rows = [
        _row(kind, split, language, by[split, language].tallies.get(kind, Tally()))
        for kind in KINDS
        for split in ("dev", "test")
        for language in ("en", "fr", "all")
    ]
    return table(header, rows, left=3)


def error_counts(by: By) -> str:
    """How many errors of which kind on the test split; which they are is not told."""
    counts = by["test", "all"].confusions()
    hows = ("missed", "confused", "false")
    rows = [[kind, *(str(counts[kind, how]) for how in hows)] for kind in KINDS]
    return table(["errors on the test split", *hows], rows)


def slips(found: Sequence[Slip]) -> str:
    """Every error, one a line."""
    ordered = sorted(found, key=lambda slip: (KINDS.index(slip.kind), slip.how))
    return "\n".join(
        f"{slip.kind}, {slip.how}, {slip.text}: {slip.around}" + f"  want [{slip.gold}] got [{slip.found}]"
        for slip in ordered
    )


def headline_table(shares: Shares) -> str:
    """The shares of the headline test."""
    rows = []
    for (what, language), (right, n) in sorted(shares.counts.items()):
        aim = HEADLINE_AIMS.get(what) if language == "all" else None
        rows.append([what, language, str(n), str(right), share(right, n, 3), verdict(right / n, aim)])
    return table(["", "language", "n", "right", "share (95 %)", "aim"], rows, left=2)


def missed(by: By) -> list[str]:
    """The aims of reading that are not met."""
    tallies = by["test", "all"].tallies
    return [kind for kind, aim in AIMS.items() if tallies.get(kind, Tally()).f1 < aim]
