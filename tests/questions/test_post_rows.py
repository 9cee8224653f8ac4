"""What evidence shows of posts: ids without accounts that stand as written, things by their digests."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from harmattan.questions.post_rows import UNSHOWN, shown
from harmattan.questions.shared_things import named, without_account
from harmattan.vocabulary.posts import POSTS
from tests.lake.factory import row_of

PSEUDONYM = "acct-0123456789abcdef0123456789abcdef"
LISTS: dict[str, list[str]] = {name: [] for name in ("urls", "hashtags", "mentions", "media", "objects")}


def one(row_id: str, **said: Any) -> dict[str, Any]:
    """A post as evidence shows it."""
    row = row_of("posts", row_id, platform="telegram", post_id=row_id.partition(":")[2], **(LISTS | said))
    fields = [pa.field("release", pa.string()), *(field.with_nullable(True) for field in POSTS.schema)]
    (found,) = shown(pa.Table.from_pylist([row | {"release": "posts@1"}], schema=pa.schema(fields))).to_pylist()
    return dict(found)


def test_ids_are_without_the_accounts_that_stand_as_written() -> None:
    post = one("telegram:achannel/5", account="17", surface="achannel", reply_to="another/7", repost_of="900_17")
    assert (post["row_id"], post["post_id"], post["reply_to"]) == ("telegram:…/5", "…/5", "…/7")
    assert post["repost_of"] == "900_…"
    assert not set(post) & set(UNSHOWN)
    kept = one(f"telegram:{PSEUDONYM}/5", account=PSEUDONYM, surface=PSEUDONYM)
    assert kept["row_id"] == f"telegram:{PSEUDONYM}/5", "a pseudonym names nobody"


def test_things_are_known_by_the_digest_that_answers_have() -> None:
    post = one("telegram:1", objects=["some words", "https://vk.com/somebody"], media=["beef.jpg"], hashtags=["Mali"])
    digest = str(named("object", "some words", 1, people=False)).split()[3].rstrip(",")
    assert post["objects"] == f"{digest}; https://vk.com/…"
    assert "beef" not in post["media"]
    assert post["hashtags"] == "Mali"
    assert post["urls"] is None


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://x.com/somebody", "https://x.com/…"),
        ("http://www.facebook.com/somebody/posts/1?x=2", "https://facebook.com/…"),
        ("https://m.facebook.com/story.php?story_fbid=1&id=2", "https://facebook.com/…"),
        ("t.me/somebody", "https://t.me/…"),
        ("https://somebody.t.me", "https://t.me/…"),
        ("HTTPS://Instagram.com/somebody", "https://instagram.com/…"),
        ("https://youtube.com/@somebody", "https://youtube.com/…"),
        ("https://www.youtube.com/c/somebody", "https://youtube.com/…"),
        ("https://www.youtube.com/watch?v=abcdefghijk", "https://www.youtube.com/watch?v=abcdefghijk"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fx.com%2Fsomebody", "https://facebook.com/…"),
        ("https://example.org/?u=https%253A%252F%252Fx.com%252Fsomebody", "https://x.com/…"),
        ("https://somebody@example.org/a", "https://example.org/…"),
        ("https://netflix.com/a", "https://netflix.com/a"),
        ("https://example.org/reddit.community", "https://example.org/reddit.community"),
    ],
)
def test_addresses_on_platforms_are_cut_to_the_platform(url: str, told: str) -> None:
    assert without_account(url) == told
