"""期限 — what runs in my hand or in the whole office, what will be told of it, and the address of my calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from workflow import feed, tokens, upcoming
from workflow.sight import sees_all
from workflow.upcoming import Ahead, Running
from workflow.web.pages.countdown import CARDS, Countdown, countdown
from workflow.web.pages.render import render
from workflow.web.pages.session import Posted, Signed, Visit, text

router = APIRouter()

PAGE = 100
"""Clocks on one page."""


@dataclass(frozen=True, slots=True)
class Line:
    """A running clock as the list shows it."""

    running: Running
    count: Countdown


@router.get("/deadlines")
def show_deadlines(visit: Signed, whose: str = "mine", page: int = 1) -> Response:
    """The clocks in one's own hand, or with `whose=all` of the whole office; beside them the days ahead.

    Whoever does not see every case is shown their own.
    """
    person = None if whose == "all" and sees_all(visit.person) else visit.person
    page = min(max(page, 1), 10_000)
    office = visit.office.office
    found, total = upcoming.page(
        visit.fashen, office, person=person, limit=PAGE, offset=(page - 1) * PAGE
    )
    until = upcoming.last_day(visit.fashen, upcoming.AHEAD)
    token = tokens.calendar(visit.fashen, office, visit.person.id)
    return render(
        "deadlines.html",
        visit=visit,
        here="deadlines",
        whose="all" if person is None else "mine",
        sees_all=sees_all(visit.person),
        lines=_lines(visit, found),
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        days=_days(upcoming.forecast(visit.fashen, office, until=until, person=person)),
        until=until,
        cards=CARDS,
        calendar=feed.address(visit.fashen, token) if token else "",
    )


def _lines(visit: Visit, found: list[Running]) -> list[Line]:
    today = visit.now.date()
    return [
        Line(r, countdown(r.deadline, r.case, visit.fashen.calendar, today)) for r in found
    ]  # fmt: skip


def _days(found: list[Ahead]) -> list[tuple[date, list[Ahead]]]:
    return [(day, list(ahead)) for day, ahead in groupby(found, key=lambda a: a.day)]


@router.post("/deadlines/calendar")
def change_calendar(visit: Signed, form: Posted) -> Response:
    """A new address for one's own calendar, or none any more; the old one is dead at once."""
    office, person = visit.office.office, visit.person.id
    if text(form, "do") == "end":
        tokens.revoke(visit.fashen, office, person, tokens.CALENDAR)
    else:
        tokens.renew_calendar(visit.fashen, office, person)
    return RedirectResponse("/deadlines#calendar", status_code=303)
