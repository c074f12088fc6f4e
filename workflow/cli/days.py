"""`fashen days` — counting, shown day by day."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from typing import Any

from policies.calendar import Counted, Span, count_hours
from workflow import holidays
from workflow.cli import layout
from workflow.cli.common import as_json, complain, say
from workflow.settings import load
from workflow.times import beijing, stamp

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def run(asked: argparse.Namespace) -> int:
    """Count a period from a day; the day itself never counts (民事诉讼法 85)."""
    calendar = holidays.calendar(load())
    try:
        span = Span.parse(asked.span)
        if span.unit == "h":
            _tell_hours(_moment(asked.start), span, json=asked.json)
            return 0
        counted = calendar.count(_day(asked.start), span)
    except (ValueError, OverflowError) as wrong:
        complain(
            f"fashen days：{str(wrong).rstrip('。')}。"
            "起算之日写成 2026-09-24，期限写成 +5wd、+15d、+6mo 或 +24h。"
        )
        return 2
    if asked.json:
        as_json(_as_dict(counted))
    else:
        _tell(counted)
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}”不是日期") from None


def _moment(text: str) -> datetime:
    try:
        return beijing(datetime.fromisoformat(text))
    except ValueError:
        raise ValueError(f"“{text}”不是时间，例如 2026-09-24T15:30") from None


def _as_dict(counted: Counted) -> dict[str, Any]:
    return {
        "start": counted.start.isoformat(),
        "span": str(counted.span),
        "due": counted.due.isoformat(),
        "rolled": counted.rolled.isoformat(),
        "provisional": counted.provisional,
        "calendar": counted.calendar.version,
        "counted": [
            {"date": d.date.isoformat(), "counts": d.counts, "why": d.why} for d in counted.counted
        ],
    }


def _tell(counted: Counted) -> None:
    say(f"{counted.start} 起 {counted.span.label}（起算之日不计入）")
    rows, n = [("日期", "星期", "计数", "说明")], 0
    for day in counted.counted:
        n += day.counts
        number = str(n) if counted.span.unit == "wd" else "计入"
        weekday = WEEKDAYS[day.date.weekday()]
        rows.append((str(day.date), weekday, number if day.counts else "不计", day.why))
    for line in layout.table(rows, "  "):
        say(line)
    rolled = f"，顺延至 {counted.rolled}" if counted.rolled != counted.due else ""
    say(f"届满：{counted.due}{rolled}")
    if counted.provisional:
        through = counted.calendar.published_through
        say(
            f"暂定：放假安排只公布到 {through} 年，以后的年份只按周末和法定节假日计算，没有调休；"
            "国务院公布后重新计算。"
        )


def _tell_hours(start: datetime, span: Span, *, json: bool) -> None:
    """Hours run by day and night and never roll: the two moments are all there is to show."""
    due = count_hours(start, span.n)
    ends = ((start, False, "起算之时"), (due, True, "届满之时"))
    if json:
        as_json(
            {
                "start": stamp(start),
                "span": str(span),
                "due": stamp(due),
                "rolled": stamp(due),
                "provisional": False,
                "counted": [
                    {"date": stamp(moment), "counts": counts, "why": why}
                    for moment, counts, why in ends
                ],
            }
        )
        return
    say(f"{stamp(start)} 起 {span.label}（昼夜连续计算，不顺延）")
    rows = [
        (stamp(moment), WEEKDAYS[moment.weekday()], "计入" if counts else "不计", why)
        for moment, counts, why in ends
    ]
    for line in layout.table(rows, "  "):
        say(line)
    say(f"届满：{stamp(due)}")
