"""Heartbeats of the processes that run Celery, written beside their work: no loop ever waits for one."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from threading import Event, Lock, Thread

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import database, heartbeats

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that a stop waits for the last word to be written."""

# A worker forks its children while it runs. None is forked in the middle of a writing, so none inherits
# an open connection, nor a lock inside the database's driver that nobody would ever release.
_writing = Lock()
os.register_at_fork(
    before=_writing.acquire, after_in_parent=_writing.release, after_in_child=_writing.release
)


class Heart:
    """Writes heartbeats by the database's clock, each on a connection of its own that is closed at once.

    What cannot be written is said in the log, once until it can be again, and stops nobody.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._failing = False
        self._last: Thread | None = None

    def leave(self, name: str) -> None:
        """Leave a heartbeat now."""
        self._write(lambda tx: heartbeats.leave(tx, name, database.now(tx), pid=os.getpid()))

    def leave_soon(self, name: str) -> None:
        """Leave a heartbeat without waiting for it; nothing while the last one is still being written."""
        if self._last is None or not self._last.is_alive():
            self._last = _spawned(lambda: self.leave(name))

    def take_back(self, *names: str) -> None:
        """Remove these heartbeats, for their parts stop in good order; at most `PATIENCE` seconds."""

        def remove(tx: Connection) -> None:
            for name in names:
                heartbeats.take_back(tx, name)

        last = self._last

        def after_the_last() -> None:
            if last is not None:
                last.join()  # or it would put back what is removed
            self._write(remove)

        if thread := _spawned(after_the_last):
            thread.join(PATIENCE)

    def _write(self, what: Callable[[Connection], None]) -> None:
        try:
            with _writing:
                engine = database.connect(_impatient(self._url))
                try:
                    with engine.begin() as tx:
                        what(tx)
                finally:
                    engine.dispose()
        except Exception as wrong:
            if not self._failing:
                log.warning("no heartbeat can be written: %s", type(wrong).__name__)
            self._failing = True
        else:
            self._failing = False


class Pulse:
    """The heartbeat of a worker, left by a thread from `start` until `stop`, which takes it back."""

    def __init__(self, heart: Heart, node: str) -> None:
        self.name = f"{heartbeats.WORKER}{node}"
        self._heart = heart
        self._over = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin; once is enough, however often the worker finds its broker again."""
        if self._thread is None:
            self._thread = _spawned(self._run)

    def stop(self) -> None:
        """No more heartbeat; back after at most twice `PATIENCE` seconds."""
        if self._thread is None:
            return
        self._over.set()
        self._thread.join(PATIENCE)
        self._heart.take_back(self.name)

    def _run(self) -> None:
        while not self._over.is_set():
            self._heart.leave(self.name)
            self._over.wait(heartbeats.WORKER_EVERY.total_seconds())


def _spawned(body: Callable[[], None]) -> Thread | None:
    """A thread that nobody has to wait for; None where the system has no more of them."""
    thread = Thread(target=body, name="heartbeat", daemon=True)
    try:
        thread.start()
    except RuntimeError:
        log.warning("no heartbeat can be written: no thread can be started")
        return None
    return thread


def _impatient(url: str) -> str:
    """The same database, which is given up within seconds when it does not even answer."""
    made = sa.make_url(url)
    if made.get_backend_name() != "postgresql":
        return url
    bounds = {"connect_timeout": "5", "tcp_user_timeout": "10000"}
    return made.update_query_dict(bounds).render_as_string(hide_password=False)
