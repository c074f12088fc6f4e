"""通行令牌 — how a program says on whose behalf it calls. Only a token's digest is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.office import SYSTEM, Person
from workflow import access_log
from workflow.database import insert_new, reading
from workflow.errors import NotFound, Unauthorised
from workflow.models import token as tokens
from workflow.program import Fashen
from workflow.scopes import EVERYTHING, SCOPES, chosen

_MARK = "fsh_"
"""Begins every token, so that one left in a file or a log is found by a search."""

API, NARROWED, CALENDAR = "api", "read", "calendar"
"""What a token is for: all of the API, some scopes of it, the address of a calendar. None opens what another is for.

A narrowed one is called `read` in the table: where no scopes stand beside it, it only reads.
"""

PURPOSES = (API, NARROWED, CALENDAR)

_HOLDER = sa.select(tokens.c.office_id, tokens.c.person_id).where(
    tokens.c.digest == sa.bindparam("digest"),
    tokens.c.purpose == sa.bindparam("purpose"),
    tokens.c.revoked_at.is_(None),
)
_BEARER = sa.select(
    tokens.c.office_id, tokens.c.person_id, tokens.c.purpose, tokens.c.scopes
).where(
    tokens.c.digest == sa.bindparam("digest"),
    tokens.c.purpose.in_((API, NARROWED)),
    tokens.c.revoked_at.is_(None),
)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token a program brings, and what it is for (workflow/scopes.py)."""

    office: str
    person: str
    scopes: frozenset[str] = EVERYTHING


def issue(fashen: Fashen, office: str, person: str, *, scopes: Collection[str] = EVERYTHING) -> str:
    """A new token for somebody of this office. It is told once; nobody can read it afterwards."""
    wanted = chosen(scopes)
    made = _MARK + secrets.token_urlsafe(32)
    with fashen.engine.begin() as tx:
        _known(fashen, tx, office, person)
        if wanted == EVERYTHING:
            row = _row(fashen, made, office, person, API)
        else:
            row = _row(fashen, made, office, person, NARROWED)
            row["scopes"] = " ".join(name for name in SCOPES if name in wanted)
        tx.execute(tokens.insert(), row)
        access_log.note(tx, fashen.clock(), office, person, "token")
    return made


def bearer(fashen: Fashen, token: str) -> Bearer:
    """Whose token this is; somebody who has left the office is nobody."""
    with reading(fashen.engine) as tx:
        found = tx.execute(_BEARER, {"digest": _digest(token)}).first()
        if found is None:
            raise Unauthorised("令牌不存在或者已经作废，请用 fashen token 重新领取。")
        if fashen.bureau(tx, found.office_id).office.person(found.person_id) is None:
            raise Unauthorised("令牌的持有人已不在本机关人员名单中，令牌不能再用。")
        return Bearer(found.office_id, found.person_id, _scopes(found.purpose, found.scopes))


def _scopes(purpose: str, kept: str) -> frozenset[str]:
    """What an old token could do it can still: everything, or to read."""
    return EVERYTHING if purpose == API else chosen(kept.split())


def revoke(fashen: Fashen, office: str, person: str, purpose: str = API) -> int:
    """End all tokens of a person for one purpose; returns how many there were."""
    with fashen.engine.begin() as tx:
        return _revoke(fashen, tx, office, person, purpose)


@dataclass(frozen=True, slots=True)
class Issued:
    """What may be known of a token afterwards; its digest opens nothing."""

    digest: str
    person: str
    purpose: str
    created_at: datetime
    revoked_at: datetime | None
    scopes: frozenset[str] = frozenset()


def issued(fashen: Fashen, office: str, person: str = "", limit: int = 200) -> list[Issued]:
    """The tokens of an office, or of one person: those that are valid first, the newest first."""
    t = tokens.c
    wanted = [t.office_id == office, *([t.person_id == person] if person else [])]
    ended = sa.case((t.revoked_at.is_(None), 0), else_=1)
    with reading(fashen.engine) as tx:
        rows = tx.execute(
            sa.select(tokens).where(*wanted).order_by(ended, t.created_at.desc()).limit(limit)
        )
        return [_issued(row) for row in rows]


def _issued(row: Any) -> Issued:
    held = frozenset() if row.purpose == CALENDAR else _scopes(row.purpose, row.scopes)
    return Issued(row.digest, row.person_id, row.purpose, row.created_at, row.revoked_at, held)


