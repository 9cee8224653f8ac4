"""The pages are kept: nothing they speak of is missing from the program, nothing of the program from the pages."""

from __future__ import annotations

import argparse
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from harmattan import __version__
from harmattan.case import SECTIONS, AskedEffect, Case, OwnTable, Spilling
from harmattan.checks.check import CHECKS
from harmattan.checks.ways import HOW as WAYS
from harmattan.cli.desk_words import EXPORTS
from harmattan.cli.parser import COMMANDS, build
from harmattan.data import CASES
from harmattan.dossier import records
from harmattan.dossier.check import faults
from harmattan.dossier.files import read
from harmattan.embed import MAKERS
from harmattan.export.dossier import FORMATS
from harmattan.influence.layers import LAYERS
from harmattan.influence.lexicon import LISTS as LEXICON_LISTS
from harmattan.models.effect.effect import CheckName, Design, Verdict
from harmattan.models.spillover.tested import SpilloverVerdict
from harmattan.places.locate import HOW
from harmattan.questions.coordination_network import SEMANTIC
from harmattan.questions.narrative_rows import BY as NARRATIVES_BY
from harmattan.questions.parameters import COUNTED as COUNTED_MEASURES
from harmattan.questions.registry import QUESTIONS
from harmattan.questions.thresholds import NETWORKS
from harmattan.sources.registry import MODULES
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.amount import QUALIFIERS
from harmattan.vocabulary.assertion import KINDS, MODALITIES, STATES
from harmattan.vocabulary.document import Kind
from harmattan.vocabulary.origin import Status
from harmattan.vocabulary.own import OWN_CONTRACTS
from harmattan.vocabulary.people import FUNDING_MEASURES, GROUPS, NEEDS_INDICATORS
from harmattan.vocabulary.posts import PLATFORMS
from harmattan.vocabulary.rules import RULE_KINDS, FirstRule, QuietRule, RecordRule, SurgeRule
from tests.docs.embedded import embedded_releases, tables_of, with_embedded
from tests.docs.pages import DOCS, GENERATED, PAGES, ROOT, links, samples, spoken_commands, text_of

COMMANDS_PAGE, QUESTIONS_PAGE = DOCS / "commands.md", DOCS / "questions.md"


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and all below it."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from parsers(below)


ALL_PARSERS = list(parsers(build(Speaker("en"))))
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


NOUNS = {
    "actor": "actor.md",
    "who-is": "actor.md",
    "relations": "relation.md",
    "presence": "presence.md",
    "force-months": "presence.md",
    "milestones": "milestone.md",
    "figures": "figure.md",
}
"""The page of the noun that a question to a dossier is about."""
WORDS = {
    "actor.md": get_args(records.ActorKind),
    "relation.md": get_args(records.RelationKind),
    "presence.md": (*get_args(records.PresenceKind), *get_args(records.PresenceEnd)),
    "milestone.md": get_args(records.MilestoneKind),
    "figure.md": (*get_args(records.Indicator), *get_args(records.Qualifier)),
    "dossier.md": (*get_args(records.Status), *records.LISTS, *FORMATS),
}
"""The words of a dossier that a page explains."""


def test_every_question_to_a_dossier_has_the_page_of_its_noun() -> None:
    assert {name for name, question in QUESTIONS.items() if question.rests_on == "dossier"} == set(NOUNS)


@pytest.mark.parametrize("name", sorted(NOUNS))
def test_the_page_of_a_noun_speaks_of_its_question(name: str) -> None:
    assert f"`{name}`" in text_of(DOCS / NOUNS[name])


@pytest.mark.parametrize("page", sorted(WORDS))
def test_every_word_of_a_dossier_is_explained(page: str) -> None:
    assert [word for word in WORDS[page] if f"`{word}`" not in text_of(DOCS / page)] == []


def test_the_dossier_page_shows_a_dossier_without_faults(tmp_path: Path) -> None:
    """The pieces of YAML on the page are one dossier together, and have every field that there is."""
    shown = samples(DOCS / "dossier.md")
    for number, sample in enumerate(shown):
        (tmp_path / f"{number}.yaml").write_text(sample, encoding="utf-8")
    written = read(tmp_path)
    assert [str(fault) for fault in faults(written)] == []
    models: dict[str, type[records.Record]] = {**records.LISTS, "dossier": records.Header, "cite": records.Citation}
    for name, model in models.items():
        fields = {field.alias or key for key, field in model.model_fields.items()} - {"key"}
        assert [field for field in sorted(fields) if f"`{field}`" not in text_of(DOCS / "dossier.md")] == [], name


