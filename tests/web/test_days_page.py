"""逐日核对 — a period across 国庆 as the State Council's notice has it, and as a calendar of paper shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from policies.calendar import Calendar
from tests.builders import a_case, day, office_at, set_clock
from tests.web.visiting import Seat
from workflow.queries import Deadline
from workflow.web.app import make_app
from workflow.web.pages.days import Day, months, offs

CALENDAR = Calendar.published()


def a_deadline(start: date, span: str, due: date, rolled: date, ends: date) -> Deadline:
    return Deadline("decision", "办案", start, span, due, rolled, ends, False, 0, "")


def walked(deadline: Deadline) -> dict[date, Day]:
    sheet = months(deadline, CALENDAR, date(2026, 9, 1))
    return {d.date: d for month in sheet for week in month.weeks for d in week if d}


@pytest.fixture
def seat() -> Iterator[Seat]:
    fashen = office_at(now=day(2026, 8, 14))
    with TestClient(make_app(fashen)) as client:
        yield Seat(fashen, client)


def test_natural_days_count_through_the_holiday_and_working_days_only_what_is_worked():
    """国办发明电〔2025〕7号: off from 1 to 7 October 2026, worked on Sunday 20 September and Saturday 10 October."""
    ends = date(2026, 10, 14)
    days = walked(a_deadline(date(2026, 9, 18), "26d", ends, ends, ends))
    assert (days[date(2026, 9, 18)].natural, days[date(2026, 9, 18)].said) == (0, ("起算",))
    assert [days[date(2026, 9, n)].mark for n in (19, 20, 25, 28)] == ["", "班", "休", ""]
    assert [days[date(2026, 9, n)].working for n in (19, 20, 21)] == [0, 1, 2]
    assert [days[date(2026, 10, n)].mark for n in (1, 7, 8, 10, 11)] == ["休", "休", "", "班", ""]
    assert (days[date(2026, 10, 7)].natural, days[date(2026, 10, 7)].working) == (19, 0)
    assert (days[date(2026, 10, 10)].natural, days[date(2026, 10, 10)].working) == (22, 11)
    assert (days[ends].natural, days[ends].working, days[ends].said) == (26, 14, ("届满",))
    assert days[date(2026, 10, 15)].natural == 0


def test_an_end_that_rolls_off_the_holiday_shows_both_days():
    due, rolled = date(2026, 10, 3), date(2026, 10, 8)
    days = walked(a_deadline(date(2026, 9, 18), "15d", due, rolled, rolled))
    assert days[due].said == ("原届满",)
    assert days[rolled].said == ("届满",)


def test_the_notice_is_told_as_runs_of_days_within_the_period():
    ends = date(2026, 10, 9)
    deadline = a_deadline(date(2026, 9, 18), "21d", ends, ends, ends)
    found = offs(months(deadline, CALENDAR, ends), deadline.start, ends)
    assert [(o.name, o.first.day, o.last.day) for o in found] == [
        ("调休上班", 20, 20), ("中秋节", 25, 27), ("国庆节", 1, 7),
    ]  # fmt: skip


def test_the_page_is_one_press_from_the_case_and_agrees_with_it(seat: Seat):
    case = a_case(seat.fashen, "notified")
    set_clock(seat.fashen, day(2026, 9, 28))
    page = seat.page(f"/cases/{case}")
    assert f"/cases/{case}/days?clock=decision" in page
    told = seat.page(f"/cases/{case}/days?clock=decision")
    assert "2026-08-14（周五） 起算，2026-11-12（周四） 届满" in told
    assert "90 个自然日，其中 60 个工作日" in told
    assert re.search(r"第 </span>90<span class=\"fx-hide\"> 个自然日", told)
    party = seat.page(f"/cases/{case}/days?clock=hearing_request")
    assert re.search(r"</i>5<span class=\"fx-hide\"> 个工作日", party)


def test_a_case_without_a_clock_says_that_there_is_nothing_to_count(seat: Seat):
    over = a_case(seat.fashen, "not_filed")
    assert "没有进行中的期限" in seat.page(f"/cases/{over}/days", status=404)
    assert f"/cases/{over}/days" not in seat.page(f"/cases/{over}")
