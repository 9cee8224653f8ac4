"""The workbench under load: 420,000 events taken in, fifty readers on loopback, a release that comes meanwhile."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection, socket

import duckdb

from bench.clients import AGAIN, NEW, Line, Load, plain
from bench.measure import Line as Figure
from bench.questions import ROWS, make
from harmattan import data as package
from harmattan.ingest import ingest
from harmattan.lake.shelf import Lake
from harmattan.sources.reading import Options

CLIENTS, SECONDS, PAUSE_S = 50, 60.0, 1.0
SHARE_NEW, SHARE_NEW_AT_ONCE = 0.05, 0.01
"""How many of the answers nobody has asked for yet: one in twenty of what readers ask who look at what they get, one in
a hundred where fifty programs ask without a pause, which is some thirty times as many answers."""
AGAIN_MS, NEW_MS, MEMORY_MB = 150.0, 1_500.0, 1_500.0
LABEL = "24.0.1"
"""The monthly file that comes in the middle of the load."""
PAGES = (
    "/",
    "/map",
    "/map/events.json?from=2022-01&to=2023-12",
    "/events?country=MLI&from=2023-01&to=2023-12",
    "/questions/casualties?country=BFA&country=MLI&country=NER&by=month&from=2020&to=2023",
    "/questions/casualties?country=BFA&country=MLI&country=NER&by=year&from=2013&to=2023",
    "/questions/actors?country=MLI&from=2022&to=2023",
    "/questions/civilian-harm?country=BFA&by=year&from=2015&to=2023",
    "/questions/records?country=NER&from=2015&to=2023",
    "/actors/jnim",
    "/sources",
    "/api/ask/casualties?country=MLI&by=year&from=2013&to=2023",
)
"""The commonest pages and questions: each is asked for as often as each other."""
SPOKEN = ("BFA", "MLI", "NER", "NGA", "BEN", "CIV", "SEN", "TGO", "GNB")


def never_asked() -> Callable[[], str]:
    """Addresses of which no two are the same: countries, periods and questions that nobody has asked for yet."""
    days = [f"{year}-{month:02}" for year in range(1995, 2019) for month in range(1, 13)]
    kinds = ("casualties", "civilian-harm", "actors")
    there = itertools.product(days, SPOKEN, kinds)
    return lambda: "/questions/{2}?country={1}&from={0}&to=2023-06".format(*next(there))


@dataclass
class Server:
    """`harmattan serve` in a process of its own, watched."""

    process: subprocess.Popen[bytes]
    port: int
    ready_s: float
    peak_mb: float = 0.0
    cpu_s: float = 0.0
    watching: bool = True

    def watch(self) -> None:
        """Notes the memory of the server and of all that it started, four times a second."""
        while self.watching and self.process.poll() is None:
            tree = family(self.process.pid)
            self.peak_mb = max(self.peak_mb, sum(map(memory_mb, tree)))
            time.sleep(0.25)

    def seconds_of_work(self) -> float:
        """Processor time of the server and of all that it started."""
        return sum(map(worked_s, family(self.process.pid)))


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(word) for word in task.read_text().split()]
            except OSError:
                continue
    return found


def memory_mb(pid: int) -> float:
    """Memory of a process in MB, what it shares with others counted by its part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024


