"""Claims files: what they hold comes back, and every fault is told in one line with its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.checks.claims_file import dump, load, schema
from harmattan.data import CLAIMS
from harmattan.errors import HarmattanError, UsageError, WrongFile
from harmattan.vocabulary.claim import Claims

ROOT = Path(__file__).parents[2]
ARTICLE = Path("/work/shared/documents/mali-deepening-extremist-crisis.txt")
WORKED = CLAIMS / "mali-2022.toml"
HEAD = 'as_of = 2022-10-31\n[document]\ntitle = "A"\n'
CLAIM = '[[claim]]\nid = "a"\nquote = "b"\n[[claim.part]]\ncheck = "exists"\ncountry = "MLI"\n'
GOOD = HEAD + CLAIM


def kept(folder: Path, content: str | bytes, name: str = "claims.toml") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def fault(path: Path, kind: type[HarmattanError] = WrongFile) -> str:
    """The one line that a file is refused with."""
    with pytest.raises(kind) as caught:
        load(path)
    line = str(caught.value)
    assert "\n" not in line
    assert "pydantic" not in line
    return line


def test_the_worked_case_is_whole_and_comes_back_from_both_formats(tmp_path: Path) -> None:
    claims = load(WORKED)
    assert len(claims.claim) >= 40
    assert sum(len(claim.part) for claim in claims.claim) >= 80
    assert load(kept(tmp_path, dump(claims), "a.toml")) == claims
    assert load(kept(tmp_path, dump(claims, "json"), "a.json")) == claims
    assert load(kept(tmp_path, dump(claims, "json"), "told-by-its-content")) == claims
    assert load(kept(tmp_path, b"\xef\xbb\xbf" + dump(claims).encode(), "bom.toml")) == claims


def test_every_quotation_stands_in_the_article_word_for_word() -> None:
    if not ARTICLE.is_file():
        pytest.skip(f"the article is not at {ARTICLE}")
    text = ARTICLE.read_text(encoding="utf-8")
    for claim in load(WORKED).claim:
        at = 0
        for piece in claim.quote.split("[...]"):
            at = text.find(piece.strip(), at)
            assert at >= 0, (claim.id, piece)
            at += len(piece.strip())
        assert len(claim.quote.split()) <= 25, claim.id


def test_the_published_schema_is_the_one_on_the_page_and_knows_the_words_of_the_dossier() -> None:
    page = json.loads((ROOT / "docs" / "claims.schema.json").read_text(encoding="utf-8"))
    assert page == json.loads(json.dumps(schema()))
    parts = page["$defs"]
    assert "operates_in" in parts["RelationPart"]["properties"]["relation"]["enum"]
    assert "people_in_need" in parts["FigurePart"]["properties"]["indicator"]["enum"]
    assert "coup" in parts["MilestonePart"]["properties"]["type"]["items"]["enum"]


@pytest.mark.parametrize(
    ("instead", "by", "told"),
    [
        (
            'check = "exists"',
            'check = "exsits"',
            r"claim a, part 1: check cannot be exsits \(Did you mean exists\?.*line 8",
        ),
        ('check = "exists"', "", r"claim a, part 1: check is missing"),
        ('country = "MLI"', 'country = "MAL"', r"claim a, part 1: MAL is no ISO3 code of a country\. .*line 9"),
        ('country = "MLI"', 'country = "Mali"', r"Did you mean MLI Mali"),
        ('country = "MLI"', 'contry = "MLI"', r"there is no field contry \(Did you mean country\?"),
        ('country = "MLI"', "country = []", r"claim a, part 1: country is empty"),
        ('country = "MLI"', 'country = "MLI"\nfrom = "2022-13"', r"'2022-13' is no date.*line 10"),
        (
            'country = "MLI"',
            'country = "MLI"\nfrom = "2022"\nto = "2021"',
            r"it ends \(2021\) before it begins \(2022\)",
        ),
        ('country = "MLI"', 'country = "MLI"\nkind = "battle"', r"kind cannot be battle .*state_based"),
        ('id = "a"', 'id = "A b"', r"id A b is not"),
        ('quote = "b"', 'quote = ""', r"claim a: quote is empty \(line 6\)"),
        ("as_of = 2022-10-31", "", r"as_of is missing"),
        ("as_of = 2022-10-31", 'as_of = "soon"', r"as_of soon is not a day \(line 1\)"),
        (
            'title = "A"',
            'title = "A"\npublishr = "B"',
            r"document: there is no field publishr \(Did you mean publisher\?",
        ),
    ],
)
def test_a_fault_says_where_it_is_and_what_is_allowed(tmp_path: Path, instead: str, by: str, told: str) -> None:
    assert instead in GOOD
    line = fault(kept(tmp_path, GOOD.replace(instead, by)))
    assert re.search(told, line), line


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ('check="relation", subject="A", relation="operates", country="MLI"', "Did you mean operates_in"),
        ('check="milestone", type="cuop"', "Did you mean coup"),
        ('check="figure", indicator="idp", country="MLI", value=3', "Did you mean idps"),
        ('check="figure", indicator="idps", country="MLI", value=-3', "value cannot be -3: the least is 0"),
        ('check="count", country="MLI", value="many"', "value many is not a number"),
        ('check="value", country="MLI", value=3, measure="dead"', "Did you mean deaths"),
        ('check="compare", country="MLI", is="more", than={form="2021"}', "form"),
        ('check="share", country="MLI", value=3, of={buy="JNIM"}', "there is no field buy (Did you mean by?"),
        ('check="share", country="MLI", value=3, of={country="XXX"}', "XXX is no ISO3 code of a country."),
    ],
)
def test_words_that_no_record_has_are_told_with_the_nearest(tmp_path: Path, part: str, told: str) -> None:
    line = fault(kept(tmp_path, f'{HEAD}[[claim]]\nid = "a"\nquote = "b"\npart = [{{{part}}}]\n'))
    assert told in line
    assert "claim a, part 1" in line
    assert "line 7" in line


def test_all_faults_are_told_at_once_and_ids_must_differ(tmp_path: Path) -> None:
    two = GOOD + '[[claim]]\nid = "b"\nquote = "c"\n[[claim.part]]\ncheck = "first"\ncountry = "XXX"\n'
    line = fault(kept(tmp_path, two))
    assert "XXX is no ISO3 code" in line
    assert "claim b, part 1: date is missing" in line
    assert "is empty" not in line
    assert "the id 'a' is used by two claims" in fault(kept(tmp_path, GOOD + CLAIM))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.toml", b"", "is empty"),
        ("a.toml", b" \n\n", "is empty"),
        ("a.toml", b"as_of = [", "is no TOML"),
        ("a.json", b'{"as_of": ', "is no JSON"),
        ("a.json", b'{"as_of": NaN}', "NaN is no number"),
        ("a.json", b"[1, 2]", "holds no table of claims"),
        ("a.json", b"[" * 100_000, "is no JSON: it has too many levels"),
        ("a.toml", "title = 'Ménaka'".encode("latin-1"), "is not UTF-8 (line 1)"),
        ("a.toml", "title = 'Gao'".encode("utf-16"), "is not UTF-8"),
        ("a.toml", b"a = 1\x00", "zero bytes"),
        ("a.toml", b"#" * 4_000_001, "larger than 4 MB"),
    ],
)
def test_what_is_no_claims_file_is_refused_in_one_line(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    assert told in fault(kept(tmp_path, content, name))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7"),
        ("a.docx", b"PK\x03\x04"),
        ("a.html", b"<html>"),
        ("a.txt", b"Two coups."),
        ("a.toml", b"%PDF-1.7"),
        ("article", b"Mali has undergone two military coups since 2020."),
    ],
)
def test_a_document_leads_to_the_commands_for_documents(tmp_path: Path, name: str, content: bytes) -> None:
    line = fault(kept(tmp_path, content, name), UsageError)
    assert "harmattan read" in line
    assert "harmattan desk add" in line


def test_no_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert "There is no claims file" in fault(tmp_path / "none.toml", UsageError)
    assert "There is no claims file" in fault(tmp_path, UsageError)


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
PARTS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"check": st.just("exists"), "country": st.just("MLI"), "actor": WORDS}),
    st.fixed_dictionaries(
        {
            "check": st.just("value"),
            "country": st.just(["MLI", "BFA"]),
            "value": st.floats(0, 1e9),
            "place": WORDS,
            "from": st.just("2022-03"),
        }
    ),
    st.fixed_dictionaries(
        {
            "check": st.just("compare"),
            "country": st.just("MLI"),
            "is": st.just("more"),
            "than": st.fixed_dictionaries({"by": st.lists(WORDS, min_size=1), "from": st.just("2021")}),
        }
    ),
    st.fixed_dictionaries({"check": st.just("milestone"), "type": st.just(["coup"]), "count": st.integers(0, 9)}),
)


@settings(max_examples=60, deadline=None)
@given(parts=st.lists(PARTS, min_size=1, max_size=4), quote=WORDS, title=WORDS, note=WORDS)
def test_what_is_dumped_loads_to_the_same_claims(
    tmp_path_factory: pytest.TempPathFactory, parts: list[dict[str, Any]], quote: str, title: str, note: str
) -> None:
    claim = {"id": "a", "quote": quote, "part": parts, "note": {"en": note}}
    claims = Claims.model_validate({"document": {"title": title}, "as_of": "2022-10-31", "claim": [claim]})
    folder = tmp_path_factory.mktemp("dumped")
    assert load(kept(folder, dump(claims, "toml"), "a.toml")) == claims
    assert load(kept(folder, dump(claims, "json"), "a.json")) == claims
