"""What happens to the queue: killed, emptied, frozen, filled with rubbish, read twice. Every alert comes once."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.town import Town, enough
from tests.services.valkey import PrivateValkey
from workflow.deliveries import drain
from workflow.follow_ups import TASKS
from workflow.outbox import due
from workflow.settings import Settings
from workflow.sweep import sweep

pytestmark = pytest.mark.timeout(400)

FREEZE = float(os.environ.get("FASHEN_TEST_FREEZE", "15"))
"""Seconds for which the queue stands still: more than the ten that a socket waits. By hand for minutes."""


@pytest.fixture
def queue() -> Iterator[PrivateValkey]:
    with PrivateValkey() as server:
        yield server


@pytest.fixture
def town(tmp_path: Path, postgresql_url: str, queue: PrivateValkey) -> Iterator[Town]:
    with Town(tmp_path, postgresql_url, queue.url()) as made:
        yield made


def begun(town: Town, cases: int = 12) -> None:
    """One worker and one beat are at work, and some of what is due has been told.

    The worker takes its time over each message, or all would be told before anybody looks.
    """
    town.cases(cases)
    town.worker("w1", FASHEN_FAILPOINT="deliver.after_lease=sleep:0.1")
    town.beat()
    assert town.until(lambda: sum(town.told().values()) >= 5, 60), town.log("w1")
    assert not town.settled()


def test_a_queue_that_is_killed_and_comes_back_empty(town: Town, queue: PrivateValkey):
    begun(town)
    queue.kill9()
    time.sleep(3)
    queue.start()
    enough(town)
    assert "Connection to broker lost" in town.log("w1")
    assert town.alive("w1")
    assert town.alive("beat")


def test_a_queue_that_is_emptied_again_and_again(town: Town, queue: PrivateValkey):
    begun(town)
    for _ in range(5):
        queue.flush()
        time.sleep(0.7)
    enough(town)


def test_a_queue_that_freezes_for_longer_than_anybody_waits_for_it(
    town: Town, queue: PrivateValkey
):
    begun(town)
    with queue.frozen():
        time.sleep(3)
        before = town.told()
        time.sleep(FREEZE - 3)
        assert town.told() == before
        assert not town.settled()
    enough(town)


@pytest.mark.parametrize(
    "rubbish", [b"not json", b"{}", b'{"body": "x"}', b"\xff\xfe", b"[" * 2000], ids=str
)
def test_rubbish_in_the_queue_costs_at_most_the_worker_that_read_it(
    town: Town, queue: PrivateValkey, rubbish: bytes
):
    begun(town, cases=4)
    for _ in range(3):
        words = b"*3\r\n$5\r\nLPUSH\r\n$6\r\nfashen\r\n$%d\r\n%s\r\n" % (len(rubbish), rubbish)
        assert queue.say(words).startswith(b":")
        if not town.until(lambda: not town.alive("w1"), 3):
            continue
        town.kill("w1")  # what is left of it; a supervisor starts it anew
        town.worker("w1")
    enough(town)


def test_messages_that_come_three_times_and_in_another_order(town: Town):
    town.cases(8)
    from tasks.celery_app import make_celery  # late: the app becomes that of the whole process

    sweep(town.fashen)
    with town.fashen.engine.connect() as tx:
        waiting = due(tx, town.fashen.now(tx), limit=1000)
    app = make_celery(Settings(_env_file=None, broker_url=town.broker))
    for again in (reversed(waiting), waiting, sorted(waiting, key=lambda w: (w[0] * 7919) % 101)):
        for id, kind in again:
            app.send_task(TASKS[kind], [id])
    for name in ("w1", "w2"):
        town.worker(name)

    def received() -> int:
        return (town.log("w1") + town.log("w2")).count("] received")

    assert town.until(lambda: received() >= 3 * len(waiting), 60), received()
    enough(town)


def test_without_any_queue_the_clocks_are_told_all_the_same(town: Town, queue: PrivateValkey):
    town.cases(3)
    queue.stop()
    sweep(town.fashen)
    drain(town.fashen)
    town.whole()
