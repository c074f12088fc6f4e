"""What happens to those who work: killed anywhere, paused, doubled, without database, with a wrong clock."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from policies.office import Office
from tests.builders import sample_office
from tests.faults.town import ROOT, Town, enough
from tests.services.outside import Web, says
from tests.services.postgres import PrivatePostgres
from workflow import database, models, offices
from workflow.times import utc_now

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def town(tmp_path: Path, postgresql_url: str, redis_url: str) -> Iterator[Town]:
    with Town(tmp_path, postgresql_url, redis_url) as made:
        yield made


@pytest.mark.parametrize(
    "place",
    [
        "relay.before_commit@1", "relay.after_commit@1", "sweep.before_commit@2", "sweep.after_commit@2",
        "deliver.after_lease@2", "show.before_commit@2", "show.after_commit@2",
    ],
)  # fmt: skip
def test_a_worker_that_is_killed_at_this_place(town: Town, place: str):
    town.cases(3)
    town.worker("w1", pool="solo", FASHEN_FAILPOINT=f"{place}=kill")
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
    town.worker("w1", pool="solo", FASHEN_FAILPOINT="deliver.after_lease@3=sleep:8")
    town.beat()
    assert town.until(lambda: _held_for_a_second(town), 90), town.log("w1")
    os.killpg(town.running["w1"].pid, signal.SIGSTOP)
    town.worker("w2")
    enough(town)
    os.killpg(town.running["w1"].pid, signal.SIGCONT)
    assert town.until(lambda: "was taken over by somebody else" in town.log("w1"), 30)
    town.whole()


def _held_for_a_second(town: Town) -> bool:
    """A lease is held for milliseconds, but for the one under which the worker sleeps."""
    if not _held(town):
        return False
    time.sleep(1)
    return _held(town) > 0


def _held(town: Town) -> int:
    with town.fashen.engine.connect() as tx:
        o = models.outbox.c
        count = sa.select(sa.func.count()).select_from(models.outbox)
        return tx.scalar(count.where(o.status == "leased")) or 0


def test_a_database_that_is_killed_and_comes_back(tmp_path: Path, redis_url: str):
    with PrivatePostgres() as server:
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


# — a wrong clock —

HOUR, DAY = 3600, 86400


@pytest.mark.parametrize("jumps", [(HOUR, 0), (-HOUR, 0), (DAY, -DAY, 0)], ids=str)
def test_a_clock_that_jumps_ahead_and_back(town: Town, tmp_path: Path, jumps: tuple[int, ...]):
    moved = tmp_path / "clock"
    moved.write_text("0")
    wrong = {"FASHEN_TEST_CLOCK": str(moved), "PYTHONPATH": f"{ROOT / 'tests/faults/clock'}:{ROOT}"}
    town.worker("w1", **wrong)
    town.beat(**wrong)
    for seconds in jumps:
        town.cases(2)
        moved.write_text(str(seconds))
        there = f"[{utc_now() + timedelta(seconds=seconds):%Y-%m-%d}"
        assert town.until(lambda: there in town.log("beat")[-400:], 60), town.log("beat")  # noqa: B023
        enough(town)
    assert town.alive("beat")
    assert town.alive("w1")


# — a channel that hangs —


def test_a_channel_that_hangs_holds_up_neither_the_inbox_nor_another_channel(
    tmp_path: Path, postgresql_url: str, redis_url: str
):
    hangs = threading.Event()

    def perhaps(web: Web, sock: socket.socket) -> None:
        if hangs.is_set():
            web.over.wait(60)
        else:
            says({"errcode": 0})(web, sock)

    with Web(perhaps) as slow, Web(says({"errcode": 0})) as quick:
        ways = {
            "FASHEN_WECOM_URL": slow.url("/send?key=k"),
            "FASHEN_DINGTALK_URL": quick.url("/send?access_token=t"),
            "FASHEN_DINGTALK_SECRET": "SEC0123456789abcdef",
        }
        with Town(tmp_path, postgresql_url, redis_url, more=ways) as town:
            offices.load(town.fashen, _reached("wecom", "dingtalk"))
            hangs.set()
            town.cases(4)
            town.worker("w1")
            town.beat()
            assert town.until(lambda: town.told() == town.expected(), 60), town.log("w1")
            letters = 4 * 2  # yellow and red of each case to zhang
            assert town.until(lambda: len(quick.heard) == letters, 60), town.log("w1")
            assert slow.heard
            assert town.until(lambda: town.waiting() == letters, 60), town.waiting()
            hangs.clear()
            enough(town)
            assert "没有送到" in town.log("w1")


def _reached(*channels: str) -> Office:
    body = sample_office().model_dump(mode="json", by_alias=True)
    for person in body["people"]:
        if person["id"] == "zhang":
            person["reach"] = dict.fromkeys(channels, "13800000000")
    body["alerts"]["quiet"] = None
    return Office.model_validate(body)


# — a calendar that cannot be read —


def test_a_calendar_file_that_is_broken_stops_the_start_with_its_name_and_loses_nothing(
    town: Town, tmp_path: Path
):
    folder = tmp_path / "holidays"
    folder.mkdir()
    (folder / "2027.json").write_text('{"year": 2027, "days": [')
    town.more = {"FASHEN_HOLIDAYS_DIR": str(folder)}
    town.cases(2)
    town.worker("w1", pool="solo")
    town.beat()
    assert town.until(lambda: "2027.json" in town.log("w1"), 60), town.log("w1")
    assert not town.told()
    (folder / "2027.json").unlink()
    town.kill("w1")
    town.worker("w1", pool="solo")
    enough(town)
