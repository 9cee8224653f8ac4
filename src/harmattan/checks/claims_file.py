"""Claims files: read from TOML or JSON with every fault in one line, written back, and their published schema."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any, Literal, get_args

from pydantic import ValidationError

from harmattan.checks.claims_faults import Fault, Lines, faults_of, in_a_line
from harmattan.dossier.records import Indicator, MilestoneKind, RelationKind
from harmattan.errors import UsageError, WrongFile
from harmattan.text import T, Text, Value, Verbatim
from harmattan.vocabulary import claim as vocabulary
from harmattan.vocabulary.claim import Claims, Stated

MOST_BYTES = 4_000_000
_LEVEL = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"{_LEVEL}(?:[ \t]*+\.[ \t]*+{_LEVEL}){{40}}")
"""A key of TOML with more levels than any claim has: the parser takes memory by the square of them."""
DOCUMENTS = (".pdf", ".docx", ".doc", ".odt", ".html", ".htm", ".txt", ".md")
"""Endings of files that are read or put on the desk, and are no claims."""
KNOWN: dict[tuple[str, str], tuple[str, ...]] = {
    ("relation", "relation"): get_args(RelationKind),
    ("milestone", "type"): get_args(MilestoneKind),
    ("figure", "indicator"): get_args(Indicator),
}
"""The words that a field of a check may say, where the dossier's records have the list."""


def load(path: Path) -> Claims:
    """The claims of a file, TOML or JSON by its ending, else by what it holds.

    Raises UsageError where there is no such file, and WrongFile, in one line, with every fault: claim, part, field,
    what would be allowed and, where a TOML file tells it, the line.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile(suffix=".json") as file:  # doctest: +ELLIPSIS
    ...     _ = file.write(b"{}"), file.flush()
    ...     load(Path(file.name))
    Traceback (most recent call last):
        ...
    harmattan.errors.WrongFile: ...json: document is missing; as_of is missing; claim is missing.
    """
    return loaded(_content(path), path)


def loaded(said: bytes, path: PurePath) -> Claims:
    """The claims in the bytes of a file that is called so. Raises as `load` does; it touches no disk."""
    text = _text(said, path)
    content, lines = _parsed(path, text)
    if not isinstance(content, dict):
        raise WrongFile(T("{path} holds no table of claims.", path=_name(path)), do=_see())
    found = list(_unknown_words(content))
    try:
        claims = Claims.model_validate(content)
    except ValidationError as wrong:
        found = [*faults_of(wrong, content), *found]
        claims = None
    if claims is None or found:
        told = in_a_line(found, content, lines)
        raise WrongFile(T("{path}: {faults}.", path=_name(path), faults=told))
    return claims


def dump(claims: Claims, kind: Literal["toml", "json"] = "toml") -> str:
    """The claims as a file that `load` reads back to the same claims; what is as it is by default is left out."""
    said = plain(claims)
    if kind == "json":
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    as_of = "\n".join(_pairs({"as_of": claims.as_of}))
    parts = [as_of, _table("[document]", said["document"])]
    for claim in said["claim"]:
        inner = claim.pop("part")
        parts.append(_table("[[claim]]", claim))
        parts += [_table("[[claim.part]]", part) for part in inner]
    return "\n\n".join(parts) + "\n"


def plain(stated: Stated) -> dict[str, Any]:
    """A piece of a claims file as plain JSON values, without what is as it is by default."""
    found: dict[str, Any] = stated.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return found


def in_short(part: Stated) -> str:
    """A part in one line, as a claims file would have it.

    >>> from harmattan.vocabulary.claim import Exists
    >>> in_short(Exists(check="exists", country="MLI", by="FAMa", start="2022"))
    'exists: country = MLI, from = 2022, by = FAMa'
    """
    said = dict(plain(part))
    return f"{said.pop('check')}: {', '.join(_shortly(name, value) for name, value in said.items())}"


