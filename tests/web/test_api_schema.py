"""The whole API against its own description: no fault of the server, nothing but what it says it answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.web.fuzzed import Found, fuzz


def app_of(home: Path) -> Any:
    from harmattan.web.app import make_app
    from harmattan.web.settings import Settings

    return make_app(Settings(home, "sahel", person="Awa", patience=5))


def assert_good(found: Found, *, cases: int) -> None:
    assert not found.failures, "\n".join(f"{where}\n{why}" for where, why in found.failures.items())
    assert found.cases >= cases
    assert not [status for status in found.statuses if status >= 500]


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = app_of(tmp_path_factory.mktemp("schema-home"))
    yield made
    made.state.house.close()


@pytest.mark.filterwarnings("ignore")
def test_every_address_answers_as_it_says(app: Any) -> None:
    found = fuzz(app, examples=2, coverage=False)
    assert_good(found, cases=100)
    assert len(found.operations) >= 50


@pytest.mark.filterwarnings("ignore")
def test_the_edges_of_what_can_be_said(app: Any) -> None:
    found = fuzz(app, examples=1, asked="casualties|actor")
    assert_good(found, cases=200)
    assert {200, 404, 405, 406, 422} <= set(found.statuses)


def test_every_question_is_described_with_what_it_takes(app: Any) -> None:
    from harmattan.questions.registry import QUESTIONS
    from harmattan.web.forms import name_of

    paths = app.openapi()["paths"]
    for name, question in QUESTIONS.items():
        operation = paths[f"/api/ask/{name}"]["get"]
        said = {parameter["name"]: parameter for parameter in operation["parameters"]}
        assert set(said) == {name_of(parameter) for parameter in question.parameters} | {"format", "lang"}
        for parameter in question.parameters:
            schema = said[name_of(parameter)]["schema"]
            assert schema.get("items", schema).get("enum", []) == list(parameter.choices)
        assert operation["summary"]
        assert {"200", "202", "304", "403", "406", "422"} <= set(operation["responses"])
