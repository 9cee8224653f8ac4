"""The pages of questions, evidence and exports: forms for people, whole answers, files as by the command line."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from fastapi.testclient import TestClient

from harmattan.export.answers import formats_of
from harmattan.questions.parameters import Params
from harmattan.questions.registry import QUESTIONS
from harmattan.text.speaker import Speaker
from harmattan.web import evidence_rows, forms, grouped, tables
from harmattan.web.field_words import CHOICES, LABELS, PLACES
from harmattan.web.routes.questions import linked
from tests.web.served import Served

CASUALTIES = "/questions/casualties?country=MLI&by=year&from=2020&to=2021"


def test_every_question_stands_in_a_group_with_words_and_its_fields_have_names() -> None:
    listed = [one for _title, asked in grouped.grouped(Speaker("en")) for one in asked]
    assert {one.question.name for one in listed} == set(QUESTIONS)
    assert all(one.short for one in listed)
    fields = {parameter.field for question in QUESTIONS.values() for parameter in question.parameters}
    assert fields == set(LABELS)
    assert {name for _n, _t, names in PLACES for name in names} <= fields


def test_every_way_of_telling_apart_has_words() -> None:
    ways = {way for question in QUESTIONS.values() for way in question.choices.get("by", ())}
    assert ways <= set(CHOICES)


def test_questions_are_sought_without_a_script(client: TestClient) -> None:
    found = re.findall(r'href="/questions/([a-z-]+)"', client.get("/questions?q=border").text)
    assert "border-violence" in found
    assert "campaigns" not in found
    assert "No question has all these words" in client.get("/questions?q=zzzz").text


def test_a_page_tells_the_question_the_answer_and_where_it_comes_from(client: TestClient) -> None:
    page = client.get(CASUALTIES).text
    for words in (
        'href="https://doi.org/10.1177/0022343313484347"',
        "harmattan ask casualties --country MLI --from 2020-01-01 --to 2021-12-31 --by year",
        "What to bear in mind",
        "licence CC BY 4.0",
        'value="MLI" checked',
        'value="year" checked',
        'href="/questions/casualties?country=MLI&amp;from=2020-01-01&amp;to=2021-12-31&amp;by=year"',
    ):
        assert words in page


def test_a_method_without_a_reference_is_emerging(client: TestClient) -> None:
    assert "emerging" in client.get("/questions/vacuum").text
    assert 'class="emerging"' not in client.get("/questions/records").text


def test_a_fault_stands_at_its_field_with_the_nearest_words(client: TestClient) -> None:
    page = client.get("/questions/casualties?country=Mlai&from=2020").text
    assert "Did you mean MLI Mali" in html.unescape(page)
    assert re.search(r'name="country" value="Mlai"[^>]*aria-invalid="true"', page)
    assert page.count('aria-invalid="true"') == 2
    late = client.get("/questions/casualties?from=yesterday").text
    assert re.search(r'name="from" value="yesterday"[^>]*aria-invalid="true"', late)


def test_a_question_that_needs_a_word_is_no_fault_before_one_was_said(client: TestClient) -> None:
    page = client.get("/questions/actor")
    assert page.status_code == 200
    assert "needs one more detail" in page.text
    assert 'role="alert"' not in page.text


def test_empty_fields_say_nothing(client: TestClient) -> None:
    page = client.get("/questions/casualties?country=&from=&by=&kind=&lang=en")
    assert page.status_code == 200
    assert "harmattan ask casualties --country MLI BFA NER --from 1989-01-01 --to 2023-12-31" in page.text


@pytest.mark.parametrize("format", ["csv", "json", "xlsx", "parquet", "geojson"])
def test_a_file_is_what_the_command_line_writes(client: TestClient, home: Path, format: str) -> None:
    words = ["--country", "MLI", "--by", "cell", "--from", "2022"]
    command = [sys.executable, "-m", "harmattan.cli", "ask", "casualties", *words, "--home", str(home)]
    told = subprocess.run([*command, "--format", format], capture_output=True, check=True, env=dict(os.environ))
    sent = client.get(f"/export/casualties.{format}?country=MLI&by=cell&from=2022")
    assert sent.status_code == 200
    assert sent.content == told.stdout
    name = sent.headers["content-disposition"]
    assert re.fullmatch(rf'attachment; filename="harmattan-casualties-[0-9a-f]{{12}}\.{format}"', name)


def test_a_graph_is_offered_where_there_is_one(client: TestClient) -> None:
    assert "gexf" in formats_of(QUESTIONS["network"])
    assert client.get("/export/network.gexf?country=MLI").text.startswith("<?xml")
    assert client.get("/export/casualties.gexf?country=MLI").status_code == 404


@pytest.mark.parametrize("name", ["casualties", "casualties.exe", "nothing.csv", "..%2f..%2fetc.csv", ".csv"])
def test_what_is_no_file_is_told(client: TestClient, name: str) -> None:
    assert client.get(f"/export/{name}").status_code == 404


def test_the_rows_behind_a_number_are_told_sorted_and_paged(client: TestClient) -> None:
    at = re.search(r"/evidence/[0-9a-f]{12}", client.get(CASUALTIES).text)
    assert at
    page = client.get(f"{at[0]}.2?sort=-deaths_best").text
    assert "The rows behind row 2" in page
    assert "which records" in page
    best = [int(n.replace(",", "")) for n in re.findall(r"<td class=\"r\">([\d,]+)</td>", page)]
    assert best
    whole = client.get(at[0]).text
    assert 'rel="next"' in whole
    assert client.get(f"{at[0]}?page=2").text != whole
    assert client.get(f"{at[0]}?page=99999999999999999999").status_code == 200
    assert client.get(f"{at[0]}.999999").status_code in (404, 422)


def test_sources_of_a_dossier_are_links_that_tell_nobody(client: TestClient) -> None:
    at = re.search(r"/evidence/[0-9a-f]{12}", client.get("/questions/milestones?country=MLI").text)
    assert at
    page = client.get(at[0]).text
    assert re.search(r'<a href="https?://[^"]+" title="[^"]+" rel="noopener noreferrer">', page)


def test_only_addresses_of_the_web_become_links() -> None:
    cells = [tables._cell(words, tables.Head("url", "", "", False), "", Speaker("en")) for words in
             ("https://example.org/a", "javascript:alert(1)", "ftp://x", "//x")]  # fmt: skip
    assert [cell.outward for cell in cells] == [True, False, False, False]


def test_rows_of_evidence_leave_as_a_file(client: TestClient, home: Path) -> None:
    at = re.search(r"/evidence/([0-9a-f]{12})", client.get(CASUALTIES).text)
    assert at
    command = [sys.executable, "-m", "harmattan.cli", "evidence", f"{at[1]}.1", "--home", str(home), "--format", "csv"]
    told = subprocess.run(command, capture_output=True, check=True, env=dict(os.environ))
    assert client.get(f"/export/evidence/{at[1]}.1.csv").content == told.stdout


def test_an_order_puts_what_is_empty_last() -> None:
    table = pa.table({"n": pa.array([2, None, 3]), "names": pa.array([["a"], None, ["b"]])})
    assert list(evidence_rows.order_of(table, "n")) == [0, 2, 1]
    assert list(evidence_rows.order_of(table, "-names")) == [0, 1, 2]
    assert list(evidence_rows.order_of(table, "nothing")) == [0, 1, 2]


def test_a_page_of_a_large_answer_costs_what_its_rows_cost(client: TestClient) -> None:
    from harmattan.questions.parameters import Params

    house: Any = client.app.state.house  # type: ignore[attr-defined]
    answer = house.asking.ask("casualties", Params(country=("MLI",), by=("month",)))
    many = replace(answer, id="0" * 12, rows=answer.rows * 60)
    assert len(many.rows) > 20_000
    tables.of(many, Speaker("en"), sort="-deaths_best")
    calls: list[int] = []

    def counted(row: Any, speaker: Any) -> Any:
        calls.append(1)
        return dict(row)

    before, tables.spoken = tables.spoken, counted  # type: ignore[assignment, attr-defined]
    try:
        page = tables.of(many, Speaker("en"), page=300, sort="-deaths_best")
    finally:
        tables.spoken = before  # type: ignore[attr-defined]
    assert len(page.rows) == len(calls) == tables.PAGE


def test_a_reference_links_each_of_its_dois() -> None:
    parts = linked("A (2004), doi:10.1007/978-3-540-31843-9_25; B (2013), doi:10.1177/0022343313484347.")
    assert [link for _words, link in parts if link] == [
        "https://doi.org/10.1007/978-3-540-31843-9_25",
        "https://doi.org/10.1177/0022343313484347",
    ]
    assert "".join(words for words, _link in parts).startswith("A (2004), doi:10.1007")


def test_a_form_sends_only_what_was_filled_in(served: Served, browser: Any) -> None:
    page = browser.new_page()
    page.goto(served.url + "/questions/casualties?country=MLI&from=2020")
    page.locator("details.ask > summary").click()
    page.fill("#f-to", "2021")
    page.check("input[name=by][value=month]")
    page.click("form.question button.first")
    page.wait_for_selector("table")
    assert page.url.endswith("/questions/casualties?country=MLI&from=2020&to=2021&by=month")
    page.close()


def test_the_command_names_a_case_that_is_not_the_one_meant_anyway(client: TestClient) -> None:
    page = client.get("/questions/casualties?country=MLI&from=2022&to=2023").text
    assert "harmattan ask casualties" in page
    assert "--case" not in page
    answer = client.app.state.house.asking.ask("casualties", Params(country=("MLI",)))
    assert forms.command_of(answer, "/srv/ours/syria case.toml").endswith(" --case 'syria case.toml'")
