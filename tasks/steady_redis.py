"""kombu's transport for Redis, with one hole mended: a worker whose acknowledgement fails gets its hand free.

A worker that prefetches one message and acknowledges late has its only slot taken while it works. When
Redis dies in that moment, kombu 5.7 keeps the message as delivered, so the worker never asks for another
one, never touches the connection that is gone, and waits for ever without a word in the log (found with
a real server that was killed; 2 of 2 workers stood still). Here the message is let go all the same: Redis
has it still, or has forgotten it, and the row in the outbox knows in either case.

Importing this module puts it behind ``redis://`` and ``rediss://``.
"""

# mypy: disallow-untyped-calls=False, disallow-subclassing-any=False

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis, virtual


class QoS(redis.QoS):
    """Which messages the worker holds."""

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge; where that fails, hold the message no longer and say that it failed."""
        with _let_go(self, delivery_tag):
            super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Put back or throw away; where that fails, hold the message no longer and say that it failed."""
        with _let_go(self, delivery_tag):
            super().reject(delivery_tag, requeue)


@contextmanager
def _let_go(qos: Any, delivery_tag: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        virtual.QoS.ack(qos, delivery_tag)
        raise


class Channel(redis.Channel):
    """A channel whose acknowledgements free the hand."""

    QoS = QoS


class Transport(redis.Transport):
    """Redis."""

    Channel = Channel


for _scheme in ("redis", "rediss"):
    TRANSPORT_ALIASES[_scheme] = f"{__name__}:{Transport.__name__}"
