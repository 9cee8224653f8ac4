"""Posts of every layout: exact ids, pseudonyms, times, what is missing, and what is refused."""

from __future__ import annotations

import datetime as dt
import hmac
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from harmattan.errors import HarmattanError, UsageError, WrongFile
from harmattan.sources.posts import read
from harmattan.sources.posts_masks import Masks
from harmattan.sources.posts_pseudonyms import pseudonym
from harmattan.sources.reading import Options, Reading
from harmattan.vocabulary.schema import POSTS, REJECTS
from tests.sources import posts_exports as made

DAY = dt.date(2024, 5, 1)
OPTIONS = Options(published=DAY, pseudonym_key=made.KEY)
OPEN = Options(published=DAY, identities=True)
Rows = list[dict[str, Any]]


def take(folder: Path, data: bytes, name: str = "posts.csv", options: Options = OPTIONS) -> tuple[Reading, Rows, Rows]:
    """Reads one file; returns the reading, the posts and the rejects."""
    path, into = folder / name, folder / "into"
    path.write_bytes(data)
    into.mkdir(exist_ok=True)
    reading = read([path], into, options)
    posts, rejects = pq.read_table(into / "posts.parquet"), pq.read_table(into / "rejects.parquet")
    assert (POSTS.faults(posts.schema), REJECTS.faults(rejects.schema)) == ([], [])
    assert (reading.rows, reading.rejects) == (posts.num_rows, rejects.num_rows)
    return reading, posts.to_pylist(), rejects.to_pylist()


def refused(folder: Path, data: bytes, name: str = "posts.csv", options: Options = OPTIONS) -> str:
    """The line with which a file is refused; nothing is left behind."""
    with pytest.raises(HarmattanError) as fault:
        take(folder, data, name, options)
    assert list((folder / "into").iterdir()) == []
    return str(fault.value)


def who(platform: str, account: str) -> str:
    """HMAC-SHA-256 by the standard library."""
    digest = hmac.new(made.KEY, f"{platform}\x1f{account}".encode(), "sha256").hexdigest()
    return "acct-" + digest[:32]


def utc(words: str) -> dt.datetime:
    return dt.datetime.fromisoformat(words + "+00:00")


@pytest.mark.parametrize("layout", sorted(made.EXPORTS))
@pytest.mark.parametrize("n", [1, 4])
def test_every_layout_is_recognised_and_read_whole(layout: str, n: int, tmp_path: Path) -> None:
    name, make = made.EXPORTS[layout]
    reading, posts, rejects = take(tmp_path, make(n), name)
    assert (len(posts), rejects) == (n, [])
    assert len({post["row_id"] for post in posts}) == n
    assert {len(str(post["account"])) for post in posts} == {37}
    assert len({post["account"] for post in posts}) == 1
    assert all(post["posted_at"] is not None for post in posts)
    assert {post["account_name"] for post in posts} == {post["url"] for post in posts} == {None}
    assert (reading.status, reading.label, reading.tables) == ("rolling", "2024-05-01", ("posts",))
    first, last = min(p["posted_at"] for p in posts), max(p["posted_at"] for p in posts)
    assert (reading.coverage.start, reading.coverage.end) == (first.date(), last.date())
    assert reading.coverage.places == ()


@pytest.mark.parametrize("layout", sorted(made.EXPORTS))
def test_with_identities_everything_stays_as_it_is_written(layout: str, tmp_path: Path) -> None:
    name, make = made.EXPORTS[layout]
    _, posts, _ = take(tmp_path, make(2), name, OPEN)
    accounts = {post["account"] for post in posts}
    assert accounts <= {made.NUMBER, f"user{made.NUMBER}", f"fb_{made.NUMBER}", made.HANDLE}
    if layout in ("crowdtangle", "instagram", "archive", "4cat-csv", "toolkit"):
        assert {post["text"] for post in posts} == {made.TEXT}
        assert posts[0]["account_name"] in (made.NAME, made.HANDLE)


@pytest.mark.parametrize("layout", sorted(made.EXPORTS))
def test_no_column_names_anybody_without_identities(layout: str, tmp_path: Path) -> None:
    name, make = made.EXPORTS[layout]
    reading, posts, rejects = take(tmp_path, make(3), name)
    told = json.dumps([posts, rejects, reading.notices, reading.citation], default=str, ensure_ascii=False).lower()
    for secret in (made.NAME, made.HANDLE, made.NUMBER):
        assert secret.lower() not in told
    assert name not in told


