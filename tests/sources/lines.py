"""A line for tests: a fixed clock, no waiting, and what it would have waited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from harmattan.sources.line import Line, Progress

NOW = dt.datetime(2026, 11, 26, 12, 0, tzinfo=dt.UTC)


@dataclass
class Tried:
    """A line and what it did."""

    line: Line
    waited: list[float] = field(default_factory=list)
    seen: list[Progress] = field(default_factory=list)


@contextmanager
def tried(**more: Any) -> Iterator[Tried]:
    """A line to loopback that never sleeps."""
    with httpx.Client(trust_env=False, timeout=5) as client:
        made = Tried(Line(client, clock=lambda: NOW, sleep=lambda _s: None))
        made.line = Line(client, clock=lambda: NOW, sleep=made.waited.append, show=made.seen.append, **more)
        yield made
