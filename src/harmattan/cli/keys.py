"""Secrets: from the environment, else from the platform's key store. They are looked up, never kept or printed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from harmattan.errors import HarmattanError
from harmattan.sources.fetching import Secrets
from harmattan.text import T, Verbatim

SERVICE = "harmattan"
KEY_NAME, KEY_FILE, KEY_BYTES = "PSEUDONYM_KEY", "pseudonym.key", 32


def look_up(name: str) -> str | None:
    """HARMATTAN_NAME or NAME in the environment, else the entry of that name in the key store; None where none is."""
    for variable in (f"HARMATTAN_{name}", name):
        if os.environ.get(variable):
            return os.environ[variable]
    return _stored(name)


def the_secrets() -> Secrets:
    """Secrets as sources ask for them."""
    return Secrets(look_up)


def pseudonym_key(home: Path) -> bytes:
    """The key by which accounts become pseudonyms: a secret of that name, else a file in the home, made once.

    Whoever has the key can tell whether a pseudonym is a given account; without it nobody can. Raises HarmattanError
    where neither is there and none can be made.
    """
    said = look_up(KEY_NAME)
    if said:
        return said.encode()
    path = home / KEY_FILE
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


def _stored(name: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        found: str | None = keyring.get_password(SERVICE, name)
    except (KeyringError, OSError, RuntimeError):
        return None
    return found
