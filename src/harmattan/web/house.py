"""What every page stands on: the case, the lake and who asks it, the desk, the work in progress."""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import CapacityLimiter
from fastapi import Request

from harmattan import data
from harmattan.case import Case, load_case
from harmattan.desk import audit
from harmattan.desk.accounts import Accounts
from harmattan.desk.store import Desk
from harmattan.export.hiding import hiding
from harmattan.lake.shelf import Lake
from harmattan.web.asking import Asking
from harmattan.web.briefs import Briefs
from harmattan.web.drawing import Drawing
from harmattan.web.jobs import Jobs
from harmattan.web.kept import Kept, Remembered, Sending
from harmattan.web.limits import SignIns
from harmattan.web.records import Records
from harmattan.web.sectioned import Sections
from harmattan.web.settings import Settings

if TYPE_CHECKING:
    from harmattan.web.visitor import Visitor

DESK = "desk.sqlite3"
FILES = 200
"""So many sent files of claims are remembered, those that came last."""
SENDINGS = 5_000
"""Of so many addresses it is remembered how what they give is sent."""
TAGS = 100_000
"""Of so many addresses it is remembered which ETag they had when they were last answered."""
DOORS = 8
"""So many visitors may be looked up at a time: by threads of their own, so that nobody waits for those who ask much."""
LOOKS = 2.0
"""Seconds after which it is looked again whether there are accounts."""


@dataclass(frozen=True)
class Who:
    """Whom a cookie or a token belongs to."""

    name: str
    role: str
    signed_in: bool = False
    by_token: bool = False
    token: str = ""
    """The id of the token."""


NOBODY = Who("", "")


class House:
    """One server's things. Made once; everything in it may be used by many at a time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.case: Case = load_case(settings.case, data.CASES)
        self.lake = Lake(settings.home, data.RELEASES)
        self.jobs = Jobs(folder=settings.home / "jobs")
        self.asking = Asking(self.lake, self.case.dossiers, self.jobs, settings.patience)
        self.records = Records(self.asking)
        self.sections = Sections(self.case, self.asking, self.jobs, settings.patience)
        self.pages = Kept()
        self.drawing = Drawing(apart=settings.warm)
        self.sendings: Remembered[bytes, Sending] = Remembered(SENDINGS)
        self.tags: Remembered[bytes, str] = Remembered(TAGS)
        self.files: Remembered[str, Any] = Remembered(FILES)
        self.hide = hiding(settings.pseudonym_key)
        self.briefs = Briefs(settings.home / "briefs")
        self.tries = SignIns()
        self.doors = CapacityLimiter(DOORS)
        self._desk_lock = threading.Lock()
        self._desk: Desk | None = None
        self._looked = -LOOKS
        self._peopled = not settings.local

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

    @property
    def has_desk(self) -> bool:
        """Whether there is a desk: whoever only looks asks first, so that a home that nobody wrote to stays empty."""
        return self._desk is not None or self.settings.desk is not None or Path(self.desk_at).exists()

    @property
    def accounts(self) -> Accounts | None:
        """The accounts, where somebody could sign in: then everybody has to. Raises DeskError as the desk does."""
        if time.monotonic() - self._looked >= LOOKS:
            self._peopled = self.has_desk and Accounts(self.desk).any()
            self._looked = time.monotonic()
        return Accounts(self.desk) if self._peopled else None

    @property
    def alone(self) -> bool:
        """Whether it is known without a look at the desk that nobody signs in here."""
        return not self._peopled and time.monotonic() - self._looked < LOOKS

    def look_again(self) -> None:
        """Accounts have been changed: what is known of them no longer holds."""
        self._looked = -LOOKS

    @property
    def needs_sign_in(self) -> bool:
        """Whether people have to sign in here, as far as it is known: it asks nothing, so that pages of faults can."""
        return self._peopled or not self.settings.local

    def who(self, cookie: str, authorization: str) -> Who:
        """Whom a request comes from: with accounts whoever has signed in; without, the person at this machine."""
        accounts = self.accounts
        if accounts is None:
            return Who(self.settings.person or "local", "editor") if self.settings.local else NOBODY
        if authorization:
            kind, _, secret = authorization.partition(" ")
            held = accounts.by_token(secret.strip(), self.now()) if kind.lower() == "bearer" else None
            return NOBODY if held is None else Who(held[0].name, held[1].role, by_token=True, token=held[1].id)
        account = accounts.signed_in(cookie, self.now())
        return NOBODY if account is None else Who(account.name, account.role, signed_in=True)

    def note(self, visitor: Visitor, what: str, subject: str, **detail: Any) -> None:
        """Writes to the audit log what somebody did: `what` is one of `desk.audit.WHAT`.

        `detail` is words, numbers and lists: of a review its state and version, of an export its format, evidence,
        rows and digest. Where there is neither a desk nor an account nothing is written: a home that nobody wrote to
        stays empty. Raises DeskError where it cannot be written; then what was to be written down must not happen.
        """
        if not self.has_desk:
            return
        if visitor.by_token:
            detail["token"] = visitor.token
        audit.note(self.desk, self.now(), visitor.name, what, subject, **detail)

    def noted(self, **which: Any) -> tuple[audit.Noted, ...]:
        """Lines of the audit log, as `desk.audit.lines` gives them; none where there is no desk."""
        return audit.lines(self.desk, **which) if self.has_desk else ()

    def now(self) -> dt.datetime:
        """The time, to the second."""
        return dt.datetime.now(dt.UTC).replace(microsecond=0)

    def seconds(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def close(self) -> None:
        """Ends what is running and gives connections back."""
        self.jobs.close()
        self.drawing.close()
        if self._desk is not None:
            self._desk.close()


def house_of(request: Request) -> House:
    """The house of the server that a request came to."""
    house: House = request.app.state.house
    return house
