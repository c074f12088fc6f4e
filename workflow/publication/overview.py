"""公示台账 — what waits at which step: to be chosen, to be reviewed, on its way, not taken by a platform, just out.

Read from the running clocks and the rows of the platforms, so that it costs what is under way and not what exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.casefile import CaseFile
from workflow import models, queries
from workflow.program import Bureau, Fashen
from workflow.queries import Deadline, Row
from workflow.times import beijing

_C, _D, _P = models.cases.c, models.deadline.c, models.publication.c

MOST = 200
"""Lines of one heading; an office has a handful."""

LOOKED_BACK = timedelta(days=366)
"""A correction is looked for among the cases that moved since."""

STATES = {
    "intent": "待报送",
    "sending": "正在报送",
    "unknown": "不知道收到没有",
    "pending": "等平台清单",
    "confirmed": "已有回执",
    "refused": "平台不收",
    "cancelled": "不再报送",
    "withdrawing": "正在下架",
    "withdrawn": "已下架",
}
"""State of a row of a platform → what people call it."""

WAITS = ("intent", "sending", "unknown", "pending", "withdrawing")


@dataclass(frozen=True, slots=True)
class Line:
    """One case at a step. `platform`, `state`, `error` and `tried_at` are of one that went out."""

    row: Row
    deadline: Deadline | None = None
    platform: str = ""
    version: int = 1
    state: str = ""
    error: str = ""
    receipt: str = ""
    tried_at: datetime | None = None

    @property
    def word(self) -> str:
        return STATES.get(self.state, self.state)


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that somebody has to do something about, and the last that came back."""

    unchosen: tuple[Line, ...]
    unreviewed: tuple[Line, ...]
    refused: tuple[Line, ...]
    waiting: tuple[Line, ...]
    settled: tuple[Line, ...]


def overview(fashen: Fashen, tx: Connection, bureau: Bureau) -> Overview:
    """The steps of one office's publications."""
    here = _under_way(fashen, tx, bureau)
    refused = sorted(_sent(fashen, tx, bureau, ("refused",)), key=_longest_first)
    waiting = sorted(_sent(fashen, tx, bureau, WAITS), key=_longest_first)
    return Overview(
        unchosen=tuple(line for line in here if line.row.case.publication is None),
        unreviewed=tuple(line for line in here if _unreviewed(line.row.case)),
        refused=tuple(refused),
        waiting=tuple(waiting),
        settled=tuple(_sent(fashen, tx, bureau, ("confirmed", "withdrawn"), 20)),
    )


def _unreviewed(case: CaseFile) -> bool:
    return bool(case.publication and case.publication.awaits_review)


def _longest_first(line: Line) -> tuple[bool, datetime | None]:
    return line.tried_at is not None, line.tried_at


def _under_way(fashen: Fashen, tx: Connection, bureau: Bureau) -> list[Line]:
    """Served cases whose publication clock runs, the first due first, and those that are being corrected."""
    office = bureau.office.office
    due = (
        sa.select(models.cases)
        .join(models.deadline, _D.case_id == _C.id)
        .where(_D.office_id == office, _D.state == "open", _D.clock == "publication")
        .where(_C.state != "decided")
        .order_by(_D.ends)
        .limit(MOST)
    )
    # What was published once is found by its notice: the board shows an older version than the case has.
    n = models.notice.c
    corrected = (
        sa.select(models.cases)
        .join(models.notice, n.case_id == _C.id)
        .where(
            n.office_id == office,
            n.state.in_(("shown", "withdrawn")),
            _C.moved_at >= fashen.now(tx) - LOOKED_BACK,
        )
        .where(_C.doc.contains('"corrections":[', autoescape=True))
        .limit(MOST)
    )
    found: dict[str, Row] = {}
    for statement in (due, corrected):
        for row in tx.execute(statement).mappings():
            found.setdefault(row["id"], queries.row_of(fashen, bureau, dict(row)))
    return [
        Line(row, next((d for d in row.deadlines if d.clock == "publication"), None))
        for row in found.values()
    ]


def _sent(
    fashen: Fashen, tx: Connection, bureau: Bureau, states: Sequence[str], most: int = MOST
) -> list[Line]:
    sent = (
        sa.select(
            models.cases,
            _P.platform,
            _P.version.label("sent_version"),
            _P.state.label("sent_state"),
            _P.error,
            _P.receipt,
            _P.tried_at,
        )
        .join(models.publication, _P.case_id == _C.id)
        .where(_P.office_id == bureau.office.office, _P.state.in_(states))
        .order_by(_P.intended_at.desc())
        .limit(most)
    )
    return [
        Line(
            queries.row_of(fashen, bureau, dict(row)),
            platform=row["platform"],
            version=row["sent_version"],
            state=row["sent_state"],
            error=row["error"] or "",
            receipt=row["receipt"] or "",
            tried_at=beijing(row["tried_at"]) if row["tried_at"] else None,
        )
        for row in tx.execute(sent).mappings()
    ]
