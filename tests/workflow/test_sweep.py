"""The sweep: each alert on its day and once, each lapse on the day after the last window, on both databases."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import (
    DECISION_SAYS,
    OFFICERS,
    a_case,
    a_notice,
    a_proposal,
    day,
    document_of,
    office_at,
    row_of,
    set_clock,
    state_of,
    take,
    verbs_taken,
)
from workflow import models
from workflow.database import reading
from workflow.oracle import check_all
from workflow.program import Fashen
from workflow.sweep import Swept, sweep

START = day(2025, 1, 6)
"""A Monday. The ninety days then end on Sunday 6 April, the fifteen for checking on 21 January."""


@pytest.fixture
def fashen(database_url: str) -> Iterator[Fashen]:
    """The sample office on each of the two databases; whatever a test does, it must stay whole."""
    made = office_at(database_url, now=START)
    yield made
    faults = check_all(made)
    made.engine.dispose()
    assert faults == []


@pytest.fixture
def memory() -> Iterator[Fashen]:
    """The same in memory, for what does not depend on the database."""
    made = office_at(now=START)
    yield made
    faults = check_all(made)
    made.engine.dispose()
    assert faults == []


def swept(fashen: Fashen, year: int, month: int, date: int) -> list[str]:
    """The alerts that one sweep raises at eight o'clock of a day."""
    set_clock(fashen, day(year, month, date, 8))
    return [alert for _, alert in sweep(fashen).alerts]


def alerts(fashen: Fashen) -> list[dict[str, Any]]:
    """Every alert that stands in the outbox: to whom, which, and its text."""
    o = models.outbox.c
    with reading(fashen.engine) as tx:
        rows = tx.execute(sa.select(o.payload).where(o.kind == "alert").order_by(o.id)).scalars()
        return [json.loads(row) for row in rows]


def told(fashen: Fashen, alert: str) -> set[str]:
    return {a["to"] for a in alerts(fashen) if a["alert"] == alert}


def lapses(fashen: Fashen, case: str) -> int:
    return verbs_taken(fashen, case).count(("system", "lapse_windows"))


# — alerts on their days ——————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("after", "alert", "on"),
    [
        ("register_lead", "lead_check.yellow", (2025, 1, 18)),
        ("register_lead", "lead_check.red", (2025, 1, 22)),
        ("approve_filing", "decision.blue", (2025, 3, 7)),
        ("approve_filing", "decision.yellow", (2025, 3, 22)),
        ("submit_review", "legal_review.yellow", (2025, 1, 10)),
        ("submit_review", "legal_review.red", (2025, 1, 14)),
        (
            "decide",
            "service.yellow",
            (2025, 1, 21),
        ),  # decided on the 14th, to be served by the 23rd
        ("decide", "service.red", (2025, 1, 24)),
        ("decide", "publication.yellow", (2025, 1, 21)),
        ("decide", "publication.red", (2025, 1, 24)),
        # Served on the 14th: the fifteen days end in 春节 and roll to 5 February.
        ("serve_decision", "payment.yellow", (2025, 2, 3)),
        ("serve_decision", "payment.red", (2025, 2, 6)),
    ],
)
def test_an_alert_is_raised_on_its_day_and_not_on_the_day_before(memory, after, alert, on):
    a_case(memory, after=after)
    before = day(*on, 23, 59) - timedelta(days=1)
    set_clock(memory, before)
    assert alert not in [a for _, a in sweep(memory).alerts]
    set_clock(memory, day(*on, 0, 0))
    assert alert in [a for _, a in sweep(memory).alerts]


def test_a_report_of_a_decision_on_the_spot_has_its_alerts_too(memory):
    a_case(memory, after="decide_on_spot", procedure="summary")
    assert "summary_report.yellow" not in swept(memory, 2025, 1, 7)
    assert "summary_report.yellow" in swept(memory, 2025, 1, 8)
    assert "summary_report.red" not in swept(memory, 2025, 1, 9)
    assert "summary_report.red" in swept(memory, 2025, 1, 10)


def test_the_day_begins_at_midnight_in_beijing_and_not_in_greenwich(memory):
    a_case(memory, after="approve_filing")
    set_clock(memory, datetime.fromisoformat("2025-03-06T15:59:59+00:00"))
    assert sweep(memory).alerts == []
    set_clock(memory, datetime.fromisoformat("2025-03-06T16:00:00+00:00"))
    assert [a for _, a in sweep(memory).alerts] == ["decision.blue"]


# — each stage once ———————————————————————————————————————————————————————————————————


