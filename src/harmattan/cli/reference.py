"""The reference pages, generated from the parser, the registry of questions and the contracts of the tables."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from harmattan import data
from harmattan.checks import claims_file
from harmattan.cli.article import article
from harmattan.cli.commands import json_bytes
from harmattan.cli.parser import build
from harmattan.errors import HarmattanError
from harmattan.export import checked
from harmattan.questions.answer import EVIDENCE_DESCRIPTION
from harmattan.questions.question import Question
from harmattan.questions.registry import QUESTIONS
from harmattan.text import T, Verbatim
from harmattan.text.speaker import Speaker
from harmattan.vocabulary.contract import Contract
from harmattan.vocabulary.schema import CONTRACTS, DATE_PRECISION, WHERE_PRECISION

GENERATED = "<!-- Written by `harmattan docs`; change the code and not this page. -->"
SPEAKER = Speaker("en")
SHARED = ("help", "home", "lang")
"""The options that every command takes."""
EXAMPLES = {
    "casualties": "--country MLI --by year --from 2012-01 --to 2022-12 --format json",
    "records": "--country MLI --window 12 --as-of 2022-10-31",
    "civilian-harm": "--country MLI BFA --from 2022",
    "harm-rate": "--country MLI --by perpetrator --from 2022 --to 2022",
    "harm-partner": "--country MLI --from 2012 --to 2022",
    "incidents": "--country MLI --from 2022 --to 2022",
    "border-violence": "--country MLI BFA NER --km 50 100 --from 2022 --to 2022",
    "cross-border-groups": "--country BFA NER --level actor --from 2018 --to 2022",
    "expansion": "--country MLI BFA NER BEN TGO --actor JNIM",
    "exposure": "--country MLI --from 2022-01 --to 2022-12 --km 2 5",
    "mines": "--country MLI BFA NER --from 2018 --to 2022",
    "actors": "--country NER --from 2022-01 --to 2022-12",
    "relations": "--actor JNIM --as-of 2022-10-31",
    "actor": "--actor GSIM --as-of 2022-10-31",
    "presence": "--country MLI --as-of 2022-10-31",
    "milestones": "--country MLI BFA NER --type coup --from 2020",
    "figures": "--country MLI --indicator idps --as-of 2022-05-31",
    "who-is": '--name GSIM "Katiba Massina"',
    "conflict-index": "--country MLI BFA NER BEN TGO --as-of 2022-10-31",
    "coverage": "--country MLI NGA",
    "displacement-violence": "--country MLI --population idps refugees --lag 0 3 12",
    "network": "--country MLI --as-of 2022-10-31 --window 12 --format graphml",
    "displacement": "--country MLI BFA NER --population idps refugees --as-of 2022-10-31",
    "needs": "--country MLI BFA NER --as-of 2022-10-31",
    "funding": "--country MLI --from 2021 --to 2022",
    "sources": "--country MLI",
    "revisions": "--country MLI BFA --from 2018",
    "competition": "--country MLI BFA NER --by year country dyad --from 2019 --to 2022",
    "activity-range": "--country MLI BFA NER --actor JNIM IS --as-of 2022-10-31",
    "alerts": "--country MLI BFA NER --as-of 2022-03-31",
    "alert-history": "--country MLI --since 2015 --rule record surge --as-of 2022-12-31",
    "force-months": "--country MLI --km 50 --as-of 2022-10-31",
    "effect": "--milestone mli-wagner-deployment-2021-12 --measure deaths_civilians",
    "vacuum": "--country MLI --force Barkhane --km 25 50 100 --window 12",
    "forecast-skill": "--by window --measure crps",
    "aligned": "--country MLI BFA NER --type coup --window 12",
    "forecast": "--country MLI BFA NER --as-of 2022-10-31",
    "scenario": "--country MLI --path neighbour:BFA=2",
    "what-changed": "--country MLI BFA NER --as-of 2022-10-31",
    "tally": "--country MLI --from 2022-03 --to 2022-03",
    "spillover": "--country MLI BFA NER BEN TGO",
    "shock": "--country MLI BFA NER --by group --actor JNIM IS",
    "campaigns": "--seconds 60",
    "campaign": "--campaign c-1a2b3c4d --by day",
    "narratives": "--by stance",
    "posts-and-events": "--country MLI --measure deaths_civilians",
    "coordination-network": "--object url text --format graphml",
    "reproduction": "--country MLI BFA NER --window 60",
}
"""A command for each question, without `harmattan ask` and the name."""


def write_reference(out: Path) -> list[Path]:
    """Writes the pages into a folder and returns their paths. Raises HarmattanError where it cannot be written."""
    written = []
    for name, page in pages().items():
        path = out / name
        try:
            out.mkdir(parents=True, exist_ok=True)
            path.write_text(page, encoding="utf-8")
        except OSError as fault:
            raise HarmattanError(
                T("{path} cannot be written: {fault}.", path=Verbatim(str(path)), fault=Verbatim(str(fault.strerror)))
            ) from fault
        written.append(path)
    return written


def pages() -> dict[str, str]:
    """Every page by its file name; the same code gives the same bytes."""
    made = {"commands.md": _commands(), "questions.md": _questions(), "tables.md": _tables()}
    made |= {"article.md": article(data.ARTICLES / "mali-2022.toml", data.RELEASES)}
    written = {name: "\n".join((GENERATED, "", *lines)) + "\n" for name, lines in made.items()}
    schemas = {"claims.schema.json": claims_file.schema(), "checked.schema.json": checked.schema()}
    return written | {name: json_bytes(schema).decode() for name, schema in schemas.items()}


def _questions() -> Iterator[str]:
    yield "# Questions"
    yield ""
    yield "A question is asked by `harmattan ask NAME`. Each row of an answer has an evidence id, and"
    yield "`harmattan evidence ID` lists the records behind it. A method without a published reference is *emerging*."
    for question in QUESTIONS.values():
        yield from ("", *_question(question))


def _question(question: Question) -> Iterator[str]:
    reference = (
        "**Emerging**: no published reference yet." if question.emerging else f"Reference: {question.reference}."
    )
    yield from (f"## {question.name}", "", SPEAKER.say(question.meaning), "", reference, "")
    yield from ("```sh", f"harmattan ask {question.name} {EXAMPLES[question.name]}", "```", "")
    parameters = question.parameters
    yield from _table(
        ("parameter", "meaning", "values"),
        (
            (
                f"`{p.flag}`" + (", several" if p.many else ""),
                SPEAKER.say(p.help),
                ", ".join(f"`{choice}`" for choice in p.choices) or (f"e.g. `{p.metavar}`" if p.metavar else ""),
            )
            for p in parameters
        ),
    )
    yield ""
    columns = [(f"`{c.name}`", c.unit, SPEAKER.say(c.description)) for c in question.columns]
    yield from _table(("column", "unit", "meaning"), [*columns, ("`evidence`", "", SPEAKER.say(EVIDENCE_DESCRIPTION))])


def _commands() -> Iterator[str]:
    parser = build(SPEAKER)
    yield from ("# Commands", "", _ended(parser.description), "", f"{parser.epilog}", "")
    yield from (_usage(parser), "", "Every command takes the first three of these.", "")
    yield from _options(parser, but=())
    for command in _inside(parser):
        yield from ("", f"## {command.prog}", "", _ended(command.description), "", _usage(command), "")
        yield from _options(command)
        for question in _inside(command):
            yield from ("", f"### {question.prog}", "", _ended(question.description), "", _usage(question), "")
            yield from _options(question)


def _tables() -> Iterator[str]:
    yield "# Tables"
    yield ""
    yield "The tables of a release are Parquet files with these columns, in this order. A column that may be empty is"
    yield "null where the publisher says nothing; null is never zero."
    for contract in CONTRACTS.values():
        yield from ("", *_contract(contract))
    for name, values in (("where_precision", WHERE_PRECISION), ("date_precision", DATE_PRECISION)):
        yield from ("", f"## Values of {name}", "")
        yield from _table(("value", "meaning"), ((f"`{value}`", meaning) for value, meaning in values.items()))


def _contract(contract: Contract) -> Iterator[str]:
    yield from (f"## {contract.name}", "", f"Key: {', '.join(f'`{name}`' for name in contract.key)}.", "")
    rows = (
        (f"`{c.name}`", str(c.type), c.unit, "yes" if c.nullable else "no", c.description) for c in contract.columns
    )
    yield from _table(("column", "type", "unit", "may be empty", "meaning"), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        cells = [" ".join(cell.split()).replace("|", "\\|") for cell in row]
        yield f"| {' | '.join(cells)} |"


def _ended(words: str | None) -> str:
    sentence = (words or "").rstrip(".")
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _inside(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    return [
        inner
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for inner in action.choices.values()
    ]


def _usage(parser: argparse.ArgumentParser) -> str:
    places = [action for action in parser._actions if not action.option_strings]
    return f"`{' '.join([parser.prog, *map(_value, places), '[options]'])}`"


def _options(parser: argparse.ArgumentParser, but: Sequence[str] = SHARED) -> Iterator[str]:
    own = [action for action in parser._actions if not isinstance(action, argparse._SubParsersAction)]
    rows = [(_name(action), action.help or "", _default(action)) for action in own if action.dest not in but]
    return _table(("option", "meaning", "default"), rows) if rows else iter(("No options of its own.",))


def _name(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{_value(action)}`"
    return f"`{', '.join(action.option_strings)}{f' {_value(action)}' if action.nargs != 0 else ''}`"


def _value(action: argparse.Action) -> str:
    choices = ",".join(map(str, action.choices or ()))
    word = str(action.metavar or (f"{{{choices}}}" if choices else action.dest.removeprefix("p_").upper()))
    return f"{word} ..." if action.nargs == "+" else word


def _default(action: argparse.Action) -> str:
    if action.default in (None, argparse.SUPPRESS, False) or action.default == []:
        return ""
    return f"`{action.default}`"
