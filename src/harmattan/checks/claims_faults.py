"""What is wrong with a claims file, in words: where it stands, what was said, and what would be allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from harmattan.text import T, Text, Verbatim, joined, listing, msg
from harmattan.vocabulary import claim as vocabulary
from harmattan.vocabulary.country import COUNTRIES, did_you_mean, unknown_country

MOST_FAULTS = 20
MOST_WORDS = 12
"""Where more are allowed only the nearest is named."""
LONGEST = 60
Loc = tuple[str | int, ...]
PARTS: dict[str, type[BaseModel]] = {
    get_args(model.model_fields["check"].annotation)[0]: model
    for model in (*get_args(vocabulary.EventPart), *get_args(vocabulary.DossierPart))
}
"""The models of parts by their check."""
CHECKS = tuple(PARTS)


@dataclass(frozen=True)
class Fault:
    """One fault. Without `what` it is a word or (where `said` is None) a field that is not one of those known."""

    loc: Loc
    what: Text | None
    said: str | None = None
    known: tuple[str, ...] = ()


class Lines:
    """On which line of a TOML file a key stands; counted from one.

    >>> lines = Lines('as_of = 2022\\n[[claim]]\\nid = "a"\\n[[claim.part]]\\ncheck = "count"\\n')
    >>> lines.of(("claim", 0, "part", 0, "check")), lines.of(("claim", 0, "quote")), lines.of(("document",))
    (5, 2, None)
    """

    def __init__(self, text: str) -> None:
        self._at: dict[Loc, int] = {}
        within: Loc = ()
        claims, parts, quoted = -1, -1, ""
        for number, line in enumerate(text.split("\n"), start=1):
            if quoted:
                quoted = "" if line.count(quoted) % 2 else quoted
                continue
            header = re.match(r"\s*(\[\[?)\s*([\w.\"-]+)\s*\]", line)
            key = re.match(r"\s*\"?([\w-]+)\"?\s*[.=]", line)
            if header and header[2] == "claim":
                claims, parts = claims + 1, -1
                within = ("claim", claims)
            elif header and header[2] == "claim.part":
                parts += 1
                within = ("claim", claims, "part", parts)
            elif header:
                within = tuple(header[2].split("."))
            if header or key:
                self._at.setdefault((*within, key[1]) if key else within, number)
            quoted = next((sign for sign in ('"""', "'''") if line.count(sign) % 2), "")

    def of(self, loc: Loc) -> int | None:
        """The line of a key, else of the nearest table around it; None for what stands nowhere."""
        for end in range(len(loc), 0, -1):
            if loc[:end] in self._at:
                return self._at[loc[:end]]
        return None


def faults_of(wrong: ValidationError, content: Mapping[str, Any]) -> Iterator[Fault]:
    """Every fault that pydantic found, in the order of the file."""
    errors = [(_without_tags(error["loc"]), error) for error in wrong.errors()]
    around = {loc[:n] for loc, _error in errors for n in range(len(loc))}
    for loc, error in errors:
        if not (error["type"] == "too_short" and loc in around):
            yield _fault(loc, error, content)


def in_a_line(faults: Sequence[Fault], content: Mapping[str, Any], lines: Lines | None) -> Text:
    """The faults as one text, the first few of many."""
    told = [_told(fault, content, lines) for fault in faults[:MOST_FAULTS]]
    if len(faults) > MOST_FAULTS:
        told.append(T("and {n} more", n=len(faults) - MOST_FAULTS))
    return joined(told, msg("{first}; {second}"))


def part_fault(part: Mapping[str, Any]) -> Text | None:
    """What is wrong with one part of a claim; None where nothing is.

    >>> str(part_fault({"check": "relation", "subject": "JNIM"}))
    'relation is missing'
    """
    content = {"document": {"title": "-"}, "as_of": "2000-01-01", "claim": [{"id": "a", "quote": "-", "part": [part]}]}
    try:
        vocabulary.Claims.model_validate(content)
    except ValidationError as wrong:
        found = [replace(fault, loc=fault.loc[4:] or fault.loc[-1:]) for fault in faults_of(wrong, content)]
        return in_a_line(found, content, None)
    return None


def _without_tags(loc: tuple[str | int, ...]) -> Loc:
    """Where a fault is, without the names that pydantic gives to the kinds of a part."""
    found: list[str | int] = []
    for n, step in enumerate(loc):
        if step in CHECKS and n >= 2 and loc[n - 2] == "part" and isinstance(loc[n - 1], int):
            continue
        found.append(step)
    return tuple(found)


