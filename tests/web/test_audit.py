"""Every export and every review stands in the audit log, with who, what, how much and a digest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.team import Team, own_sign, send, team_at


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A team of three with the example on the desk."""
    with team_at(tmp_path_factory.mktemp("team-audit") / "home") as made:
        client = made.who("analyst")
        taken = send(client, "POST", "/desk/example", own_sign(client), {})
        assert taken.status_code == 303
        yield made


EXPORTS = (
    ("/export/casualties.csv?country=MLI&by=year", "csv"),
    ("/export/casualties.xlsx?country=MLI&by=year", "xlsx"),
    ("/events/export.csv?country=MLI&from=2022-01&to=2022-03", "csv"),
    ("/network/network.gexf?country=MLI&as_of=2022-10-31", "gexf"),
    ("/api/ask/casualties?country=MLI&by=year&format=csv", "csv"),
    ("/api/ask/casualties?country=MLI&by=year&format=parquet", "parquet"),
)


@pytest.mark.parametrize(("address", "format"), EXPORTS)
def test_an_export_is_noted(team: Team, address: str, format: str) -> None:
    before = len(team.house.noted(what="exported"))
    given = team.who("reader").get(address)
    assert given.status_code == 200, given.text
    lines = team.house.noted(what="exported")
    assert len(lines) == before + 1
    line = lines[0]
    assert (line.by, line.detail["format"]) == ("Fanta", format)
    assert line.detail["rows"] > 0
    assert len(line.detail["digest"]) >= 16


def test_the_rows_behind_a_number_are_noted_when_they_leave(team: Team) -> None:
    client = team.who("token of reader")
    answer = client.get("/api/ask/casualties?country=MLI&by=year")
    id = answer.headers["link"].partition("</api/evidence/")[2].partition(">")[0]
    given = client.get(f"/export/evidence/{id}.csv")
    assert given.status_code == 200
    line = team.house.noted(what="exported")[0]
    assert line.detail["evidence"] == id
    assert line.detail["token"] == team.house.accounts.tokens("fanta")[0].id


def test_what_is_refused_is_not_noted(team: Team) -> None:
    before = team.house.noted()
    assert team.stranger().get(EXPORTS[0][0]).status_code == 303
    assert team.who("reader").get("/export/none.csv").status_code == 404
    assert team.house.noted() == before


@pytest.mark.parametrize("format", ["csv", "ftm"])
def test_what_leaves_the_desk_is_noted(team: Team, format: str) -> None:
    client = team.who("reader")
    given = send(client, "POST", "/desk/export", own_sign(client), {"format": format, "state": "candidate"})
    assert given.status_code == 200, given.text
    line = team.house.noted(what="exported")[0]
    assert (line.by, line.subject, line.detail["format"]) == ("Fanta", "desk", format)


def test_a_review_is_noted_and_one_that_came_second_is_not(team: Team) -> None:
    made = team.house.desk.assertions(states=("candidate",), kind="actor")[0]
    client, address = team.who("token of analyst"), f"/api/assertions/{made.id}/reviews"
    decided = {"json": {"state": "rejected", "expected_version": made.version}}
    assert send(client, "POST", address, None, decided).status_code == 201
    line = team.house.noted(what="reviewed")[0]
    assert (line.by, line.subject) == ("Moussa", made.id)
    assert line.detail["state"] == "rejected"
    assert line.detail["version"] == made.version + 1
    before = team.house.noted()
    assert send(client, "POST", address, None, decided).status_code == 409
    assert team.house.noted() == before
    assert "document-added" in {line.what for line in before}
