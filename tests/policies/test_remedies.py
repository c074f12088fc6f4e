"""行政处罚法 59, 60, 75; 行政复议法 20, 23, 24; 行政诉讼法 45, 46 — remedies told, slips, more time.

Rules R122, R154, R167, R169, R170 and R171.
"""

import pytest

from policies import extension, rectification, remedies
from policies.decision import CONTENTS
from tests.policies.builders import (
    CALENDAR,
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    LAW,
    NEEDS_JUDGEMENT,
    OFFICE,
    a_decision,
    a_remedy,
    a_service,
    a_slip,
    an_extension,
    ask,
    changed,
    decided,
    facts,
    office_with_profile,
    on,
    on_spot,
    ready,
    served,
)

READY = ready()

# — the table —————————————————————————————————————————————————————————————————————————


def test_an_ordinary_decision_offers_both_and_one_on_the_spot_reconsideration_first():
    ordinary = remedies.remedy(OFFICE, LAW, on("2025-01-16"), on_spot=False)
    assert (ordinary.review, ordinary.suit, ordinary.review_first) == ("60d", "6mo", False)
    assert "60日" in ordinary.text
    assert "6个月" in ordinary.text
    spot = remedies.remedy(OFFICE, LAW, on("2025-01-16"), on_spot=True)
    assert (spot.review, spot.suit, spot.review_first) == ("60d", "15d", True)
    assert "6个月" not in spot.text
    assert "应当先" in spot.text


def test_a_decision_from_before_the_editions_that_are_held_has_its_clause_too():
    assert remedies.remedy(OFFICE, LAW, on("2022-03-01"), on_spot=False).review == "60d"


@pytest.mark.parametrize(
    "wrong",
    [
        {"review_body": "示例市人民政府"},
        {"court": "示例市中级人民法院"},
        {"review": "30d"},
        {"suit": "3mo"},
        {"review_first": True},
    ],
)
def test_a_clause_that_differs_from_the_table_in_any_point_is_refused_with_what_is_right(wrong):
    told = decided(decision=a_decision(READY, remedy=a_remedy(**wrong)))
    said = ask(remedies.remedy_told, facts(told))
    assert said.outcome is FAILS
    assert "应当是" in said.reason
    right = decided(decision=a_decision(READY, remedy=a_remedy()))
    assert ask(remedies.remedy_told, facts(right)).outcome is HOLDS


def test_the_ordinary_clause_on_a_decision_on_the_spot_is_the_wrong_one():
    case = on_spot()
    for spot, outcome in ((True, HOLDS), (False, FAILS)):
        told = remedies.remedy(OFFICE, LAW, on("2025-01-16"), on_spot=spot)
        given = facts(changed(case, decision=changed(case.decision, remedy=told)))
        assert ask(remedies.remedy_told, given).outcome is outcome


def test_a_decision_whose_clause_nobody_recorded_is_not_asked():
    assert ask(remedies.remedy_told, facts(decided())).outcome is DOES_NOT_APPLY


# — until when ————————————————————————————————————————————————————————————————————————


def test_the_windows_run_from_service_and_a_year_where_the_remedy_was_not_told():
    """R171 (行政复议法 20(3), 最高法行诉解释 64)."""
    told = remedies.windows(served(), LAW, CALENDAR)
    assert (told.review, told.suit) == (on("2025-03-21"), on("2025-07-21"))
    silent = decided(decision=a_decision(READY, contents=CONTENTS[:4]))
    untold = remedies.windows(changed(silent, services=(a_service(),)), LAW, CALENDAR)
    assert not untold.told
    assert (untold.review, untold.suit) == (on("2026-01-20"), on("2026-01-20"))


def test_before_service_no_window_runs_and_on_the_spot_suit_hangs_on_the_reconsideration():
    assert remedies.windows(decided(), LAW, CALENDAR) is None
    spot = remedies.windows(on_spot(), LAW, CALENDAR)
    assert (spot.told, spot.suit) == (True, None)


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


# — more time —————————————————————————————————————————————————————————————————————————


def extended(*extensions, at="2025-04-01", office=None):
    given = facts(ready(extensions=extensions), at=at, office=office or office_with_profile())
    return ask(extension.extension_allowed, given)


def test_without_a_rule_named_for_the_power_there_is_no_extension():
    assert extended(an_extension()).outcome is HOLDS
    said = extended(an_extension(), office=OFFICE)
    assert said.outcome is FAILS
    assert "第六十条" in said.reason


def test_time_is_extended_on_the_ninetieth_day_and_not_on_the_ninety_first():
    # Filed on 6 January; the ninetieth day is 6 April.
    assert extended(an_extension("2025-04-06"), at="2025-04-06").outcome is HOLDS
    assert extended(an_extension("2025-04-07"), at="2025-04-07").outcome is FAILS


def test_a_second_extension_is_discussed_by_the_heads():
    first = an_extension()
    assert extended(first, an_extension("2025-05-05"), at="2025-05-05").outcome is FAILS
    both = extended(first, an_extension("2025-05-05", discussed=True), at="2025-05-05")
    assert both.outcome is HOLDS


def test_only_what_was_lawfully_granted_lengthens_the_time():
    def days(*extensions):
        return extension.decision_span(ready(extensions=extensions), LAW, on("2025-04-01")).n

    assert days() == 90
    assert days(an_extension()) == 120
    assert days(an_extension(irregular=True)) == 90
