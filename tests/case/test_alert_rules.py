"""Rules in a case file are checked whole; a command line and a case file say the same rule in the same words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmattan.case import Case, load_case
from harmattan.data import CASES
from harmattan.errors import UsageError
from harmattan.vocabulary.rules import RULE_KINDS, FirstRule, RecordRule, SurgeRule, parse_rule
from tests.case.test_own_tables import HEAD

DEFAULTS = (
    "record:measure=deaths_best,by=country,days=30,floor=100,months=12,long=36",
    "surge:measure=deaths_best,by=country,days=7,floor=10,before=4,ratio=2",
    "first:measure=events,by=region,days=30,floor=1,months=36",
    "quiet:measure=events,by=region,days=90,floor=12,months=12",
)


def loaded(folder: Path, rules: str) -> Case:
    path = folder / "my.toml"
    path.write_text(HEAD + rules, encoding="utf-8")
    return load_case(str(path), folder / "none")


def test_bare_kinds_take_their_defaults(tmp_path: Path) -> None:
    assert tuple(str(parse_rule(kind)) for kind in RULE_KINDS) == DEFAULTS
    assert loaded(tmp_path, "").rules() == DEFAULTS


def test_case_file_and_command_line_say_the_same(tmp_path: Path) -> None:
    case = loaded(
        tmp_path,
        '[[alerts]]\nkind = "record"\nname = "north"\nfloor = 25\ncells = [153017, 153018]\n'
        '[[alerts]]\nkind = "surge"\nratio = 2.5\nviolence = ["one_sided"]\nactors = ["A, B", "50% | C"]\n'
        'countries = ["Mali"]\n',
    )
    north, surge = case.rules()
    said = "measure=deaths_best,by=country,days=30,floor=25,cells=153017|153018,months=12,long=36"
    assert north == f"record:name=north,{said}"
    assert case.rules(["north"]) == (north,)
    assert case.rules(["record:name=north,floor=25,cells=153017|153018"]) == (north,)
    assert case.rules(["surge:ratio=2.5,violence=one_sided,actors=A%2C B|50%25 %7C C,countries=MLI"]) == (surge,)
    assert case.rules(["quiet"]) == DEFAULTS[3:]
    with pytest.raises(UsageError, match=r"no alert rule nort\. There are: north, surge, record, first and quiet"):
        case.rules(["nort"])


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ('kind = "recrod"', "alerts.0: Input tag 'recrod'"),
        ('kind = "record"\nflor = 3', "alerts.0.record.flor: Extra inputs are not permitted"),
        ('kind = "record"\nfloor = 0', "alerts.0.record.floor"),
        ('kind = "record"\nlong = 6', "a record needs days <= months <= long"),
        ('kind = "surge"\nmonths = 6', "alerts.0.surge.months: Extra inputs"),
        ('kind = "surge"\nratio = 1.0', "alerts.0.surge.ratio"),
        ('kind = "quiet"\nname = "So Quiet"', "a rule cannot be named So Quiet"),
        ('kind = "first"\nviolence = ["war"]', "alerts.0.first.violence.0"),
        ('kind = "first"\ncountries = ["Malli"]', "There is no country Malli"),
        ('kind = "first"\ncells = [999999]', "There is no PRIO-GRID cell 999999"),
        ('kind = "first"\n[[alerts]]\nkind = "first"', "two rules are called first"),
    ],
)
def test_a_case_with_a_wrong_rule_is_refused(tmp_path: Path, rule: str, fault: str) -> None:
    with pytest.raises(UsageError, match="is not valid") as refused:
        loaded(tmp_path, f"[[alerts]]\n{rule}\n")
    assert fault in str(refused.value)


def test_every_fault_is_listed(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        loaded(tmp_path, '[[alerts]]\nkind = "record"\nfloor = 0\ndays = 0\n[[alerts]]\nkind = "x"\n')
    assert all(part in str(refused.value) for part in ("record.floor", "record.days", "alerts.1"))


def test_the_case_that_comes_along_has_a_rule_of_each_kind() -> None:
    assert tuple(rule.partition(":")[0] for rule in load_case("sahel", CASES).rules()) == RULE_KINDS


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


@given(st.lists(WORDS, max_size=3), st.integers(1, 366), st.integers(1, 10**6))
def test_a_canonical_string_reads_back(actors: list[str], days: int, floor: int) -> None:
    for rule in (
        SurgeRule(actors=tuple(actors), days=days, floor=floor, ratio=1.5),
        FirstRule(actors=tuple(actors), days=days, floor=floor, by="cell"),
        RecordRule(actors=tuple(actors), days=min(days, 365), floor=floor, name="mine"),
    ):
        assert parse_rule(str(rule)) == rule
