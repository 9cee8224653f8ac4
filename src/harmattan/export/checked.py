"""Checked claims as JSON: stable, documented fields. `schema()` is published."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from harmattan.checks.claims_file import plain
from harmattan.checks.verdict import (
    OVERALL_RULE,
    OVERALL_WORDS,
    VERDICT_WORDS,
    Checked,
    ClaimResult,
    Overall,
    PartResult,
    Reckoning,
    Verdict,
)
from harmattan.text.speaker import Speaker

SCHEMA_ID = "harmattan-checked-1"


class Told(BaseModel):
    """A piece of the report."""

    model_config = ConfigDict(frozen=True)


class ReleaseTold(Told):
    """A release that a verdict rests on."""

    name: str = Field(description="dataset@label")
    digest: str = Field(description="SHA-256 of the release")
    published: dt.date
    licence: str
    citation: str


class WayTold(Told):
    """One way of counting what a part speaks of."""

    key: str = Field(description="the way's short name: said, record, incident, month, wider, overlap, placed …")
    how: str = Field(description="the way of counting in words")
    low: float | None
    best: float | None
    high: float | None
    agrees: bool = Field(description="whether what the claim says is possible by this way of counting")
    evidence: str | None = Field(description="`harmattan evidence ID` lists the rows")


class PartTold(Told):
    """One part of a claim and its verdict."""

    part: dict[str, Any] = Field(description="the part as the claims file has it")
    verdict: Verdict
    verdict_words: str
    sentence: str = Field(description="one sentence that can be printed")
    low: float | None = Field(description="by the first way of counting; null where no number was computed")
    best: float | None
    high: float | None
    unit: str | None
    found: str | None = Field(description="what was found where that is no number, in words: a date")
    ways: list[WayTold] = Field(description="every way of counting, that of the verdict's figure first")
    coverage: str = Field(description="what the releases in use speak of, or what they cannot see")
    releases: list[str] = Field(description="names of the releases behind it")
    evidence: list[str] = Field(description="ids of every answer that was looked at")


class ClaimTold(Told):
    """One claim and its verdict."""

    id: str
    quote: str
    modality: str
    attributed_to: str
    note: str
    verdict: Overall
    verdict_words: str
    parts: list[PartTold]


class CheckedTold(Told):
    """The whole report."""

    format: str = Field(description="name and version of these fields")
    document: dict[str, Any] = Field(description="what the claims are taken from, as the claims file has it")
    as_of: dt.date = Field(description="the last day that a claim can speak of")
    known_by: dt.date | None = Field(description="releases published later were left out; null: none was")
    language: str
    rule: str = Field(description="how the verdict over a claim follows from those of its parts")
    counts: dict[str, int] = Field(description="how many claims have which verdict")
    part_counts: dict[str, int] = Field(description="how many parts have which verdict")
    releases: list[ReleaseTold]
    claims: list[ClaimTold]


def schema() -> dict[str, Any]:
    """The JSON Schema of the report."""
    made = CheckedTold.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID} | made


def as_json(checked: Checked, speaker: Speaker, known_by: dt.date | None = None) -> dict[str, Any]:
    """The report as plain JSON values, its words in the reader's language."""
    overall: list[str] = [result.verdict for result in checked.results]
    parts: list[str] = [part.verdict for result in checked.results for part in result.parts]
    releases = [
        ReleaseTold(name=r.name, digest=r.digest, published=r.published, licence=r.licence, citation=r.citation)
        for r in checked.releases
    ]
    told = CheckedTold(
        format=SCHEMA_ID,
        document=plain(checked.claims.document),
        as_of=checked.claims.as_of,
        known_by=known_by,
        language=speaker.language,
        rule=speaker.say(OVERALL_RULE),
        counts={name: overall.count(name) for name in OVERALL_WORDS},
        part_counts={name: parts.count(name) for name in VERDICT_WORDS},
        releases=releases,
        claims=[_claim(result, speaker) for result in checked.results],
    )
    return told.model_dump(mode="json")


def _claim(result: ClaimResult, speaker: Speaker) -> ClaimTold:
    claim, note = result.claim, result.claim.note
    return ClaimTold(
        id=claim.id,
        quote=claim.quote,
        modality=claim.modality,
        attributed_to=claim.attributed_to,
        note=note.get("fr" if speaker.language == "fr" else "en", next(iter(note.values()), "")),
        verdict=result.verdict,
        verdict_words=speaker.say(OVERALL_WORDS[result.verdict]),
        parts=[_part(part, speaker) for part in result.parts],
    )


def _part(result: PartResult, speaker: Speaker) -> PartTold:
    first = result.number
    return PartTold(
        part=plain(result.part),
        verdict=result.verdict,
        verdict_words=speaker.say(VERDICT_WORDS[result.verdict]),
        sentence=speaker.say(result.sentence),
        low=_finite(first.low) if first else None,
        best=_finite(first.best) if first else None,
        high=_finite(first.high) if first else None,
        unit=speaker.say(result.unit) if result.unit and result.found is None else None,
        found=speaker.say(result.found) if result.found else None,
        ways=[_way(way, speaker) for way in result.reckonings],
        coverage=speaker.say(result.coverage),
        releases=[ref.name for ref in result.releases],
        evidence=list(dict.fromkeys(answer.id for answer in result.answers)),
    )


def _way(way: Reckoning, speaker: Speaker) -> WayTold:
    return WayTold(
        key=way.key,
        how=speaker.say(way.how),
        low=_finite(way.low),
        best=_finite(way.best),
        high=_finite(way.high),
        agrees=way.agrees,
        evidence=way.evidence,
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
