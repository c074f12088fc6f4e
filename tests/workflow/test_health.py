"""Each line of health on both sides of its edge, by a clock that stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from policies.calendar import Calendar
from tests.builders import OFFICE, a_case, day, office_at, set_clock
from workflow import database, heartbeats, models
from workflow.deliveries import drain
from workflow.health import Line, as_json, health, worst
from workflow.program import Fashen
from workflow.settings import Settings
from workflow.sweep import sweep

NOON = day(2026, 9, 1, 12)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
REDIS = "redis://127.0.0.1:1/0"


@pytest.fixture
def fashen() -> Iterator[Fashen]:
    made = office_at(now=NOON)
    yield made
    made.engine.dispose()


def on_redis(fashen: Fashen) -> Fashen:
    fashen.settings = fashen.settings.model_copy(update={"broker_url": REDIS})
    return fashen


def lines(fashen: Fashen) -> dict[str, Line]:
    found = health(fashen)
    assert len({line.name for line in found}) == len(found)
    assert all(line.cure for line in found if line.level != "green")
    return {line.name: line for line in found}


def level(fashen: Fashen, name: str) -> str | None:
    line = lines(fashen).get(name)
    return line.level if line else None


def later(fashen: Fashen, span: timedelta) -> None:
    set_clock(fashen, NOON + span)


def queued(fashen: Fashen, available: datetime, **values: Any) -> None:
    row = {
        "kind": "tell", "dedup": str(available), "office_id": "sample", "case_id": "", "payload": "{}",
        "status": "ready", "attempts": 0, "created_at": NOON, "available_at": available, **values,
    }  # fmt: skip
    with fashen.engine.begin() as tx:
        tx.execute(models.outbox.insert(), row)


# — parts ——————————————————————————————————————————————————————————————————————————————


def test_nothing_ever_ran_and_nothing_is_red_until_a_broker_says_that_it_must(fashen: Fashen):
    assert level(fashen, "sweep") == "yellow"
    assert not lines(fashen).keys() & {"beat", "relay", "worker"}
    on_redis(fashen)
    assert {n: level(fashen, n) for n in ("sweep", "beat", "relay", "worker")} == dict.fromkeys(
        ("sweep", "beat", "relay", "worker"), "red"
    )


@pytest.mark.parametrize(
    ("every", "silent", "told"),
    [
        (30 * SECOND, 90 * SECOND, "green"),
        (30 * SECOND, 91 * SECOND, "yellow"),
        (30 * SECOND, 30 * MINUTE, "yellow"),
        (30 * SECOND, 30 * MINUTE + SECOND, "red"),
        (heartbeats.SWEEP_UNTOLD, 15 * MINUTE, "green"),
        (heartbeats.SWEEP_UNTOLD, 15 * MINUTE + SECOND, "yellow"),
        (60 * MINUTE, 30 * MINUTE, "green"),
        (60 * MINUTE, 30 * MINUTE + SECOND, "red"),
    ],
)
def test_a_sweep_is_missed_after_three_of_its_periods_and_red_after_half_an_hour(
    fashen: Fashen, every: timedelta, silent: timedelta, told: str
):
    sweep(fashen, every=every)
    later(fashen, silent)
    assert level(fashen, "sweep") == told


@pytest.mark.parametrize("name", ["beat", "relay"])
@pytest.mark.parametrize(
    ("silent", "told"),
    [
        (30 * SECOND, "green"),
        (31 * SECOND, "yellow"),
        (30 * MINUTE, "yellow"),
        (30 * MINUTE + SECOND, "red"),
    ],
)
def test_beat_and_relay_are_missed_like_the_sweep_where_they_ever_reported(
    fashen: Fashen, name: str, silent: timedelta, told: str
):
    heartbeats.beat(fashen, name)
    later(fashen, silent)
    assert level(fashen, name) == told


def test_an_office_that_only_sweeps_is_told_so_and_misses_nobody(fashen: Fashen):
    sweep(fashen)
    found = lines(fashen)
    assert worst([line for line in found.values() if line.name != "unconfirmed"]) == "green"
    assert "fashen sweep" in found["worker"].text


@pytest.mark.parametrize(("silent", "told"), [(60 * SECOND, "green"), (61 * SECOND, "red")])
def test_a_worker_is_alive_for_a_minute_after_its_last_heartbeat(
    fashen: Fashen, silent: timedelta, told: str
):
    heartbeats.beat(fashen, "worker:celery@a")
    later(fashen, silent)
    assert level(fashen, "worker") == told
    assert level(fashen, "vanished") == (None if told == "green" else "yellow")


def test_of_two_workers_one_vanished_without_a_word_and_one_said_good_bye(fashen: Fashen):
    heartbeats.beat(fashen, "worker:celery@gone")
    heartbeats.beat(fashen, "worker:celery@stopped")
    with fashen.engine.begin() as tx:
        heartbeats.take_back(tx, "worker:celery@stopped")
    later(fashen, 2 * MINUTE)
    heartbeats.beat(fashen, "worker:celery@here")
    found = lines(fashen)
    assert (found["worker"].level, found["worker"].detail) == ("green", "celery@here")
    assert found["vanished"].level == "yellow"
    assert found["vanished"].detail == "celery@gone，最后在 12:00"


@pytest.mark.parametrize(("minutes", "told"), [(60, "yellow"), (61, None)])
def test_a_worker_that_vanished_an_hour_ago_is_no_longer_told(
    fashen: Fashen, minutes: int, told: str | None
):
    heartbeats.beat(fashen, "worker:celery@gone")
    later(fashen, minutes * MINUTE)
    assert level(fashen, "vanished") == told


# — messages and channels ——————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("waits", "told"),
    [
        (5 * MINUTE, "green"),
        (5 * MINUTE + SECOND, "yellow"),
        (30 * MINUTE, "yellow"),
        (30 * MINUTE + SECOND, "red"),
    ],
)
def test_a_message_is_late_by_when_it_could_have_gone(fashen: Fashen, waits: timedelta, told: str):
    queued(fashen, NOON)
    queued(fashen, NOON + timedelta(days=1))
    later(fashen, waits)
    assert level(fashen, "oldest") == told


@pytest.mark.parametrize(("lease", "told"), [(29 * MINUTE, "green"), (23 * MINUTE, "yellow")])
def test_a_message_in_somebodys_hands_is_late_once_the_lease_is_over(
    fashen: Fashen, lease: timedelta, told: str
):
    queued(fashen, NOON, status="leased", lease_until=NOON + lease, lease_token="t")
    later(fashen, 29 * MINUTE)
    assert level(fashen, "oldest") == told


@pytest.mark.parametrize(("count", "told"), [(1000, "green"), (1001, "yellow")])
def test_many_messages_at_once_are_said(fashen: Fashen, count: int, told: str):
    for n in range(count):
        queued(fashen, NOON + n * SECOND)
    assert level(fashen, "queue") == told
    assert f"{count} 条" in lines(fashen)["queue"].text


def test_dead_messages_are_counted_with_the_command_that_requeues_them(fashen: Fashen):
    assert level(fashen, "dead") is None
    queued(fashen, NOON, status="dead")
    found = lines(fashen)["dead"]
    assert (found.level, "1 条" in found.text, "fashen messages" in found.cure) == (
        "yellow", True, True,
    )  # fmt: skip


def test_a_channel_that_fails_is_told_with_how_many_letters_wait_for_it(fashen: Fashen):
    row = {"name": "wecom", "failures": 0, "rests_until": None, "error": None}
    with fashen.engine.begin() as tx:
        tx.execute(models.channel.insert(), row)
    assert level(fashen, "channel:wecom") is None
    for n, name in enumerate(("wecom", "wecom", "email")):
        payload = json.dumps({"channel": name, "to": "zhang"})
        queued(fashen, NOON + n * SECOND, kind="send", payload=payload)
    with fashen.engine.begin() as tx:
        again = NOON + 10 * MINUTE
        failed = {"failures": 3, "rests_until": again, "error": "key=geheim"}
        tx.execute(models.channel.update().values(**failed))
    found = lines(fashen)["channel:wecom"]
    assert found.level == "yellow"
    assert found.text == "渠道“wecom”连续 3 次没有送到，12:10 再试，2 封信在等它。"
    assert found.detail == "key=geheim"
    later(fashen, 10 * MINUTE)
    assert "现在可以再试" in lines(fashen)["channel:wecom"].text


def test_a_platform_that_fails_is_told_with_how_many_decisions_wait_for_it(fashen: Fashen):
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        row = {"name": "platform:http", "failures": 3, "failed_at": now, "error": "连接被拒绝"}
        tx.execute(models.channel.insert(), row)
        for n, kind in enumerate(("publish", "publish", "withdraw", "send")):
            message = {
                "kind": kind, "dedup": f"{n}", "office_id": "sample", "case_id": "", "status": "ready",
                "payload": json.dumps({"platform": "http", "channel": "wecom"}),
                "created_at": now, "available_at": now,
            }  # fmt: skip
            tx.execute(models.outbox.insert(), message)
    found = lines(fashen)["channel:platform:http"]
    assert "平台“http”连续 3 次没有送到" in found.text
    assert "3 件在等它" in found.text
    assert "docs/platforms.md" in found.cure


# — numbers, calendar, database ————————————————————————————————————————————————————————


def test_unconfirmed_numbers_are_counted_and_named(fashen: Fashen):
    found = lines(fashen)["unconfirmed"]
    named = found.detail.splitlines()
    assert found.level == "yellow"
    assert f"{len(named)} 个" in found.text
    assert any(line.startswith("legal_review.turnaround = 5 个工作日") for line in named)


@pytest.mark.parametrize(
    ("today", "provisional", "told"),
    [
        (day(2026, 11, 30), False, None),
        (day(2026, 11, 30), True, "green"),
        (day(2026, 12, 1), False, "yellow"),
        (day(2026, 12, 1), True, "yellow"),
        (day(2027, 1, 1), False, "yellow"),
    ],
)
def test_provisional_clocks_are_as_they_must_be_until_december(
    fashen: Fashen, today: datetime, provisional: bool, told: str | None
):
    if fashen.calendar.published_through != 2026:
        fashen.calendar = Calendar.published()
    assert fashen.calendar.published_through == 2026
    if provisional:
        a_case(fashen, "lead")
        with fashen.engine.begin() as tx:
            tx.execute(models.deadline.update().values(provisional=True))
    set_clock(fashen, today)
    assert level(fashen, "calendar") == told


def test_without_a_database_there_is_one_red_line():
    engine = database.connect("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2")
    [line] = health(Fashen(Settings(_env_file=None, secret_key="k" * 32), engine))
    assert (line.name, line.level) == ("database", "red")
    assert "nobody" not in line.text + line.cure


def test_a_sound_office_is_green_but_for_its_numbers_on_both_databases(database_url: str):
    fashen = office_at(database_url, now=NOON)
    a_case(fashen, "lead")
    sweep(fashen)
    drain(fashen)
    for name in ("beat", "relay", "worker:celery@a"):
        heartbeats.beat(fashen, name)
    found = lines(fashen)
    fashen.engine.dispose()
    assert {n for n, line in found.items() if line.level != "green"} == {"unconfirmed"}
    assert list(found)[:5] == ["database", "sweep", "beat", "relay", "worker"]


def test_outside_the_office_nobody_hears_machines_or_receivers(fashen: Fashen):
    heartbeats.beat(fashen, "worker:celery@secret-host")
    with fashen.engine.begin() as tx:
        row = {"name": "wecom", "failures": 2, "error": "key=geheim"}
        tx.execute(models.channel.insert(), row)
    later(fashen, 2 * MINUTE)
    told = json.dumps(as_json(health(fashen)), ensure_ascii=False)
    assert "wecom" in told
    assert not any(word in told for word in ("secret-host", "geheim", "legal_review"))


def test_the_worst_line_counts():
    made = {level: Line("x", level, "") for level in ("green", "yellow", "red")}
    assert worst([]) == "green"
    assert worst([made["green"], made["yellow"]]) == "yellow"
    assert worst([made["red"], made["yellow"]]) == "red"


def test_looking_changes_nothing(fashen: Fashen):
    heartbeats.beat(fashen, "worker:celery@gone")
    later(fashen, timedelta(days=1))
    health(fashen)
    with fashen.engine.connect() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(models.heartbeat)) == 1


@pytest.mark.parametrize(
    ("state", "waits", "line"),
    [
        ("unknown", DAY, None), ("unknown", DAY + SECOND, "unsettled"), ("sending", DAY + SECOND, "unsettled"),
        ("withdrawing", DAY + SECOND, "unsettled"), ("confirmed", 9 * DAY, None), ("pending", 9 * DAY, None),
        ("refused", SECOND, "refused"),
    ],
)  # fmt: skip
def test_a_decision_that_a_platform_did_not_take_or_does_not_answer_for_is_said(
    fashen: Fashen, state: str, waits: timedelta, line: str | None
):
    case = a_case(fashen, "lead")
    row = {
        "case_id": case, "platform": "http", "version": 1, "office_id": OFFICE, "key": "k", "state": state,
        "digest": "", "intended_at": NOON, "tried_at": fashen.clock() - waits,
    }  # fmt: skip
    with fashen.engine.begin() as tx:
        tx.execute(models.publication.insert(), row)
    said = {"unsettled": "有 1 件公示报送以后一天还不知道", "refused": "有 1 件公示平台不收"}
    found = lines(fashen)
    assert {n for n in said if n in found} == ({line} if line else set())
    if line:
        assert said[line] in found[line].text
