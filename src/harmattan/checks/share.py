"""`share`: which part of it was done by somebody or happened somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from harmattan.checks.asker import Asker
from harmattan.checks.scene import Scene, no_record, not_counted, scene
from harmattan.checks.value import told_first
from harmattan.checks.verdict import PartResult, Reckoning, Verdict
from harmattan.checks.ways import STRICT, UNITS, bounds, figure, judge, reckonings, spoken, way
from harmattan.text import Number, T, Text
from harmattan.vocabulary.claim import Share


def share(asker: Asker, part: Share) -> PartResult:
    """Whether a part is so many percent of the whole.

    A share ranges from the low estimate of the part with the high one of the rest to the opposite.
    """
    whole, piece = scene(asker, part), scene(asker, part.piece)
    for there in (whole, piece):
        if there.obstacle is not None:
            return there.uncheckable(part)
    if not whole.whole:
        return whole.uncheckable(part, T("{title}: only a part is covered, so no share of it can be told.",
                                         title=whole.title))  # fmt: skip
    wholes, pieces = (reckonings(there, part.measure, None) for there in (whole, piece))
    if not (wholes and pieces):
        return piece.uncheckable(part, not_counted(piece if wholes else whole))
    found = _shares(part, wholes, pieces)
    if not found:
        return piece.result(part, "no_record", no_record(whole), also=(whole.counted,))
    verdict, told = judge(piece, part.amount, found)
    sentence = _sentence(part, (whole, piece), verdict, told, bounds(found))
    return piece.result(part, verdict, sentence, *told_first(told, found), unit=T("percent"), also=(whole.counted,))


def _shares(part: Share, wholes: Sequence[Reckoning], pieces: Sequence[Reckoning]) -> tuple[Reckoning, ...]:
    by_key = {one.key: one for one in wholes}
    found = []
    for piece in pieces:
        if way(piece) not in (*STRICT, "parent", "family") or way(piece) in ("record", "single", "within"):
            continue
        whole = by_key.get(piece.key, wholes[0])
        if not whole.best or piece.best is None:
            continue
        low, high = piece.low or 0.0, piece.high or 0.0
        least = _percent(low, max((whole.high or 0.0) - high, 0.0))
        most = _percent(high, max((whole.low or 0.0) - low, 0.0))
        best = 100 * piece.best / whole.best
        ends = (best, best) if piece.key.endswith("all_dead") else (min(least, best), max(most, best))
        agrees = part.amount.meets(*ends)
        found.append(replace(piece, low=ends[0], best=best, high=ends[1], agrees=agrees))
    return tuple(found)


def _percent(piece: float, rest: float) -> float:
    return 100 * piece / (piece + rest) if piece + rest else 0.0


def _sentence(
    part: Share, scenes: tuple[Scene, Scene], verdict: Verdict, told: Reckoning, ends: tuple[float, float]
) -> Text:
    whole, piece = scenes
    if verdict == "no_record":
        return no_record(piece)
    count = figure(replace(told, low=None, high=None), part.measure)
    said: dict[str, Any] = {"title": piece.title, "figure": count, "claim": spoken(part.amount, 1)}
    said["share"] = Number(told.best, told.evidence, 1)
    said["whole"] = T("the {unit} in {whole}", unit=UNITS[part.measure], whole=whole.title)
    if verdict == "supported":
        return T("{title}: {figure}, {share} % of {whole}; the claim of {claim} % is supported.", **said)
    if verdict == "different_figure":
        return T("{title}: {figure}, {share} % of {whole}; the claim says {claim} % and is supported with a different "
                 "figure.", **said)  # fmt: skip
    if verdict == "contradicted":
        low, high = (Number(end, piece.counted.id, 1) for end in ends)
        return T("{title}: {figure}, {share} % of {whole}, and {low} to {high} % by every way of counting; the claim "
                 "of {claim} % is contradicted.", low=low, high=high, **said)  # fmt: skip
    return T("{title}: {figure}, {share} % of {whole}; whether the claim of {claim} % holds the source cannot tell.",
             **said)  # fmt: skip
