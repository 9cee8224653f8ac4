"""api.hpc.tools, where OCHA keeps plans and flows of money: what its two data sets here share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harmattan.errors import FetchError
from harmattan.sources.counted import within
from harmattan.sources.fetching import Wanted
from harmattan.sources.line import Line, Reply
from harmattan.sources.walk import Page
from harmattan.text import T

BASE = "https://api.hpc.tools"
FIRST_YEAR = 2000
HUMANITARIAN = "Humanitarian response plan"
_KINDS = {
    HUMANITARIAN: ("hrp", "humanitarian response plan (hrp)", "hnrp", "humanitarian needs and response plan"),
    "Regional response plan": ("rrp", "regional response plan (rrp)", "reg"),
    "Flash appeal": ("fa", "flash appeal (fa)", "humanitarian flash appeal"),
    "Not a humanitarian response plan": ("non-hrp", "non humanitarian response plan"),
}
_KIND = {word: kind for kind, words in _KINDS.items() for word in (kind.lower(), *words)}
REFUSED = {
    404: T("OCHA's server does not know this address: the interface has changed."),
    406: T("OCHA's server took this program for a robot and blocked it."),
}


def plan_kind(words: str | None) -> str | None:
    """A kind of plan, spelled one way; kinds that are not known stay as they are written.

    >>> plan_kind("HRP"), plan_kind("Humanitarian Response Plan (HRP)"), plan_kind("Other"), plan_kind(None)
    ('Humanitarian response plan', 'Humanitarian response plan', 'Other', None)
    """
    return None if words is None else _KIND.get(words.strip().lower(), words.strip())


def base_of(wanted: Wanted) -> str:
    """The address of the server."""
    return (wanted.base or BASE).rstrip("/")


def years_of(wanted: Wanted) -> range:
    """The years that are asked for, up to the present one."""
    first = wanted.start.year if wanted.start else FIRST_YEAR
    last = wanted.end.year if wanted.end else wanted.today.year
    return range(first, last + 1)


def get(line: Line, url: str, params: Mapping[str, Any] | None = None) -> Reply:
    """An answer with JSON in it. Raises FetchError, which says what the server's refusals mean."""
    reply = line.get(url, params=params, accept=frozenset({200, *REFUSED}))
    if reply.status != 200:
        raise FetchError(REFUSED[reply.status], do=T("Say the same again later."))
    if within(reply.json, "data") is None:
        raise FetchError(T("OCHA's server answered without data: the interface has changed."))
    return reply


def page(line: Line, base: str, path: str, params: Mapping[str, Any], at: Any) -> Page:
    """One page; `at` is the rest of the address of the next, which always is on the same server."""
    reply = get(line, f"{base}/{path}", params) if at is None else get(line, f"{base}/{at}")
    return Page(reply.content, _rest(within(reply.json, "meta", "nextLink")))


def _rest(link: Any) -> str | None:
    """A link without its server: what a server links to elsewhere is not followed there."""
    if not isinstance(link, str) or not link.strip():
        return None
    if "://" in link:
        link = link.partition("://")[2].partition("/")[2]
    return link.strip().lstrip("/") or None
