"""行政强制法 34, 35, 39, 40, 53-55, 69, 诉解 153, 156, 行政处罚法 66, 72, 73 — the demand and the court.

Rules R211, R212, R214, R215, R216, R217, R218, R219, R222 and R225. The decision is served on Monday
20 January 2025: to be paid until the fifteenth day, brought forward by the holiday to 5 February; the six
months to sue end on Monday 21 July (the 20th is a Sunday), the three months to ask the court on 21 October.
"""

import pytest

from policies import enforcement
from policies.casefile import Correction
from policies.checklists import CLOSING, COURT_APPLICATION, DEMAND, PERFORMANCE
from policies.core import Doubt, Level
from policies.enforcement import DEMAND as SAID
from policies.enforcement import PACKAGE
from tests.policies.builders import (
    DOES_NOT_APPLY,
    FAILS,
    HOLDS,
    NEEDS_JUDGEMENT,
    a_decision,
    a_deferral,
    a_measure,
    a_payment,
    a_remedy,
    a_revocation,
    an_enforcement,
    ask,
    changed,
    decided,
    facts,
    on,
    on_spot,
    served,
    silent,
)

UNCORRECTED = Correction(ordered_on=on("2025-01-06"), corrected=False)


def overdue(case=None, at="2025-02-06"):
    return ask(enforcement.overdue, facts(case or served(), at=at))


def with_kinds(*kinds, **other):
    return changed(served(), decision=a_decision(served(), kinds=kinds, **other))


# — what is overdue ———————————————————————————————————————————————————————————————————


def test_nobody_is_pressed_on_the_last_day_to_pay_and_everybody_may_be_on_the_next():
    assert overdue(at="2025-02-05").outcome is FAILS
    assert overdue(at="2025-02-05").day == on("2025-02-06")
    assert overdue(at="2025-02-06").outcome is HOLDS


def test_before_the_decision_is_served_nothing_is_due():
    assert overdue(decided()).outcome is FAILS
    said = overdue(silent())
    assert (said.outcome, said.doubt) == (NEEDS_JUDGEMENT, Doubt.UNSTATED)


def test_whoever_has_paid_in_time_is_not_pressed_and_a_yuan_too_little_is():
    assert overdue(served(payments=(a_payment(1000),))).outcome is FAILS
    assert overdue(served(payments=(a_payment(999),))).outcome is HOLDS


def test_the_addition_for_paying_late_is_owed_like_the_fine_where_it_was_announced():
    for told, outcome in ((True, HOLDS), (False, FAILS)):
        decision = a_decision(served(), late_penalty_told=told)
        late = served(decision=decision, payments=(a_payment(1000, "2025-02-07"),))
        assert overdue(late, at="2025-02-10").outcome is outcome


def test_an_order_to_correct_that_was_not_obeyed_is_overdue_by_itself():
    paid = {"payments": (a_payment(1000),)}
    assert overdue(served(correction=UNCORRECTED, **paid)).outcome is HOLDS
    done = changed(UNCORRECTED, corrected=True)
    assert overdue(served(correction=done, **paid)).outcome is FAILS


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("没收违法所得", NEEDS_JUDGEMENT), ("责令停产停业", NEEDS_JUDGEMENT), ("警告", FAILS), ("通报批评", FAILS)],
)  # fmt: skip
def test_whether_a_penalty_that_is_no_money_was_carried_out_a_person_says(kind, outcome):
    assert overdue(with_kinds(kind, fine=0)).outcome is outcome
    assert overdue(with_kinds("罚款", kind), at="2025-02-05").outcome is outcome
    assert overdue(with_kinds("罚款", kind)).outcome is HOLDS


def test_of_a_revoked_decision_nothing_is_due():
    fell = changed(with_kinds("罚款", "没收违法所得"), remedies=(a_revocation(),))
    assert overdue(fell, at="2025-06-01").outcome is FAILS
    pending = changed(fell, remedies=(a_revocation(final=False),))
    assert overdue(pending, at="2025-06-01").outcome is HOLDS


