"""`fashen days` — counting, shown day by day."""

from __future__ import annotations

import argparse
from datetime import date, datetime

from policies.calendar import Calendar, Span, count_hours
from workflow.cli.common import as_json, complain, say
from workflow.times import beijing, stamp


def run(asked: argparse.Namespace) -> int:
    """Count a period from a day; the day itself never counts (民事诉讼法 85)."""
    try:
        span = Span.parse(asked.span)
        if span.unit == "h":
            return _hours(asked, span)
        counted = Calendar.published().count(_day(asked.start), span)
    except ValueError as wrong:
        complain(
            f"fashen days：{str(wrong).rstrip('。')}。"
            "起算之日写成 2026-09-24，期限写成 +5wd、+15d、+6mo 或 +24h。"
        )
        return 2
    if asked.json:
        as_json(
            {
                "start": counted.start.isoformat(),
                "span": str(counted.span),
                "due": counted.due.isoformat(),
                "rolled": counted.rolled.isoformat(),
                "provisional": counted.provisional,
                "counted": [
                    {"date": d.date.isoformat(), "counts": d.counts, "why": d.why}
                    for d in counted.counted
                ],
            }
        )
        return 0
    say(f"{counted.start} 起 {span.label}（起算之日不计入）")
    for day in counted.counted:
        say(f"  {day.date} {'计入' if day.counts else '不计'}　{day.why}")
    say(
        f"届满：{counted.due}"
        + (f"，顺延至 {counted.rolled}" if counted.rolled != counted.due else "")
    )
    if counted.provisional:
        say("暂定：涉及的年份还没有公布放假安排，公布后重新计算。")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}”不是日期") from None


def _hours(asked: argparse.Namespace, span: Span) -> int:
    try:
        start = beijing(datetime.fromisoformat(asked.start))
    except ValueError:
        raise ValueError(f"“{asked.start}”不是时间，例如 2026-09-24T15:30") from None
    due = stamp(count_hours(start, span.n))
    if asked.json:
        as_json(
            {
                "start": stamp(start),
                "span": str(span),
                "due": due,
                "rolled": due,
                "provisional": False,
                "counted": [],
            }
        )
    else:
        say(f"{stamp(start)} 起 {span.label}，届满：{due}")
    return 0
