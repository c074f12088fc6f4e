"""`fashen sweep` — once for cron, or again and again until it is asked to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.builders import a_case
from tests.services.server import wait_until
from workflow import heartbeats, models
from workflow.database import reading

ROOT = Path(__file__).parents[2]


def swept(office) -> heartbeats.Heartbeat | None:
    with reading(office.engine) as tx:
        return heartbeats.left(tx).get("sweep")


def undone(office) -> int:
    o = models.outbox.c
    with reading(office.engine) as tx:
        count = tx.scalar(sa.select(sa.func.count(o.id)).where(o.status != "done"))
    return int(count or 0)


def test_once_sweeps_delivers_and_says_so(office, command):
    a_case(office, "lead")  # in January 2025: its clock ran out long ago
    ran = command("sweep")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("巡查期限：提醒 ")
    assert "提醒 0 项" not in ran.out
    assert undone(office) == 0
    assert swept(office).said["every"] == heartbeats.SWEEP_UNTOLD.total_seconds()
    again = command("sweep")
    assert again.out == "巡查期限：提醒 0 项，期满 0 项，重算 0 件；办成待发 0 条。\n"


def test_doctor_misses_no_part_of_celery_where_only_sweeps_run(office, command):
    command("sweep")
    ran = command("doctor")
    assert ran.code == 0
    assert "由 fashen sweep 定时做" in ran.out
    assert "beat" not in ran.out


def test_doctor_fails_when_a_line_is_red(office, command):
    command("sweep")
    with office.engine.begin() as tx:
        long_ago = swept(office).at.replace(year=2020)
        tx.execute(models.heartbeat.update().values(at=long_ago))
    ran = command("doctor")
    assert ran.code == 1
    assert "✗ 巡查期限" in ran.out
    assert "→ 启动 fashen serve" in ran.out
    told = command("doctor", "--json").json
    [line] = [line for line in told["health"] if line["name"] == "sweep"]
    assert line["level"] == "red"
    assert set(told) == {
        "cases", "entries", "waiting", "dead", "heartbeats", "unconfirmed", "faults", "deep", "health",
    }  # fmt: skip


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_the_loop_finishes_its_round_and_ends_with_0(office, command, sign):
    a_case(office, "lead")
    process = subprocess.Popen(
        [sys.executable, "-c", "import sys; from workflow.cli import main; sys.exit(main())",
         "sweep", "--loop", "60"],
        cwd=command.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "FASHEN_FAILPOINT": "deliver.after_lease@1=sleep:2"},
    )  # fmt: skip
    try:
        o = models.outbox.c

        def delivering() -> bool:
            with reading(office.engine) as tx:
                return bool(tx.scalar(sa.select(o.id).where(o.status == "leased")))

        assert wait_until(delivering, 30)
        process.send_signal(sign)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, err) == (0, "")
    assert "每 60 秒巡查一次" in out
    assert "办成待发" in out
    assert undone(office) == 0
    assert swept(office).said["every"] == 60


def test_a_round_that_fails_is_tried_again(office, command, monkeypatch):
    from workflow.cli import sweeping

    rounds = []

    def breaks(*_given) -> None:
        rounds.append(1)
        raise RuntimeError("lost")

    monkeypatch.setattr(sweeping, "_round", breaks)
    monkeypatch.setattr(sweeping._Stop, "__init__", lambda self: None)
    monkeypatch.setattr(sweeping._Stop, "asked_within", lambda self, _s: len(rounds) == 3)
    assert command("sweep", "--loop", "1").code == 0
    assert len(rounds) == 3


@pytest.mark.parametrize(
    ("typed", "words"), [("0", "1 到 3600"), ("3601", "1 到 3600"), ("x", "整数")]
)
def test_a_pause_that_cannot_be_is_wrong_usage(command, typed, words):
    ran = command("sweep", "--loop", typed)
    assert ran.code == 2
    assert words in ran.err