@pytest.mark.parametrize(("paid", "outcome"), [(400, FAILS), (399, HOLDS)])
def test_of_a_changed_decision_the_new_fine_is_due(paid, outcome):
    less = a_revocation(ended="changed", fine_after=400)
    case = served(remedies=(less,), payments=(a_payment(paid),))
    assert overdue(case, at="2025-06-01").outcome is outcome


def test_a_change_that_names_no_other_fine_leaves_it_as_it_was():
    assert enforcement.unpaid(served(remedies=(a_revocation(ended="changed"),))) == 1000
    assert enforcement.unpaid(served(remedies=(a_revocation(),))) == 0
    kept = a_revocation(fine_after=1000)  # 确认违法: unlawful, and still to be paid
    assert enforcement.unpaid(served(remedies=(kept,))) == 1000


def test_more_than_was_due_leaves_nothing_open():
    assert enforcement.unpaid(served(payments=(a_payment(1100),))) == 0
    assert enforcement.unpaid(decided(decision=None)) == 0


# — a plan ————————————————————————————————————————————————————————————————————————————

PLAN = a_deferral("2025-03-05", "2025-04-07")


@pytest.mark.parametrize(("at", "outcome"), [("2025-03-05", FAILS), ("2025-03-06", HOLDS)])
def test_the_first_instalment_that_is_missed_is_overdue_the_day_after_it(at, outcome):
    assert overdue(served(deferrals=(PLAN,)), at=at).outcome is outcome


@pytest.mark.parametrize(("at", "outcome"), [("2025-04-07", FAILS), ("2025-04-08", HOLDS)])
def test_whoever_keeps_to_the_plan_is_not_pressed_before_its_next_date(at, outcome):
    case = served(deferrals=(PLAN,), payments=(a_payment(500, "2025-03-03"),))
    assert overdue(case, at=at).outcome is outcome
    short = changed(case, payments=(a_payment(499, "2025-03-03"),))
    assert overdue(short, at="2025-03-06").outcome is HOLDS


def test_a_plan_that_was_refused_changes_no_date():
    refused = changed(PLAN, state="deferral.refused")
    assert overdue(served(deferrals=(refused,)), at="2025-02-06").outcome is HOLDS


# — the demand ————————————————————————————————————————————————————————————————————————


def demanded(policy, at="2025-09-01", case=None, **other):
    made = (case or served)(enforcements=(an_enforcement(**other),))
    return ask(policy, facts(made, at=at, item="x1"))


@pytest.mark.parametrize("left_out", SAID)
def test_the_demand_says_period_manner_amount_and_the_right_to_be_heard(left_out):
    assert demanded(enforcement.demand_complete).outcome is HOLDS
    part = tuple(said for said in SAID if said != left_out)
    told = demanded(enforcement.demand_complete, demand=part)
    assert told.outcome is FAILS
    assert left_out in told.reason
    text = demanded(enforcement.demand_complete, case=silent, demand=part)
    assert (text.outcome, text.doubt) == (NEEDS_JUDGEMENT, Doubt.UNSTATED)


@pytest.mark.parametrize(("at", "outcome"), [("2025-08-18", FAILS), ("2025-08-19", HOLDS)])
def test_the_court_is_asked_on_the_eleventh_working_day_after_the_demand(at, outcome):
    assert demanded(enforcement.demand_waited, at).outcome is outcome


def test_of_the_days_between_holidays_do_not_count_and_weekends_that_are_worked_do():
    """Eight days off from 1 October; Sunday 28 September and Saturday 11 October are worked."""
    for at, outcome in (("2025-10-13", FAILS), ("2025-10-14", HOLDS)):
        said = demanded(enforcement.demand_waited, at, demanded_on=on("2025-09-23"))
        assert said.outcome is outcome, said


def test_where_nothing_was_demanded_there_is_nothing_to_wait_for_or_to_hand_in():
    for policy in (enforcement.demand_complete, enforcement.demand_waited, enforcement.package):
        assert ask(policy, facts(served())).outcome is DOES_NOT_APPLY


# — the court —————————————————————————————————————————————————————————————————————————


def court(policy, at, case=None):
    return ask(policy, facts(case or served(), at=at))


