"""The form of a claim: a block of fields for each of its parts, made from the models in `vocabulary.claim`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from harmattan.checks.claims_faults import PARTS, part_fault
from harmattan.checks.claims_file import KNOWN, plain
from harmattan.errors import UsageError
from harmattan.text import T, Text, Verbatim
from harmattan.vocabulary.claim import Where
from harmattan.web.desk_fields import Choice, Field, with_given, written
from harmattan.web.desk_words import CHECKS, label, word

MOST_PARTS = 12
ACTORS = ("actor", "by", "against", "subject", "object", "force", "successor")
"""Fields of parts that name somebody of the dossier."""
_BETWEEN = re.compile(r"\s*;\s*")
_BETWEEN_CODES = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Part:
    """One part's block of the form."""

    check: str
    """Empty where none is chosen yet."""
    fields: tuple[Field, ...] = ()

    @property
    def means(self) -> Text | None:
        """What the check is for."""
        return CHECKS.get(self.check)


def part_of(n: int, check: str, said: Mapping[str, Any]) -> Part:
    """The block of the part at a position, filled with what a claims file would say."""
    if check not in PARTS:
        return Part("")
    return Part(check, tuple(_fields(PARTS[check], f"p{n}", said, check)))


def _fields(model: type[BaseModel], prefix: str, said: Mapping[str, Any], check: str) -> Iterator[Field]:
    for name, info in model.model_fields.items():
        key = info.alias or name
        if key == "check":
            continue
        value = said.get(key)
        if _is_table(info):
            inner = tuple(_fields(Where, f"{prefix}.{key}", value if isinstance(value, Mapping) else {}, check))
            yield Field(f"{prefix}.{key}", label(key), "", "inner", inner=inner)
            continue
        words = choices_of(check, key, info)
        shown = _written(value if value is not None else info.default if words and not info.is_required() else None)
        many = _is_several(info)
        kind = "choice" if words and not many else "listed" if words else _kind(key, info)
        yield Field(f"{prefix}.{key}", label(key), shown, kind, _with(words, shown, many, info), many)


def _with(words: tuple[str, ...], shown: str, many: bool, info: FieldInfo) -> tuple[Choice, ...]:
    told = [(one, word(one)) for one in words]
    if many or not told:
        return tuple(told)
    return with_given(told, shown, empty=info.is_required() or info.default is None)


def choices_of(check: str, key: str, info: FieldInfo) -> tuple[str, ...]:
    """The words that a field of a check can say; empty where any can be said."""
    if (check, key) in KNOWN:
        return KNOWN[check, key]
    return _literals(info.annotation)


def _literals(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is Literal:
        return tuple(map(str, get_args(annotation)))
    return tuple(one for inner in get_args(annotation) for one in _literals(inner))


def _is_table(info: FieldInfo) -> bool:
    return get_origin(info.annotation) is dict


def _is_several(info: FieldInfo) -> bool:
    return get_origin(info.annotation) is tuple


def _kind(key: str, info: FieldInfo) -> str:
    if key in ACTORS:
        return "actor"
    if key == "country":
        return "countries"
    told = str(info.annotation)
    if "float" in told or "int" in told:
        return "number"
    return "date" if "PartialDate" in told else "words"


def _written(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(_written(one) for one in value)
    return written(value)


def said_of(n: int, check: str, sent: Mapping[str, str]) -> dict[str, Any]:
    """What a block of a form says, as a claims file would; empty fields say nothing."""
    if check not in PARTS:
        return {}
    return {"check": check} | _said(PARTS[check], f"p{n}", sent)


def _said(model: type[BaseModel], prefix: str, sent: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        key = info.alias or name
        value: Any = sent.get(f"{prefix}.{key}", "").strip()
        if _is_table(info):
            value = _said(Where, f"{prefix}.{key}", sent)
        elif _is_several(info):
            between = _BETWEEN_CODES if key in ("country", "kind", "type") else _BETWEEN
            value = [one for one in between.split(value) if one]
        if value and key != "check":
            found[key] = value
    return found


def checked(said: Mapping[str, Any], n: int) -> dict[str, Any]:
    """A part as plain JSON with numbers as numbers. Raises UsageError in one line for one that cannot be checked."""
    at = Verbatim(str(n + 1))
    if not said:
        raise UsageError(T("It is not said what part {n} can be checked for.", n=at), do=T("Choose a check."))
    if (wrong := part_fault(said)) is not None:
        raise UsageError(T("Part {n} cannot be checked: {fault}.", n=at, fault=wrong))
    for (check, field), known in KNOWN.items():
        given = said.get(field) if said["check"] == check else None
        for one in given if isinstance(given, list) else [given]:
            if one is not None and one not in known:
                raise UsageError(T("Part {n}: {field} cannot be {word}.", n=at, field=label(field), word=Verbatim(one)))
    return plain(PARTS[said["check"]].model_validate(dict(said)))  # type: ignore[arg-type]
