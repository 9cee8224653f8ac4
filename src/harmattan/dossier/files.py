"""Reads the YAML files of a dossier into typed records, each with its file and line; every fault is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from harmattan.dossier.records import LISTS, Actor, Header, Record
from harmattan.errors import WrongFile
from harmattan.text import T, Text, Verbatim, counted, listing

HEADER = "dossier"
MOST_BYTES = 20_000_000
"""A larger file is not a dossier that somebody wrote."""
MOST_PARTS = 1_000_000
"""So many keys, words, lists and records together; with more the file is refused."""
MOST_DEEP = 30
"""A record holds no list within lists so deep."""
MOST_FAULTS = 1000
"""So many faults of one file are told one by one."""


@dataclass(frozen=True, order=True)
class Fault:
    """Something wrong in a dossier, and where."""

    file: str
    line: int
    what: Text = field(compare=False)


@dataclass(frozen=True)
class Entry:
    """A record and where it is written."""

    record: Any
    file: str
    line: int


@dataclass
class Written:
    """A dossier as its files have it."""

    header: Header | None = None
    entries: dict[str, list[Entry]] = field(default_factory=lambda: {name: [] for name in LISTS})
    faults: list[Fault] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    headed: bool = False
    """Whether something stands where the header belongs, be it without faults or not."""
    refused: bool = False
    """Whether a file could not be read to its end: what is not found may stand there."""

    def records(self, name: str) -> list[Any]:
        """The records of one list."""
        return [entry.record for entry in self.entries[name]]

    @property
    def layer(self) -> tuple[dict[str, list[Any]], dict[str, Any]]:
        """The records by list, and the sources by key, as a book takes them."""
        lists = {name: self.records(name) for name in self.entries if name != "sources"}
        return lists, {source.key: source for source in self.records("sources")}


def files_of(path: Path) -> list[Path]:
    """The YAML files of a dossier: those in a folder, or the file itself. Raises WrongFile where there are none."""
    found = sorted((*path.glob("*.yaml"), *path.glob("*.yml"))) if path.is_dir() else [path]
    if not found or not all(file.is_file() for file in found):
        raise WrongFile(
            T("There is no dossier in {path}.", path=Verbatim(str(path))),
            do=T("Name a folder with .yaml files, or one such file."),
        )
    return found


def read(path: Path) -> Written:
    """Every record and every fault of the files. Raises WrongFile only where there is nothing to read."""
    written = Written(files=files_of(path))
    for file in written.files:
        _read_file(file, written)
    if not (written.headed or written.refused):
        first = written.files[0].name
        written.faults.append(Fault(first, 1, T("there is no header: a list `dossier` with name, title, release …")))
    return written


@dataclass(frozen=True, slots=True)
class _Node:
    """A part of a YAML file, every word as it is written, with its line: that of its key where it has one."""

    line: int
    value: dict[str, _Node] | list[_Node] | str | None

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
class _Page:
    """One file while it is read."""

    file: str
    written: Written
    faults: int = 0

    def fault(self, line: int, what: Text) -> None:
        self.faults += 1
        if self.faults <= MOST_FAULTS:
            self.written.faults.append(Fault(self.file, line, what))

    def keep(self, list_: str, record: Any, line: int) -> None:
        self.written.entries[list_].append(Entry(record, self.file, line))


class _Refused(Exception):
    """A file that is not read to its end."""

    def __init__(self, line: int, what: Text) -> None:
        super().__init__(line, what)
        self.line, self.what = line, what


def _read_file(file: Path, written: Written) -> None:
    page = _Page(file.name, written)
    try:
        root = _Reader(_text(file), page).root()
    except _Refused as refused:
        written.refused = True
        return page.fault(refused.line, refused.what)
    if root is None:
        return None
    if not isinstance(root.value, dict):
        return page.fault(root.line, T("the file holds no lists such as actors or relations"))
    for name, node in root.value.items():
        if name == HEADER:
            _read_header(node, page)
        elif name not in LISTS:
            there = listing([Verbatim(known) for known in (HEADER, *LISTS)])
            page.fault(node.line, T("there is no list {name}; there are {all}", name=Verbatim(name), all=there))
        else:
            _read_list(name, node, page)
    if page.faults > MOST_FAULTS:
        more = counted(page.faults - MOST_FAULTS, "{n} more fault is not told", "{n} more faults are not told")
        written.faults.append(Fault(page.file, 1, more))
    return None


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise _Refused(1, T("the file is larger than 20 MB"))
        content = file.read_bytes()
    except OSError as problem:
        words = Verbatim(str(problem.strerror))
        raise _Refused(1, T("the file cannot be read: {fault}", fault=words)) from problem
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _Refused(content.count(b"\n", 0, problem.start) + 1, T("the file is not UTF-8")) from problem


class _Reader:
    """Makes one tree of a YAML file from its events: no aliases, so that a small file cannot stand for a huge one."""

    def __init__(self, text: str, page: _Page) -> None:
        self._text, self._page, self._seen = text, page, 0
        self._events = iter(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))

    def root(self) -> _Node | None:
        """The file's only document; None where it is empty. Raises _Refused where it is not YAML, or too much."""
        try:
            self._next()
            if isinstance(self._next(), yaml.StreamEndEvent):
                return None
            found = self._node(self._next(), 0)
            self._next()
            more = self._next()
        except yaml.YAMLError as problem:
            words = str(getattr(problem, "problem", None) or problem).splitlines()[0]
            raise _Refused(self._line_of(problem), T("this is not YAML: {fault}", fault=Verbatim(words))) from problem
        if not isinstance(more, yaml.StreamEndEvent):
            raise _Refused(_line(more), T("the file holds more than one document"))
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
            raise _Refused(_line(event), T("the file holds more than {n} parts", n=MOST_PARTS))
        return event

    def _node(self, event: Any, depth: int, line: int | None = None) -> _Node:
        line = line or _line(event)
        if isinstance(event, yaml.AliasEvent):
            name = Verbatim(f"*{event.anchor}")
            raise _Refused(_line(event), T("{name} is an alias: write it out, or in quotation marks", name=name))
        if isinstance(event, yaml.ScalarEvent):
            empty = event.style in (None, "") and event.value in ("", "~", "null")
            return _Node(line, None if empty else str(event.value))
        if depth == MOST_DEEP:
            raise _Refused(_line(event), T("this is not YAML: {fault}", fault=Verbatim("it is nested too deep")))
        if isinstance(event, yaml.MappingStartEvent):
            return _Node(line, self._mapping(depth + 1))
        parts = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            parts.append(self._node(event, depth + 1))
        return _Node(line, parts)

    def _mapping(self, depth: int) -> dict[str, _Node]:
        found: dict[str, _Node] = {}
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