@pytest.mark.parametrize(("at", "outcome"), [("2025-07-21", FAILS), ("2025-07-22", HOLDS)])
def test_the_court_is_asked_when_the_party_can_no_longer_sue(at, outcome):
    assert court(enforcement.window_open, at).outcome is outcome


def test_after_a_penalty_on_the_spot_the_sixty_days_of_the_review_are_what_counts():
    """Handed over on 16 January; the sixtieth day is Monday 17 March."""
    case = on_spot()
    assert court(enforcement.window_open, "2025-03-17", case).outcome is FAILS
    assert court(enforcement.window_open, "2025-03-18", case).outcome is HOLDS


def test_while_the_party_still_fights_the_court_is_not_asked():
    fighting = served(remedies=(a_remedy(),))
    assert court(enforcement.window_open, "2025-12-01", fighting).outcome is FAILS
    assert court(enforcement.window_open, "2025-12-01", decided()).outcome is FAILS
    said = court(enforcement.window_open, "2025-12-01", silent())
    assert (said.outcome, said.doubt) == (NEEDS_JUDGEMENT, Doubt.UNSTATED)


@pytest.mark.parametrize(("at", "outcome"), [("2025-03-18", FAILS), ("2025-03-19", HOLDS)])
def test_after_a_review_that_upheld_it_fifteen_days_to_sue_have_to_pass(at, outcome):
    """Settled or not: a review decision received on 3 March can be sued against until the 18th."""
    for final in (False, True):
        upheld = a_revocation(kind="review", ended="upheld", final=final)
        assert court(enforcement.window_open, at, served(remedies=(upheld,))).outcome is outcome


@pytest.mark.parametrize(
    ("appealed", "last"), [(False, "2025-06-18"), (True, "2025-06-03")], ids=["first", "second"]
)
def test_three_months_run_from_the_end_of_the_appeal_or_from_the_second_judgment(appealed, last):
    upheld = a_revocation(ended="upheld", appealed=appealed)
    case = served(remedies=(upheld,))
    assert court(enforcement.window_kept, last, case).outcome is HOLDS
    after = on(last).replace(day=on(last).day + 1).isoformat()
    assert court(enforcement.window_kept, after, case).outcome is FAILS


@pytest.mark.parametrize(("at", "outcome"), [("2025-10-21", HOLDS), ("2025-10-22", FAILS)])
def test_later_than_three_months_there_has_to_be_a_good_reason(at, outcome):
    assert court(enforcement.window_kept, at).outcome is outcome
    assert enforcement.window_kept.level is Level.WARN


@pytest.mark.parametrize(("at", "outcome"), [("2025-12-01", HOLDS), ("2025-12-02", FAILS)])
def test_with_a_plan_the_three_months_run_from_its_end_where_that_is_later(at, outcome):
    later = served(deferrals=(a_deferral("2025-09-01"),))
    assert court(enforcement.window_kept, at, later).outcome is outcome
    earlier = served(deferrals=(a_deferral("2025-03-03"),))
    assert court(enforcement.window_kept, "2025-10-22", earlier).outcome is FAILS


@pytest.mark.parametrize(("at", "outcome"), [("2027-03-03", HOLDS), ("2027-03-04", FAILS)])
def test_what_a_judgment_put_in_its_place_can_be_asked_for_for_two_years(at, outcome):
    judged = a_revocation(ended="changed", fine_after=400, appealed=True)
    assert court(enforcement.window_kept, at, served(remedies=(judged,))).outcome is outcome


def test_a_window_that_has_not_begun_is_not_missed():
    fighting = served(remedies=(a_remedy(),))
    for case in (fighting, decided()):
        assert court(enforcement.window_kept, "2026-12-01", case).outcome is DOES_NOT_APPLY


@pytest.mark.parametrize("left_out", PACKAGE)
def test_each_paper_of_the_package_goes_to_the_court(left_out):
    assert demanded(enforcement.package).outcome is HOLDS
    part = tuple(paper for paper in PACKAGE if paper != left_out)
    told = demanded(enforcement.package, package=part)
    assert told.outcome is FAILS
    assert left_out in told.reason
    text = demanded(enforcement.package, case=silent, package=part)
    assert (text.outcome, text.doubt) == (NEEDS_JUDGEMENT, Doubt.UNSTATED)


