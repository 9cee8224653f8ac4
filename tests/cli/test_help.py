"""Help of every command and question runs, in both languages, and the generated pages are those in docs/."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import pytest

from harmattan.cli.parser import COMMANDS, build
from harmattan.cli.reference import EXAMPLES, pages, write_reference
from harmattan.errors import HarmattanError
from harmattan.questions.parameters import BY_FIELD
from harmattan.questions.registry import QUESTIONS
from harmattan.text.speaker import Speaker
from tests.cli.running import Run
from tests.conftest import ROOT

WAYS = [(), *((command,) for command in COMMANDS), *(("ask", question) for question in QUESTIONS)]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("words", WAYS, ids=" ".join)
def test_help_runs(run: Run, words: tuple[str, ...], language: str) -> None:
    ran = run("--lang", language, *words, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(" ".join(("usage: harmattan", *words)))


def below(parser: argparse.ArgumentParser, words: Sequence[str]) -> str:
    """The help of the parser that words lead to."""
    for word in words:
        (action,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
        parser = action.choices[word]
    return parser.format_help()


def test_a_command_that_is_said_has_all_its_options_and_the_others_are_not_told_theirs() -> None:
    speaker = Speaker("en")
    whole = build(speaker)
    for words in (*WAYS, ("desk", "list"), ("accounts", "add")):
        assert below(build(speaker, words), words) == below(whole, words), words
    assert "--country" not in below(build(speaker, ("ask", "records")), ("ask", "casualties"))


def test_help_names_every_command_and_question(run: Run) -> None:
    whole, asked = run("--help").out, run("ask", "--help").out
    assert [name for name in COMMANDS if f"    {name} " not in whole] == []
    assert [name for name in QUESTIONS if f"    {name}" not in asked] == []


def test_help_of_a_question_names_its_options(run: Run) -> None:
    for question in QUESTIONS.values():
        page = run("ask", question.name, "--help").out
        assert [field for field in question.accepts if f"{BY_FIELD[field].flag} " not in page] == []


def test_french_help_is_french(run: Run) -> None:
    assert run("--lang", "fr", "ask", "casualties", "--help").out != run("ask", "casualties", "--help").out


def test_the_version(run: Run) -> None:
    assert run("--version").out.startswith("harmattan ")


@pytest.mark.parametrize("question", sorted(QUESTIONS))
def test_the_example_of_each_question_runs(run: Run, question: str) -> None:
    ran = run("ask", question, *EXAMPLES[question].split())
    assert (ran.code, ran.err) == (0, "")


def test_every_question_has_an_example() -> None:
    assert set(EXAMPLES) == set(QUESTIONS)


def test_the_pages_in_docs_are_what_the_command_writes(run: Run, tmp_path: Path) -> None:
    for language in ("en", "fr"):
        ran = run("--lang", language, "docs", "--out", tmp_path / "docs")
        assert ran.code == 0
    written = {path.name: path.read_text(encoding="utf-8") for path in sorted((tmp_path / "docs").iterdir())}
    assert written == pages()
    stale = [name for name, page in written.items() if (ROOT / "docs" / name).read_text(encoding="utf-8") != page]
    assert stale == [], "say `make docs`"


def test_pages_that_cannot_be_written_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HarmattanError, match="cannot be written"):
        write_reference(tmp_path / "file" / "docs")
