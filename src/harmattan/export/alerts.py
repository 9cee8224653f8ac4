"""Alerts for other programs: feeds, the text of an e-mail, and the JSON that a webhook is handed.

They hold sums and attributions and never a single record, so no licence stands in their way. Nothing here sends
anything, and nothing reads a clock: the dates are those of the alerts, so the same answer gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as ET

from harmattan.errors import UsageError
from harmattan.export.as_json import json_bytes
from harmattan.export.sheet import attributions
from harmattan.questions.alert_words import LEVEL_WORDS
from harmattan.questions.answer import Answer
from harmattan.text import T, Verbatim
from harmattan.text.speaker import Speaker

ATOM = "http://www.w3.org/2005/Atom"
NOBODY = "harmattan.invalid"
"""The host of addresses that nobody has (RFC 2606): what is written here is sent by somebody else, from their own."""
FEEDS = uuid.UUID("0f0d5c2e-6c1b-5f0a-8f7a-2f4f3f1c9a11")
ABOUT = "urn:uuid:"


def to_json(answer: Answer, speaker: Speaker, title: str) -> bytes:
    """The stable JSON of the answer with the title of the case and the attributions."""
    return json_bytes({"case": title} | plain(answer, speaker))


def plain(answer: Answer, speaker: Speaker) -> dict[str, Any]:
    """What `harmattan ask alerts --format json` gives, and the attributions."""
    return answer.as_json(speaker) | {"sources": list(attributions(answer.releases, speaker))}


def to_atom(answer: Answer, speaker: Speaker, title: str) -> bytes:
    """An Atom feed (RFC 4287): an entry for each alert, whose id stays the same for as long as the alert holds."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": speaker.language})
    _atom(feed, "id", ABOUT + str(uuid.uuid5(FEEDS, title)))
    _atom(feed, "title", _title(speaker, title))
    _atom(feed, "subtitle", speaker.say(answer.headline))
    _atom(feed, "updated", _moment(as_of(answer)))
    _atom(_atom(feed, "author"), "name", "Harmattan")
    _atom(feed, "generator", "Harmattan")
    _atom(feed, "rights", " ".join(attributions(answer.releases, speaker)))
    for n, row in enumerate(answer.rows):
        entry = _atom(feed, "entry")
        _atom(entry, "id", ABOUT + row["alert"])
        _atom(entry, "title", _heading(row, speaker))
        _atom(entry, "published", _moment(row["since"]))
        _atom(entry, "updated", _moment(row["since"]))
        for term in (row["rule"], row["level"], row["country"]):
            _atom(entry, "category").set("term", term)
        _atom(entry, "content", _body(answer, n, speaker)).set("type", "text")
    return _written(feed)


def to_rss(answer: Answer, speaker: Speaker, title: str) -> bytes:
    """An RSS 2.0 feed: an item for each alert, whose guid stays the same for as long as the alert holds."""
    rss = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(rss, "channel")
    _plain(channel, "title", _title(speaker, title))
    _plain(channel, "link", ABOUT + str(uuid.uuid5(FEEDS, title)))
    _plain(channel, "description", speaker.say(answer.headline))
    _plain(channel, "language", speaker.language)
    _plain(channel, "copyright", " ".join(attributions(answer.releases, speaker)))
    _plain(channel, "pubDate", _mail_date(as_of(answer)))
    for n, row in enumerate(answer.rows):
        item = ET.SubElement(channel, "item")
        _plain(item, "title", _heading(row, speaker))
        _plain(item, "description", _body(answer, n, speaker))
        for term in (row["rule"], row["level"], row["country"]):
            _plain(item, "category", term)
        _plain(item, "guid", ABOUT + row["alert"]).set("isPermaLink", "false")
        _plain(item, "pubDate", _mail_date(row["since"]))
    return _written(rss)


def to_email(answer: Answer, speaker: Speaker, title: str) -> bytes:
    """An e-mail as a file (RFC 5322), to be opened, addressed and sent by a mail program; nothing is sent."""
    message = EmailMessage(policy=SMTP)
    day = as_of(answer)
    message["From"] = Address("Harmattan", "alerts", NOBODY)
    message["To"] = Group("undisclosed-recipients", ())
    message["Subject"] = speaker.say(
        T("{title}: {n} alerts as of {day}", title=Verbatim(title), n=len(answer.rows), day=dt.date.fromisoformat(day))
    )
    message["Date"] = format_datetime(_at_midnight(day))
    message["Message-ID"] = f"<{uuid.uuid5(FEEDS, f'{answer.id}/{day}')}@{NOBODY}>"
    message["X-Unsent"] = "1"
    parts = [speaker.say(answer.headline), *(_told(answer, n, speaker) for n in range(len(answer.rows)))]
    notes = [speaker.say(caveat) for caveat in answer.caveats]
    parts += ["\n".join(f"- {note}" for note in notes), *attributions(answer.releases, speaker)]
    message.set_content("\n\n".join(part for part in parts if part) + "\n", cte="quoted-printable")
    message["Content-Language"] = speaker.language
    return message.as_bytes()


FORMATS: Mapping[str, Callable[[Answer, Speaker, str], bytes]] = {
    "json": to_json,
    "rss": to_rss,
    "atom": to_atom,
    "email": to_email,
}


def as_of(answer: Answer) -> str:
    """The day as of which the alerts speak. Raises UsageError where the answer says none and has no alert."""
    said = answer.params.get("as_of") or max((row["window_end"] for row in answer.rows), default=None)
    if said is None:
        raise UsageError(T("A feed or an e-mail needs a date."), do=T("Say --as-of DATE."))
    return str(said)


def _title(speaker: Speaker, title: str) -> str:
    return speaker.say(T("Alerts: {title}", title=Verbatim(title)))


def _heading(row: Mapping[str, Any], speaker: Speaker) -> str:
    return f"[{speaker.say(LEVEL_WORDS[row['level']])}] {speaker.say(row['sentence'])}"


def _body(answer: Answer, n: int, speaker: Speaker) -> str:
    return f"{speaker.say(answer.rows[n]['sentence'])} {speaker.say(_opened(answer, n))}"


def _told(answer: Answer, n: int, speaker: Speaker) -> str:
    return f"{_heading(answer.rows[n], speaker)}\n{speaker.say(_opened(answer, n))}"


def _opened(answer: Answer, n: int) -> Any:
    """Since when it holds, and how to see the rows behind it."""
    return T(
        "Rule {rule}, since {since}. Rows: {command}",
        rule=Verbatim(answer.rows[n]["rule"]),
        since=dt.date.fromisoformat(answer.rows[n]["since"]),
        command=Verbatim(f"harmattan evidence {answer.row_id(n)}"),
    )


def _at_midnight(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC)


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"


def _mail_date(day: str) -> str:
    return format_datetime(_at_midnight(day), usegmt=True)


def _atom(parent: ET.Element, name: str, words: str = "") -> ET.Element:
    return _plain(parent, f"{{{ATOM}}}{name}", words)


def _plain(parent: ET.Element, name: str, words: str = "") -> ET.Element:
    made = ET.SubElement(parent, name)
    made.text = _printable(words) or None
    return made


def _printable(words: str) -> str:
    """Words without the signs that XML 1.0 cannot hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", words)


def _written(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    written: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written + b"\n"
