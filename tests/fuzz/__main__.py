"""Feeds readers with bytes that a coverage-guided fuzzer makes: `python -m tests.fuzz SECONDS [DATASET ...]`.

It needs atheris, which is not among the pinned packages: `pip install atheris`. Each run starts from the whole files
in `tests.sources.seeds`. It stops at the first input that a reader does not take or refuse in one line, and keeps it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["harmattan"]):
    from harmattan.sources.registry import SOURCES
    from tests.sources.seeds import SEEDS
    from tests.sources.test_registry import check_broken


def main(words: list[str]) -> None:
    """Fuzzes the named data sets, or all, for so many seconds together."""
    seconds, names = words[0], words[1:] or sorted(SEEDS)
    files = [(name, seed) for name in names for seed in SEEDS[name]]
    for name in names:
        _ = SOURCES[name]
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, (_name, seed) in enumerate(files):
        (corpus / f"{number}").write_bytes(bytes([number]) + seed.content)
    work = folder / "work"
    work.mkdir()

    def one(data: bytes) -> None:
        if data:
            name, seed = files[data[0] % len(files)]
            check_broken(name, seed, work, data[1:])

    print(f"{len(files)} files of {len(names)} data sets, corpus and findings in {folder}", file=sys.stderr)
    flags = [f"-max_total_time={seconds}", f"-artifact_prefix={folder}/", "-timeout=60", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *flags, "-max_len=200000", str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
