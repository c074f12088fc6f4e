"""通知 — what a person was told, when it was first shown to them, and when they said that they have read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from workflow import models
from workflow.database import reading
from workflow.program import Fashen

_N = models.inbox.c


def notices(fashen: Fashen, office: str, person: str, limit: int = 50) -> list[Mapping[str, Any]]:
    """A person's notices, newest first."""
    with reading(fashen.engine) as tx:
        rows = tx.execute(
            sa.select(models.inbox).where(*_of(office, person)).order_by(_N.id.desc()).limit(limit)
        ).mappings()
        return [dict(r) for r in rows]


def page(
    fashen: Fashen, office: str, person: str, *, unread: bool = False, limit: int, offset: int
) -> tuple[list[Mapping[str, Any]], int]:
    """Some of a person's notices, or of those that are unread, newest first; and how many there are."""
    wanted = [*_of(office, person), *([_N.read_at.is_(None)] if unread else [])]
    with reading(fashen.engine) as tx:
        total = tx.scalar(sa.select(sa.func.count()).select_from(models.inbox).where(*wanted)) or 0
        asked = sa.select(models.inbox).where(*wanted).order_by(_N.id.desc())
        rows = tx.execute(asked.limit(limit).offset(offset)).mappings()
        return [dict(r) for r in rows], total


def unread(fashen: Fashen, office: str, person: str) -> int:
    """How many notices this person has not said to have read."""
    with reading(fashen.engine) as tx:
        count = sa.select(sa.func.count()).select_from(models.inbox)
        return tx.scalar(count.where(*_of(office, person), _N.read_at.is_(None))) or 0


def mark_shown(fashen: Fashen, office: str, person: str, ids: Iterable[int]) -> None:
    """Note when these were first put before the person; the first time stays."""
    _mark(fashen, office, person, list(ids), "shown_at")


def mark_read(fashen: Fashen, office: str, person: str, ids: Iterable[int] | None = None) -> int:
    """The read receipt: of these notices, or of all; the first time stays. Returns how many were new."""
    return _mark(fashen, office, person, None if ids is None else list(ids), "read_at")


def _mark(fashen: Fashen, office: str, person: str, ids: list[int] | None, column: str) -> int:
    if ids == []:
        return 0
    wanted = [*_of(office, person), _N[column].is_(None)]
    if ids is not None:
        wanted.append(_N.id.in_(ids))
    with fashen.engine.begin() as tx:
        done = tx.execute(models.inbox.update().where(*wanted).values({column: fashen.now(tx)}))
        return done.rowcount


def _of(office: str, person: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _N.office_id == office, _N.person_id == person
