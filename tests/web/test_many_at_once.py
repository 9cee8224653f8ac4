"""Fifty people who ask at once: nobody waits without a sign, and nobody stands in the way of the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from harmattan import data
from harmattan.lake.shelf import Lake
from harmattan.text import T
from harmattan.web.app import make_app
from harmattan.web.asking import Asking
from harmattan.web.jobs import Jobs, Waiting
from harmattan.web.listening import bound
from harmattan.web.settings import Settings

PATIENCE = 1.0
ASKED = 50
PEOPLE = httpx.Client(timeout=60, limits=httpx.Limits(max_connections=100))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    """A server in a thread, whose engine a test can hold."""
    app = make_app(Settings(Path(tmp_path_factory.mktemp("many")), "sahel", person="Awa", patience=PATIENCE))
    listens = bound("127.0.0.1", 0)
    running = uvicorn.Server(uvicorn.Config(app, log_level="critical", http="httptools", proxy_headers=False))
    thread = threading.Thread(target=running.run, args=([listens],))
    thread.start()
    yield f"http://127.0.0.1:{listens.getsockname()[1]}", app.state.house
    running.should_exit = True
    thread.join()


def test_while_the_engine_is_busy_all_get_a_sign_and_kept_pages_come_at_once(server: tuple[str, Any]) -> None:
    url, house = server
    kept = f"{url}/questions/casualties?country=MLI&from=2020&to=2020"
    until = time.monotonic() + 60
    while timed(kept)[0] != 200 and time.monotonic() < until:
        time.sleep(0.1)
    held = threading.Event()
    house.jobs.between(held.wait, 60)
    try:
        with ThreadPoolExecutor(ASKED) as people:
            new = [
                people.submit(timed, f"{url}/questions/casualties?country=MLI&from={1990 + n % 25}&to={2015 + n // 25}")
                for n in range(ASKED)
            ]
            time.sleep(0.2)
            meanwhile = [timed(kept) for _ in range(20)]
            signs = [one.result() for one in new]
    finally:
        held.set()
    assert [status for status, _took, _where in meanwhile] == [200] * 20
    assert sorted(took for _status, took, _where in meanwhile)[10] < PATIENCE / 2
    assert {status for status, _took, _where in signs} == {303}
    assert all(where.startswith("/jobs/") for _status, _took, where in signs)
    assert max(took for _status, took, _where in signs) < PATIENCE + 6
    for _status, _took, where in signs:
        until = time.monotonic() + 60
        while (page := PEOPLE.get(url + where, follow_redirects=True)).url.path != "/questions/casualties":
            assert time.monotonic() < until
            time.sleep(0.1)
        assert page.status_code == 200


def timed(address: str) -> tuple[int, float, str]:
    """Status, seconds, and where one is sent."""
    begun = time.perf_counter()
    answer = PEOPLE.get(address)
    return answer.status_code, time.perf_counter() - begun, answer.headers.get("location", "")


def test_a_page_that_many_ask_for_is_made_once(server: tuple[str, Any]) -> None:
    url, house = server
    before = house.asking.asked
    with ThreadPoolExecutor(20) as people:
        found = list(people.map(timed, [f"{url}/questions/civilian-harm?country=NER&from=2019&to=2020"] * 20))
    assert {status for status, _took, _where in found} == {200}
    assert house.asking.asked == before + 1


def test_a_page_of_several_steps_does_not_begin_anew_each_time_it_waits(tmp_path: Path) -> None:
    jobs, done = Jobs(), []
    asking = Asking(Lake(tmp_path, data.RELEASES), (), jobs, 0.05)

    def step(name: str) -> str:
        done.append(name)
        time.sleep(0.15)
        return name

    def page() -> list[str]:
        return [asking.together(name, T("Page"), "", lambda name=name: step(name)) for name in ("a", "b", "c")]

    for _visit in range(20):
        try:
            found = page()
            break
        except Waiting:
            time.sleep(0.2)
    jobs.close()
    assert found == done == ["a", "b", "c"]


def test_what_takes_many_questions_makes_way_for_those_who_read() -> None:
    jobs, order, begun = Jobs(), [], threading.Event()

    def section() -> None:
        for n in range(3):
            jobs.queue.make_way()
            order.append(f"section {n}")
            begun.set()
            time.sleep(0.1)

    long = [jobs.start(f"long {n}", T("Section"), "", section, long=True) for n in range(2)]
    begun.wait(5)
    quick = jobs.start("quick", T("Question"), "", order.append, "read")
    for job in (quick, *long):
        job.future.result(10)
    jobs.close()
    assert order == ["section 0", "read", "section 1", "section 2", "section 0", "section 1", "section 2"]
