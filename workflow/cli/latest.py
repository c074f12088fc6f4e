"""The section “最迟日” of `fashen explain`: by when each remaining step must be taken."""

from __future__ import annotations

from datetime import date
from typing import Any

from policies.latest import Latest, LatestDay
from workflow.cli import layout

_STANDING = {"": "", "disputed": "已过从严的一日", "missed": "已过"}


def lines(latest: Latest | None, today: date) -> list[str]:
    """One line a step, the next one first; nothing where no ninety days run."""
    if latest is None:
        return []
    rolled = f"，顺延的算法至 {latest.rolled}" if latest.rolled != latest.due else ""
    provisional = "（暂定）" if latest.provisional else ""
    rows = [
        (str(day.strict), day.label, _standing(day, today), f"{day.why}{_others(day)}")
        for day in latest.days
    ]
    return [
        f"最迟日（从办案期限 {latest.due} 往前推{rolled}{provisional}）：",
        *layout.table(rows, "  "),
    ]


def as_dicts(latest: Latest | None) -> list[dict[str, Any]]:
    """The same for machines."""
    return [
        {
            "step": day.step,
            "label": day.label,
            "strict": day.strict.isoformat(),
            "rolled": day.rolled.isoformat(),
            "worked": day.worked.isoformat(),
            "why": day.why,
        }
        for day in (latest.days if latest else ())
    ]


def _standing(day: LatestDay, today: date) -> str:
    return _STANDING[day.standing(today)]


def _others(day: LatestDay) -> str:
    said = ""
    if day.worked != day.strict:
        said += f"；是休息日，前一个工作日 {day.worked}"
    if day.rolled != day.strict:
        said += f"；按顺延的算法 {day.rolled}"
    return said
