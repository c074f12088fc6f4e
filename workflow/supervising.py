"""督察 — the red list: what was done against a rule or too late, and what runs over its end now.

Every query names the offices that are seen (workflow/sight.py). What was done is read from the table of
findings, what runs over from the clocks; a document is opened only for a row that is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.calendar import Span
from policies.casefile import CaseFile
from policies.core import POLICIES
from policies.things import Supervision
from states.case import FLOWS
from states.flow import kind_of
from states.terms import TERMS
from workflow import models
from workflow.database import reading
from workflow.findings import DEFECTS, newest
from workflow.program import Fashen
from workflow.queries import Row, row_of
from workflow.sight import Sight
from workflow.sweep import holders
from workflow.times import beijing

_C, _D, _F = models.cases.c, models.deadline.c, models.finding.c

MOST_RUNNING = 500
"""Clocks over their end that are looked at; an office that has more has other worries than the last of them."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rules and clocks that a supervisor asks for together."""

    label: str
    keys: frozenset[str]
    clocks: frozenset[str] = frozenset()


GROUPS: dict[str, Group] = {
    "late": Group(
        "超期",
        frozenset({
            "decision.within_time", "service.in_time", "filing.extension_in_time", "filing.urgent_in_time",
            "measure.ended_in_time", "remedy.answered_in_time", "transfer.decided_in_time",
            "transfer.handed_over_in_time", "supervision.answered_in_time", "enforcement.window_kept",
            "publication.withdrawn_in_time",
        }),
        frozenset(c for c, term in TERMS.items() if not term.on_lapse),
    ),
    "review": Group(
        "未经法制审核",
        frozenset({
            "review.passed", "review.before_notice", "review.after_hearing", "review.amount_covered",
            "review.not_backdated", "reviewer.qualified", "separation.reviewer_not_officer",
        }),
    ),
    "window": Group(
        "申辩、听证期限未满",
        frozenset({"hearing.request_window_closed", "defence.window_closed"}),
    ),
    "publication": Group(
        "未按期公示",
        frozenset({"publication.receipt_back", "publication.choice_recorded", "publication.withdrawn_in_time"}),
        frozenset({"publication", "withdrawal"}),
    ),
    "dates": Group(
        "日期倒置",
        frozenset({
            "evidence.dates_possible", "evidence.before_decision", "decision.date_follows_steps",
            "service.after_document", "service.received_after_posting", "review.not_backdated",
            "publication.served_first",
        }),
    ),
    "discretion": Group(
        "裁量",
        frozenset({
            "decision.band_kept", "decision.discretion_reasoned", "decision.amount_in_range",
            "decision.lighter_applied", "decision.heavier_weighed", "notice.not_heavier_for_defence",
        }),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to; empty means all. `office` is one of those that are seen."""

    office: str = ""
    group: str = ""
    rule: str = ""
    person: str = ""
    state: str = ""
    year: int = 0

    def offices(self, seen: Sight) -> tuple[str, ...]:
        """Only ever offices that are seen; an office that is not among them is none."""
        if not self.office:
            return seen.ids
        return (self.office,) if self.office in seen.ids else ()

    def keys(self) -> frozenset[str] | None:
        """Rules and clocks that are wanted; None for all."""
        if self.rule:
            return frozenset({self.rule})
        group = GROUPS.get(self.group)
        return group.keys | group.clocks if group else None


@dataclass(frozen=True, slots=True)
class Defect:
    """One line of the red list. `kind` is one of `findings.DEFECTS`, or `running` for a clock over its end."""

    kind: str
    key: str
    office: str
    case_id: str
    seq: int
    number: str
    title: str
    state: str
    on: date
    person: str
    cite: str
    reason: str
    excuse: str
    orders: tuple[Supervision, ...] = field(default=())

    @property
    def name(self) -> str:
        return self.number or f"未立案 {self.case_id[:8]}"

    @property
    def rule(self) -> str:
        return title_of(self.key)


def title_of(key: str) -> str:
    """What a rule or a clock is called."""
    if key in POLICIES:
        return POLICIES[key].title
    return f"{TERMS[key].label}期限" if key in TERMS else key


def article_of(key: str) -> str:
    return POLICIES[key].cite if key in POLICIES else ""


def _where(asked: Asked, seen: Sight) -> list[sa.ColumnElement[bool]]:
    return [_F.office_id.in_(asked.offices(seen)), _F.kind.in_(DEFECTS), *_narrowed(asked)]


def _narrowed(asked: Asked) -> list[sa.ColumnElement[bool]]:
    """What is asked for besides the offices."""
    where: list[sa.ColumnElement[bool]] = []
    if asked.year:
        where.append(_F.on.between(date(asked.year, 1, 1), date(asked.year, 12, 31)))
    if (keys := asked.keys()) is not None:
        where.append(_F.key.in_(sorted(keys)))
    if asked.person:
        where.append(_F.person_id == asked.person)
    if asked.state:
        where.append(sa.exists().where(_C.id == _F.case_id, _C.state == asked.state))
    return where


def defects(
    tx: Connection, seen: Sight, asked: Asked, *, limit: int, offset: int = 0
) -> tuple[list[Defect], int]:
    """What was found in entries, the newest first, and how many there are in all."""
    where = _where(asked, seen)
    total = tx.scalar(sa.select(sa.func.count()).select_from(models.finding).where(*where)) or 0
    found = newest(asked.offices(seen), DEFECTS, _narrowed(asked), offset + limit)
    order = [found.c[n].desc() for n in ("on", "case_id", "seq", "kind", "key")]
    page = sa.select(found).order_by(*order).limit(limit).offset(offset).subquery()
    rows = tx.execute(
        sa.select(page, _C.number, _C.title, _C.state, _C.flow, _C.doc)
        .join(models.cases, _C.id == page.c.case_id)
        .order_by(*(page.c[n].desc() for n in ("on", "case_id", "seq", "kind", "key")))
    )
    return [_defect(r) for r in rows.mappings()], total


def cases_among(tx: Connection, seen: Sight, asked: Asked, red: Iterable[Defect]) -> int:
    """How many cases the lines are about: one decision can break two rules."""
    running = {d.case_id for d in red}
    found = tx.scalar(
        sa.select(sa.func.count(sa.distinct(_F.case_id))).where(
            *_where(asked, seen), _F.case_id.not_in(running)
        )
    )
    return len(running) + (found or 0)


def _defect(row: Any) -> Defect:
    return Defect(
        kind=row["kind"], key=row["key"], office=row["office_id"], case_id=row["case_id"], seq=row["seq"],
        number=row["number"], title=row["title"], state=state_label(row["flow"], row["state"]),
        on=row["on"], person=row["person"], cite=row["cite"], reason=row["reason"],
        excuse=row["excuse"], orders=_orders(CaseFile.model_validate_json(row["doc"]), row["key"]),
    )  # fmt: skip


def _orders(case: CaseFile, key: str) -> tuple[Supervision, ...]:
    """The 督办 of a case that are about this rule or clock, or about none in particular."""
    return tuple(
        s for s in case.supervisions if s.kind == "督办" and (not s.about or key in s.about)
    )


def state_label(flow: str, state: str) -> str:
    return FLOWS[flow].state(state).label


def running(fashen: Fashen, tx: Connection, seen: Sight, asked: Asked) -> list[Defect]:
    """Clocks that are over their end today and still run, whose card nobody has taken down; the oldest first."""
    now = beijing(fashen.clock())
    today, keys = now.date(), asked.keys()
    found = []
    rows = tx.execute(
        sa.select(models.deadline, _C.number, _C.title, _C.state.label("at"), _C.flow, _C.doc)
        .join(models.cases, _C.id == _D.case_id)
        .where(
            _D.office_id.in_(asked.offices(seen)),
            _D.state == "open",
            _D.ends < today,
            *([_C.state == asked.state] if asked.state else []),
        )
        .order_by(_D.ends, _D.case_id, _D.clock)
        .limit(MOST_RUNNING)
    )
    for row in rows.mappings():
        kind, bureau = kind_of(row["clock"]), seen.bureau(row["office_id"])
        term = TERMS[kind]
        if bureau is None or term.on_lapse or (keys is not None and kind not in keys):
            continue
        if asked.year and row["ends"].year != asked.year:
            continue
        case = CaseFile.model_validate_json(row["doc"])
        stage = term.stage_on(
            today, row["ends"], row["rolled"], fashen.calendar, bureau.office.alerts
        )
        if stage != "red" or case.taken_down(row["clock"], "red"):
            continue
        held = holders(term, case, bureau.office, now)
        if asked.person and asked.person not in {p.id for p in held}:
            continue
        late = fashen.calendar.workdays_between(row["ends"], today)
        over = (
            f"{late} 个工作日"
            if row["span"].endswith("wd") and late
            else f"{(today - row['ends']).days} 个自然日"
        )
        found.append(
            Defect(
                kind="running", key=kind, office=row["office_id"], case_id=row["case_id"], seq=0,
                number=row["number"], title=row["title"], state=state_label(row["flow"], row["at"]),
                on=row["ends"], person="、".join(p.name for p in held) or "（机关未配备）", cite="",
                reason=f"{row['ends']} 届满，超 {over}", excuse="", orders=_orders(case, kind),
            )
        )  # fmt: skip
    return found


def lines(
    tx: Connection, seen: Sight, asked: Asked, red: list[Defect], *, limit: int, offset: int = 0
) -> tuple[list[Defect], int]:
    """A page of the list and how long it is: what still runs (`red`) stands first, then what was found."""
    first = red[offset : offset + limit]
    found, total = defects(
        tx, seen, asked, limit=limit - len(first), offset=max(0, offset - len(red))
    )
    return [*first, *found], total + len(red)


# — numbers ———————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of a year over the offices that are asked for."""

    keys: Counter[str]
    offices: Counter[str]
    decided: int
    late: int

    def of(self, group: str) -> int:
        wanted = GROUPS[group].keys | GROUPS[group].clocks
        return sum(n for key, n in self.keys.items() if key in wanted)

    @property
    def in_time(self) -> str:
        """Decisions within the ninety days, as a share of the year's."""
        return f"{100 * (self.decided - self.late) / self.decided:.1f}%" if self.decided else "—"


def counts(tx: Connection, seen: Sight, asked: Asked) -> Counts:
    where = _where(Asked(office=asked.office, year=asked.year), seen)
    keys: Counter[str] = Counter()
    offices: Counter[str] = Counter()
    found = tx.execute(
        sa.select(_F.office_id, _F.key, sa.func.count())
        .where(*where)
        .group_by(_F.office_id, _F.key)
    )
    for office, key, n in found:
        keys[key] += n
        offices[office] += n
    decided = tx.scalar(
        sa.select(sa.func.count())
        .select_from(models.finding)
        .where(
            _F.office_id.in_(asked.offices(seen)),
            _F.kind == "decided",
            *(
                [_F.on.between(date(asked.year, 1, 1), date(asked.year, 12, 31))]
                if asked.year
                else []
            ),
        )
    )
    return Counts(keys, offices, decided or 0, keys["decision.within_time"] + keys["decision"])


def people(seen: Sight, asked: Asked) -> list[tuple[str, str]]:
    """The people of these offices, to choose from."""
    wanted = asked.offices(seen)
    found = {
        p.id: p.name for b in seen.bureaus if b.office.office in wanted for p in b.office.people
    }
    return sorted(found.items(), key=lambda p: p[1])


def years(tx: Connection, seen: Sight, today: date) -> list[int]:
    """The years of which something stands in the table, and this one; the newest first."""
    firsts = [
        tx.scalar(
            sa.select(_F.on).where(_F.office_id == office, _F.kind == kind).order_by(_F.on).limit(1)
        )
        for office in seen.ids
        for kind in (*DEFECTS, "decided")
    ]
    first = min((day for day in firsts if day), default=today)
    return list(range(today.year, first.year - 1, -1))[:30]


def cases(
    fashen: Fashen, seen: Sight, office: str, *, search: str, state: str, limit: int, offset: int
) -> tuple[list[Row], int]:
    """The cases of one office that is seen, the last opened first, and how many there are."""
    bureau = seen.bureau(office)
    if bureau is None:
        return [], 0
    where: list[sa.ColumnElement[bool]] = [_C.office_id == office]
    if search:
        word = f"%{search.replace('%', '').replace('_', '')}%"
        where.append(sa.or_(_C.number.like(word), _C.party_name.like(word), _C.title.like(word)))
    if state:
        where.append(_C.state == state)
    with reading(fashen.engine) as tx:
        total = tx.scalar(sa.select(sa.func.count()).select_from(models.cases).where(*where)) or 0
        rows = tx.execute(
            sa.select(models.cases)
            .where(*where)
            .order_by(_C.ordinal.desc())
            .limit(limit)
            .offset(offset)
        ).mappings()
        return [row_of(fashen, bureau, dict(row)) for row in rows.all()], total


# — 督办 ——————————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Issued:
    """One 督办 with the case that it is about; `ends` is the last day to answer, `left` working days."""

    office: str
    case_id: str
    number: str
    title: str
    paper: Supervision
    by: str
    to: str
    ends: date
    left: int

    @property
    def open(self) -> bool:
        return self.paper.answered_on is None

    @property
    def overdue(self) -> bool:
        return self.open and self.left < 0


def issued(fashen: Fashen, tx: Connection, seen: Sight, asked: Asked) -> list[Issued]:
    """The 督办 of these offices, those without an answer first and of them the most urgent."""
    found = list(_issued(fashen, tx, seen, _F.office_id.in_(asked.offices(seen))))
    return sorted(
        found, key=lambda i: (not i.open, i.ends if i.open else date.max - (i.ends - date.min))
    )


def find_order(
    fashen: Fashen, tx: Connection, seen: Sight, case_id: str, item: str
) -> Issued | None:
    """One 督办 of a case that is seen."""
    here = sa.and_(_F.office_id.in_(seen.ids), _F.case_id == case_id, _F.key == item)
    return next(iter(_issued(fashen, tx, seen, here)), None)


def _issued(
    fashen: Fashen, tx: Connection, seen: Sight, where: sa.ColumnElement[bool]
) -> Iterable[Issued]:
    today = beijing(fashen.clock()).date()
    rows = tx.execute(
        sa.select(_F.key, _F.person, _C.id, _C.office_id, _C.number, _C.title, _C.doc)
        .join(models.cases, _C.id == _F.case_id)
        .where(where, _F.kind == "order")
    )
    for row in rows:
        case, bureau = CaseFile.model_validate_json(row.doc), seen.bureau(row.office_id)
        paper = next((s for s in case.supervisions if s.id == row.key), None)
        if paper is None or bureau is None:
            continue
        ends = due(fashen, paper)
        left = fashen.calendar.workdays_between(today, ends)
        if today > ends:
            left = -max(fashen.calendar.workdays_between(ends, today), 1)
        to = bureau.office.person(paper.to)
        yield Issued(
            row.office_id, row.id, row.number, row.title, paper, row.person,
            to.title if to else paper.to, ends, left,
        )  # fmt: skip


def due(fashen: Fashen, paper: Supervision) -> date:
    """The last day to answer a 督办, by the calendar in use."""
    if paper.workdays is None:
        return paper.due or paper.received
    return fashen.calendar.count(paper.received, Span(paper.workdays, "wd")).rolled
