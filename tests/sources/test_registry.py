"""Every source has the same verbs and keeps the same promises."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harmattan.errors import HarmattanError, UsageError
from harmattan.sources.reading import Options, Reading
from harmattan.sources.registry import FETCHED, MODULES, SOURCES, source
from harmattan.vocabulary.origin import Origin
from harmattan.vocabulary.schema import CONTRACTS
from tests.sources.broken import broken
from tests.sources.seeds import SEEDS, Seed

FILES = [(name, seed) for name, seeds in SEEDS.items() for seed in seeds]
EACH = pytest.mark.parametrize(("name", "seed"), FILES, ids=[f"{name} {seed.file}" for name, seed in FILES])


def read(name: str, seed: Seed, folder: Path, content: bytes | None = None) -> Reading:
    """Reads a seed, or other bytes in its place, into a folder of its own."""
    path, into = folder / seed.file, folder / "into"
    into.mkdir(exist_ok=True)
    path.write_bytes(seed.content if content is None else content)
    return SOURCES[name].read([path], into, seed.options)


def check_broken(name: str, seed: Seed, folder: Path, content: bytes) -> None:
    """Bytes are read whole, or refused in one line that leaves nothing behind; raises AssertionError otherwise."""
    tables: tuple[str, ...] = ()
    said = ""
    try:
        tables = (*read(name, seed, folder, content).tables, "rejects")
    except HarmattanError as fault:
        said = str(fault)
    assert "\n" not in said
    left = list((folder / "into").iterdir())
    assert {path.name for path in left} == {f"{table}.parquet" for table in tables}
    for path in left:
        path.unlink()


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_contract_of_a_source(name: str, tmp_path: Path) -> None:
    module = SOURCES[name]
    assert isinstance(module.ORIGIN, Origin)
    assert module.ORIGIN.dataset == name
    assert module.ORIGIN.contract in CONTRACTS
    assert module.ORIGIN.licence.url.startswith("https://")
    assert re.search(r"doi:10\.|https://", module.ORIGIN.citation) or module.ORIGIN.contract == "posts"
    assert list(inspect.signature(module.read).parameters) == ["files", "into", "options"]
    assert module.read.__doc__
    with pytest.raises(HarmattanError) as error:
        module.read([tmp_path / "absent.csv"], tmp_path, SEEDS[name][0].options)
    assert "absent.csv" in str(error.value)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UsageError):
        module.read([], tmp_path, Options(label="24.1"))


def test_every_source_has_a_whole_file_to_test_with() -> None:
    assert set(SEEDS) == set(MODULES)


def test_what_can_be_fetched_is_listed() -> None:
    able = {name for name in MODULES if hasattr(SOURCES[name], "FETCH")}
    assert set(FETCHED) == able
    for name in able:
        parameters = inspect.signature(SOURCES[name].FETCH).parameters  # type: ignore[attr-defined]
        assert [given.lstrip("_") for given in parameters] == ["wanted", "line", "journal", "secrets"]


@EACH
def test_a_whole_file_keeps_the_contracts(name: str, seed: Seed, tmp_path: Path) -> None:
    reading = read(name, seed, tmp_path)
    assert SOURCES[name].ORIGIN.contract == reading.tables[0]
    for table in (*reading.tables, "rejects"):
        CONTRACTS[table].check(pq.read_schema(tmp_path / "into" / f"{table}.parquet"), table)
    assert sorted(p.name for p in (tmp_path / "into").iterdir()) == sorted(
        f"{table}.parquet" for table in (*reading.tables, "rejects")
    )
    main = pq.read_table(tmp_path / "into" / f"{reading.tables[0]}.parquet")
    assert reading.rows == main.num_rows >= seed.rows
    key = CONTRACTS[reading.tables[0]].key
    assert main.select(list(key)).group_by(list(key)).aggregate([]).num_rows == main.num_rows
    assert reading.rejects == pq.read_metadata(tmp_path / "into" / "rejects.parquet").num_rows
    assert reading.label
    assert reading.citation
    assert reading.published_basis
    assert reading.coverage.basis
    assert list(reading.coverage.places) == sorted(reading.coverage.places)


@EACH
def test_the_same_file_gives_the_same_bytes(name: str, seed: Seed, tmp_path: Path) -> None:
    for turn in ("one", "two"):
        (tmp_path / turn).mkdir()
        read(name, seed, tmp_path / turn)
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / turn / "into").iterdir()} for turn in ("one", "two"))
    assert first == second


@EACH
@settings(
    max_examples=8, derandomize=True, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_broken_bytes_never_are_a_traceback(name: str, seed: Seed, tmp_path: Path, data: st.DataObject) -> None:
    check_broken(name, seed, tmp_path, data.draw(broken(seed.content)))


def test_a_misspelt_name_gets_the_near_ones() -> None:
    with pytest.raises(UsageError, match=r"no data set ucdp_gde\. Did you mean ucdp-ged"):
        source("ucdp_gde")
    with pytest.raises(UsageError, match=r"There are .*ucdp-ged"):
        source("x")


def test_sources_are_loaded_when_they_are_asked_for() -> None:
    code = (
        "import sys, harmattan.sources.registry as r; assert len(r.SOURCES) == len(list(r.SOURCES)); "
        "sys.exit(any(m in sys.modules for m in ('duckdb', 'pyarrow', *r.MODULES.values())))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "found").iterdir()), ids=lambda path: path.name)
def test_what_the_fuzzer_found_stays_mended(path: Path, tmp_path: Path) -> None:
    """Invented files that once ended in a traceback; the first part of a name is the data set, the last the format."""
    name, _, rest = path.name.partition(".")
    seed = next(seed for seed in SEEDS[name] if seed.file.endswith(rest.rpartition(".")[2]))
    check_broken(name, seed, tmp_path, path.read_bytes())
