"""What is due, in whose hand, and what will be told of it — on both sides of each edge, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from policies.calendar import Span
from tests.builders import a_case, day, office_at, pass_days, sample_office, set_clock, take
from workflow import database, models, offices, upcoming
from workflow.program import Fashen
from workflow.sweep import sweep
from workflow.upcoming import forecast, last_day, running, window

START = day(2025, 1, 6)
"""A Monday. The ninety days then end on Sunday 6 April, the fifteen for checking on 21 January."""


@pytest.fixture
def fashen(database_url: str) -> Iterator[Fashen]:
    made = office_at(database_url, now=START)
    yield made
    made.engine.dispose()


@pytest.fixture
def memory() -> Fashen:
    return office_at(now=START)


def clocks(fashen: Fashen, by: str = "", **rest) -> list[tuple[str, str]]:
    person = sample_office().person(by) if by else None
    found = running(fashen, "sample", person=person, **rest)
    return [(r.deadline.clock, r.deadline.ends.isoformat()) for r in found]


def told(fashen: Fashen, until: date, by: str = "", **rest) -> list[tuple[str, str, str]]:
    person = sample_office().person(by) if by else None
    found = forecast(fashen, "sample", until=until, person=person, **rest)
    return [(a.day.isoformat(), a.stage, a.running.deadline.clock) for a in found]


# — how far ahead —————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("14", "2025-01-20"), ("14d", "2025-01-20"), (" 14d ", "2025-01-20"), ("0d", "2025-01-06"),
        ("5wd", "2025-01-13"), ("1mo", "2025-02-06"), ("366d", "2026-01-07"),
        ("12d", "2025-01-18"),  # a Saturday, which an end by number does not leave
    ],
)  # fmt: skip
def test_the_last_day_is_counted_from_today_by_the_offices_calendar(memory, text, last):
    assert last_day(memory, window(text)).isoformat() == last


def test_working_days_go_round_the_holidays(memory):
    set_clock(memory, day(2025, 9, 30))
    assert last_day(memory, window("5wd")) == date(2025, 10, 14)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "要写成 14d"), ("soon", "要写成 14d"), ("-3d", "5wd（工作日）"), ("24h", "要写成 14d"),
        ("5 wd", "要写成 14d"), ("１４", "要写成 14d"), ("367d", "最多往后看一年（366d）"),
        ("261wd", "最多往后看一年"), ("13mo", "最多往后看一年"), ("9999", "最多往后看一年"),
        ("99999", "要写成 14d"),
    ],
)  # fmt: skip
def test_a_window_that_cannot_be_read_says_what_to_write(text, said):
    with pytest.raises(ValueError, match=said):
        window(text)


# — what runs —————————————————————————————————————————————————————————————————————————————


def test_the_last_day_of_the_window_is_in_it_and_the_day_after_is_not(fashen):
    case = a_case(fashen, "investigating")
    assert clocks(fashen, until=date(2025, 4, 5)) == []
    assert clocks(fashen, until=date(2025, 4, 6)) == [("decision", "2025-04-06")]
    assert clocks(fashen, case=case) == [("decision", "2025-04-06")]
    assert clocks(fashen, case="another") == []


def test_what_is_over_and_still_runs_is_in_every_window(fashen):
    a_case(fashen, "investigating")
    set_clock(fashen, day(2025, 6, 1))
    found = running(fashen, "sample", until=last_day(fashen, Span(0, "d")))
    assert [(r.deadline.stage, r.deadline.left) for r in found] == [("red", -56)]


def test_a_clock_that_was_stopped_runs_no_more(fashen):
    case = a_case(fashen, "checking")
    assert clocks(fashen) == [("lead_check", "2025-01-21")]
    take(fashen, "head", "decline_filing", case, reason="情节轻微并及时改正，没有造成危害后果")
    assert clocks(fashen) == []


def test_officers_have_the_clocks_of_their_cases_and_nobody_elses(fashen):
    a_case(fashen, "investigating")
    assert clocks(fashen, "zhang") == clocks(fashen, "li") == [("decision", "2025-04-06")]
    for stranger in ("zhao", "wang", "shen", "head", "inspector", "admin"):
        assert clocks(fashen, stranger) == []


def test_a_clock_with_a_holder_is_theirs_who_have_the_role_and_not_the_officers(fashen):
    a_case(fashen, "under_review")
    assert clocks(fashen, "shen") == [("legal_review", "2025-01-13")]
    assert clocks(fashen, "zhang") == [("decision", "2025-04-06")]


def test_a_lead_that_nobody_has_taken_up_is_in_the_unit_heads_hand(fashen):
    take(fashen, "clerk", "register_lead", place="西杜庄村", text="有人举报")
    assert clocks(fashen, "wang") == [("lead_check", "2025-01-21")]
    assert clocks(fashen, "clerk") == []


def test_a_name_in_the_file_that_is_not_an_officers_gives_nothing(fashen):
    """The first look finds every case that names somebody; the second asks whether it is theirs."""
    case = take(fashen, "zhang", "register_lead", place="head", text="head").case
    assert clocks(fashen, "head") == []
    assert [r.case_id for r in running(fashen, "sample")] == [case]


def test_every_office_reads_its_own_clocks(fashen):
    neighbour = sample_office().model_copy(update={"office": "next", "name": "邻街道办事处"})
    offices.load(fashen, neighbour)
    case = a_case(fashen, "investigating")
    until = date(2026, 1, 1)
    assert running(fashen, "next") == running(fashen, "next", case=case) == []
    assert forecast(fashen, "next", until=until) == []
    assert forecast(fashen, "next", until=until, case=case) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda f: running(f, "sample"),
        lambda f: running(f, "sample", until=date(2025, 2, 1), person=sample_office().person("li")),
        lambda f: forecast(f, "sample", until=date(2025, 2, 1)),
    ],
)
def test_the_clocks_are_read_by_their_index(memory, ask):
    asked = []

    @sa.event.listens_for(memory.engine, "before_cursor_execute")
    def remember(connection, cursor, statement, parameters, context, executemany):
        if "FROM deadline" in statement:
            asked.append((statement, parameters))

    ask(memory)
    [(statement, parameters)] = asked
    with database.reading(memory.engine) as tx:
        plan = str(tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
    assert "SEARCH deadline USING INDEX ix_deadline_office_id_state_ends" in plan
    assert "SCAN" not in plan


def test_only_the_cases_of_what_is_due_are_opened(memory, monkeypatch):
    a_case(memory, "investigating")
    take(memory, "zhang", "register_lead", place="西杜庄村")
    opened = []
    whole = upcoming.CaseFile.model_validate_json
    monkeypatch.setattr(
        upcoming.CaseFile, "model_validate_json", lambda doc: opened.append(doc) or whole(doc)
    )
    assert clocks(memory, until=date(2025, 1, 31)) == [("lead_check", "2025-01-21")]
    assert len(opened) == 1


# — what will be told —————————————————————————————————————————————————————————————————————


def test_each_stage_stands_on_its_day_and_the_day_after_the_window_is_left_out(fashen):
    a_case(fashen, "investigating")
    blue, yellow = ("2025-03-07", "blue", "decision"), ("2025-03-22", "yellow", "decision")
    assert told(fashen, date(2025, 3, 6)) == []
    assert told(fashen, date(2025, 3, 7)) == [blue]
    assert told(fashen, date(2025, 3, 21)) == [blue]
    assert told(fashen, date(2025, 3, 22)) == [blue, yellow]


def test_red_waits_for_the_working_day_where_both_readings_live(fashen):
    a_case(fashen, "investigating")
    assert "red" not in {stage for _, stage, _ in told(fashen, date(2025, 4, 7))}
    assert told(fashen, date(2025, 4, 8))[-1] == ("2025-04-08", "red", "decision")


def test_what_was_told_is_not_foretold_and_what_the_sweep_has_yet_to_tell_stands_under_today(
    fashen,
):
    a_case(fashen, "investigating")
    set_clock(fashen, day(2025, 3, 10))
    assert told(fashen, date(2025, 3, 10)) == [("2025-03-10", "blue", "decision")]
    sweep(fashen)
    assert told(fashen, date(2025, 3, 24)) == [("2025-03-22", "yellow", "decision")]
    set_clock(fashen, day(2025, 4, 8))
    sweep(fashen)
    assert told(fashen, date(2026, 1, 1)) == []


def test_the_forecast_is_what_the_sweeps_then_tell(memory):
    """Ninety-five days of sweeps, and each alert on the day that was said on the first."""
    a_case(memory, "investigating")
    a_case(memory, "under_review")
    until = START.date() + timedelta(days=95)
    said = told(memory, until)
    seen = []
    for _ in range(95):
        set_clock(memory, memory.clock() + timedelta(days=1))
        for _, alert in sweep(memory).alerts:
            clock, _, stage = alert.partition(".")
            seen.append((memory.clock().date().isoformat(), stage, clock))
    assert sorted(said) == sorted(seen)
    assert len(said) == 8


def test_windows_lapse_together_and_are_foretold_for_the_day_after_the_last(fashen):
    a_case(fashen, after="serve_notice")
    assert told(fashen, date(2025, 1, 13)) == []
    assert {s for s in told(fashen, date(2025, 1, 14)) if s[1] == "lapse"} == {
        ("2025-01-14", "lapse", "hearing_request"),
        ("2025-01-14", "lapse", "statement_defence"),
    }


def test_the_shorter_window_waits_for_the_longer(memory):
    case = a_case(memory, after="serve_notice")
    d = models.deadline.c
    with memory.engine.begin() as tx:
        row = sa.and_(d.case_id == case, d.clock == "statement_defence")
        tx.execute(models.deadline.update().where(row).values(ends=date(2025, 1, 9)))
    assert told(memory, date(2025, 1, 13)) == []
    assert [when for when, _, _ in told(memory, date(2025, 1, 14))] == ["2025-01-14"] * 2


def test_a_forecast_says_who_hears_and_is_filtered_by_that(fashen):
    a_case(fashen, "investigating")
    found = forecast(fashen, "sample", until=date(2025, 4, 8))
    assert {a.stage: {p.id for p in a.hearers} for a in found} == {
        "blue": {"zhang", "li"},
        "yellow": {"zhang", "li", "wang"},
        "red": {"zhang", "li", "wang", "head", "inspector"},
    }
    assert [stage for _, stage, _ in told(fashen, date(2025, 4, 8), "inspector")] == ["red"]
    assert told(fashen, date(2025, 4, 8), "zhao") == []


def test_of_a_lapse_those_hear_who_are_told_of_it(memory):
    a_case(memory, after="serve_notice")
    lapses = [
        a for a in forecast(memory, "sample", until=date(2025, 1, 14)) if a.stage == "lapse"
    ]  # fmt: skip
    assert {p.id for a in lapses for p in a.hearers} == {"zhang", "li", "head"}
    pass_days(memory, 8)
    n = models.inbox.c
    with database.reading(memory.engine) as tx:
        told_then = tx.execute(sa.select(n.person_id).where(n.text.contains("期限已满"))).scalars()
        assert set(told_then) == {"zhang", "li", "head"}
