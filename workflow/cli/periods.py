"""期间 — until when the party and the office can still go on: 复议, suit, court; in words and for machines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policies.period import NoPeriod, Period
from states.terms import TERMS
from workflow.cli import layout


def lines(found: Iterable[Period | NoPeriod]) -> list[str]:
    """One line a period with its text and why it ends so; what a clock counts stands among the deadlines."""
    rows = [_row(p) for p in found if isinstance(p, NoPeriod) or p.id not in TERMS]
    return ["期间：", *layout.table(rows, "  ")] if rows else []


def _row(period: Period | NoPeriod) -> tuple[str, str, str]:
    if isinstance(period, NoPeriod):
        return period.label, "没有在计算", f"{period.why}{period.cite and f'（{period.cite}）'}"
    provisional = "（暂定）" if period.provisional else ""
    return period.label, f"至 {period.ends}{provisional}", f"{period.why}（{period.cite}）"


def as_dicts(found: Iterable[Period | NoPeriod]) -> list[dict[str, Any]]:
    """The same for machines; of a period that does not run only why."""
    return [
        {"id": p.id, "label": p.label, "ends": None, "why": p.why, "cite": p.cite}
        if isinstance(p, NoPeriod)
        else {
            "id": p.id,
            "label": p.label,
            "start": p.start.isoformat(),
            "span": str(p.span),
            "due": p.due.isoformat(),
            "rolled": p.rolled.isoformat(),
            "ends": p.ends.isoformat(),
            "provisional": p.provisional,
            "why": p.why,
            "cite": p.cite,
        }
        for p in found
    ]
