"""补正: every rule that can stop a step leads to the moves that cure it, or says why none does."""

from __future__ import annotations

import pytest

from policies.core import POLICIES, Level
from states.case import CURRENT
from tests.builders import a_case, office_at, sample_office, take
from workflow import queries
from workflow.cures import CURES, NO_STEP, cures
from workflow.program import Fashen

VERBS = {verb for flow in CURRENT.values() for verb in flow.verbs}


def test_every_rule_that_can_stop_a_step_has_a_cure_or_says_why_none():
    stopping = {p.id for p in POLICIES.values() if p.level is not Level.NOTE and not p.needs_form}
    assert stopping <= set(CURES) | set(NO_STEP)
    assert not set(CURES) & set(NO_STEP)
    assert set(CURES) | set(NO_STEP) <= set(POLICIES)
    assert all(why.endswith("。") for why in NO_STEP.values())


@pytest.mark.parametrize("policy", sorted(CURES))
def test_a_cure_is_a_move_of_the_tables(policy: str):
    assert CURES[policy]
    assert set(CURES[policy]) <= VERBS


def to(fashen: Fashen, case: str, person: str, verb: str) -> list[tuple[str, str]]:
    """For each reason why this verb cannot be taken now, the steps that this person may take to cure it."""
    found = sample_office().person(person)
    assert found is not None
    view = queries.view_case(fashen, "sample", case, found)
    (choice,) = (c for c in view.choices if c.move.verb == verb)
    return [
        (f.policy.id, c.move.verb) for f in choice.reasons for c in cures(f, view.choices, verb)
    ]


def test_whoever_may_is_led_to_the_step_and_others_are_not():
    fashen = office_at()
    case = a_case(fashen, "deciding")
    take(fashen, "clerk", "record_statement", case, text="不是我烧的")
    assert ("defence.reply_given", "reply_statement") in to(fashen, case, "zhang", "decide")
    assert "reply_statement" not in [verb for _, verb in to(fashen, case, "head", "decide")]


def test_the_refused_step_itself_is_no_cure():
    fashen = office_at()
    case = a_case(fashen, "checking")
    assert all(verb != "propose_filing" for _, verb in to(fashen, case, "zhang", "propose_filing"))
