"""What eats up all memory is stopped and named."""

from __future__ import annotations

import subprocess
import sys

from tests.memory import STOPPED

EATS = """
import os, time
from tests.memory import watch
os.environ["PYTEST_CURRENT_TEST"] = "tests/test_hungry.py::test_eats (call)"
watch(200)
eaten = b"x" * 400_000_000
time.sleep(20)
"""


def test_that_a_hungry_test_is_stopped_and_named() -> None:
    done = subprocess.run([sys.executable, "-c", EATS], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == STOPPED
    assert "tests/test_hungry.py::test_eats" in done.stderr
    assert "time.sleep" in done.stderr or "<string>" in done.stderr
