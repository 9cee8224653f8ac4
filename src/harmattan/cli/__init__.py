"""Arguments in, Answers out. Heavy rooms are imported by the command that needs them, so that help answers at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from harmattan.cli.parser import language_of, parse
from harmattan.errors import HarmattanError
from harmattan.text import T
from harmattan.text.speaker import Speaker


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. Returns its exit code: 0, 1 for an error, 2 for a misused word, 130 when interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    speaker = Speaker(language_of(words))
    try:
        args = parse(words, speaker)
        code: int = args.run(args, speaker)
        sys.stdout.flush()
        return code
    except HarmattanError as fault:
        print(f"harmattan: {fault.line(speaker)}", file=sys.stderr)
        return fault.exit_code
    except KeyboardInterrupt:
        print(f"harmattan: {speaker.say(T('interrupted; nothing was half-written.'))}", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
