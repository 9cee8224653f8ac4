"""The two published data sets of CooRTweet, taken in and asked: how many groups act together beyond chance."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.questions.answer import Answer
from harmattan.questions.parameters import Params
from harmattan.questions.registry import ask
from harmattan.questions.world import World
from harmattan.sources.reading import Options
from tests.questions.posting import KEY

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def russian(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    return taken(data_dir / "coordination" / "coortweet_russian_coord_tweets.parquet", tmp_path_factory.mktemp("ru"))


@pytest.fixture(scope="module")
def german(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    return taken(data_dir / "coordination" / "coortweet_german_elections.parquet", tmp_path_factory.mktemp("de"))


def taken(path: Path, folder: Path) -> World:
    lake = Lake(folder, folder / "embedded")
    ingest(lake, "posts", [path], Options(published=dt.date(2024, 5, 1), pseudonym_key=KEY), retrieved_at=None)
    return World(lake)


def of(world: World, **params: Any) -> Answer:
    return ask(world, "campaigns", Params(**params))


def test_of_the_russian_tweets_none_is_beyond_chance_within_a_minute(russian: World) -> None:
    answer = of(russian)
    assert str(answer.headline).startswith("35,085 posts by 9,509 accounts from 17 January 2021 to 30 August 2021")
    assert answer.rows == ()


def test_coortweet_links_many_of_the_same_accounts(russian: World) -> None:
    answer = ask(russian, "coordination-network", Params(semantics="coortweet"))
    graph = answer.rows[0]
    assert (graph["nodes"], graph["pairs"], graph["components"]) == (525, 442, 95)


def test_the_german_accounts_by_address_domain_hashtag_and_picture(german: World) -> None:
    answer = of(german, object=("url", "domain", "hashtag", "media"))
    assert [row["accounts"] for row in answer.rows] == [13, 10, 9, 7, 5, 5, 5]
    assert {row["platforms"] for row in answer.rows} == {"facebook", "x"}
    assert all(row["ratio"] > 100 and row["level"] <= 0.05 for row in answer.rows)
    assert answer.rows[0]["layers"] == "hashtag 96, media 50"
