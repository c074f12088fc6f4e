"""临期 — an office's running clocks by their last day, and what will be told of them in the days ahead.

Read from the deadline rows; a case is opened only for a row that was found. Days are Beijing's.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.calendar import Span
from policies.casefile import CaseFile, Clock
from policies.office import Person
from states.flow import Stage, Term, kind_of
from states.terms import TERMS
from workflow import models
from workflow.database import reading
from workflow.program import Fashen
from workflow.queries import Deadline, deadline
from workflow.sweep import STAGE_WORDS, hearers, holders
from workflow.times import beijing, midnight

_C, _D = models.cases.c, models.deadline.c

AHEAD = Span(14, "d")
"""How far a forecast looks when nobody says how far."""

FARTHEST = {"wd": 260, "d": 366, "mo": 12}
"""A year, in each unit that days are counted in: nobody plans by what is told later."""

_WINDOWS = [term.clock for term in TERMS.values() if term.on_lapse]


@dataclass(frozen=True, slots=True)
class Running:
    """A running clock, the case that it belongs to, and who has it in hand.

    `round` is the step that opened it.
    """

    office: str
    case_id: str
    number: str
    party: str
    moved_at: datetime
    round: int
    deadline: Deadline
    case: CaseFile
    holders: tuple[Person, ...]

    @property
    def name(self) -> str:
        """The case's number, or as much of its id as people need to type."""
        return self.number or self.case_id[:8]

    @property
    def what(self) -> str:
        """查封扣押（m2）: the clock's label, and which thing of the case it is about."""
        _, _, of = self.deadline.clock.partition(":")
        return f"{self.deadline.label}（{of}）" if of else self.deadline.label

    @property
    def term(self) -> Term:
        return TERMS[kind_of(self.deadline.clock)]

    def as_dict(self) -> dict[str, Any]:
        return {
            "office": self.office,
            "case": self.case_id,
            "number": self.number,
            **self.deadline.as_dict(),
            "holders": [p.id for p in self.holders],
        }


@dataclass(frozen=True, slots=True)
class Ahead:
    """A stage that a clock reaches if nobody stops it: on which day, and who then hears of it."""

    day: date
    stage: Stage
    running: Running
    hearers: tuple[Person, ...]

    @property
    def word(self) -> str:
        return STAGE_WORDS[self.stage]

    def as_dict(self) -> dict[str, Any]:
        d = self.running.deadline
        return {
            "day": self.day.isoformat(),
            "stage": self.stage,
            "word": self.word,
            "office": self.running.office,
            "case": self.running.case_id,
            "number": self.running.number,
            "clock": d.clock,
            "label": d.label,
            "ends": d.ends.isoformat(),
            "provisional": d.provisional,
            "hearers": [p.id for p in self.hearers],
        }


def window(text: str) -> Span:
    """Read how far to look ahead: 14d, 5wd, 1mo, or 14 for days; `ValueError` says what to write."""
    plain = text.strip()
    try:
        span = Span.parse(f"{plain}d" if re.fullmatch(r"[0-9]+", plain) else plain)
    except ValueError:
        span = Span(-1, "d")
    if span.unit not in FARTHEST or span.n < 0:
        raise ValueError(f"要写成 14d（自然日）、5wd（工作日）或者 1mo（月），写的是“{text[:40]}”")
    if span.n > FARTHEST[span.unit]:
        raise ValueError(f"最多往后看一年（{FARTHEST[span.unit]}{span.unit}），写的是“{text[:40]}”")
    return span


def last_day(fashen: Fashen, span: Span) -> date:
    """The last day that is so near, today not counted; an end on a day off does not move."""
    return fashen.calendar.count(_today(fashen), span).due


def running(
    fashen: Fashen,
    office: str,
    *,
    case: str = "",
    person: Person | None = None,
    until: date | None = None,
) -> list[Running]:
    """The running clocks of an office, or of one case, or in one person's hand, the first to end first.

    `until` leaves out what ends later; what has ended and still runs is always there.
    """
    with reading(fashen.engine) as tx:
        return list(_read(fashen, tx, office, _asked(office, case, until), person))


def page(
    fashen: Fashen,
    office: str,
    *,
    case: str = "",
    person: Person | None = None,
    until: date | None = None,
    limit: int,
    offset: int = 0,
) -> tuple[list[Running], int]:
    """A part of what `running` finds, and how many there are in all."""
    if person is not None:
        found = running(fashen, office, case=case, person=person, until=until)
        return found[offset : offset + limit], len(found)
    where = _asked(office, case, until)
    with reading(fashen.engine) as tx:
        total = tx.scalar(sa.select(sa.func.count()).select_from(models.deadline).where(*where))
        rows = _read(fashen, tx, office, where, limit=limit, offset=offset)
        return list(rows), total or 0


