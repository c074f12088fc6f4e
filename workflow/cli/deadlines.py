"""`fashen deadlines` — the clocks that run, and with `--forecast` what will be told of them."""

from __future__ import annotations

import argparse
from itertools import groupby

from policies.calendar import Span
from policies.office import Person
from workflow import queries, upcoming
from workflow.cli import words
from workflow.cli.common import as_json, complain, office_of, opened, person_of, say, say_table
from workflow.cli.days import WEEKDAYS
from workflow.program import Fashen
from workflow.sweep import STAGE_WORDS


def run(asked: argparse.Namespace) -> int:
    """The clocks that run, the nearest first, or the stages that they reach in the days ahead."""
    if asked.forecast and asked.due_within:
        complain(
            "fashen deadlines：--forecast 和 --due-within 只写一个："
            "预告写 --forecast 14d，快要届满的写 --due-within 14d。"
        )
        return 2
    fashen = opened()
    office = office_of(fashen, asked.office)
    person = person_of(office, asked.person) if asked.person else None
    case = queries.find_case(fashen, office.office, asked.case) if asked.case else ""
    if asked.forecast:
        return _forecast(asked, fashen, office.office, case, person, asked.forecast)
    until = upcoming.last_day(fashen, asked.due_within) if asked.due_within else None
    rows = upcoming.running(fashen, office.office, case=case, person=person, until=until)
    if asked.json:
        as_json([r.as_dict() for r in rows])
        return 0
    say_table(
        [
            str(r.deadline.ends),
            words.left(r.deadline.left),
            STAGE_WORDS.get(r.deadline.stage, ""),
            r.what + ("（暂定）" if r.deadline.provisional else ""),
            r.name,
            r.party,
            "、".join(p.name for p in r.holders),
        ]
        for r in rows
    )
    if not rows:
        say(f"到 {until} 没有届满的期限。" if until else "没有正在计算的期限。")
    return 0


def _forecast(
    asked: argparse.Namespace,
    fashen: Fashen,
    office: str,
    case: str,
    person: Person | None,
    span: Span,
) -> int:
    until = upcoming.last_day(fashen, span)
    found = upcoming.forecast(fashen, office, until=until, case=case, person=person)
    if asked.json:
        as_json([a.as_dict() for a in found])
        return 0
    for day, ahead in groupby(found, key=lambda a: a.day):
        say(f"{day}（{WEEKDAYS[day.weekday()]}）")
        say_table(
            (
                [
                    a.word,
                    a.running.what,
                    a.running.name,
                    f"{a.running.deadline.ends} 届满"
                    + ("（暂定）" if a.running.deadline.provisional else ""),
                    "通知" + "、".join(p.name for p in a.hearers),
                ]
                for a in ahead
            ),
            "  ",
        )
    if not found:
        say(f"到 {until} 没有要提醒的期限。")
    return 0
