"""心跳 — each part of the program leaves a row while it is at work, so that silence can be told from peace."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import models
from workflow.database import insert_new
from workflow.program import Fashen

_H = models.heartbeat.c

SWEEP_UNTOLD = timedelta(minutes=5)
"""What is expected of a sweep that did not say when the next one comes, as under cron."""

RELAY_EVERY = timedelta(seconds=2)
"""How often beat has the outbox handed to the queue."""

WRITTEN_EVERY = timedelta(seconds=10)
"""What beats faster than this is written no more often: each writing is a commit."""

WORKER_EVERY = timedelta(seconds=15)

WORKER = "worker:"
"""Before the node name of a worker."""

LONGEST_NAME = 80
"""Characters; the rest of a longer name is cut off."""

FORGOTTEN_AFTER = timedelta(hours=1)
"""A part that vanished is shown so long, then no more."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When a part of the program was last at work, and what it said of itself."""

    name: str
    at: datetime
    said: Mapping[str, Any]


def leave(
    tx: Connection, name: str, now: datetime, *, at_most: timedelta | None = None, **said: Any
) -> None:
    """Leave a heartbeat, no more often than `at_most` if that is given; `said` must fit 200 characters."""
    row = {"name": name[:LONGEST_NAME], "at": now, "detail": json.dumps(said)}
    mine = models.heartbeat.update().where(_H.name == row["name"])
    if at_most is not None:
        # One from the future was left before a clock was set back, and must not silence what comes now.
        mine = mine.where(sa.or_(_H.at <= now - at_most, _H.at > now))
    if tx.execute(mine.values(at=now, detail=row["detail"])).rowcount == 0:
        tx.execute(insert_new(tx, models.heartbeat), row)


def beat(fashen: Fashen, name: str, *, at_most: timedelta | None = None, **said: Any) -> None:
    """Leave a heartbeat in a transaction of its own, by the database's clock."""
    with fashen.engine.begin() as tx:
        leave(tx, name, fashen.now(tx), at_most=at_most, **said)


def take_back(tx: Connection, name: str) -> None:
    """Who stops in good order leaves no heartbeat behind, and so raises no alarm."""
    tx.execute(models.heartbeat.delete().where(_H.name == name[:LONGEST_NAME]))


def forget(fashen: Fashen) -> None:
    """Forget what vanished long ago.

    Where the broker is inside the process, its beat and relay vanish with it; elsewhere they are asked for
    whether they ever reported or not, and since when they are silent is worth knowing.
    """
    gone = _H.name.startswith(WORKER, autoescape=True)
    if not fashen.settings.broker_url:
        gone = sa.or_(gone, _H.name.in_(["beat", "relay"]))
    with fashen.engine.begin() as tx:
        old = _H.at < fashen.now(tx) - FORGOTTEN_AFTER
        tx.execute(models.heartbeat.delete().where(gone, old))


def left(tx: Connection) -> dict[str, Heartbeat]:
    """Every heartbeat, by name."""
    rows = tx.execute(sa.select(_H.name, _H.at, _H.detail).order_by(_H.name))
    return {r.name: Heartbeat(r.name, r.at, _said(r.detail)) for r in rows}


def _said(detail: str) -> Mapping[str, Any]:
    try:
        said = json.loads(detail)
    except ValueError:
        return {}  # an earlier version wrote words
    return said if isinstance(said, dict) else {}
