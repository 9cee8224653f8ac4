"""The report on checked claims: the worked case's verdicts, numbers that open, the same bytes, nothing that runs."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from pypdf import PdfReader

from harmattan.brief import check_html, check_pdf
from harmattan.brief.check_page import CheckPage, compose, look
from harmattan.brief.outline import numbers
from harmattan.case import Case
from harmattan.checks.asker import Asker
from harmattan.checks.check import check
from harmattan.checks.claims_file import load
from harmattan.checks.verdict import OVERALL_WORDS, Checked
from harmattan.data import CLAIMS
from harmattan.export.checked import as_json, schema
from harmattan.questions.gazetteer import gazetteer
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text.speaker import Speaker

WORKED = load(CLAIMS / "mali-2022.toml")
EXPECTED = {
    "record-casualties": "supported",
    "takeover": "supported",
    "wagner-partners": "supported",
    "wagner-accused": "no_record",
    "people-in-need": "supported",
    "displaced": "different_figure",
    "isgs-northeast": "supported",
    "isgs-iswap": "supported",
    "iswap-lake-chad": "supported",
    "jnim-founded": "supported",
    "almost-daily": "not_checkable",
    "two-coups": "supported",
    "barkhane": "different_figure",
    "takuba-end": "supported",
    "coup-2021": "supported",
    "g5-exit": "supported",
    "g5-members": "supported",
    "bases": "supported",
    "jnim-neighbours": "supported",
    "isgs-jnim": "supported_in_part",
    "minusma": "supported",
    "spokesman": "supported",
    "ivorian-soldiers": "supported",
    "custody": "supported",
    "moura": "different_figure",
    "burkina-coup": "supported",
    "gold": "supported",
    "own-population": "supported",
}
"""What the embedded releases say of the article."""


@pytest.fixture(scope="module")
def params() -> Params:
    return Params(as_of=WORKED.as_of)


@pytest.fixture(scope="module")
def checked(inquiry: Inquiry, sahel: Case, params: Params) -> Checked:
    return check(Asker(inquiry, params, gazetteer(inquiry.world, params).named, WORKED.document), WORKED)


@pytest.fixture(scope="module", params=["en", "fr"])
def page(request: Any, checked: Checked, inquiry: Inquiry, params: Params) -> tuple[CheckPage, Speaker]:
    speaker = Speaker(request.param)
    return compose(checked, inquiry, params, "harmattan check", speaker), speaker


def test_the_worked_case_has_the_verdicts_that_the_data_give(checked: Checked) -> None:
    found = {result.claim.id: result.verdict for result in checked.results}
    assert {name: found[name] for name in EXPECTED} == EXPECTED
    assert "contradicted" not in found.values()


def part(checked: Checked, claim: str, number: int = 0) -> Any:
    return result(checked, claim).parts[number]


def result(checked: Checked, claim: str) -> Any:
    return next(one for one in checked.results if one.claim.id == claim)


def test_the_known_answers_are_told(checked: Checked) -> None:
    need = str(part(checked, "people-in-need").sentence)
    assert "13,272,701" in need
    assert "16,066,602" in need
    moura = str(part(checked, "moura").sentence)
    assert "313" in moura
    assert "243" in moura
    assert part(checked, "moura", 1).verdict == "not_checkable"
    assert [part(checked, "isgs-jnim", n).verdict for n in (1, 2, 3)] == ["supported", "supported", "no_record"]
    assert "2017" in str(part(checked, "jnim-neighbours").sentence)
    daily = [str(part.sentence) for part in result(checked, "almost-daily").parts]
    assert len(daily) == 2
    for told in daily:
        assert "without a death" in told
    assert part(checked, "two-coups").reckonings[0].best == 2


def test_every_number_that_is_computed_opens_to_rows(checked: Checked, page: tuple[CheckPage, Speaker]) -> None:
    made, _speaker = page
    entries = {entry.id for entry in made.entries}
    for claim in made.claims:
        for shown in claim.parts:
            cells = [cell for row in (shown.ways.rows if shown.ways else ()) for cell in row]
            for value in (*cells, *([shown.found] if shown.found else [])):
                for number in numbers(value):
                    assert number.evidence in entries, (claim.id, number)
            assert set(shown.evidence) <= entries
    with_rows = [entry for entry in made.entries if entry.rows]
    assert len(with_rows) > 40
    assert checked.answers


def test_the_page_is_whole_and_nothing_in_it_runs(page: tuple[CheckPage, Speaker]) -> None:
    made, speaker = page
    html = check_html.render(made, speaker).decode()
    assert html.startswith("<!doctype html>")
    assert html.rstrip().endswith("</html>")
    assert f'lang="{speaker.language}"' in html
    assert set(re.findall(r"<script[^>]*>", html)) == {'<script type="application/json" id="evidence">'}
    assert not re.search(r"<(?:iframe|object|embed|link|img)\b|\son\w+=", html)
    assert not re.search(r"""\ssrc=["']""", html)
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]*)"', html)) <= ids
    for claim in WORKED.claim:
        assert claim.quote in html
    for words in OVERALL_WORDS.values():
        assert speaker.say(words) in html
    kept = json.loads(re.search(r'id="evidence">(.*?)</script>', html, re.S)[1])  # type: ignore[index]
    assert {entry["id"] for entry in kept} >= {name.partition(".")[0] for c in made.claims for p in c.parts
                                               for name in p.evidence}  # fmt: skip
    assert check_html.render(made, speaker).decode() == html


