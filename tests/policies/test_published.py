"""What is told of a decision that others published: its latest day, an older law, and silence."""

import pytest

from policies import decision, evidence, hearing, notice
from policies.checklists import ISSUED_DECISION
from policies.core import POLICIES, Doubt, Outcome, evaluate
from tests.policies.builders import (
    FAILS,
    HOLDS,
    LAW,
    a_decision,
    a_filing,
    a_notice,
    a_proposal,
    an_act,
    an_inquiry,
    ask,
    changed,
    cite,
    facts,
    ready,
    silent,
)


def undated(date, **parts):
    """A published decision that was made on this day at the latest."""
    case = changed(ready(**parts), silent=True)
    return facts(changed(case, decision=a_decision(case, date=date, undated=True)), at=date)


# — the latest day that it can be ————————————————————————————————————————————————————————


def test_a_decision_that_is_in_time_at_the_latest_is_in_time_and_after_that_nobody_knows():
    ninetieth = {"filing": a_filing("2025-01-07")}
    assert ask(decision.within_time, undated("2025-04-07", **ninetieth)).outcome is HOLDS
    late = ask(decision.within_time, undated("2025-04-08", **ninetieth))
    assert late.doubt is Doubt.UNSTATED


@pytest.mark.parametrize("policy", [hearing.request_window_closed, notice.defence_window_closed])
def test_one_that_was_made_inside_a_window_at_the_latest_was_too_early(policy):
    told = {"notices": (a_notice(a_proposal(), "2025-01-08", defence_days=5),)}
    assert ask(policy, undated("2025-01-15", **told)).outcome is FAILS
    assert ask(policy, undated("2025-01-16", **told)).doubt is Doubt.UNSTATED


def test_evidence_of_after_the_latest_day_is_too_late_and_of_before_it_is_unknown():
    late = {"evidence": (an_inquiry("e1", taken_on="2025-01-17"), an_inquiry("e2"))}
    assert ask(evidence.before_decision, undated("2025-01-16", **late)).outcome is FAILS
    assert ask(evidence.before_decision, undated("2025-01-17", **late)).doubt is Doubt.UNSTATED


def test_a_step_of_after_the_latest_day_shows_that_the_date_cannot_be():
    late = {"filing": a_filing("2025-01-17")}
    assert ask(decision.date_follows_steps, undated("2025-01-16", **late)).outcome is FAILS
    assert ask(decision.date_follows_steps, undated("2025-01-17", **late)).doubt is Doubt.UNSTATED


def test_whether_the_law_had_changed_by_then_is_unknown_too():
    old = a_proposal(violated=(cite("NOISE", 63),), basis=(cite("NOISE", 81),))
    given = undated("2026-09-10", act=an_act("2026-07-01", "2026-07-01"), proposal=old)
    assert ask(decision.milder_compared, given).doubt is Doubt.UNSTATED


# — silence about amounts and evidence ———————————————————————————————————————————————————


def test_a_fine_whose_amount_is_not_told_is_unstated_and_one_of_an_open_file_is_none():
    bare = {"proposal": a_proposal(fine=0)}
    assert ask(decision.amount_in_range, facts(ready(silent=True, **bare))).doubt is Doubt.UNSTATED
    assert ask(decision.amount_in_range, facts(ready(**bare))).outcome is Outcome.DOES_NOT_APPLY


def test_a_text_that_lists_no_evidence_proves_nothing_and_breaches_nothing():
    none = {"evidence": (), "proposal": a_proposal(evidence=())}
    assert ask(evidence.elements_proved, facts(ready(silent=True, **none))).doubt is Doubt.UNSTATED
    assert ask(evidence.elements_proved, facts(ready(**none))).outcome is FAILS


# — a law of before the editions that we hold ——————————————————————————————————————————————


def answered(date, **parts):
    case = silent(proposal=a_proposal(), evidence=(an_inquiry("e2", taken_on="2016-02-07"),), **parts)  # fmt: skip
    given = facts(changed(case, decision=a_decision(case, date=date)), at="2026-11-22")
    return {f.policy.id: f.verdict for f in evaluate(ISSUED_DECISION, given, LAW).findings}


def test_a_decision_of_the_day_before_the_act_that_we_hold_is_not_judged_by_it():
    before, after = answered("2021-07-14"), answered("2021-07-15")
    assert before["duplicate.same_act"].doubt is Doubt.NO_LAW
    assert "2021-07-14 时的《行政处罚法》" in before["duplicate.same_act"].reason
    assert after["duplicate.same_act"].outcome is HOLDS
    for id, said in before.items():
        policy = POLICIES[id]
        assert said.outcome is not FAILS or policy.any_edition or not policy.cites, id


def test_what_the_text_is_silent_about_stays_unstated_whatever_the_law_was():
    assert answered("2018-07-09")["review.passed"].doubt is Doubt.UNSTATED


def test_an_inquiry_older_than_the_act_is_impossible_under_any_law():
    said = answered("2017-02-10", act=an_act("2017-02-06", "2017-02-06"))
    assert said["evidence.dates_possible"].outcome is FAILS


def test_an_open_file_is_always_judged_by_the_law_that_we_hold():
    case = ready()
    given = facts(changed(case, decision=a_decision(case, date="2021-07-14")), at="2021-07-14")
    (found,) = evaluate([POLICIES["duplicate.same_act"]], given, LAW).findings
    assert found.outcome is HOLDS
