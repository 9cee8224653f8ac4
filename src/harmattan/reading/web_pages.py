"""Web pages: the text of the article, and what the page says about itself. Nothing is run, fetched or expanded.

The page is read as a stream of tags and text, never as a tree: neither deep nesting nor a page of 25 MB takes memory.
Where the page says when and by whom it was published: Open Graph (https://ogp.me/, `article:published_time`,
`og:site_name`), schema.org's `datePublished` (https://schema.org/datePublished) in JSON-LD or as `itemprop`, Dublin
Core (https://www.dublincore.org/specifications/dublin-core/dcmi-terms/, `issued`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from harmattan.errors import WrongFile
from harmattan.reading.pages import MOST_CHARACTERS, Taken, date_of, too_long, within_limit
from harmattan.text import T, Verbatim


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


UNREAD = _set("script style noscript template iframe object svg math canvas select textarea button dialog")
AROUND_TEXT = _set("nav header footer aside")
CONTAINERS = _set("article main")
BLOCKS = _set(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 head header hr html li main nav ol p pre section summary table tbody tfoot thead title tr ul"
)
VOID = _set("area base br col embed hr img input link meta source track wbr")
DATES = ("article:published_time", "datePublished (JSON-LD)", "datePublished", "dcterms.issued", "dc.date.issued")
"""Which field is believed, the best first."""
MOST_TAGS, MOST_IN_TAG, MOST_LD = 1_000_000, 100_000, 1_000_000
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{MOST_IN_TAG}}}")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?=$|[-_])")
_WEB = re.compile(r"https?://[^\s\"'<>]{3,2000}")


class _TooMuch(Exception):
    """There is more on the page than is read."""


@dataclass
class _Block:
    """A piece of text between two block tags, and where it stands."""

    text: str
    around: bool
    form: bool
    containers: tuple[int, ...]


class _Page:
    """Takes a page's tags and text as they come (the interface that lxml calls a parser target)."""

    def __init__(self) -> None:
        self.blocks: list[_Block] = []
        self.says: dict[str, str] = {}
        self.title, self.language, self.url = "", "", ""
        self.linked: list[str] = []
        self._pieces: list[str] = []
        self._open: list[str] = []
        self._unread = self._around = self._forms = 0
        self._hidden: list[int] = []
        self._containers: list[int] = []
        self._numbers = self._tags = self._length = 0
        self._in_title = self._in_linked = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag opens."""
        self._tags += 1
        if self._tags > MOST_TAGS:
            raise _TooMuch
        if tag == "br":
            self._pieces.append("\n")
        elif tag in ("td", "th"):
            self._pieces.append("\t")
        elif tag in BLOCKS:
            self._end_block()
        if tag in VOID:
            self._declared(tag, attributes)
            return
        self._open.append(tag)
        if tag == "html":
            self.language = attributes.get("lang") or attributes.get("xml:lang") or ""
        elif tag == "title":
            self._in_title = not self.title
        elif tag == "time" and attributes.get("itemprop") == "datePublished":
            self.says.setdefault("datePublished", attributes.get("datetime", ""))
        elif tag == "script" and "ld+json" in attributes.get("type", ""):
            self._in_linked = True
            self.linked.append("")
        if tag in CONTAINERS:
            self._numbers += 1
            self._containers.append(self._numbers)
        self._count(tag, 1)
        if not self._hidden and ("hidden" in attributes or _HIDDEN.search(attributes.get("style", ""))):
            self._hidden.append(len(self._open))

    def end(self, tag: str) -> None:
        """A tag closes."""
        if tag in BLOCKS:
            self._end_block()
        if tag in VOID or not self._open:
            return
        if self._hidden and len(self._open) <= self._hidden[-1]:
            self._hidden.pop()
        self._open.pop()
        if tag in CONTAINERS and self._containers:
            self._containers.pop()
        self._in_title = self._in_title and tag != "title"
        self._in_linked = self._in_linked and tag != "script"
        self._count(tag, -1)

    def data(self, words: str) -> None:
        """Text."""
        if self._in_title:
            self.title += words
        elif self._in_linked and len(self.linked[-1]) < MOST_LD:
            self.linked[-1] += words
        elif not self._unread and not self._hidden and "head" not in self._open[:2]:
            self._length += len(words)
            if self._length > 2 * MOST_CHARACTERS:
                raise _TooMuch
            self._pieces.append(_SPACES.sub(" ", words))

    def close(self) -> _Page:
        """The page, when all of it has come."""
        self._end_block()
        return self

    def _count(self, tag: str, by: int) -> None:
        self._unread = max(0, self._unread + by * (tag in UNREAD))
        self._around = max(0, self._around + by * (tag in AROUND_TEXT))
        self._forms = max(0, self._forms + by * (tag == "form"))

    def _end_block(self) -> None:
        text = "".join(self._pieces).strip(" \t\n")
        self._pieces.clear()
        if text:
            self.blocks.append(_Block(text, self._around > 0, self._forms > 0, tuple(self._containers[-8:])))

    def _declared(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").strip()
            name = name if name == "datePublished" else name.lower()
            if name and len(self.says) < 1000:
                self.says.setdefault(name, attributes.get("content", "").strip()[:2000])
        elif tag == "link" and attributes.get("rel", "").lower() == "canonical":
            self.url = self.url or attributes.get("href", "").strip()


def taken_from_web_page(text: str, file: str) -> Taken:
    """The article of a page. Raises WrongFile for a page that is too much to read."""
    from lxml import etree

    if _LONG_TAG.search(text):
        raise _too_much(file)
    page = _Page()
    parser = etree.HTMLParser(
        target=page, encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        parser.feed(text.encode("utf-8", "ignore"))
        parser.close()
    except _TooMuch as fault:
        raise (too_long(file) if page._length > MOST_CHARACTERS else _too_much(file)) from fault
    except (etree.LxmlError, AssertionError):
        page.close()
    blocks = list(_article(page.blocks))
    taken = Taken(within_limit((block.text for block in blocks), file), _SPACES.sub(" ", page.title).strip()[:500])
    _describe(taken, page)
    return taken


def _article(blocks: list[_Block]) -> Iterator[_Block]:
    """The blocks without menus, heads and feet, of the smallest article or main part that has most of the text.

    A form counts as a menu unless it holds most of the text: some servers put the whole page into one.
    """
    kept = [block for block in blocks if not block.around] or blocks
    in_forms = sum(len(block.text) for block in kept if block.form)
    if in_forms < _size(kept) / 2:
        kept = [block for block in kept if not block.form]
    sizes: dict[int, int] = {}
    for block in kept:
        for number in block.containers:
            sizes[number] = sizes.get(number, 0) + len(block.text)
    most = [number for number, size in sizes.items() if size > _size(kept) / 2]
    best = min(most, key=lambda number: (sizes[number], -number), default=None)
    yield from (block for block in kept if best is None or best in block.containers)


def _size(blocks: list[_Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _describe(taken: Taken, page: _Page) -> None:
    linked = [found for script in page.linked for found in _linked(script)]
    dates = {name: page.says.get(name, "") for name in DATES}
    for record in linked:
        if isinstance(record.get("datePublished"), str) and not dates[DATES[1]]:
            dates[DATES[1]] = record["datePublished"]
    for name in DATES:
        if date_of(dates[name]):
            taken.dated(dates[name], name)
    publishers = [record["publisher"] for record in linked if "publisher" in record]
    named = [found.get("name") if isinstance(found, dict) else found for found in publishers]
    says = [page.says.get(name) for name in ("publisher", "dc.publisher", "og:site_name", "author")]
    taken.publisher = next((str(name).strip()[:300] for name in (*says[:3], *named, says[3]) if name), "")
    address = page.url or page.says.get("og:url", "")
    taken.url = address if _WEB.fullmatch(address) else ""
    declared = _LANGUAGE.match(page.language or page.says.get("og:locale", ""))
    taken.language = declared[0].lower() if declared else ""
    taken.title = page.says.get("og:title") or taken.title


def _linked(script: str) -> list[dict[str, Any]]:
    """The records of a JSON-LD script, those of a `@graph` too; none where it is no JSON."""
    try:
        found = json.loads(script)
    except (ValueError, RecursionError):
        return []
    records = found if isinstance(found, list) else [found]
    graphs = [record.get("@graph") for record in records if isinstance(record, dict)]
    records += [record for graph in graphs if isinstance(graph, list) for record in graph]
    return [record for record in records if isinstance(record, dict)]


def _too_much(file: str) -> WrongFile:
    return WrongFile(
        T("{file} is no page for reading: it has too many or too long tags.", file=Verbatim(file)),
        do=T("Open it in a browser and save its text as .txt."),
    )
