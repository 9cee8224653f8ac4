"""What the page on the API shows in Python and R runs against a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.served import Served

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def snippets(language: str, served: Served) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert all("http://127.0.0.1:8765" in snippet for snippet in found)
    return [snippet.replace("http://127.0.0.1:8765", served.url) for snippet in found]


def ran(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_of_the_page_runs(served: Served) -> None:
    first, second = (ran(sys.executable, "-c", snippet) for snippet in snippets("python", served))
    assert first.startswith("Mali, 1 January 2019 to 31 December 2021:")
    assert re.search(r"^2020 \d+ [0-9a-f]{12}\.2$", first, re.MULTILINE)
    records, deaths = re.findall(r"\d+", first.splitlines()[-1])
    assert f"2019 {deaths} " in first
    assert int(records) > 1
    got, total = re.findall(r"\d+", second)
    assert got == total


def test_the_r_of_the_page_runs(served: Served) -> None:
    if shutil.which("Rscript") is None:
        if os.environ.get("CI"):
            pytest.fail("Rscript is not installed; .ci/run installs it")
        pytest.skip("Rscript is not installed")
    (snippet,) = snippets("r", served)
    out = ran("Rscript", "-e", snippet)
    assert re.search(r"\n3 +2021 +\d+ +\d+ +\d+\n", out)
    assert "records behind the first row" in out