def test_crowdtangle(tmp_path: Path) -> None:
    _, posts, _ = take(tmp_path, made.crowdtangle())
    post = posts[1]
    assert post["row_id"] == f"facebook:{int(made.BIG) + 1}"
    assert post["account"] == post["surface"] == who("facebook", made.NUMBER)
    assert post["posted_at"] == utc("2021-07-18T18:01:21"), "EDT is four hours behind"
    assert (post["account_kind"], post["followers"]) == ("page", 1234)
    assert (post["reactions"], post["comments"], post["shares"], post["views"]) == (1012, 7, 5, None)
    assert "https://example.org/a,b" in post["urls"]
    assert f"https://facebook.com/{who('facebook', made.HANDLE)}/videos/12/" in post["urls"]


def test_accounts_within_a_text_are_pseudonyms_too(tmp_path: Path) -> None:
    _, posts, _ = take(tmp_path, made.crowdtangle())
    facebook, x, telegram = (who(platform, made.HANDLE) for platform in ("facebook", "x", "telegram"))
    assert posts[0]["text"] == f"نص عربي 😀 says @{facebook}, see https://x.com/{x}/status/5 and t.me/s/{telegram}"


@pytest.mark.parametrize(
    "address",
    ["https://www.facebook.com/Zuleika-Quaternary-7700/posts/1", "vk.com/zuleika_q77", "https://ok.ru/profile/Zuleika",
     "https://www.linkedin.com/in/zuleika-quaternary", "https://bsky.app/profile/zuleika.bsky.social",
     "https://www.threads.net/@zuleika_q77/post/9", "https://nitter.net/zuleika_q77/status/5",
     "https://www.reddit.com/user/zuleika_q77/", "https://facebook.com/Zul%C3%A9ika-Quaternary"],
)  # fmt: skip
def test_profiles_on_other_platforms_are_pseudonyms_too(address: str) -> None:
    masked = Masks(made.KEY).masked("facebook", f"see {address}")
    assert not re.search("zul|quaternary|7700", masked, re.IGNORECASE)
    assert masked == Masks(made.KEY).masked("facebook", f"see {address}")
    for other in ("https://example.net/zuleika/a", "https://t.co/abc", "https://www.reddit.com/r/mali"):
        assert Masks(made.KEY).masked("x", other) == other


def test_an_address_without_the_id_of_a_post_is_hashed(tmp_path: Path) -> None:
    data = made.crowdtangle(1).replace(b"/posts/" + made.BIG.encode(), b"/about")
    _, posts, _ = take(tmp_path, data)
    assert posts[0]["post_id"] == who("facebook", f"https://www.facebook.com/{made.HANDLE}/about")


def test_instagram(tmp_path: Path) -> None:
    _, posts, _ = take(tmp_path, made.instagram())
    assert (posts[0]["row_id"], posts[0]["account"]) == ("instagram:CRab0_-", who("instagram", made.HANDLE))
    assert posts[0]["posted_at"] == utc("2021-07-18T12:03:20")
    assert (posts[0]["views"], posts[0]["media"]) == (0, ["https://example.org/p.jpg"])


@pytest.mark.parametrize("layout", ["library-csv", "library-lines", "library-json"])
def test_the_content_library_keeps_every_digit_and_what_is_missing_is_empty(layout: str, tmp_path: Path) -> None:
    name, make = made.EXPORTS[layout]
    reading, posts, _ = take(tmp_path, make(3), name)
    assert [post["post_id"] for post in posts] == [str(int(made.BIG) + i) for i in range(3)]
    assert [post["views"] for post in posts] == [0, None, None]
    assert {post["text"] for post in posts} == {None}
    assert any("has a text" in notice for notice in reading.notices)
    assert posts[0]["posted_at"] == utc("2024-03-01T09:00:00")
    assert (posts[0]["account_kind"], posts[0]["reactions"], posts[0]["shares"]) == ("page", 5, 2)
    assert posts[0]["media"] == ["123456789012345678"]
    assert posts[0]["account"] == who("facebook", made.NUMBER)


