"""`backtest`: what models would have said from past months, how right that was, and how right somebody else was."""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harmattan.errors import UsageError
from harmattan.text import T, Text, Verbatim, counted, listing
from harmattan.text.speaker import Speaker

if TYPE_CHECKING:
    from harmattan.backtest.foreign import Fit
    from harmattan.backtest.plan import Plan
    from harmattan.backtest.run import Done, Theirs
    from harmattan.backtest.summary import Record, Summary
    from harmattan.models.panel import Panel

LAKE = "lake"
"""What --panel says where the panel is to come from the releases."""
DEFAULT_MODELS = "pooled,conflictology12"
NONE = "none"
"""What --covariate says where models are to see the target alone."""
REPORT = "report.html"
OF_FILE = ("--unit-col", "--time-col", "--target", "--covariate")
OF_LAKE = ("--country", "--known-by", "--release")
MOST_JOBS = 64


def options(parser: argparse.ArgumentParser, say: Any) -> None:
    """The words of the command."""
    add = parser.add_argument
    add("--panel", required=True, metavar="FILE|lake",
        help=say("CSV or Parquet with a row for each unit and month, or lake: the releases"))  # fmt: skip
    add("--unit-col", metavar="COLUMN", help=say("the column of the units: countries, cells, anything"))
    add("--time-col", metavar="COLUMN", help=say("the column of the months: 2022-10, 2022-10-01 or a VIEWS month_id"))
    add("--target", metavar="COLUMN", help=say("the column that is forecast"))
    add("--covariate", metavar="COLUMN", nargs="+", action="extend", default=[],
        help=say("columns that models may see up to each origin; none (default: the number of events)"))  # fmt: skip
    add("--neighbours", metavar="FILE", help=say("a table of two columns: a unit, and one beside it"))
    add(
        "--country", metavar="MLI", nargs="+", action="extend", default=[], help=say("lake: the countries of the cells")
    )
    add("--known-by", metavar="DATE", help=say("lake: cuts what had been published"))
    add("--release", metavar="NAME", nargs="+", action="extend", default=[],
        help=say("lake: only these releases are used"))  # fmt: skip
    add("--origins", required=True, metavar="MONTHS",
        help=say("the last months known: 2011-10..2022-10 (every 12; :1 every month), or with commas"))  # fmt: skip
    add("--steps", required=True, metavar="STEPS", help=say("months ahead: 3..14 or a list with commas"))
    add("--models", metavar="NAMES", help=say("models with commas, or all (default: pooled,conflictology12)"))
    add("--draws", default="1000", metavar="N", help=say("draws for each unit and month (1000)"))
    add("--seed", default="1", metavar="N", help=say("the same seed gives the same draws (1)"))
    add("--jobs", default="2", metavar="N", help=say("how many are worked on at once (2)"))
    add(
        "--level",
        choices=("country", "cell"),
        default="country",
        help=say("what a unit is; cells know their neighbours"),
    )
    add("--score", metavar="FILE|DIR", help=say("somebody else's draws, in the layout of the VIEWS challenge"))
    add("--name", metavar="THEIRS", help=say("what somebody else's draws are called"))
    add("--out", required=True, metavar="DIR", help=say("folder to write into; the same words go on where it was cut"))
    add("--format", choices=("table", "json"), default="table", help=say("how it is printed"))


def backtest(args: argparse.Namespace, speaker: Speaker) -> int:
    """Draws, scores, writes the tables and the report, and prints how the models stand to the benchmark."""
    from harmattan.backtest.folder import put
    from harmattan.backtest.run import backtest as run
    from harmattan.brief.backtest_page import render
    from harmattan.cli.commands import json_bytes, write

    out = Path(args.out)
    plan, theirs, jobs = _plan(args, out), _theirs(args), _number(args.jobs, "--jobs", 1, MOST_JOBS)
    with _watching(speaker) as tell:
        panel, releases = _panel(args)
        done = run(panel, plan, out, jobs, tell, theirs=theirs)
        told = _notes(done, panel, plan, args.name, releases)
        meanings = {model.name: model.meaning for model in plan.models}
        page = render(done.summary, meanings, told, speaker)
        put(out / REPORT, lambda part: part.write_bytes(page))
    if args.format == "json":
        return write(json_bytes(_plain(done, args, releases)), None)
    _tables(done.summary, speaker)
    for note in told:
        print(f"· {speaker.say(note)}")
    files = listing([Verbatim(name) for name in ("draws/", "scores.parquet", "skill.parquet", REPORT)])
    print(speaker.say(T("Written to {out}: {files}.", out=Verbatim(args.out), files=files)))
    return 0