def test_however_often_it_is_swept_each_stage_is_raised_once(fashen):
    a_case(fashen, after="approve_filing")
    raised = []
    for n in range(-1, 3):
        for on in (day(2025, 3, 7), day(2025, 3, 22), day(2025, 4, 8)):
            set_clock(fashen, on + timedelta(days=n))
            raised += [a for _, a in sweep(fashen).alerts]
            raised += [a for _, a in sweep(fashen).alerts]
    assert sorted(raised) == ["decision.blue", "decision.red", "decision.yellow"]
    stood = [a["alert"] + a["to"] for a in alerts(fashen)]
    assert len(stood) == len(set(stood))


def test_a_clock_that_is_set_back_raises_nothing_again(fashen):
    a_case(fashen, after="approve_filing")
    assert swept(fashen, 2025, 3, 22) == ["decision.blue", "decision.yellow"]
    assert swept(fashen, 2025, 3, 7) == []
    assert swept(fashen, 2025, 3, 23) == []


def test_after_an_outage_every_stage_is_caught_up_once_and_in_order(fashen):
    a_case(fashen, after="approve_filing")
    assert swept(fashen, 2025, 6, 1) == ["decision.blue", "decision.yellow", "decision.red"]
    assert swept(fashen, 2025, 6, 2) == []
    assert told(fashen, "decision.red") == {"zhang", "li", "wang", "head", "inspector"}


def test_sweeps_from_several_threads_at_once_raise_each_alert_once(fashen):
    cases = [a_case(fashen, after="approve_filing", start=START) for _ in range(6)]
    set_clock(fashen, day(2025, 6, 1))
    results = at_once(fashen, 6)
    raised = sorted(a for r in results for a in r.alerts)
    wanted = [(c, f"decision.{s}") for c in cases for s in ("blue", "red", "yellow")]
    assert raised == sorted(wanted)
    stood = [(a["alert"], a["to"], a["text"]) for a in alerts(fashen)]
    assert len(stood) == len(set(stood)) == 6 * (2 + 3 + 5)


def test_several_threads_at_once_take_a_lapse_once(fashen):
    cases = [a_case(fashen, after="serve_notice", start=START) for _ in range(4)]
    set_clock(fashen, day(2025, 1, 14))
    results = at_once(fashen, 6)
    assert sorted(c for r in results for c, _ in r.lapsed) == sorted(cases)
    for case in cases:
        assert state_of(fashen, case) == "deciding"
        assert lapses(fashen, case) == 1


def at_once(fashen: Fashen, threads: int) -> list[Swept]:
    results: list[Swept] = []
    start = threading.Barrier(threads)

    def work() -> None:
        start.wait()
        results.append(sweep(fashen))

    running = [threading.Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert len(results) == threads
    return results


# — nothing after the clock stops ———————————————————————————————————————————————————————————


def test_a_decision_silences_the_ninety_days(fashen):
    case = a_case(fashen, "decided")
    assert set(document_of(fashen, case)["clocks"]) == {"service", "publication"}
    for month in range(2, 8):
        assert not [a for a in swept(fashen, 2025, month, 28) if a.startswith("decision")]


def test_a_case_that_is_paid_published_and_archived_is_never_heard_of_again(fashen):
    a_case(fashen, "archived")
    for year in (2025, 2026):
        assert swept(fashen, year, 12, 31) == []


def test_a_second_round_of_a_clock_is_raised_for_itself(memory):
    """Returned and sent again: the reviewer's days start anew, and so do their alerts."""
    case = a_case(memory, after="submit_review")
    assert swept(memory, 2025, 1, 14) == ["legal_review.yellow", "legal_review.red"]
    take(
        memory, "shen", "return_case", case, at=day(2025, 1, 14), opinion="补正", points=["补签名"]
    )
    take(memory, "zhang", "answer_point", case, no=1, answer="已补")
    take(memory, "zhang", "conclude", case, **a_proposal())
    take(memory, "zhang", "submit_to_unit", case)
    take(
        memory,
        "wang",
        "submit_review",
        case,
        materials=["调查终结报告", "拟处罚意见", "证据材料", "执法依据", "程序材料"],
    )
    assert swept(memory, 2025, 1, 19) == []
    assert swept(memory, 2025, 1, 22) == ["legal_review.yellow", "legal_review.red"]


# — who hears of it ———————————————————————————————————————————————————————————————————————


def test_yellow_goes_to_the_officers_and_their_head_and_red_to_the_inspector_too(fashen):
    a_case(fashen, after="approve_filing")
    swept(fashen, 2025, 4, 8)
    assert told(fashen, "decision.blue") == {"zhang", "li"}
    assert told(fashen, "decision.yellow") == {"zhang", "li", "wang"}
    assert told(fashen, "decision.red") == {"zhang", "li", "wang", "head", "inspector"}


def test_whoever_has_the_case_in_hand_hears_first(memory):
    a_case(memory, after="submit_review")
    swept(memory, 2025, 1, 14)
    assert told(memory, "legal_review.yellow") == {"shen", "wang"}
    assert told(memory, "legal_review.red") == {"shen", "wang", "head", "inspector"}


def test_a_lead_that_nobody_has_taken_up_is_the_unit_heads(memory):
    take(memory, "clerk", "register_lead", place="西杜庄村", text="有人举报")
    swept(memory, 2025, 1, 22)
    assert told(memory, "lead_check.yellow") == {"wang"}
    assert "inspector" in told(memory, "lead_check.red")


def test_an_alert_says_which_clock_of_which_case_ends_when_and_names_nobody(memory):
    a_case(memory, after="approve_filing")
    swept(memory, 2025, 4, 8)
    texts = {a["alert"]: a["text"] for a in alerts(memory)}
    assert (
        texts["decision.yellow"] == "黄牌：示街罚案〔2025〕001号的“办案”期限已于 2025-04-06 届满。"
    )
    assert "已于 2025-04-06 届满" in texts["decision.red"]
    assert not [t for t in texts.values() if "杜某" in t]


# — windows ———————————————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("served", "last"),
    [
        ((2025, 9, 26), (2025, 10, 10)),  # a worked Sunday, then 国庆 and 中秋
        ((2025, 9, 30), (2025, 10, 14)),  # over 国庆, and a worked Saturday after it
        ((2025, 1, 24), (2025, 2, 7)),  # a worked Sunday, then eight days of 春节
        ((2025, 1, 17), (2025, 1, 24)),
    ],
)
def test_the_windows_lapse_on_the_day_after_the_fifth_working_day(fashen, served, last):
    case = a_case(fashen, after="serve_notice", start=day(*served))
    set_clock(fashen, day(*last, 23, 59))
    assert sweep(fashen).lapsed == []
    assert state_of(fashen, case) == "notified"
    set_clock(fashen, day(*last, 0, 0) + timedelta(days=1))
    assert sweep(fashen).lapsed == [(case, "lapse_windows")]
    assert state_of(fashen, case) == "deciding"
    assert sweep(fashen).lapsed == []
    assert lapses(fashen, case) == 1
    assert document_of(fashen, case)["clocks"].keys() == {"decision"}


