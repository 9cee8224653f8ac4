"""`harmattan desk export` and `claims`: what leaves the desk, and who took it."""

from __future__ import annotations

import argparse
import errno
import os
from pathlib import Path

from harmattan.cli.desk import now, open_desk, states, told_by, who
from harmattan.cli.desk_words import ALL
from harmattan.errors import HarmattanError, UsageError
from harmattan.text import T, Verbatim, counted
from harmattan.text.speaker import Speaker


def export(args: argparse.Namespace, speaker: Speaker) -> int:
    """Hands on assertions, accepted ones unless it is said otherwise, and writes down that it did."""
    from harmattan.cli.commands import lake_of, write
    from harmattan.cli.keys import pseudonym_key
    from harmattan.export.assertions import Taken, as_they_are, hand_on
    from harmattan.export.hiding import hiding

    by, home = who(args), lake_of(args).home
    _can_go(args.out)
    with open_desk(args) as held:
        which = None if args.document == ALL else held.document(args.document).digest
        found = held.assertions(which, states(args.state, ("accepted",)), args.kind)
        documents = {document.digest: document for document in held.documents()}
        taken = Taken(
            found,
            documents,
            book=told_by(args).book,
            language=speaker.language,
            confidential_too=args.confidential_too,
            hide=as_they_are if args.identities else hiding(lambda: pseudonym_key(home)),
        )
        made = hand_on(taken, args.format)
        held.log_export(found, args.format, made, at=now(), by=by, quoted=taken.quoted)
    code = write(made, args.out)
    if args.out:
        said = counted(len(found), "{n} assertion", "{n} assertions")
        print(speaker.say(T("{assertions} in {path}.", assertions=said, path=Verbatim(args.out))))
    return code


def claims(args: argparse.Namespace, speaker: Speaker) -> int:
    """Writes the accepted claims of a document as a file that `harmattan check` takes."""
    from harmattan.cli.commands import json_bytes, write

    by = who(args)
    _can_go(args.out)
    with open_desk(args) as held:
        document = held.document(args.document)
        found = held.claims(document.digest)
        if document.confidential and not args.confidential_too:
            raise UsageError(
                T(
                    "{title} is confidential, and a claims file quotes it.",
                    title=Verbatim(document.title or document.id),
                ),
                do=T("Say --confidential-too where the file stays with you."),
            )
        made = json_bytes(found.model_dump(mode="json", by_alias=True, exclude_defaults=True))
        of = held.assertions(document.digest, ("accepted",), "claim")
        held.log_export(of, "claims", made, at=now(), by=by, quoted=document.confidential)
    return write(made, args.out)


def _can_go(out: str | None) -> None:
    """Raises HarmattanError where nothing can be written, before the desk writes down that something went out."""
    path = Path(out).resolve() if out else None
    if path is None or (path.parent.is_dir() and not path.is_dir() and os.access(path.parent, os.W_OK)):
        return
    code = errno.EISDIR if path.is_dir() else errno.EACCES if path.parent.is_dir() else errno.ENOENT
    raise HarmattanError(
        T("{path} cannot be written: {fault}.", path=Verbatim(str(out)), fault=Verbatim(os.strerror(code)))
    )
