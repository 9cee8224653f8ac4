"""Browsers that write down what goes wrong and where they ask: what pages may not do is asserted for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import TimeoutError

OWN = ("data", "blob", "about")
"""Addresses that ask nobody."""


@dataclass
class Watch:
    """What the browsers of a run did."""

    hosts: set[str] = field(default_factory=set)
    """Every host that was asked, with its port."""
    faults: list[str] = field(default_factory=list)
    """Errors of scripts, of the console (a breach of the policy is one), and answers that a server owes nobody."""
    bytes_by_page: dict[str, int] = field(default_factory=dict)

    def follow(self, context: Any) -> None:
        """Listens to a browser."""
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))

    def _asked(self, request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme not in OWN:
            self.hosts.add(address.netloc)

    def _answered(self, response: Any) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")

    def _said(self, message: Any) -> None:
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.faults.append(f"console: {message.text}")


@contextmanager
def visit(
    browser: Any, watch: Watch, url: str, *, width: int = 1280, language: str = "en", **also: Any
) -> Iterator[Any]:
    """A page of a browser of its own, with nothing in it from another; what goes wrong in it fails the test."""
    context = browser.new_context(
        base_url=url, viewport={"width": width, "height": 900}, locale=language, reduced_motion="reduce", **also
    )
    context.set_default_timeout(30_000)
    before = len(watch.faults)
    watch.follow(context)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert watch.faults[before:] == []


def settled(page: Any, address: str, seconds: float = 40) -> Any:
    """Opens an address and waits a while for what is still being made; gives the answer to the first request.

    What takes longer is said on the page, and that page has to keep its promises too.
    """
    answer = page.goto(address, wait_until="load")
    with suppress(TimeoutError):
        page.wait_for_function(
            "() => !document.querySelector('[data-coming], .coming') && !location.pathname.startsWith('/jobs/')",
            timeout=seconds * 1000,
        )
    return answer
