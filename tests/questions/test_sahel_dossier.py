"""What the dossier on the central Sahel has to show, asked from an empty home."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from harmattan.questions.answer import Answer
from harmattan.questions.evidence import cited_rows
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.vocabulary.partial import PartialDate

FOUNDERS = {"ansar-dine", "al-murabitun", "katiba-macina", "aqim-sahara"}
HANDED_OVER = {
    "Kidal": "2021-10",
    "Tessalit": "2021-11",
    "Tombouctou": "2021-12-14",
    "Gossi": "2022-04-19",
    "Ménaka": "2022-06-13",
    "Gao": "2022-08-15",
}
MANDATES = {
    "2100": "2013-04-25", "2164": "2014-06-25", "2227": "2015-06-29", "2295": "2016-06-29", "2364": "2017-06-29",
    "2423": "2018-06-28", "2480": "2019-06-28", "2531": "2020-06-29", "2584": "2021-06-29", "2640": "2022-06-29",
    "2690": "2023-06-30",
}  # fmt: skip
"""The resolutions on MINUSMA, from its mandate to the end of it."""
ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("relations", {}),
    ("presence", {"country": ("MLI",)}),
    ("presence", {"country": ("BFA", "NER")}),
    ("milestones", {"country": ("MLI", "BFA", "NER")}),
    ("figures", {"country": ("MLI", "BFA", "NER")}),
    ("actor", {"actor": ("jnim",)}),
    ("actor", {"actor": ("gov-mali",)}),
    ("who-is", {"name": ("GSIM", "AQMI, Katiba Massina", "FAMa", "Barkhane")}),
)


def day(words: str) -> dt.date:
    return dt.date.fromisoformat(words)


def of(world: World, question: str, **params: Any) -> Answer:
    return ask(world, question, Params(**params))


def ties(found: Answer) -> set[tuple[str, str, str]]:
    return {(row["subject_id"], row["relation"], row["object_id"]) for row in found.rows}


def test_relations_before_and_after_the_merger_differ_as_history_does(embedded: World) -> None:
    then, now = (of(embedded, "relations", as_of=day(words)) for words in ("2016-12-31", "2022-10-31"))
    assert {f"{len(answer.rows)} relations that held on" in str(answer.headline) for answer in (then, now)} == {True}
    founders = {(part, "member_of", "jnim") for part in FOUNDERS}
    assert founders <= ties(now)
    assert not founders & ties(then)
    assert [tie for tie in ties(then) if "jnim" in tie] == []
    assert ("jnim", "affiliate_of", "al-qaida") in ties(now)
    assert ("is-sahel", "rival_of", "jnim") in ties(now)
    assert ("is-sahel", "affiliate_of", "islamic-state") in ties(now)


@pytest.mark.parametrize("as_of", ["2017-03-01", "2017-03-02", "2017-03-03"])
def test_the_merger_has_its_day(embedded: World, as_of: str) -> None:
    members = {row["subject_id"] for row in of(embedded, "relations", relation=("member_of",), as_of=day(as_of)).rows
               if row["object_id"] == "jnim" and row["status"] != "disputed"}  # fmt: skip
    assert members >= FOUNDERS if as_of >= "2017-03-02" else not members & FOUNDERS


@pytest.mark.parametrize(
    ("country", "start", "end", "days"),
    [
        ("MLI", "2020-01-01", None, ["2020-08-18", "2021-05-24"]),
        ("BFA", "2022-01-01", "2022-12-31", ["2022-01-24", "2022-09-30"]),
        ("NER", "2023-01-01", "2023-12-31", ["2023-07-26"]),
    ],
)
def test_the_coups(embedded: World, country: str, start: str, end: str | None, days: list[str]) -> None:
    found = of(embedded, "milestones", country=(country,), type=("coup",), start=day(start), end=end and day(end))
    assert [row["date"] for row in found.rows] == days
    assert {row["type"] for row in found.rows} == {"coup"}
    assert {row["country"] for row in found.rows} == {country}


@pytest.mark.parametrize("force", ["gov-france", "france-armed-forces"])
def test_french_forces_in_mali_before_and_after_the_last_day(embedded: World, force: str) -> None:
    before, after = (
        of(embedded, "presence", country=("MLI",), actor=(force,), as_of=day(words))
        for words in ("2022-08-01", "2022-08-16")
    )
    missions = {row["force_id"]: row for row in before.rows if row["kind"] == "mission"}
    assert missions["barkhane"]["state"] == "there"
    assert missions["barkhane"]["until"] is None
    assert missions["barkhane"]["strength"] > 0
    assert {(row["state"], row["strength"]) for row in after.rows} == {("left", 0)}
    assert {row["force_id"] for row in after.rows} >= {"barkhane", "serval", "takuba"}
    left = next(r for r in after.rows if (r["force_id"], r["kind"]) == ("barkhane", "mission"))
    assert (left["until"], left["strength_as_of"]) == ("2022-08-15", "2022-08-15")
    assert not re.search(r"[1-9]\d* forces? there", str(after.headline))


def test_every_french_base_in_mali_was_handed_over_on_a_day(embedded: World) -> None:
    found = of(embedded, "presence", country=("MLI",), actor=("barkhane",))
    handed = {row["place"]: row["until"] for row in found.rows if row["how_ended"] == "handed_over"}
    assert {place: until[: len(HANDED_OVER[place])] for place, until in handed.items()} == HANDED_OVER
    assert [row["place"] for row in found.rows if row["until"] is None] == []


def test_minusma_from_its_first_to_its_last_day(embedded: World) -> None:
    (mission,) = [row for row in of(embedded, "presence", country=("MLI",), actor=("MINUSMA",)).rows
                  if (row["force_id"], row["kind"]) == ("minusma", "mission")]  # fmt: skip
    assert mission["since"].startswith("2013-07")
    assert mission["until"] == "2023-12-31"
    states = {
        words: of(embedded, "presence", country=("MLI",), actor=("minusma",), as_of=day(words)).rows[0]["state"]
        for words in ("2023-12-31", "2024-01-01")
    }
    assert states == {"2023-12-31": "there", "2024-01-01": "left"}


def test_the_mandates_of_minusma(embedded: World) -> None:
    found = of(embedded, "milestones", country=("MLI",), actor=("minusma",), type=("mandate", "dissolution"))
    dates = {number: [r["date"] for r in found.rows if number in r["what"].en] for number in MANDATES}
    assert dates == {number: [words] for number, words in MANDATES.items()}


def test_mali_left_the_g5_sahel_on_a_day(embedded: World) -> None:
    found = of(embedded, "milestones", country=("MLI",), type=("exit",), end=day("2022-12-31"))
    assert [row["date"] for row in found.rows] == ["2022-05-15"]
    assert {"gov-mali", "g5-sahel"} <= set(found.rows[0]["actors"].split(", "))


@pytest.mark.parametrize(("question", "params"), ASKED)
def test_every_record_is_cited(embedded: World, question: str, params: dict[str, Any]) -> None:
    found = of(embedded, question, **params)
    listed = cited_rows(embedded, found, None).table.to_pylist()
    assert {f"{row['list']}:{row['record']}" for row in listed} == set(found.criteria.records)
    assert found.criteria.records
    for row in listed:
        assert row["publisher"], row
        assert row["title"], row
        assert PartialDate.parse(row["published"]), row
    assert all(row["sources"] for row in found.rows if row["records"] and row.get("events") is None)


@pytest.mark.parametrize("as_of", ["2013-06-30", "2016-12-31", "2022-08-01", "2022-10-31"])
@pytest.mark.parametrize(("question", "params"), [way for way in ASKED if way[0] != "who-is"])
def test_nothing_after_the_as_of_date_is_said(
    embedded: World, question: str, params: dict[str, Any], as_of: str
) -> None:
    last = day(as_of)
    for row in of(embedded, question, as_of=last, **params).rows:
        if row.get("aspect") == "kind":
            continue
        ended = PartialDate.parse(row["until"]) if row.get("until") else None
        assert ended is None or ended.day <= last, "an end known by a later day only is no end yet"
        for name in ("since", "date", "as_of", "from", "strength_as_of"):
            when = PartialDate.parse(row[name]) if row.get(name) else None
            assert when is None or when.earliest is None or when.earliest <= last, (name, row)
        over = PartialDate.parse(row["to"]) if row.get("to") else None
        assert over is None or (over.latest and over.latest <= last), row
        assert row.get("type") is None or PartialDate.parse(row["date"]).day <= last


def test_a_figure_is_the_latest_of_the_day_it_is_asked_for(embedded: World) -> None:
    for words in ("2016-12-31", "2022-10-31"):
        found = of(embedded, "figures", country=("MLI",), indicator=("idps",), as_of=day(words))
        whole = [row for row in found.rows if row["country"] == "MLI" and not row["place"]]
        latest = [PartialDate.parse(row["as_of"]).day for row in whole if row["latest"]]
        assert len(set(latest)) == 1
        assert latest[0] == max(PartialDate.parse(row["as_of"]).day for row in whole)
        assert len(whole) > 3


def test_no_base_stands_before_its_mission(embedded: World) -> None:
    """Where it is only known by when a base stood there, it cannot have stood before its force came."""
    early, late = (of(embedded, "presence", country=("MLI",), actor=("wagner",), as_of=day(words))
                   for words in ("2016-12-31", "2022-10-31"))  # fmt: skip
    assert early.rows == ()
    assert {row["state"] for row in late.rows} == {"there", "possibly"}
    assert {(row["until"], row["how_ended"]) for row in late.rows} == {(None, None)}
    assert "Wagner" not in str(of(embedded, "presence", country=("MLI",), as_of=day("2016-12-31")).headline)
