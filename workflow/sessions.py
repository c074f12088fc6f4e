"""登录期间 — who is signed in, kept on the server: a browser holds a random token, and we its digest."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import access_log
from workflow.database import reading
from workflow.models import account as accounts
from workflow.models import session as sessions
from workflow.program import Fashen

LASTS = timedelta(hours=12)
"""Until one signs in again, whatever one does: longer than a working day, shorter than a night on a shared PC."""
TOUCHED = timedelta(minutes=1)
"""How stale the moment of the last visit may be, so that reading a page seldom writes."""


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser; `initial` while the password is still the one that was given out."""

    digest: str
    office: str
    person: str
    csrf: str
    began_at: datetime
    seen_at: datetime
    address: str
    agent: str
    initial: bool = False


_FIND = (
    sa.select(sessions, accounts.c.initial)
    .outerjoin(
        accounts,
        (accounts.c.office_id == sessions.c.office_id)
        & (accounts.c.person_id == sessions.c.person_id),
    )
    .where(sessions.c.digest == sa.bindparam("digest"))
)


def begin(fashen: Fashen, office: str, person: str, *, address: str = "", agent: str = "") -> str:
    """A new session; its token is told once. What ended long ago is cleared away."""
    token, now = secrets.token_urlsafe(32), fashen.clock()
    with fashen.engine.begin() as tx:
        tx.execute(sessions.delete().where(sessions.c.began_at < now - 2 * LASTS))
        tx.execute(
            sessions.insert().values(
                digest=_digest(token),
                office_id=office,
                person_id=person,
                csrf=secrets.token_urlsafe(24),
                began_at=now,
                seen_at=now,
                address=address[:64],
                agent=agent[:200],
            )
        )
    return token


def find(fashen: Fashen, token: str) -> Session | None:
    """The session behind a token, if it still runs; being looked for keeps it awake."""
    if not token:
        return None
    now, idle = fashen.clock(), timedelta(minutes=fashen.settings.session_idle)
    with reading(fashen.engine) as tx:
        row = tx.execute(_FIND, {"digest": _digest(token)}).first()
    if row is None or now - row.began_at > LASTS or now - row.seen_at > idle:
        return None
    if now - row.seen_at > TOUCHED:
        with fashen.engine.begin() as tx:
            here = sessions.c.digest == row.digest
            tx.execute(sessions.update().where(here).values(seen_at=now))
    return _session(row)


def _session(row: Any) -> Session:
    return Session(
        row.digest, row.office_id, row.person_id, row.csrf, row.began_at, row.seen_at, row.address,
        row.agent, bool(row.initial),
    )  # fmt: skip


def of(fashen: Fashen, office: str, person: str) -> list[Session]:
    """The sessions of a person that run, the last seen first."""
    now, idle = fashen.clock(), timedelta(minutes=fashen.settings.session_idle)
    theirs = (
        sa.select(sessions, sa.false().label("initial"))
        .where(
            sessions.c.office_id == office,
            sessions.c.person_id == person,
            sessions.c.began_at >= now - LASTS,
            sessions.c.seen_at >= now - idle,
        )
        .order_by(sessions.c.seen_at.desc())
    )
    with reading(fashen.engine) as tx:
        return [_session(row) for row in tx.execute(theirs)]


def end(fashen: Fashen, session: Session) -> None:
    """Signed out: the token opens nothing any more, whoever kept a copy."""
    with fashen.engine.begin() as tx:
        tx.execute(sessions.delete().where(sessions.c.digest == session.digest))
        access_log.note(
            tx,
            fashen.clock(),
            session.office,
            session.person,
            "signed_out",
            address=session.address,
        )


def end_all(tx: Connection, office: str, person: str, *, keep: str = "") -> int:
    """End the sessions of a person, all but the one whose digest is `keep`; how many there were."""
    ended = sessions.delete().where(
        sessions.c.office_id == office,
        sessions.c.person_id == person,
        sessions.c.digest != keep,
    )
    return int(tx.execute(ended).rowcount)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
