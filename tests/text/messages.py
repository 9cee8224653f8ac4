"""The catalogue's keys, read from the source. `python -m tests.text.messages` adds new ones to fr.po, drops old ones.

A key is a constant at the place where a function takes a template; `msg(...)` marks the others.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "harmattan"
FRENCH = SOURCE / "text" / "locale" / "fr.po"
PLACES = {
    "T": (0,),
    "Text": (0,),
    "msg": (0,),
    "counted": (1, 2),
    "say": (0,),
    "words": (0,),
    "one_of": (2,),
    "Choice": (1,),
    "_all_known": (2,),
    "Column": (2,),
    "_partial": (1,),
    "command": (1,),
}
ENUMERATIONS = (
    "and",
    "or",
    "yes",
    "no",
    "{first}; {second}",
    "{where}: {count}.",
    "{where}: {count}{kinds}.",
    "{where}: {count}; {one}.",
    "{plan}; {dataset}",
    "{file}: {fault}",
    "{actor}: {kind}{life}; {above}; {events}.",
    "{kind}: {count}",
    "{field}: {fault}",
)
"""Keys that no call names, and those without a word of their own whose punctuation a language may change."""


def keys() -> dict[str, str]:
    """Every template in the source, with the file it stands in."""
    found = dict.fromkeys(ENUMERATIONS, "src/harmattan/text/speaker.py")
    for path in sorted(SOURCE.rglob("*.py")):
        where = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                found |= dict.fromkeys(_constants(node), where)
    for path in sorted(SOURCE.rglob("*.j2")):
        for words in re.findall(r'\bt\("((?:[^"\\]|\\.)*)"\)', path.read_text("utf-8")):
            found[words] = path.relative_to(ROOT).as_posix()
    return {
        key: where
        for key, where in found.items()
        if key in ENUMERATIONS or re.search(r"[A-Za-z]{2}", re.sub(r"\{\w+\}", "", key))
    }


def _constants(call: ast.Call) -> list[str]:
    if isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "alt":
        return []  # Altair's own Text and Column
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    values: list[str] = []
    for place in PLACES.get(name, ()):
        if place < len(call.args):
            values += _strings(call.args[place])
    return values


def _strings(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _strings(node.body) + _strings(node.orelse)
    return []


def update() -> tuple[list[str], list[str]]:
    """Writes fr.po with exactly the keys of the source; returns those added and those dropped."""
    old = _read()
    new = Catalog(
        locale="fr",
        project="Harmattan",
        version="",
        header_comment="# French. Keys are the English words.",
        fuzzy=False,
    )
    now = keys()
    for key in sorted(now):
        new.add(key, old.get(key, ""), locations=[(now[key], None)])
    with FRENCH.open("wb") as file:
        write_po(file, new, width=110, omit_header=False, sort_output=True, include_lineno=False)
    text = FRENCH.read_text("utf-8")
    FRENCH.write_text(
        re.sub(
            r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid|Last-Translator|'
            r"Language-Team).*\n",
            "",
            text,
            flags=re.MULTILINE,
        ),
        "utf-8",
    )
    return sorted(set(now) - set(old)), sorted(set(old) - set(now))


def _read() -> dict[str, str]:
    if not FRENCH.exists():
        return {}
    with FRENCH.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale="fr") if m.id}


def translations() -> dict[str, str]:
    """French by English."""
    return _read()


if __name__ == "__main__":
    added, dropped = update()
    for key in added:
        print(f"+ {key}")
    for key in dropped:
        print(f"- {key}")
