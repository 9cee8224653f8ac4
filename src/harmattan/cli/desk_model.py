"""`harmattan desk propose`: a language model that the user names proposes claims. Off unless it is asked for."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harmattan.cli.desk import now, open_desk
from harmattan.errors import FetchError, HarmattanError, UsageError
from harmattan.text import T, Verbatim, counted
from harmattan.text.speaker import Speaker

if TYPE_CHECKING:
    from harmattan.reading.model import Ask
    from harmattan.sources.chat import Endpoint

MODEL, URL, KEY = "HARMATTAN_MODEL", "HARMATTAN_MODEL_URL", "MODEL_KEY"
"""The environment's names; the key may stand in the key store as well."""
TIMEOUT_S, ATTEMPTS, FIRST_WAIT_S = 300.0, 3, 1.0
SHOWN = 20


def propose(args: argparse.Namespace, speaker: Speaker) -> int:
    """Asks a model about a document, and puts on the desk as candidates what the document bears out."""
    from harmattan.cli import terminal
    from harmattan.reading.model import prompt, propose_with_model
    from harmattan.reading.sentences import sentences

    with open_desk(args) as held:
        document = held.document(args.document)
        prompt(document, ())
        endpoint = _endpoint(args)
        spans = sentences(document.text, document.language)
        try:
            with asking(endpoint) as ask, terminal.working(speaker.say(T("asking"))):
                got = propose_with_model(document, spans, ask, endpoint.model, now())
        except FetchError as fault:
            do = fault.do if fault.do and "{n} tries" not in fault.what.template else T("Say the same again later.")
            raise HarmattanError(fault.what, available=T("Nothing was put on the desk."), do=do) from fault
        new = held.propose(got.assertions)
    said = T(
        "{id}: {model} proposes {new}; {refused} not let in. Say harmattan desk queue {id}.",
        id=Verbatim(document.id),
        model=Verbatim(endpoint.model),
        new=counted(len(new), "{n} candidate", "{n} candidates"),
        refused=counted(len(got.refused), "{n} form is", "{n} forms are"),
    )
    print(speaker.say(said))
    for one in got.refused[:SHOWN]:
        print(f"· {_one_line(one.quote)}: {speaker.say(one.reason)}")
    if len(got.refused) > SHOWN:
        print(f"· {speaker.say(T('and {n} more', n=len(got.refused) - SHOWN))}")
    return 0


@contextmanager
def asking(endpoint: Endpoint) -> Iterator[Ask]:
    """A way to ask the model of an endpoint; a model on this machine is reached without a proxy."""
    import httpx

    from harmattan.reading.model import Prompt
    from harmattan.sources.chat import MOST_BYTES, ask
    from harmattan.sources.line import AGENT, Line, host

    with httpx.Client(headers={"User-Agent": AGENT}, timeout=TIMEOUT_S, trust_env=not endpoint.at_home) as client:
        line = Line(client, clock=now, sleep=time.sleep, attempts=ATTEMPTS, first_wait_s=FIRST_WAIT_S, called=host,
                    most_bytes=MOST_BYTES)  # fmt: skip

        def one(prompt: Prompt) -> str:
            return ask(line, endpoint, prompt.task, prompt.text, prompt.schema)

        yield one


def _endpoint(args: argparse.Namespace) -> Endpoint:
    from harmattan.cli.keys import look_up
    from harmattan.sources.chat import Endpoint

    url, model = args.model_url or os.environ.get(URL), args.model or os.environ.get(MODEL)
    if not url or not model:
        raise UsageError(
            T("No language model is named: none is used unless somebody says which."),
            do=T("Say --model-url and --model, or set {url} and {model}.", url=Verbatim(URL), model=Verbatim(MODEL)),
        )
    return Endpoint.checked(url, model, look_up(KEY) or "")


def _one_line(quote: str) -> str:
    """A model's words for a terminal: one line, without signs that steer it."""
    return "".join(sign if sign.isprintable() else " " for sign in quote) or "–"