def test_the_content_library_names_the_link_of_a_post_as_its_attachment(tmp_path: Path) -> None:
    link = {"link": "https://example.org/a,b", "name": "A headline", "caption": "example.org"}
    flat = {f"link_attachment.{name}": value for name, value in link.items()}
    whole = json.loads(made.library_json(1))
    nested = json.dumps({"data": [whole["data"][0] | {"link_attachment": link}]}).encode()
    for data, name in ((made.as_lines([made.library_rows(1)[0] | flat]), "p.ndjson"), (nested, "p.json")):
        reading, posts, _ = take(tmp_path, data, name)
        assert posts[0]["urls"] == ["https://example.org/a,b"]
        assert not any("not known" in notice for notice in reading.notices)


@pytest.mark.parametrize("data", [b"[]", b'{"data": []}', b'{"chats": {"list": []}}', b'{"messages": [], "id": 1}'])
def test_a_document_without_posts_says_so(data: bytes, tmp_path: Path) -> None:
    assert refused(tmp_path, data, "result.json").startswith("There are no posts in result.json.")


def test_the_archive_of_x(tmp_path: Path) -> None:
    reading, posts, _ = take(tmp_path, made.archive())
    post = posts[0]
    assert (post["post_id"], post["language"], post["followers"]) == (made.BIG, "ar", 10)
    assert post["hashtags"] == ["Mali", "نص"]
    assert post["mentions"] == [who("x", made.NUMBER), who("x", "12")]
    assert post["urls"] == ["https://example.org/1", f"https://twitter.com/{who('x', made.HANDLE)}/status/9"]
    assert (post["repost_of"], post["repost_of_account"]) == ("1100000000000000001", who("x", made.NUMBER))
    assert post["reply_to"] is None
    assert post["posted_at"] == utc("2019-03-01T12:30:00")
    assert any("3 posts say their time without its zone; it was taken as UTC" in n for n in reading.notices)


def test_times_without_a_zone_are_in_the_stated_one(tmp_path: Path) -> None:
    options = Options(published=DAY, pseudonym_key=made.KEY, timezone="America/New_York")
    _, posts, _ = take(tmp_path, made.archive(), options=options)
    assert posts[0]["posted_at"] == utc("2019-03-01T17:30:00")
    with pytest.raises(UsageError, match="no time zone Mars/Olympus"):
        take(tmp_path, made.archive(), options=Options(published=DAY, pseudonym_key=made.KEY, timezone="Mars/Olympus"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2021-07-18 14:03:21 EST", "2021-07-18T19:03:21"),
        ("2021-07-18T14:03:21Z", "2021-07-18T14:03:21"),
        ("2021-07-18 14:03:21.25 +05:30", "2021-07-18T08:33:21.250000"),
        ("1626617001", "2021-07-18T14:03:21"),
        ("1626617001.5", "2021-07-18T14:03:21.500000"),
        ("1626617001500", "2021-07-18T14:03:21.500000"),
        ("1626617001500000", "2021-07-18T14:03:21.500000"),
        ("Sun Jul 18 14:03:21 +0000 2021", "2021-07-18T14:03:21"),
        ("18/07/2021 14:03", None),
        ("2021-07-18 14:03:21 XYZ", None),
        ("2021-02-30 14:03:21", None),
        ("2021-07-18", None),
        ("0", None),
        ("44395.58", None),
        ("1.63E+09", None),
        ("nan", None),
        ("inf", None),
        ("1e300", None),
        ("", None),
    ],
)
def test_times(written: str, expected: str | None, tmp_path: Path) -> None:
    data = made.as_csv([{"tweetid": "1", "userid": "2", "account_creation_date": "", "tweet_time": written}])
    reading, posts, _ = take(tmp_path, data)
    assert posts[0]["posted_at"] == (utc(expected) if expected else None)
    assert any("1 posts have no time" in n for n in reading.notices) == (expected is None)


def test_telegram_desktop(tmp_path: Path) -> None:
    reading, posts, _ = take(tmp_path, made.telegram(), "result.json")
    chat, person = who("telegram", "channel1234567890123"), who("telegram", f"user{made.NUMBER}")
    first, second = posts[0], posts[1]
    assert (first["post_id"], first["surface"], first["reply_to"]) == (f"{chat}/1", chat, f"{chat}/1")
    named = who("telegram", made.HANDLE)
    assert first["text"] == f"نص 😀 @{named} and @{person}[phone]here#Mali"
    assert second["text"] == "plain words"
    assert (first["account"], first["mentions"]) == (person, [named, person])
    assert (first["hashtags"], first["urls"], first["media"]) == (
        ["Mali"],
        ["https://example.org/x"],
        ["photos/photo_1.jpg"],
    )
    assert first["repost_of_account"] == who("telegram", made.NAME)
    assert first["posted_at"] == dt.datetime.fromtimestamp(1651572001, dt.UTC)
    assert (first["reactions"], first["views"]) == (5, None)
    assert any("1 service messages" in notice for notice in reading.notices)


