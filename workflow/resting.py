"""休整 — a way out that failed rests, longer each time, and meanwhile what waits for it is not tried.

Whoever comes when the rest is over tries first, the others wait on. So a way out that hangs costs one worker
one wait per rest, and never holds up another way out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import models, outbox
from workflow.database import insert_new
from workflow.program import Fashen

_C = models.channel.c

FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=15)

PROBE = timedelta(seconds=60)
"""How long the others wait for whoever tries after a rest; longer than one attempt can take."""

AFTER_THE_OTHERS = timedelta(seconds=30)
"""So that something else tries next: what has just failed may be what is wrong."""


def free(tx: Connection, name: str, now: datetime, *, said: str) -> None:
    """Whether this way out may be tried; of all who come after a rest, the first. `NotNow` for the others."""
    tx.execute(insert_new(tx, models.channel), {"name": name, "failures": 0})
    mine = tx.execute(
        models.channel.update()
        .where(_C.name == name, _C.failures > 0, _C.rests_until <= now)
        .values(rests_until=now + PROBE)
    )
    if mine.rowcount:
        return
    row = tx.execute(sa.select(_C.failures, _C.rests_until).where(_C.name == name)).one()
    if row.failures:
        raise outbox.NotNow(row.rests_until, f"{said}上次没有送到，{row.failures} 次了，稍后再试。")


def rest(
    fashen: Fashen, name: str, error: str, *, asked: timedelta | None = None
) -> tuple[datetime, bool]:
    """It failed and rests, twice as long as the last time, or as long as it `asked` for: until when.

    And whether it had failed before: then the way out is to blame and not what was sent, for which this
    was no attempt. What fails on a way out that carries others dies of its attempts.
    """
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        failures = tx.scalar(sa.select(_C.failures).where(_C.name == name)) or 0
        wait = asked or min(FIRST_REST * 2 ** min(failures, 10), LONGEST_REST)
        tx.execute(
            models.channel.update()
            .where(_C.name == name)
            .values(failures=failures + 1, rests_until=now + wait, failed_at=now, error=error[:500])
        )
        return now + wait, failures > 0


def spoke(tx: Connection, name: str, now: datetime) -> None:
    """It answered a question: whoever comes next may try, but nothing is proved well yet."""
    tx.execute(
        models.channel.update().where(_C.name == name, _C.failures > 0).values(rests_until=now)
    )


def well(tx: Connection, name: str, now: datetime) -> None:
    """It carried something: nothing of its failures counts any more."""
    tx.execute(
        models.channel.update()
        .where(_C.name == name)
        .values(failures=0, rests_until=None, error=None, done_at=now)
    )
