"""`alerts`: what the rules of a case say as of a day: on the screen, as a feed or an e-mail, to a webhook."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from harmattan.cli import terminal
from harmattan.cli.commands import lake_of, write
from harmattan.errors import FetchError, HarmattanError, UsageError
from harmattan.text import T, Verbatim, counted
from harmattan.text.speaker import Speaker

if TYPE_CHECKING:
    from harmattan.questions.answer import Answer

TIMEOUT_S, FIRST_WAIT_S = 20.0, 1.0
ATTEMPTS = 4
TOKEN = "WEBHOOK_TOKEN"
"""The name under which a bearer token stands in the environment or the key store."""
TAKEN = frozenset({200, 201, 202, 204})
AT_HOME = ("localhost", "127.0.0.1", "::1")


def alerts(args: argparse.Namespace, speaker: Speaker) -> int:
    """Asks the rules of a case, and prints, writes or hands on what they say."""
    from harmattan.case import load_case
    from harmattan.data import CASES
    from harmattan.export.alerts import FORMATS
    from harmattan.questions.inquiry import Inquiry
    from harmattan.questions.said import of_rules

    if args.out and args.format == "table":
        raise UsageError(T("A table is for the terminal and does not go into {path}.", path=Verbatim(args.out)),
                         do=T("Say --format as well: json, rss, atom or email."))  # fmt: skip
    if args.webhook:
        _check(args.webhook)
    case = load_case(args.case, CASES)
    params = of_rules(case, args.rule or (), args.as_of, args.known_by, args.release)
    with terminal.working(speaker.say(T("counting"))):
        answer = Inquiry(lake_of(args), case.dossiers).ask("alerts", params)
    title = case.title.get(speaker.language, case.title["en"])
    if args.webhook:
        _deliver(args.webhook, answer, speaker, title)
    if args.format == "table":
        return _listed(answer, speaker)
    return write(FORMATS[args.format](answer, speaker, title), args.out)


def _listed(answer: Answer, speaker: Speaker) -> int:
    """The alerts as sentences, each with the command that lists its rows."""
    from harmattan.export.sheet import attributions
    from harmattan.questions.alert_words import LEVEL_WORDS

    print(speaker.say(answer.headline))
    for n, row in enumerate(answer.rows):
        print(f"{n + 1}. [{speaker.say(LEVEL_WORDS[row['level']])}] {speaker.say(row['sentence'])}")
        print(f"   {speaker.say(T('Rule {rule}.', rule=Verbatim(row['rule'])))} harmattan evidence {answer.row_id(n)}")
    for note in (*(speaker.say(caveat) for caveat in answer.caveats), *attributions(answer.releases, speaker)):
        print(f"· {note}")
    return 0


def _check(url: str) -> None:
    """Raises UsageError for an address that is none; it may hold a secret and is not said."""
    parts = _parts(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _no_address()


def _no_address() -> UsageError:
    return UsageError(T("--webhook is not an address."), do=T("Say it whole: https://example.org/hook"))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _parts(url: str) -> Any:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def _deliver(url: str, answer: Answer, speaker: Speaker, title: str) -> None:
    """Posts the stable JSON; tries again where it may help, follows no redirect.

    Of the address only the host is said: the rest is often the secret itself. Raises HarmattanError where it is not
    taken.
    """
    import httpx

    from harmattan.cli.keys import look_up
    from harmattan.export.alerts import plain
    from harmattan.sources.line import AGENT, Line, host

    token = look_up(TOKEN)
    parts = _parts(url)
    if token and parts.scheme != "https" and parts.hostname not in AT_HOME:
        raise UsageError(
            T("A token does not go to {host} over http, where others could read it.", host=Verbatim(host(url))),
            do=T("Say an https address, or unset {name}.", name=Verbatim(f"HARMATTAN_{TOKEN}")),
        )
    headers = {"Idempotency-Key": answer.id} | ({"Authorization": f"Bearer {token}"} if token else {})
    body = {"case": title} | plain(answer, speaker)
    with httpx.Client(headers={"User-Agent": AGENT}, timeout=TIMEOUT_S) as client:
        line = Line(client, clock=_now, sleep=time.sleep, attempts=ATTEMPTS, first_wait_s=FIRST_WAIT_S, called=host)
        try:
            line.post(url, headers=headers, body=body, accept=TAKEN)
        except httpx.InvalidURL as fault:
            raise _no_address() from fault
        except FetchError as fault:
            raise HarmattanError(
                T("The webhook did not take the alerts: {what}", what=fault.what),
                do=T("Nothing else was done. Say the same again later."),
            ) from fault
    said = T("Handed to {host}: {alerts}.", host=Verbatim(host(url)),
             alerts=counted(len(answer.rows), "{n} alert", "{n} alerts"))  # fmt: skip
    print(speaker.say(said), file=sys.stderr)
