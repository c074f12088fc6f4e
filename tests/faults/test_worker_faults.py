"""What happens to those who work: killed anywhere, paused, doubled, without database, with a wrong clock."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.town import Town, enough
from tests.services.postgres import PrivatePostgres

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def town(tmp_path: Path, postgresql_url: str, redis_url: str) -> Iterator[Town]:
    with Town(tmp_path, postgresql_url, redis_url) as made:
        yield made


@pytest.mark.parametrize(
    "place",
    [
        "relay.before_commit", "relay.after_commit", "sweep.before_commit", "sweep.after_commit",
        "deliver.after_lease", "show.before_commit", "show.after_commit",
    ],
)  # fmt: skip
def test_a_worker_that_is_killed_at_this_place(town: Town, place: str):
    town.cases(3)
    town.worker("w1", pool="solo", FASHEN_FAILPOINT=f"{place}@2=kill")
    town.beat()
    assert town.until(lambda: not town.alive("w1"), 60), town.log("w1")
    assert town.running["w1"].returncode == -signal.SIGKILL
    assert not town.settled()
    town.kill("w1")
    town.worker("w2")
    enough(town)


def test_two_beats_and_three_workers_tell_everything_once(town: Town):
    town.cases(15)
    for name in ("w1", "w2", "w3"):
        town.worker(name)
    for name in ("b1", "b2"):
        town.beat(name)
    enough(town)
    assert all("Scheduler: Sending due task sweep" in town.log(name) for name in ("b1", "b2"))
    shares = [town.log(name).count("] succeeded") for name in ("w1", "w2", "w3")]
    assert min(shares) > 0


def test_a_worker_that_stands_still_beyond_its_lease_finds_itself_overtaken(town: Town):
    town.cases(2)
    town.worker("w1", pool="solo", FASHEN_FAILPOINT="deliver.after_lease@3=sleep:3")
    town.beat()
    assert town.until(lambda: sum(town.told().values()) >= 2, 60), town.log("w1")
    assert town.until(lambda: _held(town) > 0, 20)
    os.killpg(town.running["w1"].pid, signal.SIGSTOP)
    town.worker("w2")
    enough(town)
    os.killpg(town.running["w1"].pid, signal.SIGCONT)
    assert town.until(lambda: "was taken over by somebody else" in town.log("w1"), 30)
    town.whole()


def _held(town: Town) -> int:
    import sqlalchemy as sa

    from workflow import models

    with town.fashen.engine.connect() as tx:
        o = models.outbox.c
        count = sa.select(sa.func.count()).select_from(models.outbox)
        return tx.scalar(count.where(o.status == "leased")) or 0


def test_a_database_that_is_killed_and_comes_back(tmp_path: Path, redis_url: str):
    with PrivatePostgres() as server:
        from workflow import database

        database.migrate(server.url())
        with Town(tmp_path, server.url(), redis_url) as town:
            town.cases(10)
            town.worker("w1")
            town.beat()
            assert town.until(lambda: sum(town.told().values()) >= 5, 60), town.log("w1")
            server.kill9()
            time.sleep(4)
            server.start()
            enough(town)
            assert "OperationalError" in town.log("w1")
