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
from workflow.settings import Settings

_O = models.outbox.c

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
"""Between two attempts, the second twice as far apart as the first, and so on."""


def lease_of(settings: Settings) -> timedelta:
    """How long whoever took a message has it: longer than twice every wait inside (docs/decisions/0005)."""
    return timedelta(seconds=settings.lease)


def trusted_for(settings: Settings) -> timedelta:
    """How long the relay trusts the queue with a message before it sends it again."""
    return lease_of(settings) * 2 / 3


class Fenced(Exception):
    """The lease ran out and somebody else has the message: undo everything and leave."""


class NotNow(Exception):
    """Nothing was tried, for it must wait until `until`; this is no attempt."""

    def __init__(self, until: datetime, why: str) -> None:
        self.until, self.why = until, why
        super().__init__(why)


class Moot(Exception):
    """What the message is about is over: nobody wants it any more."""


class Hopeless(Exception):
    """No repetition can cure it; a person must, and then lets it be tried again."""


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
    tx: Connection, now: datetime, *, limit: int = 200, resend_after: timedelta | None = None
) -> list[tuple[int, str]]:
    """Ids and kinds of what should be worked on now, oldest first.

    `resend_after` leaves out what the queue was given less long ago than that.
    """
    wanted = _workable(now)
    if resend_after is not None:
        since = now - resend_after
        wanted = sa.and_(wanted, sa.or_(_O.sent_at.is_(None), _O.sent_at < since))
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


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages are neither done nor given up, and since when the oldest could have been worked on."""

    count: int
    since: datetime | None


def waiting(tx: Connection, now: datetime) -> Waiting:
    """What waits, whether or not it is due; whoever is working on a message keeps it from being late."""
    count = tx.scalar(sa.select(sa.func.count(_O.id)).where(_O.status.in_(["ready", "leased"])))
    could = sa.case((_O.status == "leased", _O.lease_until), else_=_O.available_at)
    since = tx.scalar(
        sa.select(sa.func.min(could, type_=_O.available_at.type)).where(_workable(now))
    )
    return Waiting(count or 0, since)


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
                lease_until=now + lease_of(fashen.settings),
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
        until=now + lease_of(fashen.settings),
    )


def still_ours(tx: Connection, message: Leased, now: datetime) -> None:
    """`Fenced` unless the message is ours and stays so while this transaction lasts."""
    mine = _O.id == message.id, _O.lease_token == message.token, _O.status == "leased"
    until = tx.scalar(sa.select(_O.lease_until).where(*mine).with_for_update())
    if until is None or until < now:
        raise Fenced(f"message {message.id} is no longer ours")


def finish(tx: Connection, message: Leased, now: datetime, receipt: str = "") -> None:
    """Mark it done in the transaction of its effect; `Fenced` when the lease is no longer ours."""
    if not _let_go(
        tx, message, status="done", done_at=now, last_error=None, receipt=receipt[:200] or None
    ):
        raise Fenced(f"message {message.id} is no longer ours")


def give_back(fashen: Fashen, message: Leased, error: str) -> None:
    """It did not work this time: try again later, further apart each time, up to an hour."""
    wait = min(FIRST_WAIT * 2 ** (message.attempt - 1), LONGEST_WAIT)
    with fashen.engine.begin() as tx:
        at = fashen.now(tx) + wait
        _let_go(tx, message, status="ready", available_at=at, sent_at=None, last_error=error[:500])


def still_wanted(tx: Connection, message: Leased) -> None:
    """Nothing of a clock is told any more once it has stopped; `Moot` where it has."""
    clock, d = message.payload.get("clock"), models.deadline.c
    if clock is None:
        return
    state = tx.scalar(
        sa.select(d.state).where(
            d.case_id == message.case, d.clock == clock, d.round == message.payload["round"]
        )
    )
    if state != "open":
        raise Moot(f"期限“{clock}”已经停止，不再提醒。")


def postpone(fashen: Fashen, message: Leased, until: datetime, why: str) -> None:
    """Back into the queue for later; what was not tried does not count."""
    with fashen.engine.begin() as tx:
        _let_go(
            tx,
            message,
            status="ready",
            attempts=_O.attempts - 1,
            available_at=until,
            sent_at=None,
            last_error=why[:500],
        )


def cancel(fashen: Fashen, message: Leased, why: str) -> None:
    """Out of the queue without having been done."""
    with fashen.engine.begin() as tx:
        _let_go(tx, message, status="cancelled", done_at=fashen.now(tx), last_error=why[:500])


def bury(fashen: Fashen, message: Leased, error: str) -> None:
    """Dead: tried no more until a named person says so."""
    with fashen.engine.begin() as tx:
        _let_go(tx, message, status="dead", last_error=error[:500])


def _let_go(tx: Connection, message: Leased, **what: Any) -> bool:
    """Change a message and end its lease; False where the lease is no longer ours."""
    done = tx.execute(
        models.outbox.update()
        .where(_O.id == message.id, _O.lease_token == message.token, _O.status == "leased")
        .values(lease_token=None, lease_until=None, **what)
    )
    return done.rowcount == 1


def requeue(fashen: Fashen, office: str, id: int, *, by: str, reason: str) -> bool:
    """Let a dead message of this office be tried anew, in the name of a person; False where there is none.

    How it had failed is kept beside it (`requeued`).
    """
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        dead = sa.and_(_O.id == id, _O.office_id == office, _O.status == "dead")
        row = tx.execute(
            sa.select(_O.attempts, _O.last_error).where(dead).with_for_update()
        ).first()
        if row is None:
            return False
        tx.execute(
            models.requeued.insert(),
            {
                "message_id": id,
                "office_id": office,
                "person_id": by,
                "at": now,
                "reason": reason[:500],
                "attempts": row.attempts,
                "last_error": row.last_error,
            },
        )
        tx.execute(
            models.outbox.update()
            .where(dead)
            .values(status="ready", attempts=0, available_at=now, sent_at=None)
        )
        return True
