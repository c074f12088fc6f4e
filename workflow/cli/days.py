"""`fashen days` — counting, shown day by day."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime

from policies.calendar import Calendar, Span, count_hours
from workflow.cli.common import as_json, say
from workflow.times import BEIJING, stamp


def run(asked: argparse.Namespace) -> int:
    """Count a period from a day; the day itself never counts (民事诉讼法 85)."""
    try:
        span = Span.parse(asked.span)
        if span.unit == "h":
            return _hours(asked, span)
        counted = Calendar.published().count(date.fromisoformat(asked.start), span)
    except ValueError as wrong:
        print(
            f"fashen days：{wrong}。起算之日写成 2026-09-24，期限写成 +5wd、+15d、+6mo 或 +24h。",
            file=sys.stderr,
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


def _hours(asked: argparse.Namespace, span: Span) -> int:
    start = datetime.fromisoformat(asked.start)
    start = start if start.tzinfo else start.replace(tzinfo=BEIJING)
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
