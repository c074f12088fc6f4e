"""待发 — messages as rows: leased, counted, acted on, finished under a fence.

The queue may lose everything; the row finds its way back. Attempts are counted before the work, so a
message that kills its worker ends as dead instead of for ever.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import models
from workflow.follow_ups import LONGEST_ATTEMPTS
from workflow.program import Fashen

_O = models.outbox.c

LEASE = timedelta(seconds=90)
"""Longer than twice every wait inside a delivery together (docs/decisions/0005)."""

RESEND = timedelta(seconds=60)
"""How long the relay trusts the queue with a message before it sends it again."""


class Fenced(Exception):
    """The lease ran out and somebody else has the message: undo everything and leave."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A message that is ours until `until`."""

    id: int
    kind: str
    dedup: str
    office: str
    case: str
    payload: dict[str, Any]
    token: str
    attempt: int
    until: datetime


def due(
    tx: Connection, now: datetime, *, limit: int = 200, unsent: bool = False
) -> list[tuple[int, str]]:
    """Ids and kinds of what should be worked on now, oldest first.

    `unsent` leaves out what the queue was given a moment ago.
    """
    wanted = _workable(now)
    if unsent:
        wanted = sa.and_(wanted, sa.or_(_O.sent_at.is_(None), _O.sent_at < now - RESEND))
    rows = tx.execute(
        sa.select(_O.id, _O.kind).where(wanted).order_by(_O.available_at, _O.id).limit(limit)
    )
    return [(r.id, r.kind) for r in rows]


def _workable(now: datetime) -> sa.ColumnElement[bool]:
    """Ready, or leased by somebody who vanished."""
    return sa.or_(
        sa.and_(_O.status == "ready", _O.available_at <= now),
        sa.and_(_O.status == "leased", _O.lease_until < now),
    )


def mark_sent(tx: Connection, ids: list[int], now: datetime) -> None:
    tx.execute(models.outbox.update().where(_O.id.in_(ids)).values(sent_at=now))


def lease(fashen: Fashen, id: int) -> Leased | None:
    """Take a message for a while; None when somebody else has it, or it is done or dead."""
    token = secrets.token_hex(16)
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        row = tx.execute(
            models.outbox.update()
            .where(_O.id == id, _workable(now))
            .values(
                status=sa.case((_O.attempts >= LONGEST_ATTEMPTS, "dead"), else_="leased"),
                attempts=_O.attempts + 1,
                lease_token=token,
                lease_until=now + LEASE,
            )
            .returning(
                _O.kind, _O.dedup, _O.office_id, _O.case_id, _O.payload, _O.attempts, _O.status
            )
        ).first()
    if row is None or row.status == "dead":
        return None
    return Leased(
        id=id,
        kind=row.kind,
        dedup=row.dedup,
        office=row.office_id,
        case=row.case_id,
        payload=json.loads(row.payload),
        token=token,
        attempt=row.attempts,
        until=now + LEASE,
    )


def finish(tx: Connection, message: Leased, now: datetime) -> None:
    """Mark it done in the transaction of its effect; `Fenced` when the lease is no longer ours."""
    done = tx.execute(
        models.outbox.update()
        .where(_O.id == message.id, _O.lease_token == message.token, _O.status == "leased")
        .values(status="done", done_at=now, lease_token=None, lease_until=None, last_error=None)
    )
    if done.rowcount != 1:
        raise Fenced(f"message {message.id} is no longer ours")


def give_back(fashen: Fashen, message: Leased, error: str) -> None:
    """It did not work this time: try again later, further apart each time, up to an hour."""
    wait = timedelta(seconds=min(30 * 2 ** (message.attempt - 1), 3600))
    with fashen.engine.begin() as tx:
        tx.execute(
            models.outbox.update()
            .where(_O.id == message.id, _O.lease_token == message.token, _O.status == "leased")
            .values(
                status="ready",
                available_at=fashen.now(tx) + wait,
                sent_at=None,
                lease_token=None,
                lease_until=None,
                last_error=error[:500],
            )
        )
