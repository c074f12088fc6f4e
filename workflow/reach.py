"""找得到谁 — the cases that wait for a person: by their own roles, and by what others delegated to them.

A case waits through its next step (`case_line`) and through what waits besides (`case_wait`). Whether a delegate
may really take the step is judged when it is opened (workflow/authority.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.office import Person
from workflow import models
from workflow.delegations import not_over
from workflow.next_step import marks
from workflow.program import Bureau
from workflow.times import beijing

_N, _W = models.case_line.alias("waiting").c, models.case_wait.c

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody answers to. Of a delegation only its `verbs` and, where it names any, its `cases`."""

    marks: frozenset[str]
    verbs: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()

    def meets(self, verb: str, wanted: Iterable[str], case: str) -> bool:
        """Whether a move of this case that waits for `wanted` waits for this."""
        given = (not self.verbs or verb in self.verbs) and (not self.cases or case in self.cases)
        return given and not self.marks.isdisjoint(wanted)

    def only(self, verbs: Collection[str]) -> Reach:
        """The same for some verbs alone."""
        some = [verb for verb in self.verbs if verb in verbs] if self.verbs else sorted(verbs)
        return replace(self, verbs=(*some,)) if some else replace(self, marks=frozenset())

    def next_step(self, tx: Connection) -> Condition:
        """Of `case_line`: its next step waits for this."""
        find = sa.func.strpos if tx.dialect.name == "postgresql" else sa.func.instr
        met = sa.or_(
            sa.false(), *(find(_N.waits_for, f"|{mark}|") > 0 for mark in sorted(self.marks))
        )
        return sa.and_(met, *_within(self, _N.next_verb, _N.case_id))

    def besides(self, office: str, today: date) -> sa.Select[tuple[str]]:
        """The cases that wait for this besides their next step."""
        return sa.select(_W.case_id).where(
            _W.office_id == office,
            _W.mark.in_(sorted(self.marks)),
            sa.or_(_W.from_on.is_(None), _W.from_on <= today),
            *_within(self, _W.verb, _W.case_id),
        )


def _within(
    reach: Reach, verb: sa.ColumnElement[str], case: sa.ColumnElement[str]
) -> list[Condition]:
    found: list[Condition] = []
    if reach.verbs:
        found.append(verb.in_(reach.verbs))
    if reach.cases:
        found.append(case.in_(reach.cases))
    return found


def reaches(tx: Connection, bureau: Bureau, person: Person, at: datetime) -> list[Reach]:
    """The person's own, and one for each delegation to them that runs at this moment."""
    found = [Reach(frozenset(marks(person)))]
    for d in not_over(tx, bureau.office.office, beijing(at).date()):
        principal = bureau.office.person(d.principal)
        if principal and d.delegate == person.id and d.runs_at(at):
            found.append(Reach(frozenset(marks(principal)), d.verbs, d.cases))
    return found


def waiting(tx: Connection, found: Sequence[Reach], office: str, today: date) -> Condition:
    """Of `case_line`: the case waits for one of these, through its next step or besides.

    As one list of ids from two indexes, or every case of the office would be looked at; a statement that asks
    several times reads the list once.
    """
    by_step = sa.or_(*(reach.next_step(tx) for reach in found))
    stepped = sa.select(_N.case_id).where(_N.office_id == office, _N.waits_for > "", by_step)
    besides = (reach.besides(office, today) for reach in found)
    ids = sa.union(stepped, *besides).cte("waiting_ids")
    return models.case_line.c.case_id.in_(sa.select(ids.c.case_id))