@pytest.mark.parametrize("days", [3, 8])
def test_no_window_lapses_while_another_is_open(memory, days):
    """Whichever is longer, the defence or the hearing, the case waits for it."""
    case = a_case(memory, "noticing")
    take(
        memory, "zhang", "serve_notice", case, at=day(2025, 1, 6, 10), **a_notice(defence_days=days)
    )
    last = {3: 13, 8: 16}[days]
    for n in range(7, last + 1):
        set_clock(memory, day(2025, 1, n, 23))
        assert sweep(memory).lapsed == [], n
    set_clock(memory, day(2025, 1, last + 1, 0))
    assert sweep(memory).lapsed == [(case, "lapse_windows")]


def test_a_hearing_that_was_asked_for_stops_the_windows(fashen):
    case = a_case(fashen, after="serve_notice")
    take(fashen, "clerk", "request_hearing", case, at=day(2025, 1, 10))
    for n in (13, 14, 15, 31):
        set_clock(fashen, day(2025, 1, n))
        assert sweep(fashen).lapsed == []
    assert state_of(fashen, case) == "hearing"


def test_an_irregular_notice_opens_no_window_that_could_lapse(memory):
    case = a_case(memory, "noticing")
    take(
        memory, "zhang", "serve_notice", case, at=day(2025, 1, 6, 10),
        irregular="只有一名执法人员送达", **a_notice(officers=["zhang"]),
    )  # fmt: skip
    assert set(document_of(memory, case)["clocks"]) == {"decision"}
    set_clock(memory, day(2025, 2, 20))
    assert sweep(memory).lapsed == []
    assert state_of(memory, case) == "notified"


def test_a_waived_defence_leaves_the_hearing_window_running(memory):
    case = a_case(memory, after="serve_notice")
    take(memory, "clerk", "record_waiver", case, at=day(2025, 1, 7), of="defence", proof="声明")
    set_clock(memory, day(2025, 1, 13, 23))
    assert sweep(memory).lapsed == []
    set_clock(memory, day(2025, 1, 14, 0))
    assert sweep(memory).lapsed == [(case, "lapse_windows")]


def test_a_missed_lapse_is_taken_when_the_sweep_comes_back(fashen):
    case = a_case(fashen, after="serve_notice")
    set_clock(fashen, day(2025, 2, 14))
    assert sweep(fashen).lapsed == [(case, "lapse_windows")]


