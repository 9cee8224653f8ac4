"""Effects of bases that forces left on violence around them, with the words and the records that they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from harmattan.errors import UsageError
from harmattan.models.effect.effect import Check, Effect, Variant
from harmattan.questions.build import Line
from harmattan.questions.effect_places import BEFORE, KM, RADII, Discs, Ground, discs, ground, neighbours_in
from harmattan.questions.effect_rows import Found, Spans
from harmattan.questions.effect_words import MEASURES, Say
from harmattan.questions.marked import Array
from harmattan.questions.parameters import Params
from harmattan.questions.reach import CELL_KM, unmeasured
from harmattan.questions.world import World
from harmattan.text import Bilingual, T, Text, Verbatim, counted, listing

SHARED = 0.1
"""A check of a radius counts where no more than this part of the events is known by the cell alone, or it is wider."""


@dataclass(frozen=True)
class ByPlace:
    """The records around places."""

    ground: Ground
    discs: Discs

    @cached_property
    def _events(self) -> dict[str, Array]:
        return dict(zip(self.discs.outcome.units, self.discs.events, strict=True))

    def line(self, values: dict[str, Any], spans: Spans) -> Line:
        """A row that rests on the events around some places between their first and last month."""
        first = self.discs.outcome.first.ordinal
        parts = [np.array([], dtype=int)]
        for unit, (low, high) in spans.items():
            which = self._events[unit]
            month = self.ground.month[which] - first
            parts.append(which[(month >= low) & (month <= high)])
        found = np.sort(np.concatenate(parts))
        events = int(self.ground.marked.summed["events"][found].sum())
        return self.ground.marked.line(values | {"events": events}, found)


@dataclass(frozen=True)
class Bases:
    """What was found of each radius, what it rests on, and what has to be said."""

    ground: Ground
    found: tuple[Found, ...]
    caveats: tuple[Text, ...]


def of_bases(world: World, params: Params) -> Bases:
    """The effect of leaving bases on violence around them, for each radius asked about."""
    if params.design not in (None, "staggered"):
        raise UsageError(
            T("The design {design} is one of a country, not of places.", design=Verbatim(params.design or "")),
            available=T("There is: staggered."),
            do=T("Name a --milestone for one country, or leave --design out."),
        )
    if params.donor:
        raise UsageError(T("Donors are countries; places that were left are compared with places."),
                         do=T("Leave --donor out."))  # fmt: skip
    key = ("effect", replace(params, by=()))
    if key not in world._panels:
        land = ground(world, params)
        chosen = [discs(land, params, km) for km in params.km or (KM,)]
        world._panels[key] = (land, chosen, tuple(_found(land, one, params) for one in chosen))
    land, chosen, found = world._panels[key]
    land = replace(land, scope=replace(land.scope, params=params))
    said = [text for one in chosen for text in _said(land, one)]
    return Bases(land, found, (*land.there.said(), *said, *_always(land, params), IN_IT))


def estimated(one: Discs, *, shown: bool = True) -> Effect:
    """The effect by the staggered design; without `shown` the estimate and its interval alone."""
    from harmattan.models.effect.staggered import staggered

    return staggered(one.outcome, before=one.before, after=one.window, shown=shown, reassigned=199 if shown else 0)


def _found(land: Ground, one: Discs, params: Params) -> Found:
    effect = estimated(one)
    if effect.estimate is not None:
        effect = _against_radii(land, one, params, effect)
    places = dict(zip(one.outcome.units, one.places, strict=True))
    return Found(
        case=f"{_forces(land).en}, {one.km:g} km",
        effect=effect,
        outcome=one.outcome,
        behind=ByPlace(land, one),
        estimand=lambda say: _estimand(land, one, params, say),
        measure=params.measure,
        before=one.before,
        after=one.window,
        km=one.km,
        roles={name: place.role for name, place in places.items()},
    )


def _against_radii(land: Ground, one: Discs, params: Params, effect: Effect) -> Effect:
    """The effect beside that of other radii, which `stable` is held to where the data know places that well.

    A wider disc holds all of the narrower, so that it must hold a part of the effect; a narrower one is held to its
    share of the area.
    """
    from harmattan.models.effect import checks

    shown: list[Variant] = []
    held: list[Variant] = []
    coarse = float(np.mean(land.marked.of_cell)) > SHARED
    for km in RADII:
        if km == one.km:
            continue
        other = estimated(discs(land, params, km), shown=False)
        if other.estimate is None or other.verdict == "refused":
            continue
        variant = Variant("radius", f"{km:g}", other.estimate.value, other.estimate.low, other.estimate.high)
        shown.append(variant)
        if not coarse or km >= CELL_KM:
            held.append(replace(variant, value=variant.value * max(1.0, (one.km / km) ** 2)))
    own = [variant for variant in effect.variants if variant.kind in ("window", "measure")]
    check: Check = checks.stable(effect.estimate.value if effect.estimate else 0.0, [*own, *held])
    kept = tuple(check if old.name == "stable" else old for old in effect.checks)
    return replace(effect, variants=(*effect.variants, *shown), checks=kept)


def _forces(land: Ground) -> Bilingual:
    """The forces whose leaving is looked at."""
    own = {id(base) for base in land.there.of_forces()}
    names = dict.fromkeys(base.name for one in land.shut for base in one.bases if id(base) in own)
    both = [name if isinstance(name, Bilingual) else Bilingual(name, name) for name in names]
    return Bilingual(", ".join(name.en for name in both), ", ".join(name.fr for name in both))


def _estimand(land: Ground, one: Discs, params: Params, say: Say) -> Text:
    stayed, matched = len(one.of("stayed")), len(one.of("matched"))
    beside = []
    if stayed:
        beside.append(counted(say(stayed, 0), "{n} place where a force stayed", "{n} places where a force stayed"))
    if matched or not stayed:
        beside.append(counted(say(matched, 0), "{n} place without a force", "{n} places without a force"))
    return T(
        "The mean difference per place and month, over {n} months from the month of leaving on, between {measure} "
        "within {km} km of {places} that {forces} left and what the same months at {beside} let expect.",
        n=say(one.window, 0),
        measure=MEASURES[params.measure],
        km=say(one.km, 0),
        places=counted(say(len(one.of("left")), 0), "{n} place", "{n} places"),
        forces=_forces(land),
        beside=listing(beside),
    )


IN_IT = T(
    "An effect here is a difference from what the comparison lets expect. A force may leave a place because of the "
    "violence there, and whoever came after it is in the difference too."
)


def _said(land: Ground, one: Discs) -> Iterator[Text]:
    """What has to be said of one radius."""
    km = f"{one.km:g}"
    yield T(
        "Within {km} km, places that were left are compared with places more than {twice} km from each of them: bases "
        "where a force stood for certain in all months used, and middles of cells in the same countries without a base "
        "that had at least one event, and with one added between a third and three times as many as a place that was "
        "left, in the {before} months before those that are used. An event within reach of two places counts at the "
        "nearer.",
        km=Verbatim(km),
        twice=Verbatim(f"{2 * one.km:g}"),
        before=one.before,
    )
    if one.overlaps:
        yield T(
            "Within {km} km, {pairs} of places that were left lie so near each other that the leaving of one may be "
            "felt at the other.",
            km=Verbatim(km),
            pairs=counted(one.overlaps, "{n} pair", "{n} pairs"),
        )


def _always(land: Ground, params: Params) -> Iterator[Text]:
    """What has to be said of the places whatever the radius."""
    window = params.window
    stayed, came = set[str](), set[str]()
    for one in land.shut:
        there, new = neighbours_in(land, one, window)
        stayed |= {f"{base.name} ({one.base.place})" for base in there}
        came |= {f"{base.name} ({one.base.place})" for base in new}
    if stayed:
        yield T("Another force stayed where one left: {names}. What leaving did there, it did beside that force.",
                names=listing([Verbatim(name) for name in sorted(stayed)]))  # fmt: skip
    if came:
        yield T("Another force came within the months after: {names}. Leaving and coming cannot be told apart.",
                names=listing([Verbatim(name) for name in sorted(came)]))  # fmt: skip
    if land.left_out:
        yield T("Left out, since the months before or after are not covered: {names}.",
                names=listing([Verbatim(f"{one.base.place} ({one.written})") for one in land.left_out]))  # fmt: skip
    yield T("A place counts as left from the month of the closing on, or from the first month in which it may have "
            "closed; the {before} months before are compared.", before=params.before or BEFORE)  # fmt: skip
    yield from unmeasured(land.marked)
