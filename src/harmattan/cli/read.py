"""`harmattan read`: what is found in a document, sentence by sentence, those first that can be checked here."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmattan.errors import UsageError
from harmattan.text import CountryName, T, Text, Verbatim, counted
from harmattan.text.speaker import Speaker

if TYPE_CHECKING:
    from harmattan.reading.checkable import Checkable
    from harmattan.reading.documents import Said
    from harmattan.reading.mentions import Mention
    from harmattan.reading.read import Reading

MOST_DRAFTS = 6
KINDS: dict[str, Text] = {
    "actor": T("actor"), "place": T("place"), "date": T("date"), "figure": T("figure"), "new_name": T("new name"),
}  # fmt: skip


def options(parser: argparse.ArgumentParser, say: Any) -> None:
    """The words of `harmattan read`."""
    parser.add_argument("file", metavar="FILE", help=say("a text, a web page, a PDF or a Word file"))
    saying(parser, say)
    parser.add_argument("--format", choices=("table", "json"), default="table", help=say("how it is printed"))
    parser.add_argument("--out", metavar="FILE", help=say("file to write into; without it, standard output"))


def saying(parser: argparse.ArgumentParser, say: Any) -> None:
    """The options by which one says what a document does not say of itself."""
    parser.add_argument(
        "--published", metavar="DATE", help=say("when it was published; needed for dates such as last month")
    )
    parser.add_argument("--publisher", default="", metavar="NAME", help=say("who published it"))
    parser.add_argument("--title", default="", metavar="WORDS", help=say("its title"))
    parser.add_argument("--language", default="", metavar="en|fr", help=say("the language it is written in"))
    parser.add_argument("--url", default="", metavar="URL", help=say("where it stands"))
    parser.add_argument("--rights", default="", metavar="WORDS", help=say("who may do what with it"))
    parser.add_argument("--confidential", action="store_true", help=say("never send it anywhere, never quote it"))
    parser.add_argument("--reliability", metavar="A-F", help=say("how reliable its source is (Admiralty code)"))


def said_of(args: argparse.Namespace) -> Said:
    """What the options say of a document. Raises UsageError for a date or a letter that is none."""
    from harmattan.reading.documents import as_said

    words = ("publisher", "title", "language", "url", "rights", "confidential")
    said = {name: getattr(args, name) for name in words}
    return as_said(published=args.published or "", reliability=args.reliability or "", **said)


def read(args: argparse.Namespace, speaker: Speaker) -> int:
    """Prints what is said about whom, where, when and how many, and drafts of claims."""
    from harmattan.checks.proposals import reading_of
    from harmattan.cli.commands import json_bytes, lake_of, write
    from harmattan.questions.world import World
    from harmattan.reading.checkable import ranked
    from harmattan.reading.documents import open_document

    if args.out and args.format == "table":
        raise UsageError(
            T("A table is for the terminal and does not go into {path}.", path=Verbatim(args.out)),
            do=T("Say --format json as well."),
        )
    found = reading_of(open_document(Path(args.file), said_of(args)), World(lake_of(args)))
    sentences = ranked(found)
    if args.format == "json":
        return write(json_bytes(as_json(found, sentences, speaker)), args.out)
    _print(found, sentences, speaker)
    return 0


def as_json(reading: Reading, sentences: tuple[Checkable, ...], speaker: Speaker) -> dict[str, Any]:
    """A reading as plain JSON: the document, every mention with its span, every sentence with its drafts."""
    document = reading.document
    return {
        "document": {
            "digest": document.digest,
            "kind": document.kind,
            "title": document.title,
            "language": document.language,
            "published": str(document.published) if document.published else None,
            "publisher": document.publisher,
            "characters": len(document.text),
        },
        "unread": [speaker.say(words) for words in reading.unread],
        "mentions": [mention_as_json(mention) for mention in reading.mentions],
        "sentences": [
            {
                "start": one.sentence.start,
                "end": one.sentence.end,
                "score": one.score,
                "reasons": [speaker.say(reason) for reason in one.reasons],
                "drafts": list(one.drafts),
            }
            for one in sentences
        ],
    }


def mention_as_json(mention: Mention) -> dict[str, Any]:
    """A mention with its span, its kind, the rule that found it, and what it may mean."""
    import dataclasses

    meaning = dataclasses.asdict(mention.meaning)
    for key in ("start", "end"):
        if meaning.get(key) is not None:
            meaning[key] = str(meaning[key])
    return {
        "start": mention.start, "end": mention.end, "text": mention.text, "kind": mention.kind, "rule": mention.rule,
        "meaning": meaning,
    }  # fmt: skip


def _print(reading: Reading, sentences: tuple[Checkable, ...], speaker: Speaker) -> None:
    from harmattan.cli import terminal

    document = reading.document
    say = terminal.say
    say(document.title, "bold")
    say(speaker.say(_summary(reading, sentences)))
    for words in reading.unread:
        say(f"· {speaker.say(words)}", "yellow")
    for number, one in enumerate(sentences, start=1):
        mentions = reading.within(one.sentence)
        if not mentions and not one.drafts:
            continue
        quote = " ".join(document.text[one.sentence.start : one.sentence.end].split())
        say("")
        say(f"{number}. {quote}", "bold")
        why = "; ".join(speaker.say(reason) for reason in one.reasons)
        say(f"   {speaker.number(one.score, 2)}  {why}", "dim")
        for mention in mentions:
            say(f"   {speaker.say(KINDS[mention.kind])}: {mention.text} → {meant(mention, reading, speaker)}")
        for draft in one.drafts[:MOST_DRAFTS]:
            say(f"   + {_draft(draft)}", "green")


def _summary(reading: Reading, sentences: tuple[Checkable, ...]) -> Text:
    kinds = [mention.kind for mention in reading.mentions]
    counts = {kind: kinds.count(kind) for kind in KINDS}
    return T(
        "{actors}, {places}, {dates}, {figures}, {new}; {checkable} of {sentences} can be checked here.",
        actors=counted(counts["actor"], "{n} mention of an actor", "{n} mentions of actors"),
        places=counted(counts["place"], "{n} of a place", "{n} of places"),
        dates=counted(counts["date"], "{n} date", "{n} dates"),
        figures=counted(counts["figure"], "{n} figure", "{n} figures"),
        new=counted(counts["new_name"], "{n} name that nobody here knows", "{n} names that nobody here knows"),
        checkable=sum(bool(one.drafts) for one in sentences),
        sentences=counted(len(sentences), "{n} sentence", "{n} sentences"),
    )


def meant(mention: Mention, reading: Reading, speaker: Speaker) -> str:
    """What a mention means, in one line."""
    from harmattan.reading.mentions import ActorMeaning, DateMeaning, FigureMeaning, PlaceMeaning

    meaning = mention.meaning
    if isinstance(meaning, ActorMeaning):
        sure = meaning.actor or speaker.say(T("one of {all}", all=Verbatim(", ".join(meaning.candidates) or "?")))
        return f"{sure} ({meaning.reason})"
    if isinstance(meaning, PlaceMeaning):
        more = len({place.iso3 for place in meaning.candidates} - {meaning.place.iso3})
        other = f" (+{more})" if more else ""
        if meaning.place.kind == "country":
            return speaker.say(CountryName(meaning.place.iso3)) + other
        country = speaker.say(CountryName(meaning.place.iso3)) if meaning.place.iso3 else "?"
        return f"{meaning.place.name}, {country} ({meaning.place.kind}){other}"
    if isinstance(meaning, DateMeaning):
        return f"{meaning.start or '…'} – {meaning.end or '…'} ({meaning.precision})"
    if isinstance(meaning, FigureMeaning):
        return _figure(meaning, reading, speaker)
    return meaning.long + (f" ({meaning.acronym})" if meaning.acronym and meaning.acronym != meaning.long else "")


def _figure(meaning: Any, reading: Reading, speaker: Speaker) -> str:
    amount = meaning.amount
    value = speaker.number(amount.value, 0 if float(amount.value).is_integer() else 2)
    high = f" – {speaker.number(amount.high)}" if amount.high is not None else ""
    near = "" if amount.qualifier == "exact" else f"{amount.qualifier.replace('_', ' ')} "
    words = [f"{near}{value}{high}", meaning.indicator or meaning.unit]
    words += [reading.mentions[n].text for n in (meaning.place, meaning.date) if n is not None]
    return ", ".join(words)


def _draft(draft: dict[str, Any]) -> str:
    """A draft in one line, in the words of a claims file."""
    import json

    told = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in draft.items()]
    return "{ " + ", ".join(told) + " }"
