"""时钟回拨 — the machine's clock ran ahead and was set right: nothing waits until it comes round again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import OFFICE, a_case, day, office_at, set_clock
from workflow import models, outbox
from workflow.deliveries import drain
from workflow.follow_ups import Message
from workflow.oracle import check_all
from workflow.outbox import lease
from workflow.program import Fashen
from workflow.sweep import sweep
from workflow.writing import queue

NOW = day(2025, 1, 6)
AHEAD = NOW + timedelta(days=1)


@pytest.fixture
def fashen(database_url: str) -> Iterator[Fashen]:
    made = office_at(database_url, now=NOW)
    yield made
    faults = check_all(made)
    made.engine.dispose()
    assert faults == []


def a_message(fashen: Fashen) -> int:
    with fashen.engine.begin() as tx:
        queue(
            tx,
            [Message("tell", "t", {"to": "zhang", "text": "请办理"})],
            OFFICE,
            "无",
            fashen.clock(),
        )
        return int(
            tx.scalar(sa.select(models.outbox.c.id).where(models.outbox.c.dedup == "t")) or 0
        )


def come(fashen: Fashen) -> list[str]:
    with fashen.engine.connect() as tx:
        return list(
            tx.execute(sa.select(models.inbox.c.text).order_by(models.inbox.c.id)).scalars()
        )


def swept_at(fashen: Fashen, moment: datetime) -> None:
    set_clock(fashen, moment)
    sweep(fashen)


def test_what_was_queued_ahead_of_time_is_delivered_when_the_clock_is_right_again(fashen: Fashen):
    swept_at(fashen, AHEAD)
    a_message(fashen)
    swept_at(fashen, NOW)
    drain(fashen)
    assert "请办理" in come(fashen)


def test_what_was_given_back_ahead_of_time_is_tried_again(fashen: Fashen):
    message = lease(fashen, a_message(fashen))
    assert message
    swept_at(fashen, AHEAD)
    outbox.give_back(fashen, message, "没有成功")
    swept_at(fashen, NOW)
    drain(fashen)
    assert "请办理" in come(fashen)


def test_who_took_a_message_ahead_of_time_and_died_holds_it_no_longer(fashen: Fashen):
    id = a_message(fashen)
    swept_at(fashen, AHEAD)
    assert lease(fashen, id)
    swept_at(fashen, NOW)
    set_clock(fashen, NOW + timedelta(seconds=1))
    drain(fashen)
    assert "请办理" in come(fashen)


def test_a_channel_that_rested_ahead_of_time_is_tried_again(fashen: Fashen):
    swept_at(fashen, AHEAD)
    with fashen.engine.begin() as tx:
        rests = {"name": "wecom", "failures": 1, "rests_until": AHEAD + timedelta(minutes=5)}
        tx.execute(models.channel.insert(), rests)
    swept_at(fashen, NOW)
    with fashen.engine.connect() as tx:
        assert tx.scalar(sa.select(models.channel.c.rests_until)) == NOW


def test_a_clock_that_was_put_off_ahead_of_time_is_looked_at(fashen: Fashen):
    case = a_case(fashen, "investigating", start=NOW)
    swept_at(fashen, AHEAD)
    d = models.deadline.c
    with fashen.engine.begin() as tx:
        put_off = models.deadline.update().where(d.case_id == case, d.state == "open")
        tx.execute(put_off.values(wake_at=AHEAD + timedelta(hours=14)))
    swept_at(fashen, NOW)
    with fashen.engine.connect() as tx:
        wakes = tx.execute(
            sa.select(d.wake_at).where(d.case_id == case, d.state == "open")
        ).scalars()
        assert AHEAD + timedelta(hours=14) not in list(wakes)


@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=5), timedelta(days=-3)], ids=str)
def test_a_clock_that_is_steered_leaves_what_waits_where_it_is(fashen: Fashen, later: timedelta):
    message = lease(fashen, a_message(fashen))
    assert message
    outbox.give_back(fashen, message, "没有成功")
    swept_at(fashen, NOW + later)
    before = _available(fashen)
    swept_at(fashen, NOW)
    assert _available(fashen) == before == NOW + timedelta(seconds=30)


def test_six_seconds_back_are_noticed(fashen: Fashen):
    message = lease(fashen, a_message(fashen))
    assert message
    outbox.give_back(fashen, message, "没有成功")
    swept_at(fashen, NOW + timedelta(seconds=6))
    swept_at(fashen, NOW)
    assert _available(fashen) == NOW


def _available(fashen: Fashen) -> datetime | None:
    with fashen.engine.connect() as tx:
        return tx.scalar(
            sa.select(models.outbox.c.available_at).where(models.outbox.c.dedup == "t")
        )


def test_each_alert_comes_once_however_the_clock_is_set(fashen: Fashen):
    a_case(fashen, "investigating", start=NOW)
    for days in (0, 100, 40, 99, -1, 80, 120, 100, 121):
        swept_at(fashen, NOW + timedelta(days=days))
        drain(fashen)
    swept_at(fashen, NOW + timedelta(days=121))
    drain(fashen)
    with fashen.engine.connect() as tx:
        n = models.inbox.c
        told = tx.execute(
            sa.select(n.person_id, n.text).where(n.stage.in_(("blue", "yellow", "red")))
        )
        shown = [tuple(row) for row in told]
    assert len(shown) > 4
    assert len(shown) == len(set(shown))
    with fashen.engine.connect() as tx:
        o = models.outbox.c
        assert (
            tx.scalar(sa.select(sa.func.count()).where(o.status.in_(("ready", "leased", "dead"))))
            == 0
        )
