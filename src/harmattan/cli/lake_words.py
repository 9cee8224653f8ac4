"""The words of the commands that fill the lake and look after it: `ingest`, `fetch`, `diff`, `embed`, `dossier`."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any


def ingest(parser: argparse.ArgumentParser, say: Any) -> None:
    """How files are taken in."""
    from harmattan.sources.registry import MODULES

    parser.add_argument(
        "dataset",
        metavar="DATASET",
        help=say("whose format it is: {names}").format(names=", ".join((*MODULES, "dossier"))),
    )
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help=say("csv, csv.gz, zip, parquet or xlsx; several make one release; for dossier a folder of YAML files"),
    )
    parser.add_argument("--release", metavar="LABEL", help=say("the release's label (default: what the file says)"))
    parser.add_argument("--published", metavar="DATE", type=_day, help=say("when it came out"))
    parser.add_argument("--places", metavar="MLI", nargs="+", help=say("countries the files speak about, or world"))
    parser.add_argument(
        "--from",
        dest="start",
        metavar="DATE",
        type=_first_day,
        help=say("first day the files speak about (default: what label and rows say)"),
    )
    parser.add_argument("--to", dest="end", metavar="DATE", type=_day, help=say("last day the files speak about"))
    parser.add_argument("--case", metavar="CASE", help=say("the case that describes a table of your own, own-NAME"))
    parser.add_argument("--identities", action="store_true", help=say("posts: keep accounts as they are written"))
    parser.add_argument("--timezone", metavar="ZONE", help=say("the zone of times that do not say theirs (UTC)"))


def fetch(parser: argparse.ArgumentParser, say: Any) -> None:
    """What is fetched."""
    from harmattan.sources.registry import FETCHED

    parser.add_argument(
        "dataset", metavar="DATASET", help=say("which data set: {names}").format(names=", ".join(FETCHED))
    )
    parser.add_argument(
        "--country", metavar="MLI", nargs="+", action="extend", help=say("only these countries, or world")
    )
    parser.add_argument("--from", dest="start", metavar="DATE", type=_first_day, help=say("first day"))
    parser.add_argument("--to", dest="end", metavar="DATE", type=_day, help=say("last day"))
    parser.add_argument("--release", metavar="LABEL", help=say("the publisher's version, where it has several"))
    parser.add_argument("--url", metavar="ADDRESS", help=say("another address than the publisher's: a mirror, a proxy"))


def diff(parser: argparse.ArgumentParser, say: Any) -> None:
    """Which releases are compared."""
    parser.add_argument("before", metavar="A", help=say("a release, as dataset@label"))
    parser.add_argument("after", metavar="B", help=say("a release, as dataset@label"))
    parser.add_argument("--records", action="store_true", help=say("list the records and not the sums"))
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table", help=say("how it is printed"))


def embed(parser: argparse.ArgumentParser, say: Any) -> None:
    """Which figures are made of what."""
    parser.add_argument(
        "figures",
        metavar="FIGURES",
        help=say(
            "ucdp-ged-cells, ucdp-ged-places, ucdp-ged-country-month, forecast-skill, natural-earth-cells or dossier"
        ),
    )
    parser.add_argument(
        "origin",
        metavar="RELEASE|FILE",
        help=say("the release to sum or to copy, the boundary file, or the dossier's folder"),
    )
    parser.add_argument("--out", required=True, metavar="DIR", help=say("folder to write into"))


def dossier(parser: argparse.ArgumentParser, say: Any) -> None:
    """What is done with a dossier."""
    parser.add_argument(
        "action", metavar="check|list|export", choices=("check", "list", "export"), help=say("what to do")
    )
    parser.add_argument("dossier", metavar="DOSSIER", help=say("a folder of YAML files, or the name of a dossier"))
    parser.add_argument("--table", metavar="TABLE", help=say("list: the records of one table, e.g. relations"))
    parser.add_argument(
        "--format", metavar="FORMAT", help=say("export: yaml, csv, graphml, gexf or ftm; list: table or json")
    )
    parser.add_argument("--as-of", metavar="DATE", help=say("export: only what held on that day (graphml, gexf)"))
    parser.add_argument("--out", metavar="FILE", help=say("file to write into; without it, standard output"))


def _day(words: str) -> dt.date:
    from harmattan.vocabulary.period import parse_to

    return parse_to(words)


def _first_day(words: str) -> dt.date:
    from harmattan.vocabulary.period import parse_from

    return parse_from(words)
