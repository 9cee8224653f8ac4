"""How a server was started."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

KEY_BYTES = 32
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def new_key() -> bytes:
    """A key of this moment: pseudonyms by it are like those of no other server and of no other start of this one."""
    return secrets.token_bytes(KEY_BYTES)


@dataclass(frozen=True)
class Settings:
    """Where the lake and the desk are, what is watched, and who may speak to the server."""

    home: Path
    case: str
    """An embedded case or a case file."""
    desk: str | None = None
    """A file or the URL of a PostgreSQL database; the home's own file where nothing is said."""
    host: str = "127.0.0.1"
    port: int = 8765
    names: tuple[str, ...] = ()
    """Further names that the server is reached by, such as that of a proxy before it."""
    secure: bool = False
    """Whether browsers reach it over TLS only: cookies are then marked so."""
    person: str = ""
    """Who is at work where nobody has to sign in."""
    warm: bool = False
    """Whether the overview is made as soon as the server is up, before anybody asks for it."""
    patience: float = 2.0
    """Seconds that a page waits for an answer before it shows how far it is."""
    log: bool = False
    """Whether there is a line for each request."""
    upload_bytes: int = 20_000_000
    """The largest request."""
    pseudonym_key: Callable[[], bytes] = new_key
    """Gives the key by which accounts become pseudonyms on their way out."""

    @property
    def local(self) -> bool:
        """Whether only this machine can reach the server: no other address, and no proxy before it."""
        return self.host in LOOPBACK and not self.secure and set(self.names) <= set(LOOPBACK)
