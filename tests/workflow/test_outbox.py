"""待发 — leases, fences and patience of the messages, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from tasks import outbox as tasks_outbox
from tests.builders import OFFICE, day, office_at, set_clock
from workflow import deliveries, models, outbox
from workflow.deliveries import deliver, drain
from workflow.follow_ups import LONGEST_ATTEMPTS, Message
from workflow.outbox import Fenced, Leased, lease_of, trusted_for
from workflow.program import Fashen
from workflow.settings import Settings
from workflow.times import utc_now
from workflow.writing import queue

NOW = day(2025, 1, 6)
LEASE, RESEND = lease_of(Settings(_env_file=None)), trusted_for(Settings(_env_file=None))
A_MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def fashen(database_url: str) -> Iterator[Fashen]:
    made = office_at(database_url, now=NOW)
    yield made
    made.engine.dispose()


def a_message(fashen: Fashen, dedup: str = "tell:1") -> int:
    """A notice for zhang that waits; its id."""
    message = Message("tell", dedup, {"to": "zhang", "text": "请办理"})
    with fashen.engine.begin() as tx:
        queue(tx, [message], OFFICE, "no-case", fashen.clock())
        found = sa.select(models.outbox.c.id).where(models.outbox.c.dedup == dedup)
        return int(tx.execute(found).scalar_one())


def row(fashen: Fashen, id: int) -> Any:
    with fashen.engine.connect() as tx:
        return tx.execute(sa.select(models.outbox).where(models.outbox.c.id == id)).one()


def leased(fashen: Fashen, id: int) -> Leased:
    message = outbox.lease(fashen, id)
    assert message is not None
    return message


def finish(fashen: Fashen, message: Leased) -> None:
    with fashen.engine.begin() as tx:
        outbox.finish(tx, message, fashen.now(tx))


def due(fashen: Fashen, *, unsent: bool = False) -> list[int]:
    with fashen.engine.connect() as tx:
        after = RESEND if unsent else None
        return [id for id, _ in outbox.due(tx, fashen.now(tx), resend_after=after)]


def wait(fashen: Fashen, time: timedelta) -> None:
    set_clock(fashen, fashen.clock() + time)


def inbox(fashen: Fashen) -> list[str]:
    with fashen.engine.connect() as tx:
        return list(tx.execute(sa.select(models.inbox.c.dedup)).scalars())


# — leasing ————————————————————————————————————————————————————————————————————————————


def test_a_lease_brings_the_message_and_counts_the_attempt_before_the_work(fashen: Fashen):
    id = a_message(fashen)
    message = leased(fashen, id)

    assert (message.kind, message.dedup, message.office) == ("tell", "tell:1", OFFICE)
    assert message.payload == {"to": "zhang", "text": "请办理"}
    assert (message.attempt, message.until) == (1, NOW + LEASE)
    assert (row(fashen, id).status, row(fashen, id).attempts) == ("leased", 1)


def test_what_is_leased_finished_or_unknown_cannot_be_had(fashen: Fashen):
    id = a_message(fashen)
    message = leased(fashen, id)
    assert outbox.lease(fashen, id) is None

    finish(fashen, message)
    assert outbox.lease(fashen, id) is None
    assert outbox.lease(fashen, id + 1) is None
    assert row(fashen, id).attempts == 1


def test_what_is_due_later_cannot_be_had_before(fashen: Fashen):
    id = a_message(fashen)
    outbox.give_back(fashen, leased(fashen, id), "no network")

    wait(fashen, timedelta(seconds=30) - A_MOMENT)
    assert due(fashen) == []
    assert outbox.lease(fashen, id) is None

    wait(fashen, A_MOMENT)
    assert due(fashen) == [id]
    assert leased(fashen, id).attempt == 2


def test_of_many_that_reach_for_a_message_one_gets_it(fashen: Fashen):
    for n in range(10):
        id = a_message(fashen, f"tell:{n}")
        together = threading.Barrier(4)

        def reach(id: int = id, together: threading.Barrier = together) -> Leased | None:
            together.wait()
            return outbox.lease(fashen, id)

        with ThreadPoolExecutor(4) as hands:
            got = [f.result() for f in [hands.submit(reach) for _ in range(4)]]
        assert len([message for message in got if message]) == 1
        assert row(fashen, id).attempts == 1


def test_a_lease_that_ran_out_comes_back_to_whoever_asks(fashen: Fashen):
    id = a_message(fashen)
    first = leased(fashen, id)

    wait(fashen, LEASE)
    assert due(fashen) == []
    assert outbox.lease(fashen, id) is None

    wait(fashen, A_MOMENT)
    assert due(fashen) == [id]
    second = leased(fashen, id)
    assert (second.attempt, second.token != first.token) == (2, True)


def test_oldest_first_and_no_more_than_asked_for(fashen: Fashen):
    late = a_message(fashen, "late")
    outbox.give_back(fashen, leased(fashen, late), "no network")
    early = [a_message(fashen, f"early:{n}") for n in range(3)]
    wait(fashen, timedelta(hours=1))

    assert due(fashen) == [*early, late]
    with fashen.engine.connect() as tx:
        assert [id for id, _ in outbox.due(tx, fashen.now(tx), limit=2)] == early[:2]


# — the fence ——————————————————————————————————————————————————————————————————————————


def test_what_was_taken_over_cannot_be_finished_and_its_effect_is_undone(fashen: Fashen):
    id = a_message(fashen)
    slow = leased(fashen, id)
    wait(fashen, LEASE + A_MOMENT)
    quick = leased(fashen, id)

    with pytest.raises(Fenced):
        deliveries.show(fashen, slow)
    assert inbox(fashen) == []
    assert row(fashen, id).lease_token == quick.token

    deliveries.show(fashen, quick)
    with pytest.raises(Fenced):
        deliveries.show(fashen, slow)
    assert inbox(fashen) == ["tell:1"]
    assert row(fashen, id).status == "done"


def test_a_lease_that_ran_out_but_was_not_taken_over_may_still_finish(fashen: Fashen):
    id = a_message(fashen)
    slow = leased(fashen, id)
    wait(fashen, 2 * LEASE)

    deliveries.show(fashen, slow)
    assert (row(fashen, id).status, inbox(fashen)) == ("done", ["tell:1"])


def test_what_was_taken_over_cannot_be_given_back(fashen: Fashen):
    id = a_message(fashen)
    slow = leased(fashen, id)
    wait(fashen, LEASE + A_MOMENT)
    quick = leased(fashen, id)

    outbox.give_back(fashen, slow, "too late")
    assert (row(fashen, id).status, row(fashen, id).lease_token) == ("leased", quick.token)
    assert row(fashen, id).last_error is None


def test_done_leaves_no_lease_and_no_error(fashen: Fashen):
    id = a_message(fashen)
    outbox.give_back(fashen, leased(fashen, id), "no network")
    wait(fashen, timedelta(hours=1))
    finish(fashen, leased(fashen, id))

    done = row(fashen, id)
    assert (done.lease_token, done.lease_until, done.last_error) == (None, None, None)
    assert (done.status, done.attempts, done.done_at) == ("done", 2, fashen.clock())


# — trying again ————————————————————————————————————————————————————————————————————————


def test_each_failure_waits_twice_as_long_up_to_an_hour_and_the_last_one_is_the_end(
    fashen: Fashen, monkeypatch: pytest.MonkeyPatch
):
    def no_network(fashen: Fashen, message: Leased) -> None:
        raise ConnectionError("no network")

    monkeypatch.setitem(deliveries.DELIVER, "tell", no_network)
    id = a_message(fashen)
    waits = []
    for attempt in range(1, LONGEST_ATTEMPTS + 1):
        assert deliver(fashen, id) is False
        now = row(fashen, id)
        assert (now.status, now.attempts) == ("ready", attempt)
        assert now.last_error == "ConnectionError: no network"
        waits.append((now.available_at - fashen.clock()).total_seconds())
        set_clock(fashen, now.available_at)

    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert deliver(fashen, id) is False
    assert row(fashen, id).status == "dead"


def test_a_message_that_kills_its_worker_each_time_is_dead_in_the_end(fashen: Fashen):
    id = a_message(fashen)
    for _ in range(LONGEST_ATTEMPTS):
        assert outbox.lease(fashen, id)
        wait(fashen, LEASE + A_MOMENT)

    assert outbox.lease(fashen, id) is None
    assert row(fashen, id).status == "dead"

    wait(fashen, timedelta(days=30))
    assert due(fashen) == []
    assert outbox.lease(fashen, id) is None


def test_the_dead_hold_nobody_up(fashen: Fashen, monkeypatch: pytest.MonkeyPatch):
    poison = a_message(fashen, "poison")
    for _ in range(LONGEST_ATTEMPTS):
        assert outbox.lease(fashen, poison)
        wait(fashen, LEASE + A_MOMENT)
    healthy = [a_message(fashen, f"tell:{n}") for n in range(3)]

    assert drain(fashen) == 3
    assert [row(fashen, id).status for id in (poison, *healthy)] == ["dead", *["done"] * 3]


def test_a_kind_that_nobody_knows_is_tried_again_and_holds_nobody_up(fashen: Fashen):
    with fashen.engine.begin() as tx:
        queue(tx, [Message("fax", "fax:1", {})], OFFICE, "no-case", NOW)
    id = a_message(fashen)

    assert drain(fashen) == 1
    assert row(fashen, id).status == "done"
    assert row(fashen, id - 1).last_error == "KeyError: 'fax'"


# — sending ————————————————————————————————————————————————————————————————————————————


def test_what_the_queue_was_given_is_not_given_again_for_a_while(fashen: Fashen):
    id = a_message(fashen)
    assert due(fashen, unsent=True) == [id]
    with fashen.engine.begin() as tx:
        outbox.mark_sent(tx, [id], fashen.now(tx))

    wait(fashen, RESEND)
    assert due(fashen, unsent=True) == []
    assert due(fashen) == [id]  # whoever works without the queue takes it all the same

    wait(fashen, A_MOMENT)
    assert due(fashen, unsent=True) == [id]


def test_what_was_given_back_is_sent_again_as_soon_as_it_is_due(fashen: Fashen):
    id = a_message(fashen)
    with fashen.engine.begin() as tx:
        outbox.mark_sent(tx, [id], fashen.now(tx))
    outbox.give_back(fashen, leased(fashen, id), "no network")

    wait(fashen, timedelta(seconds=30))
    assert due(fashen, unsent=True) == [id]


def test_what_is_at_work_is_not_sent_until_its_lease_has_run_out(fashen: Fashen):
    id = a_message(fashen)
    leased(fashen, id)

    wait(fashen, LEASE)
    assert due(fashen, unsent=True) == []
    wait(fashen, A_MOMENT)
    assert due(fashen, unsent=True) == [id]


def test_a_kind_that_nobody_knows_does_not_stop_the_relay(
    fashen: Fashen, monkeypatch: pytest.MonkeyPatch
):
    with fashen.engine.begin() as tx:
        queue(tx, [Message("fax", "fax:1", {})], OFFICE, "no-case", NOW)
    id = a_message(fashen)
    sent: list[int] = []
    app = SimpleNamespace(send_task=lambda _, ids: sent.extend(ids))
    monkeypatch.setattr(tasks_outbox, "program", lambda: fashen)
    monkeypatch.setattr(tasks_outbox, "current_app", app)

    tasks_outbox.relay()
    assert id in sent


def test_the_same_message_asked_for_twice_stands_there_once(fashen: Fashen):
    id = a_message(fashen)
    assert a_message(fashen) == id
    finish(fashen, leased(fashen, id))

    assert a_message(fashen) == id
    assert row(fashen, id).status == "done"


def test_without_a_clock_of_its_own_a_program_leases_by_the_clock_of_the_database(fashen: Fashen):
    id = a_message(fashen)
    fashen.clock = utc_now
    before = utc_now()
    message = leased(fashen, id)

    assert before - timedelta(seconds=5) < message.until - LEASE < utc_now() + timedelta(seconds=5)
    assert abs(row(fashen, id).lease_until - message.until) < A_MOMENT
