"""Celery without a second process: worker and beat as threads beside the web server.

For the office on one PC. Whoever starts it owns the process: no signal handler is installed, no
logging configured, nothing forked. (``celery worker -B`` cannot do this: it forks its beat, and what
a fork puts into an in-process queue stays there; ``celery.contrib.testing`` is for tests.)
"""

import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from billiard.einfo import ExceptionInfo
from celery import Celery
from celery.concurrency.thread import TaskPool
from celery.utils.imports import instantiate
from celery.worker import WorkController, state

from tasks import inproc
from tasks.heartbeats import Pulse

log = logging.getLogger(__name__)

# Celery keeps the order to stop in a global of its module, so a process can hold one worker.
_claim = Lock()
_claimed_by: "tuple[int, EmbeddedCelery] | None" = None  # the process and its holder


class EmbeddedCelery:
    """One worker and one beat as threads of this process."""

    def __init__(self, app: Celery, concurrency: int = 2) -> None:
        self.app = app
        self.concurrency = concurrency
        self._threads: list[Thread] = []
        self._stopping = Event()
        self._pulse: Pulse | None = None

    def start(self, timeout: float = 10.0) -> None:
        """Return when the worker takes messages; raise RuntimeError when it does not come so far."""
        self._be_the_only_one()
        try:
            self._start(timeout)
        except BaseException:
            self.stop(timeout=5.0)
            raise

    def stop(self, timeout: float = 30.0) -> bool:
        """Take no more messages and let running tasks finish. True when everything has ended.

        False means that a task is still running after `timeout`; stop() may be called again. A thread
        cannot be killed, so the interpreter too waits for it before it exits.
        """
        deadline = monotonic() + timeout
        self._stopping.set()
        if self._threads:
            # What Celery's own handler of SIGTERM sets; 0 is the exit code. The worker looks at it
            # between two messages, hence the interruption: else it would look up within 4 seconds.
            state.should_stop = 0
            inproc.interrupt()
        for thread in self._threads:
            thread.join(max(0.0, deadline - monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            return False
        if self._pulse:
            self._pulse.stop()
            self._pulse = None
            # In this process alone there was a queue to hand messages to.
            self.app.heart.take_back("relay")
        self._let_go()
        return True

    @property
    def alive(self) -> bool:
        """Whether worker and beat are both running: what a health page wants to know."""
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def _start(self, timeout: float) -> None:
        ready = Event()
        self._stopping = Event()
        state.should_stop = state.should_terminate = None
        inproc.resume()

        self.app.finalize()
        # The pool's threads find their tasks through the default app. If that is another one, every task
        # ends in a KeyError that Celery writes down nowhere.
        self.app.set_default()

        # WorkController is the worker itself; celery.apps.worker.Worker is the program around it, which
        # takes over signals and logging.
        worker = WorkController(
            app=self.app,
            hostname=f"embedded-{os.getpid()}@localhost",
            pool=_Threads,
            concurrency=self.concurrency,
            ready_callback=lambda _consumer: ready.set(),
            without_gossip=True,
            without_heartbeat=True,
            without_mingle=True,
        )
        beat = instantiate(self.app.conf.beat_scheduler, app=self.app)

        self._spawn("celery-worker", worker.start)
        deadline = monotonic() + timeout
        while not ready.wait(0.02):
            if not self.alive:
                raise RuntimeError("embedded Celery: the worker ended at once; the log says why")
            if monotonic() > deadline:
                raise RuntimeError(
                    f"embedded Celery: the worker was not ready within {timeout:g} s"
                )
        self._spawn("celery-beat", lambda: self._beat(beat.tick, beat.close))
        if heart := getattr(self.app, "heart", None):
            self._pulse = Pulse(heart, worker.hostname)
            self._pulse.start()

    def _spawn(self, name: str, body: Callable[[], None]) -> None:
        def run() -> None:
            self.app.set_current()  # the current app is a matter of each thread
            body()

        thread = Thread(target=run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _beat(self, tick: Callable[[], float | None], close: Callable[[], None]) -> None:
        """Tick until told to stop.

        Celery's own loop sleeps in time.sleep, so stopping would have to wait for it, and ends at the
        first exception: a beat that dies silently is worse than a noisy one.
        """
        try:
            while not self._stopping.is_set():
                try:
                    pause = tick()
                except Exception:
                    log.exception("embedded Celery: a tick of the beat failed; trying again")
                    pause = 1.0
                if pause and pause > 0:
                    self._stopping.wait(pause)
        finally:
            close()

    def _be_the_only_one(self) -> None:
        global _claimed_by
        with _claim:
            # Threads do not cross a fork, so a claim made by the parent process binds nobody here.
            if _claimed_by is not None and _claimed_by[0] == os.getpid():
                raise RuntimeError(
                    "embedded Celery: this process already has a worker; stop() that one first"
                )
            _claimed_by = (os.getpid(), self)
            self._threads = []

    def _let_go(self) -> None:
        global _claimed_by
        with _claim:
            self._threads = []
            if _claimed_by == (os.getpid(), self):
                _claimed_by = None
                state.should_stop = None
                inproc.resume()


class _Threads(TaskPool):
    """Celery's thread pool, which also gets over a task that ends in anything but an Exception.

    As it comes, SystemExit, KeyboardInterrupt and MemoryError fall through it: the message is never
    acknowledged, its slot never given back, and after one such task per thread the worker takes nothing
    more, without a word in the log.
    """

    def on_apply(self, target: Callable[..., Any], *args: Any, **options: Any) -> Any:
        applied = super().on_apply(partial(_contained, target), *args, **options)
        applied.f.add_done_callback(_log_what_fell_through)
        return applied


def _contained(target: Callable[..., Any], name: str, task_id: str, *rest: Any) -> Any:
    """Run a task as Celery would; whatever breaks out of it becomes a failure of that task."""
    try:
        return target(name, task_id, *rest)
    except BaseException as breakout:
        log.exception("Task %s[%s] broke off with %r", name, task_id, breakout)
        try:
            raise RuntimeError(f"the task broke off with {breakout!r}") from breakout
        except RuntimeError:
            failed, runtime = True, 0.0
            return failed, ExceptionInfo(), runtime


def _log_what_fell_through(future: "Future[Any]") -> None:
    if not future.cancelled() and (fault := future.exception()):
        log.error("embedded Celery: a message could not be handled", exc_info=fault)
