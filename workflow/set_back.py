"""时钟回拨 — what was put off by a clock that ran ahead is not left waiting until it comes round again.

On SQLite the clock is that of the machine, and somebody may set it; leases, retries and naps that were
counted from its future end when it is noticed to have gone back. To look too early does no harm:
whatever is not due yet says so again.
"""

from __future__ import annotations

import logging
from datetime import timedelta

import sqlalchemy as sa

from workflow import heartbeats, models
from workflow.program import Fashen

log = logging.getLogger(__name__)

NOTICED = timedelta(seconds=5)
"""By so much the last sweep must lie in the future; a clock that is steered jumps by less."""

LONGEST_NAP = timedelta(days=1)
"""A clock that could not lapse is looked at again the next day."""


def set_right(fashen: Fashen) -> None:
    """Where the last sweep lies in the future, begin anew whatever was to wait by the clock of that time."""
    o, d, c = models.outbox.c, models.deadline.c, models.channel.c
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        last = heartbeats.left(tx).get("sweep")
        if last is None or last.at <= now + NOTICED:
            return
        log.warning(
            "the clock went back by %s or more: what waited by it is looked at now", last.at - now
        )
        waits = sa.and_(o.status == "ready", o.available_at > now)
        tx.execute(models.outbox.update().where(waits).values(available_at=now, sent_at=None))
        tx.execute(
            models.outbox.update()
            .where(o.status == "leased", o.lease_until > now)
            .values(lease_until=now)
        )
        tx.execute(models.outbox.update().where(o.sent_at > now).values(sent_at=None))
        tx.execute(models.channel.update().where(c.rests_until > now).values(rests_until=now))
        naps = sa.and_(d.state == "open", d.wake_at > now, d.wake_at <= last.at + LONGEST_NAP)
        tx.execute(models.deadline.update().where(naps).values(wake_at=now))
