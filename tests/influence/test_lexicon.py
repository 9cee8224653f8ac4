"""A lexicon of stances: the one that comes with the package, how patterns find, and what is wrong with a bad file."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from harmattan.data import LEXICONS
from harmattan.errors import UsageError, WrongFile
from harmattan.influence import lexicon
from harmattan.influence.patterns import phrase
from harmattan.influence.words import folded

SMALL = """\
lexicon: {name: small, title: {en: Small, fr: Petit}}
pairs:
  - id: team
    label: {en: the team, fr: l'équipe}
    against: {id: anti-team, label: {en: against, fr: contre}}
    for: {id: pro-team, label: {en: for, fr: pour}}
targets:
  team: [équipe, les bleus]
entries:
  - {stance: anti-team, language: fr, pattern: "à bas {team}", example: "À bas l'équipe", sources: [paper]}
  - {stance: pro-team, language: fr, pattern: "vive .. équipe*", example: "vive notre belle équipe", sources: [paper]}
sources:
  paper: {publisher: A paper, title: A title, date: 2022-05}
"""
TARGETS = {"france": ["france", "armée française"]}


def finds(pattern: str, text: str) -> bool:
    return bool(pc.match_substring_regex(folded(pa.array([text])), phrase(pattern, TARGETS).expression)[0].as_py())


@pytest.mark.parametrize(
    ("pattern", "text", "yes"),
    [
        ("à bas {france}", "A BAS LA FRANCE!!", True),
        ("à bas {france}", "à bas l’armée française", True),
        ("à bas {france}", "à bas la francophonie", False),
        ("à bas {france}", "#ABasLaFrance", True),
        ("à bas {france}", "#abaslafrance2022", False),
        ("{france} .. dégage*", "la France, armée criminelle, dégagez", True),
        ("{france} .. dégage*", "vive la France. Dégage la pluie", False),
        ("{france} .. dégage*", "France un deux trois quatre cinq dégage", False),
        ("{france} .. dégage*", "oui #FranceDegagez oui", True),
        ("{france} .. dégage*", "Damiba dégage", False),
        ("vive la russie", "vive\nla Russie", False),
        ("poutine assimi", "« Poutine-Assimi »", True),
    ],
)
def test_how_a_pattern_finds(pattern: str, text: str, yes: bool) -> None:
    assert finds(pattern, text) is yes


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        (".. dégage", "between two words"),
        ("dégage ..", "between two words"),
        ("a .. .. b", "between two words"),
        ("{mali} dégage", "no target 'mali'"),
        ("dég*age", "end of a word"),
        ("{france dégage", "braces"),
        ("!?", "no letter"),
        ("a.b", "one sentence"),
        ("#mali", "one sentence"),
        ("", "no word"),
        ("{france}", "no word"),
        ("(a|b)+", "one sentence"),
    ],
)
def test_patterns_that_cannot_be_searched(pattern: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        phrase(pattern, TARGETS)


def test_the_lexicon_of_the_package() -> None:
    """No fault; every stance with its opposite, every phrase with a source, no source without a phrase."""
    for path in sorted(LEXICONS.glob("*.yaml")):
        assert [(fault.line, str(fault.what)) for fault in lexicon.faults(path)] == []
        found = lexicon.embedded(path.stem)
        stances = {entry.stance for entry in found.entries}
        assert stances == {stance.id for _, stance, _ in found.stances}
        assert all(opposite.id in stances and opposite.id != stance.id for _, stance, opposite in found.stances)
        cited = {key for entry in found.entries for key in entry.sources} | set(found.header.sources)
        assert cited == set(found.sources)
        assert all(source.url or source.title for source in found.sources.values())


def test_no_phrase_of_the_package_stands_on_both_sides() -> None:
    """The example of an entry is not found by an entry of the opposite stance."""
    found = lexicon.embedded("sahel-stances")
    opposite = {stance.id: other.id for _, stance, other in found.stances}
    examples = folded(pa.array([entry.example for entry in found.entries]))
    for entry, looked in zip(found.entries, found.phrases, strict=True):
        hits = pc.match_substring_regex(examples, looked.expression).to_pylist()
        wrong = [
            one.example
            for one, hit in zip(found.entries, hits, strict=True)
            if hit and one.stance == opposite[entry.stance]
        ]
        assert wrong == []


def written(folder: Path, content: str) -> Path:
    path = folder / "small.yaml"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_lexicon_of_ones_own(tmp_path: Path) -> None:
    found = lexicon.read(written(tmp_path, SMALL))
    assert [entry.stance for entry in found.entries] == ["anti-team", "pro-team"]
    assert [(one.id, other.id) for _, one, other in found.stances] == [
        ("anti-team", "pro-team"),
        ("pro-team", "anti-team"),
    ]
    assert str(found.sources["paper"].date) == "2022-05"


@pytest.mark.parametrize(
    ("old", "new", "line", "wrong"),
    [
        ("sources: [paper]}\n  - {stance: pro", "sources: [other]}\n  - {stance: pro", 10, "no source other"),
        ("sources: [paper]}\n  - {stance: pro", "sources: []}\n  - {stance: pro", 10, "sources"),
        ("stance: pro-team", "stance: for-team", 11, "no stance for-team"),
        ("stance: pro-team", "stance: anti-team", 3, "pro-team has no entry"),
        ("À bas l'équipe", "Vive l'équipe", 10, "not found by"),
        ("à bas {team}", "à bas {them}", 10, "no target 'them'"),
        ("à bas {team}", "vive .. équipe*", 10, "not found by"),
        ("id: pro-team", "id: anti-team", 3, "said twice"),
        ("date: 2022-05", "date: May", 13, "date"),
        ("language: fr, pattern: \"vive", "language: de, pattern: \"vive", 11, "language"),
        ("  team: [", "  team: équipe\n  other: [", 8, "no list"),
        ("sources:\n", "colours: [red]\nsources:\n", 12, "no list colours"),
        ("lexicon: {name: small, title: {en: Small, fr: Petit}}\n", "", 1, "no header"),
        ("pairs:", "pairs: [\npairs:", 10, "not YAML"),
    ],
)  # fmt: skip
def test_faults_have_their_line(tmp_path: Path, old: str, new: str, line: int, wrong: str) -> None:
    assert old in SMALL
    path = written(tmp_path, SMALL.replace(old, new, 1))
    found = lexicon.faults(path)
    assert any(wrong in str(fault.what) for fault in found), [str(fault.what) for fault in found]
    if "YAML" not in wrong:
        assert line in {fault.line for fault in found if wrong in str(fault.what)}
    with pytest.raises(WrongFile, match=r"small\.yaml:"):
        lexicon.read(path)


def test_no_lexicon(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There are sahel-stances"):
        lexicon.embedded("sea")
    with pytest.raises(WrongFile, match="no lexicon in"):
        lexicon.read(tmp_path / "none.yaml")
    with pytest.raises(WrongFile, match="no lists"):
        lexicon.read(written(tmp_path, ""))


def test_no_account_is_left_among_the_words() -> None:
    texts = [f"À bas @acct-{'0f' * 16} et t.me/s/quelquun, x.com/autre-nom ou @encore.un ici", "fin.debut oui/non"]
    assert folded(pa.array(texts)).to_pylist() == [" a bas et ou ici ", " fin | debut oui non "]
