"""类案 — what the office's decided cases of the same 案由 came to, and what their reviewers said.

Amounts stand in a table of their own, written by the step that decides (and again by what later changes or
revokes a decision), so that the newest thousand of an item are read from one index however many cases
there are. What was recorded against the rules, or taken from a published text, is no precedent.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.casefile import CaseFile
from policies.office import Office, side_of
from workflow import models
from workflow.times import beijing

_P, _C = models.precedent.c, models.cases.c

MOST = 1000
"""Decisions that a band is made of, the newest: older ones were decided in other times."""

YEARS = 3

OPINIONS = 5


def remember(
    tx: Connection, office: str, case_id: str, case: CaseFile, was: CaseFile | None
) -> None:
    """Keep the case's row as its decision stands after a step; a step that does not touch it costs nothing."""
    before = (was.decision, was.remedies) if was else (None, ())
    if (case.decision, case.remedies) == before:
        return
    tx.execute(models.precedent.delete().where(_P.case_id == case_id))
    decision, party = case.decision, case.party
    if decision is None or party is None or not case.power or decision.irregular or case.silent:
        return
    tx.execute(
        models.precedent.insert(),
        {
            "case_id": case_id,
            "office_id": office,
            "power": case.power,
            "side": side_of(party.kind),
            "decided_on": decision.date,
            "fen": int(decision.fine * 100),
            "stands": not any(r.falls for r in case.remedies),
        },
    )


@dataclass(frozen=True, slots=True)
class Band:
    """The fines of past cases: how many, from where to where, and where the middle half lies.

    `without` were decided without a fine, `fallen` were changed or revoked; neither is in the amounts.
    """

    count: int
    low: Decimal
    first: Decimal
    median: Decimal
    third: Decimal
    high: Decimal
    without: int
    fallen: int
    since: date

    @property
    def known(self) -> bool:
        return self.count > 0


def band(
    tx: Connection, office: Office, case_id: str, case: CaseFile, today: date, years: int = YEARS
) -> Band | None:
    """What the same 案由 cost the same kind of party, also under the act that was repealed; None without 案由."""
    codes = same_item(office, case.power)
    if not codes or case.party is None:
        return None
    first = _years_back(today, years)
    rows = _newest(
        tx, office.office, codes, case, case_id, sa.select(_P.fen, _P.stands), MOST, first
    )
    return band_of([(Decimal(r.fen) / 100, r.stands) for r in rows], first)


def _newest(
    tx: Connection,
    office: str,
    codes: Sequence[str],
    case: CaseFile,
    without: str,
    wanted: sa.Select[Any],
    most: int,
    since: date = date.min,
) -> list[sa.Row[Any]]:
    """The newest decisions of these items and this kind of party; each item in the order of the index."""
    assert case.party is not None
    found: list[sa.Row[Any]] = []
    for code in codes:
        found += tx.execute(
            wanted.add_columns(_P.decided_on)
            .where(
                _P.office_id == office,
                _P.power == code,
                _P.side == side_of(case.party.kind),
                _P.decided_on >= since,
                _P.case_id != without,
            )
            .order_by(_P.decided_on.desc(), _P.fen.desc())
            .limit(most)
        ).all()
    return sorted(found, key=lambda r: r.decided_on, reverse=True)[:most]


def band_of(decided: Sequence[tuple[Decimal, bool]], since: date) -> Band:
    """The band of these fines; `stands` false leaves one out."""
    fines = sorted(fine for fine, stands in decided if stands and fine)
    first = median = third = Decimal(0)
    if len(fines) > 1:
        quarters = statistics.quantiles(fines, n=4, method="inclusive")
        first, median, third = (q.quantize(Decimal("0.01")) for q in quarters)
    elif fines:
        first = median = third = fines[0]
    return Band(
        count=len(fines),
        low=fines[0] if fines else Decimal(0),
        first=first,
        median=median,
        third=third,
        high=fines[-1] if fines else Decimal(0),
        without=sum(stands and not fine for fine, stands in decided),
        fallen=sum(not stands for _, stands in decided),
        since=since,
    )


def same_item(office: Office, code: str) -> list[str]:
    """The item, the one whose place it took, and the one that took its place: one 案由 under two laws."""
    power = office.power(code)
    if power is None:
        return []
    before = [power.predecessor] if power.predecessor else []
    return [code, *before, *(p.code for p in office.successors(code))]


def _years_back(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return date(day.year - years, 2, 28)


@dataclass(frozen=True, slots=True)
class Past:
    """A decided case of the same 案由 with what its reviewers said."""

    case_id: str
    number: str
    decided_on: date
    fine: Decimal
    stands: bool
    opinions: tuple[tuple[str, datetime, bool, str], ...]
    """Who, when, whether it passed, and the opinion."""


def past_opinions(tx: Connection, office: Office, case_id: str, case: CaseFile) -> tuple[Past, ...]:
    """The last few decided cases of the same 案由 in this office, newest first, with their opinions."""
    codes = same_item(office, case.power)
    if not codes or case.party is None:
        return ()
    wanted = sa.select(_P.case_id, _P.fen, _P.stands)
    rows = _newest(tx, office.office, codes, case, case_id, wanted, OPINIONS)
    held = {
        r.id: r
        for r in tx.execute(
            sa.select(_C.id, _C.number, _C.doc).where(_C.id.in_([r.case_id for r in rows]))
        )
    }
    return tuple(
        Past(
            case_id=row.case_id,
            number=held[row.case_id].number or row.case_id[:8],
            decided_on=row.decided_on,
            fine=Decimal(row.fen) / 100,
            stands=row.stands,
            opinions=tuple(
                (r.name, beijing(r.at), r.passed, r.opinion)
                for r in CaseFile.model_validate_json(held[row.case_id].doc).reviews
            ),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Record:
    """Another case of the same party."""

    case_id: str
    number: str
    title: str
    state: str
    opened_at: datetime


def party_record(
    tx: Connection, office: str, case_id: str, party_key: str, most: int = 20
) -> tuple[Record, ...]:
    """The party's other cases in this office, newest first; none while it has no number and no name."""
    if not party_key:
        return ()
    rows = tx.execute(
        sa.select(_C.id, _C.number, _C.title, _C.state, _C.opened_at)
        .where(_C.office_id == office, _C.party_key == party_key, _C.id != case_id)
        .order_by(_C.opened_at.desc())
        .limit(most)
    ).all()
    return tuple(
        Record(r.id, r.number or r.id[:8], r.title, r.state, beijing(r.opened_at)) for r in rows
    )
