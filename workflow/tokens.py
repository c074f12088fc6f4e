"""通行令牌 — how a program says on whose behalf it calls. Only a token's digest is kept."""

from __future__ import annotations

import hashlib
import secrets

import sqlalchemy as sa

from policies.office import SYSTEM
from workflow.database import reading
from workflow.errors import NotFound, Unauthorised
from workflow.models import token as tokens
from workflow.program import Fashen

_MARK = "fsh_"
"""Begins every token, so that one left in a file or a log is found by a search."""

_HOLDER = sa.select(tokens.c.office_id, tokens.c.person_id).where(
    tokens.c.digest == sa.bindparam("digest"), tokens.c.revoked_at.is_(None)
)


def issue(fashen: Fashen, office: str, person: str) -> str:
    """A new token for somebody of this office. It is told once; nobody can read it afterwards."""
    made = _MARK + secrets.token_urlsafe(32)
    with fashen.engine.begin() as tx:
        known = fashen.bureau(tx, office).office
        if person == SYSTEM.id or known.person(person) is None:
            people = "、".join(f"{p.id}（{p.name}）" for p in known.people)
            raise NotFound(f"{known.name}没有“{person}”这个人，只有：{people}。")
        tx.execute(
            tokens.insert(),
            {
                "digest": _digest(made),
                "office_id": office,
                "person_id": person,
                "created_at": fashen.clock(),
            },
        )
    return made


def bearer(fashen: Fashen, token: str) -> tuple[str, str]:
    """The office and the person behind a token; somebody who has left the office is nobody."""
    with reading(fashen.engine) as tx:
        found = tx.execute(_HOLDER, {"digest": _digest(token)}).first()
        if found is None:
            raise Unauthorised("令牌不存在或者已经作废，请用 fashen token 重新领取。")
        if fashen.bureau(tx, found.office_id).office.person(found.person_id) is None:
            raise Unauthorised("令牌的持有人已不在本机关人员名单中，令牌不能再用。")
        return found.office_id, found.person_id


def revoke(fashen: Fashen, office: str, person: str) -> int:
    """End all tokens of a person; returns how many there were."""
    with fashen.engine.begin() as tx:
        ended = tx.execute(
            tokens.update()
            .where(
                tokens.c.office_id == office,
                tokens.c.person_id == person,
                tokens.c.revoked_at.is_(None),
            )
            .values(revoked_at=fashen.clock())
        )
        return int(ended.rowcount)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