def _plan(args: argparse.Namespace, out: Path) -> Plan:
    from harmattan.backtest import plan
    from harmattan.backtest.run import drawn_before

    models = args.models
    if models is None:
        models = ",".join(drawn_before(out)) if args.score else ""
        models = models or ("" if args.score else DEFAULT_MODELS)
    return plan.Plan(
        origins=plan.origins_of(args.origins),
        steps=plan.steps_of(args.steps),
        models=plan.models_of(models),
        draws=_number(args.draws, "--draws", 1, plan.MOST_DRAWS),
        seed=_number(args.seed, "--seed", 0, 999_999_999),
        level=args.level,
        target=plan.target_of(args.target or plan.DEATHS[0]),
    )


def _number(words: str, name: str, low: int, high: int) -> int:
    from harmattan.backtest.plan import count_of

    return count_of(words, name, low, high)


def _theirs(args: argparse.Namespace) -> Theirs | None:
    from harmattan.backtest.run import Theirs

    if args.score and args.name and re.fullmatch(r"[\w.+-]{1,40}", args.name):
        return Theirs(Path(args.score), args.name)
    if args.score:
        raise UsageError(
            T("Somebody else's draws need a name of letters, digits, dots and dashes."), do=T("Say --name THEIRS.")
        )
    if args.name:
        raise UsageError(T("--name is for somebody else's draws."), do=T("Say --score FILE as well."))
    return None


def _panel(args: argparse.Namespace) -> tuple[Panel, tuple[str, ...]]:
    """The panel of a file or of the releases, with what lies beside what; and the releases it was made from."""
    from harmattan.backtest import panels

    near = panels.read_neighbours(Path(args.neighbours)) if args.neighbours else None
    if args.panel == LAKE:
        panel, releases = _of_lake(args)
        return (panel if near is None else panel.among(near)), releases
    _refuse(args, OF_LAKE, T("{name} is for the panel of the releases, not for a file."), T("Say --panel lake."))
    for flag, words in (("--unit-col", args.unit_col), ("--time-col", args.time_col), ("--target", args.target)):
        if not words:
            raise UsageError(T("{name} is missing.", name=Verbatim(flag)), do=T("Say which column of the file it is."))
    covariates = tuple(dict.fromkeys(args.covariate)) or panels.events_column(Path(args.panel), args.target)
    covariates = () if args.covariate == [NONE] else covariates
    columns = panels.Columns(args.unit_col, args.time_col, args.target, covariates)
    panel = panels.read_panel(Path(args.panel), columns, near)
    if args.level == "cell" and near is None:
        panel = panel.among(panels.cells_around(panel.units))
    return panel, ()


def _of_lake(args: argparse.Namespace) -> tuple[Panel, tuple[str, ...]]:
    """The panel of the releases in use: of every country they speak of, or of the cells of some."""
    from harmattan.cli.commands import lake_of
    from harmattan.questions.inquiry import Inquiry
    from harmattan.questions.panels import monthly
    from harmattan.questions.parameters import Params
    from harmattan.vocabulary.country import parse_country
    from harmattan.vocabulary.period import parse_to

    _refuse(args, OF_FILE, T("{name} is for a file, not for the panel of the releases."), T("Leave it out."))
    params = Params(
        country=tuple(dict.fromkeys(parse_country(code) for words in args.country for code in words.split(","))),
        known_by=parse_to(args.known_by) if args.known_by else None,
        release=tuple(args.release),
    )
    found = monthly(Inquiry(lake_of(args)).world, params, args.level)
    return found.panel, tuple(held.release.name for held in found.holds)


def _refuse(args: argparse.Namespace, flags: tuple[str, ...], what: Text, do: Text) -> None:
    for flag in flags:
        if getattr(args, flag.removeprefix("--").replace("-", "_")):
            raise UsageError(Text(what.template, {"name": Verbatim(flag)}), do=do)


