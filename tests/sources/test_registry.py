"""Every source has the same verbs and keeps the same promises."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from harmattan.errors import HarmattanError, UsageError
from harmattan.sources.reading import Options
from harmattan.sources.registry import MODULES, SOURCES, source
from harmattan.vocabulary.origin import Origin
from harmattan.vocabulary.schema import CONTRACTS

WITHOUT_ARTICLE = ("posts",)
"""What nobody has published an article of."""


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_contract_of_a_source(name: str, tmp_path: Path) -> None:
    module = SOURCES[name]
    assert isinstance(module.ORIGIN, Origin)
    assert module.ORIGIN.dataset == name
    assert module.ORIGIN.contract in CONTRACTS
    assert module.ORIGIN.licence.url.startswith("https://")
    assert "doi:10." in module.ORIGIN.citation or name in WITHOUT_ARTICLE
    assert list(inspect.signature(module.read).parameters) == ["files", "into", "options"]
    assert module.read.__doc__
    with pytest.raises(HarmattanError) as error:
        module.read([tmp_path / "absent.csv"], tmp_path, Options(label="24.1"))
    assert "absent.csv" in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_name_gets_the_near_ones() -> None:
    with pytest.raises(UsageError, match=r"no data set ucdp_gde\. Did you mean ucdp-ged"):
        source("ucdp_gde")
    with pytest.raises(UsageError, match="There are ucdp-ged"):
        source("x")


def test_sources_are_loaded_when_they_are_asked_for() -> None:
    code = (
        "import sys, harmattan.sources.registry as r; assert len(r.SOURCES) == len(list(r.SOURCES)); "
        "sys.exit(any(m in sys.modules for m in ('duckdb', 'pyarrow', *r.MODULES.values())))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