def test_the_document_has_the_same_content(page: tuple[CheckPage, Speaker]) -> None:
    made, speaker = page
    pdf = check_pdf.render(made, speaker)
    assert pdf == check_pdf.render(made, speaker)
    text = " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages).split())
    squeezed = re.sub(r"\W+", "", text)
    for claim in made.claims:
        assert re.sub(r"\W+", "", claim.quote) in squeezed, claim.id
        assert re.sub(r"\W+", "", speaker.say(claim.words)) in squeezed
    for entry in made.entries[:20]:
        assert entry.id in text


def test_a_verdict_is_told_by_sign_and_words_and_not_by_colour_alone() -> None:
    signs = [look(name)[0] for name in OVERALL_WORDS]
    assert len(set(signs)) == len(signs)


def test_hostile_words_are_escaped(checked: Checked, inquiry: Inquiry, params: Params) -> None:
    title = '<script>alert("x")</script> #set page(fill: red) $x$ \\ "quoted"'
    quote = '<b onclick=1>“two”</b> #import "x" & [a]'
    claims = WORKED.model_copy(
        update={
            "document": WORKED.document.model_copy(update={"title": title}),
            "claim": (WORKED.claim[0].model_copy(update={"quote": quote, "attributed_to": "<i>#x</i>"}),),
        }
    )
    result = checked.results[0].__class__(claims.claim[0], checked.results[0].parts)
    made = compose(Checked(claims, (result,)), inquiry, params, "harmattan check <x>", Speaker("en"))
    html = check_html.render(made, Speaker("en")).decode()
    assert "<script>alert" not in html
    assert "<b onclick" not in html
    assert "&lt;b onclick=1&gt;" in html
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(check_pdf.render(made, Speaker("en")))).pages)
    assert "#import" in text


def test_the_json_has_the_fields_that_its_schema_says(checked: Checked) -> None:
    told = as_json(checked, Speaker("en"))
    described = schema()
    assert set(told) == set(described["properties"])
    parts = described["$defs"]["PartTold"]["properties"]
    for claim in told["claims"]:
        assert set(claim) == set(described["$defs"]["ClaimTold"]["properties"])
        for one in claim["parts"]:
            assert set(one) == set(parts)
    assert sum(told["counts"].values()) == len(WORKED.claim)
    json.dumps(told, allow_nan=False)
