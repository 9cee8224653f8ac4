"""One brief, written once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harmattan.brief.write import compose, write_brief
from harmattan.case import Case, load_case
from harmattan.data import CASES, RELEASES
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params


@pytest.fixture(scope="session")
def sahel() -> Case:
    """The embedded case."""
    return load_case("sahel", CASES)


@pytest.fixture(scope="session")
def inquiry(tmp_path_factory: pytest.TempPathFactory) -> Inquiry:
    """The embedded releases, asked from an empty home."""
    return Inquiry(Lake(tmp_path_factory.mktemp("home"), RELEASES))


@pytest.fixture(scope="session")
def composed(inquiry: Inquiry, sahel: Case) -> Any:
    """The brief of the embedded case in English, not yet drawn."""
    return compose(inquiry, sahel, Params(as_of=sahel.as_of), "en")


@pytest.fixture(scope="session")
def written(inquiry: Inquiry, sahel: Case, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The brief of the embedded case: HTML and PDF, in English and French."""
    out = tmp_path_factory.mktemp("out")
    found = {}
    for language in ("en", "fr"):
        paths = write_brief(
            inquiry, sahel, out, params=Params(as_of=sahel.as_of), language=language, formats=("html", "pdf")
        )
        found |= {f"{language}.{path.suffix[1:]}": path for path in paths}
    return found
