"""`ingest` and `fetch`: files, or a publisher's answers, become a release."""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmattan.cli import terminal
from harmattan.cli.commands import lake_of
from harmattan.errors import UsageError
from harmattan.text import T, Text, Verbatim, counted
from harmattan.text.speaker import Speaker

if TYPE_CHECKING:
    from harmattan.lake.publish import Published
    from harmattan.sources.line import Line
    from harmattan.vocabulary.origin import Release

TIMEOUT_S = 60.0


def ingest(args: argparse.Namespace, speaker: Speaker) -> int:
    """Takes in files as a release."""
    from harmattan.cli.keys import pseudonym_key
    from harmattan.ingest import ingest as take_in
    from harmattan.sources.reading import Options

    if args.dataset == "dossier":
        from harmattan.cli.dossier import take_in as take_in_dossier

        code: int = take_in_dossier(args, lake_of(args), speaker)
        return code
    lake, now = lake_of(args), _now()
    hides_accounts = args.dataset == "posts" and not args.identities
    options = Options(
        label=args.release,
        published=args.published,
        places=_places(args.places),
        start=args.start,
        end=args.end,
        pseudonym_key=pseudonym_key(lake.home) if hides_accounts else None,
        identities=args.identities,
        timezone=args.timezone,
        mapping=_described(args),
    )
    with terminal.working(speaker.say(T("reading {n} files", n=len(args.files)))):
        done = take_in(lake, args.dataset, [Path(file) for file in args.files], options, retrieved_at=now)
    say(done, speaker)
    return 0


def fetch(args: argparse.Namespace, speaker: Speaker) -> int:
    """Gets a data set from its publisher and takes it in as a release."""
    from harmattan.cli.keys import the_secrets
    from harmattan.fetch import fetch as get
    from harmattan.sources.fetching import Wanted

    lake, now = lake_of(args), _now()
    wanted = Wanted(
        today=now.date(),
        places=_places(args.country) or (),
        start=args.start,
        end=args.end,
        label=args.release,
        base=args.url,
    )
    with _line(lake.home, now, speaker) as line:
        done = get(lake, args.dataset, wanted, line, the_secrets(), retrieved_at=now)
    for one in done:
        say(one, speaker)
    if not done:
        print(speaker.say(T("The lake has all there is of {name}.", name=Verbatim(args.dataset))))
    return 0


def _described(args: argparse.Namespace) -> dict[str, Any] | None:
    """What the case file says of a table of the user's own; None for a publisher's data set."""
    from harmattan.vocabulary.family import OWN

    if not args.dataset.startswith(OWN) or args.dataset == OWN:
        if args.case:
            raise UsageError(T("{option} is for a table of your own: own-NAME.", option=Verbatim("--case")))
        return None
    from harmattan.case import load_case
    from harmattan.data import CASES

    if not args.case:
        raise UsageError(
            T("What is in a table of your own is not known: the case file has to say it."),
            do=T("Say --case FILE, and describe it there under {entry}.",
                 entry=Verbatim(f"[tables.{args.dataset.removeprefix(OWN)}]")),
        )  # fmt: skip
    return load_case(args.case, CASES).table(args.dataset)


def say(done: Published, speaker: Speaker) -> None:
    """What became of it, in a few lines."""
    release = done.held.release
    print(speaker.say(_told(release) if done.new else _known(release)))
    for notice in release.notices if done.new else ():
        print(speaker.say(T("Notice: {notice}", notice=Verbatim(notice))))
    if release.coverage.hidden is not None:
        print(
            speaker.say(
                T(
                    "Hidden by your licence after {day}: {why}",
                    day=release.coverage.hidden.after,
                    why=Verbatim(release.coverage.hidden.why),
                )
            )
        )
    if done.new and release.rejects:
        path = Verbatim(str(done.held.file("rejects")))
        print(speaker.say(T("The rejected rows and their reasons are in {path}.", path=path)))


def _known(release: Release) -> Text:
    return T("{name} is in the lake already; nothing changed.", name=Verbatim(release.name))


def _told(release: Release) -> Text:
    said: dict[str, Any] = {
        "name": Verbatim(release.name),
        "rejects": counted(release.rejects, "{n} row", "{n} rows"),
        "digest": Verbatim(release.digest[:12]),
    }
    if release.origin.contract != "events":
        rows = counted(release.rows, "{n} record", "{n} records")
        return T("{name}: taken in: {rows}; rejected: {rejects}. Digest {digest}.", rows=rows, **said)
    return T(
        "{name}: taken in: {events}; rejected: {rejects}; with low, best and high out of order: {broken}. "
        "Digest {digest}.",
        events=counted(release.events, "{n} event", "{n} events"),
        broken=counted(release.range_broken, "{n} event", "{n} events"),
        **said,
    )


def _places(words: list[str] | None) -> tuple[str, ...] | None:
    from harmattan.vocabulary.country import COUNTRIES, parse_country

    if not words:
        return None
    from harmattan.questions.said import parts

    said = parts(words, "country")
    return COUNTRIES if "world" in said else tuple(sorted({parse_country(place) for place in said}))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


@contextmanager
def _line(home: Path, now: dt.datetime, speaker: Speaker) -> Iterator[Line]:
    """A line to publishers, with a moving bar where somebody watches."""
    import httpx

    from harmattan.fetch import QUOTA_FILE, DayLedger
    from harmattan.sources.line import AGENT, Line

    ledger = DayLedger(home / "lake" / "fetching" / QUOTA_FILE, now.date())
    headers = {"User-Agent": AGENT}
    with (
        httpx.Client(headers=headers, timeout=TIMEOUT_S, follow_redirects=True) as client,
        terminal.moving(speaker) as show,
    ):
        yield Line(client, clock=_now, sleep=time.sleep, show=show, ledger=ledger)
