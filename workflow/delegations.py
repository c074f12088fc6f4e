"""委托 — who signs for whom, for how long and for what: the record, read in one question.

A delegation is the office's and stands in a table of its own, never edited: it ends by its last day or by
being revoked. What was done under it stands in the case's ledger with both names and the digest of its
terms. Giving and revoking are in `workflow/delegating.py`, acting under it in `workflow/authority.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.facts import digest
from policies.office import Office, Person
from workflow import models
from workflow.database import Plain, reading
from workflow.errors import NotFound
from workflow.program import Fashen
from workflow.times import beijing, stamp

_D = models.delegation.c

_RUNNING = Plain(
    sa.select(models.delegation)
    .where(_D.office_id == sa.bindparam("office"), _D.until_on >= sa.bindparam("day"))
    .order_by(_D.given_at, _D.id)
)
"""All that ends on this day or later: mostly nothing, and it stands together in the index."""


@dataclass(frozen=True, slots=True)
class Delegation:
    """One delegation. `cases` empty means every case; both days belong to the period."""

    id: str
    principal: str
    delegate: str
    verbs: tuple[str, ...]
    cases: tuple[str, ...]
    from_on: date
    until_on: date
    reason: str
    proof: str
    given_by: str
    given_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str = ""
    revoked_because: str = ""

    def runs_at(self, at: datetime) -> bool:
        """Whether it was given, had begun, was not over and not revoked at this moment."""
        day = beijing(at).date()
        given = self.given_at <= at and self.from_on <= day <= self.until_on
        return given and (self.revoked_at is None or at < self.revoked_at)

    def is_about(self, case: str | None) -> bool:
        """Whether it is for this case; a case not yet opened is only among all cases."""
        return not self.cases or case in self.cases

    def state_on(self, at: datetime) -> Literal["running", "coming", "past"]:
        if self.runs_at(at):
            return "running"
        over = self.revoked_at is not None or beijing(at).date() > self.until_on
        return "past" if over else "coming"

    @property
    def period(self) -> str:
        return f"{self.from_on} 至 {self.until_on}"

    @property
    def ended(self) -> str:
        """When it was revoked, in words; empty where it was not."""
        return f"{stamp(self.revoked_at)[:16].replace('T', ' ')} 撤销" if self.revoked_at else ""

    @property
    def terms(self) -> str:
        """The digest of what was given; it stands in each entry of what was done under it."""
        return digest(
            [
                self.id, self.principal, self.delegate, list(self.verbs), list(self.cases),
                self.from_on.isoformat(), self.until_on.isoformat(), self.reason, self.proof,
                self.given_by, stamp(self.given_at),
            ]
        )  # fmt: skip

    def as_dict(self, office: Office, at: datetime) -> dict[str, Any]:
        """As programs read it."""
        return {
            "id": self.id,
            "state": self.state_on(at),
            "principal": _named(office, self.principal),
            "delegate": _named(office, self.delegate),
            "verbs": list(self.verbs),
            "cases": list(self.cases),
            "from_on": self.from_on.isoformat(),
            "until_on": self.until_on.isoformat(),
            "reason": self.reason,
            "proof": self.proof,
            "given_by": self.given_by,
            "given_at": stamp(self.given_at),
            "revoked_at": stamp(self.revoked_at) if self.revoked_at else None,
            "revoked_by": self.revoked_by,
            "revoked_because": self.revoked_because,
        }


@dataclass(frozen=True, slots=True)
class Behalf:
    """For whom somebody acts, and under which delegation."""

    principal: Person
    delegation: Delegation

    def entry(self) -> dict[str, str]:
        """What the ledger says of it beside `by`."""
        return {
            "id": self.principal.id,
            "name": self.principal.name,
            "post": self.principal.post,
            "delegation": self.delegation.id,
            "terms": self.delegation.terms,
        }


def signed(name: str, principal: str) -> str:
    """A signature in words: 李某（受 王某 委托）."""
    return f"{name}（受 {principal} 委托）" if principal else name


def _named(office: Office, id: str) -> dict[str, str]:
    person = office.person(id)
    return {"id": id, "name": person.name if person else id}


def not_over(tx: Connection, office: str, day: date) -> tuple[Delegation, ...]:
    """All of an office that end on this day or later, in the order in which they were given."""
    return tuple(_read(row) for row in _RUNNING.all(tx, {"office": office, "day": day}))


def pairs(
    found: Iterable[Delegation], case: str | None, at: datetime
) -> tuple[tuple[str, str], ...]:
    """委托人 and 受托人 of each that runs for this case at this moment, for what keeps duties apart."""
    running = {(d.principal, d.delegate) for d in found if d.is_about(case) and d.runs_at(at)}
    return tuple(sorted(running))


def every(fashen: Fashen, office: str, person: Person | None = None) -> list[Delegation]:
    """An office's delegations, or those that a person gave, has or made; the newest first."""
    wanted = sa.select(models.delegation).where(_D.office_id == office)
    if person is not None:
        mine = (_D.principal, _D.delegate, _D.given_by)
        wanted = wanted.where(sa.or_(*(column == person.id for column in mine)))
    with reading(fashen.engine) as tx:
        rows = tx.execute(wanted.order_by(_D.from_on.desc(), _D.given_at.desc(), _D.id))
        return [_read(row) for row in rows]


def all_of(tx: Connection) -> dict[str, dict[str, Delegation]]:
    """Every delegation of every office by its id, for those who check what was done under them."""
    found: dict[str, dict[str, Delegation]] = {}
    for row in tx.execute(sa.select(models.delegation)):
        found.setdefault(row.office_id, {})[row.id] = _read(row)
    return found


def to_person(tx: Connection, office: str, person: str) -> list[Delegation]:
    """All that a person ever had, for the words of a refusal."""
    rows = tx.execute(
        sa.select(models.delegation)
        .where(_D.office_id == office, _D.delegate == person)
        .order_by(_D.until_on)
    )
    return [_read(row) for row in rows]


def find(tx: Connection, office: str, id: str) -> Delegation:
    """One by its id or its beginning, as people type it."""
    rows = tx.execute(
        sa.select(models.delegation)
        .where(_D.office_id == office, _D.id.startswith(id, autoescape=True))
        .with_for_update()
    ).all()
    found = [row for row in rows if row.id == id] or rows
    if not id or len(found) != 1:
        said = f"“{id[:40]}”对应 {len(found)} 份委托，请写完整的编号" if found and id else ""
        raise NotFound(said + "。" if said else f"没有编号为“{id[:40]}”的委托。")
    return _read(found[0])


def _read(row: Any) -> Delegation:
    return Delegation(
        id=row.id,
        principal=row.principal,
        delegate=row.delegate,
        verbs=tuple(json.loads(row.verbs)),
        cases=tuple(json.loads(row.cases)),
        from_on=row.from_on,
        until_on=row.until_on,
        reason=row.reason,
        proof=row.proof,
        given_by=row.given_by,
        given_at=row.given_at,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by or "",
        revoked_because=row.revoked_because or "",
    )


def named(office: Office, rows: Sequence[Delegation]) -> dict[str, str]:
    """The names of everybody in these, by id."""
    ids = {id for d in rows for id in (d.principal, d.delegate, d.given_by, d.revoked_by) if id}
    return {id: _named(office, id)["name"] for id in ids}
