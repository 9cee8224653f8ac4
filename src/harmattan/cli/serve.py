"""`harmattan serve`: the workbench in the browser."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from harmattan.data import DEFAULT_CASE
from harmattan.errors import UsageError
from harmattan.text import T, Verbatim
from harmattan.text.speaker import Speaker

PORT = 8765


def options(parser: argparse.ArgumentParser, say: Any) -> None:
    """The words of the command."""
    add = parser.add_argument
    add("case", nargs="?", default=DEFAULT_CASE, metavar="CASE", help=say("an embedded case (sahel) or a case file"))
    add("--host", default="127.0.0.1", metavar="ADDRESS", help=say("where to listen (default: this machine alone)"))
    add("--port", type=int, default=PORT, metavar="PORT", help=say("the port to listen on (default: 8765)"))
    add("--name", nargs="+", default=[], metavar="NAME", help=say("names the server is reached by, behind a proxy"))
    add("--tls", action="store_true", help=say("browsers reach it over TLS only, through a proxy before it"))
    add("--log", action="store_true", help=say("write a line for each request, without addresses and words"))
    add("--desk", metavar="URL", help=say("where the desk is (default: HARMATTAN_DESK or the home)"))


def serve(args: argparse.Namespace, speaker: Speaker) -> int:
    """Serves until it is interrupted."""
    if not 1 <= args.port <= 65_535:
        raise UsageError(T("{port} is no port.", port=Verbatim(str(args.port))), do=T("Say one from 1 to 65535."))
    from harmattan.cli.commands import lake_of
    from harmattan.cli.desk import person
    from harmattan.cli.keys import pseudonym_key
    from harmattan.web import listening
    from harmattan.web.app import make_app
    from harmattan.web.settings import Settings

    home = Path(lake_of(args).home)
    settings = Settings(
        home=home,
        case=args.case,
        desk=args.desk or os.environ.get("HARMATTAN_DESK"),
        host=args.host,
        port=args.port,
        names=tuple(args.name),
        secure=args.tls,
        person=person(),
        log=args.log,
        pseudonym_key=lambda: pseudonym_key(home),
        warm=True,
    )
    app = make_app(settings)
    listens = listening.bound(args.host, args.port)
    address = f"http://{'[' + args.host + ']' if ':' in args.host else args.host}:{args.port}/"
    said = T("Open {address} in a browser; Ctrl-C stops it.", address=Verbatim(address))
    print(speaker.say(said), flush=True)
    if not settings.local and not settings.secure:
        said = T(
            "Passwords can be read on their way: put a proxy with TLS before it, and say {tls}.", tls=Verbatim("--tls")
        )
        print(speaker.say(said), flush=True)
    listening.run(app, listens)
    print(speaker.say(T("Stopped.")), flush=True)
    listening.leave()
    return 0
