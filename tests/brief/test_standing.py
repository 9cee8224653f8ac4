"""The sections of the brief that rest on a dossier: what happened when, who with whom, who was there, what was said."""

from __future__ import annotations

import datetime as dt
import html
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from harmattan import data
from harmattan.brief.appendix import entries
from harmattan.brief.html import render_html
from harmattan.brief.outline import Brief, Section, section_numbers
from harmattan.brief.pdf import render_pdf
from harmattan.brief.sections import SECTIONS
from harmattan.brief.standing_charts import laid_out
from harmattan.brief.write import compose, write_brief
from harmattan.case import SECTIONS as NAMED
from harmattan.case import Case
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from harmattan.questions.parameters import Params
from harmattan.text import Bilingual
from harmattan.text.speaker import Speaker
from tests.lake.factory import lake_in
from tests.questions.dossiers import VALLEY, take_in

MISCHIEF = """\
  - {id: mischief, kind: coup, date: 2015-02-03, countries: [MLI],
     title: {en: "<script>alert(1)</script>", fr: "#eval(1)"}, cite: [{source: early}, {source: script}]}
"""
SCRIPT = """\
sources:
  script: {publisher: "[Nobody]", title: "*bold* #let", date: 2016, url: 'https://example.org/"onclick="alert(2)'}
"""
STANDING = ("timeline", "alliances", "presence", "needs")
ENGLISH = (
    "What happened when",
    "Who stands with whom",
    "Forces that came and went",
    "as reported",
    "who says so",
    "handed over",
    "internally displaced people",
    "The last figures on record",
)
EARLY = dt.date(2016, 12, 31)
SPEAKER = Speaker("en")
WITHOUT_POSTS = tuple(name for name in NAMED if name != "influence")
"""The sections of a brief where the lake has no posts, as none come with the package."""


def with_only(case: Case, *sections: str, **to: Any) -> Case:
    """The case with these sections alone."""
    return Case.model_validate(case.model_dump() | {"sections": sections} | to)


def composed_of(inquiry: Inquiry, case: Case, as_of: dt.date | None = None, language: str = "en") -> Brief:
    return compose(inquiry, case, Params(as_of=as_of or case.as_of), language)


def page_of(inquiry: Inquiry, case: Case, as_of: dt.date | None = None, language: str = "en") -> str:
    brief = composed_of(inquiry, case, as_of, language)
    return html.unescape(render_html(brief, entries(brief, inquiry), Speaker(language)).decode())


def sections_of(page: str) -> str:
    """The sections with their pictures, without the appendix and the sources."""
    return page[page.index("<main>") : page.index('<section id="caveats">')]


def rows(section: Section) -> list[list[str]]:
    assert section.table
    return [[SPEAKER.say(cell) for cell in row] for row in section.table.rows]


@pytest.fixture(scope="module")
def standing(composed: Brief) -> dict[str, Section]:
    return {section.name: section for section in composed.sections if section.name in STANDING}


@pytest.fixture(scope="module")
def early(inquiry: Inquiry, sahel: Case) -> Brief:
    """The dossier's sections before JNIM was founded."""
    return composed_of(inquiry, with_only(sahel, *STANDING), EARLY)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Inquiry:
    """The embedded releases of events, and no dossier."""
    folder = tmp_path_factory.mktemp("bare")
    shutil.copytree(data.RELEASES, folder / "embedded", ignore=shutil.ignore_patterns("dossier-*"))
    return Inquiry(Lake(folder / "home", folder / "embedded"))


def test_the_sections_stand_in_the_order_of_the_case(composed: Brief, sahel: Case) -> None:
    assert sahel.sections == NAMED == tuple(SECTIONS)
    assert tuple(section.name for section in composed.sections) == WITHOUT_POSTS


@pytest.mark.parametrize("name", STANDING)
def test_each_section_says_shows_and_lists(standing: dict[str, Section], name: str) -> None:
    section = standing[name]
    assert section.lead
    assert len(rows(section)) >= 5
    assert (section.picture is None) == (name == "timeline"), "its picture is the trend chart with the numbers"
    header = [SPEAKER.say(head) for head in section.table.header] if section.table else []
    assert all(len(row) == len(header) for row in rows(section))


def test_every_number_opens_to_cited_records_or_to_events(composed: Brief, inquiry: Inquiry) -> None:
    there = {name: (answer, which) for name, answer, which in composed.cited()}
    shown = [section for section in composed.sections if section.name in STANDING]
    cited = {number.evidence for section in shown for number in section_numbers(section)}
    assert len(cited) > 30
    for name in cited:
        opened = inquiry.rows(*there[name or ""])
        assert opened.table.num_rows > 0, name
        if opened.cited:
            assert all(row["publisher"] and row["title"] and row["published"] for row in opened.table.to_pylist())
    assert {inquiry.rows(*there[name or ""]).cited for name in cited} == {True, False}


