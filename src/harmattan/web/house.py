"""What every page stands on: the case, the lake and who asks it, the desk, the work in progress."""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fastapi import Request

from harmattan import data
from harmattan.case import Case, load_case
from harmattan.desk.store import Desk
from harmattan.lake.shelf import Lake
from harmattan.web.asking import Asking
from harmattan.web.jobs import Jobs
from harmattan.web.kept import Kept
from harmattan.web.sectioned import Sections
from harmattan.web.settings import Settings

DESK = "desk.sqlite3"


@dataclass(frozen=True)
class Who:
    """Whom a cookie or a token belongs to."""

    name: str
    role: str
    signed_in: bool = False
    by_token: bool = False


class House:
    """One server's things. Made once; everything in it may be used by many at a time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.case: Case = load_case(settings.case, data.CASES)
        self.lake = Lake(settings.home, data.RELEASES)
        self.jobs = Jobs()
        self.asking = Asking(self.lake, self.case.dossiers, self.jobs, settings.patience)
        self.sections = Sections(self.case, self.asking, self.jobs, settings.patience)
        self.pages = Kept()
        self._desk_lock = threading.Lock()
        self._desk: Desk | None = None

    @property
    def desk_at(self) -> str | Path:
        """Where the desk is."""
        return self.settings.desk or self.settings.home / DESK

    @property
    def desk(self) -> Desk:
        """The desk, opened when the first page needs it, and made where there is none."""
        with self._desk_lock:
            if self._desk is None:
                self._desk = Desk.open(self.desk_at)
            return self._desk

    @cached_property
    def has_desk(self) -> bool:
        """Whether there has been a desk when the server was started: a home that nobody wrote to stays empty."""
        return self.settings.desk is not None or Path(self.desk_at).exists()

    @property
    def accounts(self) -> Any | None:
        """The accounts, where there are any: then everybody signs in."""
        return None

    def who(self, cookie: str, authorization: str) -> Who:
        """Whom a request comes from: with accounts whoever has signed in; without, the person at this machine."""
        if self.accounts is None:
            return Who(self.settings.person or "local", "editor")
        return Who("", "")

    def now(self) -> dt.datetime:
        """The time, to the second."""
        return dt.datetime.now(dt.UTC).replace(microsecond=0)

    def seconds(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def close(self) -> None:
        """Ends what is running and gives connections back."""
        self.jobs.close()
        if self._desk is not None:
            self._desk.close()


def house_of(request: Request) -> House:
    """The house of the server that a request came to."""
    house: House = request.app.state.house
    return house
