"""The three real files of posts that the field works with, read whole."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from harmattan.sources.posts import read
from harmattan.sources.reading import Options, Reading

pytestmark = pytest.mark.data


def take(path: Path, into: Path) -> tuple[Reading, str]:
    reading = read([path], into, Options(published=dt.date(2024, 5, 1), pseudonym_key=b"a key for the tests"))
    return reading, f"'{into / 'posts.parquet'}'"


def one(query: str) -> tuple[int, ...]:
    found: tuple[int, ...] = duckdb.sql(query).fetchall()[0]
    return found


def test_coortweet_rows(data_dir: Path, tmp_path: Path) -> None:
    path = data_dir / "coordination" / "coortweet_russian_coord_tweets.parquet"
    reading, posts = take(path, tmp_path)
    expected = one(
        "SELECT count(DISTINCT content_id), count(DISTINCT account_id), count(DISTINCT object_id), "
        f"count(DISTINCT (content_id, object_id)), epoch(min(to_timestamp(timestamp_share)))::BIGINT FROM '{path}'"
    )
    found = one(
        "SELECT count(*), count(DISTINCT account), (SELECT count(DISTINCT o) FROM (SELECT unnest(objects) AS o "
        f"FROM {posts})), sum(len(objects)), epoch(min(posted_at))::BIGINT FROM {posts}"
    )
    assert found == expected
    assert expected[:3] == (35_085, 9_509, 7_285)
    assert reading.rejects == 0


def test_the_wide_layout(data_dir: Path, tmp_path: Path) -> None:
    path = data_dir / "coordination" / "coortweet_german_elections.parquet"
    reading, posts = take(path, tmp_path)
    with_id = f"(SELECT *, left(account_id, 2) AS platform FROM '{path}' WHERE post_id IS NOT NULL)"
    expected = one(
        f"SELECT count(DISTINCT (platform, post_id)), count(DISTINCT account_id), count(DISTINCT url_id), "
        f"count(DISTINCT hashtag_id), count(DISTINCT domain_id), count(DISTINCT phash_id) FROM {with_id}"
    )
    distinct = [
        f"(SELECT count(DISTINCT o) FROM (SELECT unnest({name}) AS o FROM {posts}))"
        for name in ("urls", "hashtags", "objects", "media")
    ]
    assert one(f"SELECT count(*), count(DISTINCT account), {', '.join(distinct)} FROM {posts}") == expected
    assert expected[0] == 194_323
    assert one(f"SELECT count(*) FROM '{path}' WHERE post_id IS NULL") == (reading.rejects,) == (3,)
    lines = duckdb.sql(f"SELECT line, reason FROM '{tmp_path / 'rejects.parquet'}' ORDER BY 1").fetchall()
    numbered = f"(SELECT row_number() OVER () + 1 AS line, * FROM '{path}')"
    assert lines == [
        (line, "the post has no id")
        for (line,) in duckdb.sql(f"SELECT line FROM {numbered} WHERE post_id IS NULL ORDER BY 1").fetchall()
    ]


def test_the_toolkit_of_qut(data_dir: Path, tmp_path: Path) -> None:
    path = data_dir / "coordination" / "qut_sample_data.csv"
    reading, posts = take(path, tmp_path)
    file = f"read_csv('{path}', all_varchar = true)"
    expected = one(
        f"SELECT count(*), count(DISTINCT user_id), count(repost_id), count(reply_id), "
        f"sum(len(regexp_extract_all(urls, 'http'))) FROM {file}"
    )
    found = one(
        f"SELECT count(*), count(DISTINCT account), count(repost_of), count(reply_to), sum(len(urls)) FROM {posts}"
    )
    assert found == expected
    assert (reading.rows, reading.rejects) == (100, 0)