def test_every_row_of_a_table_has_a_number_that_opens_to_its_record(composed: Brief, inquiry: Inquiry) -> None:
    there = {name: (answer, which) for name, answer, which in composed.cited()}
    for section in composed.sections:
        if section.name not in STANDING or not section.table:
            continue
        for row in section.table.rows:
            found = [n.evidence for n in section_numbers(Section("one", section.title, row))]  # type: ignore[arg-type]
            assert found, [SPEAKER.say(cell) for cell in row]
            assert {inquiry.rows(*there[name or ""]).cited for name in found} == {True}


def test_the_numbers_of_sources_are_the_sources_that_open(standing: dict[str, Section], inquiry: Inquiry) -> None:
    by_id = {answer.id: answer for answer in inquiry._answers.values()}
    table = standing["timeline"].table
    assert table
    for row in table.rows:
        number = row[-1]
        id_, _, which = str(getattr(number, "evidence", "")).partition(".")
        listed = inquiry.rows(by_id[id_], int(which) - 1).table.to_pylist()
        assert len({(record["publisher"], record["published"]) for record in listed}) == getattr(number, "value", None)


def test_what_happened_when(standing: dict[str, Section]) -> None:
    told = {row[2]: row[1] for row in rows(standing["timeline"])}
    dates = {
        date for words, date in told.items() if re.search("Keïta|Bah Ndaw|G5 Sahel and its|last French unit", words)
    }
    assert dates == {"18 August 2020", "24 May 2021", "15 May 2022", "15 August 2022"}
    assert [row[0] for row in rows(standing["timeline"])] == [str(n + 1) for n in range(len(told))]


def test_the_numbers_above_the_trend_chart_are_those_of_the_timeline(composed: Brief) -> None:
    trend, timeline = (next(s for s in composed.sections if s.name == name) for name in ("trend", "timeline"))
    drawn = str(trend.picture.spec) if trend.picture else ""
    marks = set(re.findall(r"'mark': '(\d+)'", drawn))
    assert marks == {row[0] for row in rows(timeline)}


def test_who_stands_with_whom(standing: dict[str, Section], early: Brief) -> None:
    now = str(standing["alliances"].picture.spec if standing["alliances"].picture else "")
    alliances = next(section for section in early.sections if section.name == "alliances")
    then = str(alliances.picture.spec if alliances.picture else "")
    assert "JNIM" in now
    assert "JNIM" not in then
    assert "Ansar Dine" in then
    told = {tuple(row[:3]) for row in rows(standing["alliances"])}
    assert ("IS Sahel", "rival of", "JNIM") in told


def test_who_came_and_went(standing: dict[str, Section]) -> None:
    told = {(row[0], row[1]): row[2:] for row in rows(standing["presence"])}
    assert told["Barkhane", "–"][:4] == ["1 August 2014", "15 August 2022", "withdrawn", "0"]
    handed = {place for (force, place), row in told.items() if force == "Barkhane" and row[2] == "handed over"}
    assert handed == {"Gao", "Gossi", "Kidal", "Ménaka", "Tessalit", "Tombouctou"}
    assert told["MINUSMA", "–"][1] == "–", "it left after the day as of which the brief speaks"
    assert int(told["MINUSMA", "–"][3].replace(",", "")) > 10_000


def test_what_was_reported_is_not_added_up(standing: dict[str, Section], inquiry: Inquiry, sahel: Case) -> None:
    found = inquiry.ask("figures", Params(country=sahel.countries, as_of=sahel.as_of))
    values = {f"{row['value']:,.0f}" for row in found.rows}
    for row in rows(standing["needs"]):
        assert re.sub(r"[^\d,]", "", row[2]) in values


def test_a_brief_as_of_2016_does_not_speak_of_what_came_later(inquiry: Inquiry, sahel: Case) -> None:
    page = sections_of(page_of(inquiry, sahel, EARLY))
    for later in ("JNIM", "Takuba", "Wagner", "G5 Sahel and its joint force", "2690"):
        assert later not in page, later
    assert "Serval" in page
    assert "Barkhane" in page
    words = re.sub(r"<svg.*?</svg>", " ", page, flags=re.DOTALL)
    dates = re.findall(r"\b(\d{1,2} [A-Z][a-z]+ )(20\d\d)\b", re.sub(r"<[^>]*>", " ", words))
    assert {int(year) for _, year in dates} <= set(range(2006, 2017))


def test_the_same_bytes_twice(inquiry: Inquiry, sahel: Case, tmp_path: Path) -> None:
    case = with_only(sahel, *STANDING)
    again = Inquiry(Lake(tmp_path / "home", data.RELEASES), sahel.dossiers)
    for n, asked in enumerate((inquiry, again)):
        written = write_brief(
            asked, case, tmp_path / str(n), params=Params(as_of=EARLY), language="en", formats=("html", "pdf")
        )
        assert [path.suffix for path in written] == [".html", ".pdf"]
    for suffix in ("html", "pdf"):
        one, other = (tmp_path / str(n) / f"sahel-2016-12-31-en.{suffix}" for n in (0, 1))
        same = one.read_bytes() == other.read_bytes()
        assert same, "to tell the difference of two such pages takes too long"