def _fault(loc: Loc, error: Any, content: Mapping[str, Any]) -> Fault:
    context = error.get("ctx") or {}
    said = _short(error.get("input"))
    match error["type"]:
        case "missing":
            return Fault(loc, T("{field} is missing", field=Verbatim(str(loc[-1]))))
        case "extra_forbidden":
            return Fault(loc, None, None, _fields(loc, content))
        case "literal_error":
            return Fault(loc, None, said, tuple(re.findall(r"'([^']*)'", context.get("expected", ""))))
        case "union_tag_not_found":
            return Fault(loc, T("check is missing"), None, CHECKS)
        case "union_tag_invalid":
            return Fault((*loc, "check"), None, _short(context.get("tag")), CHECKS)
        case "too_short" | "string_too_short":
            return Fault(loc, T("{field} is empty", field=Verbatim(str(loc[-1]))))
        case "greater_than_equal" | "greater_than":
            least = Verbatim(str(context.get("ge", context.get("gt"))))
            sign = (
                msg("{field} cannot be {word}: the least is {n}")
                if "ge" in context
                else msg("{field} cannot be {word}: it must be more than {n}")
            )
            return Fault(loc, T(sign, field=Verbatim(str(_field(loc))), word=Verbatim(said), n=least))
        case "value_error" if "country" in map(str, loc) and isinstance(error.get("input"), str):
            near = unknown_country(error["input"], COUNTRIES).available
            what = T("{word} is no ISO3 code of a country.", word=Verbatim(said))
            return Fault(loc, T("{first} {second}", first=what, second=near) if near else what)
    words = str(error["msg"]).removeprefix("Value error, ").replace("\n", " ")
    if not loc or error["type"] == "value_error":
        return Fault(loc, T("{fault}", fault=Verbatim(words)))
    kinds = {"float": T("a number"), "int": T("a whole number"), "string": T("text"), "date": T("a day")}
    kind = kinds.get(str(error["type"]).partition("_")[0], T("what belongs there"))
    name = Verbatim(str(_field(loc)))
    return Fault(loc, T("{field} {word} is not {kind}", field=name, word=Verbatim(said), kind=kind))


def _told(fault: Fault, content: Mapping[str, Any], lines: Lines | None) -> Text:
    """A fault with its place before it."""
    what = fault.what
    if what is None and fault.said is not None:
        what = T("{field} cannot be {word}", field=Verbatim(str(_field(fault.loc))), word=Verbatim(fault.said))
    elif what is None:
        what = T("there is no field {field}", field=Verbatim(str(fault.loc[-1])))
    allowed = _allowed(fault)
    if allowed is not None:
        what = T("{first} ({second})", first=what, second=allowed)
    where = _where(fault.loc, content)
    if where is not None:
        what = T("{where}: {what}", where=where, what=what)
    line = lines.of(fault.loc) if lines else None
    return T("{what} (line {line})", what=what, line=Verbatim(str(line))) if line else what


def _allowed(fault: Fault) -> Text | None:
    from rapidfuzz import fuzz, process

    if not fault.known:
        return None
    word = fault.said if fault.said is not None else str(fault.loc[-1])
    near = [
        name for name, _score, _at in process.extract(word, fault.known, scorer=fuzz.ratio, limit=2, score_cutoff=55)
    ]
    if len(fault.known) > MOST_WORDS and near:
        return did_you_mean(near)
    there = T("There are: {all}.", all=listing([Verbatim(name) for name in fault.known]))
    return T("{near} {there}", near=did_you_mean(near[:1]), there=there) if near else there


def _where(loc: Loc, content: Mapping[str, Any]) -> Text | None:
    """Which claim and which of its parts."""
    if len(loc) < 2 or loc[0] != "claim" or not isinstance(loc[1], int):
        return T("document") if loc[:1] == ("document",) and len(loc) > 1 else None
    try:
        name = str(content["claim"][loc[1]]["id"])
    except (KeyError, IndexError, TypeError):
        name = f"#{loc[1] + 1}"
    if len(loc) > 3 and loc[2] == "part" and isinstance(loc[3], int):
        return T("claim {id}, part {part}", id=Verbatim(_short(name)), part=Verbatim(str(loc[3] + 1)))
    return T("claim {id}", id=Verbatim(_short(name)))


def _fields(loc: Loc, content: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields that there are where an unknown one stands."""
    model: type[BaseModel] = vocabulary.Claims
    if loc[:1] == ("document",):
        model = vocabulary.About
    elif loc[:1] == ("claim",) and len(loc) == 3:
        model = vocabulary.Claim
    elif loc[:1] == ("claim",) and len(loc) >= 5 and loc[2] == "part":
        try:
            model = PARTS[content["claim"][loc[1]]["part"][loc[3]]["check"]]
        except (KeyError, IndexError, TypeError):
            return ()
    return tuple(info.alias or name for name, info in model.model_fields.items())


def _field(loc: Loc) -> str | int:
    """The name of the field itself, not the position in it."""
    return next((step for step in reversed(loc) if isinstance(step, str)), loc[-1])


def _short(value: Any) -> str:
    try:
        words = " ".join(str(value).split())
    except ValueError:  # a number of thousands of digits, which a hexadecimal one of TOML may be
        return "…"
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
