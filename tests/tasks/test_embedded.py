"""Worker and beat as threads of this process."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import celery._state
import pytest
from kombu.connection import Connection

from tasks import inproc
from tasks.celery_app import SteadyScheduler, make_celery
from tasks.embedded import EmbeddedCelery
from tasks.reliable import RELIABLE

# Generous: a busy machine must not turn a test red. What passes takes milliseconds.
SOON = 20.0


class Office:
    """An app with a few tasks, and what they did."""

    def __init__(self, broker_url: str | None = None, **beat_schedule) -> None:
        self.app = make_celery(SimpleNamespace(broker_url=broker_url), beat_schedule=beat_schedule)
        self.done: list[object] = []
        self.changed = threading.Condition()
        self.started = threading.Event()
        self.may_finish = threading.Event()

        # Not shared: shared tasks go to every app of the process, also to the next test's.
        @self.app.task(name="note", shared=False, **RELIABLE)
        def note(what):
            self._note(what)

        @self.app.task(name="wait", shared=False, **RELIABLE)
        def wait():
            self.started.set()
            self.may_finish.wait(SOON)
            self._note("waited")

        @self.app.task(name="fail", shared=False, **RELIABLE)
        def fail(how):
            self._note(how)
            raise {"error": RuntimeError, "exit": SystemExit, "interrupt": KeyboardInterrupt}[how]

    def _note(self, what) -> None:
        with self.changed:
            self.done.append(what)
            self.changed.notify_all()

    def send(self, name, *args) -> None:
        self.app.send_task(name, args)

    def saw(self, *what) -> bool:
        """Whether exactly this was done, in any order, before long."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.done) >= len(what), SOON)
            return sorted(map(str, self.done)) == sorted(map(str, what))


def eventually(condition: Callable[[], bool]) -> bool:
    give_up = time.monotonic() + SOON
    while not condition() and time.monotonic() < give_up:
        time.sleep(0.001)
    return condition()


@pytest.fixture(autouse=True)
def _own_process_state() -> Iterator[None]:
    """Messages and the default app belong to the process: leave neither to the next test."""
    default = celery._state.default_app
    inproc.forget()
    yield
    inproc.forget()
    celery._state.set_default_app(default)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def embedded(office) -> Iterator[EmbeddedCelery]:
    embedded = EmbeddedCelery(office.app)
    embedded.start()
    yield embedded
    office.may_finish.set()
    assert embedded.stop(SOON)


def test_what_is_sent_is_done(office, embedded):
    office.send("note", "a")

    assert office.saw("a")
    assert embedded.alive


def test_a_message_wakes_the_worker_instead_of_waiting_for_its_next_look(office, embedded):
    began = time.monotonic()
    for n in range(40):
        office.send("note", n)
        assert office.saw(*range(n + 1))

    # Polling takes a second for each (kombu's memory transport), here it is milliseconds.
    assert time.monotonic() - began < 20


def test_any_thread_may_send_through_the_current_app(office, embedded):
    def send() -> None:
        celery.current_app.send_task("note", ["from elsewhere"])

    thread = threading.Thread(target=send)
    thread.start()
    thread.join(SOON)

    assert office.saw("from elsewhere")


def test_its_tasks_are_found_when_another_app_was_made_last(office):
    other = make_celery(SimpleNamespace(broker_url=None))
    embedded = EmbeddedCelery(office.app)
    embedded.start()
    office.send("note", "mine")

    assert office.saw("mine")
    assert celery._state.default_app is not other
    assert embedded.stop(SOON)


def test_a_burst_from_many_threads_is_done_once_each(office, embedded):
    threads = [
        threading.Thread(target=lambda t=t: [office.send("note", (t, n)) for n in range(50)])
        for t in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)

    assert office.saw(*([t, n] for t in range(4) for n in range(50)))


@pytest.mark.parametrize("how", ["error", "exit", "interrupt"])
def test_a_task_that_breaks_off_breaks_nothing_else(office, embedded, caplog, how):
    for _ in range(5):  # more than the worker has hands: each must be given back
        office.send("fail", how)
    office.send("note", "after")

    assert office.saw(*[how] * 5, "after")
    assert embedded.alive
    assert embedded.stop(SOON)
    assert caplog.text.count("Task fail[") == 5  # each is in the log


def test_a_message_for_an_unknown_task_stops_nothing(office, embedded, caplog):
    office.send("no.such.task")
    office.send("note", "after")

    assert office.saw("after")
    assert "no.such.task" in caplog.text


def test_stop_lets_a_running_task_finish_and_takes_no_other(office, embedded):
    office.send("wait")
    assert office.started.wait(SOON)
    stopping = threading.Thread(target=embedded.stop, args=(SOON,))
    stopping.start()
    assert eventually(lambda: inproc._bell.interrupted)
    office.send("note", "too late")
    office.may_finish.set()
    stopping.join(SOON)

    assert office.done == ["waited"]
    assert not embedded.alive


def test_stop_says_when_a_task_outlasts_its_patience_and_may_be_called_again(office, embedded):
    office.send("wait")
    assert office.started.wait(SOON)

    assert embedded.stop(timeout=0.05) is False
    assert office.done == []

    office.may_finish.set()
    assert embedded.stop(SOON) is True
    assert office.done == ["waited"]
    assert embedded.stop() is True


def test_what_was_sent_before_the_start_is_done_after_it(office):
    office.send("note", "early")
    embedded = EmbeddedCelery(office.app)
    embedded.start()

    assert office.saw("early")
    assert embedded.stop(SOON)


