"""Heartbeats as rows: by the office's clock, written no oftener than asked, forgotten when long gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.builders import day, office_at, set_clock
from workflow import heartbeats, models
from workflow.database import reading
from workflow.program import Fashen
from workflow.sweep import sweep

NOON = day(2026, 9, 1, 12)
SECOND = timedelta(seconds=1)


@pytest.fixture
def fashen(database_url: str) -> Iterator[Fashen]:
    made = office_at(database_url, now=NOON)
    yield made
    made.engine.dispose()


def left(fashen: Fashen) -> dict[str, heartbeats.Heartbeat]:
    with reading(fashen.engine) as tx:
        return heartbeats.left(tx)


def test_a_heartbeat_is_the_last_moment_and_what_was_said(fashen: Fashen):
    heartbeats.beat(fashen, "beat", pid=1)
    set_clock(fashen, NOON + SECOND)
    heartbeats.beat(fashen, "beat", pid=2)
    assert left(fashen) == {"beat": heartbeats.Heartbeat("beat", NOON + SECOND, {"pid": 2})}


@pytest.mark.parametrize(("later", "written"), [(9, False), (10, True)])
def test_what_beats_fast_is_written_now_and_then(fashen: Fashen, later: int, written: bool):
    heartbeats.beat(fashen, "relay", at_most=10 * SECOND)
    set_clock(fashen, NOON + later * SECOND)
    heartbeats.beat(fashen, "relay", at_most=10 * SECOND)
    assert (left(fashen)["relay"].at == NOON + later * SECOND) is written


def test_a_long_name_is_cut_and_found_again(fashen: Fashen):
    name = f"worker:{'n' * 100}"
    heartbeats.beat(fashen, name)
    assert [len(n) for n in left(fashen)] == [80]
    with fashen.engine.begin() as tx:
        heartbeats.take_back(tx, name)
    assert left(fashen) == {}


def test_the_sweep_says_what_it_did_how_long_it_took_and_when_the_next_one_comes(fashen: Fashen):
    sweep(fashen, every=30 * SECOND)
    found = left(fashen)["sweep"]
    assert found.at == NOON
    assert (found.said["alerts"], found.said["lapses"], found.said["every"]) == (0, 0, 30)
    assert 0 <= found.said["seconds"] < 60


def test_words_of_an_earlier_version_are_no_fault(fashen: Fashen):
    with fashen.engine.begin() as tx:
        row = {"name": "sweep", "at": NOON, "detail": "3 alerts, 0 lapses"}
        tx.execute(models.heartbeat.insert(), row)
    assert left(fashen)["sweep"].said == {}


@pytest.mark.parametrize(("seconds", "stay"), [(3600, True), (3601, False)])
def test_a_vanished_worker_is_forgotten_after_an_hour(fashen: Fashen, seconds: int, stay: bool):
    heartbeats.beat(fashen, "worker:celery@a")
    set_clock(fashen, NOON + seconds * SECOND)
    sweep(fashen)
    assert ("worker:celery@a" in left(fashen)) is stay
    assert "sweep" in left(fashen)


@pytest.mark.parametrize("broker", [None, "redis://127.0.0.1:1/0"])
def test_beat_and_relay_of_one_process_are_forgotten_with_it_and_those_of_a_district_are_not(
    fashen: Fashen, broker: str | None
):
    fashen.settings = fashen.settings.model_copy(update={"broker_url": broker})
    for name in ("beat", "relay"):
        heartbeats.beat(fashen, name)
    set_clock(fashen, NOON + 3601 * SECOND)
    sweep(fashen)
    assert set(left(fashen)) == ({"sweep", "beat", "relay"} if broker else {"sweep"})


def test_what_is_expected_of_the_sweep_is_what_beat_is_told():
    import worker  # late: the app that it makes becomes that of the whole process

    schedule = worker.app.conf.beat_schedule
    assert schedule["sweep"]["schedule"] == heartbeats.SWEEP_EVERY.total_seconds()
    assert schedule["relay"]["schedule"] == heartbeats.RELAY_EVERY.total_seconds()