# — what goes wrong in one case ————————————————————————————————————————————————————————————


def test_one_bad_case_does_not_stop_the_others(database_url, caplog):
    fashen = office_at(
        database_url, now=START
    )  # no check afterwards: this office is broken on purpose
    bad = a_case(fashen, after="approve_filing", start=START)
    good = a_case(fashen, after="approve_filing", start=START)
    lapsing = a_case(fashen, after="serve_notice", start=START)
    c = models.cases.c
    with fashen.engine.begin() as tx:
        tx.execute(models.cases.update().where(c.id == bad).values(doc='{"no": "case"}'))
    set_clock(fashen, day(2025, 3, 7))
    with caplog.at_level(logging.ERROR, logger="workflow.sweep"):
        done = sweep(fashen)
    assert (good, "decision.blue") in done.alerts
    assert done.lapsed == [(lapsing, "lapse_windows")]
    assert not [a for a in done.alerts if a[0] == bad]
    assert any(bad in r.getMessage() for r in caplog.records)
    with fashen.engine.begin() as tx:
        assert tx.scalar(sa.select(models.heartbeat.c.at).where(models.heartbeat.c.name == "sweep"))
    fashen.engine.dispose()


def test_many_bad_cases_do_not_crowd_out_a_good_one(memory):
    cases = [a_case(memory, after="register_lead", start=START) for _ in range(5)]
    good = a_case(memory, after="register_lead", start=START)
    whole = {case: row_of(memory, case)["doc"] for case in cases}
    put(memory, dict.fromkeys(cases, "nothing"))
    set_clock(memory, day(2025, 1, 18))
    assert sweep(memory).alerts == [(good, "lead_check.yellow")]
    put(memory, whole)
    assert sorted(sweep(memory).alerts) == sorted((c, "lead_check.yellow") for c in cases)


def put(fashen: Fashen, docs: dict[str, str]) -> None:
    c = models.cases.c
    with fashen.engine.begin() as tx:
        for case, doc in docs.items():
            tx.execute(models.cases.update().where(c.id == case).values(doc=doc))


# — dates nobody can be sure of yet ————————————————————————————————————————————————————————


def test_a_date_that_reaches_an_unpublished_year_is_marked_provisional(memory):
    set_clock(memory, day(2026, 11, 23))
    case = a_case(memory, after="approve_filing")
    assert document_of(memory, case)["clocks"]["decision"]["provisional"] is True
    set_clock(memory, day(2027, 2, 6))
    sweep(memory)
    texts = [a["text"] for a in alerts(memory) if a["alert"] == "decision.yellow"]
    assert texts
    assert all("（暂定，节假日安排尚未公布）" in t for t in texts)


def test_a_date_within_the_published_years_is_not(memory):
    a_case(memory, after="approve_filing")
    swept(memory, 2025, 4, 8)
    assert not [a for a in alerts(memory) if "暂定" in a["text"]]


# — what ends late, early, or after all ———————————————————————————————————————————————————


def test_between_the_strict_and_the_rolled_end_of_the_ninety_days_nobody_is_shown_red(memory):
    a_case(memory, after="approve_filing", start=day(2025, 7, 3))  # 1 October, rolled to 9 October
    assert "decision.red" not in swept(memory, 2025, 10, 9)
    assert "decision.red" in swept(memory, 2025, 10, 10)


def test_a_closed_case_has_no_open_payment(memory):
    case = a_case(memory, after="withhold_publication")
    take(
        memory,
        "head",
        "close",
        case,
        at=day(2025, 1, 20),
        how="其他",
        text="终结执行：公民死亡，无遗产",
    )
    assert state_of(memory, case) == "closed"
    assert "payment" not in document_of(memory, case)["clocks"]


def test_a_request_of_the_last_day_that_is_typed_in_after_the_lapse_is_still_a_request(memory):
    case = a_case(memory, after="serve_notice")
    set_clock(memory, day(2025, 1, 14, 0, 1))
    sweep(memory)
    assert state_of(memory, case) == "deciding"
    take(memory, "clerk", "request_hearing", case, at=day(2025, 1, 14), requested_on="2025-01-13")
    assert state_of(memory, case) == "hearing"


def test_the_decision_of_a_lapsed_case_is_made_like_any_other(memory):
    case = a_case(memory, after="serve_notice")
    set_clock(memory, day(2025, 1, 14))
    sweep(memory)
    take(
        memory,
        "head",
        "decide",
        case,
        at=day(2025, 1, 14, 10),
        number="决1",
        contents=DECISION_SAYS,
    )
    take(memory, "zhang", "serve_decision", case, receiver="本人", officers=OFFICERS)
    assert state_of(memory, case) == "in_effect"
