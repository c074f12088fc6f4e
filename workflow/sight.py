"""看得到的 — whose cases a person may look into: which offices, and in one's own office which cases.

An office file names the office above it (`superior.office`); that is all that makes the tree. An inspector
sees their own office and every office below it, whoever else only their own; officers of the office above see
nothing. In one's own office everybody sees every case, but the administrators of 等级保护 see none, and counsel
from outside those that were given to them (docs/access.md). Somebody from above acts here as inspector and as
nothing else, under a name that says whence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.office import Person
from policies.roles import APART
from workflow import models
from workflow.errors import NotForYou, NotFound
from workflow.program import Bureau, Fashen

LOOKERS = ("inspector", "head")
"""Who may open the supervisor's pages; of them only the inspector sees the offices below."""


GIVEN = ("officer", "given")
"""The parts that somebody has in a case that is theirs or was given to them (`case_person.part`)."""


def sees_none(person: Person) -> bool:
    """Whoever administers the system, its accounts or its log and does nothing else."""
    return set(person.roles) <= APART


def sees_given(person: Person) -> bool:
    """Counsel from outside (法律顾问), who sees the cases that were given to them and no others."""
    return set(person.roles) <= {"counsel"}


def sees_all(person: Person) -> bool:
    return not sees_none(person) and not sees_given(person)


def may_open(tx: Connection, office: str, case_id: str, person: Person) -> None:
    """Nothing, where this person may look into the case; else `NotForYou`, or `NotFound` as if there were none."""
    if sees_none(person):
        raise NotForYou(f"{person.title}不查看案件内容；需要核对案件的，请办案人员或者监督员办理。")
    if sees_given(person):
        p = models.case_person.c
        mine = sa.select(p.part).where(
            p.case_id == case_id, p.person_id == person.id, p.office_id == office, p.part.in_(GIVEN)
        )
        if tx.execute(mine).first() is None:
            raise NotFound(f"没有编号为“{case_id}”的案件，或者没有交给您。")


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


def supervised(fashen: Fashen, tx: Connection, home: Bureau, person: Person) -> Sight:
    """The same for whoever supervises; anybody else is refused."""
    if not person.has(*LOOKERS):
        raise NotForYou("督察的页面只给监督员和机关负责人看。要查看自己的案件，请回到案件列表。")
    return sight(fashen, tx, home, person)


def inspector_only(person: Person, what: str) -> None:
    if not person.has("inspector"):
        raise NotForYou(f"{what}由监督员办理；您可以查看，不能办理。")


def every_case(person: Person) -> None:
    """For what lists the office's cases: counsel and the administrators are refused."""
    if not sees_all(person):
        raise NotForYou(f"{person.title}不查看全机关的案件；交给您的，在工作台。")


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


def stand_in(
    fashen: Fashen, tx: Connection, home: Bureau, person: Person, case_id: str
) -> tuple[Bureau, Person]:
    """The office of this case, and this person there: an inspector from above is inspector there and nothing else.

    Of everybody else, and of a case that is not seen, nothing changes: the query finds no such case.
    """
    if not person.has("inspector"):
        return home, person
    found = case_seen(fashen, tx, sight(fashen, tx, home, person), case_id)
    if found is None or found.office.office == home.office.office:
        return home, person
    return found, as_seen_below(person, home)


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
