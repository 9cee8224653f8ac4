"""Arguments in, Answers out. Heavy rooms are imported by the command that needs them, so that help answers at once."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence

from harmattan.cli.parser import language_of, parse
from harmattan.cli.process import tune
from harmattan.errors import HarmattanError
from harmattan.text import T, Verbatim
from harmattan.text.speaker import Speaker


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. Returns its exit code: 0, 1 for an error, 2 for a misused word, 130 when interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    speaker = Speaker(language_of(words))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        args = parse(words, speaker)
        tune()
        code: int = args.run(args, speaker)
        sys.stdout.flush()
        return code
    except HarmattanError as fault:
        print(f"harmattan: {fault.line(speaker)}", file=sys.stderr)
        return fault.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as fault:
        if "interrupted" in str(fault).lower():
            return _interrupted(speaker)
        if isinstance(fault, OSError) and fault.errno == errno.ENOSPC:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            print(f"harmattan: {speaker.say(T('There is no space left to write to.'))}", file=sys.stderr)
            return 1
        if not _is_of_engine(fault):
            raise
        words_of_engine = Verbatim(str(fault).strip().partition("\n")[0][:300])
        said = T("The engine could not read a release: {fault}. Say harmattan verify.", fault=words_of_engine)
        print(f"harmattan: {speaker.say(said)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _interrupted(speaker)


def _interrupted(speaker: Speaker) -> int:
    print(f"harmattan: {speaker.say(T('interrupted; nothing was half-written.'))}", file=sys.stderr)
    return 130


def _is_of_engine(fault: Exception) -> bool:
    """Whether DuckDB raised it, told by its module so that nothing has to be imported for it."""
    return any(base.__module__.partition(".")[0] in ("duckdb", "_duckdb") for base in type(fault).__mro__)
