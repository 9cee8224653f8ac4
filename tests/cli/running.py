"""Runs the command line in this process, the way a terminal would."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harmattan.cli import main
from tests.questions.worlds import EVENT_QUESTIONS

ENVIRONMENT = ("HARMATTAN_HOME", "HARMATTAN_LANG", "LC_ALL", "LANG", "COLUMNS")


@dataclass(frozen=True)
class Ran:
    """What a command gave back."""

    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        """Standard output as text."""
        return self.raw.decode()

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.raw)


Run = Callable[..., Ran]
MALI = ("--country", "MLI", "--to", "2022-12")
ASKED: dict[str, tuple[str, ...]] = {
    "relations": ("--actor", "JNIM", "--as-of", "2022-10-31"),
    "actor": ("--actor", "GSIM", "--as-of", "2022-10-31"),
    "presence": ("--country", "MLI", "--as-of", "2022-10-31"),
    "milestones": MALI,
    "figures": MALI,
    "force-months": MALI,
    "sources": ("--country", "MLI"),
    "network": ("--country", "MLI", "--as-of", "2022-10-31"),
    "who-is": ("--name", "GSIM", "Katiba Massina, XXX436", "--country", "MLI"),
    "forecast": ("--country", "MLI", "--as-of", "2022-10-31", "--model", "fading4"),
    "what-changed": ("--country", "MLI", "--as-of", "2022-10-31", "--model", "fading4"),
    "alerts": ("--country", "MLI", "--as-of", "2022-03-31"),
    "scenario": ("--country", "MLI", "--path", "own=0.5"),
    "effect": ("--country", "MLI", "--force", "barkhane"),
    **dict.fromkeys(("spillover", "shock", "reproduction"), ("--country", "MLI", "BFA")),
}
ASKED |= dict.fromkeys((name for name in EVENT_QUESTIONS if name not in ASKED), MALI)
"""Something to ask with each question that an empty home answers with rows."""


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs `harmattan WORDS`; the home is an empty one where nothing else is said."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HARMATTAN_HOME", str(tmp_path / "home"))

    def run_words(*words: object) -> Ran:
        capsysbinary.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as done:
            code = int(done.code or 0)
        said = capsysbinary.readouterr()
        return Ran(code, said.out, said.err.decode())

    return run_words


def one_line(ran: Ran, code: int = 2) -> str:
    """The one line with which a command stops; nothing on standard output and no traceback."""
    assert ran.code == code, ran
    assert ran.raw == b""
    assert ran.err.startswith("harmattan: "), ran.err
    assert ran.err.count("\n") == 1, ran.err
    assert "Traceback" not in ran.err
    return ran.err.removeprefix("harmattan: ").rstrip("\n")