def _shortly(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{name} ({', '.join(_shortly(inner, said) for inner, said in value.items())})"
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    return f"{name} = {value if isinstance(value, str) else _written(value)}"


def schema() -> dict[str, Any]:
    """The JSON Schema of a claims file, with the words that the dossier's records know."""
    made = vocabulary.schema()
    names = {"relation": "RelationPart", "milestone": "MilestonePart", "figure": "FigurePart"}
    for (check, field), words in KNOWN.items():
        said = made["$defs"][names[check]]["properties"][field]
        inner = next((one for one in (said, *said.get("anyOf", ())) if one.get("type") == "array"), None)
        if inner is None:
            said["enum"] = list(words)
        else:
            inner["items"] = dict(inner["items"]) | {"enum": list(words)}
    return made


def _content(path: Path) -> bytes:
    """What a file holds. Raises UsageError where there is none, and WrongFile for one that cannot be a claims file."""
    if not path.is_file():
        raise UsageError(
            T("There is no claims file {path}.", path=_name(path)),
            do=T("Name a TOML or JSON file of claims, or none for the worked case that comes with the package."),
        )
    if path.suffix.lower() in DOCUMENTS:
        raise _document(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _too_large(path)
        return path.read_bytes()
    except OSError as fault:
        words = Verbatim(str(fault.strerror))
        raise WrongFile(T("{path} cannot be read: {fault}.", path=_name(path), fault=words)) from fault


def _text(content: bytes, path: PurePath) -> str:
    """The file as text. Raises UsageError or WrongFile for what can be no claims file."""
    if path.suffix.lower() in DOCUMENTS:
        raise _document(path)
    if len(content) > MOST_BYTES:
        raise _too_large(path)
    if content.startswith((b"%PDF", b"PK\x03\x04", b"<!", b"<html")):
        raise _document(path)
    if not content.strip():
        raise WrongFile(T("{path} is empty.", path=_name(path)), do=_see())
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise WrongFile(
            T("{path} is not UTF-8 (line {line}).", path=_name(path), line=Verbatim(str(line))),
            do=T("Save it as UTF-8."),
        ) from fault
    if "\x00" in text:
        raise WrongFile(T("{path} is no text: it holds zero bytes.", path=_name(path)), do=_see())
    return text


def _parsed(path: PurePath, text: str) -> tuple[Any, Lines | None]:
    """What a text holds, and where its keys stand if it is TOML."""
    as_json = path.suffix.lower() == ".json" or (path.suffix.lower() != ".toml" and text.lstrip().startswith("{"))
    try:
        if as_json:
            return json.loads(text, parse_constant=_no_number), None
        if _LONG_KEY.search(text):
            raise RecursionError
        return tomllib.loads(text), Lines(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError, ValueError, RecursionError) as fault:
        if path.suffix.lower() not in (".toml", ".json"):
            raise _document(path) from fault
        deep = isinstance(fault, RecursionError)
        words: Value = T("it has too many levels") if deep else Verbatim(str(fault).splitlines()[0].rstrip("."))
        format_ = Verbatim("JSON" if as_json else "TOML")
        said = T("{path} is no {format}: {fault}.", path=_name(path), format=format_, fault=words)
        raise WrongFile(said, do=_see()) from fault


def _no_number(words: str) -> Any:
    raise ValueError(f"{words} is no number")


def _unknown_words(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Words of relations, milestones and indicators that no record has."""
    for at, part, n in _parts(content):
        for (check, field), known in KNOWN.items():
            said = part.get(field) if part.get("check") == check else None
            for word in said if isinstance(said, list) else [said]:
                if isinstance(word, str) and word not in known:
                    yield Fault(("claim", at, "part", n, field), None, word, known)


def _parts(content: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any], int]]:
    claims = content.get("claim")
    for at, claim in enumerate(claims if isinstance(claims, list) else ()):
        inner = claim.get("part") if isinstance(claim, dict) else None
        for n, part in enumerate(inner if isinstance(inner, list) else ()):
            if isinstance(part, dict):
                yield at, part, n


def _document(path: PurePath) -> UsageError:
    return UsageError(
        T("{path} is a document and no claims file.", path=_name(path)),
        do=T(
            "Say {read} to see what can be found in it, or {add} to take claims from it.",
            read=Verbatim(f"harmattan read {path}"),
            add=Verbatim(f"harmattan desk add {path}"),
        ),
    )


def _too_large(path: PurePath) -> WrongFile:
    return WrongFile(T("{path} is larger than 4 MB: that is no claims file.", path=_name(path)), do=_see())


def _see() -> Text:
    return T("Say {command} for what a claims file holds.", command=Verbatim("harmattan check --schema"))


def _name(path: PurePath) -> Verbatim:
    return Verbatim(str(path))


def _table(header: str, values: Mapping[str, Any]) -> str:
    return "\n".join((header, *_pairs(values)))


def _pairs(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        yield f"{_key(name)} = {_written(value)}"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _written(name)


def _written(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{" + ", ".join(_pairs(value)) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    return str(value)
