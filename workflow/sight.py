"""看得到的机关 — the tree of offices: whose cases a person may look into, and who supervises from above.

An office file names the office above it (`superior.office`); that is all that makes the tree. An inspector
sees their own office and every office below it, whoever else only their own; officers of the office above see
nothing. Somebody from above acts here as inspector and as nothing else, under a name that says whence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.office import Person
from workflow import models
from workflow.program import Bureau, Fashen

LOOKERS = ("inspector", "head")
"""Who may open the supervisor's pages; of them only the inspector sees the offices below."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The offices that a person may look into, their own first."""

    bureaus: tuple[Bureau, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(b.office.office for b in self.bureaus)

    @property
    def names(self) -> dict[str, str]:
        return {b.office.office: b.office.name for b in self.bureaus}

    def bureau(self, office: str) -> Bureau | None:
        return next((b for b in self.bureaus if b.office.office == office), None)


def sight(fashen: Fashen, tx: Connection, home: Bureau, person: Person) -> Sight:
    """What this person of this office may look into."""
    if not person.has("inspector"):
        return Sight((home,))
    return Sight((home, *_below(fashen, tx, home.office.office)))


def _below(fashen: Fashen, tx: Connection, office: str) -> Iterator[Bureau]:
    """Every office below this one, those directly below first; a circle in the files ends where it closes."""
    everywhere = _everywhere(fashen, tx)
    known, level = {office}, [office]
    while level:
        found = [b for b in everywhere if b.office.superior.office in level]
        found = [b for b in found if b.office.office not in known]
        yield from found
        level = [b.office.office for b in found]
        known.update(level)


def _everywhere(fashen: Fashen, tx: Connection) -> list[Bureau]:
    o = models.office.c
    rows = tx.execute(sa.select(o.id, o.version).order_by(o.id)).all()
    return [fashen.bureau(tx, row.id, row.version) for row in rows]


def case_seen(fashen: Fashen, tx: Connection, seen: Sight, case_id: str) -> Bureau | None:
    """The office of a case, if it is one of those that are seen."""
    c = models.cases.c
    office = tx.scalar(sa.select(c.office_id).where(c.id == case_id, c.office_id.in_(seen.ids)))
    return seen.bureau(office) if office else None


# — acting from above —————————————————————————————————————————————————————————————————————


def as_seen_below(person: Person, home: Bureau) -> Person:
    """An inspector as the offices below know them: with that role alone."""
    return person.model_copy(
        update={
            "id": f"{person.id}@{home.office.office}",
            "roles": ("inspector",),
            "post": f"{home.office.name}{person.post or '监督员'}",
        }
    )


def from_above(fashen: Fashen, tx: Connection, there: Bureau, actor: str) -> Person | None:
    """The inspector of an office above who acts here as `id@office`; nobody else comes in this way."""
    id, at, office = actor.rpartition("@")
    if not at or office not in above(fashen, tx, there):
        return None
    home = fashen.bureau(tx, office)
    person = home.office.person(id)
    return as_seen_below(person, home) if person and person.has("inspector") else None


def above(fashen: Fashen, tx: Connection, there: Bureau) -> list[str]:
    """The offices above this one, the nearest first."""
    known = {b.office.office: b for b in _everywhere(fashen, tx)}
    found: list[str] = []
    up = there.office.superior.office
    while up in known and up not in found and up != there.office.office:
        found.append(up)
        up = known[up].office.superior.office
    return found