def test_twenty_starts_and_stops_leave_no_thread_and_still_work(office):
    before = set(threading.enumerate())

    for n in range(20):
        embedded = EmbeddedCelery(office.app)
        embedded.start()
        office.send("note", n)
        assert office.saw(*range(n + 1))
        assert embedded.stop(SOON)

    assert set(threading.enumerate()) == before


def test_a_process_has_one_worker_at_a_time(office, embedded):
    other = EmbeddedCelery(Office().app)

    with pytest.raises(RuntimeError, match="already has a worker"):
        other.start()
    assert not other.alive
    office.app.set_default()
    office.send("note", "undisturbed")
    assert office.saw("undisturbed")

    assert embedded.stop(SOON)
    other.start()
    assert other.alive
    assert other.stop(SOON)


def test_a_start_that_fails_leaves_nothing_behind(office):
    office.app.conf.beat_scheduler = "no.such.module:Scheduler"
    before = set(threading.enumerate())
    embedded = EmbeddedCelery(office.app)

    with pytest.raises(ImportError):
        embedded.start()

    assert not embedded.alive
    assert set(threading.enumerate()) == before
    office.app.conf.beat_scheduler = "tasks.celery_app:SteadyScheduler"
    embedded.start()
    assert embedded.stop(SOON)


def test_the_beat_rings_again_and_again():
    office = Office(bell={"task": "note", "schedule": 0.05, "args": ["beat"]})
    embedded = EmbeddedCelery(office.app)
    embedded.start()

    with office.changed:
        assert office.changed.wait_for(lambda: len(office.done) >= 3, SOON)
    assert embedded.stop(SOON)


def test_the_beat_survives_a_tick_that_fails(monkeypatch, caplog):
    office = Office(bell={"task": "note", "schedule": 0.05, "args": ["beat"]})
    tick, failures = SteadyScheduler.tick, iter([OSError("no broker")])

    def fails_once(scheduler):
        for failure in failures:
            raise failure
        return tick(scheduler)

    monkeypatch.setattr(SteadyScheduler, "tick", fails_once)
    embedded = EmbeddedCelery(office.app)
    embedded.start()

    with office.changed:
        assert office.changed.wait_for(lambda: office.done, SOON)
    assert "no broker" in caplog.text
    assert embedded.alive
    assert embedded.stop(SOON)


@pytest.mark.parametrize("wrong", [timedelta(0), timedelta(days=365), timedelta(days=-365)])
def test_the_beat_goes_on_after_the_clock_was_corrected(monkeypatch, wrong):
    office = Office(bell={"task": "note", "schedule": 30.0})
    right = datetime(2025, 9, 29, 9, 0, tzinfo=UTC)
    clock = SimpleNamespace(error=wrong, elapsed=0.0)

    def now():
        return right + clock.error + timedelta(seconds=clock.elapsed)

    monkeypatch.setattr(office.app, "now", now)
    monkeypatch.setattr(
        "tasks.celery_app.time",
        SimpleNamespace(time=lambda: now().timestamp(), monotonic=lambda: clock.elapsed),
    )
    scheduler = SteadyScheduler(office.app)
    rung = []
    monkeypatch.setattr(scheduler, "apply_entry", lambda *a, **k: rung.append(clock.elapsed))

    for second in range(200):
        clock.elapsed = float(second)
        clock.error = wrong if second < 100 else timedelta(0)
        while scheduler.tick() == 0:
            pass

    assert all(later - earlier <= 61 for earlier, later in pairwise([0.0, *rung, 200.0])), rung
    assert all(later - earlier >= 29 for earlier, later in pairwise(rung) if wrong == timedelta(0))


def test_stop_does_not_wait_for_the_beat_to_wake_up():
    office = Office(bell={"task": "note", "schedule": 3600.0, "args": ["beat"]})
    embedded = EmbeddedCelery(office.app)
    embedded.start()
    began = time.monotonic()

    assert embedded.stop(SOON)
    assert time.monotonic() - began < 8  # it sleeps 10 s at a time


def test_it_works_with_redis_as_well(redis_url):
    office = Office(redis_url)
    for _ in range(3):
        embedded = EmbeddedCelery(office.app)
        embedded.start()
        office.done.clear()
        for how in ("error", "exit", "error", "exit"):
            office.send("fail", how)
        for n in range(20):
            office.send("note", n)

        assert office.saw("error", "exit", "error", "exit", *range(20))
        assert embedded.stop(SOON)


# --- The transport by itself ---------------------------------------------------------------------


def test_messages_outlive_the_connection_that_sent_them():
    with Connection(inproc.URL) as sender:
        sender.SimpleQueue("letters").put("hello")
    with Connection(inproc.URL) as receiver:
        message = receiver.SimpleQueue("letters").get(timeout=SOON)

    assert message.payload == "hello"


def test_waiting_for_nothing_ends_in_time():
    with Connection(inproc.URL) as connection:
        queue = connection.SimpleQueue("letters")

        with pytest.raises(queue.Empty):
            queue.get(timeout=0.01)


def test_its_queues_are_not_those_of_kombus_memory_transport():
    with Connection(inproc.URL) as ours, Connection("memory://localhost/") as theirs:
        ours.SimpleQueue("letters").put("hello")
        queue = theirs.SimpleQueue("letters")

        with pytest.raises(queue.Empty):
            queue.get(block=False)
