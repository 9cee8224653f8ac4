"""A server that is killed in the middle of fifty reviews: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import httpx
import pytest

from harmattan.desk.store import Desk
from tests.desk.conftest import Fresh, fresh
from tests.web.e2e.conftest import taken_in
from tests.web.served import serving, sign_of

__all__ = ["fresh"]
REVIEWS, CLIENTS = 50, 4
SEEN_BEFORE_THE_KILL = 15


@pytest.fixture
def where(fresh: Fresh) -> str:
    """The address of a new desk."""
    return fresh()


class Reviewers:
    """Several people who accept one assertion after the other, and write down what was acknowledged."""

    def __init__(self, url: str, document: str, ids: list[str]) -> None:
        self.url, self.document, self.left = url, document, list(ids)
        self.acknowledged: set[str] = set()
        self.sent: set[str] = set()
        self.lock = threading.Lock()

    def work(self) -> None:
        """Reviews until nothing is left or nobody answers."""
        with httpx.Client(base_url=self.url, timeout=30) as client:
            sign = sign_of(client.get("/desk").text)
            while True:
                with self.lock:
                    if not self.left:
                        return
                    id = self.left.pop()
                    self.sent.add(id)
                said = {"csrf": sign, "expected_version": "1", "decision": "accept", "note": f"seen {id}"}
                try:
                    answer = client.post(f"/desk/{self.document}/review/{id}", data=said)
                except httpx.TransportError:
                    return
                assert answer.status_code == 303, answer.text
                with self.lock:
                    self.acknowledged.add(id)


def test_every_acknowledged_review_outlives_the_server(where: str, tmp_path: Path) -> None:
    with serving(tmp_path, "--desk", where) as found:
        with httpx.Client(base_url=found.url, timeout=60) as client:
            document = taken_in(client)
        with Desk.open(where) as desk:
            digest = desk.document(document).digest
            ids = [one.id for one in desk.queue(digest, None, ("candidate",)) if one.kind != "actor"][:REVIEWS]
        assert len(ids) == REVIEWS
        reviewers = Reviewers(found.url, document, ids)
        threads = [threading.Thread(target=reviewers.work) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        until = time.monotonic() + 60
        while len(reviewers.acknowledged) < SEEN_BEFORE_THE_KILL and time.monotonic() < until:
            time.sleep(0.005)
        found.kill()
        for thread in threads:
            thread.join()
    acknowledged = reviewers.acknowledged
    assert SEEN_BEFORE_THE_KILL <= len(acknowledged) < REVIEWS
    with serving(tmp_path, "--desk", where) as again, httpx.Client(base_url=again.url, timeout=60) as client:
        for id in sorted(acknowledged)[:5]:
            assert f"seen {id}" in client.get(f"/desk/{document}/review?at={id}").text
    with Desk.open(where) as desk:
        for id in ids:
            history = desk.history(id)
            assert [one.version for one in history] == list(range(1, len(history) + 1))
            assert len(history) == (2 if id in acknowledged else len(history))
            assert len(history) == 1 or (history[1].state, history[1].note) == ("accepted", f"seen {id}")
            assert len(history) == 1 or id in reviewers.sent