def worked_s(pid: int) -> float:
    """Processor time of a process."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(home: Path) -> Iterator[Server]:
    """A server on a free port, until the block ends."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.perf_counter()
    command = [sys.executable, "-m", "harmattan.cli", "serve", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while True:
        try:
            create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            if process.poll() is not None or time.perf_counter() - begun > 60:
                raise RuntimeError("the server did not start") from None
            time.sleep(0.02)
    found = Server(process, port, time.perf_counter() - begun)
    watcher = threading.Thread(target=found.watch)
    watcher.start()
    try:
        yield found
    finally:
        found.watching = False
        watcher.join()
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def monthly(source: Path, target: Path) -> None:
    """Writes a monthly file: the newest events of the yearly one, in the January after it."""
    duckdb.sql(
        f"""COPY (
            SELECT * REPLACE ('9' || id AS id, '2024' AS year,
                '2024-01' || substr(date_start, 8, 3) || ' 00:00:00.000' AS date_start,
                '2024-01' || substr(date_start, 8, 3) || ' 00:00:00.000' AS date_end)
            FROM read_csv('{source}', all_varchar = true)
            WHERE year = '2023' AND date_prec = '1' AND substr(date_start, 9, 2) <= '28' LIMIT 2000
        ) TO '{target}' (HEADER, DELIMITER ',')"""
    )


async def _warmed(port: int, pages: Sequence[str]) -> None:
    """Asks for each page until it is whole: the overview is put together from parts that are made once."""
    line, until = Line("127.0.0.1", port), time.perf_counter() + 180
    for address in pages:
        while True:
            status, body = await line.get(address)
            if status != 200 or time.perf_counter() > until:
                raise RuntimeError(f"{address} gives {status}, or is not whole after three minutes")
            if b'class="coming"' not in plain(body):
                break
            await asyncio.sleep(0.5)
    line.close()


def load(
    home: Path, *, pause_s: float, share_new: float, beside: Callable[[], object] | None = None
) -> tuple[Load, Server]:
    """The load on a fresh server whose pages have been asked for once."""
    with served(home) as server:
        asyncio.run(_warmed(server.port, PAGES))
        work = server.seconds_of_work()
        watch = ("/sources", f"ucdp-ged@{LABEL}".encode())
        made = Load("127.0.0.1", server.port, PAGES, never_asked(), share_new, pause_s, SECONDS,
                    watch=watch if beside else None)  # fmt: skip
        asyncio.run(made.run(CLIENTS, beside))
        server.cpu_s = server.seconds_of_work() - work
        if beside:
            asyncio.run(_shown(server.port, watch))
    return made, server


async def _shown(port: int, watch: tuple[str, bytes]) -> None:
    """Raises RuntimeError where a page does not show the new release once the load is over."""
    line = Line("127.0.0.1", port)
    _status, body = await line.get(watch[0])
    line.close()
    if watch[1] not in plain(body):
        raise RuntimeError("the release that came during the load does not show")


def p(values: Sequence[float], part: float) -> float:
    """A percentile of times, in milliseconds."""
    return 1000 * sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else float("nan")


def told(name: str, made: Load, server: Server) -> list[Figure]:
    """The figures of one load."""
    again, new = made.took[AGAIN], made.took[NEW]
    a_second = (len(again) + len(new)) / SECONDS
    slow = min(((page, took) for page, took in made.by_page.items() if page != NEW), key=lambda item: -p(item[1], 0.95))
    faults = ", ".join(f"{n} x {what}" for what, n in made.faults.most_common(3))
    how = f"{CLIENTS} clients, {SECONDS:g} s, {a_second:.0f} answers a second; p50 {{:.0f}}, p99 {{:.0f}} ms"
    return [
        Figure(f"{name}, answers already asked: p95", p(again, 0.95), AGAIN_MS, "ms",
               how.format(p(again, 0.5), p(again, 0.99)) + f"; slowest {slow[0].partition('?')[0]}"),
        Figure(f"{name}, new answers: p95", p(new, 0.95), NEW_MS, "ms",
               f"{len(new)} of them; p50 {p(new, 0.5):.0f}, p99 {p(new, 0.99):.0f} ms"),
        Figure(f"{name}, errors", float(sum(made.faults.values())), 0.0, "errors", faults),
        Figure(f"{name}, memory of all processes of the server at most", server.peak_mb, MEMORY_MB, "MB",
               f"{server.cpu_s / SECONDS:.2f} cores at work"),
    ]  # fmt: skip


def lines(data: Path) -> list[Figure]:
    """The figures of this bench."""
    source = data / "ucdp" / "ged241_westafrica8_events.csv.gz"
    with tempfile.TemporaryDirectory() as folder:
        home = Path(os.environ.get("HARMATTAN_BENCH_HOME", Path(folder, "home")))
        csv, month = Path(folder, "ged.csv"), Path(folder, "month.csv")
        lake = Lake(home, package.RELEASES)
        if not lake.folder.exists():
            make(source, csv)
            ingest(lake, "ucdp-ged", [csv], Options(label="24.1"), retrieved_at=None)
        monthly(source, month)
        ended: list[float] = []

        def came() -> None:
            command = [sys.executable, "-m", "harmattan.cli", "ingest", "ucdp-ged", str(month), "--release", LABEL]
            subprocess.run([*command, "--home", str(home)], check=True, stdout=subprocess.DEVNULL)
            ended.append(time.perf_counter())

        readers, server = load(home, pause_s=PAUSE_S, share_new=SHARE_NEW, beside=came)
        after = (readers.appeared or float("inf")) - ended[0]
        shown = Figure("a release that comes during the load shows, from the end of its ingest", after, 10.0, "s",
                       "the command in a process of its own; what it disturbs is in the figures above")  # fmt: skip
        slow = told(f"{PAUSE_S:g} s between pages, a release comes", readers, server)
        programs, busy = load(home, pause_s=0, share_new=SHARE_NEW_AT_ONCE)
        start = Figure("the server answers, from its start", server.ready_s, 3.0, "s", f"{ROWS:,} events taken in")
    return [*slow, shown, start, *told("no pause, as many as there can be", programs, busy)]
