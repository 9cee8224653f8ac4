"""Feeds that readers take, an e-mail that mail programs open, and the same bytes for the same alerts."""

from __future__ import annotations

import datetime as dt
import email
import json
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from harmattan.errors import UsageError
from harmattan.export.alerts import to_atom, to_email, to_json, to_rss
from harmattan.questions.answer import Answer
from harmattan.text.speaker import Speaker
from tests.lake.factory import event, put
from tests.questions.test_alerts import LONG, quiet_hum
from tests.questions.worlds import asked, put_closed, world_in

ENGLISH, FRENCH = Speaker("en"), Speaker("fr")
TITLE = "Le Sahel & <others> – été"
ATOM = "{http://www.w3.org/2005/Atom}"


def answer(folder: Path, day: str = "2022-06-20", *, closed: bool = False) -> Answer:
    world = world_in(folder)
    rows = [*quiet_hum(), event("r", "2022-06-15", best=60, source_headline="A headline & more")]
    put_closed(world.lake, "1", rows, **LONG) if closed else put(world.lake, "1", rows, **LONG)
    return asked(world, "alerts", rule=("record:floor=25",), as_of=dt.date.fromisoformat(day))


@pytest.fixture
def found(tmp_path: Path) -> Answer:
    return answer(tmp_path)


def test_atom_has_what_the_standard_wants(found: Answer) -> None:
    feed = ET.fromstring(to_atom(found, ENGLISH, TITLE))
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author/" + ATOM + "name"):
        assert feed.findtext(ATOM + name), name
    assert feed.findtext(f"{ATOM}title") == f"Alerts: {TITLE}"
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{found.rows[0]['alert']}"
    assert entry.findtext(f"{ATOM}updated") == "2022-06-15T00:00:00Z"
    assert "63 deaths in the 30 days to 20 June 2022" in (entry.findtext(f"{ATOM}title") or "")
    assert f"harmattan evidence {found.id}.1" in (entry.findtext(f"{ATOM}content") or "")
    assert "Nobody (2024)" in (feed.findtext(f"{ATOM}rights") or "")


def test_rss_has_what_the_standard_wants(found: Answer) -> None:
    rss = ET.fromstring(to_rss(found, ENGLISH, TITLE))
    assert (rss.tag, rss.get("version")) == ("rss", "2.0")
    channel = rss.find("channel")
    assert channel is not None
    assert all(channel.findtext(name) for name in ("title", "link", "description", "pubDate"))
    (item,) = channel.findall("item")
    guid = item.find("guid")
    assert guid is not None
    assert (guid.text, guid.get("isPermaLink")) == (f"urn:uuid:{found.rows[0]['alert']}", "false")
    assert parsedate_to_datetime(item.findtext("pubDate") or "") == dt.datetime(2022, 6, 15, tzinfo=dt.UTC)


def test_a_reader_sees_an_alert_once(tmp_path: Path) -> None:
    """The entry of a later day has the same id and the same dates; another alert has another."""
    ids = [
        [(e.findtext(f"{ATOM}id"), e.findtext(f"{ATOM}updated")) for e in ET.fromstring(feed).findall(f"{ATOM}entry")]
        for feed in (to_atom(answer(tmp_path / day, day), ENGLISH, TITLE) for day in ("2022-06-16", "2022-07-10"))
    ]
    assert ids[0] == ids[1]
    assert len(ids[0]) == 1


@pytest.mark.parametrize("speaker", [ENGLISH, FRENCH])
def test_the_mail_opens_and_is_plain_ascii_on_the_wire(found: Answer, speaker: Speaker) -> None:
    raw = to_email(found, speaker, TITLE)
    raw.decode("ascii")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    message = email.message_from_bytes(raw, policy=SMTP)
    assert str(message["Subject"]).startswith(TITLE)
    assert b"=?utf-8?" in raw.partition(b"\r\nDate:")[0]
    assert message["Date"].datetime == dt.datetime(2022, 6, 20, tzinfo=dt.UTC)
    assert [address.addr_spec for address in message["From"].addresses] == ["alerts@harmattan.invalid"]
    assert message["Message-ID"].endswith("@harmattan.invalid>")
    assert message["Content-Language"] == speaker.language
    assert not message.defects
    body = message.get_body()
    assert body is not None
    text = body.get_content()
    assert f"harmattan evidence {found.id}.1" in text
    assert "Nobody (2024)" in text


def test_the_same_answer_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = answer(tmp_path / "a"), answer(tmp_path / "b")
    for write in (to_atom, to_rss, to_email, to_json):
        assert write(one, ENGLISH, TITLE) == write(other, ENGLISH, TITLE)


def test_no_record_leaves_the_house(tmp_path: Path) -> None:
    """Of a closed release sums and attributions are handed on: no id, no headline, no point of an event."""
    closed = answer(tmp_path, closed=True)
    for write in (to_atom, to_rss, to_email, to_json):
        raw = write(closed, ENGLISH, TITLE).decode()
        assert not [word for word in ("A headline", "event_id", "-4.25", "hum-2022") if word in raw]
        assert "Nobody (2024)" in raw.replace("=\r\n", "")
    told = json.loads(to_json(closed, ENGLISH, TITLE))
    assert (told["case"], told["rows"][0]["value"]) == (TITLE, 63)
    assert told["sources"]


def test_no_alert_is_a_whole_feed_and_no_date_is_an_error(tmp_path: Path) -> None:
    quiet = answer(tmp_path, "2022-03-20")
    assert quiet.rows == ()
    assert ET.fromstring(to_atom(quiet, ENGLISH, TITLE)).findall(f"{ATOM}entry") == []
    undated = asked(world_in(tmp_path / "none"), "alerts")
    with pytest.raises(UsageError, match="needs a date"):
        to_rss(undated, ENGLISH, TITLE)
