"""Secrets: from the environment, else from the platform's key store. They are looked up, never kept or printed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from harmattan.errors import HarmattanError
from harmattan.text import T, Verbatim

if TYPE_CHECKING:
    from harmattan.sources.fetching import Secrets

SERVICE = "harmattan"
KEY_NAME, KEY_FILE, KEY_BYTES = "PSEUDONYM_KEY", "pseudonym.key", 32


def look_up(name: str) -> str | None:
    """HARMATTAN_NAME or NAME in the environment, else the entry of that name in the key store; None where none is."""
    return _in_environment(name) or _stored(name)


def the_secrets() -> Secrets:
    """Secrets as sources ask for them."""
    from harmattan.sources.fetching import Secrets

    return Secrets(look_up)


def pseudonym_key(home: Path) -> bytes:
    """The key by which accounts become pseudonyms: from the environment, else a file in the home, else the key store.

    Where there is none, the file is made, once.

    Whoever has the key can tell whether a pseudonym is a given account; without it nobody can. Raises HarmattanError
    where neither is there and none can be made.
    """
    path = home / KEY_FILE
    said = _in_environment(KEY_NAME) or (None if path.exists() else _stored(KEY_NAME))
    if said:
        return said.encode()
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            part = path.with_suffix(f".{os.getpid()}.part")
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(secrets.token_hex(KEY_BYTES).encode())
            try:
                os.link(part, path)
            except FileExistsError:
                pass
            finally:
                part.unlink()
        return path.read_bytes().strip()
    except OSError as fault:
        raise HarmattanError(
            T("{path} cannot be made: {fault}.", path=Verbatim(str(path)), fault=Verbatim(str(fault.strerror))),
            do=T("Set {name} in the environment.", name=Verbatim(f"HARMATTAN_{KEY_NAME}")),
        ) from fault


def _in_environment(name: str) -> str | None:
    return os.environ.get(f"HARMATTAN_{name}") or os.environ.get(name)


def _stored(name: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        found: str | None = keyring.get_password(SERVICE, name)
    except (KeyringError, OSError, RuntimeError):
        return None
    return found
