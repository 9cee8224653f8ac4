"""One form of an address: what is the same page is the same words, and what is another page is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.influence.urls import canonical, domain, known, resolve

SAME = {
    "https://example.org/a?b=2&c=1": (
        "http://example.org/a?c=1&b=2",
        "https://www.example.org/a/?b=2&c=1#top",
        "HTTPS://M.EXAMPLE.ORG:443/a?b=2&c=1",
        "http://mobile.example.org:80/a?b=2&amp;c=1&fbclid=x&utm_source=y&UTM_Medium=z",
        "//amp.example.org/a/amp/?b=2&c=1&amp=1",
        "https://www.google.com/amp/s/www.example.org/a?b=2&c=1",
        "https://google.co.uk/amp/s/example.org/a/amp?c=1&b=2",
        "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a?b=2&c=1&amp_js_v=0.1",
        "https://cdn.ampproject.org/v/s/example.org/a?b=2&c=1&usqp=mq331AQ",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Fb%3D2%26c%3D1%26fbclid%3Dq&h=AT0",
        "https://www.google.com/url?q=https://example.org/a%3Fb%3D2%26c%3D1&sa=D",
        "hxxps://example[.]org/./x/../a?b=2&c=1&gclid=1",
        "<https://user:secret@example.org./a?b=2&c=1>,",
    ),
    "https://youtube.com/watch?v=dQw4w9WgXcQ": (
        "https://youtu.be/dQw4w9WgXcQ?si=abc&t=3",
        "https://m.youtube.com/watch?feature=share&v=dQw4w9WgXcQ&list=PL1",
        "https://www.youtube.com/shorts/dQw4w9WgXcQ",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    ),
    "https://x.com/i/status/1234567890123456789": (
        "https://twitter.com/somebody/status/1234567890123456789?s=20&t=x",
        "https://mobile.twitter.com/i/web/status/1234567890123456789",
        "https://x.com/Other/statuses/1234567890123456789/photo/1",
        "https://twitter.com/#!/somebody/status/1234567890123456789",
    ),
    "https://t.me/channel/5": ("t.me/s/Channel/5", "https://telegram.me/channel/5?single"),
    "https://facebook.com/story.php?id=2&story_fbid=1": (
        "https://m.facebook.com/story.php?story_fbid=1&id=2&__tn__=-R&refid=7",
        "https://fr-fr.facebook.com/permalink.php?id=2&story_fbid=1&mibextid=q",
    ),
    "https://instagram.com/p/Cx_1": ("https://www.instagram.com/reel/Cx_1/?igsh=1", "https://instagram.com/u.v/p/Cx_1"),
    "https://en.wikipedia.org/wiki/Mali": ("https://en.m.wikipedia.org/wiki/Mali#History",),
    "https://xn--mnchen-3ya.de/%C3%A9~a": ("http://MÜNCHEN.de/é%7ea", "http://xn--mnchen-3ya.de/%c3%A9~a"),
    "https://bit.ly/AbC": ("http://bit.ly/AbC",),
    "https://example.org": ("http://www.example.org/", "www.example.org", "https://example.org/?#"),
}
OTHER = (
    "https://example.org/A", "https://example.org/a", "https://example.org/a?x=1", "https://example.org/a?x=2",
    "https://example.org:8080/a", "https://news.example.org/a", "https://amp.com.au/a", "https://t.me/amp",
    "https://t.me/joinchat/AbC", "https://t.me/joinchat/abc", "https://example.org/amplifier", "https://bit.ly/abc",
    "https://facebook.com/story.php?id=2&story_fbid=9", "https://m.me/somebody", "https://192.0.2.1/a",
)  # fmt: skip
NONE = (
    "", "   ", "see there", "hello.world", "photo.jpg", "somebody@example.org", "javascript:alert(1)", "http://",
    "https:/a",    "http://localhost/a", "ftp://example.org/a", "http://example.org/cut…", "https://a b.org/", "http://xn--/",
    "\ud800",    "http://" + "a" * 70 + ".org", "https://example.org/" + "a" * 5_000, "mailto:a@example.org", "http://300.1.1.1/",
)  # fmt: skip


@pytest.mark.parametrize("form", SAME)
def test_ways_of_writing_one_address_have_one_form(form: str) -> None:
    assert {written: canonical(written) for written in (form, *SAME[form])} == dict.fromkeys((form, *SAME[form]), form)


def test_other_addresses_stay_apart() -> None:
    assert len({canonical(url) for url in OTHER}) == len(OTHER)
    assert None not in {canonical(url) for url in OTHER}


def test_what_is_no_address_is_none() -> None:
    assert {words: canonical(words) for words in NONE} == dict.fromkeys(NONE)


PIECES = (
    "/", "/amp", "/s/", ".", "..", "amp.html", ".amp", "%41", "%2f", "%", "é", "?", "&", "=", "#", "#!/", "&amp;", "//",
    "v=abcdefghijk", "u=https%3A%2F%2Fa.org/amp", "q=http://x.com/a/status/1", "utm_x=1", ":80", ";", "+", " ", "\\",
    "status/12", "/watch", "/url", "/l.php", "/away.php?to=https://t.me/s/A/1", "\u200b", "\ud800", "'", ",", "c/", "@",
    "/amp/s/", "story.php", "~", "[.]",
)  # fmt: skip
HOSTS = (
    "example.org", "www.google.com", "youtube.com", "youtu.be", "x.com", "t.me", "m.facebook.com", "l.facebook.com",
    "instagram.com", "cdn.ampproject.org", "vk.com", "en.m.wikipedia.org", "tiktok.com", "münchen.de", "m.amp.co.uk",
)  # fmt: skip
ADDRESSES = st.builds(
    lambda scheme, host, rest: scheme + host + "".join(rest),
    st.sampled_from(("https://", "http://", "", "//", "HXXP://", "https:")),
    st.sampled_from(HOSTS),
    st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8),
)


@settings(max_examples=250, deadline=None)
@given(ADDRESSES | st.text())
def test_any_words_have_a_form_that_is_its_own_or_none(words: str) -> None:
    form = canonical(words)
    assert form is None or (form.startswith("https://") and canonical(form) == form)
    assert (domain(words) is None) == (form is None)


def test_addresses_packed_in_each_other_come_to_an_end() -> None:
    url = "https://example.org/a"
    for _ in range(60):
        url = f"https://cdn.ampproject.org/c/s/{url.removeprefix('https://')}"
    assert canonical(url) is None


def test_a_website_is_its_host() -> None:
    assert domain("https://www.bbc.co.uk/news?x=1") == "bbc.co.uk"
    assert domain("https://example.org:8080/a") == "example.org"
    assert domain("no address") is None


def test_shorteners_lead_where_the_map_says() -> None:
    ways = known({"http://bit.ly/a": "https://t.co/b?x=1", "t.co/b?x=1": "http://www.example.org/c/", "no": "no"})
    assert resolve("https://bit.ly/a", ways) == "https://example.org/c"
    assert resolve("https://bit.ly/z", ways) == "https://bit.ly/z"
    round_and_round = known({"https://bit.ly/a": "https://bit.ly/b", "https://bit.ly/b": "https://bit.ly/a"})
    assert resolve("https://bit.ly/a", round_and_round) in ("https://bit.ly/a", "https://bit.ly/b")