def forecast(
    fashen: Fashen, office: str, *, until: date, case: str = "", person: Person | None = None
) -> list[Ahead]:
    """Every stage that the running clocks of an office reach until that day, in order of days.

    What is due and not yet told stands under today. `person` leaves what this person will hear of.
    """
    today = _today(fashen)
    # When a clock next wants a look stands in its row; windows are all read, since they lapse together.
    near = sa.or_(_D.wake_at <= midnight(until), _D.clock.in_(_WINDOWS))
    with reading(fashen.engine) as tx:
        home = fashen.bureau(tx, office).office
        rows = list(_read(fashen, tx, office, [*_asked(office, case), near]))
        told = _told(tx, office, case)
    alerting, now = home.alerts, beijing(fashen.clock())
    stages = [
        r.term.stages(r.deadline.ends, r.deadline.rolled, fashen.calendar, alerting) for r in rows
    ]
    together: dict[tuple[str, str], date] = {}
    for r, days in zip(rows, stages, strict=True):
        if r.term.on_lapse:
            key = r.case_id, r.term.on_lapse
            together[key] = max(together.get(key, date.min), days[-1][1])
    found = []
    for r, days in zip(rows, stages, strict=True):
        for stage, day in days:
            if stage in told[r.case_id, r.deadline.clock, r.round]:
                continue
            day = together[r.case_id, r.term.on_lapse] if stage == "lapse" else day
            if day <= until:
                heard = tuple(hearers(r.term, stage, r.case, home, now))
                if person is None or person.id in {p.id for p in heard}:
                    found.append(Ahead(max(day, today), stage, r, heard))
    return sorted(found, key=lambda a: (a.day, a.running.deadline.ends, a.running.name))


def _today(fashen: Fashen) -> date:
    return beijing(fashen.clock()).date()


def _told(tx: Connection, office: str, case: str) -> dict[tuple[str, str, int], set[str]]:
    """The stages that were told of the clocks that run: by case, clock and round."""
    a = models.alert.c
    same = a.case_id == _D.case_id, a.clock == _D.clock, a.round == _D.round
    rows = tx.execute(
        sa.select(a.case_id, a.clock, a.round, a.stage)
        .join(models.deadline, sa.and_(*same))
        .where(*_asked(office, case))
    )
    told: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for case_id, clock, round_, stage in rows:
        told[case_id, clock, round_].add(stage)
    return told


def _may_have(person: Person) -> sa.ColumnElement[bool]:
    """What can be in this person's hand: a first look that spares the opening of all other cases.

    Officers stand by their ids in the document; a unit head may have what nobody has taken up.
    """
    if person.has("unit_head"):
        return sa.true()
    held = {t.clock for t in TERMS.values() if t.holder and person.has(*t.holder.roles)}
    named = _C.doc.contains(json.dumps(person.id, ensure_ascii=False), autoescape=True)
    return sa.or_(named, *(_D.clock == clock for clock in held), *(
        _D.clock.startswith(f"{clock}:", autoescape=True) for clock in held
    ))  # fmt: skip


def _asked(office: str, case: str, until: date | None = None) -> list[sa.ColumnElement[bool]]:
    where = [_D.office_id == office, _D.state == "open"]
    if case:
        where.append(_D.case_id == case)
    return [*where, _D.ends <= until] if until else where


def _read(
    fashen: Fashen,
    tx: Connection,
    office: str,
    where: list[sa.ColumnElement[bool]],
    person: Person | None = None,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> Iterator[Running]:
    """The rows that meet these conditions, by the index of an office's clocks; of a person only theirs."""
    home, now = fashen.bureau(tx, office).office, beijing(fashen.clock())
    today = now.date()
    if person is not None:
        where = [*where, _may_have(person)]
    rows = tx.execute(
        sa.select(models.deadline, _C.number, _C.party_name, _C.moved_at, _C.doc)
        .join(models.cases, _C.id == _D.case_id)
        .where(*where)
        .order_by(_D.ends, _D.case_id, _D.clock)
        .limit(limit)
        .offset(offset or None)
    ).mappings()
    opened: dict[str, CaseFile] = {}
    for row in rows:
        case = opened.get(row["case_id"])
        if case is None:
            case = opened[row["case_id"]] = CaseFile.model_validate_json(row["doc"])
        held = holders(TERMS[kind_of(row["clock"])], case, home, now)
        if person is not None and person.id not in {p.id for p in held}:
            continue
        clock = Clock(**{name: row[name] for name in Clock.model_fields})
        yield Running(
            office=office,
            case_id=row["case_id"],
            number=row["number"],
            party=row["party_name"] or "（当事人未登记）",
            moved_at=row["moved_at"],
            round=row["round"],
            deadline=deadline(row["clock"], clock, case, fashen.calendar, home.alerts, today),
            case=case,
            holders=tuple(held),
        )
