"""Reads the YAML files of a dossier into typed records, each with its file and line; every fault is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harmattan.dossier.records import LISTS, Actor, Header
from harmattan.errors import WrongFile
from harmattan.text import T, Verbatim, listing
from harmattan.vocabulary.written import Fault, Node, Page, Refused, record_of, tree

HEADER = "dossier"


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


@dataclass
class _Page(Page):
    """One file of a dossier while it is read."""

    written: Written = field(default_factory=Written)

    def keep(self, list_: str, record: Any, line: int) -> None:
        self.written.entries[list_].append(Entry(record, self.file, line))


def _read_file(file: Path, written: Written) -> None:
    page = _Page(file.name, written.faults, written=written)
    try:
        root = tree(file, page)
    except Refused as refused:
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
    page.close()
    return None


def _read_header(node: Node, page: _Page) -> None:
    made, written = record_of(Header, node, page), page.written
    if written.headed:
        page.fault(node.line, T("there are two headers"))
    written.headed, written.header = True, made or written.header


def _read_list(name: str, content: Node, page: _Page) -> None:
    for node, key in _items(name, content, page):
        names = node.value.pop("names", None) if name == "actors" and isinstance(node.value, dict) else None
        record = record_of(LISTS[name], node, page, key)
        if record is not None:
            page.keep(name, record, node.line)
        if isinstance(record, Actor):
            for own in _own_names(record):
                page.keep("names", own, node.line)
        if names is not None:
            _read_names(names, node, record, page)


def _read_names(names: Node, actor: Node, record: Any, page: _Page) -> None:
    """The names that stand with an actor; where it says one of its own names anew, that counts."""
    said = actor.plain().get("id")
    owner = {"actor": said if isinstance(said, str) else ""}
    if not isinstance(names.value, list | None):
        page.fault(names.line, T("{name} is no list", name=Verbatim("names")))
    for node in names.value if isinstance(names.value, list) else ():
        if not isinstance(node.value, dict):
            page.fault(node.line, T("a name needs at least {field}", field=Verbatim("text")))
            continue
        made = record_of(LISTS["names"], node, page, owner)
        if made is not None:
            own = made if made.cite else made.model_copy(update={"cite": getattr(record, "cite", ())})
            page.keep("names", own, node.line)


def _items(name: str, content: Node, page: _Page) -> Iterator[tuple[Node, dict[str, str]]]:
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
