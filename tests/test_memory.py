"""What eats up all memory is stopped and named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.memory import STOPPED

ROOT = Path(__file__).parents[1]

CONFTEST = """
from tests.memory import watch


def pytest_configure():
    watch(200)
"""
EATS = """
import time


def test_eats():
    eaten = b"x" * 400_000_000
    time.sleep(20)
"""


@pytest.mark.parametrize("workers", [(), ("-n", "1", "--max-worker-restart", "0")])
def test_that_a_hungry_test_is_stopped_and_named(tmp_path: Path, workers: tuple[str, ...]) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_hungry.py").write_text(EATS)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *workers, "test_hungry.py"]
    outer = {"PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS"}
    env = {name: value for name, value in os.environ.items() if name not in outer} | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == (1 if workers else STOPPED)
    assert "kB of memory while running test_hungry.py::test_eats (call)" in done.stderr
    assert "in test_eats" in done.stderr
