"""A process is tuned for what it does; what it answers does not hang on that."""

from __future__ import annotations

import ctypes
import gc

import pytest

from harmattan.cli import process
from tests.cli.running import Run


def test_a_command_is_tuned_and_where_the_system_cannot_it_goes_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    try:
        plain = run("releases", "--format", "json")
        assert gc.get_threshold() == process.CYCLES
        monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
        assert run("releases", "--format", "json").raw == plain.raw
        assert plain.code == 0
    finally:
        gc.set_threshold(*before)


def test_the_spare_memory_is_taken_where_the_library_is_gnus() -> None:
    library = ctypes.CDLL(None)
    if not hasattr(library, "gnu_get_libc_version"):
        pytest.skip("another C library")
    assert library.mallopt(process.TOP_PAD, process.SPARE) == 1