def _read_header(node: _Node, page: _Page) -> None:
    made, written = _made(Header, node, page), page.written
    if written.headed:
        page.fault(node.line, T("there are two headers"))
    written.headed, written.header = True, made or written.header


def _read_list(name: str, content: _Node, page: _Page) -> None:
    for node, key in _items(name, content, page):
        names = node.value.pop("names", None) if name == "actors" and isinstance(node.value, dict) else None
        record = _made(LISTS[name], node, page, key)
        if record is not None:
            page.keep(name, record, node.line)
        if isinstance(record, Actor):
            for own in _own_names(record):
                page.keep("names", own, node.line)
        if names is not None:
            _read_names(names, node, record, page)


def _read_names(names: _Node, actor: _Node, record: Any, page: _Page) -> None:
    """The names that stand with an actor; where it says one of its own names anew, that counts."""
    said = actor.plain().get("id")
    owner = {"actor": said if isinstance(said, str) else ""}
    if not isinstance(names.value, list | None):
        page.fault(names.line, T("{name} is no list", name=Verbatim("names")))
    for node in names.value if isinstance(names.value, list) else ():
        if not isinstance(node.value, dict):
            page.fault(node.line, T("a name needs at least {field}", field=Verbatim("text")))
            continue
        made = _made(LISTS["names"], node, page, owner)
        if made is not None:
            own = made if made.cite else made.model_copy(update={"cite": getattr(record, "cite", ())})
            page.keep("names", own, node.line)


def _items(name: str, content: _Node, page: _Page) -> Iterator[tuple[_Node, dict[str, str]]]:
    """The records of a list, each with what its place says of it: the key of a source."""
    if isinstance(content.value, list):
        yield from ((node, {}) for node in content.value)
    elif name == "sources" and isinstance(content.value, dict):
        yield from ((node, {"key": key}) for key, node in content.value.items())
    elif content.value is not None:
        page.fault(content.line, T("{name} is no list", name=Verbatim(name)))


def _own_names(actor: Actor) -> Iterator[Any]:
    """The labels of an actor and its short form are names of it."""
    name = LISTS["names"]
    for lang, words in actor.label.items():
        yield name.model_validate({"actor": actor.id, "text": words, "lang": lang, "cite": actor.cite})
    for written_in, short in (("und", actor.short), ("fr", actor.short_in_french)):
        if short:
            own = {"actor": actor.id, "text": short, "lang": written_in, "kind": "acronym", "cite": actor.cite}
            yield name.model_validate(own)


def _made(model: type[Record], node: _Node, page: _Page, more: dict[str, str] | None = None) -> Any:
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