def end(fashen: Fashen, office: str, digest: str, *, by: str, only_of: str = "") -> None:
    """End one token of the office; with `only_of` only if it is this person's."""
    t = tokens.c
    wanted = [t.office_id == office, t.digest == digest, t.revoked_at.is_(None)]
    wanted += [t.person_id == only_of] if only_of else []
    with fashen.engine.begin() as tx:
        person = tx.scalar(sa.select(t.person_id).where(*wanted))
        if person is None:
            raise NotFound("没有这个令牌，或者它已经停用。请重新打开这一页。")
        tx.execute(tokens.update().where(*wanted).values(revoked_at=fashen.clock()))
        access_log.note(tx, fashen.clock(), office, person, "token_ended", by=by)


def revoke_others(tx: Connection, now: datetime, office: str, people: Collection[str]) -> None:
    """End the tokens of everybody but these people of an office."""
    theirs = tokens.c.office_id == office, tokens.c.person_id.not_in(people)
    tx.execute(tokens.update().where(*theirs, tokens.c.revoked_at.is_(None)).values(revoked_at=now))


# — the address of a person's calendar ———————————————————————————————————————————————————————————
#
# It must be shown again on every visit, so it is not drawn but derived: from the key of the settings, the
# person, and how many addresses of theirs have ended. A row in the table makes it valid, as with any token.


def calendar(fashen: Fashen, office: str, person: str) -> str | None:
    """The token in the address of a person's calendar, if they have one."""
    with reading(fashen.engine) as tx:
        made = _derived(fashen, tx, office, person)
        found = tx.execute(_HOLDER, {"digest": _digest(made), "purpose": CALENDAR}).first()
    return made if found else None


def renew_calendar(fashen: Fashen, office: str, person: str) -> str:
    """A new token for a person's calendar; the one before ends."""
    with fashen.engine.begin() as tx:
        _known(fashen, tx, office, person)
        _revoke(fashen, tx, office, person, CALENDAR)
        made = _derived(fashen, tx, office, person)
        # Asked for twice at once it is derived twice, and is the same.
        tx.execute(insert_new(tx, tokens), _row(fashen, made, office, person, CALENDAR))
    return made


def calendar_of(fashen: Fashen, token: str) -> tuple[str, Person] | None:
    """The office and the person whose calendar this is; None for whatever reason there is none."""
    with reading(fashen.engine) as tx:
        found = tx.execute(_HOLDER, {"digest": _digest(token), "purpose": CALENDAR}).first()
        if found is None:
            return None
        valid = _derived(fashen, tx, found.office_id, found.person_id)
        if not hmac.compare_digest(valid.encode(), token.encode("utf-8", "surrogatepass")):
            return None  # made under another key
        person = fashen.bureau(tx, found.office_id).office.person(found.person_id)
        return (found.office_id, person) if person else None


def _derived(fashen: Fashen, tx: Connection, office: str, person: str) -> str:
    ended = tx.scalar(
        sa.select(sa.func.count()).where(
            tokens.c.office_id == office,
            tokens.c.person_id == person,
            tokens.c.purpose == CALENDAR,
            tokens.c.revoked_at.is_not(None),
        )
    )
    plain = "\0".join((CALENDAR, office, person, str(ended))).encode()
    made = hmac.digest(fashen.settings.key, plain, "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def _known(fashen: Fashen, tx: Connection, office: str, person: str) -> None:
    known = fashen.bureau(tx, office).office
    if person == SYSTEM.id or known.person(person) is None:
        people = "、".join(f"{p.id}（{p.name}）" for p in known.people)
        raise NotFound(f"{known.name}没有“{person}”这个人，只有：{people}。")


def _row(fashen: Fashen, made: str, office: str, person: str, purpose: str) -> dict[str, Any]:
    return {
        "digest": _digest(made),
        "office_id": office,
        "person_id": person,
        "created_at": fashen.clock(),
        "purpose": purpose,
    }


def _revoke(fashen: Fashen, tx: Connection, office: str, person: str, purpose: str) -> int:
    ended = tx.execute(
        tokens.update()
        .where(
            tokens.c.office_id == office,
            tokens.c.person_id == person,
            tokens.c.purpose == purpose,
            tokens.c.revoked_at.is_(None),
        )
        .values(revoked_at=fashen.clock())
    )
    return int(ended.rowcount)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
