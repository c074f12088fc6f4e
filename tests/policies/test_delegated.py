"""行政处罚法 43, 57, 58, 64 — 委托人 and 受托人 count as one, and never as less than one."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import officers, publication, recusals, review_desk
from policies.core import Outcome, Policy
from policies.facts import Elsewhere, Facts
from policies.parts import Delegated
from tests.policies.builders import (
    FAILS,
    HOLDS,
    LAW,
    OFFICE,
    a_hearing,
    a_publication,
    a_recusal,
    a_scene,
    ask,
    changed,
    facts,
    ready,
)

PEOPLE = [p.id for p in OFFICE.people]
KEPT_APART: tuple[Policy, ...] = (
    officers.no_interest,
    officers.reviewer_not_officer,
    officers.head_not_officer,
    officers.chair_not_investigator,
    publication.second_person,
    recusals.not_ones_own,
)
"""Every question that looks at delegations; a test holds it to the register."""


def person(id: str):
    found = OFFICE.person(id)
    assert found is not None
    return found


def running(*pairs: tuple[str, str]) -> Elsewhere:
    return Elsewhere(delegated=pairs)


def acted(by: str, principal: str, verb: str = "submit_review") -> tuple[Delegated, ...]:
    return (Delegated(seq=9, verb=verb, by=by, principal=principal, delegation="d1"),)


def test_every_question_that_looks_at_delegations_is_asked_here():
    from policies.core import POLICIES

    assert {p.id for p in POLICIES.values() if "delegated" in p.gathers} == {
        p.id for p in KEPT_APART
    }


# — the reviewer ——————————————————————————————————————————————————————————————————————————


def test_whoever_signs_for_an_officer_of_the_case_does_not_review_it():
    said = ask(officers.reviewer_not_officer, facts(ready(), actor="shen"))
    assert said.outcome is HOLDS

    given = facts(ready(), actor="shen", elsewhere=running(("zhang", "shen")))
    said = ask(officers.reviewer_not_officer, given)
    assert said.outcome is FAILS
    assert "沈知远与张衡有委托关系，按一人计；张衡是本案承办人" in said.reason


def test_it_counts_in_both_directions():
    given = facts(ready(), actor="shen", elsewhere=running(("shen", "zhang")))
    assert ask(officers.reviewer_not_officer, given).outcome is FAILS


def test_it_goes_from_one_to_the_other_and_no_further():
    """wang delegates to an officer and to the reviewer: the two have nothing to do with each other."""
    given = facts(ready(), actor="shen", elsewhere=running(("wang", "zhang"), ("wang", "shen")))
    assert ask(officers.reviewer_not_officer, given).outcome is HOLDS


def test_whoever_stands_in_for_a_reviewer_must_not_have_investigated_himself():
    given = facts(ready(), actor="zhang", on_behalf_of=person("shen"))
    said = ask(officers.reviewer_not_officer, given)
    assert said.outcome is FAILS
    assert said.reason.startswith("张衡是本案承办人")


def test_who_once_acted_for_an_officer_in_this_case_stays_out_of_its_review_for_good():
    case = changed(ready(), delegated=acted("shen", "zhang"))
    assert ask(officers.reviewer_not_officer, facts(case, actor="shen")).outcome is FAILS
    case = changed(ready(), delegated=acted("shen", "wang"))
    assert ask(officers.reviewer_not_officer, facts(case, actor="shen")).outcome is HOLDS


def test_evidence_that_one_took_counts_for_the_other():
    case = ready(evidence=(a_scene(officers=("li", "wang")),))
    given = facts(case, actor="shen", elsewhere=running(("wang", "shen")))
    assert ask(officers.reviewer_not_officer, given).outcome is FAILS


def test_qualified_is_whoever_signs_not_whoever_is_away():
    given = facts(ready(), actor="counsel", on_behalf_of=person("shen"))
    assert ask(officers.reviewer_qualified, given).outcome is FAILS
    trained = person("counsel").model_copy(update={"qualification": person("shen").qualification})
    given = facts(ready(), actor=trained, on_behalf_of=person("shen"))
    assert ask(officers.reviewer_qualified, given).outcome is HOLDS


def test_who_stands_in_for_the_named_reviewer_is_the_one_who_was_named():
    case = changed(ready(), reviewer="shen")
    assert ask(review_desk.assigned, facts(case, actor="counsel")).outcome is FAILS
    given = facts(case, actor="counsel", on_behalf_of=person("shen"))
    assert ask(review_desk.assigned, given).outcome is HOLDS


# — the head, the chair, the one who publishes ————————————————————————————————————————————


def test_the_head_does_not_decide_what_his_delegate_investigated():
    given = facts(ready(), actor="head", elsewhere=running(("head", "zhang")))
    said = ask(officers.head_not_officer, given)
    assert said.outcome is FAILS
    assert "顾明与张衡有委托关系" in said.reason
    assert ask(officers.head_not_officer, facts(ready(), actor="head")).outcome is HOLDS


def test_who_must_stay_out_has_nobody_decide_for_him():
    case = changed(ready(), recusal_needed=("head",))
    assert ask(officers.no_interest, facts(case, actor="deputy")).outcome is HOLDS
    for step in (
        facts(case, actor="deputy", on_behalf_of=person("head")),
        facts(case, actor="deputy", elsewhere=running(("head", "deputy"))),
    ):
        said = ask(officers.no_interest, step)
        assert said.outcome is FAILS
        assert "陆承泽与顾明有委托关系" in said.reason


def test_a_hearing_is_not_led_by_whoever_signs_for_an_investigator():
    case = changed(ready(), hearing=a_hearing())
    assert ask(officers.chair_not_investigator, facts(case)).outcome is HOLDS
    given = facts(case, elsewhere=running(("li", "chair")))
    assert ask(officers.chair_not_investigator, given).outcome is FAILS


def test_two_who_publish_are_two():
    chose = changed(ready(), publication=a_publication(chosen_by="clerk"))
    assert ask(publication.second_person, facts(chose, actor="shen")).outcome is HOLDS
    given = facts(chose, actor="shen", elsewhere=running(("clerk", "shen")))
    assert ask(publication.second_person, given).outcome is FAILS
    # The clerk is back, and must not look over what was put together in the clerk's name.
    case = changed(
        ready(),
        publication=a_publication(chosen_by="wang"),
        delegated=acted("wang", "clerk", "choose_publication"),
    )
    assert ask(publication.second_person, facts(case, actor="clerk")).outcome is FAILS


def test_another_delegate_of_the_one_in_whose_name_it_was_chosen_is_no_second_person():
    case = changed(
        ready(),
        publication=a_publication(chosen_by="wang"),
        delegated=acted("wang", "clerk", "choose_publication"),
    )
    given = facts(case, actor="shen", elsewhere=running(("clerk", "shen")))
    assert ask(publication.second_person, given).outcome is FAILS


def test_whose_recusal_is_asked_for_does_not_have_his_delegate_decide_it():
    case = changed(ready(), recusals=(a_recusal(person="head"),))
    given = facts(case, actor="deputy", item="c1", elsewhere=running(("head", "deputy")))
    assert ask(recusals.not_ones_own, given).outcome is FAILS
    assert ask(recusals.not_ones_own, facts(case, actor="deputy", item="c1")).outcome is HOLDS


# — a delegation never lets pass what would not pass without it ————————————————————————————

someone = st.sampled_from(PEOPLE)
some = st.lists(someone, max_size=3, unique=True).map(tuple)
pairs = st.lists(st.tuples(someone, someone), max_size=3).map(tuple)


@st.composite
def steps(draw: st.DrawFn) -> Facts:
    """Anybody, for anybody, in a case in which anybody did anything."""
    case = ready(
        officers=draw(some),
        evidence=(a_scene(officers=draw(some)),),
        recusal_needed=draw(some),
        hearing=a_hearing(chair=draw(someone)),
        publication=a_publication(chosen_by=draw(someone)),
        recusals=(a_recusal(person=draw(someone)),),
        delegated=tuple(
            Delegated(seq=n, verb=verb, by=by, principal=principal, delegation="d1")
            for n, (by, principal) in enumerate(draw(pairs))
            for verb in [draw(st.sampled_from(["choose_publication", "submit_review"]))]
        ),
    )
    return facts(case, actor=draw(someone), item="c1", elsewhere=running(*draw(pairs)))


def lets_pass(policy: Policy, given: Facts) -> bool:
    return policy.asks(given, LAW).outcome is not Outcome.FAILS


@pytest.mark.parametrize("policy", KEPT_APART, ids=lambda p: p.id)
@given(step=steps(), principal=someone)
def test_no_delegation_widens_what_may_be_done(policy: Policy, step: Facts, principal: str):
    """What passes for one in another's name passes for either of them alone without any delegation."""
    whom = person(principal)
    if not lets_pass(policy, replace(step, on_behalf_of=whom)):
        return
    for actor, elsewhere in product((step.actor, whom), (step.elsewhere, Elsewhere())):
        alone = replace(step, actor=actor, elsewhere=elsewhere)
        assert lets_pass(policy, alone)
        assert lets_pass(policy, replace(alone, case=changed(step.case, delegated=())))