@contextmanager
def _watching(speaker: Speaker) -> Iterator[Any]:
    """Shows how far the backtest has come, on standard error; silent where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda _done, _total, _what: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(speaker.words("reading the panel"), total=None)
        yield lambda done, total, what: bar.update(task, description=what, completed=done, total=total)


def _notes(done: Done, panel: Panel, plan: Plan, name: str | None, releases: tuple[str, ...]) -> tuple[Text, ...]:
    """What a reader must know beside the numbers."""
    summary, fit = done.summary, done.fit
    found = []
    if releases:
        found.append(T("The panel was made from {releases}.", releases=listing(list(map(Verbatim, releases)))))
    if panel.beside:
        said = T(
            "Beside the target, models see {names} up to each origin.", names=listing(list(map(Verbatim, panel.beside)))
        )
        found.append(said)
    if done.kept:
        found.append(counted(done.kept, "{n} forecast was there already and was not drawn again.",
                             "{n} forecasts were there already and were not drawn again."))  # fmt: skip
    if summary.unobserved:
        found.append(counted(summary.unobserved, "{n} value that was forecast was not observed and is not scored.",
                             "{n} values that were forecast were not observed and are not scored."))  # fmt: skip
    if not panel.neighbours and any(model.name.startswith("neighbours") for model in plan.models):
        found.append(T("Nothing is known of neighbours, so the model of neighbours is the unit's own past. "
                       "Say --neighbours FILE."))  # fmt: skip
    if fit is not None:
        found += _misfits(fit, Verbatim(name or ""))
    return tuple(found)


def _misfits(fit: Fit, name: Verbatim) -> list[Text]:
    found = [
        T("{name}: {scored} values were scored, with {draws}.", name=name, scored=fit.scored,
          draws=counted(fit.draws, "{n} draw each", "{n} draws each"))
    ]  # fmt: skip
    if fit.units:
        shown = listing([Verbatim(unit) for unit in sorted(fit.units)[:5]])
        left = counted(len(fit.units), "{n} unit is not in the panel and was left out:",
                       "{n} units are not in the panel and were left out:")  # fmt: skip
        found.append(T("{name}: {left} {shown}.", name=name, left=left, shown=shown))
    if fit.months:
        shown = listing([Verbatim(str(month)) for month in sorted(fit.months)[:5]])
        left = counted(len(fit.months), "{n} month is forecast from no origin and was left out:",
                       "{n} months are forecast from no origin and were left out:")  # fmt: skip
        found.append(T("{name}: {left} {shown}.", name=name, left=left, shown=shown))
    if fit.missing:
        found.append(T("{name}: {missing} observed values have no draws there, or not all; "
                       "they are compared on what both have.", name=name, missing=fit.missing))  # fmt: skip
    return found


def _plain(done: Done, args: argparse.Namespace, releases: tuple[str, ...]) -> dict[str, Any]:
    fit = done.fit
    told: dict[str, Any] = {
        "out": str(args.out),
        "kept": done.kept,
        "releases": list(releases),
    } | done.summary.as_json()
    told["theirs"] = None if fit is None else {
        "name": args.name,
        "scored": fit.scored,
        "draws": fit.draws,
        "units_left_out": sorted(fit.units),
        "months_left_out": [str(month) for month in sorted(fit.months)],
        "missing": fit.missing,
    }  # fmt: skip
    return told


def _tables(summary: Summary, speaker: Speaker) -> None:
    """How each model stands to the benchmark, over all windows and in each."""
    from harmattan.brief.backtest_words import headline
    from harmattan.cli import terminal

    for record in summary.records:
        if record.model != summary.benchmark:
            print(speaker.say(headline(record, summary)))
    terminal.table([_over_all(record, speaker) for record in summary.records], speaker)
    rows = []
    for at, window in enumerate(summary.records[0].windows):
        row: dict[str, Any] = {speaker.words("months"): f"{window.first} – {window.last}"}
        for record in summary.records:
            here = record.windows[at]
            told = here.crps if record.model == summary.benchmark else here.ratio.value
            row[record.model] = _digits(told, speaker, 2 if record.model == summary.benchmark else 3)
        rows.append(row)
    print()
    print(speaker.say(T("Ratio of CRPS by window; of {benchmark} the CRPS itself.",
                        benchmark=Verbatim(summary.benchmark))))  # fmt: skip
    terminal.table(rows, speaker)


def _over_all(record: Record, speaker: Speaker) -> dict[str, Any]:
    ratio, ratios = record.ratios["crps"], record.ratios
    return {
        speaker.words("model"): record.model,
        "CRPS": _digits(record.crps, speaker, 2),
        speaker.words("ratio"): _digits(ratio.value, speaker),
        speaker.words("95 % interval"): f"{_digits(ratio.low, speaker)} – {_digits(ratio.high, speaker)}",
        speaker.words("without the 2 largest"): _digits(record.without_largest.value, speaker),
        speaker.words("log score"): _digits(ratios["log_score"].value, speaker),
        "MIS 90": _digits(ratios["mis90"].value, speaker),
        "log CRPS": _digits(ratios["crps_log"].value, speaker),
    }


def _digits(value: float, speaker: Speaker, digits: int = 3) -> str:
    return speaker.number(value, digits) if math.isfinite(value) else "–"
