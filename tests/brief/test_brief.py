"""The brief as a whole: no number without evidence, the same bytes again, honest where nothing is covered."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from harmattan.brief import html
from harmattan.brief.ground import merged
from harmattan.brief.html import drawn_once
from harmattan.brief.outline import Section
from harmattan.brief.write import compose, write_brief
from harmattan.case import Case, load_case
from harmattan.cli import main
from harmattan.data import CASES, RELEASES
from harmattan.errors import BriefError, HarmattanError, UsageError
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text import Number, T


@pytest.mark.parametrize("number", [7, 7.5, Number(7), Number(7, "000000000000"), Number(7, "{id}.99999")])
def test_a_number_without_evidence_stops_the_brief(composed: Any, number: Any) -> None:
    if isinstance(number, Number) and number.evidence:
        number = replace(number, evidence=number.evidence.replace("{id}", composed.answers[0].id))
    section = Section("bad", T("Bad"), (T("There were {what} deaths.", what=number),))
    with pytest.raises(BriefError):
        replace(composed, sections=(section,)).cited()


def test_a_table_cell_without_evidence_stops_the_brief(composed: Any) -> None:
    section = composed.sections[1]
    table = replace(section.table, rows=((T("2012"), 43),))
    with pytest.raises(BriefError):
        replace(composed, sections=(replace(section, table=table),)).cited()


@pytest.mark.slow
def test_same_inputs_same_bytes_in_another_zone_and_locale(written: dict[str, Path], tmp_path: Path) -> None:
    env = os.environ | {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "HARMATTAN_HOME": str(tmp_path / "home"),
        "PYTHONHASHSEED": "7",
    }
    command = [sys.executable, "-m", "harmattan.cli", "brief", "sahel", "--lang", "en", "--out", str(tmp_path)]
    subprocess.run(command, env=env, check=True, capture_output=True)
    for kind in ("html", "pdf"):
        here, there = written[f"en.{kind}"].read_bytes(), (tmp_path / written[f"en.{kind}"].name).read_bytes()
        # Not `==` in an assertion: to tell the difference of two such pages takes minutes and gigabytes.
        at = next((n for n, (one, other) in enumerate(zip(here, there, strict=False)) if one != other), None)
        assert (at, len(here)) == (None, len(there)), there[max((at or 0) - 200, 0) : (at or 0) + 200]


def test_a_drawing_is_the_same_whatever_was_drawn_before() -> None:
    spec = {"data": {"values": [{"x": 1, "y": 2}, {"x": 2, "y": 1}]}, "mark": {"type": "line", "clip": True},
            "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y"}}}  # fmt: skip
    first = drawn_once(spec, "en")
    html._drawn.cache_clear()
    for width in (50, 60):
        drawn_once(spec | {"width": width}, "en")
    html._drawn.cache_clear()
    assert drawn_once(spec, "en") == first
    assert 'id="clip1"' in first


def test_pdf_has_the_same_sentences_and_its_own_fonts(written: dict[str, Path]) -> None:
    reader = PdfReader(written["en.pdf"])
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "the 12 months to 31 October 2022 had 3,433 deaths (low 3,330, high 4,054)" in words
    assert "Evidence" in words
    fonts = {str(font) for page in reader.pages for font in _fonts(page)}
    assert fonts
    assert all("Libertinus" in font or "DejaVu" in font or "Liberation" in font for font in fonts)


def _fonts(page: Any) -> list[str]:
    fonts = page["/Resources"].get("/Font", {})
    return [font.get_object()["/BaseFont"] for font in fonts.values()]


def test_pdf_numbers_lead_to_the_list(written: dict[str, Path]) -> None:
    reader = PdfReader(written["en.pdf"])
    links = [note for page in reader.pages for note in page.get("/Annots", []) or []]
    assert len(links) > 100


def test_french_pdf(written: dict[str, Path]) -> None:
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(written["fr.pdf"]).pages).split())
    assert "31 octobre 2022" in words


def test_outside_coverage_it_says_so(inquiry: Inquiry, sahel: Case, tmp_path: Path) -> None:
    params = Params(as_of=dt.date(2031, 5, 31))
    brief = compose(inquiry, sahel, params, "en")
    assert any("Not covered" in str(caveat) for caveat in brief.caveats)
    quiet = replace_case(sahel, focus="NGA", countries=("NGA",), neighbours=())
    words = str(compose(inquiry, quiet, Params(as_of=sahel.as_of), "en").sections[0].lead[0])
    assert words.startswith("Not covered")
    assert "NGA" in words or "Nigeria" in words
    assert write_brief(
        inquiry, quiet, tmp_path, params=Params(as_of=sahel.as_of), language="en", formats=("html", "pdf")
    )


def replace_case(case: Case, **to: Any) -> Case:
    """The case with some fields changed, checked again."""
    return Case.model_validate(case.model_dump() | to)


def test_known_by_before_any_release_is_one_line(sahel: Case, tmp_path: Path, capsys: Any) -> None:
    code = main(["brief", "sahel", "--known-by", "2022-10-31", "--home", str(tmp_path), "--out", str(tmp_path / "o")])
    said = capsys.readouterr()
    assert code == 1
    assert said.err.count("\n") == 1
    assert "Nothing here was published by 31 October 2022" in said.err
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["brief", "sahell"],
        ["brief", "sahel", "--format", "odt"],
        ["brief", "sahel", "--sections", "weather"],
        ["brief", "sahel", "--as-of", "yesterday"],
        ["brief", "sahel", "--release", "nothing@1"],
        ["brief"],
    ],
)
def test_misuse_is_one_line(words: list[str], tmp_path: Path, capsys: Any) -> None:
    assert main([*words, "--home", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("harmattan: ")
    assert said.err.count("\n") == 1


def test_case_file_faults_are_all_listed(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "x"\ntitle = { en = "X" }\nfocus = "MLI"\ncountries = ["MLI"]\nsince = 2012-01-01\n'
        'as_of = "soon"\nsections = ["weather"]\ncolour = 3\n'
    )
    with pytest.raises(UsageError) as fault:
        load_case(str(path), CASES)
    for part in ("as_of", "weather", "colour"):
        assert part in str(fault.value)
    with pytest.raises(HarmattanError):
        load_case(str(tmp_path / "absent.toml"), CASES)


@pytest.mark.data
@pytest.mark.slow
def test_another_crisis_by_its_case_file_alone(data_dir: Path, tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    events = data_dir / "ucdp" / "ged191_syria_events.parquet"
    assert main(["ingest", "ucdp-ged", str(events), "--release", "19.1", "--home", home]) == 0
    path = tmp_path / "syria.toml"
    path.write_text(
        'name = "syria"\ntitle = { en = "Syria" }\nfocus = "SYR"\ncountries = ["SYR"]\n'
        'neighbours = ["LBN"]\nsince = 2016-01-01\nas_of = 2018-06-30\n'
    )
    assert main(["brief", str(path), "--home", home, "--out", str(tmp_path), "--lang", "en"]) == 0
    page = (tmp_path / "syria-2018-06-30-en.html").read_text("utf-8")
    assert "Violence over time in Syria" in page
    brief = compose(
        Inquiry(Lake(Path(home), RELEASES)), load_case(str(path), CASES), Params(as_of=dt.date(2018, 6, 30)), "en"
    )
    assert "ucdp-ged@19.1" in {ref.name for ref in brief.releases}


def test_border_lines_are_joined_without_loss() -> None:
    edges = [(0.0, 0.0, 0.5, 0.0), (0.5, 0.0, 1.0, 0.0), (2.0, 0.0, 2.5, 0.0), (0.0, 0.0, 0.0, 0.5)]
    assert sorted(merged(edges)) == [(0.0, 0.0, 0.0, 0.5), (0.0, 0.0, 1.0, 0.0), (2.0, 0.0, 2.5, 0.0)]
    assert merged([]) == []
