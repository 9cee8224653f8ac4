"""A dossier handed on: as the YAML it is written in, as tables, as a graph, as FollowTheMoney entities.

The same dossier gives the same bytes. The words of the records are handed on as they are; titles and the lines about
where it comes from are given by the caller, in the reader's language.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harmattan.dossier.book import Book
from harmattan.dossier.records import LISTS, Actor, Header, Name, Record, Source
from harmattan.errors import UsageError
from harmattan.text import T, Verbatim, listing
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.partial import PartialDate

ENDINGS = {"yaml": ".yaml", "csv": ".zip", "graphml": ".graphml", "gexf": ".gexf", "ftm": ".ftm.json"}
"""How the name of a file of each format ends."""
FORMATS = tuple(ENDINGS)
GRAPHS = ("graphml", "gexf")
"""The formats that can hold one day only."""
LAST = ("from", "to", "end", "status", "as_written", "note", "names", "cite")
"""What an editor writes last in a record; what it is about stands before. A milestone has its end beside its date."""


@dataclass(frozen=True)
class About:
    """What is said with a dossier, and how: its header, title and attribution, the reader's language, a day."""

    header: Header | None = None
    language: str = "en"
    as_of: dt.date | None = None
    title: str = ""
    attribution: tuple[str, ...] = ()


def hand_on(
    book: Book,
    format: str,
    *,
    header: Header | None = None,
    language: str = "en",
    as_of: dt.date | None = None,
    title: str = "",
    attribution: Sequence[str] = (),
) -> bytes:
    """A dossier as a file of one of FORMATS.

    With `as_of` a graph has only what held on that day. Without title and attribution those of the header are taken.
    Raises UsageError for a format that there is not, and for a day where the format has none.
    """
    if format not in FORMATS:
        raise UsageError(
            T("A dossier cannot be written as {format}.", format=Verbatim(format)),
            available=T("There are {formats}.", formats=listing([Verbatim(name) for name in FORMATS])),
        )
    if as_of is not None and format not in GRAPHS:
        raise UsageError(
            T("{format} has the whole dossier and not that of one day.", format=Verbatim(format)),
            do=T("Leave the day out, or take {formats}.", formats=listing([Verbatim(name) for name in GRAPHS], "or")),
        )
    said = title or (header.title["fr" if language == "fr" else "en"] if header else "")
    about = About(header, language, as_of, said, tuple(attribution) or _own_attribution(header, language))
    return _writer(format)(book, about)


def _writer(format: str) -> Callable[[Book, About], bytes]:
    if format == "yaml":
        return _yaml
    if format == "csv":
        from harmattan.export.bundle import to_zip

        return lambda book, about: to_zip(book, about.language, about.title, about.attribution)
    if format == "ftm":
        from harmattan.export.entities import to_ftm

        return lambda book, about: to_ftm(book, about.language, about.header.name if about.header else "")
    from harmattan.export.graph import to_gexf, to_graphml

    write = to_gexf if format == "gexf" else to_graphml
    return lambda book, about: write(book, about.language, about.as_of, about.title, about.attribution)


def _own_attribution(header: Header | None, language: str) -> tuple[str, ...]:
    if header is None:
        return ()
    line = T("{citation}. Licence: {licence} ({url}).", citation=Verbatim(header.citation.rstrip(".")),
             licence=Verbatim(header.licence), url=Verbatim(header.licence_url))  # fmt: skip
    return (Speaker(language).say(line),)


def _yaml(book: Book, about: About) -> bytes:
    import yaml

    parts = []
    for name, content in _lists(book, about.header):
        whole: dict[str, Any] = {name: content}
        parts.append(yaml.dump(whole, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=float("inf")))
    return "\n".join([*_remarks(about), *(parts or ["{}\n"])]).encode()


def _remarks(about: About) -> list[str]:
    """The title and where the dossier comes from, as remarks at the head of the file."""
    lines = [line for words in (about.title, *about.attribution) for line in words.splitlines()]
    said = "".join(f"# {''.join(filter(str.isprintable, line))}\n" for line in lines if line.strip())
    return [said] if said else []


def _lists(book: Book, header: Header | None) -> Iterator[tuple[str, Any]]:
    """The lists of a dossier's file as plain values, without the empty ones."""
    own: dict[str, list[Name]] = {actor: [] for actor in book.actors}
    others = []
    for name in book.names:
        actor = book.actors.get(name.actor)
        if actor is None or not _beside(name, actor):
            others.append(name)
        elif name not in _unwritten(actor):
            own[actor.id].append(name)
    if header is not None:
        yield "dossier", _entry(header)
    made: dict[str, Any] = {
        "sources": {key: _entry(book.sources[key], but=("key",)) for key in sorted(book.sources)},
        "actors": [_actor(actor, own[key]) for key, actor in sorted(book.actors.items())],
        "names": [_entry(name) for name in others],
    }
    made |= {name: [_entry(record) for record in getattr(book, name)] for name in LISTS if name not in made}
    yield from ((name, content) for name, content in made.items() if content)


def _unwritten(actor: Actor) -> list[Name]:
    """The names that an actor has by its label and its short form: nobody writes them again."""
    from harmattan.dossier.files import _own_names

    return list(_own_names(actor))


def _beside(name: Name, actor: Actor) -> bool:
    """Whether a name can be written with its actor and is read as the same: there it takes the actor's citations
    where it has none, and a label of the same text and language takes its place.
    """
    if not name.cite and actor.cite:
        return False
    return all(name == own for own in _unwritten(actor) if own.id == name.id)


def _actor(actor: Actor, names: Iterable[Name]) -> dict[str, Any]:
    entry = _entry(actor)
    written = [_entry(name, but=("actor", "cite") if name.cite == actor.cite else ("actor",)) for name in names]
    return _ordered(entry | {"names": written}) if written else entry


class _Day(str):
    """A date, written without quotation marks though YAML would take it for another thing than words."""


def _entry(record: Record, but: Sequence[str] = ()) -> dict[str, Any]:
    from harmattan.dossier.tables import plain

    entry = plain(record, but=but)
    for name, field in type(record).model_fields.items():
        key = field.alias or name
        if isinstance(getattr(record, name), PartialDate) and key in entry:
            entry[key] = _Day(entry[key])
    return entry if isinstance(record, Source | Header) else _ordered(entry)


def _ordered(entry: dict[str, Any]) -> dict[str, Any]:
    last = LAST if "date" not in entry else [name for name in LAST if name != "end"]
    order = {name: n for n, name in enumerate(last)}
    return dict(sorted(entry.items(), key=lambda pair: order.get(pair[0], -1)))


def _dumper() -> Any:
    """A writer of YAML: lists indented, no references, dates bare, words of several lines as a block."""
    import yaml

    class Dumper(yaml.SafeDumper):  # type: ignore[misc]
        def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
            return super().increase_indent(flow, False)

        def choose_scalar_style(self) -> Any:
            style = super().choose_scalar_style()
            return '"' if style == "'" else style

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def day(dumper: Any, words: str) -> Any:
        tag = dumper.resolve(yaml.ScalarNode, str(words), (True, False))
        return dumper.represent_scalar(tag, str(words))

    def text(dumper: Any, words: str) -> Any:
        lines = words.splitlines()
        block = len(lines) > 1 and lines[-1] != "" and lines == words.removesuffix("\n").split("\n")
        return dumper.represent_scalar("tag:yaml.org,2002:str", words, style="|" if block else None)

    Dumper.add_representer(_Day, day)
    Dumper.add_representer(str, text)
    return Dumper
