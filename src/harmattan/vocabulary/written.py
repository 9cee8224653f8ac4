"""YAML that people write by hand: a tree in which every part knows its line, and records made of it, fault by fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from harmattan.text import T, Text, Verbatim, counted

File = Path
"""Where something is written: so rooms that open no files themselves call it."""
MOST_BYTES = 20_000_000
"""A larger file is not one that somebody wrote."""
MOST_PARTS = 1_000_000
"""So many keys, words, lists and records together; with more the file is refused."""
MOST_DEEP = 30
"""A record holds no list within lists so deep."""
MOST_FAULTS = 1000
"""So many faults of one file are told one by one."""


@dataclass(frozen=True, order=True)
class Fault:
    """Something wrong in a file, and where."""

    file: str
    line: int
    what: Text = field(compare=False)


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a YAML file, every word as it is written, with its line: that of its key where it has one."""

    line: int
    value: dict[str, Node] | list[Node] | str | None

    def plain(self) -> Any:
        """The value without lines; what is empty is left out of a record."""
        if isinstance(self.value, dict):
            return {key: part.plain() for key, part in self.value.items() if part.value is not None}
        return [part.plain() for part in self.value] if isinstance(self.value, list) else self.value

    def line_of(self, path: Sequence[Any]) -> int:
        """The line of a part, or of the nearest around it that there is."""
        node = self
        for step in path:
            parts = node.value
            found = parts.get(step) if isinstance(parts, dict) else None
            if isinstance(parts, list) and isinstance(step, int) and step < len(parts):
                found = parts[step]
            if found is None:
                break
            node = found
        return node.line


@dataclass
class Page:
    """One file while it is read, and where its faults are told."""

    file: str
    told: list[Fault] = field(default_factory=list)
    faults: int = 0

    def fault(self, line: int, what: Text) -> None:
        """Something wrong in a line. Of very many faults the last are only counted."""
        self.faults += 1
        if self.faults <= MOST_FAULTS:
            self.told.append(Fault(self.file, line, what))

    def close(self) -> None:
        """Tells how many faults were only counted."""
        if self.faults > MOST_FAULTS:
            more = counted(self.faults - MOST_FAULTS, "{n} more fault is not told", "{n} more faults are not told")
            self.told.append(Fault(self.file, 1, more))


class Refused(Exception):
    """A file that is not read to its end."""

    def __init__(self, line: int, what: Text) -> None:
        super().__init__(line, what)
        self.line, self.what = line, what


def tree(file: Path, page: Page) -> Node | None:
    """The only document of a YAML file; None where it is empty. Raises Refused where it cannot be read to its end."""
    return _Reader(_text(file), page).root()


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Refused(1, T("the file is larger than 20 MB"))
        content = file.read_bytes()
    except OSError as problem:
        words = Verbatim(str(problem.strerror))
        raise Refused(1, T("the file cannot be read: {fault}", fault=words)) from problem
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Refused(content.count(b"\n", 0, problem.start) + 1, T("the file is not UTF-8")) from problem


class _Reader:
    """Makes one tree of a YAML file from its events: no aliases, so that a small file cannot stand for a huge one."""

    def __init__(self, text: str, page: Page) -> None:
        self._text, self._page, self._seen = text, page, 0
        self._events = iter(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))

    def root(self) -> Node | None:
        """The file's only document; None where it is empty. Raises Refused where it is not YAML, or too much."""
        try:
            self._next()
            if isinstance(self._next(), yaml.StreamEndEvent):
                return None
            found = self._node(self._next(), 0)
            self._next()
            more = self._next()
        except yaml.YAMLError as problem:
            words = str(getattr(problem, "problem", None) or problem).splitlines()[0]
            raise Refused(self._line_of(problem), T("this is not YAML: {fault}", fault=Verbatim(words))) from problem
        if not isinstance(more, yaml.StreamEndEvent):
            raise Refused(_line(more), T("the file holds more than one document"))
        return None if found.value is None else found

    def _line_of(self, problem: yaml.YAMLError) -> int:
        mark = getattr(problem, "problem_mark", None)
        if mark is not None:
            return min(int(mark.line), self._text.count("\n")) + 1
        return self._text.encode()[: getattr(problem, "position", None) or 0].count(b"\n") + 1

    def _next(self) -> Any:
        event = next(self._events)
        self._seen += 1
        if self._seen > MOST_PARTS:
            raise Refused(_line(event), T("the file holds more than {n} parts", n=MOST_PARTS))
        return event

    def _node(self, event: Any, depth: int, line: int | None = None) -> Node:
        line = line or _line(event)
        if isinstance(event, yaml.AliasEvent):
            name = Verbatim(f"*{event.anchor}")
            raise Refused(_line(event), T("{name} is an alias: write it out, or in quotation marks", name=name))
        if isinstance(event, yaml.ScalarEvent):
            empty = event.style in (None, "") and event.value in ("", "~", "null")
            return Node(line, None if empty else str(event.value))
        if depth == MOST_DEEP:
            raise Refused(_line(event), T("this is not YAML: {fault}", fault=Verbatim("it is nested too deep")))
        if isinstance(event, yaml.MappingStartEvent):
            return Node(line, self._mapping(depth + 1))
        parts = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            parts.append(self._node(event, depth + 1))
        return Node(line, parts)

    def _mapping(self, depth: int) -> dict[str, Node]:
        found: dict[str, Node] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            line, key = _line(event), self._node(event, depth)
            if isinstance(key.value, dict | list):
                self._page.fault(line, T("a list or a record is no key"))
            name = str(getattr(event, "value", ""))
            if name in found:
                self._page.fault(line, T("{name} is said twice", name=Verbatim(name)))
            found[name] = self._node(self._next(), depth, line)
        return found


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def record_of(model: type[BaseModel], node: Node, page: Page, more: dict[str, str] | None = None) -> Any:
    """A record of what is written, and what else is known of it; None and a fault where it is none."""
    content = node.plain()
    if not isinstance(content, dict):
        page.fault(node.line, T("this is no record but a single word"))
        return None
    try:
        return model.model_validate((more or {}) | content)
    except ValidationError as wrong:
        for error in wrong.errors():
            words = str(error["msg"]).removeprefix("Value error, ")
            where = ".".join(map(str, error["loc"])) or model.__name__.lower()
            said = T("{field}: {fault}", field=Verbatim(where), fault=Verbatim(words))
            page.fault(node.line_of(error["loc"]), said)
    return None
