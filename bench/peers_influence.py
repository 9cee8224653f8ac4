"""The peers that look for coordination: CooRTweet (R) and QUT's coordination network toolkit, each in its own process.

Neither is installed with the project. HARMATTAN_PEERS (default /tmp/harmattan-peers) is a folder with `CooRTweet/` (its
functions, sourced by bench/coortweet.R) and `qut/` (pip install --target … coordination-network-toolkit).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).parent / "coortweet.R"
NETWORKS = ("co_retweet", "co_tweet", "co_link", "co_reply", "co_post", "co_similar_tweet")


class NotInstalled(Exception):
    """A peer that is not here; the words say which."""


@dataclass(frozen=True)
class Peer:
    """What a peer took and found: wall time of the whole process, peak resident memory of its largest process."""

    seconds: float
    peak_mb: float
    edges: int
    told: dict[str, float]
    """Figures by the peer's driver, among them the seconds of the search alone, without reading the file."""


def folder() -> Path:
    """Where the peers are."""
    return Path(os.environ.get("HARMATTAN_PEERS", "/tmp/harmattan-peers"))


def missing_coortweet() -> str | None:
    """Why CooRTweet cannot be run, in words; None where it can."""
    if shutil.which("Rscript") is None:
        return "CooRTweet: Rscript is not installed"
    if (folder() / "CooRTweet" / "CooRTweet.R").is_file():
        return None
    asked = ["Rscript", "-e", "quit(status = !requireNamespace('CooRTweet', quietly = TRUE))"]
    return "CooRTweet is not installed" if subprocess.run(asked, check=False).returncode else None


def missing_qut() -> str | None:
    """Why QUT's toolkit cannot be run, in words; None where it can."""
    held = folder() / "qut" / "coordination_network_toolkit"
    return None if held.is_dir() else f"the coordination network toolkit is not installed in {held.parent}"


def coortweet(
    csv: Path, window: float, participation: int, *, limit: float | None = None, **options: str | float
) -> Peer:
    """CooRTweet's detect_groups and generate_coordinated_network on a CSV of shares.

    Args:
        csv: object_id, account_id, content_id, timestamp_share (seconds).
        window: Seconds.
        participation: min_participation.
        limit: Seconds after which it is stopped: TimeoutExpired.
        **options: Further keys of bench/coortweet.R, such as edges=FILE.
    """
    if missing := missing_coortweet():
        raise NotInstalled(missing)
    keys = {"window": window, "participation": participation, **options}
    return _apart(["Rscript", str(SCRIPT), str(csv), *(f"{key}={value}" for key, value in keys.items())], limit)


def qut(
    csv: Path,
    window: float,
    min_edge_weight: int = 1,
    *,
    network: str = "co_link",
    processes: int = 2,
    limit: float | None = None,
    edges: Path | None = None,
) -> Peer:
    """One network of QUT's toolkit, its database of the messages included.

    Args:
        csv: message_id, user_id, username, repost_id, reply_id, message, timestamp (seconds), urls (by spaces).
        window: Seconds.
        min_edge_weight: Edges with fewer messages are left out.
        network: One of NETWORKS.
        processes: How many processes the toolkit starts.
        limit: Seconds after which it is stopped: TimeoutExpired.
        edges: Where to write user_1, user_2, weight, loops included.
    """
    if missing := missing_qut():
        raise NotInstalled(missing)
    asked = [str(csv), str(window), str(min_edge_weight), network, str(processes), str(edges or "")]
    return _apart([sys.executable, str(Path(__file__)), *asked], limit)


def _apart(command: Sequence[str], limit: float | None) -> Peer:
    with tempfile.TemporaryFile("w+") as out:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, text=True, process_group=0)
        status, usage = _wait(process, command, limit)
        seconds = time.perf_counter() - started
        out.seek(0)
        said = out.read()
    if status == 3:
        raise NotInstalled(said.strip())
    if status:
        raise subprocess.CalledProcessError(status, command, said)
    lines = [line.split() for line in said.splitlines()]
    told = {words[0]: float(words[1]) for words in lines if len(words) == 2 and _is_number(words[1])}
    return Peer(seconds, max(usage / 1024, told.get("children_mb", 0.0)), int(told["edges"]), told)


def _wait(process: subprocess.Popen[str], command: Sequence[str], limit: float | None) -> tuple[int, float]:
    started = time.perf_counter()
    while True:
        ended, status, usage = os.wait4(process.pid, 0 if limit is None else os.WNOHANG)
        if ended:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage.ru_maxrss
        if limit is not None and time.perf_counter() - started > limit:
            os.killpg(process.pid, 9)
            process.wait()
            raise subprocess.TimeoutExpired(command, limit)
        time.sleep(0.05)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _qut_here(csv: str, window: float, least: int, network: str, *, processes: int, edges: str) -> None:
    import contextlib
    import csv as rows
    import io
    import resource
    import sqlite3

    sys.path.insert(0, str(folder() / "qut"))
    from coordination_network_toolkit import compute_networks as toolkit  # type: ignore[import-not-found]
    from coordination_network_toolkit.preprocess import preprocess_csv_files  # type: ignore[import-not-found]
    from coordination_network_toolkit.similarity import MinDocSizeSimilarity  # type: ignore[import-not-found]

    by_name: dict[str, Callable[..., object]] = {
        "co_retweet": toolkit.compute_co_retweet_parallel,
        "co_similar_tweet": toolkit.compute_co_similar_tweet,
        **{f"co_{name}": getattr(toolkit, f"compute_co_{name}_network") for name in ("tweet", "link", "reply", "post")},
    }
    with tempfile.TemporaryDirectory() as base:
        database = str(Path(base) / "messages.db")
        started = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            preprocess_csv_files(database, [csv])
            read = time.perf_counter()
            # What its command line says; the function alone fails on texts without words.
            alike = {"similarity_threshold": 0.8, "similarity_function": MinDocSizeSimilarity(1)}
            more = alike if network == "co_similar_tweet" else {}
            by_name[network](database, window, min_edge_weight=least, n_threads=processes, **more)
        done = time.perf_counter()
        connection = sqlite3.connect(database)
        found = connection.execute(f"select user_1, user_2, weight from {network}_network").fetchall()
        connection.close()
    if edges:
        with Path(edges).open("w", newline="", encoding="utf-8") as file:
            rows.writer(file).writerows([("user_1", "user_2", "weight"), *found])
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    told = {
        "seconds_read": read - started,
        "seconds_network": done - read,
        "edges": sum(one != other for one, other, _ in found),
        "loops": sum(one == other for one, other, _ in found),
        "children_mb": children,
    }
    for name, value in told.items():
        print(name, json.dumps(value))


if __name__ == "__main__":
    _, of, within, least_weight, named, started_processes, target = sys.argv
    _qut_here(of, float(within), int(least_weight), named, processes=int(started_processes), edges=target)