def test_telegram_desktop_without_unix_time_takes_the_local_time(tmp_path: Path) -> None:
    data = json.dumps(made.chat(1, date_unixtime=None)).encode()
    options = Options(published=DAY, pseudonym_key=made.KEY, timezone="America/New_York")
    reading, posts, _ = take(tmp_path, data, "result.json", options)
    assert posts[0]["posted_at"] == utc("2022-05-03T14:00:00")
    assert any("taken as America/New_York" in notice for notice in reading.notices)


def test_all_chats_of_telegram_desktop(tmp_path: Path) -> None:
    reading, posts, _ = take(tmp_path, made.telegram_all(2), "result.json")
    assert len(posts) == 4
    assert {post["surface"] for post in posts} == {who("telegram", "channel1234567890123"), who("telegram", "user5")}
    assert any("2 service messages" in notice for notice in reading.notices)


@pytest.mark.parametrize("layout", ["telethon", "telethon-lines"])
def test_telethon_gives_the_same_accounts_as_telegram_desktop(layout: str, tmp_path: Path) -> None:
    name, make = made.EXPORTS[layout]
    reading, posts, _ = take(tmp_path, make(2), name)
    person = who("telegram", f"user{made.NUMBER}")
    assert (posts[0]["account"], posts[0]["surface"]) == (person, who("telegram", "channel1234567890123"))
    assert posts[0]["text"] == f"😀 @{person} wrote"
    assert (posts[0]["views"], posts[0]["shares"], posts[0]["comments"]) == (7, 2, 4)
    assert posts[0]["media"] == [made.BIG]
    assert any("1 service messages" in notice for notice in reading.notices)


@pytest.mark.parametrize("layout", ["4cat-csv", "4cat-lines"])
def test_4cat_of_telegram_hides_the_name_of_the_chat_within_ids(layout: str, tmp_path: Path) -> None:
    name, make = made.EXPORTS[layout]
    _, posts, _ = take(tmp_path, make(2), name)
    chat = who("telegram", made.HANDLE)
    assert [post["post_id"] for post in posts] == [f"{chat}/0", f"{chat}/1"]
    assert (posts[0]["surface"], posts[0]["reply_to"]) == (chat, f"{chat}/1")
    assert posts[0]["urls"] == [f"https://t.me/{chat}/7"]
    assert (posts[0]["views"], posts[0]["reactions"]) == (5, None), "the column holds signs, not their number"


def test_4cat_in_a_zip_says_its_platform(tmp_path: Path) -> None:
    rows = [{"id": 1, "thread_id": 1, "author": "A", "body": "x", "timestamp": "2022-05-03 10:00:00"}]
    path = tmp_path / "4cat.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("set.ndjson", made.as_lines(rows))
        archive.writestr(".metadata.json", json.dumps({"parameters": {"datasource": "twitterv2"}}))
    _, posts, _ = take(tmp_path, path.read_bytes(), "4cat.zip")
    assert (posts[0]["row_id"], posts[0]["account"]) == ("x:1", who("x", "a"))


def test_coortweet_rows_are_put_together_by_post(tmp_path: Path) -> None:
    _, posts, _ = take(tmp_path, made.coortweet())
    assert [(post["post_id"], post["objects"]) for post in posts] == [(f"c{i}", [f"o{i}a", f"o{i}b"]) for i in range(3)]


def test_the_wide_layout_tells_kinds_of_objects_apart(tmp_path: Path) -> None:
    _, posts, _ = take(tmp_path, made.wide())
    assert {post["platform"] for post in posts} == {"facebook"}
    assert (posts[0]["urls"], posts[0]["objects"], posts[0]["hashtags"]) == (["1", "2"], ["domain 3"], [])


def test_the_toolkit_of_qut(tmp_path: Path) -> None:
    _, posts, _ = take(tmp_path, made.toolkit())
    assert posts[0]["urls"] == ["http://example.com/2", f"http://x.com/{who('x', made.HANDLE)}"]
    assert (posts[0]["repost_of"], posts[1]["repost_of"]) == ("9", None)
    assert posts[0]["posted_at"] == utc("2020-11-27T04:26:10.518101")


