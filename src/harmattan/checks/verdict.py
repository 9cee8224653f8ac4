"""What comes of a check: a verdict for each part of a claim with the numbers and rows behind it, and one over all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from harmattan.questions.answer import Answer
from harmattan.text import T, Text
from harmattan.vocabulary.claim import Claim, Claims, DossierPart, EventPart
from harmattan.vocabulary.origin import ReleaseRef

Verdict = Literal["supported", "different_figure", "contradicted", "no_record", "not_checkable"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
VERDICT_WORDS: dict[str, Text] = {
    "supported": T("supported"),
    "different_figure": T("supported with a different figure"),
    "contradicted": T("contradicted"),
    "no_record": T("no matching record"),
    "not_checkable": T("not checkable with this source"),
}
Overall = Literal["supported", "supported_in_part", "different_figure", "contradicted", "no_record", "not_checkable"]
OVERALL_WORDS: dict[str, Text] = {**VERDICT_WORDS, "supported_in_part": T("supported in part")}
OVERALL_RULE = T(
    "The verdict over a claim is that of its parts: contradicted where one part is; else supported with a different "
    "figure where one is; supported where every part is; supported in part where some are and for the others there is "
    "no matching record or nothing to check them with; no matching record where none is supported and one has none; "
    "else not checkable with this source."
)


@dataclass(frozen=True)
class Reckoning:
    """One reasonable way to count what a part speaks of, and what it comes to."""

    key: str
    """`said` (as the claim says it), `record`, `incident`, `month`, `wider`, `overlap`, `placed`, `all_dead` …"""
    how: Text
    """The way of counting, in words."""
    low: float | None
    best: float | None
    high: float | None
    agrees: bool
    """Whether what the claim says is possible by this way of counting."""
    answer: Answer | None = None
    row: int | None = None
    """The row of the answer (counted from zero) that it is; None for the whole answer."""

    @property
    def evidence(self) -> str | None:
        """The id that `harmattan evidence` lists the rows by."""
        if self.answer is None:
            return None
        return self.answer.id if self.row is None else self.answer.row_id(self.row)


@dataclass(frozen=True)
class PartResult:
    """The verdict on one part."""

    part: EventPart | DossierPart
    verdict: Verdict
    sentence: Text
    """One sentence that can be printed: what was looked for, what was found, and what follows."""
    coverage: Text
    """What the releases in use speak of, or what they cannot see."""
    reckonings: tuple[Reckoning, ...] = ()
    """The first is the way of counting that the verdict's figure comes from."""
    unit: Text | None = None
    answers: tuple[Answer, ...] = ()
    """Every answer that was looked at."""
    found: Text | None = None
    """What was found where that is no number: a date. The numbers of the first way of counting otherwise."""

    @property
    def number(self) -> Reckoning | None:
        """The way of counting whose number was found; None where none was, or what was found is something else."""
        first = self.reckonings[0] if self.reckonings else None
        return None if first is None or first.best is None or self.found is not None else first

    @property
    def releases(self) -> tuple[ReleaseRef, ...]:
        """The releases behind it, each once."""
        found = {ref.name: ref for answer in self.answers for ref in answer.releases}
        return tuple(found.values())


@dataclass(frozen=True)
class ClaimResult:
    """The verdicts on a claim's parts, and the one over all."""

    claim: Claim
    parts: tuple[PartResult, ...]

    @property
    def verdict(self) -> Overall:
        """By the stated rule (`OVERALL_RULE`)."""
        return overall(part.verdict for part in self.parts)


@dataclass(frozen=True)
class Checked:
    """A claims file with its verdicts."""

    claims: Claims
    results: tuple[ClaimResult, ...]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every answer that was looked at, each once, in order."""
        found = {answer.id: answer for result in self.results for part in result.parts for answer in part.answers}
        return tuple(found.values())

    @property
    def releases(self) -> tuple[ReleaseRef, ...]:
        """The releases behind the verdicts, each once."""
        return tuple({ref.name: ref for answer in self.answers for ref in answer.releases}.values())


def overall(verdicts: Iterable[Verdict]) -> Overall:
    """The verdict over a claim, by the stated rule.

    >>> overall(["supported", "not_checkable"]), overall(["supported", "different_figure"])
    ('supported_in_part', 'different_figure')
    >>> overall(["no_record", "not_checkable"]), overall(["contradicted", "supported"])
    ('no_record', 'contradicted')
    """
    there = set(verdicts)
    if "contradicted" in there:
        return "contradicted"
    if "different_figure" in there:
        return "different_figure"
    if there == {"supported"}:
        return "supported"
    if "supported" in there:
        return "supported_in_part"
    return "no_record" if "no_record" in there else "not_checkable"
