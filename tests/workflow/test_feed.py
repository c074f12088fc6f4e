"""The calendar that leaves the office: read back by the package that others read it with."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import icalendar
import pytest

from tests.builders import a_case, day, office_at, sample_office, set_clock, take
from workflow import feed, models, offices, upcoming
from workflow.program import Fashen

START = day(2025, 1, 6)
"""A Monday. The ninety days then end on Sunday 6 April, the fifteen for checking on 21 January."""


@pytest.fixture
def fashen() -> Fashen:
    return office_at(now=START)


def written(fashen: Fashen, by: str = "zhang", office: str = "sample") -> bytes:
    person = sample_office().person(by)
    assert person is not None
    return feed.calendar(fashen, office, person)


def events(fashen: Fashen, by: str = "zhang") -> list[icalendar.Component]:
    return icalendar.Calendar.from_ical(written(fashen, by)).walk("VEVENT")


def test_an_event_stands_on_the_last_day_and_says_what_runs_out_of_which_case(fashen):
    case = a_case(fashen, "investigating")
    [event] = events(fashen)

    assert event["summary"] == "届满：办案 示街罚案〔2025〕001号"
    assert event["dtstart"].dt == date(2025, 4, 6)
    assert event["dtend"].dt == date(2025, 4, 7)
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["description"] == "要办：作出处罚决定等。\n没有办的，2025-04-08 起红牌。"
    assert event["url"] == f"http://127.0.0.1:8000/cases/{case}"
    assert (event["status"], event["transp"], event["class"]) == (
        "CONFIRMED", "TRANSPARENT", "PRIVATE",
    )  # fmt: skip
    assert event.walk("VALARM") == []


def test_its_stamps_are_the_cases_last_step_and_not_the_time_of_reading(fashen):
    a_case(fashen, "investigating")
    moved = fashen.clock().astimezone(UTC)
    before = written(fashen)
    set_clock(fashen, day(2025, 2, 1))

    [event] = events(fashen)
    assert event["dtstamp"].dt == event["last-modified"].dt == moved
    assert written(fashen) == before


def test_a_uid_stays_while_its_clock_runs_and_no_two_clocks_share_one(fashen):
    case = a_case(fashen, "under_review")
    [first] = events(fashen)
    take(fashen, "shen", "return_case", case, opinion="证据不足", points=["补充现场照片"])
    [again] = events(fashen)
    assert first["uid"] == again["uid"] == f"{case}/decision/8@sample.fashen"
    assert again["dtstamp"].dt >= first["dtstamp"].dt

    a_case(fashen, after="serve_notice")
    uids = [str(event["uid"]) for event in events(fashen)]
    assert len(uids) == len(set(uids)) == 4


def test_a_clock_that_stopped_leaves_the_calendar(fashen):
    case = a_case(fashen, "checking")
    assert [e["summary"] for e in events(fashen, "wang")] == [f"届满：核查 线索 {case[:8]}"]
    take(fashen, "head", "decline_filing", case, reason="情节轻微并及时改正，没有造成危害后果")
    assert events(fashen, "wang") == []


def test_a_window_of_the_party_is_waited_for(fashen):
    a_case(fashen, after="serve_notice")
    said = {str(e["summary"]): str(e["description"]) for e in events(fashen)}
    assert (
        said["届满：陈述申辩 示街罚案〔2025〕001号"] == "当事人可以行使权利的期间，届满以前等候。"
    )


def test_a_day_that_may_still_move_is_marked(fashen):
    set_clock(fashen, day(2026, 11, 2))
    a_case(fashen, "investigating")
    [event] = events(fashen)

    assert event["dtstart"].dt == date(2027, 1, 31)
    assert event["summary"] == "届满：办案 示街罚案〔2026〕001号（暂定）"
    assert event["status"] == "TENTATIVE"
    assert "放假安排尚未公布" in event["description"]


def test_nobody_is_named(fashen):
    a_case(fashen, "in_effect")
    a_case(fashen, "under_review")
    for by in ("zhang", "shen", "clerk", "wang", "head"):
        text = written(fashen, by).decode().replace("\r\n ", "")
        assert not [
            name for name in ("杜某", "西杜庄", "张衡", "李薇", "110105") if name in text
        ]  # fmt: skip


def test_whoever_has_nothing_in_hand_gets_an_empty_calendar(fashen):
    a_case(fashen, "investigating")
    told = written(fashen, "zhao")
    assert told.startswith(b"BEGIN:VCALENDAR\r\n")
    assert told.endswith(b"END:VCALENDAR\r\n")
    assert events(fashen, "zhao") == []


def test_the_neighbours_calendar_is_its_own(fashen):
    neighbour = sample_office().model_copy(update={"office": "next", "name": "邻街道办事处"})
    offices.load(fashen, neighbour)
    a_case(fashen, "investigating")
    assert b"VEVENT" not in written(fashen, office="next")


AWKWARD = '示街,罚;案〔2025〕\\001号: "甲"、乙；丙'


@pytest.mark.parametrize(
    "number", [AWKWARD, "示街综合行政执法罚案〔2025〕第〇〇一号" * 4, "A" * 80]
)
def test_what_is_written_is_read_back_whatever_stands_in_the_number(fashen, number):
    case = a_case(fashen, "investigating")
    c = models.cases.c
    with fashen.engine.begin() as tx:
        tx.execute(models.cases.update().where(c.id == case).values(number=number))

    [event] = events(fashen)
    assert event["summary"] == f"届满：办案 {number}"


def test_no_line_is_longer_than_75_octets_and_none_is_cut_inside_a_character(fashen):
    case = a_case(fashen, after="serve_notice")
    c = models.cases.c
    with fashen.engine.begin() as tx:
        tx.execute(
            models.cases.update().where(c.id == case).values(number="示街综合行政执法罚案" * 8)
        )
    told = written(fashen)

    assert told.count(b"\n") == told.count(b"\r\n")
    lines = told.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert [line for line in lines if line.startswith(b" ")]
    assert [line.decode() for line in lines]


@pytest.mark.parametrize(("of", "label"), [("seizure:m2", "查封扣押（m2）"), ("decision", "办案")])
def test_a_clock_of_a_thing_says_which_thing(fashen, of, label):
    case = a_case(fashen, "investigating")
    d = models.deadline.c
    with fashen.engine.begin() as tx:
        tx.execute(
            models.deadline.update().where(d.case_id == case, d.state == "open").values(clock=of)
        )
    [running] = upcoming.running(fashen, "sample")
    assert running.what == label
    [event] = events(fashen)
    assert event["summary"] == f"届满：{label} 示街罚案〔2025〕001号"
    assert event["uid"] == f"{case}/{of}/8@sample.fashen"


def test_the_last_day_of_an_overdue_clock_stays_where_it_is(fashen):
    a_case(fashen, "investigating")
    set_clock(fashen, START + timedelta(days=200))
    [event] = events(fashen)
    assert event["dtstart"].dt == date(2025, 4, 6)
