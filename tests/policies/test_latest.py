"""行政处罚法 art. 60 — the last safe day for every step, counted back from day 90.

The case was filed on Monday 6 January 2025: day 90 is Sunday 6 April, the end of the 清明 holiday, and the
working day after it the 7th. The office takes five working days for a review.
"""

from __future__ import annotations

import pytest

from policies.casefile import Clock
from policies.latest import latest_days
from states.case import ORDINARY
from tests.policies.builders import (
    CALENDAR,
    LAW,
    a_filing,
    a_hearing,
    a_notice,
    a_proposal,
    a_review,
    a_submission,
    a_waiver,
    changed,
    decided,
    law,
    moment,
    on,
    ready,
)

BARE = {"reviews": (), "notices": (), "submissions": ()}
INVESTIGATED = changed(ready(), **BARE)
TOLD = ready()
"""Noticed on 8 January, with the right to a hearing; the windows are open until the 15th."""


def back(case=INVESTIGATED, *, as_of="2025-01-10", hearing=True, book=LAW, **other):
    return latest_days(case, book, CALENDAR, as_of=on(as_of), hearing=hearing, **other)


def days(case=INVESTIGATED, **other):
    found = back(case, **other)
    assert found is not None
    return {d.step: str(d.strict) for d in found.days}


# — the whole way —————————————————————————————————————————————————————————————————————


def test_with_a_hearing_in_reckoning_the_whole_way_is_counted_back_from_day_90():
    assert list(days().items()) == [
        ("submit_review", "2025-03-04"),
        ("pass_review", "2025-03-11"),
        ("serve_notice", "2025-03-11"),
        ("arrange_hearing", "2025-03-18"),
        ("hold_hearing", "2025-03-27"),
        ("submit_final_review", "2025-03-27"),
        ("pass_final_review", "2025-04-06"),
        ("decide", "2025-04-06"),
    ]


def test_the_same_way_back_from_the_day_to_which_day_90_would_roll_is_shown_beside_it():
    found = back()
    assert (str(found.due), str(found.rolled)) == ("2025-04-06", "2025-04-07")
    assert [str(d.rolled) for d in found.days] == [
        "2025-03-05", "2025-03-12", "2025-03-12", "2025-03-19",
        "2025-03-30", "2025-03-30", "2025-04-07", "2025-04-07",
    ]  # fmt: skip


def test_each_day_is_the_last_one_that_reaches_the_next_in_time():
    found = {d.step: d.strict for d in back().days}
    for step, span, then in (
        ("submit_review", "legal_review.turnaround", "pass_review"),
        ("serve_notice", "hearing.request", "arrange_hearing"),
        ("arrange_hearing", "hearing.notice_before", "hold_hearing"),
        ("submit_final_review", "legal_review.turnaround", "pass_final_review"),
    ):
        length = LAW.on(on("2025-01-10"))[span].span
        assert CALENDAR.count(found[step], length).due <= found[then]
        one_later = CALENDAR.next_workday(found[step].replace(day=found[step].day + 1))
        assert CALENDAR.count(one_later, length).due > found[then]


def test_without_a_right_to_a_hearing_only_the_window_for_the_defence_lies_before_the_decision():
    assert list(days(hearing=False).items()) == [
        ("submit_review", "2025-03-20"),
        ("pass_review", "2025-03-27"),
        ("serve_notice", "2025-03-27"),
        ("decide", "2025-04-06"),
    ]


def test_the_decision_comes_on_the_day_after_the_window_and_not_on_its_last():
    served = on(days(hearing=False)["serve_notice"])
    window = LAW.on(served)["statement_defence.period"].span
    assert CALENDAR.count(served, window).due < on("2025-04-06")
    # With day 90 on Thursday 3 April the window has to be over on the 2nd.
    thursday = changed(INVESTIGATED, filing=a_filing("2025-01-03"))
    assert days(thursday, hearing=False)["serve_notice"] == "2025-03-26"


def test_an_office_that_reviews_only_before_the_decision_has_until_then():
    assert list(days(hearing=False, review_first=False).items()) == [
        ("submit_review", "2025-03-27"),
        ("serve_notice", "2025-03-27"),
        ("pass_review", "2025-04-06"),
        ("decide", "2025-04-06"),
    ]
    assert "pass_review" not in days(review_first=False)  # the review after the hearing is enough


def test_a_slower_reviewer_moves_every_step_before_him():
    slow = law({"legal_review.turnaround": 10})
    assert days(book=slow)["submit_final_review"] == "2025-03-20"
    assert days(book=slow)["serve_notice"] == "2025-03-04"


