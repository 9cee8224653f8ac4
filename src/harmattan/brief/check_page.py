"""Checked claims as a report to keep: what was said, the verdict, the numbers, and the rows behind each of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harmattan.brief.appendix import Entry, entries_of
from harmattan.brief.check_charts import COLOURS, SIGNS, CheckCharts
from harmattan.brief.outline import Brief, Picture, Section, TableView, numbers
from harmattan.checks.claims_file import in_short
from harmattan.checks.verdict import OVERALL_RULE, OVERALL_WORDS, VERDICT_WORDS, Checked, ClaimResult, PartResult
from harmattan.questions.answer import Answer
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text import Bilingual, Number, T, Text, Value, Verbatim, counted, joined, listing, msg
from harmattan.text.speaker import Speaker

NONE = Verbatim("–")


@dataclass(frozen=True)
class PartView:
    """One part of a claim, ready to be drawn."""

    asked: str
    """The part in short, as the claims file has it."""
    verdict: str
    words: Text
    sentence: Text
    found: Text | None
    """The computed value with its range."""
    ways: TableView | None
    releases: Text
    coverage: Text
    evidence: tuple[str, ...]
    """The ids that lead to the rows; each has an entry."""


@dataclass(frozen=True)
class ClaimView:
    """One claim, ready to be drawn."""

    number: int
    id: str
    quote: str
    said_by: Text | None
    note: Bilingual | None
    verdict: str
    words: Text
    parts: tuple[PartView, ...]


@dataclass(frozen=True)
class Count:
    """How many claims and how many parts have a verdict; None for one that only claims have."""

    verdict: str
    words: Text
    claims: int
    parts: int | None


@dataclass(frozen=True)
class CheckPage:
    """A whole report."""

    brief: Brief
    """Title, date, command and answers; it has no sections of its own."""
    head: tuple[Text, ...]
    summary: Section
    counts: tuple[Count, ...]
    rule: Text
    claims: tuple[ClaimView, ...]
    entries: tuple[Entry, ...]


def compose(checked: Checked, inquiry: Inquiry, params: Params, command: str, speaker: Speaker) -> CheckPage:
    """Everything that the report shows, with the rows behind each number; it reads rows and no clock."""
    claims = views_of(checked)
    about = checked.claims.document
    parts = [about.authors, about.publisher, str(about.date or "")]
    brief = Brief(
        case="check",
        title=about.title,
        subtitle=T("{names}", names=Verbatim(", ".join(part for part in parts if part))),
        as_of=checked.claims.as_of,
        command=command,
        sections=(),
        answers=_answers(checked),
    )
    found = tuple(entries_of(_cited(checked, claims), inquiry))
    counts = tuple(counts_of(checked))
    summary = _summary(checked, speaker)
    return CheckPage(brief, tuple(_head(brief, params)), summary, counts, OVERALL_RULE, claims, found)


def _answers(checked: Checked) -> tuple[Answer, ...]:
    """Every answer, also those that only a way of counting names."""
    found = {answer.id: answer for answer in checked.answers}
    for result in checked.results:
        for part in result.parts:
            for way in part.reckonings:
                if way.answer is not None:
                    found.setdefault(way.answer.id, way.answer)
    return tuple(found.values())


def _head(brief: Brief, params: Params) -> Iterator[Text]:
    yield T("Claims checked as of {as_of}.", as_of=brief.as_of)
    if params.known_by is not None:
        yield T("Only what had been published by {day} was used.", day=params.known_by)
    names = listing([Verbatim(ref.name) for ref in brief.releases])
    yield T("Releases: {names}.", names=names) if brief.releases else T("No release was used.")


def _summary(checked: Checked, speaker: Speaker) -> Section:
    verdicts = [result.verdict for result in checked.results]
    of_parts: Counter[str] = Counter(part.verdict for result in checked.results for part in result.parts)
    whole: Counter[str] = Counter(verdicts)
    labels = {
        name: speaker.say(T("{words} ({n})", words=words, n=whole[name])) for name, words in OVERALL_WORDS.items()
    }
    lead = T(
        "{claims}, with {parts}.",
        claims=counted(len(verdicts), "{n} claim", "{n} claims"),
        parts=counted(sum(of_parts.values()), "{n} part to check", "{n} parts to check"),
    )
    drawn = CheckCharts(speaker, speaker.say(T("Verdicts: Harmattan."))).strip(verdicts, labels)
    caption = T("The claims in the order of the text, with their numbers here.")
    return Section("summary", T("Summary"), (lead,), picture=Picture(drawn, caption))


def counts_of(checked: Checked) -> Iterator[Count]:
    """How many claims and parts have each verdict."""
    whole: Counter[str] = Counter(result.verdict for result in checked.results)
    parts: Counter[str] = Counter(part.verdict for result in checked.results for part in result.parts)
    for name, words in OVERALL_WORDS.items():
        yield Count(name, words, whole[name], parts[name] if name in VERDICT_WORDS else None)


def views_of(checked: Checked) -> tuple[ClaimView, ...]:
    """The claims in order, ready to be drawn."""
    return tuple(_claim(n, result) for n, result in enumerate(checked.results, start=1))


def _claim(number: int, result: ClaimResult) -> ClaimView:
    claim = result.claim
    note = Bilingual(claim.note.get("en", ""), claim.note.get("fr", claim.note.get("en", ""))) if claim.note else None
    return ClaimView(
        number,
        claim.id,
        claim.quote,
        _said_by(claim.modality, claim.attributed_to),
        note,
        result.verdict,
        OVERALL_WORDS[result.verdict],
        tuple(_part(part) for part in result.parts),
    )


MODALITIES = {
    "reported": T("The text reports it; it does not assert it."),
    "implied": T("The text implies it."),
    "planned": T("The text says that it is planned."),
    "denied": T("The text denies it."),
}


def _said_by(modality: str, whom: str) -> Text | None:
    told = [MODALITIES[modality]] if modality in MODALITIES else []
    told += [T("Attributed to {whom}.", whom=Verbatim(whom))] if whom else []
    return joined(told) if told else None


def _part(result: PartResult) -> PartView:
    ways = result.reckonings
    ids = [way.evidence for way in ways if way.evidence] or [answer.id for answer in result.answers]
    names = [Verbatim(ref.name) for ref in result.releases]
    return PartView(
        in_short(result.part),
        result.verdict,
        VERDICT_WORDS[result.verdict],
        result.sentence,
        _found(result),
        _ways(result) if ways else None,
        T("Releases: {names}.", names=listing(names)) if names else T("No release was used."),
        result.coverage,
        tuple(dict.fromkeys(ids)),
    )


def _found(result: PartResult) -> Text | None:
    """The value and range of the first way of counting, with its unit; or what else was found."""
    first = result.number
    if first is None or first.best is None:
        return result.found
    value, evidence = _number(first.best, first.evidence), first.evidence
    ranged = first.low is not None and first.high is not None and (first.low, first.high) != (first.best, first.best)
    if ranged and math.isfinite(first.low or 0) and math.isfinite(first.high or 0):
        low, high = _number(first.low, evidence), _number(first.high, evidence)
        value = T("{best} ({low} – {high})", best=value, low=low, high=high)
    return T("{value} {unit}", value=value, unit=result.unit) if result.unit else T("{value}", value=value)


def _ways(result: PartResult) -> TableView:
    """The ways of counting; of records without numbers only what they are and whether they agree."""
    agrees = [T("yes") if way.agrees else T("no") for way in result.reckonings]
    if all(way.best is None and way.low is None and way.high is None for way in result.reckonings):
        told = tuple((way.how, said) for way, said in zip(result.reckonings, agrees, strict=True))
        return TableView((T("record"), T("agrees")), told, (False, False))
    rows = tuple(
        (way.how, *(_number(value, way.evidence) for value in (way.low, way.best, way.high)), said)
        for way, said in zip(result.reckonings, agrees, strict=True)
    )
    header = (T("way of counting"), T("low"), T("best"), T("high"), T("agrees"))
    return TableView(header, rows, (False, True, True, True, False))


def _number(value: float | None, evidence: str | None) -> Value:
    """A number with its evidence; as many decimals as it takes to tell small ones apart."""
    if value is None or not math.isfinite(value):
        return NONE
    digits = 0 if float(value).is_integer() or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return Number(value, evidence, digits)


def _cited(checked: Checked, claims: Sequence[ClaimView]) -> list[tuple[str, Answer, int | None]]:
    """Every evidence id that the report shows, once, in order, with its answer and row."""
    by_id = {answer.id: answer for answer in _answers(checked)}
    found: dict[str, tuple[str, Answer, int | None]] = {}
    for result, view in zip(checked.results, claims, strict=True):
        for part, shown in zip(result.parts, view.parts, strict=True):
            values: list[Value] = [part.sentence, part.coverage, *(cell for row in _rows(shown.ways) for cell in row)]
            ids = [number.evidence for value in values for number in numbers(value)]
            for name in (*ids, *shown.evidence):
                answer = by_id.get((name or "").partition(".")[0])
                if name and answer is not None:
                    row = name.partition(".")[2]
                    found.setdefault(name, (name, answer, int(row) - 1 if row else None))
    return list(found.values())


def _rows(table: TableView | None) -> tuple[tuple[Value, ...], ...]:
    return table.rows if table else ()


def look(verdict: str) -> tuple[str, str]:
    """The sign of a verdict and its colour."""
    return SIGNS[verdict], COLOURS[verdict]


WORDS = {
    "kind": msg("Article check"),
    "hindsight": msg("This report is hindsight: data it rests on came out after the date as of which it speaks."),
    "opens": msg("Every underlined number leads to the rows behind it."),
    "verdict": msg("verdict"),
    "of_claims": msg("claims"),
    "of_parts": msg("parts"),
    "rule": msg("The rule"),
    "claims": msg("The claims"),
    "found": msg("Found:"),
    "evidence_of": msg("Evidence:"),
    "caveats": msg("What to bear in mind"),
    "sources": msg("Sources"),
    "evidence": msg("Evidence"),
    "evidence_note": msg("The rows behind each number, the deadliest first, some of them. All of them are listed by"),
    "made": msg("Made with Harmattan"),
}
"""What the report says around its parts, in HTML as in PDF."""