def test_what_was_paid_after_the_demand_is_not_asked_of_the_court():
    assert enforcement.overdue in COURT_APPLICATION
    assert enforcement.overdue in DEMAND


# — staying, closing ——————————————————————————————————————————————————————————————————


def test_a_remedy_does_not_stop_execution_and_a_decision_to_stay_does():
    def stayed(**how):
        return court(enforcement.not_stayed, "2025-03-10", served(remedies=(a_remedy(**how),)))

    stay = {"stayed_on": on("2025-02-20"), "stayed_by": "人民法院裁定"}
    assert stayed().outcome is HOLDS
    assert stayed(**stay).outcome is FAILS
    ended = {"ended": "upheld", "received": on("2025-03-03")}
    assert stayed(**stay, **ended).outcome is FAILS
    assert stayed(**stay, **ended, final=True).outcome is HOLDS
    for checklist in (DEMAND, COURT_APPLICATION, PERFORMANCE):
        assert enforcement.not_stayed in checklist


def test_a_case_is_not_closed_while_what_is_owed_is_being_enforced():
    assert demanded(enforcement.concluded).outcome is FAILS
    over = demanded(enforcement.concluded, ended_on=on("2025-08-20"))
    assert over.outcome is DOES_NOT_APPLY
    assert court(enforcement.concluded, "2025-09-01").outcome is DOES_NOT_APPLY
    assert enforcement.concluded in CLOSING


def test_what_was_paid_meanwhile_leaves_nothing_to_enforce_but_an_order_to_correct():
    paid = served(payments=(a_payment(1000),), enforcements=(an_enforcement(),))
    assert court(enforcement.concluded, "2025-09-01", paid).outcome is DOES_NOT_APPLY
    still = changed(paid, correction=UNCORRECTED)
    assert court(enforcement.concluded, "2025-09-01", still).outcome is FAILS


# — the findings, in full —————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(("told", "added"), [(True, "，加处罚款 30.00 元"), (False, "")])
def test_what_is_overdue_is_told_with_the_addition_where_one_was_announced(told, added):
    case = served(decision=a_decision(served(), late_penalty_told=told))
    assert overdue(case).reason == f"履行期限至 2025-02-05，罚款还差 1000 元{added}。"


def test_a_remedy_frees_its_days_from_the_addition():
    """Sued on 10 February: four days of lateness, whatever day it is; a seizure beside it changes nothing."""
    case = served(
        decision=a_decision(served(), late_penalty_told=True),
        remedies=(a_remedy(),),
        measures=(a_measure(),),
    )
    assert overdue(case, at="2025-03-03").reason == (
        "履行期限至 2025-02-05，罚款还差 1000 元，加处罚款 120.00 元。"
    )


@pytest.mark.parametrize(
    ("fell", "outcome"),
    [
        ({"ended": "changed", "fine_after": 400}, NEEDS_JUDGEMENT),  # changed, and not revoked
        ({"final": False}, HOLDS),  # revoked, but not for good
        ({}, FAILS),
    ],
)
def test_only_a_decision_that_was_revoked_for_good_leaves_no_confiscation_to_carry_out(
    fell, outcome
):
    case = changed(
        with_kinds("罚款", "没收违法所得"),
        remedies=(a_revocation(**fell),),
        payments=(a_payment(400),),
    )
    assert overdue(case, at="2025-06-01").outcome is outcome


def test_each_wait_names_the_first_day_on_which_it_is_over():
    assert demanded(enforcement.demand_waited, "2025-08-18").day == on("2025-08-19")
    assert court(enforcement.window_open, "2025-07-21").day == on("2025-07-22")


def test_whoever_is_late_for_the_court_is_answered_for_by_the_head():
    said = court(enforcement.window_kept, "2025-10-22")
    assert (said.remedy, said.by) == ("写明正当理由。", "顾明")
