"""The pages are kept: nothing they speak of is missing from the program, nothing of the program from the pages."""

from __future__ import annotations

import argparse
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harmattan import __version__
from harmattan.cli.parser import COMMANDS, build
from harmattan.data import CASES, RELEASES
from harmattan.embed import MAKERS
from harmattan.lake.shelf import read_release
from harmattan.questions.registry import QUESTIONS
from harmattan.sources.registry import MODULES
from harmattan.text.speaker import Speaker
from tests.docs.pages import DOCS, GENERATED, PAGES, ROOT, links, spoken_commands, text_of

COMMANDS_PAGE, QUESTIONS_PAGE = DOCS / "commands.md", DOCS / "questions.md"


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and all below it."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from parsers(below)


ALL_PARSERS = list(parsers(build(Speaker("en"), with_questions=True)))
BY_NAME = {parser.prog.removeprefix("harmattan").strip(): parser for parser in ALL_PARSERS}


def options(parser: argparse.ArgumentParser) -> list[str]:
    """The long options of a parser."""
    return [option for option in parser._option_string_actions if option.startswith("--")]


def page_or_skip(page: Path) -> str:
    if not page.is_file():
        pytest.skip(f"{page.name} is not written yet")
    return text_of(page)


@pytest.mark.parametrize("name", sorted(BY_NAME), ids=lambda name: name or "harmattan")
def test_every_command_and_option_is_in_the_reference(name: str) -> None:
    """Each option stands in the section of its command; those of every command stand at the head."""
    head, *parts = re.split(r"^##+ harmattan ", page_or_skip(COMMANDS_PAGE), flags=re.MULTILINE)
    sections = {"": head} | {part.partition("\n")[0]: part for part in parts}
    shared = options(BY_NAME[""]) if name else []
    wanted = [option for option in options(BY_NAME[name]) if option not in shared]
    assert [
        option for option in wanted if f"`{option}" not in sections[name] and f", {option}" not in sections[name]
    ] == []


def test_the_list_of_commands_is_that_of_the_parser() -> None:
    assert sorted(COMMANDS) == sorted(name for name in BY_NAME if name and " " not in name)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_question_is_in_the_reference(name: str) -> None:
    assert name in page_or_skip(QUESTIONS_PAGE)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_question_is_on_the_page_of_its_noun(name: str) -> None:
    assert f"`{name}`" in text_of(DOCS / "question.md")


@pytest.mark.parametrize("name", sorted({*MODULES, *MAKERS}))
def test_every_data_set_is_on_the_page_of_sources(name: str) -> None:
    assert f"`{name}`" in text_of(DOCS / "sources.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links_resolve(page: Path) -> None:
    awaited = {(DOCS / name).resolve() for name in GENERATED}
    missing = [
        target
        for target in links(page)
        if not (found := (page.parent / target).resolve()).exists() and found not in awaited
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_speaks_of_a_command_that_there_is_not(page: Path) -> None:
    """A wrong word is allowed where the page shows the error that it meets."""
    shown_errors = re.findall(r"^\$ harmattan (.*)\nharmattan: ", text_of(page), re.MULTILINE)
    for words in spoken_commands(page):
        if " ".join(words) in shown_errors:
            continue
        command = words[0]
        if command in options(BY_NAME[""]):
            continue
        assert command in COMMANDS, f"{page.name}: harmattan {' '.join(words)}"
        name = command
        if command == "ask" and len(words) > 1 and re.fullmatch(r"[a-z][a-z-]*", words[1]):
            assert words[1] in QUESTIONS, f"{page.name}: harmattan {' '.join(words)}"
            name = f"ask {words[1]}"
        known = {*options(BY_NAME[name]), "--home", "--lang"}
        assert [word for word in words if word.startswith("--") and word not in known] == [], words


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_every_page_can_be_reached_from_the_index(page: Path) -> None:
    if page.name != "index.md":
        assert page.name in links(DOCS / "index.md")


def resolve(path: str) -> Any:
    """What a dotted name below `harmattan` stands for. Raises AttributeError or ImportError for nothing."""
    found: Any = importlib.import_module("harmattan")
    name = "harmattan"
    for part in path.split("."):
        name = f"{name}.{part}"
        if part in getattr(found, "__annotations__", {}):
            return part
        try:
            found = getattr(found, part)
        except AttributeError:
            found = importlib.import_module(name)
    return found


ROOMS = sorted(
    path.stem
    for path in (ROOT / "src" / "harmattan").iterdir()
    if path.stem[0].islower() and path.suffix in ("", ".py")
)
NAMED = sorted(
    name
    for name in set(re.findall(rf"`((?:{'|'.join(ROOMS)})(?:\.\w+)+)`", text_of(ROOT / "ARCHITECTURE.md")))
    if not name.endswith((".json", ".parquet"))
)


@pytest.mark.parametrize("name", NAMED)
def test_every_name_on_the_map_is_in_the_code(name: str) -> None:
    resolve(name)


def test_the_map_has_every_room() -> None:
    page = text_of(ROOT / "ARCHITECTURE.md")
    assert [room for room in ROOMS if not re.search(rf"^\| `{room}/?` ", page, re.MULTILINE)] == []


def test_the_case_page_shows_the_embedded_case() -> None:
    shown = re.search(r"^```toml\n(.*?)^```$", text_of(DOCS / "case.md"), re.MULTILINE | re.DOTALL)
    assert shown is not None
    assert tomllib.loads(shown[1]) == tomllib.loads((CASES / "sahel.toml").read_text(encoding="utf-8"))


def test_the_versions_agree() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {__version__}\n" in citation
    assert f"## [{__version__}]" in text_of(ROOT / "CHANGELOG.md")


def test_the_page_on_the_embedded_figures_is_true() -> None:
    page = text_of(DOCS / "embedded-figures.md")
    folders = [path.parent for path in RELEASES.rglob("release.json")]
    assert len(folders) == 3
    size = sum(path.stat().st_size for path in RELEASES.rglob("*") if path.is_file())
    assert f"{size:,} bytes in all" in page
    for folder in folders:
        release = read_release(folder / "release.json")
        table = release.files[0]
        events = f"{release.events:,}" if release.events else "-"
        row = next(line for line in page.splitlines() if line.startswith(f"| `{release.name}`"))
        assert f"| {release.rows:,} | {events} | {table.bytes:,} | `{release.digest[:12]}` |" in row
        assert f"    {table.sha256}  {release.dataset}/{release.label}/{table.path}" in page