# — what remains ——————————————————————————————————————————————————————————————————————


def test_a_package_that_lies_with_the_reviewer_is_not_submitted_again():
    sent = changed(INVESTIGATED, submissions=(a_submission(),))
    assert "submit_review" not in days(sent)
    returned = changed(sent, reviews=(a_review(ready(), passed=False),))
    assert "submit_review" in days(returned)
    again = a_submission(at=moment("2025-01-09"))
    assert "submit_review" not in days(changed(returned, submissions=(a_submission(), again)))


def test_a_passed_review_leaves_the_notice_and_one_of_something_else_does_not():
    passed = changed(ready(), notices=())
    assert list(days(passed, hearing=False)) == ["serve_notice", "decide"]
    other = changed(passed, proposal=a_proposal(facts="另一件事"))
    assert "pass_review" in days(other, hearing=False)


def test_after_the_notice_a_hearing_is_reckoned_with_until_the_last_day_to_ask_for_one():
    assert "arrange_hearing" in days(TOLD, as_of="2025-01-15")
    assert list(days(TOLD, as_of="2025-01-16")) == ["decide"]


def test_who_waived_the_hearing_or_was_not_told_of_one_is_not_waited_for():
    waived = changed(TOLD, waivers=(a_waiver("hearing"),))
    untold = changed(TOLD, notices=(a_notice(TOLD.proposal, hearing_told=False),))
    assert list(days(waived)) == list(days(untold)) == ["decide"]
    assert "arrange_hearing" in days(changed(TOLD, waivers=(a_waiver("defence"),)))


def test_a_waiver_or_a_request_older_than_the_notice_was_about_another_one():
    for day, left in (("2025-01-07", True), ("2025-01-08", False)):
        waived = changed(TOLD, waivers=(a_waiver("hearing", day),))
        assert ("arrange_hearing" in days(waived)) is left
        asked = changed(TOLD, hearing=a_hearing(day))  # held long ago, or on this notice
        assert ("arrange_hearing" in days(asked)) is left


def test_a_hearing_asked_for_is_arranged_held_and_reviewed():
    asked = a_hearing(notified_on=None, held_on=None, record="", ended_as="", reported_on=None)
    assert list(days(changed(TOLD, hearing=asked), as_of="2025-02-10")) == [
        "arrange_hearing", "hold_hearing", "submit_final_review", "pass_final_review", "decide",
    ]  # fmt: skip
    told = a_hearing(record="", ended_as="", reported_on=None)
    assert list(days(changed(TOLD, hearing=told), as_of="2025-02-10"))[:1] == ["hold_hearing"]
    held = a_hearing(ended_as="", reported_on=None)  # the report is still to come
    assert list(days(changed(TOLD, hearing=held), as_of="2025-02-10"))[:1] == [
        "submit_final_review"
    ]


def test_after_the_hearing_the_second_review_remains_unless_the_party_stayed_away():
    held = changed(TOLD, hearing=a_hearing())
    assert list(days(held, as_of="2025-02-10")) == [
        "submit_final_review",
        "pass_final_review",
        "decide",
    ]
    again = changed(held, reviews=(a_review(held, "2025-02-08", after_hearing=True),))
    assert list(days(again, as_of="2025-02-10")) == ["decide"]
    absent = changed(TOLD, hearing=a_hearing(ended_as="party_absent"))
    assert list(days(absent, as_of="2025-02-10")) == ["decide"]


def test_changed_facts_need_a_new_notice_and_a_new_review_before_it():
    new = changed(TOLD, proposal=a_proposal(facts="另一件事"))
    assert list(days(new, as_of="2025-02-10"))[:3] == [
        "submit_review",
        "pass_review",
        "serve_notice",
    ]
    heavier, lighter = (changed(TOLD, proposal=a_proposal(fine=n)) for n in (1001, 999))
    assert "serve_notice" in days(heavier, as_of="2025-02-10")
    assert "serve_notice" not in days(lighter, as_of="2025-02-10")


def test_before_the_filing_and_after_the_decision_nothing_is_left_to_count():
    assert back(changed(INVESTIGATED, filing=None)) is None
    assert back(decided()) is None


# — the days themselves ———————————————————————————————————————————————————————————————


def test_a_last_day_that_is_a_day_off_names_the_working_day_before_it():
    decide = back().day("decide")
    assert (str(decide.strict), str(decide.worked)) == ("2025-04-06", "2025-04-03")
    notice = back().day("serve_notice")
    assert notice.worked == notice.strict


