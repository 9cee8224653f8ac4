"""`harmattan read`: the table and the JSON, what one says of a document, and slips in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Run, one_line

TEXT = (
    "The mood was sombre. In March 2022, FAMa killed 300 civilians in Moura, Mali. Last month the Gao Youth League "
    "(GYL) met there.\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "news.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_sentences_that_can_be_checked_come_first(run: Run, file: Path) -> None:
    said = run("read", file, "--published", "2022-10-31", "--language", "en")
    assert said.code == 0
    lines = [line.strip() for line in said.out.splitlines() if line.strip()]
    numbered = [line for line in lines if line[0].isdigit() and ". " in line[:4]]
    assert numbered[0].startswith("1. In March 2022, FAMa killed 300 civilians")
    assert "actor: FAMa → mali-armed-forces (acronym)" in lines
    assert "figure: 300 → 300, civilians_killed, Moura, March 2022" in lines
    assert any(line.startswith('+ { check = "value"') and '"Moura"' in line for line in lines)
    assert any("Gao Youth League (GYL)" in line for line in lines)


def test_json_has_every_span_and_draft(run: Run, file: Path) -> None:
    said = run("read", file, "--published", "2022-10-31", "--language", "en", "--format", "json")
    told = json.loads(said.out)
    assert told["document"]["published"] == "2022-10-31"
    assert all(TEXT[m["start"] : m["end"]] == m["text"] for m in told["mentions"])
    assert {m["kind"] for m in told["mentions"]} >= {"actor", "place", "date", "figure", "new_name"}
    assert told["sentences"][0]["drafts"][0]["check"] == "value"


def test_without_a_publication_date_it_says_what_is_left_out(run: Run, file: Path) -> None:
    said = run("read", file, "--language", "en")
    assert "The document gives no publication date" in said.out


def test_it_speaks_french(run: Run, file: Path) -> None:
    assert run("read", file, "--language", "en", "--lang", "fr").code == 0


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--published", "yesterday"), "yesterday is no date."),
        (("--reliability", "G"), "“G” is not a grade of reliability."),
        (("--language", "de"), "“de” is not a language that is read."),
        (("--out", "table.txt"), "A table is for the terminal"),
    ],
)
def test_slips_get_one_line(run: Run, file: Path, words: tuple[str, ...], line: str) -> None:
    assert one_line(run("read", file, *words), code=2).startswith(line)


def test_no_file_gets_one_line(run: Run, tmp_path: Path) -> None:
    assert "There is no file" in one_line(run("read", tmp_path / "none.txt"), code=1)
