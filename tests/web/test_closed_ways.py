"""Every way out of a release whose records may not be handed on, and of accounts that stand by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.web.events_home import home_with
from tests.web.team import Team, team_at

ASKED = "country=MLI,NER&source=acled"
WORDS = ("Puits-Neuf", "invented group", "Beta Front")
"""What stands in the records, in none of the sums."""


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A team with records of ACLED beside open ones."""
    with team_at(home_with(tmp_path_factory.mktemp("closed"), closed=True)) as made:
        yield made


def got(team: Team, who: str, address: str) -> httpx.Response:
    """What somebody is answered."""
    return team.who(who).get(address)


@pytest.fixture(scope="module")
def ids(team: Team) -> dict[str, str]:
    """The ids of answers that rest on the closed release: of sums, and of single incidents."""
    sums = got(team, "reader", f"/api/ask/casualties?{ASKED}&by=year").headers["link"]
    page = got(team, "reader", f"/questions/incidents?{ASKED}").text
    found = re.search(r'src="/chart/([0-9a-f]{12})', page)
    assert found
    return {"sums": sums.partition("</api/evidence/")[2].partition(">")[0], "single": found[1]}


FILES = (
    f"/export/incidents.csv?{ASKED}", f"/export/incidents.json?{ASKED}", "/export/evidence/{sums}.csv",
    "/export/evidence/{sums}.1.xlsx", "/api/evidence/{sums}", "/api/evidence/{sums}.1?format=csv",
    "/api/evidence/{single}", f"/api/events?{ASKED}", f"/api/events?{ASKED}&format=parquet&limit=1",
    f"/api/ask/incidents?{ASKED}", f"/api/ask/incidents?{ASKED}&format=csv", f"/events/export.csv?{ASKED}",
    f"/events/export.geojson?{ASKED}", "/chart/{single}.json", "/chart/{single}.svg?save", "/chart/{single}.png?save",
    "/api/diff?before=acled@2024-06-30&after=acled@2024-06-30&records=true",
    "/sources/diff.csv?before=acled@2024-06-30&after=acled@2024-06-30&records=1",
)  # fmt: skip
SCREENS = ("/evidence/{sums}", "/evidence/{sums}.1", f"/events?{ASKED}", f"/questions/incidents?{ASKED}",
           f"/map/events.json?{ASKED}", "/chart/{single}.svg", "/chart/{single}.png")  # fmt: skip
SUMS = (f"/export/casualties.csv?{ASKED}&by=year", f"/api/ask/casualties?{ASKED}&by=cell", "/chart/{sums}.json",
        f"/map/cells.json?{ASKED}", f"/map/picture.svg?{ASKED}", "/sources/diff.csv?before=acled@2024-06-30"
        "&after=acled@2024-06-30")  # fmt: skip


@pytest.mark.parametrize("who", ["editor", "token of editor"])
@pytest.mark.parametrize("address", FILES)
def test_no_record_of_a_closed_release_leaves_as_a_file(
    team: Team, ids: dict[str, str], address: str, who: str
) -> None:
    given = got(team, who, address.format(**ids))
    assert given.status_code == 403
    assert "acled@2024-06-30" in given.text
    assert not any(word in given.text for word in WORDS)


@pytest.mark.parametrize("address", SCREENS)
def test_a_person_may_look_at_what_a_program_may_not_have(team: Team, ids: dict[str, str], address: str) -> None:
    seen = got(team, "reader", address.format(**ids))
    assert seen.status_code == 200
    refused = got(team, "token of reader", address.format(**ids))
    assert refused.status_code == 403
    assert not any(word in refused.text for word in WORDS)
    assert got(team, "token of reader", address.format(**ids)).status_code == 403


@pytest.mark.parametrize("address", SUMS)
def test_sums_of_a_closed_release_go_out(team: Team, ids: dict[str, str], address: str) -> None:
    given = got(team, "token of reader", address.format(**ids))
    assert given.status_code == 200
    assert not any(word in given.text for word in ("Puits-Neuf", "invented group"))


def test_a_picture_of_closed_records_offers_nothing_to_keep_and_is_not_stored(team: Team, ids: dict[str, str]) -> None:
    page = got(team, "reader", f"/questions/incidents?{ASKED}").text
    assert "&amp;save" not in page
    assert "data-chart" not in page
    assert got(team, "reader", f"/chart/{ids['single']}.svg").headers["cache-control"] == "private, no-store"
    open_one = got(team, "reader", f"/questions/casualties?{ASKED}&by=year").text
    assert "&amp;save" in open_one
    assert "data-chart" in open_one


def test_a_record_by_its_address_is_for_people(team: Team) -> None:
    page = got(team, "reader", f"/events?{ASKED}").text
    at = re.findall(r'href="(/events/acled[^"]+)"', page)[0]
    release, _, id = at.removeprefix("/events/").partition("/")
    assert got(team, "reader", at).status_code == 200
    assert got(team, "token of reader", at).status_code == 403
    headline = f"/map/headline.json?release={release}&id={id}"
    assert got(team, "reader", headline).headers["cache-control"] == "private, no-store"
    assert got(team, "token of reader", headline).status_code == 404


def test_pictures_that_are_kept_are_noted(team: Team, ids: dict[str, str]) -> None:
    assert got(team, "reader", f"/chart/{ids['sums']}.svg?save").status_code == 200
    line = team.house.noted(what="exported")[0]
    assert (line.by, line.detail["format"], line.detail["evidence"]) == ("Fanta", "svg", ids["sums"])
    assert got(team, "reader", "/api/diff?before=ucdp-ged@23.1&after=ucdp-ged@24.1&records=true").status_code == 200
    assert team.house.noted(what="exported")[0].subject == "/api/diff"


def test_single_records_of_a_comparison_on_a_page(team: Team, tmp_path: Path) -> None:
    at = "/sources/diff?before=acled@2024-06-30&after=acled@2024-06-30&records=1"
    assert got(team, "reader", at).status_code == 200
    assert got(team, "token of reader", at).status_code == 403