MEASURES = (
    "border-violence", "cross-border-groups", "expansion", "competition", "activity-range", "network", "force-months",
    "vacuum", "aligned", "harm-rate", "harm-partner", "incidents", "conflict-index", "exposure", "mines",
    "displacement-violence",
)  # fmt: skip
"""The questions that the page on measures explains."""
RULES = (RecordRule, SurgeRule, FirstRule, QuietRule)
RULE_WORDS = (*RULE_KINDS, *dict.fromkeys(field for rule in RULES for field in rule.model_fields if field != "kind"))
"""The kinds of rules and the words of each."""
COUNTED = {
    "displacement.md": ("displacement", *GROUPS),
    "need.md": ("needs", "funding", "documents", *NEEDS_INDICATORS, *FUNDING_MEASURES),
    "area.md": ("areas", "towns", "population", *HOW),
    "deployment.md": ("deployments", "coups", "facilities"),
    "outlook.md": ("outlooks",),
    "context.md": ("machine_events",),
    "post.md": ("posts", *PLATFORMS, *LAYERS),
    "campaign.md": ("campaigns", "campaign", "coordination-network", *SEMANTIC, *NETWORKS.values()),
    "narrative.md": ("narratives", *NARRATIVES_BY, *LEXICON_LISTS),
    "posts-and-events.md": ("posts-and-events", *COUNTED_MEASURES),
    "case.md": (
        *Case.model_fields,
        *OwnTable.model_fields,
        *OWN_CONTRACTS,
        *Spilling.model_fields,
        *AskedEffect.model_fields,
    ),
    "release.md": get_args(Status),
    "measure.md": MEASURES,
    "alert.md": ("alerts", "alert-history", *RULE_WORDS),
    "brief.md": SECTIONS,
    "document.md": tuple(f".{kind}" for kind in get_args(Kind)),
    "desk.md": (*STATES, *KINDS, *MODALITIES, *EXPORTS),
    "claim.md": (*CHECKS, *MODALITIES, *QUALIFIERS),
    "check.md": (*CHECKS, *WAYS, "tally"),
    "spillover.md": (*get_args(SpilloverVerdict), "shock", "reproduction", "dropped_share"),
    "effect.md": (*get_args(Design), *get_args(Verdict), *get_args(CheckName), "effect"),
}
"""The tables and the words of data sets, and of the desk and the checks, that a page explains."""


@pytest.mark.parametrize("page", sorted(COUNTED))
def test_every_table_and_word_of_a_data_set_is_explained(page: str) -> None:
    assert [word for word in COUNTED[page] if f"`{word}`" not in text_of(DOCS / page)] == []


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
        elif f"{command} {words[1] if len(words) > 1 else ''}" in BY_NAME:
            name = f"{command} {words[1]}"
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


def test_the_case_page_shows_tables_without_faults() -> None:
    shown = re.findall(r"^```toml\n(\[tables\..*?)^```$", text_of(DOCS / "case.md"), re.MULTILINE | re.DOTALL)
    found = [OwnTable.model_validate(said) for part in shown for said in tomllib.loads(part)["tables"].values()]
    assert [table.contract for table in found] == ["events"]


def test_the_versions_agree() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {__version__}\n" in citation
    assert f"## [{__version__}]" in text_of(ROOT / "CHANGELOG.md")


def test_the_page_on_the_embedded_figures_is_true() -> None:
    """Where a release was made anew: `python -m tests.docs.rewrite`."""
    page = text_of(DOCS / "embedded-figures.md")
    assert page == with_embedded(page)
    assert " bytes in all" in page
    assert [
        file.path for release in embedded_releases() for file in tables_of(release) if file.sha256 not in page
    ] == []
    listed = re.findall(r"^\| `(\S+@\S+)` \|", page, re.MULTILINE)
    assert sorted(listed) == sorted(release.name for release in embedded_releases())
