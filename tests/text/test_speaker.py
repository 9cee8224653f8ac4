"""Words, numbers, dates and lists in both languages, and values that cannot break out of a page."""

from __future__ import annotations

import datetime as dt
import html
import string
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmattan.errors import HarmattanError
from harmattan.text import CountryName, Listing, MonthName, Number, T, Text, Value, Verbatim, listing, speaker
from harmattan.text.speaker import LANGUAGES, LOCALE_DIR, NOT_AVAILABLE, Speaker, catalogue, country_name

NARROW = "\u202f"
LAW = settings(derandomize=True, max_examples=150, deadline=None)


@pytest.fixture
def french(monkeypatch: pytest.MonkeyPatch) -> Speaker:
    """A speaker of French with a small catalogue of its own."""
    words = {
        "and": "et",
        "or": "ou",
        "yes": "oui",
        "no": "non",
        "{place} has {n} deaths.": "{n} morts ({place}).",
        "There are <b>two</b> & more.": "Il y en a <b>deux</b> & plus.",
    }
    monkeypatch.setattr(speaker, "catalogue", lambda language: words if language == "fr" else {})
    return Speaker("fr")


@pytest.mark.parametrize(
    ("value", "digits", "en", "fr"),
    [
        (0, 0, "0", "0"),
        (999, 0, "999", "999"),
        (3650, 0, "3,650", f"3{NARROW}650"),
        (-1234567, 0, "-1,234,567", f"-1{NARROW}234{NARROW}567"),
        (1234.5678, 2, "1,234.57", f"1{NARROW}234,57"),
        (0.1, 1, "0.1", "0,1"),
        (None, 0, NOT_AVAILABLE, NOT_AVAILABLE),
    ],
)
def test_numbers(value: float | None, digits: int, en: str, fr: str) -> None:
    assert Speaker("en").number(value, digits) == en
    assert Speaker("fr").number(value, digits) == fr


def test_dates_months_and_countries() -> None:
    said: list[Value] = [dt.date(2022, 10, 31), MonthName(2022, 8), CountryName("BFA"), CountryName("NGA+NER")]
    assert [Speaker("en").say(v) for v in said] == ["31 October 2022", "August 2022", "Burkina Faso", "Nigeria + Niger"]
    assert [Speaker("fr").say(v) for v in said] == ["31 octobre 2022", "août 2022", "Burkina Faso", "Nigeria + Niger"]
    assert country_name("CIV", "fr") == "Côte d’Ivoire"
    assert country_name("XKX", "en") == "Kosovo"
    assert country_name("QQQ", "en") == "QQQ"


def test_a_translation_may_change_the_order(french: Speaker) -> None:
    text = T("{place} has {n} deaths.", place=CountryName("TCD"), n=1234)
    assert str(text) == "Chad has 1,234 deaths."
    assert french.say(text) == f"1{NARROW}234 morts (Tchad)."
    assert french.say(T("not translated {n}", n=1)) == "not translated 1"


def test_lists(french: Speaker) -> None:
    three: tuple[Value, ...] = (CountryName("MLI"), Verbatim("JNIM"), 3)
    assert Speaker("en").say(listing(three)) == "Mali, JNIM and 3"
    assert Speaker("en").say(listing(three, "or")) == "Mali, JNIM or 3"
    assert french.say(listing(three, "or")) == "Mali, JNIM ou 3"
    assert french.say(Listing(three[:2])) == "Mali et JNIM"
    assert [Speaker("en").say(listing(three[:n])) for n in (0, 1)] == ["", "Mali"]


def test_other_values(french: Speaker) -> None:
    said: list[Value] = [None, True, False, "as {it} is", Verbatim("a {b}"), T("within {x}", x=T("this"))]
    assert [Speaker("en").say(v) for v in said] == [NOT_AVAILABLE, "yes", "no", "as {it} is", "a {b}", "within this"]
    assert french.say(True) == "oui"


def test_braces_and_places_without_a_value() -> None:
    assert str(T("{{a}} {b}", b="{c}")) == "{a} {c}"
    assert str(T("{{a}}")) == "{a}"
    with pytest.raises(KeyError):
        str(T("{a} {b}", a=1))


class Tags(HTMLParser):
    """The tags of a page and their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))


def linked(number: Number, words: str) -> str:
    return f'<a href="#{html.escape(number.evidence or "")}">{words}</a>'


NASTY = st.sampled_from(['<script>alert("1")</script>', "' onload='x", '"><b>', "&lt;i&gt;<i>", "{n}", "]]>"])


@LAW
@given(NASTY | st.text(max_size=30), NASTY | st.text(max_size=30), NASTY)
def test_no_value_breaks_out_of_a_page(one: str, two: str, template: str) -> None:
    text = Text(
        template.replace("{", "{{").replace("}", "}}") + "<{a}> {b} {c} {n}",
        {"a": one, "b": listing([Verbatim(two), CountryName(one)], "or"), "c": T("{x}", x=one), "n": Number(1234, two)},
    )
    page = Speaker("en", mark=linked, escape=html.escape).say(text)
    tags = Tags()
    tags.feed(page)
    assert [tag for tag, _ in tags.tags] == ["a"]
    (_, attributes) = tags.tags[0]
    assert [name for name, _ in attributes] == ["href"]
    plain = Speaker("en").say(text)
    without_link = page.replace(f'<a href="#{html.escape(two)}">', "").removesuffix("</a>")
    assert html.unescape(without_link) == html.unescape(html.escape(plain))


def test_each_number_is_marked_with_its_evidence_and_nothing_else_is(french: Speaker) -> None:
    said: list[tuple[str | None, str]] = []

    def mark(number: Number, words: str) -> str:
        said.append((number.evidence, words))
        return f"[{words}]"

    text = T(
        "{a} {b} {c} {d}", a=Number(1234, "id-1"), b=5678, c=listing([Number(None), Number(0.25, "id-2", 2)]), d="9"
    )
    assert Speaker("fr", mark=mark).say(text) == f"[1{NARROW}234] 5{NARROW}678 [{NOT_AVAILABLE}] et [0,25] 9"
    assert said == [("id-1", f"1{NARROW}234"), (None, NOT_AVAILABLE), ("id-2", "0,25")]


def test_the_templates_own_words_are_escaped_but_not_its_places(french: Speaker) -> None:
    assert Speaker("fr", escape=html.escape).say(T("There are <b>two</b> & more.")) == (
        "Il y en a &lt;b&gt;deux&lt;/b&gt; &amp; plus."
    )
    underscores = Speaker("en", escape=lambda words: words.replace("_", "\\_"))
    assert underscores.say(T("x_y {n_events}", n_events=Verbatim("a_b"))) == "x\\_y a\\_b"


def test_an_error_is_one_line_and_keeps_its_numbers_together(french: Speaker) -> None:
    error = HarmattanError(T("{file} has\n{n} rows.", file=Verbatim("a\u2028b\x85c\r\nd"), n=1234), do=T(" Look. "))
    assert error.line(french) == f"a b c d has 1{NARROW}234 rows. Look."
    assert len(str(error).splitlines()) == 1


@pytest.mark.parametrize("language", [code for code in LANGUAGES if (LOCALE_DIR / f"{code}.po").exists()])
def test_every_translation_fills_the_same_places(language: str) -> None:
    def places(template: str) -> set[str]:
        return {place for _, place, _, _ in string.Formatter().parse(template) if place is not None}

    wrong = [template for template, words in catalogue(language).items() if places(template) != places(words)]
    assert wrong == []
