"""Clients of a web server: plain HTTP over loopback, so that the load costs less than what it measures."""

from __future__ import annotations

import asyncio
import random
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

AGAIN, NEW = "again", "new"
JOB = re.compile(rb"^/jobs/[0-9a-f]+")


@dataclass
class Load:
    """What clients do and what they met."""

    host: str
    port: int
    pages: tuple[str, ...]
    """Addresses that are asked for again and again."""
    never: Callable[[], str]
    """An address that nobody has asked for yet."""
    share_new: float
    pause_s: float
    """A reader's pause after each page, on average."""
    seconds: float
    took: dict[str, list[float]] = field(default_factory=lambda: {AGAIN: [], NEW: []})
    by_page: dict[str, list[float]] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    watch: tuple[str, bytes] | None = None
    """A page and words that it shows once a release has come."""
    appeared: float | None = None
    """When a page first showed it, by the clock of `time.perf_counter`."""
    sent: float = 0.0
    """Bytes that came over the line."""

    async def run(self, clients: int, beside: Callable[[], object] | None = None) -> None:
        """All clients until the time is over; `beside` is begun in the middle."""
        begun = time.perf_counter()
        work = [self._client(n, begun) for n in range(clients)]
        if beside is not None:
            work.append(self._later(beside))
        await asyncio.gather(*work)

    async def _later(self, beside: Callable[[], object]) -> None:
        await asyncio.sleep(self.seconds / 2)
        await asyncio.to_thread(beside)

    async def _client(self, n: int, begun: float) -> None:
        dice = random.Random(n)
        await asyncio.sleep(dice.random() * min(1.0, self.pause_s + 0.2))
        line = Line(self.host, self.port)
        while time.perf_counter() - begun < self.seconds:
            new = dice.random() < self.share_new
            address = self.never() if new else dice.choice(self.pages)
            await self._ask(line, address, NEW if new else AGAIN, begun)
            if self.pause_s:
                await asyncio.sleep(self.pause_s * (0.5 + dice.random()))
        line.close()

    async def _ask(self, line: Line, address: str, kind: str, begun: float) -> None:
        started = time.perf_counter()
        try:
            status, body = await line.get(address)
        except (OSError, asyncio.IncompleteReadError, ValueError) as fault:
            self.faults[f"{type(fault).__name__} {address.partition('?')[0]}"] += 1
            line.close()
            return
        took = time.perf_counter() - started
        self.sent += len(body)
        if status not in (200, 304):
            self.faults[f"{status} {address.partition('?')[0]}"] += 1
            return
        self.took[kind].append(took)
        self.by_page.setdefault(kind if kind == NEW else address, []).append(took)
        if self.watch and self.appeared is None and address == self.watch[0] and self.watch[1] in plain(body):
            self.appeared = time.perf_counter()


class Line:
    """One connection that is kept open, with its cookie; a page of a job is followed as a browser follows it."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port, self.cookie = host, port, b""
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, address: str) -> tuple[int, bytes]:
        """Status and body as it came; redirects are followed, and a job is looked at again each half second."""
        for _turn in range(120):
            status, headers, body = await self._once(address)
            if status not in (202, 303):
                if not JOB.match(address.encode()):
                    return status, body
                await asyncio.sleep(0.5)
            elif status == 202:
                await asyncio.sleep(0.5)
            else:
                address = headers[b"location"].decode()
        raise ValueError("a job did not end")

    async def _once(self, address: str) -> tuple[int, dict[bytes, bytes], bytes]:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self.host, self.port, limit=1 << 20)
        assert self._reader is not None
        cookie = b"cookie: " + self.cookie + b"\r\n" if self.cookie else b""
        head = f"GET {address} HTTP/1.1\r\nhost: {self.host}\r\naccept-encoding: gzip\r\n".encode()
        self._writer.write(head + cookie + b"\r\n")
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).rstrip().split(b"\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(b":")
            headers[name.lower()] = value.strip()
        if b"set-cookie" in headers:
            self.cookie = headers[b"set-cookie"].partition(b";")[0]
        body = await self._body(headers)
        return int(first.split()[1]), headers, body

    async def _body(self, headers: dict[bytes, bytes]) -> bytes:
        assert self._reader is not None
        if b"content-length" in headers:
            return await self._reader.readexactly(int(headers[b"content-length"]))
        parts: list[bytes] = []
        while headers.get(b"transfer-encoding") == b"chunked":
            size = int((await self._reader.readuntil(b"\r\n")).strip(), 16)
            parts.append((await self._reader.readexactly(size + 2))[:-2])
            if size == 0:
                break
        return b"".join(parts)

    def close(self) -> None:
        """Hangs up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


def plain(body: bytes) -> bytes:
    """A body without its compression."""
    return zlib.decompress(body, 31) if body[:2] == b"\x1f\x8b" else body
