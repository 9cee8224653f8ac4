"""`make quality`: prints how well the program reads and checks; `--write` also writes quality/RESULTS.md.

`--errors dev` lists every error on the development split. Those on the test split are never listed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from harmattan import __version__
from harmattan.data import RELEASES
from harmattan.lake.shelf import Lake
from harmattan.questions.inquiry import Inquiry
from quality import headlines, mutations, page
from quality.labelled import texts
from quality.readers import Reader, embedded, ingested
from quality.scoring import Scores, score

HERE = Path(__file__).parent
DATA = Path(os.environ.get("HARMATTAN_DATA", HERE.parent.parent / "shared" / "data"))
PACKAGES = ("pyahocorasick", "rapidfuzz")
HEADLINES = """\
Each different headline of three words or more of each event in UCDP GED 24.1 for eight countries of West Africa, beside
its row. What a headline has in its words is told by comparing strings, not by the reader.

- *Country right*: of headlines that have in their words a name of the row's country (CLDR's, and "Burkina", "Ivory
  Coast") or of its place, district or region (accents aside, at least four letters, no points of the compass), those
  where the row's country is among the countries found, or stands in the name of an actor found ("Mali army"; a place
  within an actor's name is no place).
- *Country right, also where only others are named*: the same, of all headlines in which any country is found. Many are
  about somewhere else than the row they are filed under ("11 Malian soldiers killed near Burkina border" names one
  country, and it is not the row's); what such a headline lacks no reader can find. The first way of asking was made
  when this one had come to 0.979 on its first run, so both are held against the aim.
- *Place confirmed*: of headlines that have the name of the row's place, district or region in their words, those
  where a place in the row's country is found on these words.
- *Figure found*: of headlines with a word for killing and a number of two or more, in digits or words, which the row
  gives as its dead (best, either side, civilians), those where this number is found on these characters,
  counting deaths."""

CHANGED = """\
Claims drawn from what the embedded figures and the dossier say, and each with its number, year, place or actor changed.
A change is *visible* where the tables rule the claim out by every way of counting and every record: that is looked up
without the checks. One that is not visible may still be true and must not be contradicted."""


def scores(reader: Reader) -> page.By:
    """The labelled set as a reader reads it, by split and language."""
    by: dict[tuple[str, str], Scores] = {}
    for text in texts():
        one = score(text, reader.read(text.text, text.language, text.published))
        for language in (text.language, "all"):
            by.setdefault((text.split, language), Scores()).update(one)
    return by


def _reading(reader: Reader, errors: bool) -> Iterator[str]:
    by = scores(reader)
    yield f"## Reading: {reader.told}\n\n{page.reading(by)}\n\n{page.error_counts(by)}"
    if errors:
        yield f"```\n{page.slips(by['dev', 'all'].slips)}\n```"


def _headlines(reader: Reader) -> str:
    return f"### {reader.told}\n\n{page.headline_table(headlines.measured(reader, DATA))}"


def _checking(home: Path) -> str:
    """How true claims and changed ones are judged on the embedded figures."""
    confusion = mutations.measure(Inquiry(Lake(home, RELEASES)))
    wrong, (seen, visible), (supported, true) = (
        confusion.wrongly_contradicted, confusion.seen, confusion.true_supported
    )  # fmt: skip
    rows = [
        [
            "claims that can be true, contradicted",
            str(len(wrong)),
            page.share(len(wrong), sum(one.possible for one in confusion.judged)),
            page.at_most(len(wrong), 0),
        ],
        [
            "visible changes, no longer supported",
            str(seen),
            page.share(seen, visible),
            page.verdict(seen / visible, 0.9),
        ],
        ["true claims, supported", str(supported), page.share(supported, true), ""],
    ]
    head = page.table(["", "", "share (95 %)", "aim"], rows)
    told = "\n\n".join("\n".join(lines) for lines in (mutations.table(confusion), mutations.by_kind(confusion)))
    return f"## Checking: {len(confusion.judged)} claims, true and changed\n\n{CHANGED}\n\n{head}\n\n{told}"


def sections(errors: bool) -> Iterator[str]:
    """The page, piece by piece, as each is measured."""
    with tempfile.TemporaryDirectory() as folder:
        readers = [embedded(Path(folder) / "embedded")]
        if (DATA / "ucdp").is_dir():
            readers.append(ingested(Path(folder) / "ingested", DATA))
        for reader in readers:
            yield from _reading(reader, errors)
        if len(readers) > 1:
            yield f"## Headlines\n\n{HEADLINES}"
            yield from map(_headlines, readers)
        else:
            print(f"no reference data at {DATA}: headlines are left out", file=sys.stderr)
        yield _checking(Path(folder) / "checking")


def main() -> int:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(prog="python -m quality", description=__doc__)
    parser.add_argument("--errors", choices=["dev"], help="list every error on this split")
    parser.add_argument("--write", action="store_true", help="write quality/RESULTS.md")
    said = parser.parse_args()
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    made = f"Made by `make quality` on {today} with Harmattan {__version__}; {packages}."
    head = f"# Quality\n\n{made} What is measured and how: [README.md](README.md)."
    pieces = [head]
    print(head)
    for piece in sections(said.errors is not None):
        print(f"\n{piece}", flush=True)
        pieces.append(piece)
    if said.write:
        staged = HERE / "RESULTS.md.part"
        staged.write_text("\n\n".join(pieces) + "\n", encoding="utf-8")
        staged.replace(HERE / "RESULTS.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