def test_a_lake_without_a_dossier_still_makes_a_brief(bare: Inquiry, sahel: Case, tmp_path: Path) -> None:
    case = Case.model_validate(sahel.model_dump() | {"dossiers": ()})
    brief = composed_of(bare, case)
    there = {section.name: section for section in brief.sections}
    assert tuple(there) == WITHOUT_POSTS
    for name, words in (("timeline", "milestone"), ("presence", "force"), ("needs", "reported figure")):
        lead = " ".join(SPEAKER.say(text) for text in there[name].lead)
        assert re.search(rf"\b(0|no|none) {words}|nothing", lead, re.IGNORECASE), lead
        assert rows(there[name]) == []
    assert there["alliances"].picture is None
    assert rows(there["alliances"]) == []
    assert "That it does not name something says nothing." in " ".join(map(str, brief.caveats))
    named = {ref.name.partition("@")[0] for ref in brief.releases if not ref.beside}
    assert named == {"ucdp-ged-cells", "ucdp-ged-country-month", "forecast-skill"}
    written = write_brief(
        bare, case, tmp_path, params=Params(as_of=sahel.as_of), language="fr", formats=("html", "pdf")
    )
    assert all(path.stat().st_size > 20_000 for path in written)


def test_the_numbers_of_events_do_not_depend_on_the_dossier(bare: Inquiry, composed: Brief, sahel: Case) -> None:
    without = composed_of(bare, with_only(sahel, "judgement", "civilians", dossiers=()))
    full = {section.name: section for section in composed.sections}
    for section in without.sections:
        assert [figure.value.value for figure in section.figures] == [
            figure.value.value for figure in full[section.name].figures
        ]


def test_an_own_dossier_is_drawn_and_its_addresses_do_nothing(tmp_path: Path, sahel: Case) -> None:
    lake = lake_in(tmp_path)
    evil = VALLEY.replace("milestones:\n", "milestones:\n" + MISCHIEF) + SCRIPT
    shutil.copytree(data.RELEASES, lake.embedded, ignore=shutil.ignore_patterns("dossier-*"))
    held = take_in(lake, tmp_path, "valley", evil)
    case = with_only(sahel, *STANDING, dossiers=("valley",))
    inquiry = Inquiry(lake, case.dossiers)
    brief = composed_of(inquiry, case)
    page = render_html(brief, entries(brief, inquiry), SPEAKER).decode()
    assert f"Release {held.release.name}" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="https://example.org/early"' in page
    assert 'onclick="alert' not in page
    assert "https://example.org/&#34;onclick=&#34;alert(2)" in page
    assert "STAB" in page
    french = composed_of(inquiry, case, language="fr")
    assert render_pdf(french, entries(french, inquiry), Speaker("fr")).startswith(b"%PDF"), "words are no commands"


def test_a_pinned_dossier_names_its_actors_in_the_pictures(tmp_path: Path, sahel: Case) -> None:
    lake = lake_in(tmp_path)
    shutil.copytree(data.RELEASES, lake.embedded)
    pins = (take_in(lake, tmp_path, "valley", VALLEY).release.name,)
    case = with_only(sahel, "presence")
    brief = compose(Inquiry(lake, case.dossiers), case, Params(as_of=case.as_of, release=pins), "en")
    picture = brief.sections[0].picture
    assert picture is not None
    assert "STAB" in str(picture.spec)
    assert "'mission'" not in str(picture.spec)


def test_records_of_a_closed_dossier_are_counted_and_not_shown(tmp_path: Path, sahel: Case) -> None:
    lake = lake_in(tmp_path)
    take_in(lake, tmp_path, "valley", VALLEY, licence="Closed")
    inquiry = Inquiry(lake)
    brief = composed_of(inquiry, with_only(sahel, "timeline", dossiers=("valley",)))
    listed = entries(brief, inquiry)
    assert listed
    assert all(entry.rows == () for entry in listed)
    assert any(entry.more for entry in listed)


def test_a_brief_in_french_has_the_french_words_of_the_dossier(
    inquiry: Inquiry, sahel: Case, composed: Brief, written: dict[str, Path]
) -> None:
    page = html.unescape(written["fr.html"].read_text("utf-8"))
    timeline = next(section for section in composed.sections if section.name == "timeline")
    assert timeline.table
    titles = [cell for row in timeline.table.rows for cell in row if isinstance(cell, Bilingual)]
    assert len(titles) == len(timeline.table.rows)
    for title in titles:
        assert title.fr in page
        assert title.en not in sections_of(page)
    for english in ENGLISH:
        assert english not in sections_of(page), english


EDGES = [("a", "b"), ("b", "c"), ("d", "e"), ("a", "d"), ("f", "g")]


def test_the_same_links_are_drawn_the_same_way() -> None:
    at = laid_out(EDGES)
    assert at == laid_out(EDGES[::-1])
    assert set(at) == set("abcdefg")
    assert all(-1 <= place <= 1 for where in at.values() for place in where)
    assert len(set(at.values())) == len(at)
    assert laid_out([]) == {}
    assert set(laid_out([("a", "b")])) == {"a", "b"}
