"""Writes anew what the pages show where it is no longer what the program prints: `python -m tests.docs.rewrite`.

Words after it are the names of the pages that are looked at; without any, all are.
The output is shortened as a page needs it: citations and words beyond the width of a page become `...`. Read what
changed before you keep it.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from tests.docs.embedded import with_embedded
from tests.docs.pages import DOCS, Step, files, steps, text_of
from tests.docs.test_tutorial import RUN, agrees, printed

WIDTH, MOST_LINES, KEPT_LINES = 120, 24, 9
CITATION = re.compile(r"Davies, |doi:10|Made with Natural Earth|Harmattan \(\d+\)|Posts exported by |\S+@\S+, SHA-256")
CAVEAT = re.compile(r"· |… |Rows behind|Each row")
MASKS = (
    (r"Digest [0-9a-f]{12}\.", "Digest ..."),
    (r"harmattan evidence [0-9a-f]{12} \(all\), [0-9a-f]{12}\.1", "harmattan evidence ..."),
)
"""Digests of releases that are taken in depend on the version of the library that writes them."""
OWN = ("practice", "LIE", "desk", "campaign", "coordination-network", "narratives", "posts-and-events")
"""What a command says that rests on such releases."""


def shortened(step: Step, output: str, home: str) -> str:
    """What a page shows of an output."""
    own = any(word in step.line for word in OWN)
    lines: list[str] = []
    for number, written in enumerate(output.replace(home, "...").splitlines()):
        line = "..." if CITATION.match(written) else written.rstrip()
        for pattern, instead in MASKS if own else ():
            line = re.sub(pattern, instead, line)
        sentence = number == 0 or line.startswith(("harmattan: ", "ucdp-ged@"))
        if len(line) > WIDTH and not sentence and not step.line.endswith("json"):
            line = line[: WIDTH - 3].rstrip() + "..."
        if not (line == "..." and lines[-1:] == ["..."]):
            lines.append(line)
    if len(lines) > MOST_LINES:
        kept = [line for line in lines[KEPT_LINES:] if CAVEAT.match(line) or line == "..."]
        end = [] if kept[-1:] == lines[-1:] else ["..."]
        lines = [line for line, _ in groupby([*lines[:KEPT_LINES], "...", *kept, *end])]
    return "".join(f"{line}\n" for line in lines)


EVIDENCE = re.compile(r"(?<=evidence )[0-9a-f]{12}\b")
ASSERTION = re.compile(r"^[0-9a-f]{16}\b", re.MULTILINE)


def changed_ids(shown: str, output: str) -> dict[str, str]:
    """What a page's later commands may say again: the first evidence id shown and the ids of assertions, each with the
    one that stands in its place now.
    """
    found: dict[str, str] = {}
    for pattern, most in ((EVIDENCE, 1), (ASSERTION, None)):
        before, after = (list(dict.fromkeys(pattern.findall(text)))[:most] for text in (shown, output))
        if len(before) == len(after):
            found |= dict(zip(before, after, strict=True))
    return found


def replaced(text: str, changes: dict[str, str]) -> str:
    """The text with other ids."""
    return re.sub("|".join(changes), lambda match: changes[match[0]], text) if changes else text


def rewrite(page: Path) -> int:
    """Runs a page's commands and writes anew what it shows of those that print something else; returns how many.

    Ids that are others now are changed in the rest of the page too, so that its commands run. Where nothing but ids
    are others, the page keeps what it shows.
    """
    text, changed, start = text_of(page), 0, 0
    for number in range(len(steps(page))):
        step = steps(page)[number]
        output = printed(step)
        head = f"$ {step.line}\n" if step.shown is not None else step.line
        start = text.index(head, start) + len(head)
        if step.shown is None or agrees(step, output):
            continue
        changes = changed_ids(step.shown, output)
        new = replaced(step.shown, changes)
        if not agrees(Step(step.line, new), output):
            new = shortened(step, output, os.environ["HARMATTAN_HOME"])
        rest = replaced(text[start + len(step.shown) :], changes)
        text = text[:start] + new + rest
        page.write_text(text, encoding="utf-8")
        changed += 1
    return changed


def main(names: Sequence[str] = ()) -> None:
    """Every page, or those named, each on an empty home."""
    os.environ.pop("LC_ALL", None)
    os.environ |= {"LANG": "en_GB.UTF-8", "HARMATTAN_LANG": "en"}
    for page in (page for page in RUN if not names or page.name in names):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["HARMATTAN_HOME"] = str(Path(folder) / "home")
            os.environ.pop("HARMATTAN_PSEUDONYM_KEY", None)
            os.chdir(folder)
            for name, content in (files(DOCS / "tutorial.md") | files(page)).items():
                Path(name).write_text(content, encoding="utf-8")
            print(f"{page.name}: {rewrite(page)} written anew")
            os.chdir(DOCS)
    page = DOCS / "embedded-figures.md"
    before = text_of(page)
    page.write_text(with_embedded(before), encoding="utf-8")
    print(f"{page.name}: {int(text_of(page) != before)} written anew")


if __name__ == "__main__":
    main(sys.argv[1:])