@pytest.mark.parametrize(
    ("today", "standing"),
    [("2025-04-06", ""), ("2025-04-07", "disputed"), ("2025-04-08", "missed")],
)
def test_between_both_readings_a_missed_day_is_disputed(today, standing):
    assert back().day("decide").standing(on(today)) == standing


def test_a_clock_that_stood_still_moves_the_whole_way():
    clock = Clock(
        start=on("2025-01-06"), span="90d", due=on("2025-04-16"), rolled=on("2025-04-16"),
        ends=on("2025-04-16"), provisional=False, calendar=CALENDAR.version,
    )  # fmt: skip
    moved = changed(INVESTIGATED, clocks={"decision": clock})
    assert days(moved)["decide"] == "2025-04-16"
    assert days(moved)["submit_review"] == "2025-03-16"  # a Sunday


def test_each_step_says_where_its_distance_comes_from():
    why = {d.step: d.why for d in back().days}
    assert "《行政处罚法》第六十四条第（二）项" in why["arrange_hearing"]
    assert "《行政处罚法》第六十四条第（一）项" in why["serve_notice"]
    assert "未确认" in why["submit_review"]
    assert why["hold_hearing"].startswith("当事人要求听证的话")


def test_every_step_is_a_move_of_the_flow_under_its_own_label():
    for day in (*back().days, *back(hearing=False, review_first=False).days):
        assert ORDINARY.verbs[day.step].label == day.label


def test_a_way_that_reaches_an_unpublished_year_is_provisional():
    late = changed(INVESTIGATED, filing=a_filing("2026-10-03"))  # day 90 is the 1st of January 2027
    assert back(late).provisional
    assert not back(changed(INVESTIGATED, filing=a_filing("2026-10-01"))).provisional


# — the reasons and the edges —————————————————————————————————————————————————————————————


def test_each_review_says_what_it_must_come_before():
    def why(step, **other):
        return back(**other).day(step).why

    assert why("pass_final_review") == "听证之后必须再次审核"
    assert why("pass_review") == "先审核，后告知（本机关规则）"
    assert why("pass_review", hearing=False, review_first=False) == "在决定之前"


def test_a_step_that_is_not_left_has_no_last_day():
    assert back(TOLD, as_of="2025-01-16").day("serve_notice") is None


def test_a_hearing_that_was_asked_for_is_no_longer_an_assumption():
    asked = a_hearing(notified_on=None, held_on=None, record="", ended_as="", reported_on=None)
    found = back(changed(TOLD, hearing=asked), as_of="2025-02-10")
    cite = LAW.on(on("2025-02-10"))["hearing.notice_before"].cite
    assert found.day("hold_hearing").why == "当日写出报告并再次送审"
    assert found.day("arrange_hearing").why == f"听证之前 7 个工作日（{cite}）通知"


def test_a_hearing_about_a_notice_that_no_longer_fits_is_not_waited_for():
    """What is proposed now was never told: the notice comes first, and a hearing may be asked for anew."""
    asked = a_hearing(notified_on=None, held_on=None, record="", ended_as="", reported_on=None)
    other = changed(TOLD, hearing=asked, proposal=a_proposal(facts="另一件事"))
    found = days(other, as_of="2025-02-10")
    assert {"serve_notice", "arrange_hearing"} <= set(found)
    assert found == days(changed(other, hearing=None), as_of="2025-02-10")
    assert "arrange_hearing" not in days(other, as_of="2025-02-10", hearing=False)


def test_where_both_windows_want_the_same_day_the_defence_is_told():
    """Seventeen working days before the decision are five before the hearing is arranged."""
    assert "要求听证" in back().day("serve_notice").why
    found = back(book=law({"statement_defence.period": 17})).day("serve_notice")
    assert found.strict == back().day("serve_notice").strict
    assert "陈述申辩" in found.why


def test_a_review_of_the_moment_of_the_submission_has_answered_it():
    at = moment("2025-01-08")
    case = changed(
        INVESTIGATED,
        submissions=(a_submission(at=at),),
        reviews=(a_review(ready(), at="2025-01-08 10:00", passed=False),),
    )
    assert "submit_review" in days(case)


def test_a_party_that_stayed_away_ends_the_hearing_before_the_report_is_written():
    absent = a_hearing(ended_as="party_absent", reported_on=None)
    assert list(days(changed(TOLD, hearing=absent), as_of="2025-02-10")) == ["decide"]
