"""Heartbeats and the good-bye of real processes: a worker with its beat on Valkey, and `fashen serve`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tasks import heartbeats
from tasks.celery_app import SteadyScheduler, make_celery
from tests.builders import a_case, office_at
from tests.services.server import wait_until
from workflow import models
from workflow.database import reading
from workflow.heartbeats import left
from workflow.program import Fashen

ROOT = Path(__file__).parents[2]
SOON = 60.0
SLOW = "deliver.after_lease=sleep:2"
"""Each delivery takes two seconds, so that there is a middle of it."""


@contextmanager
def running(
    fashen: Fashen, url: str, folder: Path, *words: str, **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A process on this database; what it writes stands in `log`."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("FASHEN_", "CELERY_"))}
    settings = {
        "FASHEN_DATA_DIR": str(fashen.settings.data_dir),
        "FASHEN_DATABASE_URL": url,
        "FASHEN_SECRET_KEY": fashen.settings.secret_key,
    }
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *words],
            env={**inherited, **settings, "PYTHONPATH": str(ROOT), **more},
            cwd=folder, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def beats(fashen: Fashen) -> dict[str, Any]:
    """The heartbeats by name, workers as `worker`, each with the process that left it."""
    with reading(fashen.engine) as tx:
        return {n.partition(":")[0]: b.said.get("pid") for n, b in left(tx).items()}


def at_work(fashen: Fashen) -> bool:
    """Every part has reported, and a delivery runs."""
    alive = beats(fashen).keys() >= {"sweep", "beat", "relay", "worker"}
    return alive and bool(messages(fashen, "leased"))


def messages(fashen: Fashen, status: str) -> list[Any]:
    with reading(fashen.engine) as tx:
        found = sa.select(models.outbox).where(models.outbox.c.status == status)
        return list(tx.execute(found))


def assert_given_back_or_done(fashen: Fashen, begun: int) -> None:
    """Whatever was in somebody's hands was finished at the first attempt; the rest was never tried."""
    assert messages(fashen, "leased") == []
    done = messages(fashen, "done")
    assert len(done) >= begun
    assert {row.attempts for row in done} == {1}
    assert {row.attempts for row in messages(fashen, "ready")} <= {0}


def test_a_worker_that_is_asked_to_stop_finishes_what_it_delivers_and_says_good_bye(
    postgresql_url: str, redis_url: str, tmp_path: Path
):
    fashen = office_at(postgresql_url)
    for _ in range(3):
        a_case(fashen, "filing")
    assert len(messages(fashen, "ready")) >= 3
    broker = {"FASHEN_BROKER_URL": redis_url, "FASHEN_FAILPOINT": SLOW}
    celery = ("-m", "celery", "-A", "worker")
    with (
        running(fashen, postgresql_url, tmp_path, *celery, "worker", **broker) as worker,
        running(fashen, postgresql_url, tmp_path, *celery, "beat", **broker) as beat,
    ):
        log = tmp_path / "log"
        assert wait_until(lambda: at_work(fashen), SOON), log.read_text()
        begun = len(messages(fashen, "leased"))
        found = beats(fashen)
        worker.terminate()
        assert (found["worker"], found["beat"]) == (
            worker.pid,
            beat.pid,
        )  # the parent, and no child
        assert worker.wait(SOON) == 0, log.read_text()
        beat.terminate()
        assert beat.wait(SOON) == 0, log.read_text()
    assert_given_back_or_done(fashen, begun)
    assert not beats(fashen).keys() & {"worker", "beat"}
    assert "heartbeat" not in log.read_text()
    fashen.engine.dispose()


