"""What a review makes of an assertion, and when two assertions contradict each other. Nothing here touches a database.

Whoever accepts an assertion that contradicts another accepted one about the very same words gets it back in the state
`conflict`: both stand, and somebody decides, by rejecting one, calling one obsolete, or changing what
one of them means.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from harmattan.errors import DeskError, UsageError
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.assertion import Assertion, State
from harmattan.vocabulary.claim import Claim

MEANING: dict[str, tuple[str, ...]] = {
    "actor": ("actor",),
    "place": ("place", "iso3", "level", "cell"),
    "date": ("start", "end"),
    "figure": ("value", "high", "qualifier", "indicator", "unit"),
    "new_name": ("long", "acronym"),
}
"""The fields of the canonical form that tell one meaning from another, by kind. Other kinds contradict nothing."""
NEEDED: dict[str, tuple[str, ...]] = {
    "actor": ("actor",),
    "place": ("place", "iso3"),
    "figure": ("value",),
    "new_name": ("long",),
    "relation": ("subject", "relation"),
}
"""What has to be said before an assertion can be accepted."""
REVISABLE = ("as_written", "first", "last", "modality", "attributed_to")
"""What a review may change beside the canonical form, the state and the note."""


def revised(
    now: Assertion,
    state: State,
    reviewer: str,
    at: dt.datetime,
    *,
    canonical: Mapping[str, Any] | None = None,
    note: str = "",
    also: Mapping[str, Any] | None = None,
) -> Assertion:
    """The next version of an assertion; `now` itself where nothing would be new.

    Whoever changes what an accepted one says makes it a candidate again, whatever state was asked for: a change is
    one act, its review another. Raises UsageError for what cannot be accepted as it stands.
    """
    if not reviewer.strip():
        raise UsageError(T("Nobody is named as the reviewer."), do=T("Say who reviews."))
    changes: dict[str, Any] = {name: value for name, value in (also or {}).items() if name in REVISABLE}
    if canonical is not None:
        changes["canonical"] = dict(canonical)
    said = now.model_dump() | changes
    said |= {"version": now.version + 1, "state": state, "reviewer": reviewer, "at": at, "note": note}
    try:
        made = Assertion.model_validate(said)
    except ValidationError as fault:
        raise UsageError(T("That cannot be kept: {fault}.", fault=Verbatim(in_one_line(fault)))) from None
    edited = any(getattr(made, name) != getattr(now, name) for name in ("canonical", *REVISABLE))
    if edited and now.state == "accepted":
        made = made.model_copy(update={"state": "candidate"})
    if not edited and (state, reviewer, note) == (now.state, now.reviewer, now.note):
        return now
    if made.state == "accepted":
        _acceptable(made)
    return made


def _acceptable(made: Assertion) -> None:
    missing = [name for name in NEEDED.get(made.kind, ()) if made.canonical.get(name) in (None, "")]
    if missing:
        raise UsageError(
            T("{id} does not say yet which {field} is meant.", id=Verbatim(made.id), field=Verbatim(missing[0])),
            do=T("Say {command}.", command=Verbatim(f"harmattan desk edit {made.id} --set {missing[0]}=…")),
        )
    if made.kind == "date" and not (made.canonical.get("start") or made.canonical.get("end")):
        raise UsageError(T("{id} says no day.", id=Verbatim(made.id)))
    if made.kind == "claim":
        claim_in(made)


def claim_in(made: Assertion) -> Claim:
    """The claim that an assertion holds, with its citation. Raises UsageError in one line where it is none."""
    try:
        claim = Claim.model_validate(made.canonical)
    except ValidationError as fault:
        raise UsageError(
            T(
                "{id} is no claim that can be checked: {fault}.",
                id=Verbatim(made.id),
                fault=Verbatim(in_one_line(fault)),
            )
        ) from None
    return claim if claim.citation else claim.model_copy(update={"citation": made.citation})


def in_one_line(fault: ValidationError) -> str:
    """The first thing that a model complains of: where, and what."""
    first = fault.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return " ".join(f"{where}: {first['msg']}".strip(": ").rstrip(".").split())


def contradicts(one: Assertion, other: Assertion) -> bool:
    """Whether two assertions give the very same words of a document different meanings.

    They do where both say one of the telling fields of their kind (`MEANING`) and say it differently.
    """
    if one.id == other.id or one.kind != other.kind or one.document != other.document:
        return False
    if (one.citation.start, one.citation.end) != (other.citation.start, other.citation.end):
        return False
    pairs = [(one.canonical.get(name), other.canonical.get(name)) for name in MEANING.get(one.kind, ())]
    return any(a is not None and b is not None and a != b for a, b in pairs)


class ChangedMeanwhile(DeskError):
    """Somebody else has made another version than the one that was seen."""


def changed_meanwhile(now: Assertion, expected: int) -> ChangedMeanwhile:
    """What is said to the second of two people who changed the same version."""
    who = now.reviewer or str(now.origin)
    at = f"{now.at:%Y-%m-%d %H:%M:%S} UTC"
    return ChangedMeanwhile(
        T("{who} has made version {version} of {id} ({state}) at {at}, after the version {expected} that you saw.",
          who=Verbatim(who), version=now.version, id=Verbatim(now.id), state=Verbatim(now.state), at=Verbatim(at),
          expected=expected),
        do=T("Nothing of yours was kept and nothing was lost: look at {command} and say it again.",
             command=Verbatim(f"harmattan desk show {now.id}")),
    )  # fmt: skip


def unkeepable(value: Any) -> Text | None:
    """What a database cannot keep in some text, number or list of them; None where all of it can be kept.

    >>> str(unkeepable({"actor": "a\\x00b"}))
    'It has the character NUL'
    >>> unkeepable(["خ", "🕊", "'; DROP TABLE assertions; --"]) is None
    True
    """
    if isinstance(value, str):
        if "\x00" in value:
            return T("It has the character NUL")
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            return T("It has half a character (a surrogate)")
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else T("It has a number that is none")
    inner: Iterable[Any] = ()
    if isinstance(value, Mapping):
        inner = (*value.keys(), *value.values())
    elif isinstance(value, list | tuple):
        inner = value
    return next((fault for part in inner if (fault := unkeepable(part)) is not None), None)
