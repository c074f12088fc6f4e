"""筛选 — what a person asks of the case list again and again, kept under a name of their own."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from workflow import models
from workflow.database import reading
from workflow.errors import FieldError, Malformed
from workflow.program import Fashen

_F = models.saved_filter.c

MOST = 20
"""Filters of one person: more of them would not be found again."""

LONGEST_NAME, LONGEST_QUERY = 20, 500


@dataclass(frozen=True, slots=True)
class Saved:
    """One filter; `query` is the part of the list's address after the question mark."""

    id: int
    name: str
    query: str


def saved(fashen: Fashen, office: str, person: str) -> list[Saved]:
    """A person's filters in the order in which they were kept."""
    chosen = sa.select(_F.id, _F.name, _F.query).where(*_of(office, person)).order_by(_F.id)
    with reading(fashen.engine) as tx:
        return [Saved(*row) for row in tx.execute(chosen)]


def save(fashen: Fashen, office: str, person: str, name: str, query: str) -> None:
    """Keep this query under this name; the same name again replaces what it stood for."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise _no("name", f"给筛选起一个名称，最多 {LONGEST_NAME} 个字，例如“我经办、已送审”")
    if len(query) > LONGEST_QUERY:
        raise _no("query", "搜索的文字太长，没有保存；请缩短后再保存")
    with fashen.engine.begin() as tx:
        held = set(tx.execute(sa.select(_F.name).where(*_of(office, person))).scalars())
        if name in held:
            changed = models.saved_filter.update().where(*_of(office, person), _F.name == name)
            tx.execute(changed.values(query=query))
            return
        if len(held) >= MOST:
            raise _no("name", f"已经保存了 {MOST} 个筛选，没有保存；请先删去不用的")
        row = {"office_id": office, "person_id": person, "name": name, "query": query}
        tx.execute(models.saved_filter.insert(), {**row, "created_at": fashen.now(tx)})


def forget(fashen: Fashen, office: str, person: str, id: int) -> None:
    """Delete one of a person's own filters; another's, or one that is gone, is left as it is."""
    with fashen.engine.begin() as tx:
        tx.execute(models.saved_filter.delete().where(*_of(office, person), _F.id == id))


def _no(field: str, said: str) -> Malformed:
    return Malformed("保存为筛选", [FieldError(field, said)])


def _of(office: str, person: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _F.office_id == office, _F.person_id == person
