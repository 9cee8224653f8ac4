"""R, the peer of the spillover models."""

from __future__ import annotations

import os

import pytest
from bench import peer


@pytest.fixture(scope="session")
def rscript() -> None:
    """R with its package surveillance; a test that asks for it is skipped where it is absent, but fails in CI."""
    why = peer.missing()
    if why is None:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{why}; .ci/run installs it")
    pytest.skip(why)
