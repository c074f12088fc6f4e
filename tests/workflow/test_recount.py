"""A notice of holidays is loaded: running clocks are counted by it, once, with an entry that says what moved."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from policies.calendar import Calendar, Notice, Span
from tests.builders import (
    a_case,
    day,
    document_of,
    entries_of,
    office_at,
    set_clock,
    take,
    verbs_taken,
)
from workflow import errors, models
from workflow.oracle import check_all
from workflow.program import Fashen
from workflow.sweep import sweep

START = day(2026, 12, 21)
"""A Monday: decided on the 29th, the seven working days for service and publication reach into 2027."""


def notice(*off: str, worked: tuple[str, ...] = ()) -> Notice:
    days = [{"date": d, "name": "元旦", "isOffDay": d not in worked} for d in (*off, *worked)]
    return Notice.from_json(json.dumps({"year": 2027, "days": days}))


LONGER = Calendar.published([notice("2027-01-01", "2027-01-04")])
"""The notice gives a bridge day that nobody could know."""
AS_EXPECTED = Calendar.published([notice("2027-01-01")])
SHORTER = Calendar.published([notice("2027-01-01", worked=("2027-01-02", "2027-01-03"))])

TERM, BACK = Span.parse("7wd"), Span.parse("-2wd")
"""How long service may take, and when its yellow card is shown."""


@pytest.fixture
def fashen(database_url: str) -> Iterator[Fashen]:
    made = office_at(database_url, now=START)
    yield made
    faults = check_all(made)
    made.engine.dispose()
    assert faults == []


def clock(fashen: Fashen, case: str, name: str = "service") -> dict[str, Any]:
    found: dict[str, Any] = document_of(fashen, case)["clocks"][name]
    return found


def recounts(fashen: Fashen, case: str) -> list[dict[str, Any]]:
    bodies = [json.loads(e.body) for e in entries_of(fashen, case)]
    return [b for b in bodies if b["verb"] == "recount_clocks"]


def test_a_provisional_clock_is_counted_anew_and_the_entry_says_what_moved(fashen):
    case = a_case(fashen, after="decide")
    before = clock(fashen, case)
    assert before["provisional"]

    fashen.calendar = LONGER
    assert sweep(fashen).recounted == [case]

    after = clock(fashen, case)
    assert (
        date.fromisoformat(after["due"])
        == LONGER.count(date.fromisoformat(before["start"]), TERM).due
    )
    assert after["due"] > before["due"]
    assert not after["provisional"]
    (entry,) = recounts(fashen, case)
    assert entry["by"]["id"] == "system"
    assert f"“送达”由 {before['ends']}（暂定） 改为 {after['ends']}" in entry["said"]


def test_it_is_done_once_however_often_it_is_swept(fashen):
    case = a_case(fashen, after="decide")
    fashen.calendar = LONGER
    assert [len(sweep(fashen).recounted) for _ in range(3)] == [1, 0, 0]
    assert len(recounts(fashen, case)) == 1


def test_two_sweeps_at_once_do_it_once(fashen):
    cases = [a_case(fashen, after="decide") for _ in range(3)]
    fashen.calendar = LONGER
    done: list[str] = []
    both = [threading.Thread(target=lambda: done.extend(sweep(fashen).recounted)) for _ in "ab"]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(done) == sorted(cases)
    assert [len(recounts(fashen, case)) for case in cases] == [1, 1, 1]


def test_dates_that_do_not_move_are_still_sure_from_then_on(fashen):
    case = a_case(fashen, after="decide")
    before = clock(fashen, case)
    fashen.calendar = AS_EXPECTED
    sweep(fashen)
    after = clock(fashen, case)
    assert (after["due"], after["provisional"]) == (before["due"], False)


def test_a_clock_that_never_reaches_the_new_year_is_noted_and_not_moved(fashen):
    set_clock(fashen, day(2026, 6, 1))
    case = a_case(fashen, after="decide")
    before = clock(fashen, case)
    fashen.calendar = LONGER
    sweep(fashen)
    assert clock(fashen, case) == before | {"calendar": LONGER.version}
    assert "没有变" in recounts(fashen, case)[0]["said"]


def test_a_stage_that_was_told_is_not_told_again_when_its_day_moves_on(fashen):
    case = a_case(fashen, after="decide")
    ends = date.fromisoformat(clock(fashen, case)["ends"])
    yellow = fashen.calendar.count(ends, BACK).due
    set_clock(fashen, day(yellow.year, yellow.month, yellow.day))
    assert (case, "service.yellow") in sweep(fashen).alerts

    fashen.calendar = LONGER
    later = [sweep(fashen).alerts for n in (8, 9) if not set_clock(fashen, day(2027, 1, n))]
    assert "service.yellow" not in [alert for found in later for _, alert in found]


def test_a_stage_whose_day_is_already_past_by_the_new_count_is_told_at_once(fashen):
    case = a_case(fashen, after="decide")
    ends = date.fromisoformat(clock(fashen, case)["ends"])
    was_yellow = fashen.calendar.count(ends, BACK).due
    now_yellow = SHORTER.count(
        SHORTER.count(date.fromisoformat(clock(fashen, case)["start"]), TERM).due, BACK
    ).due
    assert now_yellow < was_yellow
    set_clock(fashen, day(now_yellow.year, now_yellow.month, now_yellow.day))
    assert "service.yellow" not in [alert for _, alert in sweep(fashen).alerts]

    fashen.calendar = SHORTER
    assert "service.yellow" in [alert for _, alert in sweep(fashen).alerts]


def test_a_process_that_has_not_got_the_notice_takes_nothing_back(fashen):
    case = a_case(fashen, after="decide")
    old, fashen.calendar = fashen.calendar, LONGER
    sweep(fashen)
    fashen.calendar = old
    assert sweep(fashen).recounted == []
    assert len(recounts(fashen, case)) == 1


def test_a_notice_that_is_corrected_is_counted_by_again(fashen):
    case = a_case(fashen, after="decide")
    for calendar in (LONGER, AS_EXPECTED):
        fashen.calendar = calendar
        assert sweep(fashen).recounted == [case]
    assert len(recounts(fashen, case)) == 2


def test_two_processes_whose_notices_differ_do_not_go_on_for_ever(fashen):
    case = a_case(fashen, after="decide")
    for _ in range(4):
        for calendar in (LONGER, AS_EXPECTED):
            fashen.calendar = calendar
            sweep(fashen)
    assert len(recounts(fashen, case)) == 3  # first to the one, then once a day each way


def test_a_case_that_cannot_be_read_does_not_stop_the_others(fashen):
    bad, good = a_case(fashen, after="decide"), a_case(fashen, after="decide")
    c = models.cases.c
    with fashen.engine.begin() as tx:
        doc = tx.scalar(sa.select(c.doc).where(c.id == bad))
        tx.execute(models.cases.update().where(c.id == bad).values(doc="{"))
    fashen.calendar = LONGER
    assert sweep(fashen).recounted == [good]
    with fashen.engine.begin() as tx:
        tx.execute(models.cases.update().where(c.id == bad).values(doc=doc))
    assert sweep(fashen).recounted == [bad]


def test_nobody_else_can_order_it_and_there_must_be_something_to_count(fashen):
    case = a_case(fashen, after="decide")
    with pytest.raises(errors.NotYourMove):
        take(fashen, "head", "recount_clocks", case)
    with pytest.raises(errors.Malformed, match="没有可以重算的"):
        take(fashen, "system", "recount_clocks", case)
    assert ("system", "recount_clocks") not in verbs_taken(fashen, case)