def test_an_id_that_a_spreadsheet_rounded_is_refused_with_its_line(tmp_path: Path) -> None:
    data = made.archive(4).replace(str(int(made.BIG) + 1).encode(), b"9.22E+18").replace(b',2,"[Mali', b',2,"[Mali')
    _, posts, rejects = take(tmp_path, data)
    assert len(posts) == 3
    assert [(row["line"], row["id_as_written"]) for row in rejects] == [(3, "9.22E+18")]
    assert "rounded by a spreadsheet" in rejects[0]["reason"]
    assert rejects[0]["row_as_written"] is None, "the row names its author"


def test_a_hash_that_looks_like_a_power_of_ten_is_an_id(tmp_path: Path) -> None:
    rows = [{"object_id": "1e10", "account_id": "12e5", "content_id": "12345e67", "timestamp_share": 1651572000}]
    _, posts, _ = take(tmp_path, made.as_csv(rows))
    assert (posts[0]["post_id"], posts[0]["objects"]) == ("12345e67", ["1e10"])


def test_a_post_that_comes_twice(tmp_path: Path) -> None:
    lines = made.archive(3).decode().splitlines(keepends=True)
    changed = lines[2].replace(",1,0,2,", ",9,0,2,")
    reading, posts, rejects = take(tmp_path, "".join([*lines, lines[1], changed]).encode())
    assert len(posts) == 3
    assert any("1 posts stand in the files again" in notice for notice in reading.notices)
    assert [(row["line"], row["reason"]) for row in rejects] == [(6, "the id stands twice, with another post")]


def test_the_same_key_gives_the_same_pseudonym_and_another_key_another(tmp_path: Path) -> None:
    _, first, _ = take(tmp_path, made.archive(1))
    _, again, _ = take(tmp_path, made.archive(2), "other.csv")
    _, other, _ = take(tmp_path, made.archive(1), options=Options(published=DAY, pseudonym_key=b"another key, long"))
    assert first[0]["account"] == again[1]["account"] == pseudonym(made.KEY, "x", made.NUMBER)
    assert first[0]["account"] != other[0]["account"]


def test_posts_of_several_platforms_have_the_pseudonyms_of_their_own(tmp_path: Path) -> None:
    rows = [
        {"account_id": f"{start}_1", "post_id": f"{start}{i}", "url_id": "u", "timestamp": "1651572000"}
        for i, start in enumerate(["fb", "tw", "fb", "xx"])
    ]
    _, posts, _ = take(tmp_path, made.as_csv(rows))
    expected = [who("facebook", "fb_1"), who("x", "tw_1"), who("facebook", "fb_1"), who("other", "xx_1")]
    assert [post["account"] for post in posts] == expected


def test_a_long_key_is_hmac_too(tmp_path: Path) -> None:
    key = b"k" * 100
    data = made.crowdtangle(1).replace(b"/posts/" + made.BIG.encode(), b"/about")
    _, posts, _ = take(tmp_path, data, options=Options(published=DAY, pseudonym_key=key))
    assert posts[0]["post_id"] == pseudonym(key, "facebook", f"https://www.facebook.com/{made.HANDLE}/about")


def test_without_a_key_or_a_day_nothing_is_read(tmp_path: Path) -> None:
    assert "there is no key" in refused(tmp_path, made.archive(), options=Options(published=DAY))
    assert "at least 16 bytes" in refused(tmp_path, made.archive(), options=Options(published=DAY, pseudonym_key=b"x"))
    assert "--published" in refused(tmp_path, made.archive(), options=Options(pseudonym_key=made.KEY))


def test_a_key_is_in_no_error(tmp_path: Path) -> None:
    for data in (b"a,b\n1,2\n", made.archive()[:300] + b'"'):
        said = refused(tmp_path, data)
        assert made.KEY.decode() not in said
        assert made.KEY.hex() not in said


def test_columns_that_are_new_are_named(tmp_path: Path) -> None:
    rows = [{"tweetid": "1", "userid": "2", "account_creation_date": "", "tweet_time": "1626617001", "mood": "x"}]
    reading, _, _ = take(tmp_path, made.as_csv(rows))
    assert any("not known: mood" in notice for notice in reading.notices)


