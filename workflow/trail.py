"""责任追溯 — warnings that were overridden and why, irregular acts, cards taken down, late entries, refusals.

Read from the findings and from the refusals; every query names the offices that are seen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import models
from workflow.findings import newest
from workflow.order import label
from workflow.sight import Sight
from workflow.supervising import title_of
from workflow.times import beijing, midnight

_C, _F, _R = models.cases.c, models.finding.c, models.refusal.c

KINDS = {
    "warned": "越过提示",
    "irregular": "不合规登记",
    "card": "摘牌",
    "late": "补录",
    "refused": "被拒绝的办理",
}


@dataclass(frozen=True, slots=True)
class Line:
    """Who did, or tried to do, what on which day, and what they gave as the reason."""

    kind: str
    on: date
    office: str
    case_id: str
    number: str
    seq: int
    verb: str
    person_id: str
    person: str
    what: str
    why: str

    @property
    def word(self) -> str:
        return KINDS[self.kind]

    @property
    def name(self) -> str:
        return self.number or (f"未立案 {self.case_id[:8]}" if self.case_id else "（没有案件）")


@dataclass(frozen=True, slots=True)
class Asked:
    kind: str = ""
    office: str = ""
    person: str = ""
    year: int = 0

    def offices(self, seen: Sight) -> tuple[str, ...]:
        if not self.office:
            return seen.ids
        return (self.office,) if self.office in seen.ids else ()


def trail(
    tx: Connection, seen: Sight, asked: Asked, *, limit: int, offset: int = 0
) -> tuple[list[Line], int]:
    """The lines of a page, the newest first, and how many there are in all."""
    both = asked.kind == ""
    if asked.kind == "refused":
        return _refused(tx, seen, asked, limit, offset)
    done, n_done = _done(tx, seen, asked, limit + offset if both else limit, 0 if both else offset)
    if not both:
        return done, n_done
    refused, n_refused = _refused(tx, seen, asked, limit + offset, 0)
    merged = sorted((*done, *refused), key=lambda x: x.on, reverse=True)
    return merged[offset : offset + limit], n_done + n_refused


def _done(
    tx: Connection, seen: Sight, asked: Asked, limit: int, offset: int
) -> tuple[list[Line], int]:
    kinds = [asked.kind] if asked.kind else [k for k in KINDS if k != "refused"]
    narrowed: list[sa.ColumnElement[bool]] = []
    if asked.person:
        narrowed.append(_F.person_id == asked.person)
    if asked.year:
        narrowed.append(_F.on.between(date(asked.year, 1, 1), date(asked.year, 12, 31)))
    offices = asked.offices(seen)
    total = tx.scalar(
        sa.select(sa.func.count())
        .select_from(models.finding)
        .where(_F.office_id.in_(offices), _F.kind.in_(kinds), *narrowed)
    )
    found = newest(offices, kinds, narrowed, offset + limit)
    order = [found.c[n].desc() for n in ("on", "case_id", "seq", "kind", "key")]
    rows = tx.execute(
        sa.select(found, _C.number)
        .join(models.cases, _C.id == found.c.case_id)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    return [_line(r) for r in rows.mappings()], total or 0


def _line(row: Any) -> Line:
    what = row["reason"] or label(row["verb"])
    if row["kind"] == "warned":
        what = f"{title_of(row['key'])}：{row['reason']}"
    return Line(
        row["kind"], row["on"], row["office_id"], row["case_id"], row["number"], row["seq"],
        label(row["verb"]), row["person_id"], row["person"], what, row["excuse"],
    )  # fmt: skip


def _refused(
    tx: Connection, seen: Sight, asked: Asked, limit: int, offset: int
) -> tuple[list[Line], int]:
    where: list[Any] = [_R.office_id.in_(asked.offices(seen))]
    if asked.person:
        where.append(_R.person_id == asked.person)
    if asked.year:
        first, last = date(asked.year, 1, 1), date(asked.year + 1, 1, 1)
        where.append(_R.entered >= midnight(first))
        where.append(_R.entered < midnight(last))
    total = tx.scalar(sa.select(sa.func.count()).select_from(models.refusal).where(*where)) or 0
    rows = tx.execute(
        sa.select(models.refusal, _C.number.label("number"))
        .outerjoin(models.cases, _C.id == _R.case_id)
        .where(*where)
        .order_by(_R.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_refusal(r, seen) for r in rows.mappings()], total


def _refusal(row: Any, seen: Sight) -> Line:
    entered: datetime = beijing(row["entered"])
    bureau = seen.bureau(row["office_id"])
    person = bureau.office.person(row["person_id"]) if bureau else None
    reasons = [r.get("title") or r.get("reason", "") for r in json.loads(row["reasons"])]
    return Line(
        "refused", entered.date(), row["office_id"], row["case_id"], row["number"] or "", 0,
        label(row["verb"]), row["person_id"], person.name if person else row["person_id"],
        f"要办“{label(row['verb'])}”，没有办成", "；".join(reasons)[:500],
    )  # fmt: skip
