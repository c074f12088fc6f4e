"""The broker for one process: a kombu transport that waits for a bell instead of polling.

Importing this module makes the URL ``inproc://localhost/`` known to kombu. (Without a host kombu
warns, on each connection, that none was given.) It is kombu's own memory transport in all but three
things: a publish wakes the consumer at once, where polling costs up to a second per message and a
clock cycle per wait; its queues are its own; and a consumer can be made to look up, so that stopping
a worker takes no time. Messages live as long as the process: the truth is in the database.
"""

# mypy: disallow-untyped-calls=False
# kombu says that it has types, and its transports have none.

from queue import Empty, Queue
from threading import Condition
from time import monotonic
from typing import Any, Final

from kombu.transport import TRANSPORT_ALIASES, memory, virtual

URL: Final = "inproc://localhost/"

# One set for all connections of the process, and apart from that of memory://.
_queues: "dict[str, Queue[Any]]" = {}


class _Bell:
    """Rings when a waiting consumer may find something to do."""

    def __init__(self) -> None:
        self._changed = Condition()
        self.rung = 0
        self.interrupted = False

    def ring(self) -> None:
        with self._changed:
            self.rung += 1
            self._changed.notify_all()

    def interrupt(self, yes: bool) -> None:
        with self._changed:
            self.interrupted = yes
            self._changed.notify_all()

    def wait(self, heard: int, timeout: float | None) -> None:
        """Wait for a ring after the `heard`-th; one that came in between counts."""
        with self._changed:
            self._changed.wait_for(lambda: self.rung != heard or self.interrupted, timeout)


_bell = _Bell()


def interrupt() -> None:
    """Let no consumer wait any longer, until `resume`: each looks at its orders instead."""
    _bell.interrupt(True)


def resume() -> None:
    """Let consumers wait for messages again."""
    _bell.interrupt(False)


def forget() -> None:
    """Throw away every message and every queue. They outlive connections, so tests begin with this."""
    _queues.clear()
    Transport.global_state.clear()


class Channel(memory.Channel):
    """A channel that rings when a message comes, and when there is room for another."""

    queues = _queues

    def _new_queue(self, queue: str, **options: Any) -> None:
        self._queue_for(queue)

    def _queue_for(self, queue: str) -> "Queue[Any]":
        # kombu looks first and then assigns; of two threads that publish the first message at the same
        # time, one would put it into a queue that the other replaces.
        return self.queues.setdefault(queue, Queue())

    def _put(self, queue: str, message: Any, **options: Any) -> None:
        super()._put(queue, message, **options)
        _bell.ring()

    def _put_fanout(
        self, exchange: str, message: Any, routing_key: str | None = None, **options: Any
    ) -> None:
        super()._put_fanout(exchange, message, routing_key, **options)
        _bell.ring()

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        super().basic_ack(delivery_tag, multiple)
        _bell.ring()  # the worker takes no more than it has hands for: now one is free

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:
        super().basic_reject(delivery_tag, requeue)
        _bell.ring()


class Transport(memory.Transport):
    """Hands out messages as they come."""

    Channel = Channel
    global_state = virtual.BrokerState()
    driver_type = "inproc"
    driver_name = "inproc"

    def drain_events(self, connection: Any, timeout: float | None = None, **options: Any) -> None:
        """Deliver one message; raise TimeoutError when none came in time, or when interrupted."""
        deadline = None if timeout is None else monotonic() + timeout
        while not _bell.interrupted:
            heard = _bell.rung
            try:
                self.cycle.get(self._deliver, timeout=timeout)  # type: ignore[union-attr]
            except Empty:
                left = None if deadline is None else deadline - monotonic()
                if left is not None and left <= 0:
                    break
                _bell.wait(heard, left)
            else:
                return
        raise TimeoutError


TRANSPORT_ALIASES["inproc"] = f"{__name__}:{Transport.__name__}"
