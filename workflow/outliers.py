"""裁量畸轻畸重 — fines far from what the same offices mostly impose: a question for the supervisor, no finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import models
from workflow.sight import Sight
from workflow.supervising import Asked

_C, _F = models.cases.c, models.finding.c


@dataclass(frozen=True, slots=True)
class Outlier:
    """A fine far from what the same offices mostly impose for the same 案由; a question, not a finding."""

    case_id: str
    number: str
    office: str
    power: str
    on: date
    cents: int
    median: int
    among: int


FEWEST = 5
"""With fewer decisions of the same 案由 nothing can be called usual."""


def outliers(tx: Connection, seen: Sight, asked: Asked, times: int) -> list[Outlier]:
    """Decisions of the year whose fine is `times` the median of their 案由, or one part in so many of it."""
    offices = asked.offices(seen)
    mine = (_F.office_id.in_(offices), _F.kind == "decided", _F.cents.is_not(None), _F.cents > 0)
    spread: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for power, cents, n in tx.execute(
        sa.select(_F.key, _F.cents, sa.func.count()).where(*mine).group_by(_F.key, _F.cents)
    ):
        spread[power].append((cents, n))
    far: list[sa.ColumnElement[bool]] = []
    usual: dict[str, tuple[int, int]] = {}
    for power, found in spread.items():
        among, median = sum(n for _, n in found), _median(found)
        usual[power] = median, among
        if power and among >= FEWEST and times > 1:
            out = sa.or_(_F.cents >= median * times, _F.cents * times <= median)
            far.append(sa.and_(_F.key == power, out))
    if not far:
        return []
    year = [_F.on.between(date(asked.year, 1, 1), date(asked.year, 12, 31))] if asked.year else []
    rows = tx.execute(
        sa.select(_F.case_id, _F.office_id, _F.key, _F.on, _F.cents, _C.number)
        .join(models.cases, _C.id == _F.case_id)
        .where(*mine, *year, sa.or_(*far))
        .order_by(_F.on.desc(), _F.case_id)
        .limit(200)
    )
    return [
        Outlier(r.case_id, r.number, r.office_id, r.key, r.on, r.cents, *usual[r.key]) for r in rows
    ]


def _median(found: Iterable[tuple[int, int]]) -> int:
    """The lower median of amounts, each with how often it occurs."""
    ordered = sorted(found)
    half, passed = (sum(n for _, n in ordered) + 1) // 2, 0
    for amount, n in ordered:
        passed += n
        if passed >= half:
            return amount
    return 0