def test_a_worker_that_is_killed_leaves_its_heartbeat_behind(
    postgresql_url: str, redis_url: str, tmp_path: Path
):
    fashen = office_at(postgresql_url)
    words = ("-m", "celery", "-A", "worker", "worker", "--pool", "solo")
    with running(fashen, postgresql_url, tmp_path, *words, FASHEN_BROKER_URL=redis_url) as worker:
        assert wait_until(lambda: "worker" in beats(fashen), SOON), (tmp_path / "log").read_text()
        worker.kill()
        worker.wait(SOON)
    assert "worker" in beats(fashen)
    fashen.engine.dispose()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_serve_finishes_what_it_delivers_and_leaves_only_the_time_of_its_last_sweep(
    sqlite_url: str, tmp_path: Path, sign: signal.Signals
):
    fashen = office_at(sqlite_url)
    a_case(fashen, "filing")
    code = "import sys; from workflow.cli import main; sys.exit(main())"
    words = ("-c", code, "serve", "--port", "0")
    with running(fashen, sqlite_url, tmp_path, *words, FASHEN_FAILPOINT=SLOW) as serve:
        log = tmp_path / "log"
        assert wait_until(lambda: at_work(fashen), SOON), log.read_text()
        begun = len(messages(fashen, "leased"))
        serve.send_signal(sign)
        assert serve.wait(SOON) == 0, log.read_text()
    assert_given_back_or_done(fashen, begun)
    assert beats(fashen).keys() == {"sweep"}
    assert "heartbeat" not in log.read_text()
    fashen.engine.dispose()


# — the heart by itself ————————————————————————————————————————————————————————————————


class FakeHeart(heartbeats.Heart):
    """Counts what it is asked for."""

    def __init__(self) -> None:
        super().__init__("sqlite://")
        self.asked: list[tuple[str, ...]] = []

    def leave_soon(self, name: str) -> None:
        self.asked.append(("leave", name))

    def take_back(self, *names: str) -> None:
        self.asked.append(("take back", *names))


@pytest.fixture
def scheduler(monkeypatch) -> Iterator[SteadyScheduler]:
    import celery._state

    default, current = celery._state.default_app, celery._state._tls.current_app

    class NoBroker:
        broker_url = None

    yield SteadyScheduler(make_celery(NoBroker(), heart=FakeHeart()))
    celery._state.set_default_app(default)
    celery._state._tls.current_app = current


@pytest.mark.parametrize(("pause", "written"), [(9.9, 1), (10.0, 2)])
def test_the_beat_is_written_once_in_ten_seconds_and_taken_back_at_the_end(
    scheduler: SteadyScheduler, monkeypatch, pause: float, written: int
):
    clock = [1000.0]
    monkeypatch.setattr("tasks.celery_app.time.monotonic", lambda: clock[0])
    scheduler.tick()
    clock[0] += pause
    scheduler.tick()
    asked = scheduler.app.heart.asked
    assert asked == [("leave", "beat")] * written
    scheduler.close()
    scheduler.close()
    assert asked[written:] == [("take back", "beat")]


def test_a_database_that_is_lost_stops_nobody_and_is_said_once(caplog, tmp_path: Path):
    heart = heartbeats.Heart("postgresql+psycopg://nobody:geheim@127.0.0.1:1/none")
    for _ in range(3):
        heart.leave("beat")
    heart.take_back("beat")
    said = [record.getMessage() for record in caplog.records]
    assert said == ["no heartbeat can be written: OperationalError"]


def test_a_writing_that_hangs_is_waited_for_by_nobody(monkeypatch, sqlite_url: str):
    heart = heartbeats.Heart(sqlite_url)
    go_on, begun = threading.Event(), []

    def hangs(_name: str) -> None:
        begun.append(1)
        go_on.wait(SOON)

    monkeypatch.setattr(heart, "leave", hangs)
    monkeypatch.setattr(heartbeats, "PATIENCE", 0.1)
    heart.leave_soon("beat")
    heart.leave_soon("beat")
    heart.take_back("beat")
    assert begun == [1]
    go_on.set()


def test_no_child_is_forked_while_a_heartbeat_is_written(sqlite_url: str):
    fashen = office_at(sqlite_url)
    inside, go_on = threading.Event(), threading.Event()
    order: list[str] = []
    heart = heartbeats.Heart(sqlite_url)

    def slowly(_tx: Any) -> None:
        inside.set()
        go_on.wait(SOON)
        order.append("written")

    writer = threading.Thread(target=lambda: heart._write(slowly))
    writer.start()
    assert inside.wait(SOON)
    threading.Timer(0.3, go_on.set).start()
    assert forked(lambda: 0 if order == ["written"] else 1) == 0
    writer.join(SOON)
    assert forked(lambda: 0 if heartbeats._writing.acquire(blocking=False) else 1) == 0
    fashen.engine.dispose()


def forked(what: Callable[[], int]) -> int:
    child = os.fork()
    if child == 0:
        os._exit(what())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
