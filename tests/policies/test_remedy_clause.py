"""行政处罚法 59, 60, 75; 行政复议法 20, 23, 24; 行政诉讼法 45, 46 — remedies told, and slips of the pen.

Rules R122, R167, R169 and R170.
"""

import pytest

from policies import rectification, remedy_clause
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    LAW,
    NEEDS_JUDGEMENT,
    OFFICE,
    a_decision,
    a_remedy_clause,
    a_slip,
    ask,
    changed,
    decided,
    facts,
    law,
    on,
    on_spot,
    ready,
    served,
)

READY = ready()

# — the table —————————————————————————————————————————————————————————————————————————


def test_an_ordinary_decision_offers_both_and_one_on_the_spot_reconsideration_first():
    ordinary = remedy_clause.remedy(OFFICE, LAW, on("2025-01-16"), on_spot=False)
    assert (ordinary.review, ordinary.suit, ordinary.review_first) == ("60d", "6mo", False)
    assert "60日" in ordinary.text
    assert "6个月" in ordinary.text
    spot = remedy_clause.remedy(OFFICE, LAW, on("2025-01-16"), on_spot=True)
    assert (spot.review, spot.suit, spot.review_first) == ("60d", "15d", True)
    assert "6个月" not in spot.text
    assert "应当先" in spot.text


def test_a_decision_from_before_the_editions_that_are_held_has_its_clause_too():
    """行政复议法 of 2023 holds from 2024 on, 行政诉讼法 of 2017 from 1 July of that year."""
    for day in ("2017-06-30", "2022-03-01"):
        for on_the_spot, suit in ((False, "6mo"), (True, "15d")):
            told = remedy_clause.remedy(OFFICE, LAW, on(day), on_spot=on_the_spot)
            assert (told.review, told.suit) == ("60d", suit)


def test_the_clause_tells_the_numbers_of_the_law_of_its_day():
    other = {"review.period": 30, "suit.period": 3, "suit.after_review": 10}
    ordinary, spot = (
        remedy_clause.remedy(OFFICE, law(other), on("2025-01-16"), on_spot=s) for s in (False, True)
    )
    assert (ordinary.review, ordinary.suit) == ("30d", "3mo")
    assert (spot.review, spot.suit) == ("30d", "10d")
    assert "自收到本决定书之日起30日内" in spot.text
    assert "自收到复议决定书之日起10日内" in spot.text


def test_against_a_sub_district_office_one_goes_to_the_government_of_its_district():
    """行政复议法 24(1)(三), R250: the office is an outpost of the district, not a lower government."""
    assert OFFICE.superior.review_body == OFFICE.superior.name == "示例区人民政府"
    for on_the_spot in (True, False):
        told = remedy_clause.remedy(OFFICE, LAW, on("2025-01-16"), on_spot=on_the_spot)
        assert told.review_body == "示例区人民政府"
        assert "向示例区人民政府申请行政复议" in told.text


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (
            {"review_body": "示例市人民政府"},
            "复议机关写的是“示例市人民政府”，应当是“示例区人民政府”。",
        ),
        (
            {"court": "某中级人民法院"},
            f"法院写的是“某中级人民法院”，应当是“{OFFICE.superior.court}”。",
        ),
        ({"review": "30d"}, "复议期限写的是30日，应当是60日。"),
        ({"suit": "3mo"}, "起诉期限写的是3个月，应当是6个月。"),
        ({"review_first": True}, "是否先行复议写的是先行复议，应当是自由选择。"),
        (
            {"review": "30d", "suit": "15d"},
            "复议期限写的是30日，应当是60日；起诉期限写的是15日，应当是6个月。",
        ),
    ],
)
def test_a_clause_that_differs_from_the_table_in_any_point_is_refused_with_what_is_right(
    wrong, reason
):
    told = decided(decision=a_decision(READY, remedy=a_remedy_clause(**wrong)))
    said = ask(remedy_clause.remedy_told, facts(told))
    assert said.outcome is FAILS
    assert said.reason == reason
    right = decided(decision=a_decision(READY, remedy=a_remedy_clause()))
    assert ask(remedy_clause.remedy_told, facts(right)).outcome is HOLDS


def test_the_ordinary_clause_on_a_decision_on_the_spot_is_the_wrong_one():
    case = on_spot()
    for spot, outcome in ((True, HOLDS), (False, FAILS)):
        told = remedy_clause.remedy(OFFICE, LAW, on("2025-01-16"), on_spot=spot)
        given = facts(changed(case, decision=changed(case.decision, remedy=told)))
        assert ask(remedy_clause.remedy_told, given).outcome is outcome


def test_a_decision_whose_clause_nobody_recorded_is_not_asked():
    assert ask(remedy_clause.remedy_told, facts(decided())).outcome is DOES_NOT_APPLY


# — slips of the pen ——————————————————————————————————————————————————————————————————


def corrected(what):
    decision = a_decision(READY, rectified=(a_slip(what),))
    return facts(served(decision=decision), was=served())


@pytest.mark.parametrize("what", rectification.CLERICAL)
def test_a_slip_is_put_right(what):
    assert ask(rectification.clerical_only, corrected(what)).outcome is HOLDS


@pytest.mark.parametrize("what", rectification.SUBSTANCE)
def test_what_was_decided_is_not_changed_as_a_slip(what):
    assert ask(rectification.clerical_only, corrected(what)).outcome is FAILS


def test_whether_a_date_is_a_slip_is_for_a_person_to_say():
    assert ask(rectification.clerical_only, corrected("日期")).outcome is NEEDS_JUDGEMENT


def test_another_step_does_not_ask_about_an_old_correction():
    case = served(decision=a_decision(READY, rectified=(a_slip("罚款数额"),)))
    assert ask(rectification.clerical_only, facts(case)).outcome is DOES_NOT_APPLY
