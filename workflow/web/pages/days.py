"""逐日核对 — a running clock laid out as the calendar on the wall, each day counted both ways."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from fastapi import APIRouter
from starlette.responses import Response

from policies.calendar import ONE_DAY, Calendar, Span
from workflow import queries
from workflow.errors import NotFound
from workflow.queries import Deadline
from workflow.web.pages.countdown import countdown
from workflow.web.pages.looking import look
from workflow.web.pages.render import render
from workflow.web.pages.session import Signed

router = APIRouter()

MOST = 14
"""Months on one page; the few periods that are longer are cut, and the page says so."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the sheet; `natural` and `working` count from the day after the start, 0 outside the period."""

    date: date
    works: bool
    mark: str
    why: str
    natural: int
    working: int
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[Day | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Off:
    """Days in a row that the notice names alike."""

    name: str
    first: date
    last: date


def months(deadline: Deadline, calendar: Calendar, today: date) -> list[Month]:
    """The months from the start to the end, weeks beginning on Monday."""
    last = max(deadline.ends, deadline.rolled)
    days = {day.date: day for day in _days(deadline, calendar, today)}
    first, made = deadline.start.replace(day=1), []
    while first <= last:
        weeks = Weeks().monthdatescalendar(first.year, first.month)
        made.append(
            Month(
                first,
                tuple(
                    tuple(days.get(d) if d.month == first.month else None for d in w) for w in weeks
                ),
            )
        )
        first = (first + timedelta(days=31)).replace(day=1)
    return made


def _days(deadline: Deadline, calendar: Calendar, today: date) -> Iterator[Day]:
    last = max(deadline.ends, deadline.rolled)
    day, working = deadline.start.replace(day=1), 0
    while day <= last or day.month == last.month:
        works, inside = calendar.is_workday(day), deadline.start < day <= last
        working += works and inside
        why = calendar.why(day)
        yield Day(
            date=day,
            works=works,
            mark="班" if why == "调休上班" else "休" if not works and why != "周末" else "",
            why=why,
            natural=(day - deadline.start).days if inside else 0,
            working=working if works and inside else 0,
            said=tuple(word for word, on in _said(deadline, today) if on == day),
        )
        day += ONE_DAY


def _said(deadline: Deadline, today: date) -> tuple[tuple[str, date], ...]:
    rolled = deadline.due != deadline.rolled
    return (
        ("起算", deadline.start),
        ("今天", today),
        *([("原届满", deadline.due)] if rolled and deadline.ends != deadline.due else []),
        ("届满", deadline.ends),
    )


def offs(sheet: list[Month], start: date, end: date) -> list[Off]:
    """What the notice says of the days of the period: holidays, and the days that make up for them."""
    days = [d for m in sheet for w in m.weeks for d in w if d and d.mark and start <= d.date <= end]
    made = []
    for (name, _), run in groupby(
        enumerate(days), key=lambda p: (p[1].why, p[1].date - p[0] * ONE_DAY)
    ):
        found = [d for _, d in run]
        made.append(Off(name, found[0].date, found[-1].date))
    return made


@router.get("/cases/{case_id}/days")
def show_days(visit: Signed, case_id: str, clock: str = "") -> Response:
    """One running clock of a case, day by day, to be laid beside a calendar of paper."""
    visit = look(visit, case_id)
    view = queries.view_case(visit.fashen, visit.office.office, case_id, visit.person)
    running = sorted(view.row.deadlines, key=lambda d: (d.clock != "decision", d.ends))
    if not running:
        raise NotFound("本案现在没有进行中的期限，没有可以逐日核对的。")
    chosen = next((d for d in running if d.clock == clock), running[0])
    today, calendar = visit.now.date(), visit.fashen.calendar
    sheet = months(chosen, calendar, today)
    return render(
        "days.html",
        visit=visit,
        here="cases",
        row=view.row,
        clocks=[countdown(d, view.case, calendar, today) for d in running],
        chosen=chosen,
        count=countdown(chosen, view.case, calendar, today),
        span=Span.parse(chosen.span),
        months=sheet[:MOST],
        cut=len(sheet) - MOST,
        offs=offs(sheet, chosen.start, max(chosen.ends, chosen.rolled)),
        working=calendar.workdays_between(chosen.start, chosen.ends),
        through=calendar.published_through,
    )
