"""Reads the pages: their console blocks, the files they show, their links, and the commands they speak of."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
GENERATED = ("article.md", "commands.md", "questions.md", "tables.md")
"""Pages that `harmattan docs` writes."""

PROMPT = "$ "
RUN = ("harmattan ", "python ", "export ")
"""The commands that the tests run: the program, a script that the page shows, and a setting in the environment."""
_STEP = re.compile(
    r"^<!-- run: (?P<hidden>harmattan .*) -->$|^```console\n(?P<block>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Step:
    """A command line of a page and what the page says that it prints; None where it says nothing."""

    line: str
    shown: str | None

    @property
    def words(self) -> list[str]:
        """The words after the first."""
        return shlex.split(self.line)[1:]


def text_of(page: Path) -> str:
    """The page."""
    return page.read_text(encoding="utf-8")


def steps(page: Path) -> list[Step]:
    """The commands of a page's console blocks, in order, and those of its comments `<!-- run: ... -->`."""
    found: list[Step] = []
    for match in _STEP.finditer(text_of(page)):
        if match["hidden"]:
            found.append(Step(match["hidden"], None))
            continue
        for part in re.split(r"^\$ ", match["block"], flags=re.MULTILINE)[1:]:
            line, _, shown = part.partition("\n")
            if line.startswith(RUN):
                found.append(Step(line, shown))
    return found


def files(page: Path) -> dict[str, str]:
    """The files that a page shows in blocks such as ```csv practice.csv, by name."""
    return dict(
        re.findall(r"^```(?:csv|json|python|toml|txt|yaml) (\S+)\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)
    )


def samples(page: Path) -> list[str]:
    """The pieces of YAML that a page shows without a file's name."""
    return re.findall(r"^```yaml\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[str]:
    """The relative targets of a page's links and pictures, without what stands after `#`."""
    prose = re.sub(r"^```.*?^```$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", prose)
    return [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]


def spoken_commands(page: Path) -> list[list[str]]:
    """The words after `harmattan` wherever a page has it at the start of code: blocks and spans."""
    page_text = text_of(page)
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```$", page_text, re.MULTILINE | re.DOTALL)
    lines = [line.removeprefix(PROMPT) for block in blocks for line in block.splitlines()]
    prose = re.sub(r"^```.*?^```$", "", page_text, flags=re.MULTILINE | re.DOTALL)
    lines += [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]
    return [line.split()[1:] for line in lines if re.match(r"harmattan [a-z-]", line)]