def test_counts_that_are_no_numbers_are_empty_and_counted(tmp_path: Path) -> None:
    rows = [
        {"tweetid": "1", "userid": "2", "account_creation_date": "", "tweet_time": "1626617001", "like_count": "many"}
    ]
    reading, posts, _ = take(tmp_path, made.as_csv(rows))
    assert posts[0]["reactions"] is None
    assert any("1 counts" in notice for notice in reading.notices)


def test_many_posts_at_one_second(tmp_path: Path) -> None:
    rows = [{"object_id": "o", "account_id": i, "content_id": i, "timestamp_share": 1651572000} for i in range(100_000)]
    _, posts, _ = take(tmp_path, made.as_csv(rows))
    assert len(posts) == len({post["account"] for post in posts}) == 100_000
    assert {post["posted_at"] for post in posts} == {dt.datetime.fromtimestamp(1651572000, dt.UTC)}


def test_several_files_are_one_release(tmp_path: Path) -> None:
    (tmp_path / "into").mkdir()
    (tmp_path / "a.csv").write_bytes(made.archive(2))
    (tmp_path / "b.json").write_bytes(made.telegram(2))
    reading = read([tmp_path / "a.csv", tmp_path / "b.json"], tmp_path / "into", OPTIONS)
    assert reading.rows == 4
    assert "X" in reading.citation
    assert "Telegram" in reading.citation


def test_a_nul_within_a_text_is_taken_out(tmp_path: Path) -> None:
    _, posts, _ = take(tmp_path, made.telegram(2).replace(b"plain words", b"plain\\u0000 words"), "result.json")
    assert posts[1]["text"] == "plain words"


def test_a_text_is_read_in_latin_1_where_it_is_nothing_else(tmp_path: Path) -> None:
    row = {"tweetid": "1", "userid": "2", "account_creation_date": "", "tweet_time": "1626617001", "tweet_text": "é"}
    _, posts, _ = take(tmp_path, made.as_csv([row]).decode().encode("latin-1"))
    assert posts[0]["text"] == "é"


def test_json_that_is_cut_off_says_where(tmp_path: Path) -> None:
    said = refused(tmp_path, made.telegram(5)[:-400], "result.json")
    assert "result.json ends within a post, at line" in said
    assert "cut off" in said


def test_json_that_is_broken_says_where(tmp_path: Path) -> None:
    said = refused(tmp_path, made.telegram(5).replace(b'"id": 2,', b'"id": ?,'), "result.json")
    assert "result.json is not JSON at line" in said


def test_a_line_that_is_no_json_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = made.library_lines(4).splitlines(keepends=True)
    lines[2] = b'{"id": \n'
    _, posts, rejects = take(tmp_path, b"".join(lines), "posts.ndjson")
    assert len(posts) == 3
    assert [(row["line"], row["reason"]) for row in rejects] == [(3, "the line is not JSON")]


def test_lines_of_json_that_are_cut_off_are_refused(tmp_path: Path) -> None:
    assert "cut off" in refused(tmp_path, made.library_lines(4)[:-40], "posts.ndjson")


def test_a_csv_that_is_cut_off_within_a_text_is_refused(tmp_path: Path) -> None:
    data = made.crowdtangle(4)
    assert "line" in refused(tmp_path, data[: data.rindex("نص".encode()) + 2])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a,b\n1,2\n", "no export of posts that is known"),
        (b"[]", "There are no posts"),
        (b"{}", "no export of posts"),
        (b"[1, 2]", "no export of posts"),
        ('{"messages": [é]}'.encode("latin-1"), "UTF-8"),
        (b"[" * 100_000, "JSON"),
        (b"", "empty"),
        (b"\0\1\2\3" * 10, "binary"),
    ],
)
def test_what_is_no_export_is_refused_in_one_line(data: bytes, words: str, tmp_path: Path) -> None:
    assert words in refused(tmp_path, data)


def test_an_export_without_posts_is_refused(tmp_path: Path) -> None:
    assert "no posts" in refused(tmp_path, json.dumps(made.chat(0)).encode(), "result.json")


def test_where_most_ids_are_rounded_the_file_is_refused(tmp_path: Path) -> None:
    rows = [
        {"tweetid": f"9.2{i}E+18", "userid": "2", "account_creation_date": "", "tweet_time": "1626617001"}
        for i in range(3)
    ]
    with pytest.raises(WrongFile, match="3 of 3 rows cannot be taken"):
        take(tmp_path, made.as_csv(rows))
